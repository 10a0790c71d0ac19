//! A double click on the program, on Windows: the forms of the folder that it lies in, in a browser.
//!
//! There a program that is double-clicked gets a window of its own, which closes when the program
//! ends; whoever has just unpacked it never types a command. Other systems open no window, and the
//! program without a command shows its help.

use std::ffi::OsString;
use std::io::{Write, stderr, stdin};
use std::path::{Path, PathBuf};

use super::{Status, prompt};
use crate::workspace::Whereabouts;

/// How a run begins.
#[derive(Debug, PartialEq, Eq)]
enum Beginning {
    /// With what is on the command line.
    CommandLine,
    /// With the forms in this folder.
    Forms(PathBuf),
    /// With the question where the forms are.
    Question,
}

/// The command line in place of one on which there is only the program's name, if it was
/// double-clicked.
pub(super) fn double_clicked(arguments: &[OsString]) -> Option<Vec<OsString>> {
    let program = std::env::current_exe().ok();
    let is_window = cfg!(windows) && prompt::is_possible();
    match beginning(is_window, arguments, Path::new("."), program.as_deref()) {
        Beginning::CommandLine => None,
        Beginning::Forms(folder) => Some(editing(&folder)),
        Beginning::Question => {
            let question =
                "把放表的文件夹（里面有 data）拖到这个窗口里，再按回车；不拖，直接按回车看用法";
            let folder = prompt::text(question, answered).ok().flatten();
            let help = || vec!["jixiao".into(), "help".into()];
            Some(folder.map_or_else(help, |it| editing(&it)))
        }
    }
}

/// Keeps the window open until what stands in it has been read. Forms that were filled in and
/// closed leave nothing to read.
pub(super) fn hold_window(arguments: &[OsString], status: Status) {
    let is_edit = arguments.last().is_some_and(|it| it == "edit");
    if !(is_edit && status == Status::Fine) {
        let _ = write!(stderr(), "\n按回车关闭窗口").and_then(|()| stderr().flush());
        let _ = stdin().read_line(&mut String::new());
    }
}

fn beginning(
    is_window: bool,
    arguments: &[OsString],
    here: &Path,
    program: Option<&Path>,
) -> Beginning {
    if !is_window || arguments.len() > 1 {
        return Beginning::CommandLine;
    }
    let beside = program.and_then(Path::parent);
    match [Some(here), beside].into_iter().flatten().find(|it| it.join("data").is_dir()) {
        Some(folder) => Beginning::Forms(folder.to_owned()),
        None => Beginning::Question,
    }
}

/// The folder that was dragged into the window, which puts quotes around a path with spaces; none
/// for an empty answer. Of a folder within a workspace, the workspace is meant.
fn answered(answer: &str) -> Result<Option<PathBuf>, String> {
    let answer = answer.trim_matches('"');
    let folder = PathBuf::from(answer);
    if answer.is_empty() {
        return Ok(None);
    }
    if !folder.is_dir() {
        return Err(format!("“{answer}”不是文件夹；再拖一次"));
    }
    if folder.join("data").is_dir() {
        return Ok(Some(folder));
    }
    Ok(Some(match Whereabouts::of(&folder) {
        Whereabouts::AroundData(up) | Whereabouts::Around(up) => up,
        Whereabouts::Below(_) | Whereabouts::Nowhere => folder,
    }))
}

fn editing(folder: &Path) -> Vec<OsString> {
    vec!["jixiao".into(), "-C".into(), folder.into(), "edit".into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("data/2023")).unwrap();
        folder
    }

    #[test]
    fn a_double_click_opens_the_forms_beside_the_program_or_asks() {
        let alone: Vec<OsString> = vec!["jixiao".into()];
        let (with_forms, without) = (workspace(), tempfile::tempdir().unwrap());
        let (forms, none) = (with_forms.path(), without.path());
        let (in_forms, elsewhere) = (forms.join("jixiao.exe"), none.join("jixiao.exe"));
        let begun = |here, program: &Path| beginning(true, &alone, here, Some(program));
        // Where the window is comes first: a shortcut can say so.
        assert_eq!(begun(forms, &elsewhere), Beginning::Forms(forms.to_owned()));
        assert_eq!(begun(none, &in_forms), Beginning::Forms(forms.to_owned()));
        assert_eq!(begun(none, &elsewhere), Beginning::Question);
        assert_eq!(beginning(true, &alone, none, None), Beginning::Question);
    }

    #[test]
    fn whoever_writes_a_command_or_has_no_window_is_not_asked() {
        let forms = workspace();
        let begun = |is_window, words: &[OsString]| beginning(is_window, words, forms.path(), None);
        assert_eq!(begun(false, &["jixiao".into()]), Beginning::CommandLine);
        assert_eq!(begun(true, &["jixiao".into(), "check".into()]), Beginning::CommandLine);
    }

    #[test]
    fn a_dragged_folder_is_understood_with_its_quotes_and_within_its_workspace() {
        let forms = workspace();
        let forms = forms.path();
        assert_eq!(answered(""), Ok(None));
        assert!(answered("没有这里").is_err_and(|it| it.contains("再拖一次")));
        let quoted = format!("\"{}\"", forms.display());
        assert_eq!(answered(&quoted), Ok(Some(forms.to_owned())));
        let inside = answered(&forms.join("data/2023").display().to_string());
        let found = inside.ok().flatten().and_then(|it| it.canonicalize().ok());
        assert_eq!(found, forms.canonicalize().ok());
    }
}

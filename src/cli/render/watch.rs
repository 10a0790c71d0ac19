//! `jixiao render --watch`: renders again whenever something that a render depends on is saved.
//!
//! The system tells of changes near to what matters; [`Inputs`] tell whether one of them matters.
//! So nothing is rendered for what is written beside, the output above all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use notify_debouncer_full::notify::{self, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};

use super::interrupt::Interrupt;
use super::{Arguments, render};
use crate::cli::Status;
use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::diagnostics::shown;
use crate::files::io_error;
use crate::files::location::resolved;
use crate::workspace::{CONFIG_FILE, Config, Workspace, file_name, is_year, visible_entries};

/// Editors save in several steps; what comes within this time is one save.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// Renders once, then after every change, until the process is stopped. Errors are shown and the
/// watch goes on.
pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let (sender, events) = mpsc::channel::<DebounceEventResult>();
    let mut watcher = new_debouncer(QUIET_TIME, None, sender).map_err(|error| failure(&error))?;
    let mut watched = BTreeMap::new();
    let mut is_first = true;
    loop {
        // All of them anew: a folder that was moved away and made again is another one.
        for folder in watched.keys() {
            let _ = watcher.unwatch(folder);
        }
        watched = Inputs::read(arguments, workspace).folders;
        for (folder, mode) in &watched {
            watcher.watch(folder, *mode).map_err(|error| failure(&error))?;
        }
        // Before the rendering: what is saved meanwhile is rendered afterwards.
        let inputs = Inputs::read(arguments, workspace);
        if let Err(failure) = render(arguments, workspace, console, Interrupt::none) {
            console.failure(&failure);
        }
        if std::mem::take(&mut is_first) {
            console.note("正在监视，保存文件后自动重印；按 Ctrl-C 结束");
        }
        loop {
            match events.recv() {
                // Reading is no change; the reading below would be told of, too.
                Ok(Ok(events)) if events.iter().all(|event| event.kind.is_access()) => continue,
                Ok(Ok(_)) => {}
                Ok(Err(errors)) => errors.iter().for_each(|it| console.failure(&failure(it))),
                Err(_) => return Ok(Status::Fine),
            }
            if Inputs::read(arguments, workspace).saved != inputs.saved {
                break;
            }
        }
    }
}

fn failure(error: &notify::Error) -> Failure {
    let help = "改用手工：每次保存以后运行 jixiao render";
    let path = error.paths.first().map(|path| format!(" {}", shown(path))).unwrap_or_default();
    let reason = match &error.kind {
        notify::ErrorKind::Io(error) => io_error::in_chinese(error),
        notify::ErrorKind::PathNotFound => "不存在".to_owned(),
        notify::ErrorKind::MaxFilesWatch => "要监视的文件夹太多，超过了系统的限制".to_owned(),
        _ => "系统不支持".to_owned(),
    };
    Failure::outside(format!("不能监视{path} 的变化：{reason}"), help)
}

/// What a render is made from.
#[derive(Debug, Default)]
struct Inputs {
    /// Each file and folder, a file with what changes when it is saved.
    saved: BTreeMap<PathBuf, Option<(u64, SystemTime)>>,
    /// The folders in which something happens when one of them is saved.
    folders: BTreeMap<PathBuf, RecursiveMode>,
    /// The folders that were looked into: links could lead back.
    seen: BTreeSet<PathBuf>,
    /// Where the output goes: no input, wherever that is.
    output: PathBuf,
}

impl Inputs {
    fn read(arguments: &Arguments, workspace: &Workspace) -> Self {
        let root = workspace.root();
        let output = arguments.output.clone().unwrap_or_else(|| root.join("output"));
        let mut inputs = Self { output: resolved(&output), ..Self::default() };
        // For the settings, which may not be there yet: a file alone could not be watched.
        inputs.folders.insert(root.to_owned(), RecursiveMode::NonRecursive);
        inputs.add_file(root.join(CONFIG_FILE));
        // What is wrong with the settings is the renderer's to tell.
        let config = Config::load(root).unwrap_or_default();
        let chosen = config.forms.choices.iter().filter_map(|choice| choice.folder(root));
        let fonts = config.fonts.folder.clone();
        let template = arguments.form.template.clone().into_iter().chain(chosen);
        for folder in [root.join("data")].into_iter().chain(template).chain(fonts) {
            inputs.add_folder(&folder);
            if folder.is_dir() {
                inputs.folders.insert(folder, RecursiveMode::Recursive);
            }
        }
        inputs
    }

    fn add_file(&mut self, path: PathBuf) {
        if path.is_symlink()
            && let Some(folder) = resolved(&path).parent().filter(|folder| folder.is_dir())
        {
            self.folders.entry(folder.to_owned()).or_insert(RecursiveMode::NonRecursive);
        }
        let saved = fs::metadata(&path).ok().and_then(|it| Some((it.len(), it.modified().ok()?)));
        self.saved.insert(path, saved);
    }

    /// Adds a folder with all that is in it. Its own time is left out: it changes with hidden files,
    /// too.
    fn add_folder(&mut self, folder: &Path) {
        if !self.seen.insert(resolved(folder)) {
            return;
        }
        self.saved.insert(folder.to_owned(), None);
        for path in visible_entries(folder).unwrap_or_default() {
            if self.is_output(&path) {
                continue;
            } else if path.is_dir() {
                self.add_folder(&path);
            } else {
                self.add_file(path);
            }
        }
    }

    /// Whether something in a folder is the output, or a folder that output is put into: that of
    /// a year.
    fn is_output(&self, path: &Path) -> bool {
        let is_named_so = path.file_name() == self.output.file_name();
        let is_named_as_year = file_name(path).is_some_and(is_year);
        (is_named_so && resolved(path) == self.output)
            || (is_named_as_year && resolved(path).parent() == Some(&self.output))
    }
}

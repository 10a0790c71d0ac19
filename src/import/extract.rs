//! The data a PDF carries (`jixiao render --embed-source`) → the files it was, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{EmbeddedFile, embedded_files};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::files::{atomic_file, io_error};

static NO_SOURCES: Rule = Rule {
    code: "E701",
    name: "没有附带数据",
    severity: Severity::Error,
    explanation: r#"看什么：extract 后面的文件是不是附带数据的 PDF。
为什么：只有印的时候加了 --embed-source，数据文件才在 PDF 里。
反例：从网上下载的公开稿，里面只有表。
正例：用 jixiao render --embed-source 印的内部留存稿。"#,
};
static BAD_SOURCE: Rule = Rule {
    code: "E702",
    name: "附带的数据不对",
    severity: Severity::Error,
    explanation: r#"看什么：PDF 里附带的文件名和内容能不能用。
为什么：来历不明的 PDF 可能带着写到别处去的文件名，取出来会覆盖别的文件。
反例：附带的文件名是 ../../合同.toml。
正例：附带的文件名是 2023/056-灵沙乡/部门.toml。"#,
};
static IN_THE_WAY: Rule = Rule {
    code: "E703",
    name: "已有文件",
    severity: Severity::Error,
    explanation: r#"看什么：要取出的文件，原处是不是已经有一个内容不同的。
为什么：现有的文件可能是改过的新数据，不能被旧数据盖掉；所以一个也不写。
反例：把去年的 PDF 取到正在修改的 data 文件夹里。
正例：用 -o 另写一个文件夹，取出来再比较。"#,
};
static NOT_EXTRACTED: Rule = Rule {
    code: "E704",
    name: "取不出文件",
    severity: Severity::Error,
    explanation: r#"看什么：取出的文件能不能写到 -o 指定的文件夹里。
为什么：写不出来，就没有取全。
反例：文件夹没有写的权限，或者磁盘已满。
正例：换一个能写的文件夹再取一次；已经取出的不用删。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&NO_SOURCES, &BAD_SOURCE, &IN_THE_WAY, &NOT_EXTRACTED];

/// A file that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it was there already, just the same.
    pub was_there: bool,
}

/// Takes the data out of a PDF and puts it below `folder`, under the paths it had within the
/// workspace's `data`.
///
/// # Errors
/// If the PDF cannot be read or carries no data; if a file would leave the folder or take the
/// place of another one. Nothing is written then.
pub fn extract(pdf: &Path, folder: &Path) -> Result<Vec<Extracted>, Vec<Finding>> {
    let sources = sources(pdf)?;
    let mut findings = Vec::new();
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for source in sources {
        match (below(folder, &source.path), source.content) {
            (Some(path), Some(content)) => {
                if files.get(&path).is_some_and(|other| *other != content) {
                    let message = format!("里面有两个不同的“{}”", source.path);
                    findings.push(Finding::about(&BAD_SOURCE, pdf, message));
                }
                files.insert(path, content);
            }
            (None, _) => {
                let message = format!("附带的文件名“{}”不能用：它会写到别处去", source.path);
                findings.push(
                    Finding::about(&BAD_SOURCE, pdf, message)
                        .help("这不是 jixiao 写的 PDF，先问清它的来历"),
                );
            }
            (_, None) => {
                let message = format!("附带的文件“{}”损坏了", source.path);
                findings.push(Finding::about(&BAD_SOURCE, pdf, message));
            }
        }
    }
    let mut extracted = Vec::new();
    for (path, content) in &files {
        match is_there(path, content) {
            Ok(was_there) => extracted.push(Extracted { path: path.clone(), was_there }),
            Err(message) => findings.push(
                Finding::about(&IN_THE_WAY, path, message).help("用 -o 换一个文件夹，取出来再比较"),
            ),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    for file in extracted.iter().filter(|file| !file.was_there) {
        let content = files.get(&file.path).map_or(&[][..], Vec::as_slice);
        atomic_file::create(&file.path, content)
            .map_err(|error| vec![unwritable(&file.path, &error)])?;
    }
    Ok(extracted)
}

/// The files a PDF says it was made from.
fn sources(path: &Path) -> Result<Vec<EmbeddedFile>, Vec<Finding>> {
    let bytes = fs::read(path).map_err(|error| {
        let message = format!("读不出这个文件：{}", io_error::in_chinese(&error));
        vec![Finding::about(&NO_SOURCES, path, message).help("确认文件名没有写错，并且有权限读它")]
    })?;
    let mut sources = embedded_files(bytes).map_err(|error| {
        let finding = Finding::about(&NO_SOURCES, path, error.to_string());
        vec![finding.help("要用 jixiao render --embed-source 写出来的 PDF")]
    })?;
    // Before PDF/A-3 a file cannot say what it is to the document.
    sources.retain(|file| file.relationship.as_deref().is_none_or(|name| name == "Source"));
    if sources.is_empty() {
        let finding = Finding::about(&NO_SOURCES, path, "这个 PDF 里没有附带数据文件")
            .help("印的时候加上 --embed-source，数据文件才会附在 PDF 里");
        return Err(vec![finding]);
    }
    Ok(sources)
}

/// A path below a folder; `None` if it would leave it.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    // What a part means depends on the system: on Windows `a\..` is two, and `C:` a disk.
    let is_plain = |part: &str| {
        let mut components = Path::new(part).components();
        let first = components.next();
        matches!(first, Some(Component::Normal(name)) if name == part)
            && components.next().is_none()
    };
    let is_safe = path.split('/').all(|part| is_plain(part) && !part.contains(['\0', ':']));
    is_safe.then(|| path.split('/').fold(folder.to_owned(), |path, part| path.join(part)))
}

/// Whether a file with this content is there already; if something else is, what.
fn is_there(path: &Path, content: &[u8]) -> Result<bool, &'static str> {
    // Not followed: a link that leads nowhere is in the way, too.
    if path.symlink_metadata().is_err() {
        return Ok(false);
    }
    // Asked before reading: a pipe would never end.
    if !path.is_file() {
        return Err("这里已经有同名的东西，不是普通的文件；没有改动它");
    }
    match fs::read(path) {
        Ok(there) if there == content => Ok(true),
        Ok(_) => Err("这里已经有一个同名的文件，内容不同；没有改动它"),
        Err(_) => Err("这里已经有一个同名的文件，没有权限读它；没有改动它"),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Finding {
    let message = format!("写不出这个文件：{}", io_error::of_writing(path, error));
    Finding::about(&NOT_EXTRACTED, path, message)
        .help("检查这个位置能不能写；也可以用 -o 换一个文件夹")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_the_folder() {
        let folder = Path::new("a");
        assert_eq!(
            below(folder, "2023/056-灵沙乡/部门.toml"),
            Some(Path::new("a/2023/056-灵沙乡/部门.toml").to_owned())
        );
        for path in ["", "/", "/etc/passwd", "..", "a/../../b", "a//b", "./a", "C:/a", "C:a", "a\0"]
        {
            assert_eq!(below(folder, path), None, "{path}");
        }
    }
}

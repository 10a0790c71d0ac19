//! Writing documents: whole files, or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostics::{Finding, Rule, Severity};
use crate::files::{atomic_file, io_error};

static UNWRITABLE: Rule = Rule {
    code: "E603",
    name: "写不出文件",
    severity: Severity::Error,
    explanation: r#"看什么：文件能不能写出来。
为什么：写不出的时候，原来的文件保持不动，不会留下半个文件。
反例：PDF 正在阅读器里打开着。
正例：先关掉阅读器，再运行一次。"#,
};

/// The kinds of findings reported here.
pub(super) const RULES: &[&Rule] = &[&UNWRITABLE];

/// Writes one file and returns its path.
pub(super) fn file(path: &Path, bytes: &[u8]) -> Result<PathBuf, Vec<Finding>> {
    atomic_file::replace(path, bytes).map_err(|error| vec![unwritable(path, &error)])?;
    Ok(path.to_owned())
}

/// Writes a file for each page, the page's number before the extension, and takes away what an
/// earlier, longer document left of the same name.
pub(super) fn pages(
    path: &Path,
    extension: &str,
    pages: &[Vec<u8>],
) -> Result<Vec<PathBuf>, Vec<Finding>> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut written = Vec::new();
    for (number, bytes) in (1..).zip(pages) {
        written.push(file(&path.with_file_name(page_name(&stem, number, extension)), bytes)?);
    }
    for number in pages.len() + 1.. {
        let old = path.with_file_name(page_name(&stem, number, extension));
        match fs::remove_file(&old) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(vec![unwritable(&old, &error)]),
        }
    }
    Ok(written)
}

/// A file that is larger than its format allows.
pub(super) fn too_large(error: &io::Error) -> Finding {
    let message = format!("写不成这个文件：{}", io_error::in_chinese(error));
    Finding::about(&UNWRITABLE, Path::new("."), message).help("分成几份写：一次少写几个部门")
}

fn page_name(stem: &str, number: usize, extension: &str) -> String {
    format!("{stem}-{number:03}.{extension}")
}

fn unwritable(path: &Path, error: &io::Error) -> Finding {
    let reason = io_error::of_writing(path, error);
    let message = format!("写不出这个文件：{reason}；原来的文件没有改动");
    let help = match error.kind() {
        _ if io_error::is_in_use(error) => {
            "关掉正在看的 PDF（或正打开着这个文件的别的程序），再运行一次；\
             没有打开的，确认有权限写这个文件夹，或用 -o 另指定位置"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "腾出磁盘空间后再运行一次",
        io::ErrorKind::PermissionDenied => {
            "关掉正打开着这个文件的程序，或确认有权限写这个文件夹；也可以用 -o 另指定位置"
        }
        _ => "把挡着的文件或链接移走；也可以用 -o 另指定位置",
    };
    Finding::about(&UNWRITABLE, path, message).help(help)
}

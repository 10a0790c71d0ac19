//! Writing whole files: beside the target, then renamed into place, so that the old file stays
//! until the new one is complete.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::diagnostics::{Finding, Rule, Severity};
use crate::io_error;

static UNWRITABLE: Rule = Rule { code: "E603", name: "写不出文件", severity: Severity::Error };

/// Writes one file and returns its path.
pub(super) fn file(path: &Path, bytes: &[u8]) -> Result<PathBuf, Vec<Finding>> {
    replace(path, bytes).map_err(|error| vec![unwritable(path, &error)])?;
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

fn page_name(stem: &str, number: usize, extension: &str) -> String {
    format!("{stem}-{number:03}.{extension}")
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jixiao-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A temporary file is private by default; what is published is not (the umask applies).
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    // Without this, a power cut after the rename could leave the new name with no content.
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Finding {
    let message = format!("写不出这个文件：{}；原来的文件没有改动", io_error::in_chinese(error));
    let help = match error.kind() {
        io::ErrorKind::StorageFull => "腾出磁盘空间后再运行一次",
        io::ErrorKind::PermissionDenied => {
            "关掉正打开着这个文件的程序，或确认有权限写这个文件夹；也可以用 -o 另指定位置"
        }
        _ => "检查这个位置能不能写；也可以用 -o 另指定位置",
    };
    Finding::about(&UNWRITABLE, path, message).help(help)
}

//! Files the program makes from what it knows of itself: schemas, man pages.

use std::fs;
use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use super::options::keep_out_of_data;
use crate::diagnostics::shown;
use crate::files::atomic_file;
use crate::workspace::Workspace;

/// Writes files into a folder, those that are not there with the same content already.
pub(super) fn write(
    folder: &Path,
    workspace: &Workspace,
    files: impl IntoIterator<Item = (String, Vec<u8>)>,
    console: &Console,
) -> Result<(), Failure> {
    keep_out_of_data(folder, workspace)?;
    for (name, content) in files {
        let path = folder.join(name);
        // Asked before reading: a pipe would never end.
        if path.is_file() && fs::read(&path).is_ok_and(|old| old == content) {
            console.result(&format!("没有变化 {}", shown(&path)))?;
            continue;
        }
        atomic_file::replace(&path, &content).map_err(|error| Failure::unwritten(&path, &error))?;
        console.result(&format!("已写出 {}", shown(&path)))?;
    }
    Ok(())
}

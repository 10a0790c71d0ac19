//! Files the program makes from what it knows of itself: schemas, man pages.

use std::fs;
use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use crate::diagnostics::shown;
use crate::files::{atomic_file, io_error};

/// Writes files into a folder, those that are not there with the same content already.
pub(super) fn write(
    folder: &Path,
    files: impl IntoIterator<Item = (String, Vec<u8>)>,
    console: &Console,
) -> Result<(), Failure> {
    for (name, content) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|old| old == content) {
            console.result(&format!("没有变化 {}", shown(&path)))?;
            continue;
        }
        if let Err(error) = atomic_file::replace(&path, &content) {
            let reason = match folder.is_file() {
                true => format!("{} 是文件，不是文件夹", shown(folder)),
                false => io_error::in_chinese(&error),
            };
            let help = "检查这个位置能不能写；也可以用 -o 换一个文件夹";
            return Err(Failure::outside(format!("写不出 {}：{reason}", shown(&path)), help));
        }
        console.result(&format!("已写出 {}", shown(&path)))?;
    }
    Ok(())
}

//! What the operating system refused, in Chinese.

use std::io;
use std::path::Path;

/// The reason in words a clerk understands; of what is left, the number to ask about.
pub fn in_chinese(error: &io::Error) -> String {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "不存在",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::AlreadyExists => "已经存在",
        io::ErrorKind::StorageFull => "磁盘已满",
        io::ErrorKind::QuotaExceeded => "磁盘配额已用完",
        io::ErrorKind::ReadOnlyFilesystem => "磁盘是只读的",
        io::ErrorKind::FileTooLarge => "文件超过了系统允许的大小",
        io::ErrorKind::NotADirectory => "不是文件夹",
        io::ErrorKind::IsADirectory => "是文件夹，不是文件",
        io::ErrorKind::InvalidFilename => "文件名不合要求（可能太长）",
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => "正被别的程序占用",
        io::ErrorKind::BrokenPipe => "读结果的程序已经关闭",
        io::ErrorKind::OutOfMemory => "内存不够",
        io::ErrorKind::TimedOut => "等得太久，没有回应",
        io::ErrorKind::CrossesDevices => "不能跨磁盘移动",
        io::ErrorKind::TooManyLinks => "链接太多",
        io::ErrorKind::Unsupported => "系统不支持这样做",
        // The standard library knows it, but does not let it be named yet.
        kind if format!("{kind:?}") == "FilesystemLoop" => "链接绕成了圈，找不到它指向的文件",
        _ => match error.raw_os_error() {
            Some(INPUT_OUTPUT) => "磁盘读写出错，可能是磁盘坏了或者被拔掉了",
            Some(TOO_MANY_OPEN) => "打开的文件太多",
            Some(code) if IN_USE.contains(&code) => "正被别的程序打开着",
            Some(code) => return format!("系统出错，编号 {code}"),
            None => "系统出错",
        },
    };
    reason.to_owned()
}

/// EIO.
const INPUT_OUTPUT: i32 = if cfg!(unix) { 5 } else { 1117 };
/// EMFILE.
const TOO_MANY_OPEN: i32 = if cfg!(unix) { 24 } else { 4 };

/// ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION. Elsewhere a file that is open can be replaced.
const IN_USE: &[i32] = if cfg!(windows) { &[32, 33] } else { &[] };

/// Whether another program may have the file open, so that it can be replaced once that is closed.
/// Of a file in a viewer, Windows also says that access is denied.
pub fn is_in_use(error: &io::Error) -> bool {
    let is_denied = cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied;
    is_denied || error.raw_os_error().is_some_and(|code| IN_USE.contains(&code))
}

/// Why a path cannot be written to, after a look at what is on the way to it.
pub fn of_writing(path: &Path, error: &io::Error) -> String {
    for place in path.ancestors() {
        let shown = place.strip_prefix(".").unwrap_or(place).display();
        match place.metadata() {
            Ok(it) if it.is_file() && place != path => {
                return format!("“{shown}”是文件，不是文件夹");
            }
            Err(error) if place.is_symlink() && error.kind() == io::ErrorKind::NotFound => {
                let target = place.read_link().unwrap_or_default();
                return format!("“{shown}”是链接，它指向的“{}”不存在", target.display());
            }
            Err(error) if place.is_symlink() => return in_chinese(&error),
            _ => {}
        }
    }
    if is_in_use(error) && path.is_file() {
        return "正被别的程序打开着，或者没有权限".to_owned();
    }
    in_chinese(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reason_is_english() {
        for code in 1..=133 {
            let reason = in_chinese(&io::Error::from_raw_os_error(code));
            assert!(!reason.contains(|c: char| c.is_ascii_alphabetic()), "{code}: {reason}");
        }
        let wrapped = io::Error::other("disk on fire");
        assert_eq!(in_chinese(&wrapped), "系统出错");
    }

    #[cfg(unix)]
    #[test]
    fn a_circle_of_links_is_called_so_even_within_another_error() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("a");
        std::os::unix::fs::symlink("a", &link).unwrap();
        let bare = std::fs::metadata(&link).unwrap_err();
        let wrapped = tempfile::NamedTempFile::new_in(&link).unwrap_err();
        for error in [bare, wrapped] {
            assert!(in_chinese(&error).contains("绕成了圈"), "{error:?}");
        }
    }
}

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

    #[cfg(unix)]
    #[test]
    fn what_is_in_the_way_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, circle] = ["文件", "链接", "圈"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink("圈", &circle).unwrap();
        std::fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink("没有", &link).unwrap();
        for (path, expected) in [
            (file.join("a.json"), "文件”是文件，不是文件夹"),
            (link.clone(), "链接”是链接，它指向的“没有”不存在"),
            (link.join("a.json"), "链接”是链接，它指向的“没有”不存在"),
            (circle.join("a.json"), "链接绕成了圈，找不到它指向的文件"),
            (folder.path().to_owned(), "是文件夹，不是文件"),
        ] {
            let error = crate::files::atomic_file::replace(&path, b"").unwrap_err();
            let reason = of_writing(&path, &error);
            assert!(reason.ends_with(expected), "{reason}");
        }
    }
}

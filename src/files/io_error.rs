//! What the operating system refused, in Chinese.

use std::io;

/// The reason in words a clerk understands; the system's own words follow where they help.
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
        _ => return format!("系统报告：{error}"),
    };
    reason.to_owned()
}

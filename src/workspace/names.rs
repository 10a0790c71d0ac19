//! The names of files and folders, and what they say.

use std::path::Path;

/// The file of a workspace's settings, in its folder.
pub const CONFIG_FILE: &str = "jixiao.toml";
/// The file that describes a department, in the department's folder.
pub const DEPARTMENT_FILE: &str = "部门.toml";

/// The file that describes a budget unit of a department, in the unit's folder within the department's.
pub const UNIT_FILE: &str = "单位.toml";

/// Whether a file is TOML by its name.
pub(crate) fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// The last part of a path, if it is Unicode.
pub(crate) fn file_name(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

/// Whether a name is a year: four digits.
pub fn is_year(name: &str) -> bool {
    name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit())
}

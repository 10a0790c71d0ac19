//! Where the workspace is, seen from a folder that is none.

use std::path::{Path, PathBuf};

use super::inventory::visible_entries;
use super::names::{file_name, is_year};
use crate::diagnostics::shown;

/// More workspaces below a folder than these are not named.
const MOST_BELOW: usize = 3;

/// Where the workspace is.
#[derive(Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// The folder is within the data of this workspace.
    AroundData(PathBuf),
    /// The folder is within this workspace, outside its data.
    Around(PathBuf),
    /// These workspaces are in the folder.
    Below(Vec<PathBuf>),
    /// Nowhere near.
    Nowhere,
}

impl Whereabouts {
    /// Looks around a folder that has no data itself. Paths begin with it, as the user wrote it.
    pub fn of(folder: &Path) -> Self {
        let Ok(here) = folder.canonicalize() else { return Self::Nowhere };
        let mut up = folder.to_owned();
        for above in here.ancestors().skip(1) {
            up = self::above(&up);
            if is_workspace(above) {
                let is_in_data = here.starts_with(above.join("data"));
                return if is_in_data { Self::AroundData(up) } else { Self::Around(up) };
            }
        }
        let mut below = visible_entries(folder).unwrap_or_default();
        below.retain(|path| is_workspace(path));
        below.truncate(MOST_BELOW);
        if below.is_empty() { Self::Nowhere } else { Self::Below(below) }
    }

    /// What is wrong with being in the folder.
    pub fn message(&self) -> &'static str {
        match self {
            Self::AroundData(_) => "这里是 data 文件夹里面，要在 data 所在的文件夹里运行",
            _ => "这里没有 data 文件夹",
        }
    }

    /// What to type to be in the workspace, in place of the folder that was looked around.
    pub fn help(&self, folder: &Path) -> String {
        let directory = |folders: &[PathBuf]| {
            let options: Vec<String> =
                folders.iter().map(|folder| format!("-C {}", shown(folder))).collect();
            let options = options.join(" 或 ");
            match folder == Path::new(".") {
                true => format!("在命令后面加上 {options}"),
                // It can be written only once.
                false => format!("把 -C {} 改成 {options}", shown(folder)),
            }
        };
        match self {
            Self::AroundData(up) | Self::Around(up) if folder == Path::new(".") => {
                let directory = directory(std::slice::from_ref(up));
                format!("先运行 cd {}，或者{directory}", shown(up))
            }
            Self::AroundData(up) | Self::Around(up) => directory(std::slice::from_ref(up)),
            Self::Below(folders) => directory(folders),
            Self::Nowhere => {
                "到 data 所在的文件夹里运行，或用 -C 指明它；还没有数据，就先新建部门：\
                              jixiao new --department 名称 --code 代码 --year 年度"
                    .to_owned()
            }
        }
    }
}

/// The folder above, in as few words as it can be written.
fn above(folder: &Path) -> PathBuf {
    let real = folder.join("..").canonicalize().ok();
    match folder.parent() {
        Some(parent)
            if parent.as_os_str().is_empty() && real == Path::new(".").canonicalize().ok() =>
        {
            PathBuf::from(".")
        }
        Some(parent) if folder.file_name().is_some() && real == parent.canonicalize().ok() => {
            parent.to_owned()
        }
        _ if folder == Path::new(".") => PathBuf::from(".."),
        _ => folder.join(".."),
    }
}

/// Whether a folder has data of some year in it.
fn is_workspace(folder: &Path) -> bool {
    let entries = visible_entries(&folder.join("data")).unwrap_or_default();
    entries.iter().any(|path| file_name(path).is_some_and(is_year) && path.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_found_above_and_below() {
        let top = tempfile::tempdir().unwrap();
        let [work, department, output, other] =
            ["绩效", "绩效/data/2023/001-甲乡", "绩效/output/2023", "别的"]
                .map(|path| top.path().join(path));
        for folder in [&department, &output, &other] {
            std::fs::create_dir_all(folder).unwrap();
        }
        let from = |folder: &Path| Whereabouts::of(folder);
        let data = work.join("data");
        assert_eq!(from(&department), Whereabouts::AroundData(work.clone()));
        assert_eq!(from(&data), Whereabouts::AroundData(work.clone()));
        assert_eq!(from(&output), Whereabouts::Around(work.clone()));
        assert_eq!(from(top.path()), Whereabouts::Below(vec![work]));
        assert_eq!(from(&other), Whereabouts::Nowhere);
        assert_eq!(from(&top.path().join("没有")), Whereabouts::Nowhere);
    }
}

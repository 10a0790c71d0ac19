//! Where the workspace is, seen from a folder that is none.

use std::path::{Path, PathBuf};

use super::folders::{file_name, is_year, visible_entries};
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
            up.push("..");
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

    /// What to type to be in the workspace.
    pub fn help(&self) -> String {
        let options = |folders: &[PathBuf]| {
            let options = folders.iter().map(|folder| format!("-C {}", shown(folder)));
            options.collect::<Vec<_>>().join(" 或 ")
        };
        match self {
            Self::AroundData(folder) | Self::Around(folder) => {
                let folders = std::slice::from_ref(folder);
                let folder = shown(folder);
                format!("先运行 cd {folder}，或者在命令后面加上 {}", options(folders))
            }
            Self::Below(folders) => format!("在命令后面加上 {}", options(folders)),
            Self::Nowhere => {
                "到 data 所在的文件夹里运行，或用 -C 指明它；还没有数据，就先新建部门：\
                              jixiao new --department 名称 --code 代码 --year 年度"
                    .to_owned()
            }
        }
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
        assert_eq!(from(&department), Whereabouts::AroundData(department.join("../../..")));
        assert_eq!(from(&data), Whereabouts::AroundData(data.join("..")));
        assert_eq!(from(&output), Whereabouts::Around(output.join("../..")));
        assert_eq!(from(top.path()), Whereabouts::Below(vec![work]));
        assert_eq!(from(&other), Whereabouts::Nowhere);
        assert_eq!(from(&top.path().join("没有")), Whereabouts::Nowhere);
    }
}

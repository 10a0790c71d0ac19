//! What several commands take, so that it is called and explained the same everywhere.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::diagnostics::{Finding, shown};
use crate::files::location::resolved;
use crate::workspace::{Config, Forms, Workspace, Year};

// The doc comment of a flattened struct would take the place of the command's own.

#[derive(Debug, clap::Args)]
pub(super) struct FormOption {
    /// 临时换一种表样：自带的名称（见 jixiao templates），或文件夹；不写就照 jixiao.toml
    #[arg(long, value_name = "表样")]
    pub template: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct YearOption {
    /// 年度；不写就是 data 里最近的一年
    #[arg(long, value_name = "年度")]
    pub year: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct DepartmentArguments {
    /// 部门：文件夹名、路径，或名称的一部分；不写就是全部
    #[arg(value_name = "部门")]
    pub departments: Vec<String>,
}

impl FormOption {
    /// The form that is asked for, or else those that the workspace has chosen.
    pub fn open(&self, workspace: &Workspace) -> Result<Forms, Vec<Finding>> {
        let config = match self.template {
            Some(_) => Config::default(),
            None => Config::load(workspace.root())?,
        };
        Forms::open(self.template.as_deref(), workspace, config.forms)
    }
}

impl YearOption {
    /// The year that is asked for.
    pub fn find(&self, workspace: &Workspace) -> Result<Year, Vec<Finding>> {
        workspace.year(self.year.as_deref())
    }
}

/// Refuses to write what is made from the data among the data.
pub(super) fn keep_out_of_data(output: &Path, workspace: &Workspace) -> Result<(), Failure> {
    let data = workspace.root().join("data");
    if !data.is_dir() || !resolved(output).starts_with(resolved(&data)) {
        return Ok(());
    }
    Err(Failure::usage(
        format!("“{}”在数据文件夹里，那里只放数据，不放印出来的文件", shown(output)),
        "用 -o 另指定位置，例如 -o output",
    ))
}

//! `jixiao lsp`: for editors, which start it themselves.

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::options::FormOption;
use crate::lsp::{self, Failed};
use crate::workspace::Workspace;

/// 给编辑器用：一边写一边提示（由编辑器启动，见 docs/editors.md）
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao lsp [选项]")]
#[command(after_help = "\
这个命令不用自己运行：在编辑器里设好，打开 data 里的文件时编辑器会启动它。
怎么设，见 docs/editors.md；VS Code、Helix、Neovim、Zed 都可以。")]
pub(super) struct Arguments {
    #[command(flatten)]
    form: FormOption,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    // Where nothing is said, it is the folder that the editor has opened.
    let folder = Some(workspace.root()).filter(|folder| folder.as_os_str() != ".");
    match lsp::serve(folder, arguments.form.template.as_deref()) {
        Ok(()) => Ok(Status::Fine),
        Err(Failed::Form(findings)) => Err(findings.into()),
        Err(Failed::Protocol) => {
            console.note("编辑器没有按约定说话，或者已经关了");
            Ok(Status::Errors)
        }
    }
}

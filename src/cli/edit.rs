//! `jixiao edit`: the forms in a browser.

use std::process::{Command, Stdio};

use super::Status;
use super::console::Console;
use super::failure::Failure;
use super::options::FormOption;
use crate::edit::{self, Failed, News, Options};
use crate::files::io_error;
use crate::workspace::{Whereabouts, Workspace};

/// 在浏览器里填表：一边填，一边看问题和印出来的样子
#[derive(Debug, clap::Args)]
#[command(override_usage = "jixiao edit [选项]")]
#[command(after_help = "\
例子：
  jixiao edit                       打开浏览器，填 data 里的表
  jixiao edit --no-open             不打开浏览器，只给出网址
  jixiao edit --port 8700           网址用固定的端口

网址只在这台电脑上、只有拿到它的人能用，不要发给别人；不联网。填的内容按“保存”才写进文件。
用完在网页上按“结束”，或者在这里按 Ctrl-C。")]
pub(super) struct Arguments {
    /// 端口；不写就由系统定
    #[arg(long, value_name = "端口", default_value = "0", hide_default_value = true)]
    port: u16,
    /// 不打开浏览器
    #[arg(long)]
    no_open: bool,
    #[command(flatten)]
    form: FormOption,
}

pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    if let it @ Whereabouts::AroundData(_) = Whereabouts::of(workspace.root()) {
        return Err(Failure::usage(it.message(), it.help(workspace.root())));
    }
    let template = arguments.form.template.as_deref();
    let options = Options { workspace, template, port: arguments.port };
    let mut untold = None;
    let served = edit::serve(&options, |news| match news {
        News::At { address, was_there } => {
            // The first line is the address, for programs too.
            untold = console.output(address).err();
            if was_there {
                console.note("这个文件夹已经在编辑了，用的是上面的网址");
            } else {
                console.note("在浏览器里打开上面的网址；按 Ctrl-C 结束");
            }
            if !arguments.no_open && !open(address) {
                console.note("打不开浏览器，请自己把网址贴进去");
            }
        }
        News::Unsaved(files) => {
            console.message(&format!(
                "还有 {files} 个文件没有保存；在网页上保存，或者再按一次 Ctrl-C 放弃"
            ));
        }
    });
    match served {
        Ok(()) => untold.map_or(Ok(Status::Fine), Err),
        Err(Failed::Form(findings)) => Err(findings.into()),
        Err(Failed::Listen(error)) => {
            let reason = io_error::in_chinese(&error);
            let message = format!("用不了端口 {}：{reason}", arguments.port);
            Err(Failure::outside(message, "换一个端口，或者不写 --port"))
        }
        Err(Failed::Random) => {
            let message = "系统没有给出随机数，没法保证网址别人猜不到";
            Err(Failure::outside(message, "直接编辑 data 里的文件，用 jixiao check 检查"))
        }
    }
}

/// Opens an address in the browser; whether the system knows how to.
fn open(address: &str) -> bool {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("rundll32");
        command.args(["url.dll,FileProtocolHandler", address]);
        command
    } else {
        let mut command = Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" });
        command.arg(address);
        command
    };
    // What a browser says is not for who reads the results.
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.spawn().is_ok()
}

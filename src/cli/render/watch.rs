//! `jixiao render --watch`: renders again whenever the data or the template is saved.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use notify_debouncer_full::notify::RecursiveMode;
use notify_debouncer_full::{DebounceEventResult, new_debouncer};

use super::interrupt::Interrupt;
use super::{Arguments, render};
use crate::cli::Status;
use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::workspace::Workspace;

/// Editors save in several steps; what comes within this time is one save.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// Renders once, then after every change, until the process is stopped. Errors are shown and the
/// watch goes on.
pub(super) fn run(
    arguments: &Arguments,
    workspace: &Workspace,
    console: &Console,
) -> Result<Status, Failure> {
    let mut folders = vec![workspace.root().join("data")];
    folders.extend(arguments.form.template.clone());
    let (sender, events) = mpsc::channel::<DebounceEventResult>();
    let watcher = new_debouncer(QUIET_TIME, None, sender).and_then(|mut watcher| {
        for folder in &folders {
            watcher.watch(folder, RecursiveMode::Recursive)?;
        }
        Ok(watcher)
    });
    let _watcher = watcher
        .map_err(|error| Failure::outside(format!("不能监视数据文件夹的变化：{error}"), ""))?;
    let render = || {
        let ended = render(arguments, workspace, console, Interrupt::none);
        ended.map_or_else(|failure| console.failure(&failure), drop);
    };
    render();
    console.note("正在监视，保存文件后自动重印；按 Ctrl-C 结束");
    for result in events {
        let changed = result.map(|events| {
            let paths = events.iter().filter(|event| !event.kind.is_access());
            paths.flat_map(|event| event.paths.clone()).any(|path| !is_temporary(&path))
        });
        match changed {
            Ok(true) => render(),
            Ok(false) => {}
            Err(errors) => errors.iter().for_each(|error| {
                console.failure(&Failure::outside(format!("监视时出错：{error}"), ""));
            }),
        }
    }
    Ok(Status::Fine)
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~']))
}

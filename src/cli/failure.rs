//! Why a command ended without doing what it was asked; told in one place, [`Console::failure`].
//!
//! [`Console::failure`]: super::console::Console::failure

use std::io;
use std::path::Path;

use super::Status;
use crate::diagnostics::{Finding, shown};
use crate::files::io_error;

/// Why a command ended without doing what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The data does not allow it.
    Findings(Vec<Finding>),
    /// The command line is wrong: what is, and what to type.
    Usage { message: String, help: String },
    /// There is no command on the command line: the help, which names them all.
    NoCommand(String),
    /// Something outside the data went wrong: what did, and what to do.
    Outside { message: String, help: String },
    /// Whoever was asked a question did not answer it.
    Abandoned,
    /// Two states of the data could not be compared. It has a status of its own, for 1 says that
    /// they are different.
    Incomparable(Box<Self>),
}

impl Failure {
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    pub fn outside(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Outside { message: message.into(), help: help.into() }
    }

    /// A file that could not be written.
    pub fn unwritten(path: &Path, error: &io::Error) -> Self {
        let message = format!("写不出 {}：{}", shown(path), io_error::of_writing(path, error));
        let help = "看看那里能不能写，文件是不是正被别的程序打开着；也可以用 -o 另指定位置";
        Self::outside(message, help)
    }

    /// Results that did not reach whoever asked for them.
    pub fn standard_output(error: &io::Error) -> Self {
        let message = format!("结果没有写完（标准输出：{}）", io_error::in_chinese(error));
        Self::outside(message, "换一个能写、空间够的地方，再运行一次")
    }

    /// What the process reports of it.
    pub fn status(&self) -> Status {
        match self {
            Self::Findings(_) | Self::Outside { .. } => Status::Errors,
            Self::Usage { .. } | Self::NoCommand(_) | Self::Abandoned => Status::Usage,
            Self::Incomparable(_) => Status::Incomparable,
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(_: serde_json::Error) -> Self {
        Self::outside("结果写不成 JSON", "这是程序的毛病，请告诉 jixiao 的作者")
    }
}

impl From<Vec<Finding>> for Failure {
    fn from(findings: Vec<Finding>) -> Self {
        Self::Findings(findings)
    }
}

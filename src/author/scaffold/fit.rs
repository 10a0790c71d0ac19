//! What a name, a code and a year have to be before anything is made of them.

use std::fmt;

use crate::workspace::{Workspace, is_year};

/// Why a text is none, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Why.
    pub reason: String,
    /// What to write.
    pub help: String,
}

impl Unfit {
    fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: help.into() }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.reason, self.help)
    }
}

/// A name of a department or a project, without the blanks around it.
///
/// # Errors
/// If there is nothing to read in it.
pub fn name(text: &str) -> Result<String, Unfit> {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let text = text.trim();
    if text.is_empty() {
        Err(Unfit::new("名称是空的", "写出名称"))
    } else if text.contains(is_hidden) {
        Err(Unfit::new("名称里有看不见的字符", "不要粘贴，重新打一遍"))
    } else if !text.contains(char::is_alphabetic) {
        Err(Unfit::new("名称里没有文字", "写出名称"))
    } else {
        Ok(text.to_owned())
    }
}

/// No code of the budget system is longer.
const LONGEST_CODE: usize = 12;

/// A department's code, without the blanks around it. Whether it is as long as it should be is for
/// `check` to say.
///
/// # Errors
/// If it is not made of digits.
pub fn code(text: &str) -> Result<String, Unfit> {
    let text = text.trim();
    let reason = if text.is_empty() {
        "代码是空的"
    } else if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        "代码里只能有半角数字"
    } else if text.len() > LONGEST_CODE {
        "代码太长"
    } else {
        return Ok(text.to_owned());
    };
    Err(Unfit::new(reason, "照预算系统里的部门代码写，如 056"))
}

/// Years before are none of budgets with targets.
const FIRST_YEAR: i32 = 2000;
/// Nobody plans further ahead, in years.
const AHEAD: i32 = 3;
/// The year this was written in. A clock that is behind it has stopped.
const WRITTEN: i32 = 2026;

/// A year that data may be written for: near to now, or to years that are there already.
///
/// # Errors
/// If it is no year, or one far off.
pub fn year(text: &str, workspace: &Workspace) -> Result<String, Unfit> {
    let text = text.trim();
    let now = time::OffsetDateTime::now_utc().year().max(WRITTEN);
    let year = text.parse().ok().filter(|_| is_year(text));
    let Some(year) = year else {
        let reason =
            if text.is_empty() { "年度是空的" } else { "年度要是四位半角数字" };
        return Err(Unfit::new(reason, format!("例如 {now}")));
    };
    let is_there = |year: i32| workspace.year_folder(&format!("{year:04}")).is_dir();
    if (FIRST_YEAR..=now + AHEAD).contains(&year) || (year - 1..=year + 1).any(is_there) {
        return Ok(text.to_owned());
    }
    let help = format!("看看是不是写错了；确实要写这一年的，先建好文件夹 data/{text}");
    Err(Unfit::new(format!("{text} 年离现在太远"), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_something_to_read() {
        assert_eq!(name(" 办公费 "), Ok("办公费".to_owned()));
        for text in ["“两个中心”运行费", "CON", "3号", "../x"] {
            assert_eq!(name(text), Ok(text.to_owned()));
        }
        for text in
            ["", " \u{3000}", "办\u{200b}公费", "\u{feff}甲", "甲\n乙", "\"\"", "——", "。", "056"]
        {
            assert!(name(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn codes_are_digits() {
        for text in ["056", " 219001 ", "9", "123456789012"] {
            assert_eq!(code(text), Ok(text.trim().to_owned()));
        }
        for text in ["", "abc", "../x", "O56", "1234567890123", "０５６", "05 6", "-056", "56."]
        {
            assert!(code(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn years_are_near_to_now_or_to_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(folder.path());
        for text in ["2000", "2023", " 2026 ", "2029"] {
            assert_eq!(year(text, &workspace), Ok(text.trim().to_owned()));
        }
        for text in ["", "23", "二〇二三", "20233", "２０２３", "-202", "+202"] {
            let refused = year(text, &workspace).unwrap_err();
            assert!(refused.reason.starts_with("年度"), "{text:?}");
        }
        for text in ["9999", "0001", "1999", "2100"] {
            let refused = year(text, &workspace).unwrap_err();
            assert!(refused.reason.contains("太远") && refused.help.contains(text), "{text}");
        }
        std::fs::create_dir_all(workspace.year_folder("2100")).unwrap();
        for text in ["2099", "2100", "2101"] {
            assert!(year(text, &workspace).is_ok(), "{text}");
        }
        assert!(year("2102", &workspace).is_err());
    }
}

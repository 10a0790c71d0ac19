//! Data files in their one canonical style: keys in the order of the form, a line for each
//! indicator, one way to write everything, and the comments where they belong.
//!
//! A file is read as always, taken apart into the lines of the form (`outline`), each comment
//! is given to its line (`comments`), and the lines are written out anew.

mod comments;
mod line;
mod outline;

use std::path::Path;
use std::sync::Arc;

use crate::data;
use crate::diagnostics::{self, Finding, Rule, SourceFile, repaired};
use crate::form::Definition;
use crate::toml;
use crate::workspace::{DEPARTMENT_FILE, UNIT_FILE, later_form};
use comments::Around;
use line::{Comment, Line};

/// What a data file describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A department: `部门.toml`.
    Department,
    /// A budget unit: `单位.toml`.
    Unit,
    /// A project.
    Project,
}

/// The errors that only say what is still to be filled in: a missing key, an empty text, an
/// indicator without a name, a waiver without a reason.
static UNFINISHED: [&Rule; 4] =
    [&toml::MISSING_KEY, &toml::EMPTY_TEXT, &data::EMPTY_INDICATOR, &data::NO_REASON];

impl Kind {
    /// What the file with this name describes.
    pub fn of(path: &Path) -> Self {
        let is_named = |own_file: &str| path.file_name().is_some_and(|name| name == own_file);
        let is_whole = path.parent().and_then(later_form).is_some_and(|(it, _)| it.is_whole());
        match () {
            () if is_named(DEPARTMENT_FILE) && !is_whole => Self::Department,
            () if is_named(UNIT_FILE) => Self::Unit,
            () => Self::Project,
        }
    }

    fn read(self, source: &Arc<SourceFile>, form: &Definition) -> Vec<Finding> {
        let mut findings = Vec::new();
        match self {
            Self::Department => drop(data::department_file(source, form, &mut findings)),
            Self::Unit => drop(data::unit_file(source, form, &mut findings)),
            Self::Project => drop(data::project(source, form, &mut findings)),
        }
        findings.retain(|finding| !UNFINISHED.iter().any(|rule| finding.is(rule)));
        findings
    }
}

/// The text of a data file in canonical style. No value changes, no comment is lost, and what is
/// formatted once does not change again.
///
/// # Errors
/// The findings that make it doubtful what the text says. What is merely not filled in yet is none
/// of them; neither are quotes around keys that can be put right.
pub fn format(
    source: &Arc<SourceFile>,
    form: &Definition,
    kind: Kind,
) -> Result<String, Vec<Finding>> {
    let source = with_quoted_keys(source, form, kind)?;
    let document = form.document(&source, &mut Vec::new());
    let mut lines = outline::outline(document.root(), form);
    let around = comments::assign(&source, &mut lines);
    Ok(print(&lines, &around))
}

/// The source, its keys in the quotes they need, if nothing else is wrong with it.
fn with_quoted_keys(
    source: &Arc<SourceFile>,
    form: &Definition,
    kind: Kind,
) -> Result<Arc<SourceFile>, Vec<Finding>> {
    let mut source = Arc::clone(source);
    let mut findings = kind.read(&source, form);
    let is_certain = |finding: &Finding| finding.is(&toml::KEY_QUOTES) && !finding.fix.is_empty();
    if !findings.is_empty() && findings.iter().all(is_certain) {
        let fixes: Vec<_> = findings.iter().map(|finding| finding.fix.as_slice()).collect();
        let (text, _) = repaired(source.text(), &fixes);
        source = SourceFile::new(source.name(), text);
        findings = kind.read(&source, form);
    }
    diagnostics::sort(&mut findings);
    if findings.is_empty() { Ok(source) } else { Err(findings) }
}

fn print(lines: &[Line], around: &Around) -> String {
    let mut text = String::new();
    add_comments(&mut text, &around.top);
    if around.blank_below_top {
        add_blank_line(&mut text);
    }
    for line in lines {
        if line.is_header {
            add_blank_line(&mut text);
        }
        add_comments(&mut text, &line.above);
        text += &line.text;
        if let Some(comment) = &line.beside {
            text += "  ";
            text += comment;
        }
        text.push('\n');
        add_comments(&mut text, &line.below);
    }
    add_comments(&mut text, &around.end);
    text
}

fn add_comments(text: &mut String, comments: &[Comment]) {
    for comment in comments {
        if comment.after_blank {
            add_blank_line(text);
        }
        text.push_str(&comment.text);
        text.push('\n');
    }
}

/// Adds a blank line, unless there is one or it would be the first.
fn add_blank_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Form;

    fn formatted(text: &str, kind: Kind) -> Result<String, String> {
        let form = Form::builtin().map_err(|findings| format!("{findings:?}"))?;
        let text = format(&SourceFile::new("01.toml", text), &form.definition, kind);
        text.map_err(|findings| findings.iter().map(|finding| finding.rule.code).collect())
    }

    fn assert_formatted(text: &str, expected: &str) {
        assert_eq!(formatted(text, Kind::Project).as_deref(), Ok(expected));
        assert_eq!(formatted(expected, Kind::Project).as_deref(), Ok(expected));
    }

    #[test]
    fn keys_and_tables_are_in_the_order_of_the_form() {
        let written = r#"
'项目期'='1年'
项目名称 = "修路"
"实施单位" = "甲"
[“豁免”]
["成本指标"]
[数量指标]
乙 = '1'
甲 = '2'
["项目资金"]
"其他资金" = 0.0
"财政拨款" = 1_0.50"#;
        let expected = r#""项目名称" = "修路"
"项目期" = "1年"
"实施单位" = "甲"

["项目资金"]
"财政拨款" = 10.5
"其他资金" = 0

["数量指标"]
"乙" = "1"
"甲" = "2"

["成本指标"]

["豁免"]
"#;
        assert_formatted(written, expected);
        assert_formatted(&written.replace('\n', "\r\n"), expected);
    }

    #[test]
    fn an_indicator_is_one_line() {
        assert_formatted(
            r#"["数量指标"]
"甲"."指标值" = "1" # 一
"乙" = {
  # 二
  '指标值' = '2', # 三
} # 四
# 五
["数量指标"."丙"] # 六
"指标值" = "3" # 七
["数量指标"."丁"]
"#,
            r#"["数量指标"]
# 一
"甲" = { "指标值" = "1" }
# 二
# 三
"乙" = { "指标值" = "2" }  # 四
# 五
# 七
"丙" = { "指标值" = "3" }  # 六
"丁" = {}
"#,
        );
    }

    #[test]
    fn a_comment_goes_with_what_it_is_about() {
        assert_formatted(
            r#"#:schema a.json
# 甲
["数量指标"] #乙
#"行" = "1"

#------
# 丙
["项目资金"]

# 丁"#,
            r#"#:schema a.json

#------
# 丙
["项目资金"]

# 甲
["数量指标"]  # 乙
# "行" = "1"

# 丁
"#,
        );
        assert_formatted(
            r#"
# 文件

# 期
"项目期" = "" # 空


#名
"项目名称" = ""
# 末"#,
            r#"# 文件

# 名
"项目名称" = ""

# 期
"项目期" = ""  # 空
# 末
"#,
        );
    }

    #[test]
    fn a_file_with_errors_is_left_alone() {
        for (text, codes) in [
            ("\"项目名称\" = 1", "E112"),
            ("\"项目名称\" = “甲”", "E103"),
            ("\"明称\" = \"甲\"", "E110"),
            ("\"项目名称\" = \"甲\"\n项目名称 = \"乙\"", "E102E104"),
            ("[\"数量指标\"]\n\"项目期\" = \"1年\"", "E114"),
            ("[\"项目资金\"]\n\"财政拨款\" = -1", "E120"),
            ("项目 名称 = \"甲\"", "E102E110"),
        ] {
            assert_eq!(formatted(text, Kind::Project), Err(codes.to_owned()), "{text}");
        }
        assert!(formatted("\"项目名称\" = \"甲\"", Kind::Department).is_err());
    }
}

//! No row and no table is hidden in a comment.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::comment::Comment;

pub(super) static RULE: Rule = Rule {
    code: "W603",
    name: "注释里有内容",
    severity: Severity::Warning,
    explanation: r##"看什么：注释（# 后面）里有没有整行的数据或者表名。
为什么：注释不会印出来。一行指标前面多了一个 #，这个指标就从表上消失了；表名前面多了一个 #，下面的行就归到上一张表。
反例：`# "组织网格员参加培训" = "2次"`
正例：要印的，删掉行首的 #；不要的，把整行删掉。"##,
};

pub(super) fn check(comment: &Comment<'_>, findings: &mut Vec<Finding>) {
    let hidden = if holds_row(comment.text) {
        "像是一行数据"
    } else if holds_header(comment.text) {
        "像是一个表名"
    } else {
        return;
    };
    let message = format!("注释里{hidden}，不会印出来");
    let finding = Finding::at(&RULE, comment.span(), message)
        .label("# 后面的都是注释")
        .help("要印的，删掉行首的 #，或者另起一行写；不要的，把它删掉");
    findings.push(finding);
}

/// Whether a comment holds a key with a value, and not just an example of how one is written.
fn holds_row(comment: &str) -> bool {
    comment.match_indices(['=', '＝']).any(|(at, sign)| {
        let (key, value) = (comment[..at].trim_end(), comment[at + sign.len()..].trim());
        let is_example = value.starts_with("\"指标值\"") || value.starts_with("\"……\"");
        key.ends_with(['"', '”']) && !value.is_empty() && !is_example
    }) || holds_bare_row(comment)
}

/// Whether a comment is a key without quotes and a value with them: `# 项目期 = "1年"`.
fn holds_bare_row(comment: &str) -> bool {
    let text = comment.trim_start_matches('#').trim();
    text.split_once(['=', '＝']).is_some_and(|(key, value)| {
        let is_word = |c: char| !c.is_whitespace() && !"，。：；".contains(c);
        let (key, value) = (key.trim(), value.trim());
        let is_bare = !key.is_empty() && !key.starts_with(['"', '“']);
        is_bare && key.chars().all(is_word) && value.starts_with(['"', '“'])
    })
}

/// Whether a comment holds the header of a table.
fn holds_header(comment: &str) -> bool {
    let header = comment.find("[\"").map(|start| &comment[start + 2..]);
    header.is_some_and(|name| name.find("\"]").is_some_and(|end| end > 0))
        || comment.trim_end().ends_with("\"]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_and_remarks_hold_nothing() {
        for held in [
            "# \"组织网格员参加培训\" = \"2次\"",
            "#\"财政拨款\"=22",
            "# 万元\"财政拨款\" = 22",
            "#“项目期” ＝ 1年",
            "## 项目期 = \"1年\"",
            "#[\"质量指标\"]",
            "#质量指标\"]",
        ] {
            assert!(holds_row(held) || holds_header(held), "{held}");
        }
        for free in [
            "# 指标写在表名下面，一行一条：\"三级指标\" = \"指标值\"（去掉行首的 #，换成自己的文字）。",
            "# 加一行：\"实施单位\" = \"……\"",
            "# 单价×数量 = 22",
            "# 见[附件]",
            "#:schema ../schemas/project.json",
        ] {
            assert!(!holds_row(free) && !holds_header(free), "{free}");
        }
    }
}

//! Nothing is left that has to be filled in.

use crate::data::todo::{TO_FILL_IN, after_word};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::comment::Comment;

pub(crate) static RULE: Rule = Rule {
    code: "W701",
    name: "还没有填",
    severity: Severity::Warning,
    explanation: r#"看什么：有没有“# 待填”开头的注释。
为什么：jixiao new 写的文件里，要填而又看不出空着的地方（例如金额）用它做记号；记号还在，就是还没有填。
反例：`"财政拨款" = 0  # 待填：单位万元`
正例：`"财政拨款" = 22`"#,
};

pub(super) fn check(comment: &Comment<'_>, findings: &mut Vec<Finding>) {
    let Some(about) = after_word(comment.text, TO_FILL_IN) else { return };
    let message = match about {
        "" => "这里还没有填".to_owned(),
        about => format!("这里还没有填：{about}"),
    };
    let finding = Finding::at(&RULE, comment.span(), message);
    findings.push(finding.help("填好以后，把这条“# 待填”注释删掉"));
}

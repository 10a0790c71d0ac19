//! Nothing is left that was taken over and has to be reviewed.

use crate::data::todo::{TO_REVIEW, after_word};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::comment::Comment;

pub(crate) static RULE: Rule = Rule {
    code: "W702",
    name: "还没有核对",
    severity: Severity::Warning,
    explanation: r#"看什么：有没有“# 待核对”开头的注释。
为什么：jixiao rollover 把上一年的金额原样带过来，程序定不了的地方也用它做记号；记号还在，就是还没有人看过。
反例：`"财政拨款" = 22  # 待核对：2023年的金额`
正例：`"财政拨款" = 25`"#,
};

pub(super) fn check(comment: &Comment<'_>, findings: &mut Vec<Finding>) {
    let Some(about) = after_word(comment.text, TO_REVIEW) else { return };
    let message = match about {
        "" => "这里还没有核对".to_owned(),
        about => format!("这里还没有核对：{about}"),
    };
    let finding = Finding::at(&RULE, comment.span(), message);
    findings.push(finding.help("核对，该改的改好，再把这条“# 待核对”注释删掉"));
}

//! A number is no more than the number it is a part of.

use crate::data::number;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::{Kind, Limits};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "W213",
    name: "超过了最大值",
    severity: Severity::Warning,
    explanation: r#"看什么：表样规定了最大值的一列数（如得分不超过分值），有没有超过同一行的那个数。
为什么：一条指标的得分不会比它的分值多，多半是两列写反了。
反例：`"分值" = 8, "得分" = 10`
正例：`"分值" = 10, "得分" = 8`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for column in &scope.form.columns {
        let Kind::Number(Limits { most: Some(most), .. }) = &column.kind else { continue };
        for (_, row) in scope.project.rows() {
            let (Some(own), Some(limit)) = (row.values.get(&column.name), row.values.get(most))
            else {
                continue;
            };
            let is_over = number(own).zip(number(limit)).is_some_and(|(own, most)| own > most);
            if is_over {
                let (name, own_text, limit_text) = (&column.name, own.get_ref(), limit.get_ref());
                let message = format!("“{name}”是 {own_text}，超过了“{most}”的 {limit_text}");
                let finding = Finding::at(&RULE, scope.text(own).inner(), message)
                    .related(scope.text(limit).inner(), most.as_str())
                    .help("核对这两个数，改正写错的一个");
                findings.push(finding);
            }
        }
    }
}

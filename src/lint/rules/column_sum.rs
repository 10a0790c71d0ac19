//! Numbers of a column that have to add up to something do.

use rust_decimal::Decimal;

use crate::data::number;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::{Kind, Limits};
use crate::lint::Scope;
use crate::lint::figure::shown;

pub(super) static RULE: Rule = Rule {
    code: "W212",
    name: "合计不对",
    severity: Severity::Warning,
    explanation: r#"看什么：表样规定了合计的一列数（如权重合计 100），一个项目各行加起来是不是这个数。
为什么：权重、分值加起来不是规定的数，年终就算不出总分。
反例：九条指标，权重加起来是 90
正例：权重加起来是 100"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    // Of rows that could not be read, the numbers are not known.
    if !scope.project.unread.is_empty() {
        return;
    }
    for column in &scope.form.columns {
        let Kind::Number(Limits { sum: Some(wanted), .. }) = &column.kind else { continue };
        let rows = scope.project.rows();
        let numbers: Vec<_> = rows.filter_map(|(_, row)| row.values.get(&column.name)).collect();
        let sum: Decimal = numbers.iter().filter_map(|text| number(text)).sum();
        let Some(last) = numbers.last().filter(|_| sum != *wanted) else { continue };
        let message =
            format!("“{}”加起来是 {}，应该是 {}", column.name, shown(sum), shown(*wanted));
        let count = match numbers.len() {
            1 => "只有这一行".to_owned(),
            count => format!("到这里共 {count} 行"),
        };
        let finding = Finding::at(&RULE, scope.text(last).inner(), message).label(count);
        findings.push(finding.help("核对各行的数，漏写的补上"));
    }
}

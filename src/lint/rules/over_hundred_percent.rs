//! No share is over 100%.

use rust_decimal::Decimal;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;
use crate::lint::figure::figures;

pub(super) static RULE: Rule = Rule {
    code: "W205",
    name: "百分比超过100",
    severity: Severity::Warning,
    explanation: r#"看什么：指标值里的百分比有没有超过 100%（增长、提高一类的除外）。
为什么：覆盖率、完成率、满意度最多是 100%，超过的多半是打错了。
反例：`"补贴发放率" = "1000%"`
正例：`"补贴发放率" = "100%"`"#,
};

/// What grows may more than double.
const GROWTH: &[&str] = &["增长", "增加", "增幅", "增速", "提高", "提升", "上升"];

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (_, row) in scope.project.rows() {
        let Some(value) = scope.reading(row) else { continue };
        let is_growth = |text: &str| GROWTH.iter().any(|word| text.contains(word));
        if is_growth(row.name.get_ref()) || is_growth(value.as_str()) {
            continue;
        }
        let figures = figures(value.as_str());
        let over = figures.into_iter().find(|figure| {
            figure.unit.starts_with(['%', '％']) && figure.value > Decimal::ONE_HUNDRED
        });
        if let Some(figure) = over {
            let finding = Finding::at(&RULE, value.near(figure.range.clone()), "百分比超过了 100%")
                .help("核对数字；说的是增长的，在三级指标里写明“增长”");
            findings.push(finding);
        }
    }
}

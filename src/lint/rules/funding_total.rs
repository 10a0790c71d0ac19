//! 年度资金总额, where it is written, is the sum of its parts.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "E301",
    name: "合计不符",
    severity: Severity::Error,
    explanation: r#"看什么：写出来的年度资金总额是不是各项之和。
为什么：财预〔2015〕88号《中央部门预算绩效目标管理办法》要求绩效目标与资金量相匹配；合计与分项不符，表就自相矛盾。
反例：`"年度资金总额" = 23`，`"财政拨款" = 22`，`"其他资金" = 0`
正例：`"年度资金总额" = 22`，或者不写这一行，由程序相加。"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Scope { project, form, .. } = *scope;
    let sums = form.funding.sums().flat_map(|line| {
        form.funding.keys_of(line).zip(project.funding.columns()).map(move |it| (line, it))
    });
    for (line, (key, amounts)) in sums {
        let Some(written) = amounts.written_sums.get(&line.name) else { continue };
        let sum = amounts.amount(line);
        if *written.get_ref() == sum {
            continue;
        }
        let message = format!(
            "“{}”写的是 {}，各项相加是 {}（{}）",
            key.label(),
            written.get_ref().shortest(),
            sum.shortest(),
            form.funding.unit(),
        );
        let mut finding = Finding::at(&RULE, project.span(written.span()), message)
            .label("与各项之和不符")
            .help("改正金额；也可以删掉这一行，合计由程序算出");
        for leaf in line.leaves() {
            let Some(amount) = amounts.lines.get(&leaf.name) else { continue };
            let label = format!("{} {}", leaf.name, amount.get_ref().shortest());
            finding = finding.related(project.span(amount.span()), label);
        }
        findings.push(finding);
    }
}

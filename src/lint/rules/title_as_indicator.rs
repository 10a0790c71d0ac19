//! A third-level indicator says more than its second-level indicator.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "W211",
    name: "三级指标照抄二级",
    severity: Severity::Warning,
    explanation: r#"看什么：三级指标是不是把二级指标的名称又写了一遍。
为什么：三级指标要写具体考核什么；“社会效益”下面再写“社会效益”，等于没有细化。
反例：`["社会效益指标"]`下面写`"社会效益" = "明显提高"`
正例：`"矛盾纠纷就地化解率" = "≥90%"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for (group, row) in scope.project.rows() {
        let level = group.name.get_ref();
        let (name, title) = (row.name.get_ref().trim(), level.trim_end_matches("指标"));
        if name.trim_end_matches("指标") == title {
            let message = format!("三级指标和二级指标“{level}”说的一样");
            let finding = Finding::at(&RULE, scope.text(&row.name).inner(), message)
                .help("写出具体考核的内容");
            findings.push(finding);
        }
    }
}

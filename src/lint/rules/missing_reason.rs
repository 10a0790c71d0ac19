//! A row whose figure falls short says why.

use crate::data::number;
use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "E305",
    name: "没有写原因",
    severity: Severity::Error,
    explanation: r#"看什么：表样规定有的行必填的一列（如得分不到分值的行，要写偏差原因），有没有写。
为什么：财预〔2020〕10号《项目支出绩效评价管理办法》要求对未完成的绩效目标说明原因。
反例：`"分值" = 10, "得分" = 8`，没有写偏差原因
正例：`"分值" = 10, "得分" = 8, "偏差原因分析及改进措施" = "……"`"#,
};

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    for column in &scope.form.columns {
        let Some((less, more)) = &column.needed_if_less else { continue };
        for (_, row) in scope.project.rows() {
            let is_filled = |text: &&toml::Spanned<String>| !text.get_ref().trim().is_empty();
            let written = row.values.get(&column.name);
            let figures = row.values.get(less).zip(row.values.get(more));
            let (Some((own, whole)), None) = (figures, written.filter(is_filled)) else { continue };
            if number(own).zip(number(whole)).is_some_and(|(own, whole)| own < whole) {
                let (name, row) = (&column.name, row.name.get_ref());
                let message = format!(
                    "“{row}”的{less}是 {}，不到{more}的 {}，却没有写“{name}”",
                    own.get_ref(),
                    whole.get_ref()
                );
                let finding = Finding::at(&RULE, scope.text(own).inner(), message);
                findings.push(finding.help(format!("在这一行里加上：\"{name}\" = \"……\"")));
            }
        }
    }
}

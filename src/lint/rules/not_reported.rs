//! Every project of the first form is in a later form that was begun.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::lint::later::LaterForm;

pub(in crate::lint) static RULE: Rule = Rule {
    code: "W216",
    name: "还没有填的项目",
    severity: Severity::Warning,
    explanation: r#"看什么：自评表、监控表开始填了以后，绩效目标表上的每个项目是不是都填了。
为什么：财预〔2020〕10号《项目支出绩效评价管理办法》要求单位自评覆盖所有项目支出；少一个就是漏报。
反例：目标表有 11 个项目，“自评”文件夹里只有 10 个
正例：运行 `jixiao new --template 自评表`，把缺的项目准备好，再填。"#,
};

pub(in crate::lint) fn check(forms: &LaterForm<'_>, findings: &mut Vec<Finding>) {
    let word = forms.form.class.word();
    for project in forms.missing() {
        let name = project.fields.about(FieldMeaning::ProjectName);
        let place = project.span(name.map_or(0..0, |name| name.span()));
        let message = format!("“{}”的{word}还没有填", project.name());
        let help = "准备好要填的文件：jixiao new --template 表样；不用填的，写明理由豁免";
        findings.push(Finding::at(&RULE, place, message).help(help));
    }
}

//! What a later form says of the targets is what the first form has.

use crate::data::{Indicator, Project};
use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::{ColumnMeaning, FieldMeaning};
use crate::lint::later::LaterForm;
use crate::lint::reading::Reading;
use crate::lint::text::Text;
use crate::text::folded;

pub(in crate::lint) static RULE: Rule = Rule {
    code: "W215",
    name: "和目标表不一致",
    severity: Severity::Warning,
    explanation: r#"看什么：自评表、监控表上的项目、总体目标、三级指标和指标值，是不是和同一个项目的绩效目标表一样。
为什么：财预〔2020〕10号《项目支出绩效评价管理办法》要求对照批复的绩效目标评价；目标事后变了，评价就对不上。
反例：目标表写的是“≥50个”，自评表写“≥40个”
正例：照目标表抄；批准调整过的，在["豁免"]里写明批准的文件：`"W215" = "……"`"#,
};

pub(in crate::lint) fn check(forms: &LaterForm<'_>, findings: &mut Vec<Finding>) {
    for (later, first) in forms.projects() {
        match first {
            Some(first) => compare(later, first, findings),
            None => {
                let name = later.fields.about(FieldMeaning::ProjectName);
                let place = name.map_or(0..0, |name| name.span());
                let message = format!("绩效目标表里没有“{}”这个项目", later.name());
                let finding = Finding::at(&RULE, later.span(place), message);
                findings.push(finding.help("核对项目名称；改过名称的，两张表写成一样"));
            }
        }
    }
}

fn compare(later: &Project, first: &Project, findings: &mut Vec<Finding>) {
    let goals = [later, first].map(|it| it.fields.named(FieldMeaning::Goal));
    if let [Some((word, goal)), Some((_, target))] = goals
        && !target.get_ref().trim().is_empty()
        && folded(goal.get_ref()) != folded(target.get_ref())
    {
        let message = format!("{word}和绩效目标表上写的不一样");
        let finding = Finding::at(&RULE, Text::new(&later.source, goal).inner(), message);
        let place = Text::new(&first.source, target).inner();
        findings.push(finding.related(place, "绩效目标表").help("照绩效目标表抄"));
    }
    let mut targets: Vec<(&str, &Indicator)> =
        first.rows().map(|(level, row)| (level.name.get_ref().as_str(), row)).collect();
    for (level, row) in later.rows() {
        let name = folded(row.name.get_ref());
        let is_named = |target: &Indicator| folded(target.name.get_ref()) == name;
        let in_level =
            targets.iter().position(|(of, target)| of == level.name.get_ref() && is_named(target));
        let anywhere = || targets.iter().position(|(_, target)| is_named(target));
        let Some(index) = in_level.or_else(anywhere) else {
            let message = format!("绩效目标表里没有“{}”这条指标", row.name.get_ref());
            let finding = Finding::at(&RULE, later.span(row.name.span()), message);
            findings.push(finding.help("照绩效目标表写三级指标的名称"));
            continue;
        };
        let (_, target) = targets.remove(index);
        let (Some(value), Some(wanted)) = (read(later, row), read(first, target)) else { continue };
        if folded(value.as_str()) != folded(wanted.as_str()) {
            let message = format!("指标值和绩效目标表不一样：那里写的是“{}”", wanted.as_str());
            let finding = Finding::at(&RULE, value.near(0..value.as_str().len()), message);
            let place = wanted.near(0..wanted.as_str().len());
            findings.push(finding.related(place, "绩效目标表").help("照绩效目标表抄"));
        }
    }
    // A row that could not be read is there all the same.
    if !later.unread.is_empty() {
        return;
    }
    for (_, target) in targets {
        let message = format!("绩效目标表里的“{}”这条指标没有写", target.name.get_ref());
        let name = later.fields.about(FieldMeaning::ProjectName);
        let place = later.span(name.map_or(0..0, |name| name.span()));
        let finding = Finding::at(&RULE, place, message);
        let place = first.span(target.name.span());
        findings.push(finding.related(place, "绩效目标表").help("补上这一条"));
    }
}

/// The target of a row with its sign and its unit.
fn read<'a>(project: &'a Project, row: &'a Indicator) -> Option<Reading<'a>> {
    let about = |meaning| row.values.about(meaning).map(|text| text.get_ref().as_str());
    let target = Text::new(&project.source, row.value()?);
    Some(Reading::new(about(ColumnMeaning::Sign), target, about(ColumnMeaning::Unit)))
}

//! Waivers: warnings that are accepted, with a reason, where the data itself says so.

use std::sync::Arc;

use super::warning_rules;
use crate::data::{Department, WAIVERS, Waiver};
use crate::diagnostics::{Finding, Rule, Severity, SourceFile};
use crate::lint::text::Text;

pub(super) static UNUSED: Rule = Rule {
    code: "W601",
    name: "豁免没有用上",
    severity: Severity::Warning,
    explanation: r#"看什么：["豁免"] 里的每一条是不是真的对应一条警告。
为什么：问题改好以后还留着豁免，下次再犯就没有人提醒了。
反例：年度总体目标已经写好，`["豁免"]`里还有`"W101" = "待补"`
正例：问题改好，豁免也删掉。"#,
};

pub(super) static UNKNOWN: Rule = Rule {
    code: "W602",
    name: "豁免的编号不对",
    severity: Severity::Warning,
    explanation: r#"看什么：["豁免"] 里的编号是不是一条可以豁免的规则。
为什么：编号写错，豁免就不起作用；E 开头的是错误，要改正，不能豁免。
反例：`"W999" = "已核对"`
正例：`"W501" = "今年新增三个村，见县财政局批复"`"#,
};

/// The waivers in the files of a department.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Waivers {
    /// Those of projects, each for its own file.
    projects: Vec<(Arc<SourceFile>, Vec<Waiver>)>,
    /// Those of the department and of its unit, for all files.
    department: Vec<(Arc<SourceFile>, Vec<Waiver>)>,
}

impl Waivers {
    pub fn of(department: &Department) -> Self {
        let projects = department.projects.iter().filter(|project| !project.waivers.is_empty());
        Self {
            projects: projects
                .map(|project| (Arc::clone(&project.source), project.waivers.clone()))
                .collect(),
            department: std::iter::once((&department.source, &department.waivers))
                .chain(department.unit.iter().map(|unit| (&unit.source, &unit.waivers)))
                .map(|(source, waivers)| (Arc::clone(source), waivers.clone()))
                .collect(),
        }
    }

    /// Takes out the findings that are waived and remarks on waivers that do nothing. Unless the
    /// department is whole, a waiver may be for something that was not read, and none is called
    /// unused.
    pub fn apply(&self, is_whole: bool, findings: &mut Vec<Finding>) {
        let mut remarks = Vec::new();
        for (source, waivers) in &self.projects {
            let is_own = |finding: &Finding| finding.is_in(source);
            apply_list(source, waivers, is_own, findings, &mut remarks);
        }
        for (source, waivers) in &self.department {
            apply_list(source, waivers, |_| true, findings, &mut remarks);
        }
        remarks.retain(|remark| is_whole || !remark.is(&UNUSED));
        findings.append(&mut remarks);
    }
}

fn apply_list(
    source: &Arc<SourceFile>,
    waivers: &[Waiver],
    is_meant: impl Fn(&Finding) -> bool,
    findings: &mut Vec<Finding>,
    remarks: &mut Vec<Finding>,
) {
    for waiver in waivers {
        let place = Text::new(source, &waiver.code).inner();
        let code = waiver.code.get_ref();
        if !warning_rules().any(|rule| rule.code == code) {
            let help = if code.starts_with('E') {
                "E 开头的是错误，改正了才能打印，不能豁免；删掉这一行"
            } else {
                "编号在警告的方括号里，如 W101；用 jixiao explain 看全部编号"
            };
            let message = format!("[\"{WAIVERS}\"]里的“{code}”不是可以豁免的编号");
            remarks.push(Finding::at(&UNKNOWN, place, message).help(help));
            continue;
        }
        let count = findings.len();
        findings.retain(|finding| finding.rule.code != code || !is_meant(finding));
        if findings.len() == count {
            let message = format!("“{code}”的豁免没有用上：这里没有这样的警告");
            remarks.push(Finding::at(&UNUSED, place, message).help("删掉这一行"));
        }
    }
}

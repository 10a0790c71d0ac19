//! 年度总体目标 says nothing twice.

use std::collections::HashMap;

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::FieldMeaning;
use crate::lint::Scope;
use crate::lint::text::clauses;

pub(super) static RULE: Rule = Rule {
    code: "W102",
    name: "年度总体目标重复",
    severity: Severity::Warning,
    explanation: r#"看什么：年度总体目标里同一个句子或分句有没有写两遍。
为什么：重复的话多半是粘贴时多按了一次，不增加任何内容。财预〔2015〕88号《中央部门预算绩效目标管理办法》要求绩效目标指向明确。
反例：`"保障村级组织有效运转，保障村级组织有效运转。"`
正例：`"保障村级组织有效运转。"`"#,
};

/// Shorter clauses (一是…，) recur in good style.
const SHORTEST: usize = 6;

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    let Some((_, goal)) = scope.field(FieldMeaning::Goal) else { return };
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (start, clause) in clauses(goal.as_str()) {
        if clause.chars().count() < SHORTEST {
            continue;
        }
        let Some(&first) = seen.get(clause) else {
            seen.insert(clause, start);
            continue;
        };
        let place = |start: usize| goal.near(start..start + clause.len());
        let finding = Finding::at(&RULE, place(start), "同一句话写了两遍")
            .label("第二遍")
            .related(place(first), "第一遍")
            .help("删掉一遍；如果是要说两件事，就改写其中一句");
        findings.push(finding);
    }
}

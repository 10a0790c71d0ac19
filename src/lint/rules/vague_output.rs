//! An output can be measured.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::form::LevelMeaning;
use crate::lint::Scope;

pub(super) static RULE: Rule = Rule {
    code: "W209",
    name: "产出不可衡量",
    severity: Severity::Warning,
    explanation: r#"看什么：产出指标的值是不是只有“显著提升”“有效保证”这样的定性词，没有数字。
为什么：财预〔2015〕88号《中央部门预算绩效目标管理办法》要求绩效目标尽量定量表述，不能量化的也要有可衡量性；产出是自己要做的事，应当数得出来。
反例：`["质量指标"]`下面写`"按规定发放到人" = "有效保证"`
正例：`"按规定发放到人的比例" = "100%"`"#,
};

/// Words of degree that nobody can measure.
const VAGUE: &[&str] = &[
    "显著",
    "明显",
    "有效",
    "不断",
    "逐步",
    "持续",
    "进一步",
    "大幅",
    "切实",
    "稳步",
    "较大",
    "较好",
];

pub(super) fn check(scope: &Scope<'_>, findings: &mut Vec<Finding>) {
    // Where figures are compulsory, their absence is an error already.
    let outputs = scope.form.first_levels.iter();
    let outputs = outputs.filter(|first| first.meaning == Some(LevelMeaning::Output));
    let rows = outputs.flat_map(|first| {
        let levels = first.second_levels.iter().filter(|level| !level.quantified);
        levels.flat_map(|level| scope.rows(&level.key)).map(|row| (&first.name, row))
    });
    for (output, row) in rows {
        let Some(value) = scope.reading(row) else { continue };
        let value = value.as_str();
        let is_vague = VAGUE.iter().any(|word| value.contains(word));
        if is_vague && !value.chars().any(char::is_numeric) {
            let finding = scope
                .about_value(&RULE, row, format!("“{output}”只有定性的说法，无法衡量"))
                .label("没有可衡量的内容")
                .help("写出数字（100%、12次）或能核对的标准（验收合格、6月底前）");
            findings.push(finding);
        }
    }
}

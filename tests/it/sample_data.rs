//! The sample data is the published attachment of 2023, word for word.

use crate::support;
use jixiao::amount::{Format, Money};
use jixiao::data::{Department, Project};

#[test]
fn totals_are_the_published_ones() {
    let department = support::sample();
    let indicators: usize = department
        .projects
        .iter()
        .flat_map(|project| &project.indicators)
        .map(|group| group.indicators.len())
        .sum();
    let total: Money = department.projects.iter().map(|project| project.funding.total()).sum();
    assert_eq!(department.projects.len(), 11);
    assert_eq!(indicators, 103);
    assert_eq!(total.shortest(), "312.7584");
}

/// Text taken off a PDF: `official/附件2.txt` has spaces between Han and digits, half-width
/// punctuation and one formula, and lost some labels at page breaks. Nothing else differs.
#[test]
fn every_word_is_the_published_one() {
    let published = normalised(include_str!("../official/附件2.txt"));
    let mut rest = published.as_str();
    let mut lost_labels = 0;
    for word in words(&support::sample()) {
        let word = normalised(&word);
        if let Some(after) = rest.strip_prefix(word.as_str()) {
            rest = after;
        } else if word == "绩效指标" || word == "产出指标" {
            lost_labels += 1;
        } else {
            let context: String = rest.chars().take(40).collect();
            panic!("the data has “{word}” where the attachment has “{context}”");
        }
    }
    assert_eq!(rest, "", "the attachment goes on");
    assert_eq!(lost_labels, 12, "six pages begin in the middle of 产出指标");
}

/// The attachment's words in the order of the published text.
fn words(department: &Department) -> Vec<String> {
    let form = support::form().definition;
    let mut words = vec![format!("附件2：{}项目支出预算绩效目标表", department.name())];
    for project in &department.projects {
        words.extend([form.blueprint.title.words(), "（2023年度）".to_owned()]);
        words.extend(header(department, project));
        words.extend(
            ["名称", "一级指标", "二级指标", "三级指标", "指标值", "绩效指标"].map(str::to_owned),
        );
        for first in &form.first_levels {
            words.push(first.name.clone());
            for second in &first.second_levels {
                words.push(format!("{}{}", second.name, second.note));
                let group = project.group(&second.name).expect("every indicator is there");
                for row in &group.indicators {
                    words.push(row.name.get_ref().clone());
                    words.extend(row.values.values().map(|value| value.get_ref().clone()));
                }
            }
        }
    }
    words
}

fn header(department: &Department, project: &Project) -> Vec<String> {
    let field = |name: &str| {
        let fields = project.fields.get(name).or_else(|| department.fields.get(name));
        fields.expect("every field is there").get_ref().clone()
    };
    let printed = |amount: Money| Format::default().print(amount);
    let amount = |name: &str| printed(*project.funding.principal.lines[name].get_ref());
    let words = [
        ["项目名称", &field("项目名称")],
        ["主管部门及代码", &format!("{} {}", field("主管部门"), field("代码"))],
        ["实施单位", &field("实施单位")],
        ["项目属性", &field("项目属性")],
        ["项目期", &field("项目期")],
        ["项目资金（万元）年度资金总额：", &printed(project.funding.total())],
        ["其中：财政拨款", &amount("财政拨款")],
        ["其他资金", &amount("其他资金")],
        ["年度总体目标", &field("年度总体目标")],
    ]
    .map(|[label, value]| [label.to_owned(), value.to_owned()]);
    words.into_iter().flatten().collect()
}

fn normalised(text: &str) -> String {
    let text = text.replace("$\\geq 90\\%$", "≥90%");
    let characters = text.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
        '，' => ',',
        '：' => ':',
        '；' => ';',
        '（' => '(',
        '）' => ')',
        _ => c,
    });
    characters.collect()
}

//! For every rule, data it fires on and data it leaves alone: small changes to a form that has
//! nothing to remark on.

use std::collections::BTreeSet;

use super::{Scope, Seen, error_rules, errors, warning_rules, warnings};
use crate::data;
use crate::data::{Department, Project};
use crate::diagnostics::{Finding, SourceFile};
use crate::form::{Class, DEFAULT_FORM, DEFINITION_FILE, Definition, Form, TemplateFiles};

const PROJECT: &str = r#"
"项目名称" = "村级办公经费"
"项目属性" = "0101-一年期项目"
"项目期" = "1年"
"年度总体目标" = "保障2023年各村正常办公（含水电），完善服务设施，提升服务能力。"
["项目资金"]
"财政拨款" = 33.3
"其他资金" = 0
["数量指标"]
"保障村数" = "11个"
["质量指标"]
"经费使用合规率" = "100%"
["时效指标"]
"完成时间" = "2023年底"
["成本指标"]
"经费总额" = "33.3万元"
["社会效益指标"]
"服务水平和服务效率" = "明显提高"
["经济效益指标"]
"村集体收入增长率" = "120%"
["生态效益指标"]
"村容村貌" = "有效改善"
["可持续影响指标"]
"队伍稳定" = "持续保障"
["服务对象满意度指标"]
"群众满意度" = "≥95%"
"#;

type Change = (&'static str, &'static str);

/// A rule, a change to the form, and the texts that the rule then marks.
const FIRES: &[(&str, Change, &[&str])] = &[
    ("E301", ("\"财政拨款\"", "\"年度资金总额\" = 30\n\"财政拨款\""), &["30"]),
    ("E302", ("[\"时效指标\"]\n\"完成时间\" = \"2023年底\"", ""), &[""]),
    ("E303", ("11个", "若干"), &["\"若干\""]),
    ("W101", ("保障2023年各村正常办公（含水电），完善服务设施，提升服务能力。", " "), &[" "]),
    ("W102", ("提升服务能力", "完善服务设施"), &["完善服务设施"]),
    ("W103", ("2023年底", "2022年底"), &["2022年"]),
    ("W103", ("\"完成时间", "\"2021年完成时间"), &["2021年"]),
    ("W103", ("\"完成时间", "\"2018—2020年完成时间"), &["2018—2020年"]),
    ("W103", ("2023年底", "2022.12.31前"), &["2022"]),
    ("W103", ("2023年底", "2022-01至2022-12"), &["2022-01至2022"]),
    ("W103", ("2023年底", "2022/6"), &["2022"]),
    ("W103", ("2023年底", "20221231前"), &["20221231"]),
    ("W103", ("2023年底", "二〇二二年底"), &["二〇二二年"]),
    ("W201", ("33.3万元", "34万元"), &["34万元"]),
    ("W201", ("33.3万元", "3330元"), &["3330元"]),
    ("W201", ("33.3万元", "5"), &["5"]),
    ("W201", ("33.3万元", "2万元/个"), &["2万元/个"]),
    ("W201", ("33.3万元\"", "30万元\"\n\"培训\" = \"2万元\""), &["30万元"]),
    ("W201", ("33.3万元\"", "40万元\"\n\"培训\" = \"500元/人\""), &["40万元"]),
    ("W202", ("33.3万元", "333000"), &["333000"]),
    ("W202", ("33.3万元", "33.3"), &["33.3"]),
    ("W202", ("33.3万元\"", "3万元\"\n\"培训\" = \"300\""), &["300"]),
    ("W203", ("33.3万元", "100%"), &["100%"]),
    ("W204", ("\"100%\"", "\"全部\""), &["全部"]),
    ("W204", ("≥95%", "满意"), &["满意"]),
    ("W205", ("\"100%\"", "\"1000%\""), &["1000"]),
    ("W206", ("≥95%", "95%"), &["95%"]),
    ("W207", ("11个", "100%"), &["100%"]),
    ("W208", ("11个", "≥11"), &["≥11"]),
    ("W209", ("2023年底", "有效保证"), &["有效保证"]),
    ("W210", ("\"完成时间\"", "\"保障村数\""), &["保障村数"]),
    ("W211", ("\"村容村貌\"", "\"生态效益\""), &["生态效益"]),
    ("W301", ("0101-一年期项目", "0101一年期项目"), &["0101一年期项目"]),
    ("W302", ("\"1年\"", "\"3年\""), &["3年"]),
    ("W302", ("一年期", "多年期"), &["1年"]),
    ("W401", ("设施，提升", "设施,提升"), &[","]),
    ("W401", ("（含水电）", "(含水电)"), &["("]),
    ("W402", ("11个\"", "１１个\""), &["１１"]),
    ("W402", ("11个\"", "８．５万元\""), &["８．５"]),
    ("W402", ("11个\"", "1．5个\""), &["．"]),
    ("W402", ("11个\"", "１，２３４人\""), &["１，２３４"]),
    ("W402", ("11个\"", "１２．５％\""), &["１２．５％"]),
    ("W403", ("11个\"", "11 个\""), &[" "]),
    ("W403", ("11个\"", "11\u{2009}个\""), &["\u{2009}"]),
    ("W403", ("保障2023", "保障  2023"), &["  "]),
    ("W404", ("水电）", "水电"), &["（"]),
    ("W404", ("（含水电", "含水电"), &["）"]),
    ("W404", ("（含水电）", "（含“水电）”"), &["）", "（"]),
    ("W405", ("11个\"", "11\u{200b}个\""), &["\u{200b}"]),
    ("W405", ("11个\"", "11\\u202e个\""), &["\"11\\u202e个\""]),
    ("W405", ("11个\"", "11\u{e000}个\""), &["\u{e000}"]),
    ("W406", ("\"保障村数\"", "\"月驻村天数261天\""), &["261天"]),
    ("W406", ("\"保障村数\" = \"11个\"", "\"月驻村天数\" = \"45天\""), &["45天"]),
    ("W408", ("\"村容村貌\"", "\"⼈⺠⽣活补助\""), &["⼈⺠⽣"]),
    ("W408", ("11个\"", "11个⾏政村\""), &["⾏"]),
    ("W408", ("村级办公经费", "村级办公经\u{f9b4}"), &["\u{f9b4}"]),
    ("W409", ("\"村容村貌\"", "\"村容村貌 \""), &[" "]),
    ("W409", ("\"有效改善", "\"\u{3000}有效改善"), &["\u{3000}"]),
    ("W409", ("村级办公经费", "村级\u{2002}办公经费"), &["\u{2002}"]),
    ("W409", ("村级办公经费", "村级\u{a0}办公经费"), &["\u{a0}"]),
    ("W410", ("≥95%", "&ge;95%"), &["&ge;"]),
    ("W410", ("≥95%", "≥&#57;5%"), &["&#57;"]),
    ("W410", ("，完善", "_x000D_，完善"), &["_x000D_"]),
    ("W410", ("，完善", "，<br/>完善"), &["<br/>"]),
    ("W410", ("，完善", "，\\\\n完善"), &["\\n"]),
    ("W410", ("有效改善", "有效&nbsp;改善"), &["&nbsp;"]),
    ("W411", ("村级办公经费", "锟斤拷锟斤拷经费"), &["锟斤拷锟斤拷"]),
    ("W411", ("村级办公经费", "鍔炲叕缁忚垂"), &["鍔炲叕缁忚垂"]),
    ("W411", ("村级办公经费", "åŠžå…¬ç»�è´¹"), &["åŠžå…¬", "\u{fffd}"]),
    ("W411", ("村级办公经费", "村级办\u{fffd}经费"), &["\u{fffd}"]),
    ("W411", ("有效改善", "烫烫烫烫"), &["烫烫烫烫"]),
    ("W601", ("[\"项目资金\"]", "[\"豁免\"]\n\"W101\" = \"待补\"\n[\"项目资金\"]"), &["W101"]),
    ("W602", ("[\"项目资金\"]", "[\"豁免\"]\n\"W999\" = \"待补\"\n[\"项目资金\"]"), &["W999"]),
    ("W602", ("[\"项目资金\"]", "[\"豁免\"]\n\"E303\" = \"待补\"\n[\"项目资金\"]"), &["E303"]),
    ("W603", ("\"保障村数\"", "# \"培训\" = \"2次\"\n\"保障村数\""), &["# \"培训\" = \"2次\""]),
    ("W603", ("[\"质量指标\"]", "#[\"质量指标\"]"), &["#[\"质量指标\"]"]),
    ("W701", ("33.3\n", "0 # 待填：万元\n"), &["# 待填：万元"]),
    ("W702", ("33.3\n", "33.3\n#待核对\n"), &["#待核对"]),
    ("W603", ("33.3\n", "33.3\n#\"培训次数\" = \"2次\"\n"), &["#\"培训次数\" = \"2次\""]),
    ("W603", ("33.3\n", "33.3\n# [\"质量指标\"]\n"), &["# [\"质量指标\"]"]),
    ("W603", ("33.3\n", "33.3\n## 项目期 = \"1年\"\n"), &["## 项目期 = \"1年\""]),
    ("W603", ("33.3\n", "33.3\n#“培训次数” ＝ “2次”\n"), &["#“培训次数” ＝ “2次”"]),
];

/// A rule and a change that it has nothing against.
const RESTS: &[(&str, Change)] = &[
    ("E301", ("\"财政拨款\"", "\"年度资金总额\" = 33.30\n\"财政拨款\"")),
    ("E302", ("\"完成时间\"", "\"时间\"")),
    ("E303", ("11个", "十一（11）个")),
    ("W101", ("保障2023年各村正常办公（含水电），完善服务设施，提升服务能力。", "办公")),
    ("W102", ("完善服务设施，提升服务能力", "一是办公，二是培训，一是办公")),
    ("W103", ("\"完成时间", "\"按《2021年方案》完成时间")),
    ("W103", ("\"完成时间", "\"较2022年增长")),
    ("W103", ("\"完成时间", "\"2021年至2025年完成时间")),
    ("W103", ("村级办公经费", "2021年村级办公经费")),
    ("W103", ("2023年底", "2023.12.31前")),
    ("W103", ("2023年底", "2022.7至2023.6")),
    ("W103", ("2023年底", "投入2022.5万元")),
    ("W201", ("33.3万元", "33万元")),
    ("W201", ("33.3万元", "333000元")),
    ("W201", ("33.3万元", "3万/村")),
    ("W201", ("\"11个\"", "\"11\"")),
    ("W201", ("33.3万元", "每村2万元")),
    ("W201", ("33.3万元", "30-40万元")),
    ("W201", ("33.3万元", "办公30万元、培训3.3万元")),
    ("W201", ("33.3万元\"", "30万元\"\n\"培训\" = \"3.3万元\"")),
    ("W201", ("33.3万元\"", "2万元\"\n\"培训\" = \"500元/人\"")),
    ("W202", ("33.3万元", "333000元")),
    ("W202", ("\"经费总额\" = \"33.3万元\"", "\"经费总额（元）\" = \"333000\"")),
    ("W203", ("33.3万元\"", "33.3万元\"\n\"成本控制比例\" = \"100%\"")),
    ("W203", ("33.3万元", "33.3万以内")),
    ("W203", ("33.3万元", "33.3 万元")),
    ("W203", ("33.3万元", "叁拾叁万叁仟元（333000）")),
    ("W202", ("33.3万元", "￥333000")),
    ("W202", ("33.3万元", "人民币333000")),
    ("W201", ("33.3万元", "￥33.3万")),
    ("W201", ("33.3万元", "33.3万左右")),
    ("W201", ("33.3万元", "人均2000元，共166人")),
    ("W201", ("33.3万元", "户均补助1万元")),
    ("W201", ("\"经费总额\" = \"33.3万元\"", "\"人均补助\" = \"2000元\"")),
    ("W204", ("\"100%\"", "\"百分之百\"")),
    ("W204", ("≥95%", "不低于九成半（95%）")),
    ("W205", ("\"100%\"", "\"100.0%\"")),
    ("W206", ("≥95%", "95%以上")),
    ("W207", ("11个", "11个村（占50个）")),
    ("W208", ("\"保障村数\" = \"11个\"", "\"覆盖率\" = \"11\"")),
    ("W209", ("2023年底", "验收合格")),
    ("W210", ("\"完成时间\"", "\"保障村数时间\"")),
    ("W211", ("\"村容村貌\"", "\"生态效益改善程度\"")),
    ("W301", ("0101-一年期项目", "0202-其他运转类-经费")),
    ("W302", ("\"1年\"", "\"2023年\"")),
    ("W302", ("\"1年\"", "\"按年安排\"")),
    ("W401", ("完善服务设施，提升", "完善A,B设施1:2，提升")),
    ("W401", ("（含水电）", "(A类)")),
    ("W402", ("11个\"", "11个ABC\"")),
    ("W403", ("完善服务设施", "完善 服务 A 设施")),
    ("W404", ("完善服务设施", "办好Women’s Day，完善服务设施")),
    ("W404", ("完善服务设施", "1）完善服务设施；2）服务")),
    ("W404", ("（含水电）", "（含“水电（费）”)")),
    ("W405", ("完善服务", "\\n目标2：完善服务")),
    ("W406", ("\"保障村数\"", "\"3个月驻村92天，6月底前\"")),
    ("W406", ("11个", "按月发放，全年出勤300天")),
    ("W406", ("\"保障村数\" = \"11个\"", "\"月度补助\" = \"发放11人，出勤300天\"")),
    ("W408", ("村容村貌", "㎡①〇")),
    ("W409", ("完善服务设施", "完善 服务\u{3000}设施")),
    ("W409", ("\"保障2023", "\"　　保障2023")),
    ("W410", ("完善服务设施", "A&B设施<5处；x_1_2")),
    ("W411", ("完善服务设施", "餐饮鄯善，联通烫金屯子")),
    ("W601", ("\"11个\"", "\"11\"\n[\"豁免\"]\n\"W208\" = \"名称里有单位\"")),
    ("W602", ("\"11个\"", "\"11\"\n[\"豁免\"]\n\"W208\" = \"名称里有单位\"")),
    ("W603", ("33.3\n", "33.3 # 其中省级 = 10\n")),
    ("W701", ("33.3\n", "33.3 # 上年待填\n")),
    ("W702", ("完善服务设施", "# 待核对")),
    ("W603", ("33.3\n", "33.3 # 其中省级 = 10\n")),
    ("W603", ("33.3\n", "33.3\n# \"三级指标\" = \"指标值\"\n# 金额 = 数量 × 单价\n")),
    ("W603", ("完善服务设施", "# [\\\"质量指标\\\"]")),
];

fn form() -> Definition {
    Form::builtin().map(|form| form.definition).ok().unwrap_or_else(|| unreachable!())
}

fn project(text: &str, form: &Definition) -> Project {
    let mut findings = Vec::new();
    let project = data::project(&SourceFile::new("项目.toml", text), form, &mut findings);
    assert!(findings.is_empty(), "{findings:#?}");
    project.unwrap_or_else(|| unreachable!())
}

fn department(code: &str, name: &str, projects: Vec<Project>) -> Department {
    let text = format!("\"主管部门\" = \"{name}\"\n\"代码\" = \"{code}\"\n");
    let source = SourceFile::new("部门.toml", text);
    // It says no more than rules look at.
    let (fields, waivers) = data::department_file(&source, &form(), &mut Vec::new());
    Department {
        folder: name.to_owned(),
        class: Class::Target,
        source,
        fields,
        waivers,
        unit: None,
        projects,
    }
}

/// All findings on one project.
fn findings(text: &str, previous: Option<&str>) -> Vec<Finding> {
    let form = form();
    let of = |text| department("056", "灵沙乡", vec![project(text, &form)]);
    let (department, previous) = (of(text), previous.map(of));
    let mut findings = Vec::new();
    let scopes = Scope::of(&department, &form, "2023", previous.as_ref());
    errors(&scopes, &department, &mut findings);
    warnings(&scopes, &department, &mut Seen::default(), &mut findings);
    findings
}

/// The texts that findings of one rule mark.
fn marked(findings: &[Finding], code: &str) -> Vec<String> {
    let own = findings.iter().filter(|finding| finding.rule.code == code);
    own.filter_map(Finding::span).map(|span| span.text().to_owned()).collect()
}

fn changed((from, to): Change) -> String {
    assert_eq!(PROJECT.matches(from).count(), 1, "{from}");
    PROJECT.replace(from, to)
}

#[test]
fn nothing_is_to_be_said_of_a_good_form() {
    let findings = findings(PROJECT, Some(PROJECT));
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn rules_fire_where_they_should() {
    for &(code, change, expected) in FIRES {
        assert_eq!(marked(&findings(&changed(change), None), code), expected, "{code} {change:?}");
    }
}

#[test]
fn rules_rest_where_they_should() {
    for &(code, change) in RESTS {
        assert!(marked(&findings(&changed(change), None), code).is_empty(), "{code} {change:?}");
    }
}

#[test]
fn every_rule_has_both_fixtures() {
    // These look at more than one project, or at columns of numbers; tests of their own follow.
    let mut fires = BTreeSet::from([
        "E304", "E305", "W212", "W213", "W214", "W215", "W216", "W303", "W304", "W305", "W306",
        "W307", "W407", "W501", "W502", "W604",
    ]);
    let mut rests = fires.clone();
    fires.extend(FIRES.iter().map(|(code, ..)| code));
    rests.extend(RESTS.iter().map(|(code, _)| code));
    let all: BTreeSet<_> = error_rules().chain(warning_rules()).map(|rule| rule.code).collect();
    assert_eq!(fires, all);
    assert_eq!(rests, all);
}

#[test]
fn a_department_has_a_code_of_its_own_and_projects_of_different_names() {
    let form = form();
    let mut seen = Seen::default();
    let mut check = |folder: &str, code: &str, name: &str, names: &[&str]| {
        let named = |name: &&str| project(&PROJECT.replace("村级办公经费", name), &form);
        let department = department(code, name, names.iter().map(named).collect());
        let department = Department { folder: folder.to_owned(), ..department };
        let scopes = Scope::of(&department, &form, "2023", None);
        let mut findings = Vec::new();
        errors(&scopes, &department, &mut findings);
        warnings(&scopes, &department, &mut seen, &mut findings);
        findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    assert!(check("056-灵沙乡", "056", "灵沙乡", &["甲", "乙"]).is_empty());
    // The same department in another folder.
    assert_eq!(check("灵沙乡 - 副本", "056", "灵沙乡", &["丙"]), ["W305"]);
    assert_eq!(check("灵沙乡二", "066", "灵沙乡 ", &["丁"]), ["W409", "W305"]);
    assert_eq!(check("057-渠口乡", "056", "渠口乡", &["戊"]), ["W306", "W304"]);
    assert_eq!(check("058", "O58", "高仁乡", &["己"]), ["W303"]);
    // Two files of another department's.
    assert_eq!(check("059-城关镇", "059", "城关镇", &["甲", "乙", "辛"]), ["W307"]);
    assert_eq!(check("060-头闸镇", "060", "头闸镇", &["庚", "庚"]), ["E304"]);
    assert_eq!(check("061-宝丰镇", "061", "宝丰镇", &["壬", "壬 "]), ["E304", "W409"]);
    assert_eq!(check("062-通伏乡", "062", "通伏乡", &["项目", "项⽬"]), ["E304", "W408"]);
    // Short numbers only bring folders into an order, and units have longer codes.
    assert!(check("01-黄渠桥镇", "063", "黄渠桥镇", &["癸"]).is_empty());
    assert!(check("219-教育局", "219001", "教育局", &["子"]).is_empty());
}

#[test]
fn no_rule_about_characters_fires_on_plain_ones() {
    for c in ('\0'..='\u{ffff}').filter(|&c| super::text::is_plain(&c.to_string())) {
        for text in [format!("{c}"), format!("一{c}一"), format!("1{c}1"), format!("{c}{c}{c}一")]
        {
            let source = SourceFile::new("a.toml", format!("\"{text}\""));
            let text = toml::Spanned::new(0..source.text().len(), text);
            let mut found = Vec::new();
            super::rules::check_text(&super::text::Text::new(&source, &text), &mut found);
            assert!(found.is_empty(), "{c:?} {found:#?}");
        }
    }
}

#[test]
fn costs_are_known_where_they_are_a_first_level() {
    let text = TemplateFiles::embedded(DEFAULT_FORM);
    let text = String::from_utf8_lossy(text.get(DEFINITION_FILE).unwrap_or_default()).into_owned();
    let (levels, rest) = text.split_once("\"成本指标\" = ").unwrap_or_else(|| unreachable!());
    let rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    let text = format!(
        "{levels}{rest}\n[\"一级指标\".\"成本指标\"]\n\"经济成本指标\" = {{}}\n\"社会成本指标\" = {{}}\n"
    );
    let mut found = Vec::new();
    let form = Definition::parse(&SourceFile::new("form.toml", text), &mut found);
    let form = form.unwrap_or_else(|| unreachable!("{found:#?}"));
    let codes = |costs: &str| {
        let text = PROJECT.replace("[\"成本指标\"]\n\"经费总额\" = \"33.3万元\"", costs);
        let department = department("056", "灵沙乡", vec![project(&text, &form)]);
        let scopes = Scope::of(&department, &form, "2023", None);
        let mut findings = Vec::new();
        warnings(&scopes, &department, &mut Seen::default(), &mut findings);
        findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    let social = "[\"社会成本指标\"]\n\"占用耕地\" = \"0亩\"\n";
    for (value, expected) in
        [("33.3万元", &[][..]), ("34万元", &["W201"]), ("333000", &["W202"]), ("100%", &["W203"])]
    {
        let costs = format!("[\"经济成本指标\"]\n\"经费总额\" = \"{value}\"\n{social}");
        assert_eq!(codes(&costs), expected, "{value}");
    }
    assert!(codes(social).is_empty());
}

#[test]
fn numbers_of_a_column_keep_their_limits() {
    let text = TemplateFiles::embedded(DEFAULT_FORM);
    let text = String::from_utf8_lossy(text.get(DEFINITION_FILE).unwrap_or_default()).into_owned();
    let columns = "\"权重\" = { \"合计\" = 100 }\n\"得分\" = { \"最大\" = \"权重\" }\n";
    let text = text
        .replace("[\"一级指标\".\"产出指标\"]", &format!("{columns}[\"一级指标\".\"产出指标\"]"))
        .replace("\"{指标值}\"]", "\"{指标值} {权重} {得分}\"]");
    let mut found = Vec::new();
    let form = Definition::parse(&SourceFile::new("form.toml", text), &mut found);
    let form = form.unwrap_or_else(|| unreachable!("{found:#?}"));
    let marked = |cells: &[&str]| {
        let mut text = PROJECT.to_owned();
        for (value, cells) in ["\"11个\"", "\"100%\"", "\"2023年底\""].iter().zip(cells) {
            text = text.replace(value, &format!("{{ \"指标值\" = {value}{cells} }}"));
        }
        let department = department("056", "灵沙乡", vec![project(&text, &form)]);
        let scopes = Scope::of(&department, &form, "2023", None);
        let mut findings = Vec::new();
        warnings(&scopes, &department, &mut Seen::default(), &mut findings);
        let place = |it: &Finding| (it.rule.code, it.span().map(|span| span.text().to_owned()));
        findings.iter().map(place).collect::<Vec<_>>()
    };
    assert!(marked(&[]).is_empty());
    assert!(marked(&[", \"权重\" = 60, \"得分\" = 60", ", \"权重\" = 40"]).is_empty());
    assert!(marked(&[", \"权重\" = 33.3", ", \"权重\" = 66.7", ", \"得分\" = 5"]).is_empty());
    assert_eq!(
        marked(&[", \"权重\" = 60", ", \"权重\" = 39.9"]),
        [("W212", Some("39.9".to_owned()))]
    );
    assert_eq!(
        marked(&[", \"权重\" = 60, \"得分\" = 60.1", ", \"权重\" = 40.0"]),
        [("W213", Some("60.1".to_owned()))]
    );
}

#[test]
fn a_form_that_computes_queries_what_cannot_be_and_asks_for_reasons() {
    let text = TemplateFiles::embedded("自评表");
    let text = String::from_utf8_lossy(text.get(DEFINITION_FILE).unwrap_or_default()).into_owned();
    let form = Definition::parse(&SourceFile::new("form.toml", text), &mut Vec::new()).unwrap();
    let found = |budget: &str, spent: &str, score: &str| {
        let amounts = format!(
            "{{ \"年初预算数\" = 0, \"全年预算数\" = {budget}, \"全年执行数\" = {spent} }}"
        );
        let nothing = "{ \"年初预算数\" = 0, \"全年预算数\" = 0, \"全年执行数\" = 0 }";
        let text = format!(
            "\"项目名称\" = \"修路\"\n\"年度总体目标\" = \"修好路。\"\n\"实际完成情况\" = \"修好了路。\"\n\
             [\"项目资金\"]\n\"本年财政拨款\" = {amounts}\n\"上年结转资金\" = {nothing}\n\"其他资金\" = {nothing}\n\
             [\"数量指标\"]\n\"修路里程\" = {{ \"年度指标值\" = \"≥5公里\", \"实际完成值\" = \"5公里\", \"分值\" = 90, {score} }}\n"
        );
        let department = department("056", "灵沙乡", vec![project(&text, &form)]);
        let scopes = Scope::of(&department, &form, "2023", None);
        let mut findings = Vec::new();
        errors(&scopes, &department, &mut findings);
        warnings(&scopes, &department, &mut Seen::default(), &mut findings);
        let place = |it: &Finding| (it.rule.code, it.span().map(|span| span.text().to_owned()));
        findings.iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(found("5", "4.9", "\"得分\" = 90"), []);
    let reason = "\"得分\" = 80, \"偏差原因分析及改进措施\" = \"雨季停工\"";
    assert_eq!(found("5", "4.9", reason), []);
    assert_eq!(found("5", "4.9", "\"得分\" = 80"), [("E305", Some("80".to_owned()))]);
    let blank = "\"得分\" = 80, \"偏差原因分析及改进措施\" = \" \"";
    assert_eq!(found("5", "4.9", blank)[0], ("E305", Some("80".to_owned())));
    // The rate of all the funds, and the score that hangs on it.
    let codes: Vec<&str> = found("0", "0", "\"得分\" = 90").iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["W214", "W214", "W214"]);
}

#[test]
fn what_is_missing_is_told_at_once() {
    let errors_of = |text: &str| -> Vec<Finding> {
        let found = findings(text, None).into_iter();
        found.filter(|finding| finding.rule.code == "E302").collect()
    };
    let one = errors_of(&changed(("\"完成时间\" = \"2023年底\"\n", "")));
    assert!(
        matches!(&one[..], [one] if one.message.contains("时效指标") && one.related.is_empty())
    );
    let head: String = PROJECT.lines().take(8).map(|line| format!("{line}\n")).collect();
    let levels = form();
    let empty: String =
        levels.second_levels().map(|level| format!("[\"{}\"]\n", level.name)).collect();
    let all = errors_of(&format!("{head}{empty}"));
    assert!(matches!(&all[..], [all] if all.message.starts_with("还缺 9 类指标：数量指标、")));
    assert_eq!(all[0].related.len(), 8);
    let absent = errors_of(&head);
    assert!(matches!(&absent[..], [all] if all.help.len() == 1 && all.related.is_empty()));
}

#[test]
fn of_a_text_that_is_far_too_long_only_that_is_said() {
    let with_goal = |length: usize| {
        let goal = "2022年,".repeat(length / 6);
        changed(("保障2023年各村正常办公（含水电），完善服务设施，提升服务能力。", "……"))
            .replace("……", &goal)
    };
    let codes = |text: &str| {
        findings(text, None).iter().map(|finding| finding.rule.code).collect::<BTreeSet<_>>()
    };
    assert_eq!(codes(&with_goal(3000)), BTreeSet::from(["W103"]));
    assert_eq!(codes(&with_goal(3006)), BTreeSet::from(["W407"]));
}

#[test]
fn last_year_is_compared() {
    let codes = |text: &str, previous: &str| {
        let findings = findings(text, Some(previous));
        findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    let last_year = PROJECT.replace("33.3", "10").replace("2023", "2022");
    assert_eq!(codes(PROJECT, &last_year), ["W501"]);
    assert!(codes(PROJECT, &PROJECT.replace("33.3", "30")).is_empty());
    // Left over word for word is one finding, not two; a new text with an old year is another.
    let leftover = PROJECT.replace("\"2023年底", "\"2022年底");
    assert_eq!(codes(&leftover, &leftover), ["W502"]);
    assert_eq!(codes(&leftover, PROJECT), ["W103"]);
    // A project of another name is another project.
    assert!(codes(PROJECT, &last_year.replace("村级办公", "会议")).is_empty());
}

#[test]
fn repairs_are_certain_and_final() {
    for (broken, repaired) in [
        ("设施,提升", "设施，提升"),
        ("(含水电)", "（含水电）"),
        ("１１个", "11个"),
        ("11\u{a0} 个", "11个"),
        ("11\u{200b}个", "11个"),
        ("村级办公经费 ", "村级办公经费"),
        ("\u{2002}村容村貌", "村容村貌"),
        ("服务⽔平", "服务水平"),
        ("&ge;95%", "≥95%"),
        ("鏉戠骇鍔炲叕缁忚垂", "村级办公经费"),
        ("鎸佺画淇濋殰", "持续保障"),
    ] {
        let text = PROJECT.replace(repaired, broken);
        assert_ne!(text, PROJECT);
        let mut edits: Vec<_> =
            findings(&text, None).into_iter().flat_map(|finding| finding.fix).collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.range.start));
        let fixed = edits.iter().fold(text, |mut text, edit| {
            text.replace_range(edit.span.range.clone(), &edit.text);
            text
        });
        assert_eq!(fixed, PROJECT, "{broken}");
    }
}

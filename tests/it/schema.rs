//! The schemas: current, fitting whatever loads, and refusing each class of bad file.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use crate::support;
use crate::support::form::{FormParts, MAY_BE_EMPTY, OPTIONAL, QUANTIFIED, REQUIRED};
use jixiao::data;
use jixiao::data::{Department, Fields};
use jixiao::diagnostics::{SourceFile, has_errors};
use jixiao::form::{Class, DEFAULT_FORM, DEFINITION_FILE, Definition, Form, usual_form};
use jixiao::lint::{self, Scope};
use jixiao::schema::FileKind;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

/// A form of another province: more columns, of which some may be left out, and a tree that is
/// not all required.
const OTHER_FORM: FormParts = FormParts {
    department: &[("主管部门", "\"必填\" = true, \"项目可改\" = true")],
    project: &[("项目名称", REQUIRED), ("备注", OPTIONAL)],
    columns: &[("指标值", REQUIRED), ("度量单位", MAY_BE_EMPTY), ("权重", OPTIONAL)],
    levels: &[(
        "成本指标",
        &[
            ("经济成本指标", QUANTIFIED),
            ("社会成本指标", "\"标注\" = \"（选填）\", \"说明\" = \"没有就不写\""),
        ],
    )],
    ..FormParts::LEAST
};

const OTHER_PROJECT: &str = r#"
"项目名称" = "修路"
["资金"]
"财政资金" = 5
["经济成本指标"]
"总成本" = { "指标值" = "≤5", "度量单位" = "万元", "权重" = "10" }
"每公里成本" = { "指标值" = "≤1", "度量单位" = "" }
"#;

const CONFIG: &str = r#"
["字体"]
"文件夹" = "字体"
"正文" = ["SimSun"]
["规则"]
"W101" = "关闭"
"W208" = "错误"
"#;

fn validator(kind: FileKind, form: &Definition) -> Validator {
    let text = kind.schema(form).to_json().expect("a schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::draft7::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    jsonschema::draft7::new(&schema).unwrap_or_else(|error| panic!("{error}"))
}

/// A TOML text as an editor sees it.
fn json(text: &str) -> Value {
    let table: toml::Table = toml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    serde_json::to_value(table).expect("JSON")
}

#[track_caller]
fn assert_fits(schema: &Validator, text: &str, what: &str) {
    let errors: Vec<String> =
        schema.iter_errors(&json(text)).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}\n{text}");
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn sample_project() -> String {
    read(&support::sample_files()[0])
}

/// The built-in form that files of a kind are read by.
fn form_of(kind: FileKind) -> Definition {
    let name = kind.class().and_then(usual_form).unwrap_or(DEFAULT_FORM);
    Form::builtin_named(name).expect("a form").expect("a form").definition
}

#[test]
fn the_files_of_later_forms_fit() {
    for (kind, edition, file) in [
        (Class::Evaluation, "自评表", "2022/219-棠溪镇/自评/01-委托业务项目.toml"),
        (Class::Monitoring, "监控表", "2023/219-棠溪镇/监控/01-河道保洁.toml"),
        (Class::Whole, "整体目标表", "2023/301-示例局/整体/部门.toml"),
        (Class::WholeEvaluation, "整体自评表", "2023/301-示例局/整体自评/部门.toml"),
    ] {
        let kind = FileKind::Later(kind);
        let path =
            support::repository().join("tests/editions").join(edition).join("data").join(file);
        let text = read(&path);
        let schema = validator(kind, &form_of(kind));
        assert_fits(&schema, &text, file);
        let computed = text.replacen("\"指标", "\"总额\" = 1\n\"指标", 1);
        assert!(computed == text || !schema.is_valid(&json(&computed)));
        assert!(!schema.is_valid(&json(&format!("\"多的\" = 1\n{text}"))), "{edition}");
    }
}

#[test]
fn where_there_are_several_forms_each_has_its_schemas_and_the_editor_is_told_of_them() {
    let workspace = support::empty_workspace();
    support::add_sample(workspace.path());
    let year = workspace.path().join("data");
    support::copy(&year.join("2023"), &year.join("2024"));
    let choice = "[[\"表样\"]]\n\"年度\" = \"2024\"\n\"采用\" = \"目标表2021\"\n";
    support::write(workspace.path(), "jixiao.toml", choice);
    let run = support::run(workspace.path(), &["schema", "-o", "schemas"]);
    for (form, year) in [("附件2", "2023"), ("目标表2021", "2024")] {
        let path = format!("schemas/{form}/项目.schema.json");
        assert!(read(&workspace.path().join(&path)).contains("经济成本指标") == (year == "2024"));
        let lines = format!("path = \"{path}\"\ninclude = [\"data/{year}/056-灵沙乡/*.toml\"]");
        assert!(run.messages.contains(&lines), "{lines} in\n{}", run.messages);
        let lines = format!("include = [\"data/{year}/056-灵沙乡/部门.toml\"]");
        assert!(run.messages.contains(&lines), "{lines} in\n{}", run.messages);
    }
    assert!(workspace.path().join("schemas/自评.schema.json").is_file());
    let one = support::try_run(workspace.path(), &["schema", "项目"]);
    assert_eq!(one.status, Some(2));
    support::run(workspace.path(), &["schema", "自评"]);
}

#[test]
fn the_checked_in_schemas_are_current() {
    for kind in FileKind::ALL {
        let form = form_of(kind);
        let path = support::repository().join("schemas").join(kind.schema_file());
        let current = fs::read_to_string(&path).unwrap_or_default();
        let text = kind.schema(&form).to_json().expect("a schema");
        assert!(
            current == text,
            "{} is out of date: cargo run -- schema -o schemas",
            path.display()
        );
    }
}

#[test]
fn the_program_writes_what_is_checked_in_and_only_what_has_changed() {
    let folder = support::empty_workspace();
    let write = || support::run(folder.path(), &["schema", "-o", "编辑器/schemas"]).results;
    assert_eq!(write().matches("已写出").count(), FileKind::ALL.len());
    fs::write(folder.path().join("编辑器/schemas/部门.schema.json"), "{}").expect("a file");
    let again = write();
    assert_eq!(again.matches("没有变化").count(), FileKind::ALL.len() - 1, "{again}");
    assert!(again.contains("已写出 编辑器/schemas/部门.schema.json"), "{again}");
    for kind in FileKind::ALL {
        let written = read(&folder.path().join("编辑器/schemas").join(kind.schema_file()));
        assert!(written == read(&support::repository().join("schemas").join(kind.schema_file())));
    }
}

#[test]
fn the_editor_is_told_where_each_schema_is() {
    for settings in ["tombi.toml", ".taplo.toml"] {
        let associations = read(&support::repository().join(settings));
        for kind in FileKind::ALL {
            let path = format!("\"schemas/{}\"", kind.schema_file());
            assert!(associations.contains(&path), "{settings}: {kind:?}");
        }
    }
}

#[test]
fn the_sample_data_fits() {
    let form = support::form().definition;
    let project = validator(FileKind::Project, &form);
    let department = validator(FileKind::Department, &form);
    let files = support::sample_files();
    assert_eq!(files.len(), 12);
    for path in files {
        let is_department = path.ends_with(jixiao::workspace::DEPARTMENT_FILE);
        let schema = if is_department { &department } else { &project };
        assert_fits(schema, &read(&path), &path.display().to_string());
    }
}

#[test]
fn every_form_and_the_settings_fit() {
    let form = support::form().definition;
    let schema = validator(FileKind::Form, &form);
    for folder in fs::read_dir(support::repository().join("templates")).expect("the templates") {
        let path = folder.expect("an entry").path().join(DEFINITION_FILE);
        if path.is_file() {
            assert_fits(&schema, &read(&path), &path.display().to_string());
        }
    }
    assert_fits(&schema, &OTHER_FORM.toml(), "the other form");
    assert_fits(&schema, crate::funding::YUAN, "a form in 元");
    assert_fits(&schema, crate::funding::NESTED, "a form with parts of parts");
    assert_fits(&validator(FileKind::Config, &form), CONFIG, "the settings");
    assert_fits(&validator(FileKind::Config, &form), "", "no settings");
}

#[test]
fn the_data_of_another_form_fits_its_own_schemas() {
    let form = OTHER_FORM.definition();
    let project = validator(FileKind::Project, &form);
    assert_fits(&project, OTHER_PROJECT, "a project");
    let more =
        OTHER_PROJECT.replace("[\"资金\"]", "\"备注\" = \"\"\n\"主管部门\" = \"乙县\"\n[\"资金\"]");
    assert_fits(&project, &(more + "[\"社会成本指标\"]\n"), "a project with all it may have");
    let department = validator(FileKind::Department, &form);
    assert_fits(&department, "\"主管部门\" = \"乙县交通局\"\n", "a department");
    assert!(!project.is_valid(&json(&sample_project())), "a project of the built-in form");
}

/// Changes a file in one place and expects its schema to refuse it.
#[track_caller]
fn assert_refused(kind: FileKind, form: &Definition, good: &str, changes: &[(&str, &str, &str)]) {
    let schema = validator(kind, form);
    assert_fits(&schema, good, "the unchanged file");
    for (what, from, to) in changes {
        assert_eq!(good.matches(from).count(), 1, "{what}: {from} stands once");
        let bad = good.replace(from, to);
        assert!(!schema.is_valid(&json(&bad)), "{what} fits:\n{bad}");
    }
}

#[test]
fn bad_projects_are_refused() {
    let rows = |level: &str| vec![(format!("{level}甲"), "≥1个".to_owned())];
    let good = support::project("修路", "修好", rows) + "[\"豁免\"]\n\"W101\" = \"核对过\"\n";
    let changes = [
        ("a missing field", "\"项目期\" = \"1年\"\n", ""),
        ("a missing field that may be empty", "\"年度总体目标\" = \"\"\"修好\"\"\"\n", ""),
        ("an empty field", "\"1年\"", "\"\""),
        ("a blank field", "\"1年\"", "\" 　\\t\""),
        ("a number for a text", "\"1年\"", "1"),
        ("an unknown key", "\"项目期\"", "\"备注\" = \"\"\n\"项目期\""),
        ("a mistyped field", "\"项目期\"", "\"项目期限\""),
        ("a mistyped table", "[\"质量指标\"]", "[\"质量目标\"]"),
        ("a missing funding line", "\"其他资金\" = 0\n", ""),
        ("an unknown funding line", "\"其他资金\" = 0\n", "\"其他资金\" = 0\n\"自筹\" = 1\n"),
        ("an amount as text", "\"财政拨款\" = 1", "\"财政拨款\" = \"1\""),
        ("a negative amount", "\"财政拨款\" = 1", "\"财政拨款\" = -0.5"),
        ("no amount", "\"财政拨款\" = 1", "\"财政拨款\" = nan"),
        ("a total as text", "\"财政拨款\" = 1", "\"财政拨款\" = 1\n\"年度资金总额\" = \"1\""),
        ("a missing required table", "[\"质量指标\"]\n\"质量指标甲\" = \"≥1个\"", ""),
        ("an empty required table", "\"质量指标甲\" = \"≥1个\"", ""),
        ("a quantity without a figure", "\"数量指标甲\" = \"≥1个\"", "\"甲\" = \"若干个\""),
        (
            "a quantity without a figure in a table",
            "\"数量指标甲\" = \"≥1个\"",
            "\"甲\" = { \"指标值\" = \"若干个\" }",
        ),
        ("an indicator that is a number", "\"质量指标甲\" = \"≥1个\"", "\"甲\" = 100"),
        ("an indicator that is a list", "\"质量指标甲\" = \"≥1个\"", "\"甲\" = [\"1\"]"),
        ("an indicator that is a date", "\"质量指标甲\" = \"≥1个\"", "\"甲\" = 2023-12-31"),
        ("an empty indicator", "\"质量指标甲\" = \"≥1个\"", "\"甲\" = \"\""),
        ("an indicator without a column", "\"质量指标甲\" = \"≥1个\"", "\"甲\" = {}"),
        (
            "an indicator with an unknown column",
            "\"质量指标甲\" = \"≥1个\"",
            "\"甲\" = { \"指标值\" = \"1\", \"权重\" = \"1\" }",
        ),
        ("an indicator without a name", "\"质量指标甲\" =", "\" \" ="),
        ("a field in the wrong table", "\"质量指标甲\" =", "\"项目期\" ="),
        ("a waiver without a reason", "\"核对过\"", "\"\""),
        ("a waiver that is no text", "\"核对过\"", "true"),
    ];
    assert_refused(FileKind::Project, &support::form().definition, &good, &changes);
    let changes = [
        ("a missing column", ", \"度量单位\" = \"\"", ""),
        ("a text where more columns are needed to be texts", "\"权重\" = \"10\"", "\"权重\" = 10"),
        ("a figure in another column", "\"≤1\"", "\"少\""),
    ];
    assert_refused(FileKind::Project, &OTHER_FORM.definition(), OTHER_PROJECT, &changes);
}

#[test]
fn bad_departments_are_refused() {
    let good = "\"主管部门\" = \"甲乡\"\n\"代码\" = \"056\"\n\"实施单位\" = \"甲乡本级\"\n";
    let changes = [
        ("a missing field", "\"代码\" = \"056\"\n", ""),
        ("an empty field", "\"056\"", "\"\""),
        ("a code that is a number", "\"056\"", "56"),
        ("an unknown key", "\"代码\"", "\"编码\""),
        ("a waiver without a reason", "本级\"\n", "本级\"\n[\"豁免\"]\n\"W101\" = \" \"\n"),
    ];
    assert_refused(FileKind::Department, &support::form().definition, good, &changes);
}

#[test]
fn bad_settings_are_refused() {
    let changes = [
        ("a bad level", "\"关闭\"", "\"关\""),
        ("an unknown rule", "\"W101\"", "\"W999\""),
        ("a rule that cannot be set", "\"W101\"", "\"E110\""),
        ("an unknown table", "[\"规则\"]", "[\"规矩\"]"),
        ("an unknown font role", "\"正文\"", "\"小标题\""),
        ("a font that is no list", "[\"SimSun\"]", "\"SimSun\""),
        ("a folder that is no text", "\"字体\"\n\"正文\"", "1\n\"正文\""),
    ];
    assert_refused(FileKind::Config, &support::form().definition, CONFIG, &changes);
}

#[test]
fn bad_forms_are_refused() {
    let good =
        read(&support::repository().join("templates").join(DEFAULT_FORM).join(DEFINITION_FILE));
    let (before, _) = good.split_once("[\"一级指标\".").expect("indicators");
    let form = support::form().definition;
    assert!(!validator(FileKind::Form, &form).is_valid(&json(before)), "a form without indicators");
    let changes = [
        ("a missing title", "\"标题\" = \"项目绩效目标申报表\"\n", ""),
        ("an empty title", "\"项目绩效目标申报表\"", "\"\""),
        ("an unknown key", "\"附件\" =", "\"附录\" ="),
        ("an unknown meaning", "\"备注\" = {}", "\"备注\" = { \"含义\" = \"备注\" }"),
        ("an option that is no flag", "\"备注\" = {}", "\"备注\" = { \"必填\" = \"是\" }"),
        ("an unknown option", "\"备注\" = {}", "\"备注\" = { \"必须\" = true }"),
        ("a field that is no table", "\"备注\" = {}", "\"备注\" = true"),
        ("funding lines that are no list", "[\"财政资金\"]", "\"财政资金\""),
        ("a part that is a number", "[\"财政资金\"]", "[1]"),
        ("a part without a name", "[\"财政资金\"]", "[{ \"分项\" = [] }]"),
        ("an unknown unit", "\"分项\" =", "\"单位\" = \"亿元\"\n\"分项\" ="),
        ("a mark that is no text", "\"（选填）\"", "1"),
        ("a second level that is no table", "{ \"必填\" = true, \"硬性\" = true }", "true"),
        ("a picture under another name", "[[\"版面\"]]\n\"表头\"", "[[\"版式\"]]\n\"表头\""),
        ("an unknown key of a section", "\"表头\" =", "\"头\" ="),
        ("widths that are no list", "\"宽\" = [1, 3]", "\"宽\" = 1"),
        ("a width that is a list", "\"宽\" = [1, 3]", "\"宽\" = [[1], 3]"),
    ];
    let good = OTHER_FORM.toml();
    assert_refused(FileKind::Form, &form, &good, &changes);
    let columns = "\"指标值\" = { \"必填\" = true }\n\"度量单位\" = { \"必填\" = true, \"可空\" = true }\n\"权重\" = {}\n";
    assert_refused(FileKind::Form, &form, &good, &[("no column", columns, "")]);
}

/// Whether a project's file has no error, by the loader and by the rules that keep a form from
/// being printed.
fn is_accepted(text: &str, form: &Definition) -> bool {
    let mut findings = Vec::new();
    let source = SourceFile::new("1.toml", text);
    let Some(project) = data::project(&source, form, &mut findings) else { return false };
    let department = Department {
        unit: None,
        folder: "1".to_owned(),
        class: form.class,
        source: SourceFile::new("部门.toml", ""),
        fields: Fields::default(),
        waivers: Vec::new(),
        projects: vec![project],
    };
    lint::errors(&Scope::of(&department, form, "2023", None), &department, &mut findings);
    !has_errors(&findings)
}

/// What people write right of an equals sign.
const VALUES: &[&str] = &[
    "\"≥1个\"",
    "\"３个\"",
    "\"①\"",
    "\"Ⅳ级\"",
    "\"½\"",
    "\"若干\"",
    "\"一个\"",
    "\"\"",
    "\"　\\t\"",
    "'12'",
    "\"\"\"\n目标1\n目标2\"\"\"",
    "0",
    "-0.0",
    "+1_000.5",
    "1e3",
    "999999999999.999999",
    "0.000001",
    "-1",
    "-0.000001",
    "inf",
    "true",
    "2023-12-31",
    "[\"1\"]",
    "{}",
    "{ \"指标值\" = \"2\" }",
    "{ \"指标值\" = \"\" }",
    "{ \"指标值\" = \"2\", \"度量单位\" = \"\" }",
    "{ \"指标值\" = \"少\", \"度量单位\" = \"2个\" }",
    "{ \"指标值\" = \"2\", \"度量单位\" = \"个\", \"权重\" = \"\" }",
    "{ \"度量单位\" = \"个\" }",
    "{ \"必填\" = true }",
    "{ \"必填\" = true, \"可空\" = false, \"项目可改\" = true, \"说明\" = \"\" }",
    "{ \"标注\" = \"\", \"硬性\" = false }",
    "[]",
    "[\"财政资金\", \"\"]",
];

/// What people write left of it, besides the keys that are there.
const KEYS: &[&str] = &[
    "\"备注\"",
    "\"\"",
    "\" \"",
    "a",
    "'甲'",
    "\"实施单位\"",
    "\"主管部门\"",
    "\"代码\"",
    "\"年度资金总额\"",
    "\"总额\"",
    "\"财政拨款\"",
    "\"数量指标\".\"甲\"",
    "\"豁免\".\"W101\"",
    "\"说明\"",
    "\"一级指标\".\"效益指标\".\"社会效益指标\"",
];

/// A change to one line of a file.
#[derive(Debug, Clone)]
enum Change {
    Remove,
    Value(&'static str),
    Key(&'static str),
    Add(&'static str, &'static str),
    Table(&'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let value = || prop::sample::select(VALUES);
    let key = || prop::sample::select(KEYS);
    let tables = &[
        "[\"豁免\"]",
        "[\"社会成本指标\"]",
        "[\"一级指标\".\"效益指标\"]",
        "[\"数量指标\".\"甲\"]",
    ][..];
    prop_oneof![
        1 => Just(Change::Remove),
        4 => value().prop_map(Change::Value),
        1 => key().prop_map(Change::Key),
        3 => (key(), value()).prop_map(|(key, value)| Change::Add(key, value)),
        1 => prop::sample::select(tables).prop_map(Change::Table),
    ]
}

fn changed(good: &str, changes: &[(prop::sample::Index, Change)]) -> String {
    let mut lines: Vec<String> = good.lines().map(str::to_owned).collect();
    for (index, change) in changes {
        let index = index.index(lines.len());
        let parts = lines[index].split_once(" = ");
        let parts = parts.map(|(key, value)| (key.to_owned(), value.to_owned()));
        match (change, parts) {
            (Change::Remove, _) => lines[index].clear(),
            (Change::Value(value), Some((key, _))) => lines[index] = format!("{key} = {value}"),
            (Change::Key(key), Some((_, value))) => lines[index] = format!("{key} = {value}"),
            (Change::Value(_) | Change::Key(_), None) => {}
            (Change::Add(key, value), _) => lines.insert(index, format!("{key} = {value}")),
            (Change::Table(table), _) => lines.push((*table).to_owned()),
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_accepted_fits(
        is_builtin in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..4),
    ) {
        let (form, project, good) = if is_builtin { &FORMS.0 } else { &FORMS.1 };
        let text = changed(good, &changes);
        if is_accepted(&text, form) {
            assert_fits(project, &text, "an accepted project");
        }
    }

    #[test]
    fn a_form_that_is_accepted_fits(
        changes in prop::collection::vec((any::<prop::sample::Index>(), change()), 1..4),
    ) {
        let text = changed(&OTHER_FORM.toml(), &changes);
        let mut findings = Vec::new();
        Definition::parse(&SourceFile::new(DEFINITION_FILE, text.as_str()), &mut findings);
        if !has_errors(&findings) {
            assert_fits(&FORM_SCHEMA, &text, "an accepted form");
        }
    }
}

static FORM_SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| validator(FileKind::Form, &support::form().definition));

type Case = (Definition, Validator, String);

/// The two forms, each with the schema of its projects and a project without errors.
static FORMS: LazyLock<(Case, Case)> = LazyLock::new(|| {
    let case = |form: Definition, project: String| {
        let schema = validator(FileKind::Project, &form);
        assert!(is_accepted(&project, &form), "{project}");
        (form, schema, project)
    };
    let builtin = support::project("修路", "修好", support::one_row);
    (case(support::form().definition, builtin), case(OTHER_FORM.definition(), OTHER_PROJECT.into()))
});

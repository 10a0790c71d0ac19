//! `jixiao lsp`: an editor is told what `check` would say, and gets what it asks for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support;
use crate::support::editor::Editor;

const FILE: &str = "data/2023/001-测试单位/01.toml";
const DEPARTMENT: &str = "data/2023/001-测试单位/部门.toml";

/// What `check` says of the files as they are, in the words of the editor.
fn checked(root: &Path) -> BTreeMap<String, Vec<String>> {
    let folder = root.to_str().expect("a path");
    let run = support::try_run(Path::new("/"), &["-C", folder, "check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.results).expect("JSON");
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().expect("a list") {
        let mut file = finding["file"].as_str().expect("a file").to_owned();
        if Path::new(&file).is_dir() {
            file += "/部门.toml";
        }
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        };
        let uri = format!("file://{}", file.bytes().map(byte).collect::<String>());
        let region = &finding["region"];
        let number = |key: &str| region[key].as_u64().unwrap_or(1);
        let code = finding["code"].as_str().expect("a code");
        let line = format!("{code} {}:{}", number("line"), number("column"));
        said.entry(uri.to_uppercase()).or_default().push(line);
    }
    said
}

fn sorted(mut said: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    said.values_mut().for_each(|lines| lines.sort());
    said
}

#[test]
fn what_is_said_while_writing_is_what_check_says_of_the_same_text() {
    let project = support::simple_project("目标");
    let workspace =
        support::workspace_of(&["001-测试单位", "002-另一家"], &[("01.toml", &project)]);
    let root = workspace.path();
    let mut editor = Editor::open(root);
    // Before anything is opened: two departments of one code, and of one name.
    assert_eq!(sorted(editor.shown()), sorted(checked(root)));
    assert!(!editor.shown().is_empty());

    editor.show(FILE, &project);
    let texts = [
        project.replace("= 1\n", "= -1\n"),
        project.replace("\"项目期\" = \"1年\"\n", ""),
        project.replace("\"项目期\" = \"1年\"", "“项目期”＝“1年”"),
        project.replace("目标", "目标(一)，完成率120%，𠮷"),
        "[\"项目资金\"\n\"财政拨款\" = ".to_owned(),
        "\n".to_owned(),
        project.replace('\n', "\r\n"),
    ];
    for text in texts {
        editor.write(FILE, &text);
        let shown = sorted(editor.shown());
        support::write(root, FILE, &text);
        assert_eq!(shown, sorted(checked(root)), "{text}");
    }
    editor.write(FILE, &project);
    support::write(root, FILE, &project);

    // The codes differ: what was said of the other department is taken back.
    let department = fs::read_to_string(root.join(DEPARTMENT)).expect("a department");
    editor.show(DEPARTMENT, &department);
    let other = department.replace("测试单位\"", "单位三\"").replace("001", "003");
    editor.write(DEPARTMENT, &other);
    let shown = sorted(editor.shown());
    support::write(root, DEPARTMENT, &other);
    assert_eq!(shown, sorted(checked(root)));

    // Another program makes a mistake, a level in the settings hides another.
    support::write(root, "data/2023/002-另一家/02.toml.txt", &project);
    editor.changed_outside("data/2023/002-另一家/02.toml.txt");
    assert_eq!(sorted(editor.shown()), sorted(checked(root)));
    support::write(root, "jixiao.toml", "[\"规则\"]\n\"W701\" = \"关闭\"\n\"W999\" = \"关闭\"\n");
    editor.changed_outside("jixiao.toml");
    let shown = sorted(editor.shown());
    assert_eq!(shown, sorted(checked(root)));
    assert!(shown.keys().any(|file| file.ends_with("/JIXIAO.TOML")), "{shown:?}");

    // A file that is closed is what it is on the disk.
    editor.write(FILE, "\"");
    let document = json!({ "textDocument": { "uri": editor.uri(FILE) } });
    editor.notify("textDocument/didClose", document);
    assert_eq!(sorted(editor.shown()), sorted(checked(root)));
    assert_eq!(editor.quit(), Some(0));
}

/// An editor with a project open that is in order.
fn opened() -> (tempfile::TempDir, Editor, String) {
    let project = support::simple_project("目标");
    let workspace = support::workspace(&[("01.toml", &project)]);
    let mut editor = Editor::open(workspace.path());
    editor.show(FILE, &project);
    (workspace, editor, project)
}

/// The labels that are offered, with what is written for the first.
fn offered(answer: &Value) -> (Vec<&str>, &str) {
    let items = answer.as_array().expect("a list");
    let labels = items.iter().map(|it| it["label"].as_str().expect("a label")).collect();
    let first = items.first().and_then(|it| it["textEdit"]["newText"].as_str()).unwrap_or_default();
    (labels, first)
}

#[test]
fn what_is_missing_is_offered() {
    let (workspace, mut editor, project) = opened();
    let method = "textDocument/completion";
    let without_term = project.replace("\"项目期\" = \"1年\"\n", "\"项|\n");
    let answer = editor.ask_at(method, FILE, &without_term);
    let (labels, first) = offered(&answer);
    assert_eq!(labels, ["项目期", "实施单位", "豁免"]);
    assert_eq!(first, "\"项目期\" = \"$0\"");
    // What is typed is replaced.
    let range = &answer[0]["textEdit"]["range"];
    assert_eq!(range["start"]["character"], 0);
    assert_eq!(range["end"]["character"], 2);

    let answer = editor.ask_at(method, FILE, &project.replace("\"其他资金\" = 0\n", "|\n"));
    let (labels, first) = offered(&answer);
    assert_eq!((labels, first), (vec!["其他资金", "豁免"], "\"其他资金\" = $0"));

    let answer = editor.ask_at(method, FILE, &project.replace("[\"数量指标\"]", "[\"|"));
    assert_eq!(offered(&answer), (vec!["数量指标", "豁免"], "[\"数量指标\"]\n$0"));

    // The codes of what is reported here come first.
    let waiver = format!("{}\n[\"豁免\"]\n|", project.replace("≥1个", "若干"));
    let answer = editor.ask_at(method, FILE, &waiver);
    let items = answer.as_array().expect("a list");
    let first = items.iter().min_by_key(|it| it["sortText"].as_str().expect("an order"));
    let code = first.expect("a rule")["label"].as_str().expect("a code").to_owned();
    let reported = editor.diagnostics(FILE);
    assert!(reported.iter().any(|it| it["code"] == *code), "{code} {reported:?}");

    let row = project.replace("\"≥1个\"", "{ | }");
    let answer = editor.ask_at(method, FILE, &row);
    assert_eq!(offered(&answer), (vec!["指标值"], "\"指标值\" = \"$0\""));

    // Choices, and nothing in a comment or for a text.
    support::write(workspace.path(), "jixiao.toml", "");
    editor.show("jixiao.toml", "");
    let answer = editor.ask_at(method, "jixiao.toml", "[\"规则\"]\n\"W103\" = |");
    assert_eq!(offered(&answer).0, ["关闭", "警告", "错误"]);
    assert!(editor.ask_at(method, FILE, &format!("# |\n{project}")).is_null());
    let answer = editor.ask_at(method, FILE, &project.replace("1年", "|"));
    assert_eq!(offered(&answer).0, [""; 0]);
}

#[test]
fn the_words_of_which_one_is_written_are_offered() {
    let workspace = support::workspace(&[]);
    let settings = "[[\"表样\"]]\n\"采用\" = \"部门申报表\"\n";
    support::write(workspace.path(), "jixiao.toml", settings);
    let mut editor = Editor::open(workspace.path());
    editor.show(FILE, "");
    let method = "textDocument/completion";
    for (row, expected) in [
        ("{ \"指标性质\" = | }", &["≥", "≤", "＝", "定性"][..]),
        ("{ \"指标方向性\" = \"|\", \"权重\" = 10 }", &["正向指标", "反向指标"]),
        ("{ \"度量单位\" = | }", &[]),
    ] {
        let text = format!("[\"数量指标\"]\n\"修路\" = {row}\n");
        let answer = editor.ask_at(method, FILE, &text);
        assert_eq!(offered(&answer).0, expected, "{row}");
    }
}

#[test]
fn what_belongs_there_and_what_a_rule_means_is_told() {
    let (_workspace, mut editor, project) = opened();
    let method = "textDocument/hover";
    let mut told = |text: &str| {
        let answer = editor.ask_at(method, FILE, text);
        answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
    };
    assert!(told(&project.replace("\"项目期\"", "\"项|目期\"")).contains("项目做几年"));
    assert!(
        told(&project.replace("[\"数量指标\"]", "[\"数|量指标\"]"))
            .contains("必填，指标值里要有数字")
    );
    let sum = project.replace("\"其他资金\"", "\"年度|资金总额\" = 1\n\"其他资金\"");
    assert!(told(&sum).contains("由程序相加：财政拨款、其他资金"));
    let waiver = format!("{project}\n[\"豁免\"]\n\"W|101\" = \"待补\"\n");
    assert!(told(&waiver).contains("看什么："));
    // What is wrong in a value.
    assert!(told(&project.replace("= 1\n", "= |-1\n")).contains("E120"));
    assert_eq!(told(&project.replace("1年", "1|年")), "");
}

#[test]
fn what_has_one_way_to_be_put_right_is_put_right() {
    let (_workspace, mut editor, project) = opened();
    let text =
        project.replace("\"项目期\" = \"1年\"", "项目期 = 1年").replace("\"≥1个\"", "\"≥１个\"");
    editor.write(FILE, &text);
    let uri = editor.uri(FILE);
    let line = text.lines().position(|line| line.starts_with("项目期")).expect("a line");
    let place = json!({ "line": line, "character": 0 });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [] },
    });
    let actions = editor.request("textDocument/codeAction", params.clone());
    let actions = actions.as_array().expect("a list");
    let kinds: Vec<&str> = actions.iter().map(|it| it["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["quickfix", "source.fixAll"], "{actions:?}");
    let edit = &actions[0]["edit"]["changes"].as_object().expect("files").values().next();
    let edits = edit.expect("a file").as_array().expect("edits");
    assert_eq!(
        edits.iter().map(|it| it["newText"].as_str()).collect::<Vec<_>>(),
        [Some("\"项目期\"")]
    );

    let all = &actions[1]["edit"]["changes"].as_object().expect("files").values().next();
    let repaired = all.expect("a file")[0]["newText"].as_str().expect("a text").to_owned();
    assert_eq!(repaired, project);
    editor.write(FILE, &repaired);
    assert!(editor.diagnostics(FILE).iter().all(|it| it["code"] != "E102"));
    let actions = editor.request("textDocument/codeAction", params);
    assert_eq!(actions, json!([]));
}

#[test]
fn a_file_is_put_in_order_unless_it_has_errors() {
    let (_workspace, mut editor, project) = opened();
    let params = |editor: &Editor| {
        let options = json!({ "tabSize": 4, "insertSpaces": true });
        json!({ "textDocument": { "uri": editor.uri(FILE) }, "options": options })
    };
    editor.write(FILE, &project.replace("\"项目期\" =", "项目期   ="));
    let asked = params(&editor);
    let edits = editor.request("textDocument/formatting", asked);
    let text = edits[0]["newText"].as_str().expect("a text").to_owned();
    assert!(text.contains("\"项目期\" = \"1年\"\n"));
    editor.write(FILE, &text);
    let asked = params(&editor);
    assert_eq!(editor.request("textDocument/formatting", asked), json!([]));
    editor.write(FILE, &project.replace("= 1\n", "= 甲\n"));
    let asked = params(&editor);
    let refused = editor.ask("textDocument/formatting", asked).expect_err("it has an error");
    assert!(refused.contains("先改好"), "{refused}");
}

#[test]
fn the_parts_of_a_file_are_known() {
    let (_workspace, mut editor, project) = opened();
    editor.write(FILE, &project);
    let params = json!({ "textDocument": { "uri": editor.uri(FILE) } });
    let symbols = editor.request("textDocument/documentSymbol", params.clone());
    let symbols = symbols.as_array().expect("a list");
    let name = |it: &'_ Value| it["name"].as_str().expect("a name").to_owned();
    let names: Vec<String> = symbols.iter().map(name).collect();
    assert_eq!(names[..5], ["项目名称", "项目属性", "项目期", "年度总体目标", "项目资金"]);
    let within: Vec<String> =
        symbols[4]["children"].as_array().expect("parts").iter().map(name).collect();
    assert_eq!(within, ["财政拨款", "其他资金"]);
    let folds = editor.request("textDocument/foldingRange", params);
    // The funds, and the tables of second-level indicators, a row each.
    let lines: Vec<u64> = folds
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| {
            it["endLine"].as_u64().expect("a line") - it["startLine"].as_u64().expect("a line")
        })
        .collect();
    assert_eq!(lines, [2, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn the_other_place_of_a_finding_is_found() {
    let (_workspace, mut editor, project) = opened();
    let twice =
        project.replace("\"项目期\" = \"1年\"\n", "\"项目期\" = \"1年\"\n\"项|目期\" = \"2年\"\n");
    let places = editor.ask_at("textDocument/definition", FILE, &twice);
    assert_eq!(places[0]["range"]["start"]["line"], 2, "{places}");
    let shown = editor.diagnostics(FILE);
    let related = shown.iter().find(|it| it["code"] == "E104").expect("it is said");
    assert_eq!(related["relatedInformation"][0]["message"], "第一次");
}

#[test]
fn an_editor_may_say_anything() {
    let (_workspace, mut editor, _) = opened();
    assert!(editor.ask("workspace/xyz", json!([])).is_err());
    assert!(editor.ask("textDocument/hover", json!({ "textDocument": 1 })).is_err());
    editor.notify("textDocument/didChange", json!({}));
    editor.notify("$/setTrace", json!({ "value": "off" }));
    for uri in ["untitled:1", "file:///没有/data/2023/甲/01.toml", "http://127.0.0.1/"] {
        let document = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": "[" });
        editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
        let place = json!({ "line": 9, "character": 9 });
        let params = json!({ "textDocument": { "uri": uri }, "position": place });
        // A URI that is none is no request.
        let answer = editor.ask("textDocument/hover", params);
        assert!(answer.is_err() || answer == Ok(Value::Null), "{uri} {answer:?}");
    }
    assert_eq!(editor.quit(), Some(0));
}

//! Texts with mistakes: what is said about them, what is read of them, and what `--fix` makes of
//! them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jixiao::author::fix::{self, Repairs, Settled, Texts, settle};
use jixiao::data::{self, Project};
use jixiao::diagnostics::{Finding, SourceFile};
use jixiao::form::Form;
use jixiao::lint::{Levels, Reviewer};
use jixiao::toml::text_file;
use jixiao::workspace::{Config, Workspace};

/// A project with nothing wrong in it.
const SOUND: &str = "\
\"项目名称\" = \"修路\"
\"项目属性\" = \"0101-一年期项目\"
\"项目期\" = \"1年\"
\"年度总体目标\" = \"把路修好，方便群众出行。\"

[\"项目资金\"]
\"财政拨款\" = 22
\"其他资金\" = 0

[\"数量指标\"]
\"修路里程\" = \"3公里\"

[\"质量指标\"]
\"验收合格率\" = \"100%\"

[\"时效指标\"]
\"完成时间\" = \"年底前\"

[\"成本指标\"]
\"修路费用\" = \"22万元\"

[\"社会效益指标\"]
\"出行条件\" = \"明显改善\"

[\"经济效益指标\"]
\"运输成本\" = \"明显下降\"

[\"生态效益指标\"]
\"扬尘\" = \"明显减少\"

[\"可持续影响指标\"]
\"养护机制\" = \"长期运行\"

[\"服务对象满意度指标\"]
\"群众满意度\" = \"≥95%\"
";

fn read(form: &Form, source: &Arc<SourceFile>) -> (Option<Project>, Vec<Finding>) {
    let mut findings = Vec::new();
    let project = data::project(source, &form.definition, &mut findings);
    (project, findings)
}

/// The sound project with one line written in another way.
fn with(line: &str, written: &str) -> String {
    assert!(SOUND.contains(line), "{line}");
    SOUND.replace(line, written)
}

fn findings(text: &str) -> Vec<Finding> {
    read(&Form::builtin().unwrap(), &SourceFile::new("01.toml", text)).1
}

fn fixed(text: &str) -> (String, Settled) {
    let form = Form::builtin().unwrap();
    let source = SourceFile::new("01.toml", text);
    let look = |texts: &Texts| read(&form, texts.get("01.toml").unwrap_or(&source)).1;
    let settled = settle(Texts::new(), &look);
    let text = settled.texts.get("01.toml").unwrap_or(&source).text().to_owned();
    (text, settled)
}

/// Writes a line of the sound project in another way: there are findings about that line and no
/// other, all is read as if it were right, and `--fix` makes it so.
fn assert_mended(line: &str, written: &str, right: &str) {
    let text = with(line, written);
    let found = findings(&text);
    assert!(!found.is_empty(), "{written:?}");
    let number = SOUND[..SOUND.find(line).unwrap()].lines().count() + 1;
    for finding in &found {
        let at = finding.span().unwrap().line();
        assert_eq!(at, number, "{written:?}: {}", finding.message);
        assert!(!finding.fix.is_empty(), "{written:?}: {}", finding.message);
    }
    let (repaired, settled) = fixed(&text);
    assert!(settled.refused.is_empty(), "{written:?}: {:?}", settled.refused);
    assert_eq!(repaired, with(line, right), "{written:?}");
    assert!(findings(&repaired).is_empty(), "{written:?}: {:?}", findings(&repaired));
    assert!(settled.made.len() >= found.len(), "{:?}", settled.made);
}

#[test]
fn the_sound_project_is_sound() {
    assert!(findings(SOUND).is_empty(), "{:?}", findings(SOUND));
}

#[test]
fn a_text_without_quotes_gets_them() {
    let name = "\"项目名称\" = \"修路\"";
    for text in [
        "修路",
        "IT运维",
        "1年",
        "G109国道",
        "3个村修路",
        "100%",
        "≥95%",
        "乡镇“两个中心”",
        "“一村一品”和“一乡一业”",
        "2023年12月底前",
        "022",
        "2023-13-45",
        "修路（二期）",
        "true的",
    ] {
        assert_mended(
            name,
            &format!("\"项目名称\" = {text}"),
            &format!("\"项目名称\" = \"{text}\""),
        );
        let messages: Vec<_> = findings(&with(name, &format!("\"项目名称\" = {text}  # 名称")));
        assert!(messages[0].help[0].starts_with("补上引号"), "{:?}", messages[0].help);
    }
    for written in [
        "“修路”",
        "\"修路”",
        "“修路\"",
        "「修路」",
        "'修路",
        "\"修路",
        "修路\"",
        "＂修路＂",
        "‘修路’",
        "修路，",
    ] {
        assert_mended(name, &format!("\"项目名称\" = {written}"), name);
    }
    for (number, right) in [
        ("22", "\"22\""),
        ("true", "\"true\""),
        ("2023-01-01", "\"2023-01-01\""),
        ("0x1F", "\"0x1F\""),
    ] {
        assert_mended(
            name,
            &format!("\"项目名称\" = {number}"),
            &format!("\"项目名称\" = {right}"),
        );
    }
}

#[test]
fn an_amount_is_written_in_plain_digits() {
    let amount = "\"财政拨款\" = 22";
    for (written, right) in [
        ("22；", "22"),
        ("22，", "22"),
        ("22。", "22"),
        ("22 ＃万元", "22 #万元"),
        ("22  ＃ 万元", "22  # 万元"),
        ("022", "22"),
        ("0022.50", "22.50"),
        ("２２", "22"),
        ("２２．５", "22.5"),
        ("22.", "22"),
        (".5", "0.5"),
        ("1,234.56", "1234.56"),
        ("1，234", "1234"),
        ("22万元", "22"),
        ("22 万元", "22"),
        ("\"22\"", "22"),
        ("\"22万元\"", "22"),
        ("“22”", "22"),
        ("22\u{3000}", "22"),
        ("22\u{200b}", "22"),
        ("\u{a0}22", "22"),
    ] {
        let (written, right) =
            (format!("\"财政拨款\" = {written}"), format!("\"财政拨款\" = {right}"));
        assert_mended(amount, &written, &right);
    }
    for doubtful in ["220000元", "二十二", "22—25", "约22", "1,23", "22 23"] {
        let text = with(amount, &format!("\"财政拨款\" = {doubtful}"));
        assert_eq!(fixed(&text).0, text);
        assert!(findings(&text).iter().all(|finding| finding.fix.is_empty()), "{doubtful}");
    }
}

#[test]
fn a_key_gets_the_quotes_it_needs() {
    let name = "\"项目名称\" = \"修路\"";
    for written in [
        "项目名称 = \"修路\"",
        "“项目名称” = \"修路\"",
        "“项目名称\" = \"修路\"",
        "\"项目名称” = \"修路\"",
        "\"项目名称 = \"修路\"",
        "项目名称\" = \"修路\"",
        "「项目名称」 = \"修路\"",
        "项目名称 = 修路",
        "项目名称＝“修路”",
        "项目名称：修路",
        "\"项目名称\"：\"修路\"",
        "\"项目名称\" ＝ \"修路\"",
        "\"项目名称\": \"修路\"",
    ] {
        assert_mended(name, written, name);
    }
    assert_mended(name, "\"项目名称\" = = \"修路\"", "\"项目名称\" =  \"修路\"");
    assert_mended(name, "\"项目名称\" \"修路\"", "\"项目名称\" = \"修路\"");
    let row = "\"修路里程\" = \"3公里\"";
    for (written, right) in [
        ("“四好农村路”建设", "“四好农村路”建设"),
        ("“一村一品”和“一乡一业”", "“一村一品”和“一乡一业”"),
        ("“四好农村路”", "四好农村路"),
        ("修路 里程", "修路 里程"),
    ] {
        assert_mended(row, &format!("{written} = \"3公里\""), &format!("\"{right}\" = \"3公里\""));
    }
}

#[test]
fn a_quoted_key_is_what_it_is() {
    for key in
        ["“一村一品”和“一乡一业”", "“四好农村路”", "‘两个中心’", "「甲」", " 甲 ", "甲：乙", "＝"]
    {
        let text = with("\"修路里程\" = \"3公里\"", &format!("\"{key}\" = \"2个\""));
        assert!(findings(&text).is_empty(), "{key}");
        let form = Form::builtin().unwrap();
        let (project, _) = read(&form, &SourceFile::new("01.toml", text.as_str()));
        let project = project.unwrap();
        assert_eq!(project.group("数量指标").unwrap().indicators[0].name.get_ref(), key);
        // The same beside a line that has to be mended.
        let (repaired, _) = fixed(&text.replace("\"项目期\"", "项目期"));
        assert_eq!(repaired, text);
    }
}

#[test]
fn odd_characters_are_named_and_taken_away() {
    let (line, right) = ("\"项目期\" = \"1年\"", "\"项目期\" = \"1年\"");
    for (c, name) in [
        ('\u{a0}', "不换行空格（U+00A0）"),
        ('\u{3000}', "全角空格（U+3000）"),
        ('\u{2002}', "半角空格（U+2002）"),
        ('\u{2009}', "窄空格（U+2009）"),
        ('\u{200b}', "零宽空格（U+200B）"),
        ('\u{feff}', "零宽不换行空格（U+FEFF）"),
        ('\u{200e}', "方向字符（U+200E）"),
        ('\u{2028}', "行分隔符（U+2028）"),
        ('\u{b}', "垂直制表符（U+000B）"),
        ('\u{1}', "控制字符（U+0001）"),
        ('\u{ad}', "软连字符（U+00AD）"),
        ('\u{2060}', "零宽连接符（U+2060）"),
    ] {
        for written in [
            format!("{c}\"项目期\" = \"1年\""),
            format!("\"项目期\"{c} = \"1年\""),
            format!("\"项目期\" {c}= \"1年\""),
            format!("\"项目期\" ={c} \"1年\""),
            format!("\"项目期\" = \"1年\"{c}"),
            format!("{c}{c}\"项目期\" = \"1年\"{c}"),
        ] {
            assert_mended(line, &written, right);
            let found = findings(&with(line, &written));
            assert!(found[0].message.contains(name), "{}", found[0].message);
        }
        assert_mended("[\"质量指标\"]", &format!("{c}[{c}\"质量指标\"{c}]{c}"), "[\"质量指标\"]");
    }
    // Where there was nothing but odd spaces, one space is left.
    assert_mended(line, "\"项目期\"\u{3000}=\u{a0}\"1年\"", right);
}

#[test]
fn control_characters_in_texts_are_named() {
    let line = "\"年度总体目标\" = \"把路修好，方便群众出行。\"";
    for (inside, right, name) in [
        ("把路修好，\u{b}方便群众出行。", "把路修好，\\n方便群众出行。", "垂直制表符（U+000B）"),
        ("把路修好，方便群众出行。\u{b}", "把路修好，方便群众出行。", "垂直制表符（U+000B）"),
        ("把路\u{7}修好，方便群众出行。", "把路修好，方便群众出行。", "控制字符（U+0007）"),
        ("把路修好，\u{c}方便群众出行。", "把路修好，方便群众出行。", "换页符（U+000C）"),
        ("\u{1f}把路修好，方便群众出行。", "把路修好，方便群众出行。", "控制字符（U+001F）"),
        ("把路修好，\u{7f}方便群众出行。", "把路修好，方便群众出行。", "删除符（U+007F）"),
    ] {
        let written = format!("\"年度总体目标\" = \"{inside}\"");
        assert_mended(line, &written, &format!("\"年度总体目标\" = \"{right}\""));
        let found = findings(&with(line, &written));
        assert!(found[0].message.contains(name), "{}", found[0].message);
    }
    assert_mended(
        "\"项目期\" = \"1年\"",
        "\"项目期\" = \"1年\"  # 一\u{1}年",
        "\"项目期\" = \"1年\"  # 一年",
    );
    assert_mended("\"项目期\" = \"1年\"", "\"项目\u{2}期\" = \"1年\"", "\"项目期\" = \"1年\"");
}

#[test]
fn the_header_of_a_table_gets_its_brackets() {
    let header = "[\"质量指标\"]";
    for written in [
        "【\"质量指标\"】",
        "【质量指标】",
        "【“质量指标”】",
        "［\"质量指标\"］",
        "〔质量指标〕",
        "[质量指标]",
        "[“质量指标”]",
        "[\"质量指标\"",
        "\"质量指标\"]",
        "质量指标]",
        "[质量指标",
        "[\"质量指标]",
        "[质量指标\"]",
        "[[\"质量指标\"]",
        "[\"质量指标\"]]",
        "[\"质量指标\"]：",
        "[\"质量指标\"]，",
        "[ 质量指标 】",
        "[\"质量指标\"】",
        "【\"质量指标\"]",
    ] {
        let right = if written == "[ 质量指标 】" { "[ \"质量指标\" ]" } else { header };
        assert_mended(header, written, right);
    }
    assert_mended(header, "【\"质量指标\"】  # 质量", "[\"质量指标\"]  # 质量");
    assert_mended(header, "[\"质量指标\"] ＃ 质量", "[\"质量指标\"] # 质量");
    // What is below a name nobody can read does not pass for part of the table above.
    let text = with(header, "[\"质量\n指标\"]");
    let (project, found) = read(&Form::builtin().unwrap(), &SourceFile::new("01.toml", text));
    assert_eq!(project.unwrap().group("数量指标").unwrap().indicators.len(), 1);
    assert!(
        found.iter().all(|finding| finding.span().unwrap().line().abs_diff(14) < 2),
        "{found:?}"
    );
}

#[test]
fn brackets_around_columns_are_put_right() {
    let row = "\"修路里程\" = \"3公里\"";
    let right = "\"修路里程\" = { \"指标值\" = \"3公里\" }";
    for written in [
        "\"修路里程\" = { \"指标值\" = \"3公里\"",
        "\"修路里程\" = ｛ \"指标值\" = \"3公里\" ｝",
        "\"修路里程\" = { 指标值 = 3公里 }",
        "\"修路里程\" = { “指标值” ＝ “3公里” }",
        "\"修路里程\" = { \"指标值\"：\"3公里\" }",
    ] {
        assert_mended(row, written, right);
    }
    assert_mended(
        row,
        "\"修路里程\" = { \"指标值\" = \"3公里\"， }",
        "\"修路里程\" = { \"指标值\" = \"3公里\", }",
    );
    assert_mended(row, "\"修路里程\" = \"3公里\"；", row);
    assert_mended(row, "\"修路里程\" = \"3公里\"。  # 里程", "\"修路里程\" = \"3公里\"  # 里程");
}

#[test]
fn a_disguised_name_is_named_and_read() {
    for (line, written, name) in [
        ("\"项目名称\" = \"修路\"", "\"项⽬名称\" = \"修路\"", "U+2F6C"),
        ("\"项目期\" = \"1年\"", "\"项\u{200b}目期\" = \"1年\"", "零宽空格（U+200B）"),
        ("\"项目期\" = \"1年\"", "\"项目期\u{a0}\" = \"1年\"", "不换行空格（U+00A0）"),
        ("\"项目期\" = \"1年\"", "\" 项目期\" = \"1年\"", "项目期"),
        ("\"项目期\" = \"1年\"", "\"项目期_x000D_\" = \"1年\"", "项目期"),
        ("\"项目期\" = \"1年\"", "\"&nbsp;项目期\" = \"1年\"", "项目期"),
        ("[\"质量指标\"]", "[\"质量指标\u{3000}\"]", "全角空格（U+3000）"),
        ("[\"可持续影响指标\"]", "[\"可持续影响指标\u{feff}\"]", "U+FEFF"),
        ("[\"生态效益指标\"]", "[\"⽣态效益指标\"]", "U+2F63"),
    ] {
        assert_mended(line, written, line);
        let found = findings(&with(line, written));
        assert!(found[0].label.contains(name), "{}", found[0].label);
    }
}

#[test]
fn the_rest_of_a_broken_file_is_checked() {
    for written in [
        "\"项目名称\" = 修路",
        "\"项目名称\" = IT运维",
        "\"项目名称\" = \"修\"路\"",
        "\"项目名称\" = \"\"\"修路",
        "\"项目名称\" = { \"修路\"",
        "\"项目名称\" 修路",
        "{",
        "]",
        "= \"修路\"",
        "\"项目名称\" = [ \"修路\"",
        "【项目\" = \"修路\"",
        "\"项目名称\" = \\",
        "<b>修路</b>",
        "\"项目名称\" = \"修路\\q\"",
        "\u{0}",
    ] {
        let text = with("\"项目名称\" = \"修路\"", written)
            .replace("\"其他资金\" = 0", "\"其他资金\" = -1")
            .replace("\"养护机制\"", "\"项目期\"");
        let found = findings(&text);
        let has = |code: &str, line: usize| {
            found
                .iter()
                .any(|f| f.rule.code == code && f.span().is_some_and(|span| span.line() == line))
        };
        assert!(found.iter().any(|f| f.span().is_some_and(|span| span.line() == 1)), "{written:?}");
        assert!(has("E120", 8) && has("E114", 32), "{written:?}: {found:#?}");
    }
}

#[test]
fn nothing_that_goes_on_in_the_next_line_is_closed() {
    for written in [
        "\"年度总体目标\" = \"目标1：修路\n目标2：养护\"",
        "\"年度总体目标\" = “目标1：修路\n目标2：养护”",
        "\"年度总体目标\" = 目标1：修路\n以及养护",
        "\"年度总体目标\" = \"\"\"目标1：修路\n目标2：养护",
    ] {
        let text = with("\"年度总体目标\" = \"把路修好，方便群众出行。\"", written);
        assert!(!findings(&text).is_empty());
        assert_eq!(fixed(&text).0, text, "{written:?}");
    }
}

/// A workspace with one department that holds the files given.
fn workspace(files: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("data/2023/001-甲乡");
    fs::create_dir_all(&folder).unwrap();
    let department = "\"主管部门\" = \"甲乡人民政府\"\n\"代码\" = \"001\"\n\"实施单位\" = \"甲乡人民政府本级\"\n";
    fs::write(folder.join("部门.toml"), department).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    (root, folder)
}

fn with_reviewer<T>(root: &Path, run: impl FnOnce(&mut Reviewer<'_>, &Path) -> T) -> T {
    let form = Form::builtin().unwrap();
    let config = Config::load(root).unwrap();
    let levels = Levels::new(&config, &mut Vec::new());
    let workspace = Workspace::new(root);
    let mut reviewer = Reviewer::new(&workspace, &form.definition, &levels, "2023");
    run(&mut reviewer, &root.join("data/2023/001-甲乡"))
}

fn repair(root: &Path) -> Repairs {
    with_reviewer(root, |reviewer, folder| fix::repair(reviewer, folder))
}

fn review(root: &Path) -> Vec<Finding> {
    with_reviewer(root, |reviewer, folder| reviewer.review(folder))
}

#[test]
fn other_encodings_become_utf_8() {
    let (gbk, _, _) = encoding_rs::GBK.encode(SOUND);
    let utf_16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.iter().copied().chain(SOUND.encode_utf16().flat_map(bytes)).collect()
    };
    for (bytes, name) in [
        (gbk.into_owned(), "GBK"),
        (utf_16(b"\xFF\xFE", u16::to_le_bytes), "UTF-16"),
        (utf_16(b"\xFE\xFF", u16::to_be_bytes), "UTF-16"),
        (utf_16(b"", u16::to_le_bytes), "UTF-16"),
    ] {
        let (root, folder) = workspace(&[("01-修路.toml", &bytes)]);
        let before = review(root.path());
        assert_eq!(before.len(), 1, "{before:?}");
        assert!(before[0].message.contains(name), "{}", before[0].message);
        let repairs = repair(root.path());
        assert!(repairs.findings.is_empty(), "{:?}", repairs.findings);
        assert_eq!(repairs.made.len(), 1);
        assert!(repairs.made[0].contains(name), "{}", repairs.made[0]);
        assert_eq!(fs::read_to_string(folder.join("01-修路.toml")).unwrap(), SOUND);
        assert!(repair(root.path()).made.is_empty());
        assert!(review(root.path()).is_empty());
    }
    // Other encodings, and files that are half one and half the other, are left to their authors.
    let (shift_jis, _, _) =
        encoding_rs::SHIFT_JIS.encode("\"項目\" = \"これはテストです。カタカナ\"\n");
    let mixed = [SOUND.as_bytes(), b"\"\xB4\xE5\" = 1\n"].concat();
    for bytes in [shift_jis.into_owned(), mixed] {
        let (root, folder) = workspace(&[("01-修路.toml", &bytes)]);
        assert!(repair(root.path()).made.is_empty());
        assert_eq!(fs::read(folder.join("01-修路.toml")).unwrap(), bytes);
    }
}

#[test]
fn a_repair_that_does_harm_is_not_made() {
    for (rows, why) in [
        ("\"培训2期\" = \"2次\"\n\"培训２期\" = \"3次\"", "写了两次"),
        ("\"改善(一)路\" = \"2次\"\n\"改善（一）路\" = \"3次\"", "写了两次"),
        ("\"修\u{200b}桥\" = \"2座\"\n\"修桥\" = \"3座\"", "写了两次"),
    ] {
        let text = with("\"修路里程\" = \"3公里\"", rows).replace("\"项目期\"", "项目期");
        let (root, folder) = workspace(&[("01-修路.toml", text.as_bytes())]);
        let repairs = repair(root.path());
        let written = fs::read_to_string(folder.join("01-修路.toml")).unwrap();
        assert_eq!(written, text.replace("项目期", "\"项目期\""), "{:?}", repairs.made);
        assert_eq!(repairs.made.len(), 1, "{:?}", repairs.made);
        assert!(repairs.findings.iter().any(|f| f.message.contains(why)), "{:?}", repairs.findings);
        assert!(repairs.findings.iter().all(|f| f.rule.code == "W605"));
        let second = repair(root.path());
        assert!(second.made.is_empty());
        assert_eq!(second.findings.len(), repairs.findings.len());
    }
}

#[test]
fn every_repair_is_named_for_what_it_did() {
    let text =
        with("\"项目期\" = \"1年\"", "项目期 = “1年”").replace("[\"质量指标\"]", "【质量指标】");
    let (root, _) = workspace(&[("01-修路.toml", text.as_bytes())]);
    let made = repair(root.path()).made;
    assert_eq!(made.len(), 3);
    for (line, says) in made.iter().zip([
        ":3:1 键“项目期”没有加引号，已改成 \"项目期\"",
        ":3:7 文字用了全角引号，已改成 \"1年\"",
        ":13:1 表名用了全角括号，已改成 [\"质量指标\"]",
    ]) {
        assert!(line.contains("01-修路.toml") && line.contains(says), "{line}");
    }
}

#[test]
fn what_is_no_data_is_told_in_one_sentence() {
    for (bytes, says) in [
        (&b"# \xE6\xB3\xA8\xE9\x87\x8A\n\n  # two\n"[..], "只有注释"),
        (b"#\n", "只有注释"),
        (b"{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Times;}}\nA = 1\n}", "RTF"),
        (b"<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n<body>a = 1</body></html>\n", "网页"),
        (b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<a b=\"c\"/>\n", "XML"),
        (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n", "PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00[Content_Types].xml", "Word、Excel"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00", "旧版"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "图片"),
        (b"\xFF\xD8\xFF\xE0\x00\x10JFIF", "图片"),
        (b"Rar!\x1a\x07\x00", "压缩包"),
        (b"{\n  \"a\": 1,\n  \"b\": 2\n}\n", "JSON"),
        ("关于修路的请示\n\n县财政局：\n我乡拟修路三公里。\n".as_bytes(), "不像是数据文件"),
        ("项目名称,项目期\n修路,1年\n".as_bytes(), "不像是数据文件"),
    ] {
        let (root, folder) = workspace(&[("01-修路.toml", bytes)]);
        let found = review(root.path());
        assert_eq!(found.len(), 1, "{says}: {found:#?}");
        assert!(found[0].message.contains(says), "{says}: {}", found[0].message);
        assert!(repair(root.path()).made.is_empty());
        assert_eq!(fs::read(folder.join("01-修路.toml")).unwrap(), bytes);
    }
}

/// What files are made of, and what people and programs make of them; no Latin letters among it but
/// those in numbers and escapes.
const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    "\"",
    "\"\"\"",
    "'",
    "'''",
    "=",
    " = ",
    "＝",
    "：",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "【",
    "】",
    "“",
    "”",
    "　",
    ",",
    "，",
    ".",
    "#",
    "＃",
    "\\",
    "\\u00",
    "\t",
    "\u{7}",
    "\u{b}",
    "\u{feff}",
    "\u{a0}",
    "22.",
    ".5",
    "007",
    "-1",
    "1e9",
    "0x1F",
    "22万元",
    "２２",
    "2023-13-01",
    "25:00:00",
    "1_",
    "字",
    "😀",
    "项目名称",
    "\"项目名称\"",
    "[\"项目资金\"]\n",
    "\"财政拨款\" = ",
    "[\"数量指标\"]\n",
    "\"甲\" = \"1\"\n",
    "\"甲\" = { \"指标值\" = ",
    "甲.乙",
    "+",
    "{}",
    "[]",
    "= =",
];

#[test]
fn no_message_speaks_the_parsers_language() {
    let mut state = 7_u64;
    let mut next = |limit: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    let form = Form::builtin().unwrap();
    for _ in 0..20_000 {
        let text: String = (0..next(24)).map(|_| PIECES[next(PIECES.len())]).collect();
        let source = SourceFile::new("01.toml", text.as_str());
        let (_, found) = read(&form, &source);
        for finding in &found {
            let words = [&finding.message, &finding.label].into_iter().chain(&finding.help);
            for said in words.chain(finding.related.iter().map(|(_, label)| label)) {
                assert!(!speaks_english(said), "{text:?}: {said}");
            }
        }
        assert!(text.trim().is_empty() || !found.is_empty(), "{text:?}");
    }
}

/// Whether a message has words in it that are none of ours.
fn speaks_english(said: &str) -> bool {
    let ours =
        ["jixiao", "new", "check", "fix", "fmt", "true", "false", "toml", "UTF", "LF", "CRLF"];
    said.split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| word.len() > 2 && !ours.contains(&word) && !said.contains(&format!("U+{word}")))
}

#[test]
fn a_file_named_for_data_is_decoded_or_refused() {
    let decoded = text_file::decode(Path::new("01.toml"), SOUND.as_bytes());
    assert_eq!(decoded.unwrap().text(), SOUND);
}

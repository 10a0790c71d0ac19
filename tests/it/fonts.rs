//! Fonts a workspace brings along.

use crate::support;
use crate::support::pdf;

/// A character of GB 18030-2022 that no bundled font has.
const RARE: &str = "𠀀";

fn workspace() -> tempfile::TempDir {
    let project = support::project(&format!("{RARE}村项目"), "目标", support::one_row);
    support::workspace(&[("01.toml", &project)])
}

#[test]
fn a_rare_character_is_an_error_until_a_font_has_it() {
    let workspace = workspace();
    let run = support::try_run(workspace.path(), &["render"]);
    let message = run.messages;
    assert_eq!(run.status, Some(1));
    assert!(message.contains("字体里没有“𠀀”（U+20000）这个字"), "{message}");
    assert!(message.contains("data/2023/001-测试单位/01.toml:1:11"), "{message}");
    let listed = support::run(workspace.path(), &["fonts"]).results;
    assert!(listed.contains("印不出来的字：𠀀（U+20000）"));

    add_font(&workspace, "[\"字体\"]\n\"文件夹\" = \"字体\"\n");
    support::run(workspace.path(), &["render"]);
    let pages = pdf::read(&workspace.path().join("output/2023/001-测试单位.pdf"));
    assert!(pages[0].table().iter().any(|cell| cell.text == format!("{RARE}村项目")));
    let listed = support::run(workspace.path(), &["fonts"]).results;
    assert!(listed.contains("Rare Test（字体/RareTest.ttf）"), "{listed}");
    assert!(listed.contains("用别的字体代替的字：𠀀（U+20000）"), "{listed}");
}

#[test]
fn a_role_uses_the_families_it_names_before_the_bundled_one() {
    let workspace = workspace();
    add_font(&workspace, "[\"字体\"]\n\"文件夹\" = \"字体\"\n\"正文\" = [\"Rare Test\"]\n");
    let listed = support::run(workspace.path(), &["fonts"]).results;
    assert!(listed.contains("正文  Rare Test → Noto Serif SC"), "{listed}");
    support::run(workspace.path(), &["render"]);
}

#[test]
fn a_family_that_is_not_there_is_named_with_its_place() {
    let workspace = workspace();
    add_font(&workspace, "[\"字体\"]\n\"标题\" = [\"方正小标宋简体\"]\n");
    let run = support::try_run(workspace.path(), &["render"]);
    let message = run.messages;
    assert_eq!(run.status, Some(1));
    assert!(message.contains("没有“方正小标宋简体”这种字体"), "{message}");
    assert!(message.contains("jixiao.toml:2:9"), "{message}");
}

fn add_font(workspace: &tempfile::TempDir, config: &str) {
    let font = include_bytes!("../fonts/RareTest.ttf");
    support::write(workspace.path(), "字体/RareTest.ttf", font);
    support::write(workspace.path(), "jixiao.toml", config);
}

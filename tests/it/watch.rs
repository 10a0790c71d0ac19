//! `render --watch` renders on every save and outlives a broken file.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support;
use crate::support::running::Running;

/// Starts to watch, and waits until it does.
fn watch(workspace: &Path, arguments: &[&str]) -> Running {
    let arguments = [&["render", "--watch", "--color", "never"], arguments].concat();
    let watch = Running::start(support::jixiao(workspace, &arguments));
    watch.wait_for_message("正在监视");
    watch
}

#[test]
fn a_save_renders_again_and_a_broken_file_keeps_the_old_pdf() {
    let project = support::project("项目", "目标", support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let source = "data/2023/001-测试单位/01.toml";
    let target = workspace.path().join("output/2023/001-测试单位.pdf");
    let printed = || fs::read(&target).expect("the PDF");
    let watch = watch(workspace.path(), &[]);
    let first = printed();

    let broken = project.replace("\"财政拨款\" = 1", "\"财政拨款\" = -1");
    support::write(workspace.path(), source, broken);
    watch.wait_for_message("“财政拨款”是负数");
    watch.wait_for_message("个错误没有写出");
    assert_eq!(printed(), first);

    let changed = project.replace("\"财政拨款\" = 1", "\"财政拨款\" = 2");
    support::write(workspace.path(), source, changed);
    watch.wait_for_message("写出 1 份");
    assert_ne!(printed(), first);
}

/// Renders are told apart by their last line.
const RENDERED: &str = "用时";

/// A workspace whose form is a folder of its own, `表样`.
fn workspace_with_form() -> TempDir {
    let project = support::project("项目", "目标", support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let templates = support::repository().join("templates");
    support::copy(&templates.join("附件2"), &workspace.path().join("表样"));
    let layout = fs::read(templates.join("layout.typ")).expect("the layout of all forms");
    support::write(workspace.path(), "表样/layout.typ", layout);
    workspace
}

#[test]
fn whatever_a_render_depends_on_is_watched_and_nothing_else() {
    let workspace = workspace_with_form();
    let root = workspace.path();
    fs::create_dir_all(root.join("字体")).expect("a folder");
    let font = jixiao_noto_sans_sc_medium::FONT;
    let watch = watch(root, &["--template", "表样"]);

    let layout = fs::read_to_string(root.join("表样/layout.typ")).expect("a layout");
    let settings = "[\"字体\"]\n\"文件夹\" = \"字体\"\n";
    let department = "data/2023/001-测试单位/部门.toml";
    let text = fs::read_to_string(root.join(department)).expect("a department");
    let save = |file: &str, text: &str| support::write(root, file, text);
    let saves: [(&str, &dyn Fn()); 7] = [
        ("settings appear", &|| save("jixiao.toml", settings)),
        ("a font", &|| support::write(root, "字体/黑体.ttf", font)),
        ("a layout", &|| save("表样/layout.typ", &format!("{layout}\n"))),
        ("a department", &|| save(department, &format!("{text}\n"))),
        ("data moved away and back", &|| {
            fs::rename(root.join("data"), root.join("旧")).expect("moved");
            fs::rename(root.join("旧"), root.join("data")).expect("moved");
            save(department, &format!("{text}\n\n"));
        }),
        ("a department again", &|| save(department, &text)),
        ("settings go", &|| fs::remove_file(root.join("jixiao.toml")).expect("a save")),
    ];
    for (what, save_input) in saves {
        // What is no input: it would be rendered for.
        for file in ["output/2023/说明.txt", "readme.txt", "data/2023/.01.toml.swp"] {
            save(file, what);
        }
        let said = watch.messages_until_quiet();
        assert!(said.is_empty(), "rendered for what is no input, before {what}: {said:?}");
        save_input();
        watch.wait_for_message(RENDERED);
        // A save may come in two parts.
        watch.messages_until_quiet();
    }
}

#[test]
fn output_within_the_form_is_not_watched() {
    let workspace = workspace_with_form();
    for output in ["表样/印好", "表样", "."] {
        let watch = watch(workspace.path(), &["--template", "表样", "-o", output]);
        let said = watch.messages_until_quiet();
        assert!(said.is_empty(), "{output}: {said:?}");
    }
}

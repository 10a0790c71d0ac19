//! What has not changed is not rendered again, and what has is.

use std::fs;

use crate::support::{self, Run, files, run, simple_project as project, try_run};
use tempfile::TempDir;

const NAMES: [&str; 3] = ["001-甲乡", "002-乙镇", "003-丙乡"];

/// A workspace with three departments.
fn workspace() -> TempDir {
    support::workspace_of(&NAMES, &[("01.toml", &project("目标"))])
}

/// What is said of files: the table of departments is told by each run.
fn of_files(results: &str) -> String {
    results.lines().filter(|line| !line.starts_with("  ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn only_what_changed_is_written_and_as_a_forced_run_writes_it() {
    let workspace = workspace();
    let root = workspace.path();
    run(root, &["render"]);
    let output = run(root, &["render"]);
    assert_eq!(of_files(&output.results), "");
    assert!(output.messages.contains("3 份没有变化"), "{}", output.messages);
    let output = run(root, &["render", "甲乡"]);
    assert_eq!(output.results, "没有变化 output/2023/001-甲乡.pdf\n");

    fs::write(root.join("data/2023/002-乙镇/01.toml"), project("新的目标")).expect("a file");
    let output = run(root, &["render"]);
    let written = "已写出 output/2023/002-乙镇.pdf：1 张表，1 页\n";
    assert_eq!(of_files(&output.results), written);
    assert!(output.messages.contains("；2 份没有变化"), "{}", output.messages);
    let output = run(root, &["render", "--force", "-o", "forced"]);
    assert!(output.messages.contains("写出 3 份"), "{}", output.messages);
    assert_eq!(files(&root.join("output/2023")), files(&root.join("forced/2023")));
    let output = run(root, &["render", "--force"]);
    assert!(output.messages.contains("写出 3 份"), "{}", output.messages);
}

#[test]
fn a_check_lists_what_is_missing_or_stale_and_writes_nothing() {
    let workspace = workspace();
    let root = workspace.path();
    let missing = try_run(root, &["render", "--check"]);
    assert_eq!(missing.status, Some(1));
    assert_eq!(missing.results.lines().count(), 3);
    assert!(!root.join("output").exists());

    run(root, &["render"]);
    run(root, &["render", "--check"]);
    fs::remove_file(root.join("output/2023/001-甲乡.pdf")).expect("a file");
    fs::write(root.join("data/2023/003-丙乡/02.toml"), project("又一个")).expect("a file");
    let before = files(&root.join("output/2023"));
    let output = try_run(root, &["render", "--check"]);
    assert_eq!(output.status, Some(1));
    let expected = "缺少 output/2023/001-甲乡.pdf\n过时 output/2023/003-丙乡.pdf\n";
    assert_eq!(output.results, expected);
    assert!(output.messages.contains("3 份 PDF 里缺少 1 份、过时 1 份"), "{}", output.messages);
    assert_eq!(files(&root.join("output/2023")), before);
}

#[test]
fn a_pdf_that_is_not_as_it_was_written_is_written_anew() {
    let workspace = workspace();
    let root = workspace.path();
    run(root, &["render"]);
    let folder = root.join("output/2023");
    let (first, target) = (folder.join("001-甲乡.pdf"), folder.join("002-乙镇.pdf"));
    let whole = fs::read(&target).expect("a file");
    let mut touched = whole.clone();
    touched[whole.len() / 2] ^= 1;
    for damaged in [
        &b""[..],
        b"no PDF",
        &whole[..whole.len() - 1],
        &whole[..whole.len() / 2],
        &touched,
        &[&whole[..], b"\n%%EOF"].concat(),
        &fs::read(&first).expect("that of another department"),
        include_bytes!("../../fonts/NotoSansSC-Medium/OFL.txt"),
    ] {
        fs::write(&target, damaged).expect("a file");
        let output = try_run(root, &["render", "--check"]);
        assert_eq!(output.results, "过时 output/2023/002-乙镇.pdf\n");
        run(root, &["render"]);
        assert_eq!(fs::read(&target).expect("a file"), whole);
    }
}

#[test]
fn everything_that_shows_in_the_file_counts() {
    let workspace = workspace();
    let root = workspace.path();
    let folder = root.join("data/2023/002-乙镇");
    let data = files(&folder);
    run(root, &["render", "乙镇"]);
    let check = || try_run(root, &["render", "--check", "乙镇"]).status == Some(0);
    assert!(check());
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    let changes: [(&str, &dyn Fn()); 6] = [
        ("a comment", &|| write("01.toml", &format!("{}# 注\n", project("目标")))),
        ("the department", &|| write("部门.toml", "\"代码\" = \"002\"\n")),
        ("one more file", &|| write("02.toml", &project("另一个"))),
        ("a file of another name", &|| {
            fs::rename(folder.join("01.toml"), folder.join("03.toml")).expect("a file");
        }),
        ("data that is not read", &|| {
            fs::create_dir(folder.join("旧")).expect("a folder");
            write("旧/01.toml", "");
        }),
        ("no department file", &|| fs::remove_file(folder.join("部门.toml")).expect("a file")),
    ];
    for (name, change) in changes {
        change();
        assert!(!check(), "{name}");
        fs::remove_dir_all(&folder).expect("a folder");
        fs::create_dir(&folder).expect("a folder");
        for (name, bytes) in &data {
            fs::write(folder.join(name), bytes).expect("a file");
        }
        assert!(check(), "back from {name}");
    }
    write("说明.txt", "不是数据");
    write(".01.toml.swp", "隐藏的");
    write("01.toml", &project("目标"));
    assert!(check(), "what is not read does not count");
}

#[test]
fn every_option_counts() {
    let workspace = workspace();
    let root = workspace.path();
    let template = root.join("表样");
    support::copy(&support::repository().join("templates/附件2"), &template);
    let render = |arguments: &[&str]| {
        let output = run(root, &[&["render", "甲乡"], arguments].concat());
        output.results.starts_with("已写出")
    };
    let variants: [&[&str]; 7] = [
        &[],
        &["--summary"],
        &["--embed-source"],
        &["--no-compress"],
        &["--pdf-standard", "a-2b"],
        &["--pdf-standard", "1.7"],
        &[],
    ];
    for variant in variants {
        assert!(render(variant), "{variant:?} is new");
        assert!(!render(variant), "{variant:?} is up to date");
    }
    assert!(!render(&["--template", "表样"]), "the same form from a folder");
    let layout = fs::read_to_string(support::repository().join("templates/layout.typ"));
    let layout = layout.expect("the layout of all forms");
    support::write(&template, "layout.typ", &layout);
    assert!(!render(&["--template", "表样"]), "the same layout as its own");
    support::write(&template, "layout.typ", format!("{layout}\n// 改过\n"));
    assert!(render(&["--template", "表样"]), "a changed layout");
    let form = fs::read_to_string(template.join("form.toml")).expect("a form");
    support::write(&template, "form.toml", format!("{form}\n# 改过\n"));
    assert!(render(&["--template", "表样"]), "a changed form");

    let dated = |seconds: &str| {
        let mut command = support::jixiao(root, &["render", "甲乡"]);
        Run::of(command.env("SOURCE_DATE_EPOCH", seconds)).results.starts_with("已写出")
    };
    assert!(dated("0"));
    assert!(dated("86400"));
    assert!(!dated("86400"));
}

#[test]
fn the_workspaces_fonts_count() {
    let workspace = workspace();
    let root = workspace.path();
    let render = || run(root, &["render", "甲乡"]).results.starts_with("已写出");
    let config = |text: &str| {
        let text = format!("[\"字体\"]\n\"文件夹\" = \"字体\"\n{text}");
        fs::write(root.join("jixiao.toml"), text).expect("a file");
    };
    assert!(render());
    fs::create_dir(root.join("字体")).expect("a folder");
    let font = fs::read(support::repository().join("tests/fonts/RareTest.ttf")).expect("a font");
    let file = root.join("字体/RareTest.ttf");
    config("");
    assert!(!render(), "an empty folder");
    fs::write(&file, &font).expect("a file");
    assert!(render(), "a font that may fill in");
    fs::write(&file, [&font[..], b"\0"].concat()).expect("a file");
    assert!(render(), "the same of another size");
    config("\"正文\" = [\"Rare Test\"]\n");
    assert!(render(), "a family that is named");
    assert!(!render());
    fs::write(&file, [&font[..], b"\x01"].concat()).expect("a file");
    assert!(render(), "the same of other bytes");
    assert!(!render());
}

#[test]
fn data_that_became_wrong_is_reported_though_there_is_a_pdf() {
    let workspace = workspace();
    let root = workspace.path();
    run(root, &["render"]);
    let before = files(&root.join("output/2023"));
    fs::write(root.join("data/2023/002-乙镇/01.toml"), "\"项目名称\" = ").expect("a file");
    for _ in 0..2 {
        let output = try_run(root, &["render"]);
        assert_eq!(output.status, Some(1));
        assert!(output.messages.contains("2 份没有变化，不用重新印"), "{}", output.messages);
        assert!(output.messages.contains("另有 1 份因"), "{}", output.messages);
    }
    assert_eq!(files(&root.join("output/2023")), before);
}

#[test]
fn a_combined_document_is_up_to_date_too_and_pictures_never_are() {
    let workspace = workspace();
    let root = workspace.path();
    run(root, &["render", "--combined"]);
    let output = run(root, &["render", "--combined"]);
    assert_eq!(of_files(&output.results), "没有变化 output/2023/附件2.pdf\n");
    fs::write(root.join("data/2023/003-丙乡/01.toml"), project("改")).expect("a file");
    let output = run(root, &["render", "--combined"]);
    assert!(output.results.starts_with("已写出"), "{}", output.results);
    for _ in 0..2 {
        let output = run(root, &["render", "甲乡", "--format", "png"]);
        assert!(output.results.starts_with("已写出"), "{}", output.results);
    }
}

#[test]
fn any_number_of_workers_gives_the_same_files_and_the_same_words() {
    let workspace = support::empty_workspace();
    let root = workspace.path();
    for number in 1..=12 {
        // The first and every fourth after it take longest; one cannot be printed.
        let goal = if number % 4 == 1 { "长".repeat(3000) } else { "短".to_owned() };
        let text =
            if number == 6 { "\"项目名称\" = \"坏\"\n".to_owned() } else { project(&goal) };
        support::add_department(root, &format!("{number:03}-乡"), &[("01.toml", &text)]);
    }
    let run = |jobs: &str| {
        let output = try_run(root, &["render", "--force", "--jobs", jobs]);
        assert_eq!(output.status, Some(1));
        let messages = &output.messages;
        // All but the last line, which has the time.
        let messages = messages.trim_end().rsplit_once('\n').map(|(lines, _)| lines.to_owned());
        (output.results, messages, files(&root.join("output/2023")))
    };
    let alone = run("1");
    assert_eq!(of_files(&alone.0).lines().count(), 11);
    for jobs in ["2", "7"] {
        assert!(run(jobs) == alone, "{jobs} workers");
    }
}

//! Nothing under `data/` is passed over in silence, nothing that departments share, nothing that was
//! left in the output; and of thirty departments with a fault each, every fault is told and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support;

use serde_json::Value;

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

const GOOD: &str = "001-甲乡";

/// A project of its own.
fn project(name: &str) -> String {
    PROJECT.replace("村级办公经费", name)
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Adds a department with one project, in which there is nothing to remark on.
fn add(root: &Path, folder: &str, code: &str) {
    let folder = root.join("data/2023").join(folder);
    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
    let text = format!(
        "\"主管部门\" = \"{name}人民政府\"\n\"代码\" = \"{code}\"\n\"实施单位\" = \"{name}\"\n"
    );
    write(&folder.join("部门.toml"), &text);
    write(&folder.join("01.toml"), &project(&format!("{name}办公经费")));
}

fn good() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    add(root.path(), GOOD, "001");
    root
}

/// What `check` finds: codes with files, and all that is said of each.
fn check(root: &Path, arguments: &[&str]) -> Vec<(String, String, String)> {
    let check = [&["check", "--format", "json"], arguments].concat();
    let output = support::jixiao(root, &check).output().expect("the program starts");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .map(|it| {
            let help = it["help"].as_array().expect("help").iter().map(text);
            let said = format!("{} {}", text(&it["message"]), help.collect::<Vec<_>>().join(" "));
            (text(&it["code"]), text(&it["file"]), said)
        })
        .collect()
}

#[test]
fn what_is_not_read_is_named() {
    let text = project("办公费");
    let department = "\"主管部门\" = \"乙乡\"\n\"代码\" = \"002\"\n\"实施单位\" = \"乙乡\"\n";
    for (path, content, code, said) in [
        // Under a wrong name.
        ("2023/001-甲乡/02-办公费.toml.txt", &*text, "E208", "改名为 02-办公费.toml"),
        ("2023/001-甲乡/02-办公费", &text, "E208", "改名为 02-办公费.toml"),
        ("2023/001-甲乡/02-办公费.txt", &text, "E208", "改名为 02-办公费.toml"),
        ("2023/001-甲乡/02-办公费。toml", &text, "E208", "改名为 02-办公费.toml"),
        ("2023/001-甲乡/02-办公费.ｔｏｍｌ", &text, "E208", "改名为 02-办公费.toml"),
        ("2023/001-甲乡/02-办公费.tmol", "", "E208", "改名为 02-办公费.toml"),
        ("2023/001-甲乡/02-办公费.toml - 快捷方式.lnk", "", "E208", "快捷方式"),
        ("2023/001-甲乡/02-办公费.toml.download", &text, "E208", "改名为 02-办公费.toml"),
        ("2023/001-甲乡/.toml", &text, "E208", "改名为"),
        ("2023/001-甲乡/部门 (1).toml", department, "W604", "旁边已经有 部门.toml"),
        ("2023/001-甲乡/01.toml.txt", &text, "W604", "旁边已经有 01.toml"),
        ("2023/001-甲乡/02-办公费.toml.bak", &text, "W604", "旁边也没有 02-办公费.toml"),
        // In a wrong place.
        ("2023/02-办公费.toml", &text, "E203", "移到所属部门的文件夹里"),
        ("2023/02-办公费.toml.txt", &text, "E203", "改名为 02-办公费.toml"),
        ("02-办公费.toml", &text, "E203", "移到所属部门的文件夹里"),
        ("jixiao.toml", "", "E203", "和 data 并列"),
        ("2023/001-甲乡/下半年/02-办公费.toml", &text, "E203", "如 02-办公费.toml"),
        ("2023/001-甲乡/旧/更旧/02-办公费", &text, "E203", "如 更旧/02-办公费"),
        ("2023/乡镇/002-乙乡/部门.toml", department, "E203", "直接放在年度文件夹里"),
        ("002-乙乡/部门.toml", department, "E203", "例如 data/2023/002-乙乡"),
        ("新建文件夹/002-乙乡/01.toml", &text, "E203", "例如 data/2023/新建文件夹"),
        // A year under a wrong name.
        ("2024年/002-乙乡/部门.toml", department, "E208", "改名为 2024"),
        ("２０２４/002-乙乡/部门.toml", department, "E208", "改名为 2024"),
        ("2023年度/002-乙乡/部门.toml", department, "E208", "移到 data/2023 里"),
        ("二〇二四/002-乙乡/部门.toml", department, "E208", "改名为 2024"),
        // No data.
        ("2023/001-甲乡/方案.docx", "PK\u{3}\u{4}\0\0", "W604", "放到 data 文件夹外面"),
        ("2023/001-甲乡/照片/大门.jpg", "\u{0}", "W604", "这个文件夹里没有数据"),
        ("2023/说明.txt", "照这个写：\na = b\n", "W604", "不是数据文件"),
        ("说明.md", "# 说明\n", "W604", "不是数据文件"),
    ] {
        let root = good();
        let path = format!("data/{path}");
        write(&root.path().join(&path), content);
        let findings = check(root.path(), &[]);
        let [(found, file, words)] = &findings[..] else { panic!("{path}: {findings:#?}") };
        assert!(path.starts_with(file.as_str()), "{path}: {findings:#?}");
        assert_eq!(found, code, "{path}: {findings:#?}");
        assert!(words.contains(said), "{path}: {findings:#?}");
    }
}

#[test]
fn litter_is_nothing_to_speak_of() {
    let root = good();
    for path in [
        ".DS_Store",
        "Thumbs.db",
        "2023/desktop.ini",
        "2023/.gitkeep",
        "2023/@eaDir/001-甲乡/01.toml",
        "__MACOSX/2023/001-甲乡/._01.toml",
        "$RECYCLE.BIN/02-办公费.toml",
        "System Volume Information/a.toml",
        "2023/#recycle/02.toml",
        "2023/001-甲乡/~$方案.docx",
        "2023/001-甲乡/.01.toml.swp",
        "2023/001-甲乡/01.toml~",
        "2023/001-甲乡/01.toml.bak",
        "2023/001-甲乡/01.toml.orig",
        "2023/001-甲乡/#01.toml#",
        "2023/001-甲乡/.~lock.01.toml#",
        "2023/001-甲乡/01.toml@SynoEAStream",
    ] {
        write(&root.path().join("data").join(path), &project("办公费"));
    }
    assert_eq!(check(root.path(), &["--strict"]), []);
}

#[test]
fn a_department_file_of_another_name_is_one_finding() {
    for name in
        ["部门.TOML", "部门.toml.txt", "部门.txt", "部门", "部門.toml", "部门。toml", " 部门.toml"]
    {
        let root = good();
        let folder = root.path().join("data/2023").join(GOOD);
        fs::rename(folder.join("部门.toml"), folder.join(name)).expect("a new name");
        let findings = check(root.path(), &[]);
        let [(code, file, said)] = &findings[..] else { panic!("{name}: {findings:#?}") };
        assert_eq!((code.as_str(), file.as_str()), ("E208", &*format!("data/2023/{GOOD}/{name}")));
        assert!(said.contains("改名为 部门.toml"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_back_are_named() {
    use std::os::unix::fs::symlink;
    let root = good();
    let year = root.path().join("data/2023");
    symlink("..", year.join("环")).expect("a link");
    symlink(".", year.join(GOOD).join("环")).expect("a link");
    symlink("没有", year.join("002-乙乡")).expect("a link");
    symlink("没有.toml", year.join(GOOD).join("02.toml")).expect("a link");
    symlink("自己", root.path().join("data/自己")).expect("a link");
    let found: BTreeSet<(String, String)> =
        check(root.path(), &[]).into_iter().map(|(code, file, _)| (code, file)).collect();
    let expected = [
        ("W604", "data/2023/环".to_owned()),
        ("W604", format!("data/2023/{GOOD}/环")),
        ("E203", "data/2023/002-乙乡".to_owned()),
        ("E001", format!("data/2023/{GOOD}/02.toml")),
        ("E203", "data/自己".to_owned()),
    ];
    assert_eq!(found, expected.map(|(code, file)| (code.to_owned(), file)).into());
}

#[test]
fn a_stray_file_does_not_keep_good_departments_from_print() {
    let root = good();
    write(&root.path().join("data/2023/02-办公费.toml"), &project("办公费"));
    write(&root.path().join("data/2024年/001-甲乡/01.toml"), &project("办公费"));
    let output = support::jixiao(root.path(), &["render"]).output().expect("the program starts");
    let messages = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{messages}");
    assert!(messages.contains("data/2023/02-办公费.toml") && messages.contains("data/2024年"));
    assert!(root.path().join("output/2023").join(format!("{GOOD}.pdf")).is_file());
    let output =
        support::jixiao(root.path(), &["render", "--check"]).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn leftovers_are_named_and_only_they_are_taken_away() {
    let root = good();
    let (gone, renamed) = ("002-乙乡", "003-丙镇");
    add(root.path(), gone, "002");
    add(root.path(), renamed, "003");
    support::run(root.path(), &["render"]);
    support::run(root.path(), &["render", "--combined"]);
    let data = root.path().join("data/2023");
    let output = root.path().join("output/2023");
    // Another's PDF, one of ours that was signed, a picture, and one of ours in another folder.
    write(&output.join("批复.pdf"), "%PDF-1.7\n%%EOF");
    let mut signed = fs::read(output.join(format!("{GOOD}.pdf"))).expect("a PDF");
    signed.extend(b"\n% signed\n");
    fs::write(output.join("签章.pdf"), signed).expect("a file");
    write(&output.join("封面.png"), "");
    fs::create_dir_all(root.path().join("output/2022")).expect("a folder");
    let elsewhere = root.path().join("output/2022/009-旧乡.pdf");
    fs::copy(output.join(format!("{gone}.pdf")), &elsewhere).expect("a copy");
    support::run(root.path(), &["render", "--check"]);

    fs::remove_dir_all(data.join(gone)).expect("the department goes");
    fs::rename(data.join(renamed), data.join("003-丁镇")).expect("a new name");
    let run = support::run(root.path(), &["render"]);
    let messages = run.messages;
    for name in [gone, renamed] {
        assert!(messages.contains(&format!("多余 output/2023/{name}.pdf")), "{messages}");
    }
    assert_eq!(messages.matches("多余 output").count(), 2, "{messages}");
    let checked =
        support::jixiao(root.path(), &["render", "--check"]).output().expect("the program starts");
    assert_eq!(checked.status.code(), Some(1));
    let listed = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(listed.contains(&format!("多余 output/2023/{gone}.pdf")), "{listed}");

    for refused in [
        &["render", "--prune", GOOD][..],
        &["render", "--prune", "--shard", "1/2"],
        &["render", "--prune", "--check"],
        &["render", "--prune", "--format", "png"],
        &["render", "--prune", "-o", "甲.pdf", "--combined"],
    ] {
        let output = support::jixiao(root.path(), refused).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(2), "{refused:?}");
    }
    support::run(root.path(), &["render", "--prune"]);
    let left: BTreeSet<String> = fs::read_dir(&output)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    let kept = ["001-甲乡.pdf", "003-丁镇.pdf", "附件2.pdf", "批复.pdf", "签章.pdf", "封面.png"];
    assert_eq!(left, kept.map(str::to_owned).into());
    assert!(elsewhere.is_file());
    support::run(root.path(), &["render", "--combined"]);
    support::run(root.path(), &["render", "--check"]);
}

#[test]
fn departments_and_projects_are_counted() {
    let root = good();
    add(root.path(), "002-乙乡", "002");
    write(
        &root.path().join("data/2023/002-乙乡/02.toml"),
        &project("会议费").replace("33.3", "10"),
    );
    let table = "  部门      项目  资金合计（万元）  错误";
    let checked = support::run(root.path(), &["check"]);
    let checked = checked.results;
    assert!(checked.contains(&format!("{table}  警告")), "{checked}");
    assert!(checked.contains("  002-乙乡     2              43.3     0     0"), "{checked}");
    assert!(
        checked.contains("检查了 2 个部门，3 个项目，资金合计 76.6 万元：没有问题"),
        "{checked}"
    );
    for _ in ["written", "up to date"] {
        let printed = support::run(root.path(), &["render"]);
        let printed = printed.results;
        assert!(printed.contains(table) && printed.contains("  合计         3"), "{printed}");
    }
}

#[test]
fn what_render_refuses_check_has_said() {
    for (text, config) in [
        ("𠮷", ""),
        ("CO₂", ""),
        ("☑", ""),
        ("加😀油", ""),
        ("①\\u0007", ""),
        ("ꀀ", ""),
        ("好", "[\"字体\"]\n\"正文\" = [\"方正小标宋简体\"]\n"),
        ("好", "[\"字体\"]\n\"文件夹\" = \"没有\"\n"),
        ("好", "[\"字体\"]\n\"标题\" = [\"没有\"]\n"),
    ] {
        let root = good();
        let project = project("办公费").replace("提升服务", &format!("提升{text}服务{text}"));
        write(&root.path().join("data/2023").join(GOOD).join("01.toml"), &project);
        if !config.is_empty() {
            write(&root.path().join("jixiao.toml"), config);
        }
        let errors: Vec<_> = check(root.path(), &[])
            .into_iter()
            .filter(|(code, ..)| code.starts_with('E'))
            .collect();
        assert_eq!(errors.len(), 1, "{text}{config}: {errors:#?}");
        let render =
            support::jixiao(root.path(), &["render"]).output().expect("the program starts");
        assert_eq!(render.status.code(), Some(1), "{text}{config}");
        let said = String::from_utf8_lossy(&render.stderr).into_owned();
        assert!(said.contains(&format!("[{}]", errors[0].0)), "{said}");
        assert!(said.contains(errors[0].2.split(' ').next().expect("a message")), "{said}");
    }
    // Two departments whose outputs differ in case alone.
    let root = good();
    add(root.path(), "002-a乡", "002");
    add(root.path(), "002-A乡", "012");
    assert!(check(root.path(), &[]).iter().any(|(code, ..)| code == "E601"));
}

#[test]
fn a_project_is_known_however_its_name_is_typed() {
    let root = good();
    write(&root.path().join("data/2023").join(GOOD).join("02.toml"), &project("测试项目"));
    // A character that nobody sees is wrong by itself; the other names are there already.
    for (name, status, words) in [
        ("测试项目", 1, "已经有"),
        ("测试项⽬", 1, "已经有"),
        ("测试项目 ", 1, "已经有"),
        ("测试 项目", 1, "已经有"),
        ("测试项\u{200b}目", 2, "看不见"),
    ] {
        let output =
            support::jixiao(root.path(), &["new", name]).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{name}: {said}");
        assert!(said.contains(words), "{name}: {said}");
    }
    support::run(root.path(), &["new", "测试项目二"]);
}

#[test]
fn of_thirty_departments_every_fault_is_told_and_no_other() {
    type Fault = (&'static str, fn(&Path), &'static [(&'static str, &'static str)]);
    fn change(folder: &Path, from: &str, to: &str) {
        let path = folder.join("01.toml");
        let text = fs::read_to_string(&path).expect("a file");
        assert_eq!(text.matches(from).count(), 1, "{from}");
        fs::write(path, text.replace(from, to)).expect("a file");
    }
    fn department(folder: &Path, from: &str, to: &str) {
        let path = folder.join("部门.toml");
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{from}");
        fs::write(path, text.replacen(from, to, 1)).expect("a file");
    }
    let faults: &[Fault] = &[
        ("clean", |_| {}, &[]),
        ("notepad", |f| write(&f.join("02.toml.txt"), &project("一")), &[("E208", "02.toml.txt")]),
        ("deeper", |f| write(&f.join("旧/02.toml"), &project("二")), &[("E203", "旧")]),
        ("no file", |f| fs::remove_file(f.join("部门.toml")).expect("gone"), &[("E204", "")]),
        ("no project", |f| fs::remove_file(f.join("01.toml")).expect("gone"), &[("E205", "")]),
        ("code", |f| department(f, "\"代码\" = \"1", "\"代码\" = \"9"), &[("W306", "部门.toml")]),
        ("letter", |f| department(f, "\"代码\" = \"1", "\"代码\" = \"l"), &[("W303", "部门.toml")]),
        (
            "same name",
            |f| {
                write(
                    &f.join("02.toml"),
                    &fs::read_to_string(f.join("01.toml"))
                        .expect("a file")
                        .replace("经费\"", "经费 \""),
                )
            },
            &[("E304", "02.toml"), ("W409", "02.toml")],
        ),
        ("quote", |f| change(f, "= \"1年\"", "= “1年”"), &[("E103", "01.toml")]),
        ("unknown key", |f| change(f, "\"项目期\"", "\"项目其\""), &[("E110", "01.toml")]),
        ("missing key", |f| change(f, "\"项目期\" = \"1年\"\n", ""), &[("E111", "01.toml")]),
        ("text as amount", |f| change(f, "= 33.3\n", "= \"33.3\"\n"), &[("E112", "01.toml")]),
        ("negative", |f| change(f, "资金\" = 0", "资金\" = -1"), &[("E120", "01.toml")]),
        (
            "total",
            |f| change(f, "\"财政拨款\"", "\"年度资金总额\" = 30\n\"财政拨款\""),
            &[("E301", "01.toml")],
        ),
        ("no row", |f| change(f, "\"完成时间\" = \"2023年底\"\n", ""), &[("E302", "01.toml")]),
        ("no figure", |f| change(f, "11个", "若干"), &[("E303", "01.toml")]),
        ("glyph", |f| change(f, "有效改善", "有效改善☑"), &[("E401", "01.toml")]),
        ("year", |f| change(f, "2023年底", "2022.12.31前"), &[("W103", "01.toml")]),
        ("cost", |f| change(f, "33.3万元", "34万以内"), &[("W201", "01.toml")]),
        ("cost without unit", |f| change(f, "33.3万元", "333000"), &[("W202", "01.toml")]),
        ("no cost", |f| change(f, "33.3万元", "100%"), &[("W203", "01.toml")]),
        ("no sign", |f| change(f, "≥95%", "95%"), &[("W206", "01.toml")]),
        ("punctuation", |f| change(f, "设施，提升", "设施,提升"), &[("W401", "01.toml")]),
        ("wide", |f| change(f, "11个", "１１个"), &[("W402", "01.toml")]),
        ("bracket", |f| change(f, "水电）", "水电"), &[("W404", "01.toml")]),
        ("radical", |f| change(f, "村容村貌", "村容⾯貌"), &[("W408", "01.toml")]),
        ("space", |f| change(f, "队伍稳定", "队伍\u{2002}稳定"), &[("W409", "01.toml")]),
        ("page", |f| change(f, "≥95%", "≥95%&nbsp;"), &[("W410", "01.toml")]),
        ("garbage", |f| change(f, "队伍稳定", "锟斤拷锟斤拷"), &[("W411", "01.toml")]),
        (
            "comment",
            |f| change(f, "\"村容村貌\"", "# \"培训\" = \"2次\"\n\"村容村貌\""),
            &[("W603", "01.toml")],
        ),
        (
            "copy",
            |f| {
                fs::copy(f.with_file_name("101-乡镇").join("01.toml"), f.join("01.toml"))
                    .map(drop)
                    .expect("a copy")
            },
            &[("W307", "01.toml")],
        ),
    ];
    let root = tempfile::tempdir().expect("a temporary folder");
    let mut expected = BTreeSet::new();
    let year = root.path().join("data/2023");
    for (number, (_, plant, found)) in (101..).zip(faults) {
        let name = format!("{number}-乡镇");
        add(root.path(), &name, &number.to_string());
        plant(&year.join(&name));
        expected.extend(found.iter().map(|(code, file)| {
            let path = if file.is_empty() { String::new() } else { format!("/{file}") };
            ((*code).to_owned(), format!("data/2023/{name}{path}"))
        }));
    }
    // And what is wrong with the year as a whole.
    write(&year.join("散.toml"), &project("散"));
    write(&root.path().join("data/2024年/a/01.toml"), &project("早"));
    expected.insert(("E203".to_owned(), "data/2023/散.toml".to_owned()));
    expected.insert(("E208".to_owned(), "data/2024年".to_owned()));
    let found = check(root.path(), &[]);
    let told: Vec<(String, String)> =
        found.iter().map(|(code, file, _)| (code.clone(), file.clone())).collect();
    let twice = told.len() != expected.len();
    let told: BTreeSet<_> = told.into_iter().collect();
    let missing: Vec<_> = expected.difference(&told).collect();
    let wrong: Vec<_> = told.difference(&expected).collect();
    assert!(missing.is_empty() && wrong.is_empty() && !twice, "{missing:#?} {wrong:#?} {found:#?}");
    // The order of what is said does not depend on who came first.
    let with_threads = |threads| {
        let mut check = support::jixiao(root.path(), &["check"]);
        check.env("RAYON_NUM_THREADS", threads).output().expect("the program starts").stdout
    };
    assert_eq!(with_threads("1"), with_threads("4"));
}

//! Forms of other programs become data: what is certain as it stands, the rest marked or told.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::form::{FormParts, MAY_BE_EMPTY, OPTIONAL, QUANTIFIED, REQUIRED};
use crate::support::{self, Run, empty_workspace, files, jixiao, repository, run, try_run, write};
use tempfile::TempDir;

/// The folder of the only department that was imported.
fn imported(workspace: &Path) -> PathBuf {
    let year = fs::read_dir(workspace.join("data")).unwrap().next().unwrap().unwrap().path();
    let mut departments = fs::read_dir(year).unwrap().map(|it| it.unwrap().path());
    let department = departments.next().unwrap();
    assert!(departments.next().is_none());
    department
}

/// All files of a department in one text.
fn all_text(folder: &Path) -> String {
    files(folder).into_values().map(|bytes| String::from_utf8(bytes).unwrap()).collect()
}

#[track_caller]
fn assert_same(old: &Path, new: &Path, options: &[&str]) {
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let diff = try_run(repository(), &[&["diff", old, new], options].concat());
    let said = format!("{}{}", diff.results, diff.messages);
    assert_eq!((diff.status, said.as_str()), (Some(0), "没有不同\n"));
}

/// Writes a department's forms in a format, and imports them elsewhere.
fn there_and_back(workspace: &Path, format: &str, options: &[&str]) -> TempDir {
    // Not every edition has a summary.
    let has_none = WITHOUT_SUMMARY.iter().any(|edition| options.contains(edition));
    let summary: &[&str] = if has_none { &[] } else { &["--summary"] };
    run(workspace, &[&["render", "--format", format, "-o", "out"], summary, options].concat());
    let written = files(&workspace.join("out/2023")).into_keys().next().unwrap();
    let file = workspace.join("out/2023").join(written);
    let other = empty_workspace();
    let options: Vec<&str> = options.to_vec();
    run(other.path(), &[&["import", file.to_str().unwrap()], &options[..]].concat());
    other
}

/// In every format, a department's forms are the same again, and nothing is left to be reviewed.
#[track_caller]
fn assert_comes_back(workspace: &Path, sample: &Path, options: &[&str]) {
    for format in FORMATS {
        let back = there_and_back(workspace, format, options);
        let found = imported(back.path());
        assert_same(sample, &found, options);
        assert!(!all_text(&found).contains("待核对"), "{}", all_text(&found));
    }
}

/// The formats that are written and read.
const FORMATS: [&str; 3] = ["xlsx", "docx", "pdf"];

#[test]
fn the_sample_in_any_format_is_the_sample_again() {
    let workspace = empty_workspace();
    support::add_sample(workspace.path());
    for format in FORMATS {
        let back = there_and_back(workspace.path(), format, &[]);
        let folder = imported(back.path());
        assert_same(&repository().join(support::SAMPLE), &folder, &[]);
        assert!(!all_text(&folder).contains("待核对"), "{format}");
        run(back.path(), &["fmt", "--check"]);
    }
}

#[test]
fn long_forms_line_breaks_quotes_and_signs_come_back_as_they_were() {
    let goal = "目标“一”：\\\"引用\\\"，# 不是注释；C:\\\\路径_x000D_\\n\\n\u{3000}\u{3000}第二段。"
        .to_owned() + &"这是很长的一段话。".repeat(400);
    let many = support::project("很长的项目 # 1", &goal, |level| {
        (1..40)
            .map(|number| (format!("{level}第{number}项，\"引号\""), format!("≥{number}%\n（注）")))
            .collect()
    });
    let plain = support::simple_project("目标");
    let workspace = support::workspace(&[("01.toml", &many), ("02.toml", &plain)]);
    for format in FORMATS {
        let back = there_and_back(workspace.path(), format, &[]);
        let folder = imported(back.path());
        let sample = workspace.path().join("data/2023/001-测试单位");
        if format == "pdf" {
            assert_same_but_for_breaks(&sample, &folder, &[]);
            continue;
        }
        assert_same(&sample, &folder, &[]);
        assert!(!all_text(&folder).contains("待核对"), "{format}");
    }
}

/// Paper does not tell a line break from the end of a line.
#[track_caller]
fn assert_same_but_for_breaks(old: &Path, new: &Path, options: &[&str]) {
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let diff = try_run(repository(), &[&["diff", old, new], options].concat());
    let breaks = ["{+↵+}", "{+↵↵+}", "[-↵-]", "[-↵↵-]"];
    let said = breaks.iter().fold(diff.results, |said, it| said.replace(it, ""));
    assert!(!said.contains("{+") && !said.contains("[-") && !said.contains("删"), "{said}");
    assert!(!said.contains("新增"), "{said}");
}

/// A form with other words, in 元, with columns and levels of its own.
const OTHER: FormParts = FormParts {
    department: &[("主管部门", REQUIRED), ("填报单位", REQUIRED)],
    project: &[("项目名称", REQUIRED), ("立项依据", MAY_BE_EMPTY), ("备注", OPTIONAL)],
    funding: ("经费", "经费合计", &["中央资金", "地方资金"]),
    columns: &[("指标值", REQUIRED), ("度量单位", REQUIRED), ("权重", "\"种类\" = \"数\"")],
    levels: &[
        ("成本指标", &[("经济成本指标", QUANTIFIED)]),
        ("满意度指标", &[("满意度", REQUIRED), ("服务对象满意度", OPTIONAL)]),
    ],
};

#[test]
fn another_form_is_found_by_its_own_words() {
    let workspace = empty_workspace();
    let root = workspace.path();
    let form = OTHER.toml().replace("\"表名\"", "\"单位\" = \"元\"\n\"表名\"");
    write(root, "form/form.toml", form);
    write(
        root,
        "data/2023/甲局/部门.toml",
        "\"主管部门\" = \"甲局\"\n\"填报单位\" = \"甲局办公室\"\n",
    );
    let project = "\"项目名称\" = \"修路\"\n\"立项依据\" = \"\"\n\n[\"经费\"]\n\"中央资金\" = 1234567.89\n\
                   \"地方资金\" = 0\n\n[\"经济成本指标\"]\n\
                   \"每公里造价\" = { \"指标值\" = \"≤50\", \"度量单位\" = \"万元\", \"权重\" = 10 }\n\
                   \"总价\" = { \"指标值\" = \"≤100\", \"度量单位\" = \"万元\" }\n\n[\"满意度\"]\n\
                   \"群众\" = { \"指标值\" = \"≥95\", \"度量单位\" = \"%\" }\n";
    write(root, "data/2023/甲局/01-修路.toml", project);
    let template = root.join("form");
    let options = ["--template", template.to_str().unwrap()];
    for format in FORMATS {
        let name = format!("a.{format}");
        run(root, &[&["render", "--format", format, "-o", &name], &options[..]].concat());
        let back = empty_workspace();
        let file = root.join(&name);
        let arguments = ["import", file.to_str().unwrap(), "--year", "2023"];
        run(back.path(), &[&arguments[..], &options].concat());
        let folder = imported(back.path());
        assert_same(&root.join("data/2023/甲局"), &folder, &options);
        assert!(!all_text(&folder).contains("待核对"), "{}", all_text(&folder));
    }
}

#[test]
fn a_column_that_the_form_does_not_have_is_told_and_shifts_no_other() {
    let more = FormParts {
        columns: &[
            ("上年值", REQUIRED),
            ("指标值", REQUIRED),
            ("度量单位", REQUIRED),
            ("权重", REQUIRED),
        ],
        ..OTHER
    };
    let workspace = empty_workspace();
    let root = workspace.path();
    write(root, "more/form.toml", more.toml());
    write(root, "form/form.toml", OTHER.toml());
    write(
        root,
        "data/2023/甲局/部门.toml",
        "\"主管部门\" = \"甲局\"\n\"填报单位\" = \"甲局办公室\"\n",
    );
    let project = "\"项目名称\" = \"修路\"\n\"立项依据\" = \"\"\n\n[\"经费\"]\n\"中央资金\" = 1\n\
                   \"地方资金\" = 0\n\n[\"经济成本指标\"]\n\"造价\" = { \"上年值\" = \"60\", \"指标值\" = \"≤50\", \
                   \"度量单位\" = \"万元\", \"权重\" = \"10\" }\n\n[\"满意度\"]\n\"群众\" = { \"上年值\" = \"90\", \
                   \"指标值\" = \"≥95\", \"度量单位\" = \"%\", \"权重\" = \"10\" }\n";
    write(root, "data/2023/甲局/01-修路.toml", project);
    for format in FORMATS {
        let file = format!("a.{format}");
        run(root, &["render", "--template", "more", "--format", format, "-o", &file]);
        let back = empty_workspace();
        let (form, file) = (root.join("form"), root.join(&file));
        let template = ["--template", form.to_str().unwrap()];
        let import = ["import", file.to_str().unwrap(), "--year", "2023"];
        let said = try_run(back.path(), &[&import[..], &template].concat());
        assert_eq!(said.status, Some(1), "{}", said.messages);
        for text in ["上年值", "60", "90"] {
            let told = format!("：“{text}”没有放进数据");
            assert!(said.messages.contains(&told), "{format}: {}", said.messages);
        }
        let found = all_text(&imported(back.path()));
        let row = "\"造价\" = { \"指标值\" = \"≤50\", \"度量单位\" = \"万元\", \"权重\" = 10 }\n";
        assert!(found.contains(row), "{format}: {found}");
    }
}

#[test]
fn the_forms_of_several_departments_in_one_file_come_back_to_each() {
    let workspace = empty_workspace();
    let root = workspace.path();
    support::add_sample(root);
    let other = root.join("data/2023/057-渠口乡");
    support::copy(&root.join(support::SAMPLE), &other);
    let own = fs::read_to_string(other.join("部门.toml")).unwrap();
    let own = own.replace("\"056\"", "\"057\"").replace("灵沙乡", "渠口乡");
    fs::write(other.join("部门.toml"), own).unwrap();
    for format in FORMATS {
        let name = format!("a.{format}");
        run(root, &["render", "--combined", "--no-summary", "--format", format, "-o", &name]);
        let back = empty_workspace();
        run(back.path(), &["import", root.join(&name).to_str().unwrap()]);
        for (sample, code) in [(support::SAMPLE, "056"), ("data/2023/057-渠口乡", "057")] {
            let found = format!("data/2023/{code}-平罗县");
            let folders = fs::read_dir(back.path().join("data/2023")).unwrap();
            let folders = folders.map(|folder| folder.unwrap().path());
            let is_found = |folder: &PathBuf| folder.to_str().unwrap().contains(&found);
            let found = folders.into_iter().find(is_found).unwrap();
            assert_same(&root.join(sample), &found, &[]);
        }
    }
}

const EVALUATION: &str = "自评表";
const MONITORING: &str = "监控表";
const HALVES: &str = "中期年度目标表";
const DEPARTMENT_TABLE: &str = "部门申报表";
const WHOLE: &str = "整体目标表";
const WHOLE_EVALUATION: &str = "整体自评表";
const WITHOUT_SUMMARY: [&str; 6] =
    [EVALUATION, MONITORING, HALVES, DEPARTMENT_TABLE, WHOLE, WHOLE_EVALUATION];

#[test]
fn the_monitoring_form_comes_back_from_below_heads_of_two_rows_with_months_in_them() {
    let workspace = empty_workspace();
    let root = workspace.path();
    support::copy(&repository().join("tests/editions/监控表"), root);
    let sample = root.join("data/2023/219-棠溪镇");
    // What only the first form has is not on this one.
    fs::remove_file(sample.join("01-河道保洁.toml")).unwrap();
    let options = ["--template", MONITORING];
    assert_comes_back(root, &sample, &options);
}

#[test]
fn the_self_evaluation_comes_back_with_all_its_amounts() {
    let workspace = empty_workspace();
    let root = workspace.path();
    let folder = root.join("data/2023/219-棠溪镇");
    support::copy(&repository().join("tests/editions/自评表/data/2022/219-棠溪镇"), &folder);
    // As many as there are points: a figure of the form, too, may be an amount.
    let first = std::fs::read_to_string(folder.join("自评/01-委托业务项目.toml")).unwrap();
    let second = first
        .replace("\"委托业务项目\"", "\"修路项目\"")
        .replacen("\"全年执行数\" = 0 }", "\"全年执行数\" = 10 }", 1)
        .replacen(
            "\"全年预算数\" = 0, \"全年执行数\" = 10",
            "\"全年预算数\" = 100, \"全年执行数\" = 10",
            1,
        )
        .replace("52个", "100");
    write(root, "data/2023/219-棠溪镇/自评/02-修路项目.toml", second);
    let options = ["--template", EVALUATION];
    assert_comes_back(root, &folder, &options);
}

#[test]
fn a_form_with_halves_side_by_side_comes_back_with_each_value_in_its_half() {
    let workspace = empty_workspace();
    let root = workspace.path();
    support::copy(&repository().join("tests/editions/中期年度目标表"), root);
    let sample = root.join("data/2023/123-测试部");
    let options = ["--template", HALVES];
    assert_comes_back(root, &sample, &options);
}

#[test]
fn the_table_of_a_department_comes_back_project_by_project() {
    let workspace = empty_workspace();
    let root = workspace.path();
    support::copy(&repository().join("tests/editions/部门申报表"), root);
    let sample = root.join("data/2023/820-马踏镇");
    // Longer than a page, and with a code that is not only figures.
    let first = fs::read_to_string(sample.join("01-村组干部报酬.toml")).unwrap();
    let long = (1..60).map(|number| {
        format!(
            "\"第{number}项\" = {{ \"指标性质\" = \"≥\", \"指标值\" = \"{number}\", \"度量单位\" = \
             \"个\", \"权重\" = 1, \"指标方向性\" = \"正向指标\" }}\n"
        )
    });
    let long = long.collect::<String>();
    let long = first
        .replace("\"村组干部报酬\"", "\"2023年养护-二期\"")
        .replace("820001", "5111T00009")
        .replace("[\"数量指标\"]\n", &format!("[\"数量指标\"]\n{long}"))
        .replace("[\"满意度指标\"]\n", &format!("[\"满意度指标\"]\n{long}"));
    write(root, "data/2023/820-马踏镇/03-2023年养护-二期.toml", long);
    let options = ["--template", DEPARTMENT_TABLE];
    assert_comes_back(root, &sample, &options);
    // Two departments in one file.
    let other = root.join("data/2023/821-示例镇部门");
    support::copy(&sample, &other);
    let own = "\"单位名称\" = \"示例镇部门\"\n\"单位代码\" = \"821\"\n";
    fs::write(other.join("部门.toml"), own).unwrap();
    for format in FORMATS {
        let name = format!("a.{format}");
        let render = ["render", "--combined", "--format", format, "-o", &name];
        run(root, &[&render[..], &options].concat());
        let back = empty_workspace();
        let file = root.join(&name);
        run(back.path(), &[&["import", file.to_str().unwrap()], &options[..]].concat());
        for (department, name) in [(&sample, "820-马踏镇部门"), (&other, "821-示例镇部门")]
        {
            assert_same(department, &back.path().join("data/2023").join(name), &options);
        }
    }
}

#[test]
fn what_a_department_does_as_a_whole_comes_back_with_its_own_tables() {
    let workspace = empty_workspace();
    let root = workspace.path();
    support::copy(&repository().join("tests/editions/整体自评表"), root);
    let sample = root.join("data/2023/301-示例局");
    for format in FORMATS {
        for (edition, class) in [(WHOLE, "整体"), (WHOLE_EVALUATION, "整体自评")] {
            let options = ["--template", edition];
            let written = root.join(format!("{edition}.{format}"));
            let file = written.to_str().unwrap();
            run(
                root,
                &[&["render", "--format", format, "-o", file, "--combined"], &options[..]].concat(),
            );
            // Beside the department's own file, which is found by its name.
            let back = empty_workspace();
            let own = fs::read_to_string(sample.join("部门.toml")).unwrap();
            write(back.path(), "data/2023/301-示例局/部门.toml", own);
            run(back.path(), &[&["import", file], &options[..]].concat());
            let found = imported(back.path());
            if format == "pdf" {
                assert_same_but_for_breaks(&sample.join(class), &found.join(class), &options);
            } else {
                assert_same(&sample.join(class), &found.join(class), &options);
                assert!(!all_text(&found).contains("待核对"), "{}", all_text(&found));
            }
            let again = try_run(back.path(), &[&["import", file], &options[..]].concat());
            assert!(again.messages.contains(&format!("已经有{class}的数据")), "{}", again.messages);
        }
    }
}

/// The table of a department as it is copied from a page: the line above it, and its rows.
fn department_table(above: &str, rows: &[String]) -> String {
    let heads = "单位名称\t项目名称\t预算数\t年度目标\t一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\t权重\t指标方向性";
    format!("示例镇2023年部门预算项目绩效目标申报表\n{above}\n{heads}\n{}", rows.concat())
}

#[test]
fn what_a_department_table_says_all_projects_come_to_is_told_where_they_do_not() {
    let row = |project: &str, amount: &str| {
        format!(
            "示例镇\t{project}\t{amount}\t目标\t产出指标\t数量指标\t指标\t≥\t1\t个\t100\t正向指标\n"
        )
    };
    for (total, is_right) in [("300.50", true), ("300.5", true), ("301.00", false)] {
        let workspace = empty_workspace();
        let total_row = format!("821-示例镇\t\t{total}\n");
        let rows = [total_row, row("821001-甲", "100.50"), row("821002-乙", "200")];
        let text = department_table("部门：821-示例镇\t金额单位：元", &rows);
        write(workspace.path(), "a.txt", text);
        let said = try_run(workspace.path(), &["import", "a.txt", "--template", DEPARTMENT_TABLE]);
        let told = format!("：“{total}”没有放进数据：各个项目加起来不是这个数");
        assert_eq!(said.messages.contains(&told), !is_right, "{}", said.messages);
        assert_eq!(said.status, Some(if is_right { 0 } else { 1 }), "{}", said.messages);
        let found = all_text(&imported(workspace.path()));
        assert!(
            found.contains("\"预算数\" = 100.5\n") && found.contains("\"预算数\" = 200\n"),
            "{found}"
        );
    }
}

#[test]
fn rows_of_no_project_are_told_and_a_name_needs_no_code() {
    let workspace = empty_workspace();
    let row = |project: &str, indicator: &str| {
        format!("\t{project}\t\t\t产出指标\t数量指标\t{indicator}\t≥\t1\t个\t100\t正向指标\n")
    };
    let text = department_table("部门：821-示例镇", &[row("", "谁的"), row("修路", "里程")]);
    write(workspace.path(), "a.txt", text);
    let said = try_run(workspace.path(), &["import", "a.txt", "--template", DEPARTMENT_TABLE]);
    assert!(
        said.messages.contains("：“谁的”没有放进数据：看不出它属于哪个项目"),
        "{}",
        said.messages
    );
    let found = all_text(&imported(workspace.path()));
    assert!(found.contains("\"项目名称\" = \"修路\"\n\"项目代码\" = \"\"  # 待核对："), "{found}");
    assert!(found.contains("\"里程\" = ") && !found.contains("谁的"), "{found}");
}

#[test]
fn amounts_of_a_table_in_another_unit_are_told() {
    for (unit, doubt) in [("万元", ""), ("元", "  # 待核对：表上的单位是元，这里要写万元")]
    {
        let workspace = empty_workspace();
        let text = format!(
            "部门整体支出绩效目标表\n（2023年度）\n部门（单位）名称\t甲局\n\
             年度主要任务\t任务名称\t主要内容\t预算金额（{unit}）\n\t\t\t总额\t财政拨款\t其他资金\n\
             \t修路\t修一条路\t12.5\t10\t2.5\n"
        );
        write(workspace.path(), "a.txt", text);
        run(workspace.path(), &["import", "a.txt", "--template", WHOLE]);
        let found = all_text(&imported(workspace.path()));
        let row = format!(
            "\"修路\" = {{ \"主要内容\" = \"修一条路\", \"财政拨款\" = 10, \"其他资金\" = 2.5 }}{doubt}\n"
        );
        assert!(found.contains(&row), "{found}");
    }
}

#[test]
fn the_edition_of_2021_comes_back_too() {
    let workspace = empty_workspace();
    let root = workspace.path();
    let own = "\"主管部门\" = \"甲局\"\n\"代码\" = \"012\"\n\"实施单位\" = \"甲局本级\"\n";
    write(root, "data/2023/012-甲局/部门.toml", own);
    let mut project =
        "\"项目名称\" = \"修路\"\n\"项目属性\" = \"0101-一年期项目\"\n\"项目期\" = \"1年\"\n\
        \"年度总体目标\" = \"\"\n\n[\"项目资金\"]\n\"财政拨款\" = 1.5\n\"其他资金\" = 0\n"
            .to_owned();
    for level in ["社会成本指标", "数量指标", "质量指标", "时效指标", "可持续影响指标"]
    {
        project += &format!("\n[\"{level}\"]\n\"{level}一\" = \"1个\"\n\"{level}二\" = \"2个\"\n");
    }
    write(root, "data/2023/012-甲局/01-修路.toml", project);
    let options = ["--template", "目标表2021"];
    for format in FORMATS {
        let back = there_and_back(root, format, &options);
        assert_same(&root.join("data/2023/012-甲局"), &imported(back.path()), &options);
    }
}

#[test]
fn the_published_attachment_is_the_sample() {
    let workspace = empty_workspace();
    let text = repository().join("tests/official/附件2.txt");
    run(workspace.path(), &["import", text.to_str().unwrap()]);
    let folder = imported(workspace.path());
    assert_same(&repository().join(support::SAMPLE), &folder, &[]);
    // What was repaired is said once a project and kind.
    let text = all_text(&folder);
    let count = |kind: &str| text.matches(kind).count();
    assert_eq!(count("待核对"), 31);
    assert_eq!(count("# 待核对：汉字和数字之间多出来的空格"), 11);
    assert_eq!(count("# 待核对：夹在汉字里的半角标点"), 9);
    assert_eq!(count("# 待核对：一级指标的名称有缺的"), 6);
    assert_eq!(count("# 待核对：列错开了"), 4);
    assert_eq!(count("# 待核对：公式写法的符号"), 1);
    let check = try_run(workspace.path(), &["check", "--format", "short"]);
    assert_eq!(check.results.matches("W702").count(), 31, "{}", check.results);
}

/// Runs the program on a text.
fn import_text(workspace: &Path, text: &[u8], options: &[&str]) -> Run {
    let mut command = jixiao(workspace, &[&["import", "-"], options].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    Run::from(child.wait_with_output().unwrap())
}

const TEXT: &str = "(2023年度)\n项目名称\t办公费\n主管部门及代码\t甲局 001\t实施单位\t甲局本级\n\
    项目属性\t0101-一年期项目\t项目期\t1年\n项目资金（万元）\t年度资金总额：\t3\n\t其中：财政拨款\t1\n\t其他资金\t1\n\
    年度总体目标\t目标。\n名称\t一级指标\t二级指标\t三级指标\t指标值\n\
    绩效指标\t产出指标\t数量指标\t次数\t2次\n\t\t\t次数\t3次\n填表人\t张三\n";

#[test]
fn what_cannot_be_placed_is_told_with_its_place() {
    let workspace = empty_workspace();
    let told = import_text(workspace.path(), TEXT.as_bytes(), &[]);
    assert_eq!(told.status, Some(1), "{}", told.messages);
    assert_eq!(told.messages.matches("E709").count(), 3, "{}", told.messages);
    for expected in ["第 11 行：“次数 | 3次”", "第 12 行：“填表人”", "3 处没有放进数据"]
    {
        assert!(told.messages.contains(expected), "{expected} {}", told.messages);
    }
    let text = all_text(&imported(workspace.path()));
    // A total that is not the sum of its parts is kept, and marked.
    assert!(text.contains("\"年度资金总额\" = 3  # 待核对：分项加起来是 2"), "{text}");
}

#[test]
fn nothing_that_is_there_is_changed() {
    let workspace = empty_workspace();
    let root = workspace.path();
    let dry = import_text(root, TEXT.as_bytes(), &["--dry-run"]);
    assert!(dry.results.contains("会写出 data/2023/001-甲局/01-办公费.toml"), "{}", dry.results);
    assert!(!root.join("data").exists());
    import_text(root, TEXT.as_bytes(), &[]);
    let before = files(root);
    let again = import_text(root, TEXT.as_bytes(), &[]);
    assert_eq!(again.status, Some(1));
    assert!(again.messages.contains("E708") && again.messages.contains("已经有项目“办公费”"));
    // Another project of the same department goes beside the first; another department of the same
    // code is refused.
    let other = TEXT.replace("办公费", "培训费");
    let foreign = other.replace("甲局 001", "乙局 001");
    let refused = import_text(root, foreign.as_bytes(), &[]);
    assert!(refused.messages.contains("主管部门不一样：这里写的是“甲局”"), "{}", refused.messages);
    assert_eq!(files(root), before);
    import_text(root, other.as_bytes(), &[]);
    let names: Vec<PathBuf> = files(&root.join("data/2023/001-甲局")).into_keys().collect();
    assert_eq!(names, ["01-办公费.toml", "02-培训费.toml", "部门.toml"].map(PathBuf::from));
}

#[test]
fn where_it_belongs_is_asked_for_if_the_page_does_not_say() {
    let workspace = empty_workspace();
    let root = workspace.path();
    let without_year = TEXT.replace("(2023年度)\n", "");
    let refused = import_text(root, without_year.as_bytes(), &[]);
    assert!(refused.messages.contains("E707") && refused.messages.contains("--year"));
    let without_name = without_year.replace("主管部门及代码\t甲局 001\t", "");
    let refused = import_text(root, without_name.as_bytes(), &["--year", "2024"]);
    assert!(refused.messages.contains("--department"), "{}", refused.messages);
    assert!(!root.join("data").exists());
    import_text(root, without_name.as_bytes(), &["--year", "2024", "--department", "乙局"]);
    assert!(root.join("data/2024/乙局/部门.toml").is_file());
}

#[test]
fn workbooks_of_other_programs_are_read_wherever_their_forms_stand() {
    for file in ["openpyxl.xlsx", "xlwt.xls", "libreoffice.ods"] {
        reads_the_workbook(file);
    }
}

/// The workbooks of tests/import/make.py say all the same.
fn reads_the_workbook(file: &str) {
    let workspace = empty_workspace();
    let file = repository().join("tests/import").join(file);
    let told = try_run(workspace.path(), &["import", file.to_str().unwrap()]);
    assert_eq!(told.status, Some(1), "{}", told.messages);
    assert_eq!(told.messages.matches("E709").count(), 1, "{}", told.messages);
    assert!(told.messages.contains("工作表“第三张” A22：“填表人：张三”"), "{}", told.messages);
    let folder = workspace.path().join("data/2024/012-测试局");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let first = read("01-培训经费.toml");
    for line in [
        "\"年度总体目标\" = \"目标一。\\n目标“二” # 不是注释。\"",
        "\"财政拨款\" = 0.154171\n",
        // A number that is shown as 55人 or 100% says so.
        "\"培训人数\" = \"55人\"",
        "\"合格率\" = \"100%\"",
        "\"增收\" = \"5.5%\"",
        "\"经费标准\" = \"500元/人\\n（含资料费）\"",
    ] {
        assert!(first.contains(line), "{line}\n{first}");
    }
    assert!(!first.contains("待核对"), "{first}");
    let second = read("02-用元的项目.toml");
    assert!(second.contains("\"财政拨款\" = 3.30985  # 待核对：表上以元为单位"), "{second}");
    assert!(read("03-第三个项目.toml").contains("\"其他资金\" = 0.5\n"));
}

#[test]
fn documents_of_other_programs_are_read() {
    for file in ["python-docx.docx", "libreoffice.docx", "libreoffice.pdf"] {
        let workspace = empty_workspace();
        let path = repository().join("tests/import").join(file);
        run(workspace.path(), &["import", path.to_str().unwrap()]);
        let folder = workspace.path().join("data/2024/012-测试局");
        let first = fs::read_to_string(folder.join("01-培训经费.toml")).unwrap();
        for line in [
            "\"年度总体目标\" = \"目标一。\\n目标“二” # 不是注释。\"",
            "\"财政拨款\" = 0.154171\n",
            "\"培训人数\" = \"55人\"",
            "\"经费标准\" = \"500元/人\\n（含资料费）\"",
        ] {
            assert!(first.contains(line), "{file} {line}\n{first}");
        }
        let second = fs::read_to_string(folder.join("02-第三个项目.toml")).unwrap();
        assert!(second.contains("\"其他资金\" = 0.5\n"), "{second}");
        // On paper, a line break is only likely.
        let breaks = if file.ends_with("pdf") { 4 } else { 0 };
        let text = all_text(&folder);
        assert_eq!(text.matches("待核对").count(), breaks, "{file} {text}");
        assert_eq!(text.matches("是不是另起一段").count(), breaks, "{file} {text}");
    }
}

#[test]
fn rows_that_a_page_cuts_are_whole_again() {
    let workspace = empty_workspace();
    let path = repository().join("tests/import/libreoffice-long.pdf");
    run(workspace.path(), &["import", path.to_str().unwrap()]);
    let folder = workspace.path().join("data/2024/012-测试局");
    let text = fs::read_to_string(folder.join("01-长项目.toml")).unwrap();
    let goal = "目标很长，一页写不下，分到几页上。".repeat(150);
    assert!(text.contains(&format!("\"年度总体目标\" = \"{goal}\"\n")), "{text}");
    for number in 1..31 {
        let line = format!(
            "\"第{number}项指标，名称长一些要写两行才写得下\" = \"≥{number}%，并且说明也写得长一点\"\n"
        );
        assert!(text.contains(&line), "{line}\n{text}");
    }
    // The line break of 500元/人（含资料费）.
    assert_eq!(text.matches("待核对").count(), 1, "{text}");
}

/// A PDF of some objects, the first of which is its catalogue; its table of objects is wanting.
fn pdf(objects: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (index, object) in objects.iter().enumerate() {
        bytes.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        bytes.extend_from_slice(object);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    bytes.extend_from_slice(b"trailer\n<</Root 1 0 R>>\n%%EOF\n");
    bytes
}

/// A PDF with a page on which this is drawn; object 5 is a drawing it may use.
fn page(drawn: &[u8], drawing: &[u8]) -> Vec<u8> {
    let stream = |entries: &str, content: &[u8]| {
        let head = format!("<<{entries}/Length {}>>\nstream\n", content.len());
        [head.as_bytes(), content, b"\nendstream"].concat()
    };
    pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
          /Resources<</XObject<</A 5 0 R>>/Font<</F 6 0 R>>>>>>",
        &stream("", drawn),
        &stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 5 0 R>>>>",
            drawing,
        ),
        b"<</Type/Font/Subtype/TrueType/BaseFont/A>>",
    ])
}

#[test]
fn hostile_pdf_files_are_refused_with_what_to_do() {
    let workspace = empty_workspace();
    let root = workspace.path();
    let blanks = |megabytes: usize| {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..megabytes {
            packed.write_all(&[b' '; 1 << 20]).unwrap();
        }
        let packed = packed.finish().unwrap();
        let head = format!("<</Filter/FlateDecode/Length {}>>\nstream\n", packed.len());
        [head.as_bytes(), &packed, b"\nendstream"].concat()
    };
    let (bomb, drawn) = (blanks(300), blanks(80));
    // Each of many pages draws the same.
    let kids: String = (4..2004).map(|number| format!("{number} 0 R ")).collect();
    let kids = format!("<</Type/Pages/Kids[{kids}]/Count 2000>>").into_bytes();
    let one = &b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"[..];
    let mut pages: Vec<&[u8]> = vec![b"<</Type/Catalog/Pages 2 0 R>>", &kids, &drawn];
    pages.extend([one; 2000]);
    let tree: &[&[u8]] =
        &[b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"];
    let whole = fs::read(repository().join("tests/import/libreoffice.pdf")).unwrap();
    let encrypted = pdf(&[b"<</Type/Catalog>>", b"<</Encrypt 3 0 R>>"]);
    let nested = [&b"<</Type/Catalog/Pages "[..], &b"[".repeat(100_000)].concat();
    for (name, bytes, expected) in [
        ("head.pdf", b"%PDF-".to_vec(), ""),
        ("scan.pdf", page(b"q 500 0 0 700 0 0 cm Q", b""), "没有文字，是扫描的图片"),
        ("itself.pdf", page(b"/A Do", b"/A Do /A Do"), "没有文字"),
        ("states.pdf", page(&b"q ".repeat(100_000), b""), "太大"),
        ("rules.pdf", page(&b"0 0 m 9 0 l S ".repeat(200_000), b""), "太大"),
        ("codes.pdf", page(b"BT /G 9 Tf 9 9 Td (salary) Tj ET", b""), "没有编码"),
        ("other.pdf", page(b"BT /F 9 Tf 9 9 Td (salary) Tj ET", b""), "没有找到"),
        ("bomb.pdf", pdf(&[b"<</Type/Catalog>>", &bomb]), "太大"),
        ("pages.pdf", pdf(&pages), "太大"),
        ("tree.pdf", pdf(tree), ""),
        ("nested.pdf", pdf(&[&nested]), ""),
        ("encrypted.pdf", encrypted, "没有密码的 PDF"),
        ("cut.pdf", whole[..whole.len() / 2].to_vec(), ""),
    ] {
        write(root, name, bytes);
        let refused = try_run(root, &["import", name]);
        assert_eq!(refused.status, Some(1), "{name} {}", refused.messages);
        assert!(refused.messages.contains(expected), "{name} {}", refused.messages);
        assert!(refused.messages.contains("E70"), "{name} {}", refused.messages);
    }
    assert!(!root.join("data").exists());
}

#[test]
fn a_pdf_with_its_data_is_not_guessed_at() {
    let workspace = support::workspace(&[("01.toml", &support::simple_project("目标"))]);
    let root = workspace.path();
    run(root, &["render", "--embed-source", "-o", "a.pdf"]);
    let refused = try_run(root, &["import", "a.pdf"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.messages.contains("jixiao extract"), "{}", refused.messages);
}

#[test]
fn hostile_files_are_refused_with_what_to_do() {
    let workspace = empty_workspace();
    let root = workspace.path();
    let workbook = |sheet: Vec<u8>| {
        let part = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        jixiao::files::package::pack(&[
            part(
                "xl/workbook.xml",
                "<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>",
            ),
            part("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"r1\" Target=\"s.xml\"/></R>"),
            ("xl/s.xml".to_owned(), sheet),
        ])
        .unwrap()
    };
    let bomb = workbook(vec![b' '; 200 << 20]);
    assert!(bomb.len() < 1 << 20);
    let row =
        |number: usize| format!("<row r=\"{number}\"><c r=\"A{number}\"><v>{number}</v></c></row>");
    let many = format!("<worksheet>{}</worksheet>", (1..=1_000_000).map(row).collect::<String>());
    let nested = "<a>".repeat(100_000);
    let xls = fs::read(repository().join("tests/import/xlwt.xls")).unwrap();
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    // The same container, its stream under another name.
    let container = |name: &str| -> Vec<u8> {
        let (workbook, name) = (utf16("Workbook"), utf16(name));
        let at = xls.windows(workbook.len()).position(|window| window == workbook).unwrap();
        let mut bytes = xls.clone();
        bytes[at..at + name.len()].copy_from_slice(&name);
        bytes[at + 64] = u8::try_from(name.len() + 2).unwrap();
        bytes
    };
    let document = |xml: Vec<u8>| {
        jixiao::files::package::pack(&[("word/document.xml".to_owned(), xml)]).unwrap()
    };
    let open_document = |kind: &str, xml: Vec<u8>| {
        let kind = format!("application/vnd.oasis.opendocument.{kind}").into_bytes();
        let parts = [("mimetype".to_owned(), kind), ("content.xml".to_owned(), xml)];
        jixiao::files::package::pack(&parts).unwrap()
    };
    let spreadsheet = |xml: Vec<u8>| open_document("spreadsheet", xml);
    let repeated = |attribute: &str| {
        let (row, cell) = match attribute.contains("rows") {
            true => (format!(" {attribute}=\"18446744073709551615\""), String::new()),
            false => (String::new(), format!(" {attribute}=\"18446744073709551615\"")),
        };
        format!(
            "<a><table:table><table:table-row{row}><table:table-cell{cell}><text:p>1</text:p></table:table-cell></table:table-row></table:table></a>"
        )
    };
    // Every sector goes on with the first.
    let mut circle = xls.clone();
    let table = u32::from_le_bytes(xls[76..80].try_into().unwrap()) as usize;
    circle[512 * (table + 1)..512 * (table + 2)].fill(0);
    let text = "<w:p><w:r><w:t>".to_owned() + &"字".repeat(10 << 20) + "</w:t></w:r></w:p>";
    let rows = |count: usize| {
        let row = "<w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr>";
        format!("<w:tbl>{}</w:tbl>", row.repeat(count)).into_bytes()
    };
    for (name, bytes, expected) in [
        ("bomb.xlsx", bomb, "太大"),
        ("many.xlsx", workbook(many.into_bytes()), "太大"),
        ("nested.xlsx", workbook(nested.into_bytes()), ""),
        ("entity.xlsx", workbook(b"<!DOCTYPE a [<!ENTITY b \"cc\">]><a>&b;</a>".to_vec()), "损坏"),
        ("password.xlsx", container("EncryptedPackage"), "有密码"),
        ("cut.xlsx", b"PK\x03\x04".to_vec(), "损坏"),
        ("empty.txt", Vec::new(), "没有找到"),
        ("binary.xls", vec![0, 1, 2], "不认识"),
        ("bomb.ods", spreadsheet(vec![b' '; 200 << 20]), "太大"),
        ("many.ods", spreadsheet(repeated("table:number-rows-repeated").into_bytes()), "太大"),
        ("wide.ods", spreadsheet(repeated("table:number-columns-repeated").into_bytes()), "太大"),
        ("text.odt", open_document("text", b"<a><p>1</p></a>".to_vec()), "不认识"),
        ("cut.ods", spreadsheet(b"<table:table><table:table-cell>".to_vec()), "损坏"),
        ("cut.xls", xls[..2000].to_vec(), "损坏"),
        ("circle.xls", circle, "损坏"),
        ("head.xls", xls[..8].to_vec(), "损坏"),
        ("other.xls", container("Book"), "不认识"),
        ("bomb.docx", document(vec![b' '; 200 << 20]), "太大"),
        ("many.docx", document(rows(500_000)), "太大"),
        ("text.docx", document(text.into_bytes()), "太大"),
        ("nested.docx", document("<w:tbl><w:tr><w:tc>".repeat(100_000).into_bytes()), "太大"),
        ("cut.docx", document(b"<w:document><w:tbl></w:p>".to_vec()), "损坏"),
        ("old.doc", container("WordDocument"), "另存为 docx"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), "网页"),
    ] {
        write(root, name, bytes);
        let refused = try_run(root, &["import", name]);
        assert_eq!(refused.status, Some(1), "{name} {}", refused.messages);
        assert!(refused.messages.contains(expected), "{name} {}", refused.messages);
        assert!(refused.messages.contains("E70"), "{name} {}", refused.messages);
    }
    // What a text says is no sign of what a file is.
    for name in ["EncryptedPackage", "WordDocument"] {
        write(root, "said.xls", [&xls[..], &utf16(name)].concat());
        let read = try_run(root, &["import", "--dry-run", "said.xls"]);
        // It is read: what it holds besides the forms is told.
        assert!(read.messages.contains("工作表“第三张” A22"), "{name} {}", read.messages);
    }
    assert!(!root.join("data").exists());
}

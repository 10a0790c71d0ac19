//! What is printed, read back from the PDF.

use std::fs;
use std::path::Path;

use crate::support;
use crate::support::pdf::{self, Cell};
use jixiao::data::{Department, Project};

/// A cell that is expected: its text, its row, how many rows it spans.
type Expected = (String, usize, usize);

fn render(workspace: &Path) -> Vec<pdf::Page> {
    support::run(workspace, &["render"]);
    pdf::read(&workspace.join("output/2023/001-测试单位.pdf"))
}

#[test]
fn each_official_form_fills_one_page_with_every_cell_in_its_place() {
    let output = tempfile::tempdir().expect("a temporary folder");
    let target = output.path().join("a.pdf");
    support::run(support::repository(), &["render", "-o", &target.to_string_lossy()]);
    let pages = pdf::read(&target);
    let department = support::sample();
    assert_eq!(pages.len(), department.projects.len());
    for (number, (page, project)) in (1..).zip(pages.iter().zip(&department.projects)) {
        assert_well_set(page);
        let printed: Vec<Expected> = page.table().into_iter().map(expected_shape).collect();
        assert_eq!(printed, expected(&department, project), "page {number}");
        let attachment = "附件2平罗县灵沙乡人民政府项目支出预算绩效目标表";
        let title = format!("部门项目支出预算绩效目标表（2023年度）— {number} —");
        let heading = if number == 1 { attachment } else { "" };
        assert_eq!(page.text_outside_tables(), format!("{heading}{title}"));
        // The type area of GB/T 9704-2012: 28 mm from the left, 156 mm wide, 35 mm from below.
        let table = page.table_area();
        let mm = 72.0 / 25.4;
        assert!((table.x0 - 28.0 * mm).abs() < 0.5 && (table.x1 - 184.0 * mm).abs() < 0.5);
        assert!(table.y1 < 262.0 * mm + 0.5 && table.y1 > 250.0 * mm, "{table:?}");
    }
}

/// Nothing overlaps, and lines break only where a person would break them.
fn assert_well_set(page: &pdf::Page) {
    assert_eq!(page.overlaps(), []);
    for cell in page.table() {
        assert_eq!(cell.bad_breaks(), [], "{:?}", cell.lines);
        let runt = cell.lines.len() == 2 && cell.lines[1].chars().count() < 2;
        assert!(!runt, "{:?}", cell.lines);
    }
}

fn expected_shape(cell: Cell) -> Expected {
    (cell.text, cell.rows.start, cell.rows.len())
}

/// The cells of a form on one page, row by row, from the data.
fn expected(department: &Department, project: &Project) -> Vec<Expected> {
    let form = support::form().definition;
    let field = |name: &str| {
        let field = project.fields.get(name).or_else(|| department.fields.get(name));
        field.expect("every field is there").get_ref().clone()
    };
    let printed = |amount| form.funding.format.print(amount);
    let amount = |name: &str| printed(*project.funding.principal.lines[name].get_ref());
    let mut rows: Vec<Vec<(String, usize)>> = Vec::new();
    let one = |texts: &[&str]| texts.iter().map(|text| ((*text).to_owned(), 1)).collect::<Vec<_>>();
    rows.push(one(&["项目名称", &field("项目名称")]));
    let code = format!("{} {}", field("主管部门"), field("代码"));
    rows.push(one(&["主管部门及代码", &code, "实施单位", &field("实施单位")]));
    rows.push(one(&["项目属性", &field("项目属性"), "项目期", &field("项目期")]));
    let mut total = one(&["年度资金总额：", &printed(project.funding.total())]);
    total.insert(0, ("项目资金（万元）".to_owned(), 3));
    rows.push(total);
    rows.push(one(&["其中：财政拨款", &amount("财政拨款")]));
    rows.push(one(&["　　　其他资金", &amount("其他资金")]));
    rows.push(one(&["年度总体目标", &field("年度总体目标")]));
    rows.push(one(&["名称", "一级指标", "二级指标", "三级指标", "指标值"]));
    let head = rows.len();
    for first in &form.first_levels {
        let first_row = rows.len();
        for second in &first.second_levels {
            let group = project.group(&second.name).expect("every indicator is there");
            for (index, row) in group.indicators.iter().enumerate() {
                let mut cells = Vec::new();
                if index == 0 {
                    cells.push((format!("{}{}", second.name, second.note), group.indicators.len()));
                }
                cells.push((row.name.get_ref().clone(), 1));
                cells.extend(row.values.values().map(|value| (value.get_ref().clone(), 1)));
                rows.push(cells);
            }
        }
        let span = rows.len() - first_row;
        rows[first_row].insert(0, (first.name.clone(), span));
    }
    let span = rows.len() - head;
    rows[head].insert(0, ("绩效指标".to_owned(), span));
    let rows = rows.into_iter().enumerate();
    rows.flat_map(|(row, cells)| cells.into_iter().map(move |(text, span)| (text, row, span)))
        .collect()
}

#[test]
fn a_long_form_has_every_label_on_every_page_and_no_row_in_two() {
    let rows = |level: &str| {
        let count = if level == "服务对象满意度指标" { 4 } else { 7 };
        (1..=count)
            .map(|n| {
                (format!("{level}的第{n}项，实行网格化管理，网格员走访，全覆盖"), format!("≥{n}个"))
            })
            .collect()
    };
    let project = support::project("六十条指标的项目", "目标1：甲。\n目标2：乙。", rows);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let pages = render(workspace.path());
    assert!(pages.len() >= 3, "{} pages", pages.len());
    let form = support::form().definition;
    let mut printed = Vec::new();
    let mut last_labels: Vec<String> = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let table = page.table();
        let head = table.iter().position(|cell| cell.text == "名称").expect("a head row");
        let head_row = table[head].rows.start;
        assert!(index == 0 || head_row == 0, "a page starts with the head row");
        let last_row = table.iter().map(|cell| cell.rows.end).max().unwrap_or(0);
        // In each row of the page every label is there, spelled out or spanning.
        for row in head_row + 1..last_row {
            let cells: Vec<&Cell> = table.iter().filter(|cell| cell.rows.contains(&row)).collect();
            assert_eq!(cells.len(), 5, "row {row} of page {}", index + 1);
            let plain = |cell: &Cell| cell.text.replace("（续）", "");
            let second = form
                .second_levels()
                .find(|level| format!("{}{}", level.name, level.note) == plain(cells[2]))
                .expect("a second-level indicator");
            assert_eq!(plain(cells[0]), "绩效指标");
            assert!(cells[3].text.starts_with(&second.name), "{}", cells[3].text);
            printed.push((cells[3].text.clone(), cells[4].text.clone()));
            // What goes on from the page before is marked, and nothing else.
            for (level, cell) in cells[..3].iter().enumerate() {
                let goes_on = cell.rows.start == head_row + 1
                    && last_labels.get(level).is_some_and(|label| *label == plain(cell))
                    && (level == 0 || plain(cells[level - 1]) == last_labels[level - 1]);
                assert_eq!(cell.text.ends_with("（续）"), goes_on, "{}", cell.text);
            }
            if row == last_row - 1 {
                last_labels = cells[..3].iter().map(|cell| plain(cell)).collect();
            }
        }
        assert_well_set(page);
    }
    let expected: Vec<_> = form.second_levels().flat_map(|level| rows(&level.name)).collect();
    assert_eq!(printed, expected);
}

#[test]
fn the_summary_lists_every_project_with_its_funds_and_its_page() {
    let workspace = support::workspace(&[
        ("01.toml", &support::project("甲项目", "目标", support::one_row)),
        ("02.toml", &support::project("乙项目", "目标", support::one_row)),
    ]);
    let third = support::project("丙项目", "目标", support::one_row);
    support::add_department(workspace.path(), "002-乙", &[("01.toml", &third)]);
    support::run(workspace.path(), &["render", "--combined"]);
    let pages = pdf::read(&workspace.path().join("output/2023/附件2.pdf"));
    assert_eq!(pages.len(), 4);
    let printed: Vec<Expected> = pages[0].table().into_iter().map(expected_shape).collect();
    let rows: [&[&str]; 7] = [
        &["序号", "部门", "项目名称", "年度资金总额", "财政拨款", "其他资金", "页码"],
        &["1", "测试单位", "甲项目", "1.000000", "1.000000", "0", "2"],
        &["2", "乙项目", "1.000000", "1.000000", "0", "3"],
        &["小计", "2.000000", "2.000000", "0", ""],
        &["3", "测试单位", "丙项目", "1.000000", "1.000000", "0", "4"],
        &["小计", "1.000000", "1.000000", "0", ""],
        &["合计", "3.000000", "3.000000", "0", ""],
    ];
    let rows = rows.iter().enumerate();
    let expected: Vec<Expected> = rows
        .flat_map(|(row, texts)| {
            // A department is named once beside all its projects.
            let span = move |index| if (row, index) == (1, 1) { 2 } else { 1 };
            let cells = texts.iter().enumerate();
            cells.map(move |(index, text)| ((*text).to_owned(), row, span(index)))
        })
        .collect();
    assert_eq!(printed, expected);
    assert!(pages[3].text_outside_tables().ends_with("— 4 —"));
}

#[test]
fn a_summary_says_of_a_project_what_the_project_itself_says() {
    let other = support::project("乙项目", "目标", support::one_row);
    let other = other.replacen('\n', "\n\"实施单位\" = \"水利站\"\n", 1);
    let workspace = support::workspace(&[
        ("01.toml", &support::project("甲项目", "目标", support::one_row)),
        ("02.toml", &other),
    ]);
    let form = support::repository().join("templates/附件2/form.toml");
    let form = fs::read_to_string(form).expect("a form");
    let old = "\"每个项目\" = [\"{序号}\", \"{主管部门}\"";
    assert!(form.contains(old));
    let form = form.replace(old, "\"每个项目\" = [\"{序号}\", \"{实施单位}\"");
    support::write(workspace.path(), "表样/form.toml", form);
    let render = ["render", "--combined", "--template", "表样", "-o", "a.pdf"];
    support::run(workspace.path(), &render);
    let table = pdf::read(&workspace.path().join("a.pdf"))[0].table();
    let of =
        |row: usize| table.iter().find(|cell| cell.rows.start == row && cell.columns.start == 1);
    let said = [1, 2].map(|row| of(row).map(|cell| cell.text.as_str()));
    assert_eq!(said, [Some("测试单位本级"), Some("水利站")]);
}

#[test]
fn a_long_goal_prints_whole() {
    let sentence = "保障2023年11个村创新社会管理工作正常开展，（深入推进）村级工作；";
    let goal: String = sentence.chars().cycle().take(3000).collect();
    let project = support::project("长目标", &goal, support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let pages = render(workspace.path());
    let mut printed = String::new();
    for page in &pages {
        let label =
            if printed.is_empty() { "年度总体目标" } else { "年度总体目标（续）" };
        let table = page.table();
        if let Some(at) = table.iter().position(|cell| cell.text == label) {
            printed += &table[at + 1].text;
        }
        assert_well_set(page);
    }
    assert_eq!(printed, goal);
    assert!(pages.len() >= 3);
}

/// Names and texts of every length, with digits and punctuation wherever they may fall.
#[test]
fn any_text_is_set_well() {
    let sentence =
        "实行网格化管理，（第12次）走访网格村“社区”民；完成率≥95%、补助22万元：2023年全年12个月";
    let cut = |from: usize, length: usize| -> String {
        sentence.chars().cycle().skip(from).take(length).filter(|c| *c != '\n').collect()
    };
    let rows = |level: &str| -> Vec<(String, String)> {
        let seed = level.chars().map(|c| c as usize).sum::<usize>();
        let texts = (0..8).map(|n| (cut(seed + n * 7, 5 + (seed * 3 + n * 11) % 60), n));
        texts.map(|(text, n)| (format!("{text}之{n}"), cut(seed + n, 2 + n) + "5")).collect()
    };
    let projects: Vec<(String, String)> = (0..3)
        .map(|n| {
            let name = cut(n * 5, 10 + n * 25);
            (format!("{n}.toml"), support::project(&name, &cut(n, n * 100), rows))
        })
        .collect();
    let files: Vec<(&str, &str)> =
        projects.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let workspace = support::workspace(&files);
    for page in render(workspace.path()) {
        assert_well_set(&page);
    }
}

#[test]
fn a_row_longer_than_a_page_prints_whole() {
    let text: String = ('一'..).filter(|c| is_gb2312(*c)).take(2500).collect();
    let rows = |level: &str| match level {
        "质量指标" => vec![(text.clone(), "100%".to_owned())],
        _ => support::one_row(level),
    };
    let project = support::project("超长指标", "短。", rows);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let pages = render(workspace.path());
    let printed: String = pages
        .iter()
        .flat_map(pdf::Page::table)
        .filter(|cell| cell.text.chars().count() > 100)
        .map(|cell| cell.text)
        .collect();
    assert_eq!(printed, text);
}

fn is_gb2312(character: char) -> bool {
    let text = character.to_string();
    let (bytes, _, lossy) = encoding_rs::GBK.encode(&text);
    !lossy && bytes.len() == 2 && bytes[0] >= 0xB0 && bytes[1] >= 0xA1
}

#[test]
fn text_prints_literally() {
    let odd = "#1 $x^2$ *a* _b_ `c` \\ @d <e> = f / g // h /* i */ -- --- ~ ' \" [j] {k} #let";
    let rows = |level: &str| match level {
        "质量指标" => vec![(odd.to_owned(), "#2$".to_owned())],
        _ => support::one_row(level),
    };
    let project = support::project("#名称$*", "= 目标\\n- 一\n+ 二", rows);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let pages = render(workspace.path());
    let texts: Vec<String> =
        pages[0].table().into_iter().map(|cell| cell.text.replace(' ', "")).collect();
    for expected in [odd, "#2$", "#名称$*", "= 目标- 一+ 二"] {
        assert!(texts.contains(&expected.replace(' ', "")), "{expected}: {texts:?}");
    }
}

#[test]
fn output_depends_on_the_data_alone() {
    let workspace =
        support::workspace(&[("01.toml", &support::project("甲", "乙", support::one_row))]);
    let file = workspace.path().join("output/2023/001-测试单位.pdf");
    render(workspace.path());
    let first = std::fs::read(&file).expect("a file");
    let mut command = support::jixiao(workspace.path(), &["render", "--force"]);
    command
        .env("TZ", "America/Anchorage")
        .env("LANG", "tr_TR.UTF-8")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("HOME", workspace.path())
        .env("XDG_DATA_HOME", workspace.path());
    assert!(command.status().expect("the program starts").success());
    assert_eq!(first, std::fs::read(&file).expect("a file"));
}

#[test]
fn it_makes_no_difference_how_many_workers_share_a_document() {
    // The third form takes two pages, so that whoever sets the next ones at the same time has to
    // number them again.
    let project = |index: usize| {
        let rows = move |level: &str| {
            let count = if index == 3 { 6 } else { 1 };
            (0..count).map(|row| (format!("{level}{row}的内容"), "≥1个".to_owned())).collect()
        };
        (format!("{index:02}.toml"), support::project(&format!("项目{index}"), "目标", rows))
    };
    let projects: Vec<(String, String)> = (1..=9).map(project).collect();
    let projects: Vec<(&str, &str)> =
        projects.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    let workspace = support::workspace(&projects);
    support::add_department(workspace.path(), "002-乙", &projects);
    for (what, pages) in [(&["测试单位"][..], 10), (&["--combined"], 21)] {
        let printed = ["1", "2", "3", "16"].map(|jobs| {
            let render = ["render", "--force", "-o", "a.pdf", "--jobs", jobs];
            support::run(workspace.path(), &[&render, what].concat());
            std::fs::read(workspace.path().join("a.pdf")).expect("a file")
        });
        assert_eq!(pdf::read(&workspace.path().join("a.pdf")).len(), pages);
        assert!(printed.iter().all(|bytes| *bytes == printed[0]), "{what:?}");
    }
}

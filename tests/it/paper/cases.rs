//! Texts that were printed wrong once, and others of their kind: how they are printed now.

use std::path::Path;

use super::read::{Printed, forms};
use super::texts::seen;
use crate::support::{self, pdf};

/// The width of the type area in millimetres.
const UPRIGHT: f64 = 156.0;
/// The size of the letters in a form's cells.
const SIZE: f64 = 10.5;

/// A form with this name, this goal and these rows, on its pages.
fn printed(name: &str, goal: &str, rows: &[(&str, &str)]) -> Vec<pdf::Page> {
    let project = support::project(name, goal, |level| {
        let is_first = level == "质量指标";
        let rows = rows.iter().filter(|_| is_first);
        let rows: Vec<_> = rows.map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        if rows.is_empty() { support::one_row(level) } else { rows }
    });
    let workspace = support::workspace(&[("01.toml", &project)]);
    support::run(workspace.path(), &["render", "-o", "a.pdf"]);
    let pages = pdf::read(&workspace.path().join("a.pdf"));
    pages.iter().for_each(assert_fine);
    pages
}

/// What a reader would take exception to on any page.
#[track_caller]
fn assert_fine(page: &pdf::Page) {
    super::read::assert_well_placed(page, UPRIGHT);
    // 村　级　工　作: a gap is a tenth of an em wider at most.
    for pair in page.glyphs.windows(2) {
        let is_han = |glyph: &pdf::Printed| ('一'..='龥').contains(&glyph.character);
        let [a, b] = pair else { continue };
        let is_beside = (a.origin.y - b.origin.y).abs() < 0.01 && b.origin.x > a.origin.x;
        let is_in_cell = page.table_area().contains(a.origin);
        if is_beside && is_in_cell && is_han(a) && is_han(b) && !page.are_parted(a, b) {
            let gap = b.origin.x - a.origin.x;
            assert!(gap <= SIZE * 1.11, "{}{} are {gap} apart", a.character, b.character);
        }
    }
    for cell in page.table() {
        let lines = &cell.lines;
        for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
            let (last, first) = (line.chars().last(), next.chars().next());
            let is_bad_end = last.is_some_and(|c| "（《“‘([≥≤￥".contains(c));
            let is_bad_start =
                first.is_some_and(|c| "，。、；：？！）》”’…·～—%,.;:!?)]".contains(c));
            assert!(!is_bad_end && !is_bad_start, "{lines:?}");
        }
        let orphan =
            lines.len() > 1 && lines.last().is_some_and(|line| seen(line).chars().count() < 2);
        assert!(!orphan, "{lines:?}");
    }
}

/// The lines that a text is printed in.
#[track_caller]
fn lines(pages: &[pdf::Page], text: &str) -> Vec<String> {
    let mut cells = pages.iter().flat_map(pdf::Page::table);
    let cell = cells.find(|cell| seen(&cell.text) == seen(text));
    cell.unwrap_or_else(|| panic!("{text} is not printed")).lines
}

#[test]
fn a_value_breaks_at_most_where_a_reader_would() {
    let values: &[(&str, &[&str])] = &[
        ("1234.56万元/公里", &["1234.56", "万元/公里"]),
        ("≥95%/≥80%", &["≥95%/", "≥80%"]),
        ("12345.678亩/年以上", &["12345.678", "亩/年以上"]),
        ("3600元/人·年", &["3600元/", "人·年"]),
        ("8,827,620.53元", &["8,827,", "620.53元"]),
        ("1.2亿元/平方公里", &["1.2亿元/", "平方公里"]),
        ("2023年12月31日前", &["2023年", "12月31日前"]),
        ("≤0.5mg/L", &["≤0.5mg/L"]),
        ("2次/月·村", &["2次/月·村"]),
        ("12345热线24小时", &["12345热线", "24小时"]),
        // What has no place to break stays in its cell all the same.
        ("2023.07-2024.01", &["2023.07-", "2024.01"]),
        ("13995123456", &["139951", "23456"]),
        ("0952-6095123转8012", &["0952-", "6095123转", "8012"]),
    ];
    let names: Vec<String> = (0..values.len()).map(|index| format!("第{index}项")).collect();
    let rows: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(values.iter().map(|(value, _)| *value)).collect();
    let pages = printed("项目", "目标。", &rows);
    for (value, expected) in values {
        assert_eq!(lines(&pages, value), *expected);
    }
}

#[test]
fn a_long_word_stays_in_its_cell() {
    let names = [
        "Supercalifragilisticexpialidocious办公软件许可",
        "https://www.pingluo.gov.cn/zwgk/2023/index.html",
        "联系人zhangsan.lisi.wangwu@mail.pingluo.gov.cn",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "12345678901234567890123456789012345678901234567890",
        "__________________________________________________",
    ];
    let rows: Vec<(&str, &str)> =
        names.iter().map(|name| (*name, "zhangsan01@pingluo.gov.cn")).collect();
    let pages = printed(&"W".repeat(200), &"x".repeat(300), &rows);
    for name in names {
        assert!(lines(&pages, name).len() > 1, "{name}");
    }
    assert_eq!(lines(&pages, names[1]), ["https://www.pingluo.gov.cn/", "zwgk/2023/index.html"]);
}

#[test]
fn what_belongs_to_a_number_stays_with_it() {
    for (text, wholes) in [
        ("整修G109国道K1050+300至K1062+700段", &["G109国道"][..]),
        ("组织开展培训活动不少于1,234人次", &["1,234人次"]),
        ("检测PM2.5和PM10的平均浓度达到标准", &["PM2.5", "PM10"]),
        ("通过ISO9001质量管理体系认证的单位有12个", &["ISO9001", "12个"]),
        ("全年完成固定资产投资8,827,620.53元以上", &["8,827,620.53元以上"]),
        ("新建改建S203省道沿线公共服务设施35处", &["S203省道", "35处"]),
        ("村级一事一议奖补项目第12次调度会议", &["第12次"]),
        ("每公里补助标准不高于1234.56万元/公里", &["1234.56万元/公里"]),
    ] {
        let pages = printed("项目", "目标。", &[(text, "≥1个")]);
        let lines = lines(&pages, text);
        for whole in wholes {
            assert!(lines.iter().any(|line| line.contains(whole)), "{whole} in {lines:?}");
        }
    }
}

#[test]
fn a_mark_is_as_wide_in_the_middle_of_a_line_wherever_it_stands() {
    for goal in [
        "补助8个村，发放30人。",
        "补助8个村，发放30人，到位。",
        "好；12个：A、B？对！“一”，（二）。",
        "30人，1。2，人，",
    ] {
        let pages = printed("项目", goal, &[("内容", "1个")]);
        let glyphs: Vec<&pdf::Printed> = pages[0].glyphs.iter().collect();
        let start = glyphs
            .windows(goal.chars().count())
            .find(|glyphs| glyphs.iter().map(|glyph| glyph.character).eq(goal.chars()))
            .expect("the goal, on one line");
        for pair in start.windows(2) {
            let (mark, next) = (pair[0].character, pair[1].character);
            // Two marks beside each other share their blank halves.
            if "，。；：、？！".contains(mark) && !"，。；：、？！“”（）".contains(next)
            {
                let width = pair[1].origin.x - pair[0].origin.x;
                assert!(
                    (width - SIZE).abs() < 0.1,
                    "{mark} before {next} in {goal} is {width} wide"
                );
            }
        }
    }
}

#[test]
fn nothing_is_stretched_in_a_narrow_cell() {
    let rows: Vec<(&str, &str)> = vec![
        ("受理12345热线件", "受理12345热线件"),
        ("受理各类来信来访事项", "受理、办理并答复12345热线件"),
        ("一", "高标准农田建设与管护，年底前完成。"),
        ("二", "明显改善，群众满意；持续提高"),
    ];
    printed("项目", "目标。", &rows);
}

#[test]
fn a_line_separator_ends_a_line() {
    for separator in ["\n", "\r\n", "\u{2028}", "\u{2029}", "\u{85}"] {
        let goal = format!("一是保障工作正常开展。{separator}二是落实各项政策。");
        let file = goal.replace("\r\n", "\\r\\n").replace('\u{85}', "\\u0085");
        let pages = printed("项目", &file, &[("内容", "1个")]);
        assert_eq!(
            lines(&pages, &goal),
            ["一是保障工作正常开展。", "二是落实各项政策。"],
            "{separator:?}"
        );
    }
}

#[test]
fn no_line_begins_or_ends_with_a_mark_that_must_not() {
    let at_start = ["·", "～", "——", "—", "……", "，", "”", "）", "％", "℃", "、", "："];
    let at_end = ["（", "“", "《", "≥", "￥"];
    let texts = at_start.map(|mark| format!("{mark}村级工作")).into_iter();
    for text in texts.chain(at_end.map(|mark| format!("{mark}3村级工作"))) {
        // Whatever is before it, the mark comes where a line would end.
        let before = |count| {
            let words = "农村人居环境整治提升工程项目补助资金发放和管理工作";
            words.chars().take(count).collect::<String>()
        };
        let names: Vec<String> = (6..22).map(|count| format!("{}{text}", before(count))).collect();
        let rows: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1个")).collect();
        printed("项目", &names.concat(), &rows);
    }
}

/// The header cells of a department with this name and code.
fn header(name: &str, code: &str) -> Vec<String> {
    let workspace =
        support::workspace(&[("01.toml", &support::project("项目", "目标。", support::one_row))]);
    let file = workspace.path().join("data/2023/001-测试单位/部门.toml");
    let text =
        format!("\"主管部门\" = \"{name}\"\n\"代码\" = \"{code}\"\n\"实施单位\" = \"{name}\"\n");
    std::fs::write(file, text).expect("a file");
    support::run(workspace.path(), &["render", "-o", "a.pdf"]);
    let pages = pdf::read(&workspace.path().join("a.pdf"));
    pages.iter().for_each(assert_fine);
    lines(&pages, &format!("{name} {code}"))
}

#[test]
fn a_long_name_in_a_header_cell_is_balanced_and_words_stay_whole() {
    for (name, expected) in [
        ("平罗县灵沙乡人民政府", &["平罗县灵沙乡人民政府", "064219123456"][..]),
        ("平罗县应急管理局机关", &["平罗县应急管理局机关", "064219123456"]),
        ("平罗县退役军人事务局", &["平罗县退役军人事务局", "064219123456"]),
    ] {
        assert_eq!(header(name, "064219123456").concat(), expected.concat(), "{name}");
        assert_eq!(header(name, "064219123456").len(), 2, "{name}");
    }
    for name in [
        "宁夏回族自治区平罗县农业农村和水务局乡村振兴服务中心办公室",
        "石嘴山市平罗县崇岗镇人民政府综合行政执法办公室（农业服务中心）",
        "中国共产党平罗县委员会统一战线工作部民族宗教事务科室联席会议",
    ] {
        let lines = header(name, "064219123456");
        assert!(lines.len() <= 4, "{lines:?}");
        for word in ["人民", "政府", "行政", "执法", "办公", "中心", "服务", "委员", "事务"]
        {
            let is_whole = lines.iter().any(|line| line.contains(word));
            assert!(!name.contains(word) || is_whole, "{word} in {lines:?}");
        }
    }
}

#[test]
fn a_row_longer_than_a_page_says_what_goes_on() {
    let long: String = "检查道路、桥梁和沿线的设施；".repeat(300).chars().take(4000).collect();
    for (name, value) in [
        (&long[..], "≥35处"),
        ("道路养护和沿线设施检查", &long[..]),
        (
            "开展高标准农田建设、农村公路养护、人居环境整治和村级公益设施维修改造等各项工作，确保年底前全部完成并通过验收",
            &long[..],
        ),
    ] {
        let value = format!("{value}1");
        let pages = printed("项目", "目标。", &[(name, &value)]);
        assert!(pages.len() > 3);
        let (short, of_name) =
            if name.len() < value.len() { (name, true) } else { (&value[..], false) };
        let goes_on = pages.iter().skip(1).filter(|page| {
            page.table().iter().any(|cell| cell.text.chars().count() > 100 && cell.lines.len() > 3)
        });
        for page in goes_on {
            let again = format!("{short}（续）");
            let is_said = page.table().iter().any(|cell| seen(&cell.text) == again);
            assert!(is_said, "{of_name}: {again} is not on\n{}", page.text());
        }
    }
}

#[test]
fn a_difference_longer_than_a_page_says_what_it_is_about() {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    for (side, word) in [("旧", "甲"), ("新", "乙")] {
        let goal = format!("保障{word}村正常运转，").repeat(300);
        let project = support::project("办公经费", &goal, support::one_row);
        let folder = workspace.path().join(side).join("2023/001-测试单位");
        std::fs::create_dir_all(&folder).expect("a folder");
        let department =
            "\"主管部门\" = \"测试单位\"\n\"代码\" = \"001\"\n\"实施单位\" = \"本级\"\n";
        std::fs::write(folder.join("部门.toml"), department).expect("a file");
        std::fs::write(folder.join("01.toml"), project).expect("a file");
    }
    let arguments = ["diff", "旧/2023", "新/2023", "--format", "pdf", "-o", "a.pdf"];
    let output = support::jixiao(workspace.path(), &arguments).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let pages = pdf::read(&workspace.path().join("a.pdf"));
    assert!(pages.len() > 4, "{}", pages.len());
    let texts =
        |page: &pdf::Page| page.table().iter().map(|it| it.text.clone()).collect::<Vec<_>>();
    assert!(texts(&pages[0]).contains(&"修改".to_owned()));
    for page in &pages[1..pages.len() - 1] {
        let texts = texts(page);
        assert!(texts.contains(&"年度总体目标（续）".to_owned()), "{texts:?}");
        assert!(texts.contains(&"修改（续）".to_owned()), "{texts:?}");
    }
}

fn summary(workspace: &Path) -> (Printed, Vec<pdf::Page>) {
    support::run(workspace, &["render", "--combined", "-o", "a.pdf"]);
    let file = workspace.join("a.pdf");
    let mut all = forms(&file, UPRIGHT, |it| it.contains("部门项目支出预算绩效目标表（2023"));
    let pages = pdf::read(&file);
    let end = all[1].first_page;
    (all.remove(0), pages.into_iter().take(end).collect())
}

#[test]
fn the_summary_of_many_departments_names_each_once_and_keeps_subtotals_with_their_rows() {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let names = [
        "宁夏回族自治区平罗县农业农村和水务局乡村振兴服务中心",
        "平罗县机关事务服务中心",
        "平罗县人力资源和社会保障局劳动就业创业服务中心",
        "平罗县不动产登记事务中心（平罗县土地收购储备中心）",
        "平罗县残疾人联合会",
    ];
    for index in 0..30 {
        let projects: Vec<(String, String)> = (0..1 + index % 4)
            .map(|number| {
                let name = format!("村级一事一议财政奖补资金项目管理工作经费{index}之{number}");
                (format!("{number:02}.toml"), support::project(&name, "目标。", support::one_row))
            })
            .collect();
        let projects: Vec<(&str, &str)> =
            projects.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let folder =
            support::add_department(workspace.path(), &format!("{index:03}-部门"), &projects);
        let name = format!("{}{index}", names[index % names.len()]);
        let text =
            format!("\"主管部门\" = \"{name}\"\n\"代码\" = \"001\"\n\"实施单位\" = \"本级\"\n");
        std::fs::write(folder.join("部门.toml"), text).expect("a file");
    }
    let (summary, pages) = summary(workspace.path());
    assert!(pages.len() > 2, "{}", pages.len());
    for page in &pages {
        assert_fine(page);
        let table = page.table();
        let row = |row: usize| {
            table
                .iter()
                .filter(|cell| cell.rows.contains(&row))
                .map(|cell| cell.text.as_str())
                .collect::<Vec<_>>()
        };
        // A subtotal stands below a project, the total below a subtotal.
        let last = table.iter().map(|cell| cell.rows.end).max().unwrap_or(0);
        for number in (0..last).filter(|number| row(*number).contains(&"小计")) {
            assert!(number >= 2 && row(number - 1).len() == 7, "{:?}", row(number));
        }
        // No row names its department for itself.
        for cell in table.iter().filter(|cell| cell.columns == (1..2)) {
            let words = ["中心", "单位", "机关", "事务", "联合"];
            let cut = |line: &String, next: &String| {
                let pair =
                    line.chars().last().into_iter().chain(next.chars().next()).collect::<String>();
                words.contains(&&pair[..])
            };
            let mut pairs = cell.lines.iter().zip(cell.lines.iter().skip(1));
            assert!(!pairs.any(|(line, next)| cut(line, next)), "{:?}", cell.lines);
        }
    }
    for index in 0..30 {
        let name = format!("{}{index}", names[index % names.len()]);
        let count = summary.cells.iter().filter(|cell| cell.text == name).count();
        assert_eq!(count, 1, "{name}");
    }
}

#[test]
fn large_amounts_are_printed_whole_everywhere() {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    for index in 1..=3 {
        let project = support::project(&format!("项目{index}"), "目标。", support::one_row)
            .replace("\"财政拨款\" = 1\n", "\"财政拨款\" = 123456789012.123456\n")
            .replace("\"其他资金\" = 0\n", "\"其他资金\" = 999999999999.999999\n");
        support::add_department(
            workspace.path(),
            &format!("{index:03}-部门"),
            &[("01.toml", &project)],
        );
    }
    let (summary, pages) = summary(workspace.path());
    let sum = "1123456789012.123455";
    summary.assert_row(&["项目1", sum, "123456789012.123456", "999999999999.999999"]);
    let sums = ["3370370367036.370365", "370370367036.370368", "2999999999999.999997"];
    summary.assert_row(&[&["合计"][..], &sums[..]].concat());
    // The columns of numbers are not narrowed for it.
    let lines = lines(&pages, "序号");
    assert_eq!(lines, ["序号"]);
}

#[test]
fn a_name_that_leaves_no_room_for_the_table_is_refused_at_its_place() {
    let project = support::project("甲项目", "目标。", support::one_row);
    let workspace = support::workspace(&[("01.toml", &project)]);
    let path = workspace.path().join("data/2023/001-测试单位/部门.toml");
    let text = std::fs::read_to_string(&path).expect("a file");
    let name = "某某县某某镇人民政府".repeat(80);
    std::fs::write(&path, text.replace("测试单位", &name)).expect("a file");
    let run = support::try_run(workspace.path(), &["render", "-o", "a.pdf"]);
    assert_eq!(run.status, Some(1), "{}", run.messages);
    assert!(run.messages.contains("错误[E506]: 这些字要排 "), "{}", run.messages);
    assert!(run.messages.contains("001-测试单位/部门.toml:1:"), "{}", run.messages);
    assert!(!workspace.path().join("a.pdf").exists());
}

/// Fonts set some pairs far into each other: that is no fault of the layout.
#[test]
fn letters_that_the_font_sets_close_are_printed() {
    let pairs = ["',≥3", "‘’,.'", "LT'AV.To,Ta", "f'fi'ffl"];
    let rows = pairs.map(|pair| (pair, pair));
    let pages = printed("甲项目", "目标。", &rows);
    let cells: Vec<String> = pages[0].table().iter().map(|cell| seen(&cell.text)).collect();
    for pair in pairs {
        assert_eq!(cells.iter().filter(|cell| *cell == pair).count(), 2, "{pair} in {cells:?}");
    }
}

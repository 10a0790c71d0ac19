//! Whatever is written, the paper says it: generated texts in every kind of cell, read back from the
//! PDF by a reader that is not the program's own.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops at what it did not expect")]

#[allow(dead_code, reason = "each test file uses a part")]
#[path = "support/pdf.rs"]
mod pdf;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// How many texts are set unless `JIXIAO_TEXTS` says otherwise.
const TEXTS: usize = 2_500;
/// How many texts a form has.
const TEXTS_PER_FORM: usize = 27;

/// A generator of numbers that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("64 bits") % end
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }
}

const WORDS: &[&str] = &[
    "村级",
    "创新社会管理",
    "工作经费",
    "培训",
    "网格员",
    "满意度",
    "道路硬化",
    "的",
    "和",
    "乡村振兴",
    "补贴",
    "发放",
    "不少于",
    "达到",
    "年底前",
    "完成",
    "检测",
    "设备",
    "每人每年",
    "高标准农田",
    "一",
    "二〇二三年",
    "第",
];
const UNITS: &[&str] = &[
    "万元",
    "元",
    "人次",
    "个",
    "公里",
    "平方米",
    "%",
    "‰",
    "亩",
    "吨",
    "天",
    "年",
    "月",
    "日",
    "万元/公里",
    "元/人·月",
    "人/年以上",
    "小时",
    "℃",
    "米",
    "条",
    "套",
    "户",
    "kW·h",
    "mg/L",
];
const SIGNS: &[&str] = &["≥", "≤", "＞", "＜", "=", "＝", "±", "约", "不低于", "<", ">"];
const MARKS: &[&str] = &[
    "，", "。", "；", "：", "、", "？", "！", "“", "”", "‘", "’", "（", "）", "《", "》", "【",
    "】", "……", "——", "—", "～", "·", "-", "/", ",", ".", ";", ":", "(", ")", "%", "&", "+", "~",
    "_", "@", "#", "*", "'", "!", "?", "「", "」",
];
const LATIN: &[&str] = &[
    "PM2.5",
    "ISO9001",
    "G109",
    "CO2",
    "A4",
    "https://www.example.gov.cn/a/b?c=d",
    "zhangsan@example.com",
    "WiFi",
    "Supercalifragilisticexpialidocious",
    "AVATAR",
    "fi",
    "ffl",
    "To",
    "IT",
    "X",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "the quick brown fox",
    "VoIP",
];

fn number(numbers: &mut Numbers) -> String {
    let digits = 1 + numbers.below(7);
    let mut text: String =
        (0..digits).map(|_| char::from(b'0' + numbers.below(10) as u8)).collect();
    match numbers.below(8) {
        0 => text += &format!(".{}", numbers.below(1000)),
        1 => {
            text = format!(
                "{},{:03},{:03}.{:02}",
                1 + numbers.below(99),
                numbers.below(1000),
                numbers.below(1000),
                numbers.below(100)
            )
        }
        2 => text = format!("2023.{:02}-2024.{:02}", numbers.below(12), numbers.below(12)),
        3 => text = format!("1{:010}", numbers.below(9_999_999_999)),
        4 => text = format!("2023年{}月{}日", 1 + numbers.below(12), 1 + numbers.below(31)),
        _ => {}
    }
    text
}

/// A text of so many characters or a few more.
fn text(numbers: &mut Numbers, length: usize, may_break: bool) -> String {
    let mut text = String::new();
    while text.chars().count() < length {
        match numbers.below(16) {
            0..=5 => text += numbers.of(WORDS),
            6..=8 => {
                text += &number(numbers);
                text += numbers.of(UNITS);
            }
            9 => text += numbers.of(SIGNS),
            10..=12 => text += numbers.of(MARKS),
            13 => text += numbers.of(LATIN),
            14 => text.push(
                char::from_u32(0x4e00 + numbers.below(0x5000) as u32)
                    .filter(|c| is_common(*c))
                    .unwrap_or('村'),
            ),
            _ if may_break && numbers.below(4) == 0 => text.push('\n'),
            _ if numbers.below(3) == 0 => text.push(' '),
            _ => text += numbers.of(WORDS),
        }
    }
    let text = text.trim().to_owned();
    if seen(&text).is_empty() { "文字".to_owned() } else { text }
}

/// Whether a character is in GB 2312, which every font has.
fn is_common(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer));
    !unmappable && bytes.len() == 2 && bytes[0] >= 0xB0 && bytes[0] <= 0xF7 && bytes[1] >= 0xA1
}

/// What of a text is seen.
fn seen(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

const GROUPS: [&str; 9] = [
    "数量指标",
    "质量指标",
    "时效指标",
    "成本指标",
    "社会效益指标",
    "经济效益指标",
    "生态效益指标",
    "可持续影响指标",
    "服务对象满意度指标",
];

struct Form {
    fields: Vec<(&'static str, String)>,
    rows: Vec<(String, String)>,
    file: String,
}

fn form(numbers: &mut Numbers, index: usize) -> Form {
    let lengths = [3, 8, 15, 30, 60, 120, 300];
    let length = |numbers: &mut Numbers| {
        let most = lengths[numbers.below(lengths.len())];
        1 + numbers.below(most)
    };
    let mut fields = Vec::new();
    for name in ["项目名称", "项目属性", "项目期", "年度总体目标", "实施单位"]
    {
        let length = length(numbers);
        let mut text = text(numbers, length, name == "年度总体目标");
        if name == "项目名称" {
            write!(text, "{index}").expect("a string");
        }
        fields.push((name, text));
    }
    let mut file = String::new();
    for (name, text) in &fields {
        writeln!(file, "\"{name}\" = {}", quoted(text)).expect("a string");
    }
    file += "[\"项目资金\"]\n\"财政拨款\" = 1.5\n\"其他资金\" = 0\n";
    let mut rows = Vec::new();
    for group in GROUPS {
        writeln!(file, "[\"{group}\"]").expect("a string");
        for row in 0..1 + numbers.below(2) {
            let (of_name, of_value) = (length(numbers), length(numbers));
            // Keys are unique, and some values need a figure.
            let name = format!("{}{row}", text(numbers, of_name, true));
            let value = format!("{}{}", text(numbers, of_value, true), numbers.below(10));
            writeln!(file, "{} = {}", quoted(&name), quoted(&value)).expect("a string");
            rows.push((name, value));
        }
    }
    Form { fields, rows, file }
}

#[test]
fn whatever_is_written_is_printed_complete_in_order_and_within_its_cell() {
    let texts = std::env::var("JIXIAO_TEXTS").ok().and_then(|texts| texts.parse().ok());
    let forms = texts.unwrap_or(TEXTS) / TEXTS_PER_FORM + 1;
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    let mut checked = 0;
    let mut start = 0;
    while start < forms {
        let end = (start + 40).min(forms);
        checked += check(&mut numbers, start..end);
        start = end;
    }
    println!("{checked} texts");
    assert!(checked >= forms * 20);
}

fn check(numbers: &mut Numbers, indices: std::ops::Range<usize>) -> usize {
    let workspace = tempfile::tempdir().expect("a temporary folder");
    let folder = workspace.path().join("data/2023/001-测试单位");
    std::fs::create_dir_all(&folder).expect("a folder");
    let department =
        "\"主管部门\" = \"测试单位\"\n\"代码\" = \"001\"\n\"实施单位\" = \"测试单位本级\"\n";
    std::fs::write(folder.join("部门.toml"), department).expect("a file");
    let forms: Vec<Form> = indices.map(|index| form(numbers, index)).collect();
    for (number, form) in (1..).zip(&forms) {
        std::fs::write(folder.join(format!("{number:04}.toml")), &form.file).expect("a file");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_jixiao"))
        .current_dir(workspace.path())
        .args(["render", "--force", "-o", "a.pdf"])
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    check_file(&workspace.path().join("a.pdf"), &forms)
}

fn check_file(path: &Path, forms: &[Form]) -> usize {
    // All pages' cells in order, as texts with the columns they are in.
    let mut printed: Vec<Vec<(usize, usize, String)>> = Vec::new();
    for page in pdf::read(path) {
        // A ligature is one glyph of several characters.
        let overlaps: Vec<_> = page
            .overlaps()
            .into_iter()
            .filter(|(a, b)| *a != 'f' || !"fijl".contains(*b))
            .collect();
        assert!(overlaps.is_empty(), "{overlaps:?}");
        let (left, right) = (page.table_area().x0, page.table_area().x1);
        assert!(right - left < 443.0, "wider than the type area");
        let cells = page.table().into_iter();
        let starts_form = page.text_outside_tables().contains("部门项目支出预算绩效目标表");
        let cells = cells.map(|cell| (cell.columns.start, cell.columns.end, seen(&cell.text)));
        if starts_form || printed.is_empty() {
            printed.push(cells.collect());
        } else {
            printed.last_mut().expect("a form").extend(cells);
        }
    }
    assert_eq!(printed.len(), forms.len());
    let mut checked = 0;
    for (cells, form) in printed.iter().zip(forms) {
        let all: String = cells.iter().map(|(_, _, text)| text.as_str()).collect();
        for (name, text) in &form.fields {
            // Behind its label, parted only by where a page ends.
            let expected = seen(text);
            let label = cells.iter().position(|(_, _, cell)| cell == name).expect("a label");
            let mut found = cells[label + 1].2.clone();
            let again = format!("{name}（续）");
            for index in 0..cells.len() {
                if cells[index].2 == again {
                    found += &cells[index + 1].2;
                }
            }
            assert_eq!(found, expected, "{name} of {}", form.file);
            checked += 1;
        }
        for (name, value) in &form.rows {
            let (name, value) = (seen(name), seen(value));
            // Either in one cell each, or parted: then both are there in their order.
            let whole = cells.windows(2).any(|pair| pair[0].2 == name && pair[1].2 == value);
            let parted = || is_parted(cells, &name, &value);
            assert!(whole || parted(), "{name} = {value}\nin {cells:#?}\n{all}");
            checked += 2;
        }
    }
    checked
}

/// Whether a row goes over several pages: its parts follow each other in the last two columns.
fn is_parted(cells: &[(usize, usize, String)], name: &str, value: &str) -> bool {
    let last = cells.iter().map(|(_, end, _)| *end).max().unwrap_or(0);
    let pairs: Vec<(&str, &str)> = cells
        .windows(2)
        .filter(|pair| pair[1].1 == last && pair[0].1 == pair[1].0)
        .map(|pair| (pair[0].2.as_str(), pair[1].2.as_str()))
        .filter(|pair| *pair != ("三级指标", "指标值"))
        .collect();
    (0..pairs.len()).any(|start| {
        let (mut names, mut values) = (String::new(), String::new());
        for (of_name, of_value) in &pairs[start..] {
            let again =
                |whole: &str, part: &str| part == format!("{whole}（续）") || part.is_empty();
            if !(names == name && again(name, of_name)) {
                names += of_name;
            }
            if !(values == value && again(value, of_value)) {
                values += of_value;
            }
            if names == name && values == value {
                return true;
            }
            if names.len() > name.len() || values.len() > value.len() {
                return false;
            }
        }
        false
    })
}

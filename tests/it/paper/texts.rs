//! Texts such as staff write them, and worse: generated, the same on every machine.

/// A generator of numbers that is the same everywhere.
pub struct Numbers(pub u64);

impl Numbers {
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("64 bits") % end
    }

    /// One of a list.
    pub fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
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
pub fn text(numbers: &mut Numbers, length: usize, may_break: bool) -> String {
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
pub fn is_common(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(c.encode_utf8(&mut buffer));
    !unmappable && bytes.len() == 2 && bytes[0] >= 0xB0 && bytes[0] <= 0xF7 && bytes[1] >= 0xA1
}

/// What is seen of a text.
pub fn seen(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A length that is short most of the time, and at most 300.
pub fn length(numbers: &mut Numbers) -> usize {
    const MOST: [usize; 7] = [3, 8, 15, 30, 60, 120, 300];
    let most = MOST[numbers.below(MOST.len())];
    1 + numbers.below(most)
}

/// An amount of up to twelve digits and six decimals, as it is written in the data.
pub fn amount(numbers: &mut Numbers) -> String {
    let digits = 1 + numbers.below(9);
    let mut text = (1 + numbers.below(9)).to_string();
    (1..digits).for_each(|_| text += &numbers.below(10).to_string());
    match numbers.below(3) {
        0 => text,
        1 => format!("{text}.{}", 1 + numbers.below(9)),
        _ => format!("{text}.{:06}", numbers.below(1_000_000)),
    }
}

/// A basic string of TOML.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

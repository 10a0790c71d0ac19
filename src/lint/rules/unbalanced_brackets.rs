//! Brackets and quotation marks come in pairs.

use crate::diagnostics::{Finding, Rule, Severity};
use crate::lint::text::Text;

pub(super) static RULE: Rule = Rule {
    code: "W404",
    name: "括号或引号不成对",
    severity: Severity::Warning,
    explanation: r#"看什么：括号、书名号、引号是不是成对，先后和嵌套对不对。
为什么：GB/T 15834-2011《标点符号用法》规定这些标点成对使用；缺一半，就看不出括的是哪些话。
反例：`"网格村（社区民"`
正例：`"网格村（社区）民"`"#,
};

const PAIRS: &[(char, char)] = &[
    ('（', '）'),
    ('(', ')'),
    ('《', '》'),
    ('〈', '〉'),
    ('【', '】'),
    ('〔', '〕'),
    ('［', '］'),
    ('[', ']'),
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
];

pub(super) fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let mut open: Vec<(usize, char, char)> = Vec::new();
    let mut item_start = true;
    let mut before = ' ';
    for (at, c) in text.as_str().char_indices() {
        // An apostrophe (Women’s) looks like a quotation mark.
        let is_apostrophe = c == '’' && before.is_ascii_alphabetic();
        before = c;
        if is_apostrophe {
            continue;
        }
        if let Some(&(_, close)) = PAIRS.iter().find(|&&(opening, _)| opening == c) {
            open.push((at, c, close));
        } else if PAIRS.iter().any(|&(_, close)| close == c) {
            let wide = |c: char| match c {
                ')' => '）',
                c => c,
            };
            match open.pop_if(|&mut (_, _, close)| wide(close) == wide(c)) {
                Some(_) => {}
                // `1）` at the start of an item of a list has no partner.
                None if item_start && wide(c) == '）' => {}
                None => findings.push(finding(text, at, c, "前面没有和它配对的另一半")),
            }
        }
        // An item starts with the text, a line or a clause; its number may have several digits.
        item_start = "\n，。；：！？、".contains(c)
            || (item_start && (c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(c)));
    }
    for (at, c, _) in open {
        findings.push(finding(text, at, c, "后面没有和它配对的另一半"));
    }
}

fn finding(text: &Text<'_>, at: usize, c: char, label: &str) -> Finding {
    let place = text.near(at..at + c.len_utf8());
    Finding::at(&RULE, place, format!("“{c}”不成对"))
        .label(label)
        .help("补上另一半，或者删掉这一半")
}

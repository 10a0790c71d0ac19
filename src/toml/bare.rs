//! Values that stand behind the equals sign without quotes and are no TOML: `修路`, `1年`, `22万元`,
//! `２２`, `022`. Where a text is wanted they are texts, where an amount is wanted they are amounts.

use super::quotes::{content, is_wrong};
use crate::amount::Unit;

/// How a value without quotes is read, and what is said about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// What it says.
    pub value: String,
    pub message: &'static str,
    pub label: &'static str,
    pub help: String,
    /// How it should be written.
    pub right: String,
}

/// The value as a text.
pub(super) fn as_text(written: &str) -> Reading {
    let content = content(written);
    let text = if content.had_quotes { content.text } else { without_stray_mark(content.text) };
    let right = format!("\"{text}\"");
    let (message, label, help) = if content.had_quotes && written.contains(is_wrong) {
        ("文字用了全角引号", "要用半角引号", format!("改成 {right}"))
    } else if content.had_quotes {
        ("文字的引号没有配对", "前后都要有半角引号", format!("补上引号，写成 {right}"))
    } else {
        let help = format!("补上引号，写成 {right}");
        ("等号后面的文字没有加引号", "要加半角引号", help)
    };
    Reading { value: text.to_owned(), message, label, help, right }
}

/// The value as an amount in a unit; `None` if it is none.
pub(super) fn as_amount(written: &str, unit: Unit) -> Option<Reading> {
    let text = content(written).text;
    let amount = text.trim_end_matches([',', '，', ';', '；', '、', '。', ' ']);
    let narrow: String = amount.chars().map(narrow).collect();
    let figure = narrow.strip_suffix(unit.name()).unwrap_or(&narrow).trim_end();
    let value = plain(&without_commas(figure)?)?;
    let (message, label) = if amount.len() < text.len() {
        ("数字后面有多余的标点", "只写数字")
    } else if figure.len() < narrow.len() {
        match unit {
            Unit::WanYuan => ("金额里写了单位", "只写数字，单位是万元"),
            Unit::Yuan => ("金额里写了单位", "只写数字，单位是元"),
        }
    } else if narrow != amount {
        ("数字是全角的", "要用半角数字")
    } else if figure.contains(',') {
        ("数字里有逗号", "数字里不写逗号")
    } else if text.len() < written.len() {
        ("金额加了引号", "金额不加引号")
    } else {
        ("数字的写法不对", "不以 0 或小数点开头，不以小数点结尾")
    };
    let (help, right) = (format!("改成 {value}"), value.clone());
    Some(Reading { value, message, label, help, right })
}

/// A text without the mark that was meant for the end of its line.
fn without_stray_mark(text: &str) -> &str {
    let rest = text.trim_end_matches([',', '，', ';', '；', '、']);
    let is_sentence = rest.contains([',', '，', ';', '；', '、', '。', '：']);
    if is_sentence || rest.is_empty() { text } else { rest.trim_end() }
}

/// The half-width form of what figures are written with.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '，' | '．' | '；' | '＋' | '－' => {
            char::from_u32(u32::from(c) - u32::from('！') + u32::from('!')).unwrap_or(c)
        }
        '。' => '.',
        '−' => '-',
        _ => c,
    }
}

/// Digits without the commas that set off thousands.
fn without_commas(figure: &str) -> Option<String> {
    if !figure.contains(',') {
        return Some(figure.to_owned());
    }
    let whole = figure.split('.').next().unwrap_or_default();
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let is_first = |group: &str| (1..=3).contains(&group.len());
    let is_right = groups.next().is_some_and(is_first) && groups.all(|group| group.len() == 3);
    let rest = figure.strip_prefix(whole).unwrap_or_default();
    (is_right && !rest.contains(',')).then(|| figure.replace(',', ""))
}

/// A decimal number as TOML writes it.
fn plain(digits: &str) -> Option<String> {
    let sign = if digits.starts_with('-') { "-" } else { "" };
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = unsigned.bytes().any(|b| b.is_ascii_digit())
        && (whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit());
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    is_number.then(|| format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_decides_how_a_value_is_read() {
        for (written, text, amount) in [
            ("修路", "修路", None),
            ("1年", "1年", None),
            ("“1年”", "1年", None),
            ("乡镇“两个中心”", "乡镇“两个中心”", None),
            ("022", "022", Some("22")),
            ("０２２", "０２２", Some("22")),
            ("22；", "22", Some("22")),
            ("22万元", "22万元", Some("22")),
            ("２２．５ 万元", "２２．５ 万元", Some("22.5")),
            ("“22”", "22", Some("22")),
            (".5", ".5", Some("0.5")),
            ("22.", "22.", Some("22")),
            ("1,234.56", "1,234.56", Some("1234.56")),
            ("-1,000", "-1,000", Some("-1000")),
            ("1,23", "1,23", None),
            ("1.2.3", "1.2.3", None),
            ("220000元", "220000元", None),
            (".", ".", None),
            ("先修路；后修桥；", "先修路；后修桥；", None),
        ] {
            let reading = as_text(written);
            assert_eq!((reading.value.as_str(), reading.right), (text, format!("\"{text}\"")));
            assert_eq!(
                as_amount(written, Unit::WanYuan).map(|reading| reading.value).as_deref(),
                amount,
                "{written}"
            );
        }
    }
}

//! Numbers in a text, and the amounts of money among them.

use std::ops::Range;

use rust_decimal::Decimal;

use super::scope::Scope;
use crate::data::Indicator;
use crate::form::LevelMeaning;
use crate::text::narrow;

/// A number with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure<'t> {
    /// Where its digits stand.
    pub range: Range<usize>,
    /// What it says.
    pub value: Decimal,
    /// What follows it up to the next digit, space or mark: `万元/人`, `%`, `天`.
    pub unit: &'t str,
}

/// An amount of money, in 万元.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amount {
    pub value: Decimal,
    /// One in the last place as written: 0.01 for `56.67万元`, 0.0001 for `45000元`.
    pub precision: Decimal,
    /// What it is the price of, if it is a price: `个` in `3万/个`. Empty if it is no plain amount
    /// in another way: 每人500元, 3-5万元, one of several amounts in a text.
    pub per: Option<String>,
}

/// What a row under 成本指标 says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cost {
    /// An amount of money.
    Amount(Amount),
    /// A number without a unit.
    Bare(Decimal),
    /// An amount in words: 二十二万元.
    InWords,
    /// None of these.
    Other,
}

/// The numbers of a text in Arabic digits, half-width or full-width.
pub(super) fn figures(text: &str) -> Vec<Figure<'_>> {
    let is_digit = |c| narrow(c).is_ascii_digit();
    let mut figures = Vec::new();
    let mut rest = 0;
    while let Some(offset) = text[rest..].find(is_digit) {
        let start = rest + offset;
        let is_part = |c| is_digit(c) || matches!(c, '.' | ',' | '．');
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        let digits = text[start..end].trim_end_matches(['.', ',', '．']);
        rest = start + digits.len();
        let unit = text[rest..].trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
        let is_end =
            |c: char| is_digit(c) || c.is_whitespace() || "，。；、：！？（）()+＋×".contains(c);
        let unit = &unit[..unit.find(is_end).unwrap_or(unit.len())];
        let number: String = digits.chars().map(narrow).filter(|&c| c != ',').collect();
        // A number beyond what can be calculated with is no figure of a form.
        if let Ok(value) = Decimal::from_str_exact(&number)
            && value < Decimal::from(10_u64.pow(15))
        {
            figures.push(Figure { range: start..rest, value, unit });
        }
    }
    figures
}

/// Whether a text says a percentage, in signs or in words.
pub(super) fn has_percentage(text: &str) -> bool {
    text.contains(['%', '％', '‰']) || text.contains("百分之") || text.contains("百分比")
}

/// The first unit of money a text begins with: how many 万元 it is, and what follows.
fn money_unit(text: &str) -> Option<(Decimal, &str)> {
    const UNITS: [(&str, Decimal); 5] = [
        ("亿元", Decimal::from_parts(10_000, 0, 0, false, 0)),
        ("万元", Decimal::ONE),
        ("千元", Decimal::from_parts(1, 0, 0, false, 1)),
        ("百元", Decimal::from_parts(1, 0, 0, false, 2)),
        ("元", Decimal::from_parts(1, 0, 0, false, 4)),
    ];
    let named =
        UNITS.iter().find_map(|&(unit, factor)| text.strip_prefix(unit).map(|rest| (factor, rest)));
    // `3万/个`, `22万` and `22万以内` leave 元 out; `3万人` is no money.
    named.or_else(|| {
        let units = [("亿", Decimal::from(10_000)), ("万", Decimal::ONE)];
        let (factor, rest) =
            units.iter().find_map(|&(unit, factor)| Some((factor, text.strip_prefix(unit)?)))?;
        ends_amount(rest).then_some((factor, rest))
    })
}

/// What may follow an amount without making it one of something else.
const BOUNDS: &[&str] =
    &["以内", "之内", "以下", "以上", "左右", "上下", "内", "余", "多", "整", "人民币"];

/// Whether what follows a number, or 万, leaves it an amount of money.
fn ends_amount(rest: &str) -> bool {
    let rest = BOUNDS.iter().find_map(|bound| rest.strip_prefix(bound)).unwrap_or(rest);
    rest.is_empty() || rest.starts_with(['/', '每', '元'])
}

/// Words that make an amount the price of one of several.
const PRICES: &[&str] = &["每", "人均", "户均", "村均", "平均", "均价", "单价"];

fn is_price(text: &str) -> bool {
    PRICES.iter().any(|word| text.contains(word))
}

/// Whether a text has an amount in words: 二十二万元, 贰万元.
fn has_amount_in_words(text: &str) -> bool {
    const NUMERALS: &str = "一二两三四五六七八九十百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟";
    text.match_indices('元').any(|(at, _)| text[..at].ends_with(|c| NUMERALS.contains(c)))
}

impl Amount {
    /// The amounts in a text. `unit` is the unit of numbers that stand without one, if any.
    fn all(text: &str, unit: Option<&str>) -> Vec<Self> {
        let amount = |figure: Figure<'_>| {
            let before = text[..figure.range.start].trim_end();
            let is_marked = before.ends_with(['￥', '¥']) || before.ends_with("人民币");
            let (factor, rest) = money_unit(figure.unit).or_else(|| {
                let (factor, rest) = money_unit(if is_marked { "元" } else { unit? })?;
                let rest = if figure.unit.is_empty() { rest } else { figure.unit };
                ends_amount(figure.unit).then_some((factor, rest))
            })?;
            let before = before.trim_end_matches(['￥', '¥']);
            let is_partial =
                is_price(before) || before.ends_with(['-', '—', '–', '~', '～', '至', '到']);
            let per = rest.strip_prefix(['/', '每']).map(str::to_owned);
            Some(Self {
                value: figure.value * factor,
                precision: Decimal::new(1, figure.value.scale()) * factor,
                per: per.or_else(|| is_partial.then(String::new)),
            })
        };
        figures(text).into_iter().filter_map(amount).collect()
    }

    /// Whether it is this total, at the precision it is written with.
    pub fn is(&self, total: Decimal) -> bool {
        is_within(self.value, total, self.precision)
    }
}

/// Whether two amounts differ by no more than rounding to `precision` explains.
pub(super) fn is_within(value: Decimal, total: Decimal, precision: Decimal) -> bool {
    (value - total).abs() * Decimal::TWO <= precision
}

/// What each row about costs says.
pub(super) fn costs<'a>(scope: &Scope<'a>) -> Vec<(&'a Indicator, Cost)> {
    scope.rows_about(LevelMeaning::Cost).map(|(_, row)| (row, cost(scope, row))).collect()
}

fn cost<'a>(scope: &Scope<'a>, row: &'a Indicator) -> Cost {
    let Some(reading) = scope.reading(row) else { return Cost::Other };
    let value = reading.as_str();
    // The unit may stand in the name: 补助标准（万元/人）.
    let in_name = row.name.get_ref().split(['（', '(']).nth(1);
    let unit = in_name.filter(|unit| money_unit(unit).is_some());
    let unit = unit.map(|unit| unit.trim_end_matches(['）', ')']));
    let amounts = Amount::all(value, unit);
    let is_alone = amounts.len() == 1;
    if let Some(first) = amounts.into_iter().next() {
        // 人均补助 = 2000元.
        let is_price = !is_alone || is_price(row.name.get_ref());
        let per = if is_alone { first.per } else { None };
        let per = per.or_else(|| is_price.then(String::new));
        return Cost::Amount(Amount { per, ..first });
    }
    match bare_number(value) {
        Some(number) => Cost::Bare(number),
        _ if has_amount_in_words(value) => Cost::InWords,
        _ => Cost::Other,
    }
}

/// The number, if a text is a number and a comparison sign at most.
pub(super) fn bare_number(text: &str) -> Option<Decimal> {
    let number = text.trim().trim_start_matches(['≥', '≤', '＞', '＜', '>', '<', '=', '＝']).trim();
    match figures(number).as_slice() {
        [figure] if figure.range == (0..number.len()) => Some(figure.value),
        _ => None,
    }
}

/// The quantities under 数量指标 that count in this unit.
pub(super) fn quantities(scope: &Scope<'_>, unit: &str) -> Vec<Decimal> {
    let values = scope.rows_about(LevelMeaning::Quantity).filter_map(|(_, row)| scope.reading(row));
    values
        .filter_map(|value| {
            let first = figures(value.as_str()).into_iter().next();
            first.filter(|figure| figure.unit == unit).map(|figure| figure.value)
        })
        .collect()
}

/// A number as one writes it, without zeros at the end.
pub(super) fn shown(number: Decimal) -> String {
    number.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_carry_their_units() {
        let found = figures("每人1,500.50元/月，共12个月");
        let found: Vec<_> = found.iter().map(|f| (shown(f.value), f.unit)).collect();
        assert_eq!(found, [("1500.5".to_owned(), "元/月"), ("12".to_owned(), "个月")]);
        assert!(figures("一二三").is_empty());
        assert!(figures("1.2.3").is_empty());
        assert!(figures(&"9".repeat(100)).is_empty());
    }

    #[test]
    fn amounts_are_in_wan_yuan() {
        for (text, value, per) in [
            ("22万元", "22", None),
            ("45000元", "4.5", None),
            ("≤1.2亿元", "12000", None),
            ("3万/个", "3", Some("个")),
            ("每人500元", "0.05", Some("")),
            ("3-5万元", "5", Some("")),
            ("22万以内", "22", None),
            ("不超过1.5亿", "15000", None),
            ("￥220000", "22", None),
            ("¥22万", "22", None),
            ("人民币 22 万元", "22", None),
            ("￥300/人", "0.03", Some("人")),
            ("人均2000元，共110人", "0.2", Some("")),
            ("８．５万元", "8.5", None),
        ] {
            let found = Amount::all(text, None);
            let found: Vec<_> = found.iter().map(|a| (shown(a.value), a.per.as_deref())).collect();
            assert_eq!(found, [(value.to_owned(), per)], "{text}");
        }
        assert!(Amount::all("3万人", None).is_empty());
        assert!(Amount::all("3万余人", None).is_empty());
        assert!(has_amount_in_words("二十二万元") && !has_amount_in_words("公元前"));
        assert!(Amount::all("100%", None).is_empty());
    }

    #[test]
    fn an_amount_is_compared_at_its_precision() {
        let total = Decimal::new(56_672, 3);
        let is = |text| Amount::all(text, None).first().is_some_and(|amount| amount.is(total));
        assert!(is("56.67万元") && is("566720元") && is("56.672万元") && is("57万元"));
        assert!(!is("56.68万元") && !is("56.66万元") && !is("566700元"));
    }

    #[test]
    fn a_bare_number_has_nothing_but_a_sign() {
        assert_eq!(bare_number("≥11"), Some(Decimal::from(11)));
        assert_eq!(bare_number("11个"), None);
        assert_eq!(bare_number("2023-2025"), None);
    }
}

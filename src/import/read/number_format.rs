//! How a workbook shows a number.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// A number as its cell shows it, and why that is not sure.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    pub doubt: Option<String>,
}

/// Excel keeps fifteen digits; what is behind them is noise of its arithmetic.
const DIGITS: usize = 15;

/// The figures without the noise of binary fractions; `None` if they are no number.
pub fn exact(figures: &str) -> Option<Decimal> {
    let float: f64 = figures.trim().parse().ok()?;
    if !float.is_finite() {
        return None;
    }
    let scientific = format!("{float:.*e}", DIGITS - 1);
    Decimal::from_scientific(&scientific).ok().map(|value| value.normalize())
}

/// The formats that every workbook has.
pub fn built_in(id: usize) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 | 39 | 40 => "0.00",
        3 | 37 | 38 => "#,##0",
        4 | 43 | 44 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14..=17 | 22 | 27..=31 | 36 | 50..=58 => "yyyy-m-d",
        _ => return None,
    })
}

/// Shows the figures of a cell in a format, `None` for the general one.
pub fn shown(figures: &str, format: Option<&str>) -> Shown {
    let Some(value) = exact(figures) else {
        return Shown { text: figures.trim().to_owned(), doubt: None };
    };
    let general = || Shown { text: value.to_string(), doubt: None };
    let Some(format) = format else { return general() };
    let sections: Vec<&str> = sections(format);
    let section = match sections.as_slice() {
        [_, _, zero, ..] if value.is_zero() => zero,
        [_, negative, ..] if value.is_sign_negative() => negative,
        [first, ..] => first,
        [] => return general(),
    };
    let Some(pattern) = Pattern::parse(section) else {
        return general();
    };
    if pattern.is_date {
        return match date(value) {
            Some(text) => {
                Shown { doubt: Some(format!("原来是日期，写成了“{text}”")), text }
            }
            None => general(),
        };
    }
    let value = if sections.len() > 1 && value.is_sign_negative() { value.abs() } else { value };
    Shown { text: pattern.print(value), doubt: None }
}

/// The parts of a format between semicolons, which quotes may hide.
fn sections(format: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in format.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                sections.push(format.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    sections.push(format.get(start..).unwrap_or_default());
    sections
}

/// What a section of a format says.
#[derive(Debug, Default)]
struct Pattern {
    before: String,
    after: String,
    digits: bool,
    decimals: u32,
    /// Decimals that are shown only if they are not zero.
    optional: u32,
    thousands: bool,
    percent: bool,
    is_date: bool,
}

impl Pattern {
    /// `None` for a format that is not understood.
    fn parse(section: &str) -> Option<Self> {
        let mut pattern = Self::default();
        let mut in_decimals = false;
        let mut chars = section.chars();
        while let Some(c) = chars.next() {
            let literal = match c {
                '"' => chars.by_ref().take_while(|c| *c != '"').collect::<String>(),
                '\\' => chars.next().into_iter().collect(),
                // Room as wide as the next character; a fill with it.
                '_' | '*' => {
                    chars.next();
                    continue;
                }
                // Colours, conditions, currencies: [Red], [>1], [$¥-804].
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    match inside.strip_prefix('$') {
                        Some(currency) => currency.split('-').next().unwrap_or_default().to_owned(),
                        None => continue,
                    }
                }
                '0' | '#' | '?' => {
                    pattern.digits = true;
                    if in_decimals {
                        pattern.decimals += u32::from(c == '0');
                        pattern.optional += u32::from(c != '0');
                    }
                    continue;
                }
                '.' => {
                    in_decimals = true;
                    continue;
                }
                ',' if pattern.digits => {
                    pattern.thousands = true;
                    continue;
                }
                '%' => {
                    pattern.percent = true;
                    "%".to_owned()
                }
                'G' if section.contains("General") => return None,
                'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' | '年' | '月' | '日'
                    if !pattern.digits =>
                {
                    pattern.is_date = true;
                    continue;
                }
                'E' | 'e' | '@' | '/' if !pattern.is_date => return None,
                c => c.to_string(),
            };
            if pattern.digits { pattern.after += &literal } else { pattern.before += &literal }
        }
        Some(pattern)
    }

    fn print(&self, value: Decimal) -> String {
        if !self.digits {
            return format!("{}{}", self.before, self.after);
        }
        let value = if self.percent { value * Decimal::ONE_HUNDRED } else { value };
        let most = self.decimals + self.optional;
        let mut rounded =
            value.round_dp_with_strategy(most, RoundingStrategy::MidpointAwayFromZero);
        rounded = rounded.normalize();
        if rounded.scale() < self.decimals {
            rounded.rescale(self.decimals);
        }
        let mut figures = rounded.to_string();
        if self.thousands {
            figures = with_commas(&figures);
        }
        format!("{}{figures}{}", self.before, self.after)
    }
}

fn with_commas(figures: &str) -> String {
    let (sign, unsigned) = match figures.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", figures),
    };
    let whole = unsigned.find('.').unwrap_or(unsigned.len());
    let mut text = sign.to_owned();
    for (index, digit) in unsigned.char_indices() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A day, counted from 1899-12-30.
fn date(days: Decimal) -> Option<String> {
    let days = days.trunc().to_i64()?;
    let start = time::Date::from_calendar_date(1899, time::Month::December, 30).ok()?;
    let date = start.checked_add(time::Duration::days(days))?;
    Some(format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_the_workbook_shows_them() {
        for (figures, format, expected) in [
            ("0.15417100000000003", None, "0.154171"),
            ("22", None, "22"),
            ("1", Some("0%"), "100%"),
            ("0.955", Some("0.0%"), "95.5%"),
            ("0.95", Some("0.00%"), "95.00%"),
            ("55", Some("0\"人\""), "55人"),
            ("3309840", Some("#,##0.00"), "3,309,840.00"),
            ("22", Some("0.000000"), "22.000000"),
            ("0", Some("0;-0;\"—\""), "—"),
            ("-1.5", Some("0.0;(0.0)"), "(1.5)"),
            ("5", Some("#,##0.00_ "), "5.00"),
            ("1.5", Some("0.##"), "1.5"),
            ("12", Some("General"), "12"),
            ("1e3", None, "1000"),
        ] {
            assert_eq!(shown(figures, format).text, expected, "{figures} {format:?}");
        }
        let day = shown("45291", Some("yyyy\"年\"m\"月\""));
        assert_eq!(day.text, "2023年12月31日");
        assert!(day.doubt.is_some());
    }
}

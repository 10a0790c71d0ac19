//! What 项目属性 and 项目期 say about a project's duration.

use super::figure::figures;

/// A project's kind, taken apart: `0101-一年期项目`.
#[derive(Debug, PartialEq, Eq)]
pub struct ProjectKind<'a> {
    /// The four digits.
    pub code: &'a str,
    /// What follows them.
    pub name: &'a str,
}

/// How long a project runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duration {
    /// So many years.
    Years(u64),
    /// More than one year (多年期, 跨年).
    Several,
}

impl<'a> ProjectKind<'a> {
    /// Reads `NNNN-名称`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (code, name) = text.split_once('-')?;
        let is_code = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
        (is_code && !name.is_empty() && name.trim() == name).then_some(Self { code, name })
    }

    /// The duration its name states, if it states one: 一年期项目.
    pub fn duration(&self) -> Option<Duration> {
        if self.name.contains("多年") || self.name.contains("跨年") {
            return Some(Duration::Several);
        }
        let (number, _) = self.name.split_once("年期")?;
        number_of_years(number).map(Duration::Years)
    }
}

/// The duration a 项目期 states, if it is plain: `1年`, `三年`, `2023-2025年`.
pub(super) fn term(text: &str) -> Option<Duration> {
    let text = text.trim();
    let number = text.strip_suffix('年')?;
    if let Some(years) = number_of_years(number) {
        return Some(Duration::Years(years));
    }
    let figures = figures(text);
    let years: Vec<u64> = figures.iter().filter_map(|f| u64::try_from(f.value).ok()).collect();
    match years[..] {
        [first, last] if is_year(first) && is_year(last) => {
            Some(Duration::Years(last.checked_sub(first)? + 1))
        }
        [year] if is_year(year) && text.len() == "2023年".len() => Some(Duration::Years(1)),
        _ => None,
    }
}

impl Duration {
    /// Whether the two can be said of one project.
    pub fn agrees(self, other: Self) -> bool {
        match (self, other) {
            (Self::Years(a), Self::Years(b)) => a == b,
            (Self::Several, Self::Years(years)) | (Self::Years(years), Self::Several) => years > 1,
            (Self::Several, Self::Several) => true,
        }
    }
}

fn is_year(number: u64) -> bool {
    (1900..2200).contains(&number)
}

fn number_of_years(text: &str) -> Option<u64> {
    const NUMERALS: &str = "一二三四五六七八九十";
    let mut characters = text.chars();
    match (characters.next()?, characters.next()) {
        ('两', None) => Some(2),
        (numeral, None) if NUMERALS.contains(numeral) => {
            NUMERALS.chars().zip(1..).find(|&(c, _)| c == numeral).map(|(_, value)| value)
        }
        _ => text.parse().ok().filter(|&years| (1..100).contains(&years)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_counted_in_years() {
        for (text, expected) in [
            ("1年", Some(Duration::Years(1))),
            ("三年", Some(Duration::Years(3))),
            ("2023年", Some(Duration::Years(1))),
            ("2023-2025年", Some(Duration::Years(3))),
            ("2023年-2025年", Some(Duration::Years(3))),
            ("2025-2023年", None),
            ("长期", None),
        ] {
            assert_eq!(term(text), expected, "{text}");
        }
    }

    #[test]
    fn kinds_are_taken_apart() {
        let duration = |text| ProjectKind::parse(text).and_then(|kind| kind.duration());
        assert_eq!(duration("0101-一年期项目"), Some(Duration::Years(1)));
        assert_eq!(duration("0102-多年期项目"), Some(Duration::Several));
        assert_eq!(duration("0103-其他运转类"), None);
        assert_eq!(ProjectKind::parse("101-一年期项目"), None);
        assert_eq!(ProjectKind::parse("0101一年期项目"), None);
    }
}

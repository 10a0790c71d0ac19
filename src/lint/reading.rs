//! A target value as a reader takes it in: 计算符号 + 目标值 + 计量单位, whatever columns they stand in.

use std::borrow::Cow;
use std::ops::Range;

use super::text::Text;
use crate::diagnostics::Span;

/// A target value together with the columns that belong to it.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    text: Cow<'a, str>,
    /// How much of the text stands before the target value.
    before: usize,
    target: Text<'a>,
}

impl<'a> Reading<'a> {
    /// Puts sign, value and unit together; what the value says itself is not said twice.
    pub fn new(sign: Option<&str>, target: Text<'a>, unit: Option<&str>) -> Self {
        let value = target.as_str();
        // 定性 says that there is nothing to calculate.
        let is_sign = |sign: &&str| !sign.starts_with('定') && !value.trim().starts_with(*sign);
        let sign = sign.map(str::trim).filter(is_sign).unwrap_or_default();
        let is_unit = |unit: &&str| !value.trim().ends_with(*unit);
        let unit = unit.map(str::trim).filter(is_unit).unwrap_or_default();
        let text = match (sign, unit) {
            ("", "") => Cow::Borrowed(value),
            _ => Cow::Owned(format!("{sign}{value}{unit}")),
        };
        Self { text, before: sign.len(), target }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The place of a part, or as much of it as stands in the target value.
    pub fn near(&self, part: Range<usize>) -> Span {
        let length = self.target.as_str().len();
        let within = |at: usize| at.saturating_sub(self.before).min(length);
        self.target.near(within(part.start)..within(part.end))
    }
}

#[cfg(test)]
mod tests {
    use toml::Spanned;

    use super::*;
    use crate::diagnostics::SourceFile;

    #[test]
    fn a_value_is_read_with_its_sign_and_its_unit() {
        for (sign, value, unit, expected) in [
            ("≥", "95", "%", "≥95%"),
            ("≥", "≥95%", "%", "≥95%"),
            ("定性", "明显提高", "", "明显提高"),
            ("", "3", " 人/年 ", "3人/年"),
            ("不低于", "3", "个", "不低于3个"),
        ] {
            let source = SourceFile::new("a.toml", format!("\"{value}\""));
            let text = Spanned::new(0..source.text().len(), value.to_owned());
            let reading = Reading::new(Some(sign), Text::new(&source, &text), Some(unit));
            assert_eq!(reading.as_str(), expected);
            assert_eq!(reading.near(0..expected.len()).text(), value);
        }
    }
}

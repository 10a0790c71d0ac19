//! Amounts as other programs write them → amounts in the unit of the form.

use rust_decimal::{Decimal, RoundingStrategy};

use super::read::exact;
use super::recognise::Said;
use crate::amount::{Format, Money, Unit};
use crate::text::narrow;

/// 万元 is so many powers of ten above 元.
const WAN: u32 = 10_000;

/// An amount in the unit of the form, with why it is not sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The figures.
    pub value: Decimal,
    /// Why they are not sure.
    pub doubts: Vec<String>,
}

/// Reads an amount. `unit` is the one that the form on the page names. `None` if it is none.
pub fn amount(said: &Said, unit: Option<Unit>, format: &Format) -> Option<Amount> {
    let mut doubts = said.doubts.clone();
    let mut unit = unit;
    let written: Decimal = match &said.number {
        Some(figures) => exact(figures)?,
        None => {
            let text: String =
                said.text.chars().map(narrow).filter(|c| !c.is_whitespace()).collect();
            let mut figures = text.replace(',', "");
            for named in Unit::ALL {
                if let Some(rest) = figures.strip_suffix(named.name()) {
                    (figures, unit) = (rest.to_owned(), Some(named));
                    break;
                }
            }
            let is_nothing = figures == format.zero || matches!(&*figures, "—" | "-" | "/" | "无");
            if is_nothing { Decimal::ZERO } else { Decimal::from_str_exact(&figures).ok()? }
        }
    };
    let mut value = written;
    match (unit, format.unit) {
        (Some(Unit::Yuan), Unit::WanYuan) => value /= Decimal::from(WAN),
        (Some(Unit::WanYuan), Unit::Yuan) => value = value.checked_mul(Decimal::from(WAN))?,
        _ => {}
    }
    if let Some(unit) = unit.filter(|unit| *unit != format.unit) {
        let to = format.unit;
        doubts.push(format!("表上以{unit}为单位，是 {}，换算成了{to}", written.normalize()));
    }
    let decimals = format.most_decimals();
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    if rounded != value {
        doubts.push(format!("表上是 {}，只能写 {decimals} 位小数", value.normalize()));
    }
    let rounded = rounded.normalize();
    Money::parse(&rounded.to_string(), format.unit, decimals).ok()?;
    Some(Amount { value: rounded, doubts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, number: Option<&str>, unit: Option<Unit>) -> Option<(String, usize)> {
        let number = number.map(str::to_owned);
        let said = Said { text: text.to_owned(), number, ..Said::default() };
        let amount = amount(&said, unit, &Format::default())?;
        Some((amount.value.to_string(), amount.doubts.len()))
    }

    #[test]
    fn amounts_are_exact_and_in_the_unit_of_the_form() {
        let wan = Some(Unit::WanYuan);
        for (text, number, unit, expected) in [
            ("22.000000", None, wan, Some(("22", 0))),
            ("1,234.5", None, wan, Some(("1234.5", 0))),
            ("２２ 万元", None, None, Some(("22", 0))),
            ("0.154171", Some("0.15417100000000003"), wan, Some(("0.154171", 0))),
            ("0.1541711", Some("0.1541711"), wan, Some(("0.154171", 1))),
            ("3309840", Some("3309840"), Some(Unit::Yuan), Some(("330.984", 1))),
            ("65904元", None, wan, Some(("6.5904", 1))),
            ("—", None, wan, Some(("0", 0))),
            ("若干", None, wan, None),
            ("-5", None, wan, None),
            ("99999999999999", None, wan, None),
        ] {
            let expected =
                expected.map(|(value, doubts): (&str, usize)| (value.to_owned(), doubts));
            assert_eq!(read(text, number, unit), expected, "{text}");
        }
    }
}

//! Amounts of money: exact, each with the unit it is written and printed in.

use std::fmt;
use std::iter::Sum;

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;

/// The number of decimals an amount in 万元 may have: the sixth is one fen (分).
const WAN_YUAN_DECIMALS: u32 = 6;
/// 万元 is so many powers of ten above 元.
const WAN: u32 = 4;

/// What amounts are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unit {
    /// Ten thousand yuan.
    #[default]
    WanYuan,
    /// Yuan.
    Yuan,
}

impl Unit {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::WanYuan, Self::Yuan];

    /// The word printed on forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::WanYuan => "万元",
            Self::Yuan => "元",
        }
    }

    /// How many decimals an amount may have: the last is one fen (分).
    pub fn decimals(self) -> u32 {
        match self {
            Self::WanYuan => WAN_YUAN_DECIMALS,
            Self::Yuan => WAN_YUAN_DECIMALS - WAN,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An amount of money: exact, not negative, no finer than one fen (分).
///
/// It knows the unit it is written in. Two amounts are equal if they are the same money, whatever
/// their units: 1 万元 is 10000 元.
#[derive(Debug, Clone, Copy, Default)]
pub struct Money {
    wan_yuan: Decimal,
    unit: Unit,
}

/// Why a number cannot be an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// Below zero.
    Negative,
    /// `nan` or `inf`.
    NotFinite,
    /// More decimals than are printed.
    TooPrecise,
    /// More digits than an amount of money can have.
    TooLarge,
    /// Not a decimal number at all (for instance hexadecimal).
    NotDecimal,
}

impl Money {
    /// The largest whole part: 999,999,999,999 万元. What is beyond is a slip of the finger.
    const LIMIT: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);

    /// Reads an amount from the digits as they stand in the source, never through a float.
    ///
    /// `digits` is what TOML allows: a sign, digits, a fraction, an exponent (underscores
    /// already taken out). `decimals` is how many of them are printed.
    pub fn parse(digits: &str, unit: Unit, decimals: u32) -> Result<Self, MoneyError> {
        let unsigned = digits.trim_start_matches(['+', '-']);
        if unsigned == "nan" || unsigned == "inf" {
            return Err(MoneyError::NotFinite);
        }
        if !unsigned.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
            return Err(MoneyError::NotDecimal);
        }
        let fraction = unsigned.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let value = if unsigned.contains(['e', 'E']) {
            Decimal::from_scientific(digits).map_err(|_| MoneyError::TooLarge)?
        } else {
            match Decimal::from_str_exact(digits) {
                Ok(value) => value,
                // Decimal holds 28 digits; say which side of the point has too many.
                Err(_) if fraction > decimals as usize => return Err(MoneyError::TooPrecise),
                Err(_) => return Err(MoneyError::TooLarge),
            }
        };
        let value = value.normalize();
        if value.is_sign_negative() && !value.is_zero() {
            return Err(MoneyError::Negative);
        }
        if value.scale() > decimals.min(unit.decimals()) {
            return Err(MoneyError::TooPrecise);
        }
        // So few digits are left that moving the point is exact.
        let mut wan_yuan = value.abs();
        if unit == Unit::Yuan && wan_yuan.set_scale(value.scale() + WAN).is_err() {
            return Err(MoneyError::TooLarge);
        }
        if wan_yuan >= Self::LIMIT {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self { wan_yuan: wan_yuan.normalize(), unit })
    }

    /// The amount in 万元 as an exact decimal.
    pub fn wan_yuan(self) -> Decimal {
        self.wan_yuan
    }

    /// The unit it is written in.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// The same money in another unit.
    #[must_use]
    pub fn in_unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    /// The shortest exact spelling in its unit, as one types it: `168.696`, `22`, `0`.
    pub fn shortest(self) -> String {
        shortest(self.wan_yuan, self.unit)
    }
}

/// The shortest exact spelling of 万元 in a unit.
pub fn shortest(wan_yuan: Decimal, unit: Unit) -> String {
    in_unit(wan_yuan, unit).normalize().to_string()
}

/// So much 万元 in a unit.
pub fn in_unit(wan_yuan: Decimal, unit: Unit) -> Decimal {
    match unit {
        Unit::WanYuan => wan_yuan,
        Unit::Yuan => wan_yuan * Decimal::from(10_u32.pow(WAN)),
    }
}

impl PartialEq for Money {
    fn eq(&self, other: &Self) -> bool {
        self.wan_yuan == other.wan_yuan
    }
}

impl Eq for Money {}

impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Money {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.wan_yuan.cmp(&other.wan_yuan)
    }
}

/// As one says it: `168.696 万元`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.shortest(), self.unit)
    }
}

/// The sum is in the unit of its parts; in 万元 if they differ. Nothing has no unit.
impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        let (mut wan_yuan, mut unit) = (Decimal::ZERO, None);
        let mut nothing = None;
        for amount in amounts {
            wan_yuan += amount.wan_yuan;
            if amount.wan_yuan.is_zero() {
                nothing = nothing.or(Some(amount.unit));
            } else {
                let differs = unit.is_some_and(|unit| unit != amount.unit);
                unit = Some(if differs { Unit::WanYuan } else { amount.unit });
            }
        }
        Self { wan_yuan, unit: unit.or(nothing).unwrap_or_default() }
    }
}

/// How amounts are printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// The unit they are written and printed in.
    pub unit: Unit,
    /// How many decimals are printed (小数); `None` for no more than there are.
    pub decimals: Option<u32>,
    /// Whether thousands are parted by commas (千分位).
    pub thousands: bool,
    /// What nothing is printed as (零).
    pub zero: String,
}

impl Default for Format {
    fn default() -> Self {
        Self::of(Unit::default())
    }
}

impl Format {
    /// All decimals of a unit, nothing as `0`.
    pub fn of(unit: Unit) -> Self {
        Self { unit, decimals: Some(unit.decimals()), thousands: false, zero: "0".to_owned() }
    }

    /// How many decimals an amount may have that is printed so.
    pub fn most_decimals(&self) -> u32 {
        self.decimals.unwrap_or(self.unit.decimals())
    }

    /// An amount as it is printed.
    pub fn print(&self, amount: Money) -> String {
        if amount.wan_yuan.is_zero() { self.zero.clone() } else { self.figures(amount.wan_yuan) }
    }

    /// A difference of amounts in 万元 with its sign, as it is printed beside them.
    pub fn difference(&self, wan_yuan: Decimal) -> String {
        if wan_yuan.is_zero() {
            return "0".to_owned();
        }
        let sign = if wan_yuan.is_sign_negative() { '-' } else { '+' };
        format!("{sign}{}", self.figures(wan_yuan.abs()))
    }

    fn figures(&self, wan_yuan: Decimal) -> String {
        let value = in_unit(wan_yuan, self.unit);
        let figures = match self.decimals {
            Some(decimals) => {
                // What is read for this form has no more decimals; an amount of another may.
                let strategy = RoundingStrategy::MidpointAwayFromZero;
                let mut rounded = value.round_dp_with_strategy(decimals, strategy);
                rounded.rescale(decimals);
                rounded.to_string()
            }
            None => value.normalize().to_string(),
        };
        if self.thousands { with_commas(&figures) } else { figures }
    }
}

/// Figures with a comma before every third digit of the whole part from its end.
fn with_commas(figures: &str) -> String {
    let whole = figures.find('.').unwrap_or(figures.len());
    let mut text = String::with_capacity(figures.len() + figures.len() / 3);
    for (index, digit) in figures.char_indices() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(digits: &str, unit: Unit) -> Result<Money, MoneyError> {
        Money::parse(digits, unit, unit.decimals())
    }

    fn printed(digits: &str) -> Result<String, MoneyError> {
        parse(digits, Unit::WanYuan).map(|money| Format::default().print(money))
    }

    #[test]
    fn prints_six_decimals_and_a_bare_zero() {
        for (digits, expected) in [
            ("22", "22.000000"),
            ("168.696", "168.696000"),
            ("168.696000", "168.696000"),
            ("6.5904", "6.590400"),
            ("0.000001", "0.000001"),
            ("1.5e2", "150.000000"),
            ("+3", "3.000000"),
            ("0", "0"),
            ("0.000000000", "0"),
            ("-0.0", "0"),
            ("999999999999.999999", "999999999999.999999"),
        ] {
            assert_eq!(printed(digits).as_deref(), Ok(expected), "{digits}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for (digits, expected) in [
            ("-1", MoneyError::Negative),
            ("-0.000001", MoneyError::Negative),
            ("nan", MoneyError::NotFinite),
            ("-inf", MoneyError::NotFinite),
            ("0.0000001", MoneyError::TooPrecise),
            ("1e-7", MoneyError::TooPrecise),
            ("0.00000000000000000000000000000001", MoneyError::TooPrecise),
            ("1000000000000", MoneyError::TooLarge),
            ("1e30", MoneyError::TooLarge),
            ("123456789012345678901234567890123", MoneyError::TooLarge),
            ("ff", MoneyError::NotDecimal),
        ] {
            assert_eq!(printed(digits), Err(expected), "{digits}");
        }
    }

    #[test]
    fn sums_are_exact() {
        let read = |digits: &&str| parse(digits, Unit::WanYuan).ok();
        let sum: Money = ["0.1", "0.2", "0.3"].iter().filter_map(read).sum();
        assert_eq!(Format::default().print(sum), "0.600000");
        assert_eq!(sum.shortest(), "0.6");
    }

    #[test]
    fn the_same_money_in_two_units_is_equal() {
        let yuan = parse("8827620.53", Unit::Yuan).unwrap();
        let wan_yuan = parse("882.762053", Unit::WanYuan).unwrap();
        assert_eq!(yuan, wan_yuan);
        assert_eq!(yuan.to_string(), "8827620.53 元");
        assert_eq!(wan_yuan.to_string(), "882.762053 万元");
        assert_eq!(yuan.in_unit(Unit::WanYuan).shortest(), "882.762053");
        assert_eq!(parse("0.001", Unit::Yuan), Err(MoneyError::TooPrecise));
        assert_eq!(
            parse("9999999999999999.99", Unit::Yuan).unwrap().shortest(),
            "9999999999999999.99"
        );
        assert_eq!(parse("10000000000000000", Unit::Yuan), Err(MoneyError::TooLarge));
        assert_eq!(Money::parse("1.234", Unit::WanYuan, 2), Err(MoneyError::TooPrecise));
    }

    #[test]
    fn a_sum_is_in_the_unit_of_its_parts() {
        let yuan = |digits| parse(digits, Unit::Yuan).unwrap();
        let sum = |amounts: &[Money]| amounts.iter().copied().sum::<Money>().to_string();
        assert_eq!(sum(&[yuan("1"), yuan("2.5")]), "3.5 元");
        assert_eq!(sum(&[Money::default(), yuan("2.5")]), "2.5 元");
        assert_eq!(sum(&[yuan("0")]), "0 元");
        assert_eq!(sum(&[]), "0 万元");
        assert_eq!(sum(&[yuan("20000"), parse("1", Unit::WanYuan).unwrap()]), "3 万元");
    }

    #[test]
    fn amounts_are_printed_as_the_form_has_them() {
        let yuan = Format { thousands: true, zero: "0.00".to_owned(), ..Format::of(Unit::Yuan) };
        for (digits, expected) in [
            ("8827620.53", "8,827,620.53"),
            ("3309840", "3,309,840.00"),
            ("999.9", "999.90"),
            ("1000", "1,000.00"),
            ("0", "0.00"),
        ] {
            assert_eq!(yuan.print(parse(digits, Unit::Yuan).unwrap()), expected);
        }
        let short = Format { decimals: None, zero: "—".to_owned(), ..Format::default() };
        for (digits, expected) in [("90", "90"), ("89.974", "89.974"), ("0.0", "—")] {
            assert_eq!(short.print(parse(digits, Unit::WanYuan).unwrap()), expected);
        }
        let two = Format { decimals: Some(2), ..Format::default() };
        assert_eq!(two.difference(Decimal::new(-5, 1)), "-0.50");
        for (difference, expected) in
            [("2", "+2.000000"), ("-0.5", "-0.500000"), ("0", "0"), ("0.000001", "+0.000001")]
        {
            let difference = Decimal::from_str_exact(difference).unwrap();
            assert_eq!(Format::default().difference(difference), expected);
        }
    }
}

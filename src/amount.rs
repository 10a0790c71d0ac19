//! Amounts of money in 万元 (ten thousand yuan), exact.

use std::fmt;
use std::iter::Sum;

use rust_decimal::Decimal;

/// The number of decimals an amount in 万元 may have: the sixth is one fen (分).
pub const DECIMALS: u32 = 6;

/// An amount in 万元: exact, not negative, with at most [`DECIMALS`] decimals.
///
/// `Display` prints it as the official form does: six decimals, zero as `0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Money(Decimal);

/// Why a number cannot be an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// Below zero.
    Negative,
    /// `nan` or `inf`.
    NotFinite,
    /// More than [`DECIMALS`] decimals.
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
    /// already taken out).
    pub fn parse(digits: &str) -> Result<Self, MoneyError> {
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
                Err(_) if fraction > DECIMALS as usize => return Err(MoneyError::TooPrecise),
                Err(_) => return Err(MoneyError::TooLarge),
            }
        };
        let value = value.normalize();
        if value.is_sign_negative() && !value.is_zero() {
            Err(MoneyError::Negative)
        } else if value.scale() > DECIMALS {
            Err(MoneyError::TooPrecise)
        } else if value >= Self::LIMIT {
            Err(MoneyError::TooLarge)
        } else {
            Ok(Self(value.abs()))
        }
    }

    /// The amount in 万元 as an exact decimal.
    pub fn wan_yuan(self) -> Decimal {
        self.0
    }

    /// The shortest exact spelling, as one types it: `168.696`, `22`, `0`.
    pub fn shortest(self) -> String {
        self.0.normalize().to_string()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() { f.write_str("0") } else { write!(f, "{:.6}", self.0) }
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|amount| amount.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(digits: &str) -> Result<String, MoneyError> {
        Money::parse(digits).map(|money| money.to_string())
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
        let sum: Money = ["0.1", "0.2", "0.3"].iter().filter_map(|d| Money::parse(d).ok()).sum();
        assert_eq!(sum.to_string(), "0.600000");
        assert_eq!(sum.shortest(), "0.6");
    }
}

//! Money as whole cents: `"1450.00"` in, `"1450.00"` out, no floating point in between.
//!
//! There is one rule of rounding, [`Amount::rounded`]: half a cent is rounded away from nothing. Whatever is split among
//! people is not rounded at all (`statement/split.rs`).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits;

/// An amount that is not negative, in cents of the operator's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money(i64);

impl Money {
    /// The amount in cents.
    pub fn cents(self) -> i64 {
        self.0
    }
}

impl FromStr for Money {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("is {text:?}; write an amount such as \"1450.00\", without a sign or a currency");
        let (whole, cents) = text.trim().split_once('.').unwrap_or((text.trim(), "00"));
        let digits = |s: &str| !s.is_empty() && s.len() <= 15 && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(cents) || cents.len() > 2 {
            return Err(wrong());
        }
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let part: i64 = cents.parse().map_err(|_| wrong())?;
        let part = if cents.len() == 1 { part * 10 } else { part };
        match whole.checked_mul(100).and_then(|c| c.checked_add(part)) {
            Some(total) if total <= limits::MONEY_CENTS => Ok(Self(total)),
            _ => Err(format!("is {text:?}; the largest amount taken is {}", Self(limits::MONEY_CENTS))),
        }
    }
}

impl TryFrom<String> for Money {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> String {
        money.to_string()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// An amount that may be negative, in cents of the operator's currency: what is paid, or taken off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many cents. What people and programs give is a [`Money`], and bounded.
    pub fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    pub fn cents(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// A fraction of cents as whole ones: half a cent is rounded away from nothing, in both directions, as the ROUND
    /// of spreadsheets does. `denominator` is above zero. What is beyond all bounds becomes the bound.
    pub fn rounded(numerator: i128, denominator: i128) -> Self {
        let half_up = (2 * numerator.abs() + denominator) / (2 * denominator.max(1));
        let cents = i64::try_from(half_up).unwrap_or(i64::MAX);
        Self(if numerator < 0 { -cents } else { cents })
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self(money.0)
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl FromStr for Amount {
    type Err = String;

    /// Reads `50.00` and `-50.00`.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        match text.strip_prefix('-') {
            Some(rest) => rest.parse::<Money>().map(|money| -Self::from(money)),
            None => text.parse::<Money>().map(Self::from),
        }
    }
}

impl TryFrom<String> for Amount {
    type Error = String;

    /// Sums may be beyond what people can give.
    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("is {text:?}, which is no amount");
        let (minus, digits) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
        let (whole, cents) =
            digits.split_once('.').filter(|(_, cents)| cents.len() == 2).ok_or_else(wrong)?;
        if !whole.bytes().chain(cents.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let cents: i64 = format!("{whole}{cents}").parse().map_err(|_| wrong())?;
        Ok(Self(if minus { -cents } else { cents }))
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> String {
        amount.to_string()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, cents) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_cent_is_rounded_away_from_nothing() {
        for (numerator, denominator, cents) in
            [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (-4, 10, 0), (15, 10, 2), (1, 3, 0), (2, 3, 1), (7, 1, 7)]
        {
            assert_eq!(Amount::rounded(numerator, denominator).cents(), cents, "{numerator}/{denominator}");
        }
    }

    #[test]
    fn what_is_taken_off_has_a_sign() {
        for text in ["-12.50", "0.00", "0.07", "-0.05", "98765432109.87"] {
            assert_eq!(Amount::try_from(text.to_owned()).unwrap().to_string(), text);
        }
        assert_eq!("-12.5".parse::<Amount>().unwrap().to_string(), "-12.50");
        for bad in ["--1", "-", "+1", "1.005", "$5", "-99999999999999999999"] {
            assert!(bad.parse::<Amount>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn amounts_are_exact() {
        for (text, cents) in [("1450.00", 145_000), ("0.05", 5), ("7", 700), ("7.5", 750)] {
            assert_eq!(text.parse::<Money>().unwrap().cents(), cents);
        }
        assert_eq!("1450.5".parse::<Money>().unwrap().to_string(), "1450.50");
        for bad in ["", "-1", "1,450.00", "1.005", "$5", ".5", "5.", "1e3", "99999999999999999999"] {
            assert!(bad.parse::<Money>().is_err(), "{bad:?} was taken");
        }
    }
}

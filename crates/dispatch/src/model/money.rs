//! Money as whole cents: `"1450.00"` in, `"1450.00"` out, no floating point in between.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits;

/// An amount that is not negative, in cents of the operator's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

#[cfg(test)]
mod tests {
    use super::*;

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

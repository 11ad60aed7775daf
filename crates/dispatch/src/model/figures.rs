//! What a sail came to: the figures that are known once it is over, from which people are paid.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{CrewId, Money};
use crate::limits;

/// What the office says that a sail came to. What it does not say is unknown, which is not the same as nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Figures {
    /// What the charter brought in, where that is otherwise than was booked: after a refund, say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_revenue: Option<Money>,
    /// What whoever sold the charter keeps of it, where that is otherwise than was booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_fee: Option<Money>,
    /// What the guests gave the crew, where that is otherwise than was booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gratuity: Option<Money>,
    /// How long the crew worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_hours: Option<Minutes>,
    /// How long those worked who worked shorter or longer than the others.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hours_of: BTreeMap<CrewId, Minutes>,
}

impl Figures {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A length of time in whole minutes, written as hours and minutes: `3:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Minutes(pub u32);

impl FromStr for Minutes {
    type Err = String;

    /// Reads `3:30`, `3` and `3.5` hours.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("is {text:?}; write hours and minutes as 3:30, or hours as 3.5");
        let digits =
            |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        let number = |s: &str| s.parse::<u32>().map_err(|_| wrong());
        let text = text.trim();
        let (hours, minutes) = match (text.split_once(':'), text.split_once('.')) {
            (Some((hours, minutes)), None)
                if digits(hours, 4) && minutes.len() == 2 && digits(minutes, 2) =>
            {
                (number(hours)?, Some(number(minutes)?).filter(|minutes| *minutes < 60).ok_or_else(wrong)?)
            }
            (None, Some((hours, part))) if digits(hours, 4) && digits(part, 2) => {
                let hundredths = number(part)? * if part.len() == 1 { 10 } else { 1 };
                if hundredths * 60 % 100 != 0 {
                    return Err(format!("is {text:?}, which are no whole minutes; write them as 3:20"));
                }
                (number(hours)?, hundredths * 60 / 100)
            }
            (None, None) if digits(text, 4) => (number(text)?, 0),
            _ => return Err(wrong()),
        };
        let total = hours * 60 + minutes;
        match i64::from(total) <= limits::CHARTER_HOURS * 60 {
            true => Ok(Self(total)),
            false => Err(format!("is {text:?}; a charter takes {} hours at most", limits::CHARTER_HOURS)),
        }
    }
}

impl TryFrom<String> for Minutes {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Minutes> for String {
    fn from(minutes: Minutes) -> String {
        minutes.to_string()
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, minutes) in
            [("3:30", 210), ("3.5", 210), ("3", 180), ("0:05", 5), ("3.25", 195), ("3.05", 183)]
        {
            assert_eq!(text.parse(), Ok(Minutes(minutes)), "{text}");
        }
        assert_eq!(Minutes(185).to_string(), "3:05");
        for bad in
            ["", "3:5", "3:60", "-3", "3h", ":30", "3.", "3.333", "3.33", "1e3", "1441", "3:30.5", "99999"]
        {
            assert!(bad.parse::<Minutes>().is_err(), "{bad:?} was taken");
        }
    }
}

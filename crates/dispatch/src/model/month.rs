//! A month of the operator's calendar.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::limits;

/// One month of one year, written `2026-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month that a day is in.
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The first day.
    pub fn first(self) -> Date {
        Date::constant(self.year, self.month, 1)
    }

    /// The last day.
    pub fn last(self) -> Date {
        self.first().last_of_month()
    }

    /// Its days.
    pub fn days(self) -> impl Iterator<Item = Date> {
        self.first().series(jiff::Span::new().days(1)).take_while(move |date| Self::of(*date) == self)
    }

    /// The month so many later, or earlier.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        // Years have four digits, so this is far from all bounds.
        let count = i32::from(self.year) * 12 + i32::from(self.month) - 1 + months;
        Self { year: count.div_euclid(12) as i16, month: count.rem_euclid(12) as i8 + 1 }
    }

    /// As people read it: `June 2026`.
    pub fn name(self) -> String {
        self.first().strftime("%B %Y").to_string()
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no month; write year and month, as in 2026-06");
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(wrong());
        }
        let (year, month): (i16, i8) =
            (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
        match limits::YEARS.contains(&year) && (1..=12).contains(&month) {
            true => Ok(Self { year, month }),
            false => Err(wrong()),
        }
    }
}

impl TryFrom<String> for Month {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.year, self.month))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_as_it_is_read() {
        let june: Month = "2026-06".parse().unwrap();
        assert_eq!(
            (june.first().to_string(), june.last().to_string()),
            ("2026-06-01".into(), "2026-06-30".into())
        );
        let february: Month = "2028-02".parse().unwrap();
        assert_eq!((february.to_string().as_str(), february.days().count()), ("2028-02", 29));
        assert_eq!(
            (june.plus(7).to_string(), june.plus(-6).to_string()),
            ("2027-01".into(), "2025-12".into())
        );
        assert_eq!(june.name(), "June 2026");
        for text in [
            "2028",
            "2028-2",
            "2028-13",
            "2028-00",
            "02-2028",
            "1026-06",
            "2028-02-01",
            "2028-+2",
            "+028-02",
            "",
            "June 2026",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}

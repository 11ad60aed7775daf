//! A month, whose days stand over the columns of a tab.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::dates::month_name;
use super::item::Item;
use super::plan::Sides;
use crate::limits;

/// A month of a year. Written `2026-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month in which a day is.
    pub fn of(date: Date) -> Self {
        Self(date.first_of_month())
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.0
    }

    /// Its days.
    pub fn days(self) -> impl Iterator<Item = Date> {
        self.0.series(jiff::Span::new().days(1)).take_while(move |date| Self::of(*date) == self)
    }

    /// What its tab is called.
    pub fn title(self) -> String {
        format!("{} {} Availability", month_name(self.0.month()), self.0.year())
    }

    /// The months from this day's on in which somebody sails or has said something, and this day's.
    pub fn to_come(sides: &Sides<'_>, today: Date) -> BTreeSet<Self> {
        let sails = sides.sails.keys().map(|(_, date)| *date);
        let said = sides.people.values().flat_map(|member| {
            let dates = member.availability.keys().copied();
            dates.filter(|date| Item::Day(*date).of(member).is_some())
        });
        let months = sails.chain(said).chain([today]).map(Self::of);
        let months = months.filter(|month| *month >= Self::of(today));
        months.filter(|month| limits::YEARS.contains(&month.0.year())).collect()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('-').filter(|(year, month)| (year.len(), month.len()) == (4, 2));
        let date = parts.and_then(|(year, month)| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok());
        let date = date.filter(|date| limits::YEARS.contains(&date.year()));
        let month = date.map(Self).filter(|month| month.to_string() == text);
        month.ok_or_else(|| format!("{text:?} is no month; write year and month, as in 2026-06"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_as_it_is_read() {
        let month: Month = "2028-02".parse().unwrap();
        assert_eq!((month.to_string().as_str(), month.days().count()), ("2028-02", 29));
        assert_eq!(month.title(), "February 2028 Availability");
        for text in
            ["2028", "2028-2", "2028-13", "02-2028", "1026-06", "2028-02-01", "2028-+2", "+028-02", ""]
        {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}

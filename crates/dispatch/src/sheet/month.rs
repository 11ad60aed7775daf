//! The months whose days stand over the columns of tabs.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::dates::month_name;
use super::item::Item;
use super::plan::Sides;
use crate::limits;
use crate::model::Month;

/// What the tab of a month is called.
pub(super) fn title(month: Month) -> String {
    format!("{} {} Availability", month_name(month.first().month()), month.year())
}

/// The months from this day's on in which somebody sails or has said something, and this day's.
pub fn months_to_come(sides: &Sides<'_>, today: Date) -> BTreeSet<Month> {
    let sails = sides.sails.keys().map(|(_, date)| *date);
    let said = sides.people.values().flat_map(|member| {
        let dates = member.availability.keys().copied();
        dates.filter(|date| Item::Day(*date).of(member).is_some())
    });
    let months = sails.chain(said).chain([today]).map(Month::of);
    let months = months.filter(|month| *month >= Month::of(today));
    months.filter(|month| limits::YEARS.contains(&month.year())).collect()
}

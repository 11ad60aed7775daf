//! What has become of a sail, for those who had said yes to it.

use std::borrow::Cow;

use crewcall_dispatch::model::{Charter, Money, Terms};
use jiff::tz::TimeZone;

use crate::times;

/// One thing that is otherwise: what it is, what it was, what it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As it stands beside it on pages and in mails.
    pub what: Cow<'static, str>,
    /// Before.
    pub was: String,
    /// Now.
    pub is: String,
}

impl Change {
    pub(super) fn new(what: impl Into<Cow<'static, str>>, was: String, is: String) -> Option<Self> {
        (was != is).then(|| Self { what: what.into(), was, is })
    }
}

/// What of the terms is otherwise now.
pub fn of_terms(before: &Terms, charter: &Charter, zone: &TimeZone) -> Vec<Change> {
    let now = charter.terms();
    let time = |at| times::full(at, zone);
    [
        Change::new("Vessel", before.vessel.clone(), now.vessel),
        Change::new("Departs", time(before.departs_at), time(now.departs_at)),
        Change::new("Returns", time(before.returns_at), time(now.returns_at)),
        Change::new("Be aboard by", time(before.call_time), time(now.call_time)),
        Change::new("Dock", before.dock.clone(), now.dock),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Everything that is otherwise now.
pub fn of_charter(before: &Charter, charter: &Charter, zone: &TimeZone) -> Vec<Change> {
    let seats = |charter: &Charter| {
        let needs = charter.positions.iter().map(|need| format!("{} {}", need.quantity, need.position));
        needs.collect::<Vec<_>>().join(", ")
    };
    let amount = |amount: Option<Money>| amount.map_or("–".to_owned(), |amount| amount.to_string());
    let mut changes = of_terms(&before.terms(), charter, zone);
    let others = [
        Change::new("Guests", before.guests.to_string(), charter.guests.to_string()),
        Change::new("Revenue", amount(before.gross_revenue), amount(charter.gross_revenue)),
        Change::new("Channel fee", amount(before.channel_fee), amount(charter.channel_fee)),
        Change::new("Gratuity", amount(before.gratuity), amount(charter.gratuity)),
        Change::new("Crew", seats(before), seats(charter)),
    ];
    changes.extend(others.into_iter().flatten());
    changes
}

//! The demo's made-up roster and charters. Dates follow today's, so that there is always a season.

use crewcall_dispatch::model::{Booking, Charter, CrewMember};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::DemoError;
use crate::app::App;

/// Days of availability, from yesterday on.
const DAYS: i64 = 60;

/// Rank, id, name, order, pairing, and the weekday (Monday 0) on which the person cannot sail.
type Person = (&'static str, &'static str, &'static str, u32, &'static [&'static str], Option<i8>);

const PEOPLE: [Person; 21] = [
    ("captain", "dana-reyes", "Dana Reyes", 1, &["lee-park", "sam-ortiz", "ines-vega"], None),
    ("captain", "gene-holt", "Gene Holt", 2, &["kai-lund", "ruth-adler", "noor-haddad"], None),
    ("captain", "maya-chen", "Maya Chen", 3, &["tom-becker", "lee-park"], None),
    ("captain", "omar-siddiq", "Omar Siddiq", 4, &["ana-costa", "bo-lindqvist"], Some(6)),
    ("captain", "petra-novak", "Petra Novak", 5, &["sam-ortiz", "kai-lund"], None),
    ("captain", "will-abara", "Will Abara", 6, &[], Some(5)),
    ("mate", "ruth-adler", "Ruth Adler", 1, &[], None),
    ("mate", "tom-becker", "Tom Becker", 2, &[], None),
    ("mate", "ana-costa", "Ana Costa", 3, &[], Some(5)),
    ("mate", "ivo-maric", "Ivo Maric", 4, &[], None),
    ("deckhand", "lee-park", "Lee Park", 1, &[], None),
    ("deckhand", "sam-ortiz", "Sam Ortiz", 2, &[], None),
    ("deckhand", "kai-lund", "Kai Lund", 3, &[], None),
    ("deckhand", "bo-lindqvist", "Bo Lindqvist", 4, &[], Some(6)),
    ("deckhand", "zoe-tan", "Zoe Tan", 5, &[], None),
    ("deckhand", "max-feld", "Max Feld", 6, &[], None),
    ("host", "ines-vega", "Ines Vega", 1, &[], None),
    ("host", "noor-haddad", "Noor Haddad", 2, &[], None),
    ("host", "jo-winter", "Jo Winter", 3, &[], Some(4)),
    ("host", "eli-stone", "Eli Stone", 4, &[], None),
    ("host", "fay-moss", "Fay Moss", 5, &[], None),
];

/// Everyone.
pub(super) fn roster(today: Date) -> Result<Vec<CrewMember>, DemoError> {
    let first = today.saturating_sub(jiff::Span::new().days(1));
    let days: Vec<Date> = first.series(jiff::Span::new().days(1)).take(DAYS as usize).collect();
    PEOPLE.iter().enumerate().map(|(n, person)| member(n, person, &days)).collect()
}

fn member(
    n: usize,
    (rank, id, name, order, paired, off): &Person,
    days: &[Date],
) -> Result<CrewMember, DemoError> {
    let word = |day: &Date| match off {
        Some(off) if day.weekday().to_monday_zero_offset() == *off => "unavailable",
        _ => "available",
    };
    let availability: Map<String, Value> =
        days.iter().map(|day| (day.to_string(), word(day).into())).collect();
    let first = name.split(' ').next().unwrap_or(name).to_lowercase();
    let mut record = json!({
        "crew_id": id, "name": name, "rank": rank, "cascade_order": order, "availability": availability,
        "email": format!("{first}@example.com"), "phone": format!("+1-619-555-01{:02}", n + 10),
    });
    if !paired.is_empty() {
        record["paired_crew"] = json!(paired);
    }
    let papers = papers(n, rank, days.first().copied().unwrap_or_default());
    if !papers.is_empty() {
        record["credentials"] = papers.into();
    }
    let record = record.as_object().cloned().unwrap_or_default();
    CrewMember::parse(&record).map_err(|faults| DemoError::Data(format!("{id}: {faults:?}")))
}

/// Somebody's credentials: of most people they hold, of one the end is near, and of one it is over.
fn papers(n: usize, rank: &str, first: Date) -> Map<String, Value> {
    let until = |days: i64| Value::from(first.saturating_add(jiff::Span::new().days(days)).to_string());
    let own: &[(&str, i64)] = match (n, rank) {
        (2, _) => &[("master", 500), ("medical", 31)],
        (_, "captain") => &[("master", 700), ("medical", 290)],
        (11, _) => &[("first_aid", -12)],
        (_, "deckhand") => &[("first_aid", 410)],
        _ => &[],
    };
    own.iter().map(|(name, days)| ((*name).to_owned(), until(*days))).collect()
}

/// The boats. On one of them nobody is a deckhand without first aid.
pub(super) fn vessels() -> Result<Vec<Vessel>, DemoError> {
    let first_aid = ("deckhand".parse().map_err(DemoError::Data)?, "first_aid".to_owned());
    let vessel = |name: &str, credentials| Vessel {
        name: name.to_owned(),
        inspected: true,
        complement: Vec::new(),
        credentials,
        gates: [Gate::DrugProgram, Gate::Rest, Gate::WorkHours].map(|gate| (gate, Severity::Off)).into(),
    };
    Ok(vec![vessel("America", Vec::new()), vessel("Jada", Vec::new()), vessel("Stars", vec![first_aid])])
}

/// Id, vessel, days from today, hours of departure and return, guests, seats.
type Sail = (&'static str, &'static str, i64, i8, i8, u32, &'static [(&'static str, u32)]);

/// Crewed when the demo opens.
pub(super) const CREWED: &str = "charter_5662";
/// Its call is under way: a captain is asked.
pub(super) const ASKING: &str = "charter_5678";
/// Nobody is left to ask.
pub(super) const EXHAUSTED: &str = "charter_5683";
/// It was changed after the crew had said yes.
pub(super) const CHANGED: &str = "charter_5690";

/// A few sails in the coming days; two of them leave no time to be on both. Of those that have no name above, no call has
/// begun.
const SAILS: [Sail; 6] = [
    (CREWED, "Stars", 1, 17, 20, 8, &[("captain", 1), ("deckhand", 1)]),
    (ASKING, "America", 2, 16, 19, 6, &[("captain", 1), ("deckhand", 2)]),
    ("charter_5681", "Jada", 2, 15, 20, 24, &[("captain", 1), ("mate", 1), ("deckhand", 2), ("host", 1)]),
    (EXHAUSTED, "America", 3, 11, 14, 12, &[("captain", 1), ("deckhand", 1), ("host", 1)]),
    (CHANGED, "Stars", 4, 10, 13, 4, &[("captain", 1), ("deckhand", 1)]),
    ("charter_5702", "Jada", 6, 17, 21, 40, &[("captain", 1), ("mate", 1), ("deckhand", 2), ("host", 2)]),
];

/// The season as it was booked.
pub(super) fn charters(app: &App, today: Date) -> Result<Vec<Charter>, DemoError> {
    SAILS.iter().map(|sail| charter(app, sail.0, today, sail)).collect()
}

/// One more sail, on that day.
pub(super) fn another(app: &App, number: usize, day: Date) -> Result<Charter, DemoError> {
    let id = format!("charter_{}", 6_000 + number);
    charter(app, &id, day, &("", "Stars", 0, 10, 13, 10, &[("captain", 1), ("deckhand", 2)]))
}

fn charter(
    app: &App,
    id: &str,
    today: Date,
    &(_, vessel, days, departs, returns, guests, positions): &Sail,
) -> Result<Charter, DemoError> {
    let day = today.saturating_add(jiff::Span::new().days(days));
    let at = |hour: i8, minute: i8| day.at(hour, minute, 0, 0).to_string();
    let positions: Vec<Value> = positions
        .iter()
        .map(|(position, quantity)| json!({ "position": position, "quantity": quantity }))
        .collect();
    let booking: Booking = serde_json::from_value(json!({
        "charter_id": id, "vessel": vessel, "dock": "Shelter Island, pier 3", "guests": guests,
        "departs_at": at(departs, 0), "returns_at": at(returns, 0), "call_time": at(departs - 1, 15),
        "gross_revenue": format!("{}.00", 950 + 50 * guests), "positions": positions,
    }))
    .map_err(|error| DemoError::Data(error.to_string()))?;
    booking.check(&app.operator.zone).map_err(|faults| DemoError::Data(format!("{id}: {faults:?}")))
}

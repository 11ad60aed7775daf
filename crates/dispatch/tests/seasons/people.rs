//! Thirty people with habits, and what they press when a mail arrives.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CharterState, Command, OfferNo};
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use fastrand::Rng;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::json;

/// A button on the page behind a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Button {
    Yes,
    /// On a page that was opened before whatever has happened since.
    OldYes,
    No,
    Undo,
    Return,
    StandBy,
}

/// Somebody presses a button.
#[derive(Clone, Debug)]
pub(crate) struct Press {
    pub(crate) charter: CharterId,
    pub(crate) crew_id: CrewId,
    pub(crate) offer: OfferNo,
    pub(crate) button: Button,
    /// How often they have tried, while no server answered.
    pub(crate) tries: u32,
}

impl Button {
    pub(crate) fn command(self, state: &CharterState, no: OfferNo) -> Command {
        let aboard = state.offer(no).is_some_and(|offer| offer.state.is_aboard());
        match self {
            Self::Yes => state.offer(no).map_or(Command::Accept(no), |offer| Command::yes(state, offer)),
            Self::OldYes => Command::Accept(no),
            Self::No if aboard => Command::DropOut(no),
            Self::No => Command::Decline(no),
            Self::Undo => Command::Undo(no),
            Self::Return => Command::Return(no),
            Self::StandBy => Command::StandBy(no),
        }
    }
}

/// What somebody does once an offer has arrived: each press after so long.
pub(crate) fn reactions(rng: &mut Rng, window: SignedDuration) -> Vec<(SignedDuration, Button)> {
    let minutes = |rng: &mut Rng, most: i64| SignedDuration::from_secs(rng.i64(5..=most * 60));
    let soon = minutes(rng, window.as_mins().max(1));
    let mut presses = match rng.u32(0..100) {
        0..55 => vec![(soon, Button::Yes)],
        55..75 => vec![(soon, Button::No)],
        75..85 => Vec::new(),
        // Too late, or just about.
        85..93 => vec![(window + SignedDuration::from_secs(rng.i64(-180..3_600)), Button::OldYes)],
        93..96 => vec![(soon, Button::No), (soon + minutes(rng, 300), Button::StandBy)],
        _ => vec![(soon, Button::Yes), (soon, Button::No)],
    };
    let Some((at, _)) = presses.first().copied() else { return presses };
    if presses[0].1 == Button::Yes {
        match rng.u32(0..100) {
            0..8 => presses.push((at + minutes(rng, 12), Button::Undo)),
            8..18 => {
                let later = at + minutes(rng, 10 * 24 * 60);
                presses.push((later, Button::No));
                if rng.bool() {
                    presses.push((later + minutes(rng, 120), Button::Return));
                }
            }
            18..22 => presses.push((at, Button::Yes)),
            _ => {}
        }
    }
    presses
}

/// The people: so many of each rank, who can sail on most days.
pub(crate) fn roster(rng: &mut Rng, from: Date, days: i32) -> Vec<CrewMember> {
    let mut members = Vec::new();
    for (rank, count) in [("captain", 8), ("mate", 6), ("deckhand", 16)] {
        for n in 0..count {
            members.push(member(rng, rank, n, from, days));
        }
    }
    members
}

/// What deckhands need on a boat whose papers are known.
pub(crate) const COURSE: &str = "first_aid";

fn member(rng: &mut Rng, rank: &str, n: u32, from: Date, days: i32) -> CrewMember {
    let id = format!("{rank}{n}");
    let mut record = json!({
        "crew_id": id, "name": id, "rank": rank, "cascade_order": n, "email": format!("{id}@example.com"),
        "availability": availability(rng, from, days),
    });
    // Most have taken the course; with some it runs out within the season.
    match rng.u32(0..8) {
        0 => {}
        1 => {
            let until = from + rng.i32(0..days).days();
            record["credentials"] = json!({ COURSE: until.to_string() });
        }
        _ => record["credentials"] = json!({ COURSE: "valid" }),
    }
    if rank == "captain" && rng.u32(0..3) > 0 {
        let mut crew: Vec<String> = (0..3).map(|_| format!("deckhand{}", rng.u32(0..16))).collect();
        crew.sort();
        crew.dedup();
        record["paired_crew"] = json!(crew);
    }
    if rng.u32(0..6) == 0 {
        record["do_not_pair"] = json!([format!("deckhand{}", (n + 1) % 16)]);
        if record.get("paired_crew").is_some() {
            record.as_object_mut().expect("an object").remove("paired_crew");
        }
    }
    CrewMember::parse(record.as_object().expect("an object")).expect("a record without faults")
}

/// What has become of somebody's record; nothing, if they are taken off the roster.
pub(crate) fn changed(rng: &mut Rng, known: &CrewMember, from: Date) -> Option<CrewMember> {
    let mut record = known.to_record();
    record.insert("availability".into(), json!(availability(rng, from, 10)));
    let id = known.crew_id.as_str();
    match rng.u32(0..30) {
        0 => return None,
        1..3 => {
            record.remove("email");
        }
        3 => {
            record.insert("email".into(), json!(format!("{id}@example.org")));
        }
        4 if id.starts_with("mate") => {
            let other = if known.rank.as_str() == "mate" { "deckhand" } else { "mate" };
            record.insert("rank".into(), json!(other));
        }
        5..7 if !id.starts_with("captain") => {
            record.insert("do_not_pair".into(), json!([format!("captain{}", rng.u32(0..8))]));
        }
        _ => {
            record.entry("email").or_insert(json!(format!("{id}@example.com")));
        }
    }
    Some(CrewMember::parse(&record).expect("a record without faults"))
}

/// What somebody says of each day.
pub(crate) fn availability(rng: &mut Rng, from: Date, days: i32) -> BTreeMap<String, &'static str> {
    let say = |rng: &mut Rng| match rng.u32(0..100) {
        0..75 => Some("available"),
        75..88 => Some("unavailable"),
        88..91 => Some("after 12:00"),
        91..93 => Some("until 17:00"),
        93..95 => Some("perhaps"),
        _ => None,
    };
    (0..days)
        .filter_map(|day| {
            let date = from.checked_add(jiff::Span::new().days(day)).expect("a date of the season");
            Some((date.to_string(), say(rng)?))
        })
        .collect()
}

/// A moment between two.
pub(crate) fn between(rng: &mut Rng, from: Timestamp, until: Timestamp) -> Timestamp {
    let seconds = until.duration_since(from).as_secs().max(1);
    from + SignedDuration::from_secs(rng.i64(0..seconds))
}

//! The office: what it books, and how it steps in.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::{Charter, CrewId, Minutes, PositionNeed, Rank};
use crewcall_dispatch::policy::{DropOuts, LateYes, Order, Policy, Undeliverable, UnknownAvailability};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::people::{COURSE, between};

pub(crate) const CHARTERS: usize = 60;
/// Days on which charters depart.
pub(crate) const DAYS: i32 = 30;
/// Days before the first departure on which the season begins.
pub(crate) const BEFORE: i32 = 5;

/// The settings of one operator.
pub(crate) fn policy(rng: &mut Rng) -> Policy {
    let mut policy = Policy {
        response_window: SignedDuration::from_mins(*pick(rng, &[60, 120, 240])),
        ask_at_once: rng.u32(1..=3),
        drop_outs: if rng.bool() { DropOuts::Responsible } else { DropOuts::Free },
        late_yes: if rng.bool() { LateYes::Office } else { LateYes::Take },
        undeliverable: if rng.u32(0..4) > 0 { Undeliverable::Next } else { Undeliverable::Pause },
        unknown_availability: if rng.bool() { UnknownAvailability::Skip } else { UnknownAvailability::Ask },
        ..Policy::default()
    };
    if rng.bool() {
        policy.quiet_hours = Some("22:00-07:00".parse().expect("hours"));
    }
    for rank in ["captain", "deckhand"] {
        let order = *pick(rng, &[Order::Fixed, Order::LastSail, Order::FewestSails]);
        policy.orders.insert(self::rank(rank), order);
    }
    if rng.u32(0..3) > 0 {
        policy.vessels.push(vessel(rng));
    }
    policy
}

/// The one boat whose papers are known: its deckhands need a course, and whoever takes the watch needs rest.
fn vessel(rng: &mut Rng) -> Vessel {
    let mut gates: BTreeMap<Gate, Severity> = Gate::ALL.map(|gate| (gate, Severity::Off)).into();
    for gate in [Gate::Credentials, Gate::Rest] {
        gates.insert(gate, if rng.u32(0..3) > 0 { Severity::Block } else { Severity::Warn });
    }
    Vessel {
        name: "America".to_owned(),
        inspected: false,
        complement: Vec::new(),
        credentials: vec![(rank("deckhand"), COURSE.to_owned())],
        gates,
    }
}

pub(crate) fn rank(rank: &str) -> Rank {
    rank.parse().expect("a rank")
}

pub(crate) fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(0..from.len())]
}

/// A charter of the season.
pub(crate) fn charter(rng: &mut Rng, n: usize, begins: Timestamp) -> Charter {
    let first = begins + SignedDuration::from_hours(24 * i64::from(BEFORE));
    let day = SignedDuration::from_hours(24 * rng.i64(0..i64::from(DAYS)));
    let departs_at = first + day + SignedDuration::from_mins(15 * rng.i64(32..80));
    let mut positions = vec![need("captain", 1)];
    if rng.u32(0..3) == 0 {
        positions.push(need("mate", 1));
    }
    let deckhands = rng.u32(0..=3);
    if deckhands > 0 {
        positions.push(need("deckhand", deckhands));
    }
    Charter {
        charter_id: format!("charter{n}").parse().expect("an id"),
        vessel: (*pick(rng, &["America", "Stars", "Stripes"])).to_owned(),
        departs_at,
        returns_at: departs_at + SignedDuration::from_mins(60 * rng.i64(2..=8)),
        call_time: departs_at - SignedDuration::from_mins(45),
        dock: "pier 3".into(),
        guests: 6,
        gross_revenue: None,
        channel_fee: None,
        gratuity: None,
        bareboat: false,
        positions,
    }
}

fn need(position: &str, quantity: u32) -> PositionNeed {
    PositionNeed { position: rank(position), quantity }
}

/// When the charter comes in: mostly days before, sometimes in the last hours.
pub(crate) fn booked_at(rng: &mut Rng, charter: &Charter, begins: Timestamp) -> Timestamp {
    let hours = if rng.u32(0..8) == 0 { rng.i64(1..24) } else { rng.i64(24..24 * 12) };
    (charter.call_time - SignedDuration::from_hours(hours)).max(begins)
}

/// The moments at which the office steps in.
pub(crate) fn steps_in(rng: &mut Rng, from: Timestamp, departs_at: Timestamp) -> Vec<Timestamp> {
    (0..rng.u32(0..4)).map(|_| between(rng, from, departs_at)).collect()
}

/// Sets a gate aside, for one person or for everyone.
pub(crate) fn set_aside(rng: &mut Rng, people: &[CrewId]) -> Command {
    let gate = *pick(rng, &[Gate::Rest, Gate::Credentials]);
    let crew_id = rng.bool().then(|| pick(rng, people).clone());
    Command::Override { gate, crew_id, reason: "rode along".to_owned() }
}

/// Whatever the office may come to, sensible or not.
pub(crate) fn command(rng: &mut Rng, state: &CharterState, people: &[CrewId], now: Timestamp) -> Command {
    let crew_id = if rng.bool() && !state.offers.is_empty() {
        pick(rng, &state.offers).crew_id.clone()
    } else {
        pick(rng, people).clone()
    };
    let position = rank(crew_id.as_str().trim_end_matches(|c: char| c.is_ascii_digit()));
    let reason = || "as agreed".to_owned();
    if now >= state.charter.call_time && rng.u32(0..3) > 0 {
        return found_out(rng, state, crew_id, position);
    }
    match rng.u32(0..100) {
        0..8 => Command::Pause,
        8..24 => Command::Resume,
        24..27 => Command::Stop,
        27..32 => Command::AskAgain,
        32..38 => Command::Skip { crew_id, reason: reason() },
        38..43 => Command::AskNow { crew_id },
        43..45 => {
            let until = state.longer(&crew_id, SignedDuration::from_hours(1), &Policy::default(), now);
            Command::Extend { crew_id, until }
        }
        45..51 => Command::Assign { position, crew_id, reason: reason() },
        51..55 => Command::Release { crew_id, reason: reason() },
        55..58 => Command::Reorder { position, first: vec![crew_id] },
        58..61 => set_aside(rng, people),
        61..66 => Command::Cancel,
        66..71 => Command::Restore,
        71..81 => {
            let from = Box::new(state.charter.clone());
            Command::Change { to: Box::new(change(rng, &state.charter)), from }
        }
        81..83 => Command::Post { text: "Bring oilskins.".into() },
        83..84 => Command::Note { text: "Engine checked.".into() },
        84..87 => Command::Bounced { crew_id, error: "550 no such user".into() },
        87..89 => Command::Start,
        // Somebody phones; of whoever was never asked it takes no answer.
        _ => Command::answer(state, &crew_id, rng.u32(0..3) > 0).unwrap_or(Command::Start),
    }
}

/// The moments at which the office finds out who sailed: while everyone's other sails are still remembered.
pub(crate) fn finds_out(rng: &mut Rng, charter: &Charter) -> Vec<Timestamp> {
    let until = charter.departs_at + SignedDuration::from_hours(36);
    (0..rng.u32(0..3)).map(|_| between(rng, charter.call_time, until)).collect()
}

/// Who sailed and who did not, and what it came to.
fn found_out(rng: &mut Rng, state: &CharterState, crew_id: CrewId, position: Rank) -> Command {
    let reason = "by the log".to_owned();
    match rng.u32(0..3) {
        0 => Command::NoShow { crew_id, reason },
        1 => Command::TurnedUp { position, crew_id, reason },
        _ => {
            let mut figures = state.figures.clone();
            figures.gratuity = Some("120.00".parse().expect("an amount"));
            if rng.bool() {
                figures.actual_hours = Some(Minutes(rng.u32(60..600)));
                figures.hours_of.insert(crew_id, Minutes(rng.u32(60..600)));
            }
            Command::Record { figures, from: None }
        }
    }
}

fn change(rng: &mut Rng, charter: &Charter) -> Charter {
    let mut to = charter.clone();
    match rng.u32(0..5) {
        0 => to.dock = if charter.dock == "pier 3" { "pier 4" } else { "pier 3" }.into(),
        1 => to.guests = rng.u32(1..=6),
        2 => {
            to.positions.truncate(1);
            let deckhands = rng.u32(0..=3);
            if deckhands > 0 {
                to.positions.push(need("deckhand", deckhands));
            }
        }
        _ => {
            let by = SignedDuration::from_mins(30 * rng.i64(-8..=16));
            for time in [&mut to.call_time, &mut to.departs_at, &mut to.returns_at] {
                *time += by;
            }
        }
    }
    to
}

//! The people and the charters of the worlds: as few as show every rule.

use crewcall_dispatch::model::{Charter, CharterId, CrewMember, PositionNeed, Rank};
use crewcall_dispatch::vessel::{Gate, Severity, Vessel};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// The instant of tick 0. A tick is an hour.
pub(crate) const EPOCH: &str = "2026-06-27T00:00:00Z";

/// The day of all sails.
const DAY: &str = "2026-06-27";

/// The instant of a tick.
pub(crate) fn tick(tick: u8) -> Timestamp {
    let epoch: Timestamp = EPOCH.parse().expect("a constant instant");
    epoch + SignedDuration::from_hours(tick.into())
}

/// The captains in the order of asking. Each has another usual crew; `ben`'s is away that day, and
/// `cat` has none.
pub(crate) fn captains(count: usize) -> Vec<CrewMember> {
    let paired = [json!(["yul", "xan"]), json!(["zoe"]), json!([])];
    let mut captains: Vec<CrewMember> = ["ann", "ben", "cat"]
        .iter()
        .zip(paired)
        .zip(1..)
        .map(|((id, paired), order)| member(id, "captain", order, "available", &paired))
        .take(count)
        .collect();
    captains.push(member("dan", "captain", 0, "unavailable", &json!([])));
    captains
}

/// The same person, of whose day the roster says the contrary.
pub(crate) fn contrary(member: &CrewMember) -> CrewMember {
    let mut record = member.to_record();
    let word = if record["availability"][DAY] == "available" { "unavailable" } else { "available" };
    record["availability"][DAY] = word.into();
    CrewMember::parse(&record).expect("a record without faults")
}

/// Whether somebody can come by what the roster says of the day.
pub(crate) fn can_come(member: &CrewMember) -> bool {
    member.availability.values().all(|said| said.words() == "available")
}

/// The deckhands in the order of asking, then one who is away.
pub(crate) fn deckhands(count: usize) -> Vec<CrewMember> {
    let mut deckhands: Vec<CrewMember> = ["xan", "yul", "wim"]
        .iter()
        .zip(1..)
        .map(|(id, order)| member(id, "deckhand", order, "available", &json!([])))
        .take(count)
        .collect();
    deckhands.push(member("zoe", "deckhand", 0, "unavailable", &json!([])));
    deckhands
}

/// What the captains of a vessel with papers need; `ann` has not got it.
pub(crate) const NEEDED: &str = "towing";

fn papers(id: &str) -> serde_json::Value {
    if id == "ann" { json!({}) } else { json!({ NEEDED: "2027-01-01" }) }
}

/// A vessel on which a captain needs [`NEEDED`], and a deckhand has to sail along. Its other gates are off.
pub(crate) fn vessel() -> Vessel {
    let gates = Gate::ALL.into_iter().map(|gate| {
        let checked = matches!(gate, Gate::Credentials | Gate::Complement);
        (gate, if checked { Severity::Block } else { Severity::Off })
    });
    Vessel {
        name: "America".into(),
        inspected: false,
        complement: vec![PositionNeed { position: rank("deckhand"), quantity: 1 }],
        credentials: vec![(Rank::captain(), NEEDED.into())],
        gates: gates.collect(),
    }
}

fn member(id: &str, rank: &str, order: u32, word: &str, paired: &serde_json::Value) -> CrewMember {
    let mut record = json!({
        "crew_id": id, "name": id, "rank": rank, "cascade_order": order,
        "email": format!("{id}@example.com"), "credentials": papers(id), "availability": { DAY: word },
    });
    if rank == "captain" {
        record["paired_crew"] = paired.clone();
    }
    CrewMember::parse(record.as_object().expect("an object")).expect("a record without faults")
}

/// Charter number `index`, with so many deckhands' seats, leaving at tick `departs` and half an hour
/// later for each further charter. They do not overlap by themselves, but leave no time to change
/// boats.
pub(crate) fn charter(index: usize, deckhands: u32, departs: u8) -> Charter {
    let departs_at = tick(departs) + SignedDuration::from_mins(30 * index as i64);
    let seat = |rank: &str, quantity| PositionNeed { position: self::rank(rank), quantity };
    let mut positions = vec![seat("captain", 1)];
    if deckhands > 0 {
        positions.push(seat("deckhand", deckhands));
    }
    Charter {
        charter_id: charter_id(index),
        vessel: "America".into(),
        departs_at,
        returns_at: departs_at + SignedDuration::from_mins(15),
        call_time: departs_at,
        dock: "pier 3".into(),
        guests: 6,
        gross_revenue: None,
        channel_fee: None,
        gratuity: None,
        bareboat: false,
        positions,
    }
}

/// The id of charter number `index`.
pub(crate) fn charter_id(index: usize) -> CharterId {
    ["a", "b", "c"][index].parse().expect("a constant id")
}

/// A rank by its word.
pub(crate) fn rank(word: &str) -> Rank {
    word.parse().expect("a constant rank")
}

//! A made-up world: a roster, charters to crew, and who answers what.

use std::collections::BTreeMap;

use crewcall::operator::Operator;
use crewcall_dispatch::model::{Booking, Charter, CrewId, CrewMember};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::sails::{asked_at, member};

/// Days on which there are sails, from two months ahead on: so there is time to ask everyone in turn.
const DAYS: usize = 100;
const AHEAD: i32 = 60;

/// What somebody says to an offer, and after how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Yes(SignedDuration),
    No(SignedDuration),
    Nothing,
}

pub(super) struct World {
    pub(super) roster: Vec<CrewMember>,
    pub(super) charters: Vec<Charter>,
    numbers: BTreeMap<CrewId, usize>,
}

impl World {
    /// A quarter of the people are captains, the others deckhands; everyone can sail on four days of ten. The
    /// charters are spread over a hundred days and over the hours of each.
    pub(super) fn new(operator: &Operator, people: usize, charters: usize) -> Self {
        let first = jiff::civil::date(2026, 6, 20);
        let on_days = |n: usize| (0..DAYS).filter(move |day| tenth(*day, n) < 4);
        let roster: Vec<CrewMember> = (0..people)
            .map(|n| {
                let dates: Vec<String> =
                    on_days(n).map(|day| (first + (AHEAD + day as i32).days()).to_string()).collect();
                let rank = if n.is_multiple_of(4) { "captain" } else { "deckhand" };
                member(rank, &format!("crew-{n}"), n as u32 + 1, |day| dates.get(day as usize).cloned())
            })
            .collect();
        let charters = (0..charters).map(|n| charter(operator, n)).collect();
        let numbers = roster.iter().enumerate().map(|(n, member)| (member.crew_id.clone(), n)).collect();
        Self { roster, charters, numbers }
    }

    pub(super) fn answer(&self, charter: usize, crew_id: &CrewId) -> Says {
        match tenth(charter, self.numbers[crew_id]) {
            0..4 => Says::Yes(SignedDuration::from_mins(30)),
            4..7 => Says::No(SignedDuration::from_mins(60)),
            _ => Says::Nothing,
        }
    }

    /// As the Python version reads it.
    pub(super) fn json(&self, zone: &str) -> Value {
        let second = |at: Timestamp| at.as_second();
        let roster = self.roster.iter().enumerate().map(|(n, member)| {
            let record = member.to_record();
            json!({
                "crew_id": member.crew_id, "number": n, "rank": member.rank, "order": member.cascade_order,
                "availability": record.get("availability"),
            })
        });
        let charters = self.charters.iter().map(|charter| {
            let seats =
                charter.positions.iter().map(|need| (need.position.to_string(), json!(need.quantity)));
            json!({
                "call_time": second(charter.call_time), "returns_at": second(charter.returns_at),
                "seats": seats.collect::<serde_json::Map<_, _>>(),
            })
        });
        json!({
            "zone": zone, "now": second(asked_at()),
            "roster": roster.collect::<Vec<_>>(), "charters": charters.collect::<Vec<_>>(),
        })
    }
}

/// A number from 0 to 9 that seems to follow no rule.
fn tenth(one: usize, other: usize) -> usize {
    (((one * 31 + other) * 2_654_435_761 % (1 << 32)) >> 16) % 10
}

fn charter(operator: &Operator, n: usize) -> Charter {
    let day = jiff::civil::date(2026, 6, 20) + (AHEAD + (n % DAYS) as i32).days();
    let hour = 8 + n / DAYS % 12;
    let booking: Booking = serde_json::from_value(json!({
        "charter_id": format!("charter_{n:07}"), "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
        "departs_at": format!("{day}T{hour:02}:00"), "returns_at": format!("{day}T{:02}:00", hour + 3),
        "call_time": format!("{day}T{:02}:15", hour - 1),
        "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }],
    }))
    .expect("a charter");
    booking.check(&operator.zone).expect("a right charter")
}

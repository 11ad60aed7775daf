//! Everything as large as the limits allow still fits into a row of every store.

use std::sync::Arc;

use crewcall::store::{BODY_BYTES, MemoryStore};
use crewcall_dispatch::cascade::{CharterState, Command, OfferNo};
use crewcall_dispatch::limits;
use crewcall_dispatch::link::Ask;
use crewcall_dispatch::model::{CrewId, CrewMember};
use serde_json::json;

use crate::support::office::{Office, booking};

fn longest_id(prefix: &str, n: usize) -> String {
    format!("{prefix}{n:0width$}", width = limits::ID_CHARS - prefix.len())
}

/// A charter that has been through everything, as often as anything may happen to it.
#[test]
fn a_charters_row_stays_below_what_a_store_takes() {
    let office = crate::support::office::operator();
    let positions: Vec<String> = (0..limits::POSITIONS - 1).map(longest_rank).collect();
    let seats: Vec<(&str, u32)> =
        std::iter::once(("captain", 1)).chain(positions.iter().map(|rank| (rank.as_str(), 2))).collect();
    let mut booking = booking(&longest_id("c", 1), (16, 19), &seats);
    booking.vessel = "🚤".repeat(limits::NAME_CHARS);
    booking.dock = "🚤".repeat(limits::NAME_CHARS);
    let charter = booking.check(&office.zone).unwrap();
    let ids: Vec<CrewId> = (0..limits::CANDIDATES).map(|n| longest_id("p", n).parse().unwrap()).collect();
    let cascades: Vec<_> = charter
        .positions
        .iter()
        .map(|need| {
            json!({ "position": need.position, "round": 1000, "ranked": ids, "basis": { "last_sail": vec!["2026-06-27"; limits::CANDIDATES] }, "paired": ids[..limits::PAIRED_CREW],
                "skipped": ids, "waiting_for": ids[..limits::WAITING_FOR], "exhausted": true, "urgent": true })
        })
        .collect();
    let at = "2026-06-20T16:00:00.123Z";
    let ask = Ask {
        charter_id: &charter.charter_id,
        offer: OfferNo(1),
        crew_id: &ids[0],
        made_at: at.parse().unwrap(),
    };
    let token_id = office.key.new_token_id(&ask);
    let mut offers: Vec<_> = (1..=limits::OFFERS)
        .map(|no| {
            json!({ "no": no, "seat": { "position": positions[0], "number": 2 }, "crew_id": ids[0], "round": 1000,
                "revision": 1000, "token_id": token_id,
                "state": "rescinded", "rescinded": "seat_taken", "made_at": at, "handed_over_at": at, "reply_by": at,
                "closes_at": at, "ended_at": at, "undone": true, "stands_by": true, "extensions": 3 })
        })
        .collect();
    // As many as there are seats are aboard, have yet to confirm a change, and have warnings.
    let terms = json!({ "vessel": charter.vessel, "dock": charter.dock, "departs_at": at, "returns_at": at, "call_time": at });
    let warning = json!({ "reason": "credential_expired", "gate": "drug_program", "credential": "c".repeat(limits::RANK_CHARS),
        "expires": "2026-06-27" });
    for offer in &mut offers[..limits::SEATS as usize] {
        offer["state"] = "reconfirming".into();
        offer.as_object_mut().unwrap().remove("rescinded");
        offer["accepted"] = terms.clone();
        offer["by_hand"] = true.into();
        offer["time_zone"] = "z".repeat(limits::TIME_ZONE_CHARS).into();
        offer["warnings"] = vec![warning.clone(); limits::REASONS].into();
    }
    // Whoever was skipped stands in one list: that of a position, or that of the office.
    let declined: Vec<_> = (0..limits::OFFERS).map(|n| longest_id("p", n)).collect();
    let longest = "🚤".repeat(limits::NOTE_CHARS);
    let overrides: Vec<_> = (0..limits::OVERRIDES)
        .map(|_| json!({ "gate": "drug_program", "crew_id": ids[0], "reason": longest, "by": "🚤".repeat(limits::NAME_CHARS), "at": at }))
        .collect();
    let state: CharterState = serde_json::from_value(json!({
        "posted_at": vec![at; limits::MESSAGES_PER_HOUR], "overrides": overrides, "charter": charter, "revision": 1000, "facts": 100_000, "cancelled_at": at, "offers": offers,
        "call": { "started_at": at, "cascades": cascades, "declined": declined, "skipped": ids[..1], "paused_at": at, "filled_at": at, "exhausted_at": at },
    }))
    .unwrap();
    let bytes = serde_json::to_string(&state).unwrap().len();
    println!("the largest charter has {bytes} bytes");
    assert!(bytes <= BODY_BYTES, "{bytes} bytes");
}

fn longest_rank(n: usize) -> String {
    format!("r{n:0width$}", width = limits::RANK_CHARS - 1)
}

/// The call of a roster on which nobody said yes names everyone with a reason, in rows that fit.
#[tokio::test]
async fn a_call_over_the_largest_roster_starts_and_says_who_is_left_out() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let room = limits::ROSTER_MEMBERS - 10;
    let crowd: Vec<CrewMember> = (0..room)
        .map(|n| {
            let id = longest_id("d", n);
            let said = format!("perhaps, but only if {n} others cannot, and not before noon");
            let record = json!({ "crew_id": id, "name": "Long Name", "rank": "captain", "availability": { "2026-06-27": said } });
            CrewMember::parse(record.as_object().unwrap()).unwrap()
        })
        .collect();
    office.import(&crowd).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    let audit = office.app.audit(&id).await.unwrap();
    let named: usize = audit
        .iter()
        .map(|event| match &event.fact {
            crewcall_dispatch::cascade::Fact::PeopleLeftOut { skipped, .. } => skipped.len(),
            _ => 0,
        })
        .sum();
    assert_eq!(named, room);
}

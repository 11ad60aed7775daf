//! No commit is larger than DynamoDB takes, and an ordinary one is small.

mod house;

use std::collections::BTreeMap;

use crewcall::store::{BODY_BYTES, COMMIT_BYTES, COMMIT_ITEMS};
use crewcall_dispatch::cascade::{CallStatus, Command, OfferNo, Skipped};
use crewcall_dispatch::eligibility::Sail;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CrewMember;
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::support::office::{booking, person};
use house::{CAN, CAPTAIN, House, Size, cannot, place};

/// No store takes more than DynamoDB's TransactWriteItems.
const _: () = assert!(COMMIT_ITEMS <= 100);
const BELOW_A_TRANSACTION: usize = COMMIT_ITEMS - 1;

/// As sails are: five people of three ranks.
fn ordinary() -> Size {
    Size { seats: vec![("captain", 1), ("mate", 1), ("deckhand", 3)], candidates: 20 }
}

/// As large as the limits allow: all seats, over all positions, and for each as many people as a list takes.
fn largest(seats: [u32; limits::POSITIONS]) -> Size {
    let positions = ["captain", "mate", "deckhand", "host", "cook", "engineer", "purser", "steward"];
    assert_eq!(seats.iter().sum::<u32>(), limits::SEATS);
    Size { seats: positions.into_iter().zip(seats).collect(), candidates: limits::CANDIDATES }
}

/// Every command, each when most follows from it: how many items the largest commit has.
async fn every_command(size: &Size) -> BTreeMap<&'static str, usize> {
    let houses = [
        answers(size).await,
        cancelled(size).await,
        leaving(size).await,
        changing(size).await,
        expired(size).await,
        exhausted(size).await,
        waits(size).await,
        overdue(size, Command::Accept).await,
        overdue(size, Command::Decline).await,
    ];
    let mut largest = BTreeMap::new();
    for house in houses {
        for (what, items) in house.figures().await {
            let known = largest.entry(what).or_insert(0);
            *known = items.max(*known);
        }
    }
    largest
}

/// Prints the figures and holds them against a limit.
fn at_most(limit: usize, figures: &BTreeMap<&str, usize>) {
    for (what, items) in figures {
        println!("{items:3} {what}");
        assert!(*items <= limit, "{what}: {items} items");
    }
}

#[tokio::test]
async fn an_ordinary_charter_writes_at_most_25_items_at_once() {
    at_most(limits::ORDINARY_COMMIT_ITEMS, &every_command(&ordinary()).await);
}

/// The largest charter there can be, with the most that can happen to it at once.
#[tokio::test]
async fn the_largest_charter_stays_below_a_transaction_of_dynamodb() {
    let figures = every_command(&largest([1, 3, 2, 2, 2, 2, 2, 2])).await;
    at_most(BELOW_A_TRANSACTION, &figures);
    // One answer is an ordinary decision on any charter.
    for what in ["accept by one of the crew", "accept by the last of the crew", "decline by one of the crew"]
    {
        assert!(figures[what] <= limits::ORDINARY_COMMIT_ITEMS, "{what}: {} items", figures[what]);
    }
    // Three items for each who is asked, and one for each who was: else the charter was not the largest.
    let crew = limits::SEATS as usize - 1;
    assert!(figures["accept by the captain"] > 3 * crew && figures["settle after expiry"] > 4 * crew);
}

/// A call that is started over the largest roster records for everyone why they are not asked.
#[test]
fn the_longest_reasons_of_everyone_fit_into_one_commit() {
    let mut days = booking("ch", (16, 19), &[("captain", 1), ("mate", 1)]);
    days.returns_at = "2026-06-30T19:00".into();
    let charter = days.check(&TimeZone::UTC).unwrap();
    let policy = Policy::default();
    let sail = Sail { charter: &charter, zone: &TimeZone::UTC, policy: &policy, overrides: &[] };
    for words in ["🚤", "\"", "\\", "\u{1}", "\u{9f}", "é", "x🚤"] {
        let dates = ["2026-06-27", "2026-06-28", "2026-06-29", "2026-06-30"];
        let said: BTreeMap<&str, String> = dates.map(|date| (date, words.repeat(400))).into();
        let record = json!({ "crew_id": "x".repeat(limits::ID_CHARS), "name": "X", "rank": "mate",
            "email": "x@example.com", "availability": said });
        let member = CrewMember::parse(record.as_object().unwrap()).unwrap();
        let reasons = sail.record(&member, &"mate".parse().unwrap()).against;
        assert_eq!(reasons.len(), dates.len());
        let bytes = serde_json::to_string(&Skipped::new(member.crew_id, reasons)).unwrap().len() + 1;
        let all = bytes * limits::ROSTER_MEMBERS + BODY_BYTES;
        println!("{all} bytes with {words:?}");
        assert!(all <= COMMIT_BYTES, "{all} bytes with {words:?}");
    }
}

/// Everyone answers, the captain twice, and in the end the complete crew is told that the sail is off.
async fn answers(size: &Size) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    house.give("undo by the captain", Command::Undo(CAPTAIN)).await;
    house.tick().await;
    house.give("accept by the captain", Command::Accept(CAPTAIN)).await;
    house.tick().await;
    let open = house.open().await;
    house.give("decline by one of the crew", Command::Decline(open[0])).await;
    house.tick().await;
    let open = house.open().await;
    let (last, others) = open.split_last().unwrap();
    for no in others {
        house.give("accept by one of the crew", Command::Accept(*no)).await;
    }
    house.give("accept by the last of the crew", Command::Accept(*last)).await;
    house.tick().await;
    house.give("undo when everyone is aboard", Command::Undo(*last)).await;
    house.tick().await;
    house.give("accept by the last of the crew", Command::Accept(*last)).await;
    house.tick().await;
    house
        .give("a message to everyone aboard", Command::Post { text: "x".repeat(limits::MESSAGE_CHARS) })
        .await;
    house.give("cancel when everyone is aboard", Command::Cancel).await;
    house
}

async fn cancelled(size: &Size) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    house.give("cancel when everyone is asked", Command::Cancel).await;
    house
}

/// The whole crew drops out, and others are asked for every seat; then the captain does, and comes back.
async fn leaving(size: &Size) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    let crew = house.open().await;
    for no in &crew {
        house.give("accept by one of the crew", Command::Accept(*no)).await;
    }
    house.tick().await;
    house.later(11).await;
    for no in &crew {
        house.give("drop-out by one of the crew", Command::DropOut(*no)).await;
    }
    house.tick().await;
    assert_eq!(house.open().await.len(), size.crew_seats());
    house.give("drop-out by the captain", Command::DropOut(CAPTAIN)).await;
    house.tick().await;
    house.give("return of the captain", Command::Return(CAPTAIN)).await;
    house.tick().await;
    assert_eq!(house.open().await.len(), size.crew_seats());
    let open = house.open().await;
    house.give("accept for one who dropped out", Command::Accept(open[0])).await;
    house.tick().await;
    house.give("cancel when everyone dropped out", Command::Cancel).await;
    house
}

/// The charter moves when everyone is asked, and when everyone is aboard; then it is cancelled and restored.
async fn changing(size: &Size) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    let later = async |house: &House| {
        let from = Box::new(house.state().await.charter);
        let mut to = from.clone();
        to.dock.push('!');
        to.returns_at += jiff::SignedDuration::from_mins(5);
        Command::Change { from, to }
    };
    let change = later(&house).await;
    house.give("change when everyone is asked", change).await;
    house.tick().await;
    house.give("the captain confirms", Command::Confirm { offer: CAPTAIN, revision: 2 }).await;
    house.tick().await;
    let crew = house.open().await;
    assert_eq!(crew.len(), size.crew_seats());
    for no in &crew {
        house.give("accept by one of the crew", Command::Accept(*no)).await;
    }
    house.tick().await;
    let change = later(&house).await;
    house.give("change when everyone is aboard", change).await;
    house.tick().await;
    for no in crew.iter().chain([&CAPTAIN]) {
        house.give("one aboard confirms", Command::Confirm { offer: *no, revision: 3 }).await;
    }
    house.tick().await;
    house.give("cancel when everyone is aboard", Command::Cancel).await;
    house.tick().await;
    house.give("restore", Command::Restore).await;
    house
}

/// Nobody of the crew answers. Nearly all of the others cannot sail any more, each with a reason. Then the first say
/// yes after all, and the sail is off.
async fn expired(size: &Size) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    let late = house.open().await;
    house.say(&cannot(), |member| place(member) < size.candidates - 5).await;
    house.later(7).await;
    house.give("settle after expiry", Command::Settle).await;
    assert_eq!(house.open().await.len(), size.crew_seats());
    house.tick().await;
    house.say(CAN, |_| true).await;
    for no in late {
        house.give("a late yes", Command::Accept(no)).await;
    }
    house.tick().await;
    assert_eq!(house.state().await.standing_by().count(), size.crew_seats());
    house.give("cancel when everyone stands by", Command::Cancel).await;
    house
}

/// Nobody of the crew answers and nobody else can sail; then the call starts again, and everyone can.
async fn exhausted(size: &Size) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    house.say(&cannot(), |_| true).await;
    house.later(7).await;
    house.give("exhausted", Command::Settle).await;
    assert_eq!(house.state().await.status(), CallStatus::Exhausted);
    house.say(CAN, |_| true).await;
    house.give("start again with a captain", Command::Start).await;
    assert_eq!(house.open().await.len(), size.crew_seats());
    house
}

/// Nobody of the crew answers, and the others are all being asked for other sails at that time. One of those
/// sails waits for somebody who is free now.
async fn waits(size: &Size) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    // So many sails that enough people are asked elsewhere for each position, also when one of them says no.
    let seats = size.seats.iter().map(|(_, seats)| *seats as usize).skip(1).min().unwrap();
    for captain in ["gene", "maya", "ruth", "tom"].into_iter().take((limits::WAITING_FOR + 1).div_ceil(seats))
    {
        house.office.import(&[person("captain", captain, 2, &[])]).await;
        let id = house.office.book(captain, (16, 19), &size.seats).await.unwrap();
        house.office.run(&id, Command::Start).await.unwrap();
        house.tick().await;
        house.office.run(&id, Command::Accept(CAPTAIN)).await.unwrap();
        house.tick().await;
    }
    let (genes, says_no) = ("gene".parse().unwrap(), OfferNo(2));
    let no = house.office.app.charter(&genes).await.unwrap().offer(says_no).unwrap().crew_id.clone();
    let asked = house.asked().await;
    house.say(&cannot(), |member| member.crew_id == no || !asked.contains(&member.crew_id)).await;
    house.give_to(&genes, "decline, and nobody is free", Command::Decline(says_no)).await;
    house.later(7).await;
    house.give("settle after expiry, and nobody is free", Command::Settle).await;
    let call = house.state().await.call.unwrap();
    assert!(call.cascades[1..].iter().all(|cascade| cascade.waiting_for.len() == limits::WAITING_FOR));
    house
}

/// One of the crew answers when the time of all the others is over, and before anybody has looked at that.
async fn overdue(size: &Size, answer: fn(OfferNo) -> Command) -> House {
    let mut house = House::that_asks_its_crew(size).await;
    let open = house.open().await;
    house.give("decline by one of the crew", Command::Decline(open[0])).await;
    let next = *house.open().await.last().unwrap();
    house.later(7).await;
    house.give("answer after the others' expiry", answer(next)).await;
    house
}

/// Time runs out, and as many are asked at once for each seat as the settings allow; then their time is over
/// together, one of them says yes, and the office stops the call.
#[tokio::test]
async fn several_at_once_for_every_seat_stay_below_it_too() {
    let most = limits::ASKED_AT_ONCE as u32;
    for seats in [[1, 3, 2, 2, 2, 2, 2, 2], [1, 15, 0, 0, 0, 0, 0, 0], [1, 2, 1, 1, 0, 0, 0, 0]] {
        let mut size = match seats.iter().sum() {
            limits::SEATS => largest(seats),
            _ => Size { candidates: limits::CANDIDATES, ..ordinary() },
        };
        size.seats.retain(|(_, seats)| *seats > 0);
        let half_an_hour_before = "2026-06-27T14:45:00-07:00".parse().unwrap();
        let mut house = House::of_an_office(&size, half_an_hour_before, most).await;
        house.give("start", Command::Start).await;
        house.tick().await;
        house.give("accept by the captain", Command::Accept(CAPTAIN)).await;
        house.tick().await;
        let seats = size.crew_seats();
        let asked = house.open().await.len();
        assert!(
            (seats..=limits::SEATS as usize).contains(&asked) && (asked > seats),
            "{asked} for {seats} seats"
        );
        house.say(&cannot(), |member| place(member) < size.candidates - 20).await;
        house.later(7).await;
        house.give("settle after expiry", Command::Settle).await;
        house.tick().await;
        let open = house.open().await;
        house.give("accept by one of the crew", Command::Accept(open[0])).await;
        house.give("stop", Command::Stop).await;
        house.give("resume", Command::Resume).await;
        at_most(BELOW_A_TRANSACTION, &house.figures().await);
    }
}

/// Thousands are left out of the call, each by name. First none of the crew can sail, and then as many as a list
/// takes.
#[tokio::test]
async fn a_call_over_the_largest_roster_stays_below_it_too() {
    let size = largest([1, 3, 2, 2, 2, 2, 2, 2]);
    let mut house = House::of(&size).await;
    house.crowd(&["mate", "deckhand", "host", "cook", "engineer", "purser", "steward"]).await;
    house.say(&cannot(), |_| true).await;
    house.give("start", Command::Start).await;
    house.tick().await;
    house.give("accept by the captain", Command::Accept(CAPTAIN)).await;
    house.tick().await;
    assert_eq!(house.state().await.status(), CallStatus::Exhausted);
    house.say(CAN, |_| true).await;
    house.give("start again", Command::Start).await;
    assert_eq!(house.open().await.len(), size.crew_seats());
    at_most(BELOW_A_TRANSACTION, &house.figures().await);
}

/// The same for one position, when the time of everyone who is asked for the others is over, nearly everyone else
/// has to be passed over by now, and nobody has looked at any of that yet.
#[tokio::test]
async fn a_late_call_over_the_largest_roster_stays_below_it_too() {
    let size = largest([1, 3, 3, 2, 2, 2, 2, 1]);
    let is_steward = |member: &CrewMember| member.rank.as_str() == "steward";
    let mut house = House::of(&size).await;
    house.crowd(&["steward"]).await;
    house.say(&cannot(), is_steward).await;
    house.give("start", Command::Start).await;
    house.tick().await;
    house.give("accept by the captain", Command::Accept(CAPTAIN)).await;
    house.tick().await;
    assert_eq!(house.state().await.status(), CallStatus::Exhausted);
    assert_eq!(house.open().await.len(), size.crew_seats() - 1);
    house.say(CAN, is_steward).await;
    house.say(&cannot(), |member| !is_steward(member) && place(member) < size.candidates - 5).await;
    house.later(7).await;
    house.give("start again", Command::Start).await;
    assert_eq!(house.open().await.len(), size.crew_seats());
    at_most(BELOW_A_TRANSACTION, &house.figures().await);
}

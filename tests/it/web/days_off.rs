//! A no that marks its sender off for the day.

use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::app::Given;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::{Command, Concern, OfferState};
use crewcall_dispatch::model::{CharterId, CrewMember};
use serde_json::{Value, json};

use crate::support::invariants;
use crate::support::office::{Office, heading, person};

const TICKED: &str = "decline&off=2026-06-27/2026-06-27";
const MARKED: &str = "You are marked off on Sat 27 Jun 2026";

async fn office() -> Office {
    Office::new(Arc::new(MemoryStore::new())).await
}

async fn called(office: &Office, id: &str, hours: (u32, u32)) -> CharterId {
    let id = office.book(id, hours, &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    id
}

/// What the roster has of somebody's dates.
async fn says(office: &Office, who: &str) -> Value {
    let roster = office.app.roster().await.unwrap();
    let member = roster.iter().find(|member| member.crew_id.as_str() == who).unwrap();
    member.to_record()["availability"].clone()
}

async fn state_of(office: &Office, id: &CharterId, who: &str) -> OfferState {
    let state = office.app.charter(id).await.unwrap();
    state.offers.iter().rev().find(|offer| offer.crew_id.as_str() == who).unwrap().state
}

#[tokio::test]
async fn whoever_is_off_for_the_day_is_not_asked_for_another_sail_then() {
    let office = office().await;
    let early = called(&office, "early", (8, 10)).await;
    let asked_early = office.newest_link("dana").unwrap();
    called(&office, "late", (16, 19)).await;
    let (_, page) = office.get(&asked_early).await;
    assert!(page.contains("mark me off on Sat 27 Jun 2026 altogether"), "{page}");
    let (status, page) = office.press("dana", TICKED).await;
    assert_eq!((status, heading(&page)), (StatusCode::OK, "You said you can't do it"));
    assert!(page.contains(MARKED), "{page}");
    assert_eq!(says(&office, "dana").await, json!({ "2026-06-27": "unavailable" }));
    office.tick().await;
    assert_eq!(state_of(&office, &early, "dana").await, OfferState::Rescinded);
    assert_eq!(state_of(&office, &early, "gene").await, OfferState::Sent);
    let (_, page) = office.get(&asked_early).await;
    assert_eq!(heading(&page), "You are not needed at present");
    let before = office.app.roster().await.unwrap();
    assert!(office.press("dana", TICKED).await.1.contains(MARKED), "pressed twice");
    assert_eq!(office.app.roster().await.unwrap(), before);
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn whoever_is_aboard_another_sail_that_day_keeps_it_and_the_office_hears_of_it() {
    let office = office().await;
    let early = called(&office, "early", (8, 10)).await;
    office.press("dana", "accept").await;
    office.tick().await;
    called(&office, "late", (16, 19)).await;
    office.press("dana", TICKED).await;
    office.tick().await;
    let state = office.app.charter(&early).await.unwrap();
    assert_eq!(state_of(&office, &early, "dana").await, OfferState::Accepted);
    let operator = &office.app.operator;
    let concerns = state.concerns(&operator.zone, &operator.policy, office.time.now());
    assert!(matches!(concerns[..], [Concern::Conflict(offer)] if offer.crew_id.as_str() == "dana"));
    let told =
        office.mailbox.list().into_iter().filter(|arrived| arrived.mail.text.contains("unavailable on"));
    assert_eq!(told.count(), 1);
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn a_drop_out_can_say_so_too_and_a_yes_or_a_plain_no_cannot() {
    let office = office().await;
    called(&office, "ch", (16, 19)).await;
    let available = json!({ "2026-06-27": "available" });
    office.press("dana", "accept&off=2026-06-27/2026-06-27").await;
    assert_eq!(says(&office, "dana").await, available);
    office.advance("11min").await;
    let (_, page) = office.press("dana", "drop_out&off=2026-06-27/2026-06-27").await;
    assert_eq!(heading(&page), "You said you can't make it");
    assert!(page.contains(MARKED));
    assert_eq!(says(&office, "dana").await, json!({ "2026-06-27": "unavailable" }));
    office.tick().await;
    office.press("gene", "decline").await;
    assert_eq!(says(&office, "gene").await, available);
}

/// Nothing is marked by a link that is dead.
#[tokio::test]
async fn the_link_of_a_cancelled_sail_marks_nothing() {
    let office = office().await;
    let id = called(&office, "ch", (16, 19)).await;
    office.run(&id, Command::Cancel).await.unwrap();
    let (status, page) = office.press("dana", TICKED).await;
    assert_eq!((status, heading(&page)), (StatusCode::CONFLICT, "This sail is cancelled"));
    assert_eq!(says(&office, "dana").await, json!({ "2026-06-27": "available" }));
}

#[tokio::test]
async fn other_dates_and_the_persons_own_words_stay() {
    let office = office().await;
    let mut record = person("captain", "dana", 1, &[]).to_record();
    record["availability"] = json!({ "2026-06-26": "off, wedding", "2026-06-27": "available" });
    office.import(&[CrewMember::parse(&record).unwrap()]).await;
    called(&office, "ch", (16, 19)).await;
    record["availability"] = json!({ "2026-06-26": "off, wedding", "2026-06-27": " OFF" });
    office.import(&[CrewMember::parse(&record).unwrap()]).await;
    assert!(office.press("dana", TICKED).await.1.contains(MARKED));
    assert_eq!(says(&office, "dana").await, record["availability"]);
}

/// As many dates as a record takes, and the one of the sail is none of them.
#[tokio::test]
async fn a_record_without_room_is_told_to_the_person_and_the_no_counts() {
    let office = office().await;
    let id = called(&office, "ch", (16, 19)).await;
    let first = jiff::civil::date(2030, 1, 1);
    let dates = first.series(jiff::Span::new().days(1)).take(crewcall_dispatch::limits::AVAILABILITY_DATES);
    let mut record = person("captain", "dana", 1, &[]).to_record();
    record["availability"] = dates.map(|date| (date.to_string(), json!("yes"))).collect();
    let given = Given { record, whole: true, faults: Vec::new(), more_faults: 0 };
    let changes = office.app.compare_roster(vec![given]).await.unwrap().unwrap();
    office.app.write_roster(&changes).await.unwrap();
    let (_, page) = office.press("dana", TICKED).await;
    assert_eq!(heading(&page), "You said you can't do it");
    assert!(page.contains("the roster did not take that you are off on Sat 27 Jun 2026"), "{page}");
    assert_eq!(state_of(&office, &id, "dana").await, OfferState::Declined);
}

/// The page that was open said another day.
#[tokio::test]
async fn no_other_day_is_marked_than_the_one_on_the_page() {
    let office = office().await;
    let id = called(&office, "ch", (16, 19)).await;
    let link = office.newest_link("dana").unwrap();
    office.press_link(&link, "accept").await;
    let from = Box::new(office.app.charter(&id).await.unwrap().charter);
    let mut to = from.clone();
    for time in [&mut to.call_time, &mut to.departs_at, &mut to.returns_at] {
        *time += jiff::SignedDuration::from_hours(24);
    }
    office.run(&id, Command::Change { from, to }).await.unwrap();
    let (_, page) = office.press_link(&link, "drop_out&off=2026-06-27/2026-06-27").await;
    assert!(page.contains("has been moved since you opened the page"), "{page}");
    assert_eq!(says(&office, "dana").await, json!({ "2026-06-27": "available" }));
    assert_eq!(state_of(&office, &id, "dana").await, OfferState::Declined);
}

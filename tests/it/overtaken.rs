//! Two who do things at the same moment, and processes that die in the middle of a hand-over.

use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::app::{OutboxRow, Pages};
use crewcall::mail::SendError;
use crewcall::store::{MemoryStore, Store, Table, Write};
use crewcall::tick::tick;
use crewcall_dispatch::cascade::{Command, Fact, OfferNo, OfferState};
use crewcall_dispatch::link::LinkKey;
use crewcall_dispatch::model::CrewMember;
use jiff::SignedDuration;

use crate::support::invariants;
use crate::support::meanwhile::{Before, Meanwhile};
use crate::support::office::{Office, START, booking, caller, operator, people, person};

const SEATS: [(&str, u32); 2] = [("captain", 1), ("deckhand", 1)];

/// To whom mails left, and how they begin.
fn mails(office: &Office) -> Vec<String> {
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    office
        .mailbox
        .list()
        .iter()
        .map(|mail| format!("{}: {}", mail.mail.to.email, first(&mail.mail.text)))
        .collect()
}

#[tokio::test]
async fn two_servers_that_take_in_one_booking_at_once_both_have_it() {
    let store = Arc::new(Meanwhile::on(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let other = Office::on(store.clone(), START.parse().unwrap());
    store.plan(Before::CommitOf(Table::Charter), async move {
        other.book("ch", (16, 19), &SEATS).await.unwrap();
    });
    let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
    assert!(store.has_happened());
    assert_eq!(office.app.audit(&id).await.unwrap().len(), 1);

    let elsewhere = booking("ch", (17, 19), &SEATS).check(&office.app.operator.zone).unwrap();
    assert!(office.app.book(elsewhere, &caller()).await.is_err());
}

/// Dana, who is away after all.
fn away() -> CrewMember {
    let mut record = person("captain", "dana", 1, &["lee", "sam"]).to_record();
    record["availability"]["2026-06-27"] = "unavailable".into();
    CrewMember::parse(&record).unwrap()
}

#[tokio::test]
async fn whoever_is_asked_while_the_roster_is_changed_is_looked_at_again() {
    let store = Arc::new(Meanwhile::on(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let other = Office::on(store.clone(), START.parse().unwrap());
    let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
    let asked = id.clone();
    store.plan(Before::CommitOf(Table::Crew), async move {
        other.run(&asked, Command::Start).await.unwrap();
    });
    office.import(&[away()]).await;
    assert!(store.has_happened());
    office.tick().await;
    let state = office.app.charter(&id).await.unwrap();
    let of = |who: &str| state.offers.iter().find(|offer| offer.crew_id.as_str() == who).unwrap().state;
    assert_eq!((of("dana"), of("gene").is_open()), (OfferState::Rescinded, true));
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn whose_record_changes_while_they_are_about_to_be_asked_is_judged_by_the_new_one() {
    let store = Arc::new(Meanwhile::on(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let other = Office::on(store.clone(), START.parse().unwrap());
    let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
    store.plan(Before::CommitOf(Table::Charter), async move {
        other.import(&[away()]).await;
    });
    let state = office.run(&id, Command::Start).await.unwrap();
    assert!(store.has_happened());
    let asked: Vec<&str> = state.offers.iter().map(|offer| offer.crew_id.as_str()).collect();
    assert_eq!(asked, ["gene"]);
    invariants::hold(&office.app).await;
}

#[tokio::test]
async fn an_offer_that_is_taken_back_while_its_mail_is_claimed_does_not_leave() {
    let store = Arc::new(Meanwhile::on(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let other = Office::on(store.clone(), START.parse().unwrap());
    let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    store.plan(Before::CommitOf(Table::Outbox), async move {
        other.run(&"ch".parse().unwrap(), Command::Cancel).await.unwrap();
    });
    office.tick().await;
    assert!(store.has_happened());
    // Whoever lost this race leaves the row alone until the next look.
    office.tick().await;
    let [mail] = &mails(&office)[..] else { panic!("{:?}", mails(&office)) };
    assert!(mail.starts_with("office@example.com: Cancelled"), "{mail}");
    invariants::hold(&office.app).await;
}

/// Nobody waits for a mail that is no longer true, so nobody has to be told that it did not leave.
#[tokio::test]
async fn nobody_is_told_of_a_mail_that_became_untrue() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.run(&id, Command::Accept(OfferNo(1))).await.unwrap();
    // The crew list waits in the outbox, and everybody is told instead that the sail is off.
    office.run(&id, Command::Cancel).await.unwrap();
    assert!(office.tick().await.dropped >= 2);
    let mut mails = mails(&office);
    mails.sort();
    let begin = [
        "dana@example.com: Dana, this sail is cancelled",
        "office@example.com: Cancelled: America",
        "office@example.com: Dana Example was asked to sail",
    ];
    assert_eq!(mails.len(), begin.len(), "{mails:?}");
    assert!(mails.iter().zip(begin).all(|(mail, begin)| mail.starts_with(begin)), "{mails:?}");
    invariants::hold(&office.app).await;
}

/// The window would end seven minutes after the program is up again. Later signs of life do not make it forget
/// that it was down.
#[tokio::test]
async fn whose_window_ends_just_after_an_outage_has_the_time_of_grace() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    let link = office.newest_link("dana").unwrap();
    let back = Office::on(office.app.store.clone(), office.time.now() + SignedDuration::from_mins(115));
    back.tick().await;
    back.advance("14min").await;
    invariants::hold(&back.app).await;
    let (_, page) = back.press_link(&link, "accept").await;
    assert!(page.contains("You're on"), "{page}");
}

/// As a process leaves it that dies while it hands the mail over: claimed, and nothing more.
async fn die_in_the_hand_over(office: &Office) {
    let rows = office.app.store.due(Table::Outbox, jiff::Timestamp::MAX, 9).await.unwrap();
    let [row] = &rows[..] else { panic!("{rows:?}") };
    let mut claimed = row.parse::<OutboxRow>().unwrap();
    claimed.value.in_flight = true;
    claimed.value.attempts += 1;
    claimed.value.due_at = office.time.now();
    let expect = claimed.expected();
    office.app.store.commit(vec![Write::put(&claimed.value, expect).unwrap()]).await.unwrap();
}

#[tokio::test]
async fn a_mail_under_which_every_process_dies_counts_as_sent_in_the_end() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    die_in_the_hand_over(&office).await;
    office.postman.fail_next(SendError::Unavailable { reason: "connection refused".into() });
    assert_eq!(office.tick().await.put_off, 1);
    die_in_the_hand_over(&office).await;
    office.tick().await;
    let sent = office.app.audit(&id).await.unwrap();
    let sent = sent.iter().filter(|event| matches!(event.fact, Fact::OfferSent { ambiguous: true, .. }));
    assert_eq!(sent.count(), 1);
    // The office gets its copy; a third try is not made, whatever became of the first two.
    office.time.advance(SignedDuration::from_mins(30)).await.unwrap();
    assert!(
        mails(&office).iter().all(|mail| mail.starts_with("office@example.com: ")),
        "{:?}",
        mails(&office)
    );
    invariants::hold(&office.app).await;
}

/// A mail that waits for its hand-over gets a link that opens, whatever became of the key since.
#[tokio::test]
async fn a_link_that_was_not_mailed_yet_opens_after_the_key_and_the_prefix_were_changed() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    let mut changed = operator();
    changed.key = LinkKey::new([8; 32], "harbor");
    let office = Office::run_by(changed, office.app.store.clone(), office.time.now());
    office.tick().await;
    let link = office.newest_link("dana").unwrap();
    let (status, page) = office.press_link(&link, "accept").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("You're on"), "{page}");
    invariants::hold(&office.app).await;
}

/// Short windows end soon, and a short outage takes all of one. What a cron job does meanwhile serves no pages.
#[tokio::test]
async fn who_could_not_answer_in_a_short_outage_has_the_time_of_grace() {
    for cron in [false, true] {
        let mut hasty = operator();
        hasty.policy.response_window = SignedDuration::from_mins(2);
        hasty.policy.grace = SignedDuration::ZERO;
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let office = Office::run_by(hasty.clone(), store.clone(), START.parse().unwrap());
        office.import(&people()).await;
        let id = office.book("ch", (16, 19), &SEATS).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        let link = office.newest_link("dana").unwrap();
        for minutes in [2, 3, 9] {
            let later = office.time.now() + SignedDuration::from_mins(minutes);
            let back = Office::run_by(hasty.clone(), store.clone(), later);
            if cron {
                tick(back.time.outbox(), Pages::NotAsked).await.unwrap();
            }
            let state = back.app.charter(&id).await.unwrap();
            assert_eq!(state.offers[0].state, OfferState::Sent, "cron: {cron}, after {minutes} min");
        }
        let back = Office::run_by(hasty, store, office.time.now() + SignedDuration::from_mins(10));
        back.tick().await;
        back.advance("14min").await;
        let (_, page) = back.press_link(&link, "accept").await;
        assert!(page.contains("You're on"), "{page}");
        invariants::hold(&back.app).await;
    }
}

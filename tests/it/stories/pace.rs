//! More mail than may leave at once.

use std::sync::Arc;
use std::time::Duration;

use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::paced::Paced;
use crewcall::store::MemoryStore;
use crewcall::tick;
use crewcall_dispatch::cascade::Command;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::support::invariants;
use crate::support::office::{Office, START, operator, people};

/// Nothing is under way for what waits for its turn, so nothing counts as lost when the server stops.
#[tokio::test(start_paused = true)]
async fn a_mail_that_waits_for_its_turn_is_left_as_it_is_when_the_server_stops() {
    let mailbox = Arc::new(Mailbox::new());
    let paced = Arc::new(Paced::new(mailbox.clone(), 1));
    let start: Timestamp = START.parse().unwrap();
    let office = Office::mailing_through(paced, operator(), Arc::new(MemoryStore::new()), start);
    office.import(&people()).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.run(&id, Command::Accept(crewcall_dispatch::cascade::OfferNo(1))).await.unwrap();
    for n in 0..20 {
        office.run(&id, Command::Post { text: format!("{n}") }).await.unwrap();
    }
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(tick::run(office.time.outbox().clone(), stopping));
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(mailbox.list().len(), 20, "no more than may leave at once");
    let left = invariants::outbox(&office.app).await;
    assert!(!left.is_empty());
    assert!(left.iter().all(|row| !row.in_flight && row.attempts == 0), "{left:?}");
}

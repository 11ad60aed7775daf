//! More mail than may leave at once.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use crewcall::app::{Pages, Role};
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::paced::Paced;
use crewcall::mail::{Mail, Receipt, SendError, Transport};
use crewcall::outbox::Outbox;
use crewcall::store::MemoryStore;
use crewcall::tick;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::Email;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::support::invariants;
use crate::support::office::{Office, START, operator, people};

/// An office in which so many messages to somebody aboard wait, of which so many may leave in a minute.
async fn with_a_queue(per_minute: u32, messages: u32) -> (Office, Arc<Mailbox>) {
    let mailbox = Arc::new(Mailbox::new());
    let paced = Arc::new(Paced::new(mailbox.clone(), per_minute, None));
    let start: Timestamp = START.parse().unwrap();
    let office = Office::mailing_through(paced, operator(), Arc::new(MemoryStore::new()), start);
    office.import(&people()).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.run(&id, Command::Accept(crewcall_dispatch::cascade::OfferNo(1))).await.unwrap();
    for n in 0..messages {
        office.run(&id, Command::Post { text: format!("{n}") }).await.unwrap();
    }
    (office, mailbox)
}

/// Nothing is under way for what waits for its turn, so nothing counts as lost when the server stops.
#[tokio::test(start_paused = true)]
async fn a_mail_that_waits_for_its_turn_is_left_as_it_is_when_the_server_stops() {
    let (office, mailbox) = with_a_queue(1, 20).await;
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

/// However many wait: a link to sign in is good for a quarter of an hour.
#[tokio::test(start_paused = true)]
async fn a_link_to_sign_in_goes_before_all_that_waits() {
    let (office, mailbox) = with_a_queue(6, 150).await;
    let pat: Email = "pat@example.com".parse().unwrap();
    office.app.put_user(&pat, "Pat Lane", Role::Office, "test").await.unwrap();
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(tick::run(office.time.outbox().clone(), stopping));
    tokio::time::sleep(Duration::from_secs(60)).await;
    office.app.mail_sign_in_link(&pat, None).await.unwrap();
    // Eight have their places, and leave within eighty seconds.
    tokio::time::sleep(Duration::from_secs(120)).await;
    let mails = mailbox.list();
    assert!(
        mails.iter().any(|arrived| arrived.mail.to.email == pat),
        "{} mails, and not that one",
        mails.len()
    );
    assert!(mails.len() < 60, "{}", mails.len());
    stop.send(true).unwrap();
    running.await.unwrap();
}

/// As on AWS Lambda, whose schedule comes every minute: what has to wait is left to the next tick in time.
#[tokio::test(start_paused = true)]
async fn a_tick_that_has_to_wait_ends_in_time_and_leaves_the_rest_to_the_next() {
    let (office, mailbox) = with_a_queue(3, 20).await;
    let begun = Instant::now();
    let pass = tick::tick_until(office.time.outbox(), Pages::Reached, begun + Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(begun.elapsed().as_secs(), 60 - tick::LAST_MAILS.as_secs(), "it begins nothing after that");
    // Twenty at once, and one every twenty seconds.
    assert_eq!((pass.done, mailbox.list().len()), (21, 21), "{pass:?}");
    let left = invariants::outbox(&office.app).await;
    assert!(!left.is_empty() && left.iter().all(|row| !row.in_flight && row.attempts == 0), "{left:?}");
    let next = Outbox { app: Arc::new(office.app.anew()), transport: mailbox.clone() };
    tick::tick_until(&next, Pages::Reached, Instant::now() + Duration::from_secs(60)).await.unwrap();
    assert_eq!(mailbox.list().len(), 21 + left.len());
    assert_eq!(invariants::outbox(&office.app).await, []);
}

/// Takes mails, and never says what became of them.
struct Silent;

#[async_trait]
impl Transport for Silent {
    async fn send(&self, _: &Mail) -> Result<Receipt, SendError> {
        std::future::pending().await
    }

    async fn check(&self) -> Result<(), SendError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_mail_that_hangs_is_given_up_just_before_the_end_and_is_tried_again() {
    let start: Timestamp = START.parse().unwrap();
    let office = Office::mailing_through(Arc::new(Silent), operator(), Arc::new(MemoryStore::new()), start);
    office.import(&people()).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    let begun = Instant::now();
    let pass = tick::tick_until(office.time.outbox(), Pages::Reached, begun + Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!((begun.elapsed().as_millis(), pass.done), (59_500, 0));
    // It may have left, so it is sent once more, when nobody holds it any longer.
    let mailbox = Arc::new(Mailbox::new());
    let later = Office::on(office.app.store.clone(), start + SignedDuration::from_mins(1));
    let next = Outbox { app: later.app.clone(), transport: mailbox.clone() };
    tick::tick_until(&next, Pages::Reached, Instant::now() + Duration::from_secs(60)).await.unwrap();
    assert_eq!(mailbox.list().len(), 2, "to Dana, and the office's copy");
}

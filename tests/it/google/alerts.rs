//! That no mail leaves is told: once, by another way, on the board, and to whoever watches.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::StatusCode;
use crewcall::clock::MovableClock;
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::ways::{DOWN_FOR, Ways};
use crewcall::mail::{Mail, Receipt, SendError, Transport};
use crewcall::outbox::Outbox;
use crewcall::store::MemoryStore;
use crewcall::tick::tick;
use crewcall_dispatch::cascade::Command;
use jiff::SignedDuration;

use super::harbor::{ACCOUNT, Harbor, LOGIN, booking_on};
use crate::support::invariants;
use crate::support::office::{Office, START, caller, operator, people};

/// Mail goes by Gmail, alerts also into a mailbox.
async fn office_with_a_fallback(harbor: &Harbor) -> (Office, Arc<Mailbox>) {
    let fallback = Arc::new(Mailbox::new());
    let ways = Ways::new(harbor.gmail(), Some(fallback.clone()), harbor.clock.clone());
    let store = Arc::new(MemoryStore::new());
    let office = Office::mailing_through(Arc::new(ways), operator(), store, START.parse().unwrap());
    office.import(&people()).await;
    (office, fallback)
}

fn end_the_sign_in(harbor: &Harbor) {
    harbor.peer.revoke(&harbor.refresh_token());
    harbor.peer.end_access_tokens();
}

#[tokio::test]
async fn the_office_hears_of_it_once_by_the_other_way_and_reads_it_on_the_board() {
    let harbor = Harbor::new().await;
    let (office, fallback) = office_with_a_fallback(&harbor).await;
    office.tick().await;
    assert_eq!(office.get("/health/ready").await.0, StatusCode::OK);
    end_the_sign_in(&harbor);
    // There is no mail at all: it is noticed when the access token would be replaced.
    harbor.clock.step(3_600);
    for _ in 0..5 {
        office.advance("1min").await;
    }
    let told = fallback.list();
    assert_eq!(told.len(), 1, "{told:?}");
    let Mail { subject, text, to, .. } = &told[0].mail;
    assert_eq!((subject.as_str(), to.email.as_str()), ("No mail leaves crewcall", "office@example.com"));
    for words in ["Google has ended the sign-in", "seven days", "password", LOGIN, "Nothing is lost"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let way = office.app.mail_way().await.unwrap();
    let (stopped, _) = way.stopped().unwrap();
    assert!(stopped.told().contains(&format!("`{LOGIN}`")), "{}", stopped.told());
    assert_eq!(invariants::outbox(&office.app).await, []);

    harbor.sign_in_again(&["https://www.googleapis.com/auth/gmail.send"]);
    office.advance("1min").await;
    assert!(office.app.mail_way().await.unwrap().stopped().is_none());
    assert_eq!((office.get("/health/ready").await.0, fallback.list().len()), (StatusCode::OK, 1));
}

/// Nobody is asked while mail does not leave; that a call needs the office is told all the same.
#[tokio::test]
async fn alerts_of_a_call_take_the_other_way_and_offers_wait() {
    let harbor = Harbor::new().await;
    let (office, fallback) = office_with_a_fallback(&harbor).await;
    end_the_sign_in(&harbor);
    let asked = office.book("ch-1", (8, 11), &[("captain", 1)]).await.unwrap();
    office.run(&asked, Command::Start).await.unwrap();
    office.tick().await;
    // Nobody has said a word of that day.
    let charter = booking_on("2026-06-28", 16).check(&office.app.operator.zone).unwrap();
    let nobody = office.app.book(charter, &caller()).await.unwrap().charter.charter_id;
    office.run(&nobody, Command::Start).await.unwrap();
    for _ in 0..5 {
        office.advance("1min").await;
    }
    let subjects: Vec<String> = fallback.list().into_iter().map(|arrived| arrived.mail.subject).collect();
    assert!(subjects.iter().any(|subject| subject == "No mail leaves crewcall"), "{subjects:?}");
    assert!(subjects.iter().any(|subject| subject.contains(nobody.as_str())), "{subjects:?}");
    assert_eq!(harbor.peer.sent(ACCOUNT).len(), 0);
    harbor.sign_in_again(&["https://www.googleapis.com/auth/gmail.send"]);
    office.advance("15min").await;
    assert_eq!(harbor.peer.sent(ACCOUNT).len(), 2, "Dana is asked, and the office has its copy");
    assert_eq!(invariants::outbox(&office.app).await, []);
}

#[tokio::test]
async fn two_servers_tell_it_once() {
    let harbor = Harbor::new().await;
    let (one, fallback) = office_with_a_fallback(&harbor).await;
    let ways = Ways::new(harbor.gmail(), Some(fallback.clone()), harbor.clock.clone());
    let other = Outbox { app: Arc::new(one.app.anew()), transport: Arc::new(ways) };
    end_the_sign_in(&harbor);
    for _ in 0..3 {
        let (first, second) = tokio::join!(
            tick(one.time.outbox(), crewcall::app::Pages::Served),
            tick(&other, crewcall::app::Pages::Served)
        );
        first.and(second).unwrap();
    }
    assert_eq!(fallback.list().len(), 1);
}

/// A mail server that is down.
struct Down;

#[async_trait]
impl Transport for Down {
    async fn send(&self, _: &Mail) -> Result<Receipt, SendError> {
        Err(SendError::Unavailable { reason: "the mail server cannot be reached".into() })
    }

    async fn check(&self) -> Result<(), SendError> {
        Ok(())
    }
}

#[tokio::test]
async fn gmail_tells_that_the_mail_server_is_down_once_that_lasts() {
    let harbor = Harbor::new().await;
    let clock = Arc::new(MovableClock::frozen(START.parse().unwrap()));
    let ways = Ways::new(Arc::new(Down), Some(harbor.gmail()), clock.clone());
    let office = Office::mailing_through(
        Arc::new(ways),
        operator(),
        Arc::new(MemoryStore::new()),
        START.parse().unwrap(),
    );
    office.import(&people()).await;
    let id = office.book("ch-1", (8, 11), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    assert_eq!(harbor.peer.sent(ACCOUNT).len(), 0, "it may be back in a minute");
    clock.move_to(office.app.clock.now() + DOWN_FOR);
    office.time.advance(SignedDuration::from_mins(1)).await.unwrap();
    let sent = harbor.peer.sent(ACCOUNT);
    assert_eq!(sent.len(), 1);
    assert!(String::from_utf8_lossy(&sent[0].raw).contains("Subject: No mail leaves crewcall"));
}

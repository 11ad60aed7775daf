//! That no mail leaves is told: once, by another way, on the board, and to whoever watches.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::StatusCode;
use crewcall::app::{App, DOWN_FOR, Pages};
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::paced::Paced;
use crewcall::mail::ways::Ways;
use crewcall::mail::{Mail, Purpose, Receipt, SendError, Transport};
use crewcall::outbox::Outbox;
use crewcall::store::MemoryStore;
use crewcall::tick::tick;
use crewcall_dispatch::cascade::Command;
use crewcall_google_peer::{Call, Fault};
use jiff::SignedDuration;

use super::harbor::{ACCOUNT, Harbor, LOGIN, booking_on};
use crate::support::invariants;
use crate::support::office::{Office, START, caller, operator, people};
use crate::web::sign_in::{get, sign_in};

/// Mail goes by Gmail, alerts also into a mailbox.
async fn office_with_a_fallback(harbor: &Harbor) -> (Office, Arc<Mailbox>) {
    let fallback = Arc::new(Mailbox::new());
    let ways = Ways::new(harbor.gmail(), Some(fallback.clone()));
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
    let cookie = sign_in(&office).await;
    let (_, board) = office.request(get("/", &cookie)).await;
    for words in [
        "No mail leaves since",
        "<code>crewcall google login</code>",
        "the password of the account was changed",
    ] {
        assert!(board.contains(words), "{words}: {board}");
    }
    let way = office.app.mail_way().await.unwrap();
    let (stopped, _) = way.stopped().unwrap();
    assert!(stopped.told().contains(&format!("`{LOGIN}`")), "{}", stopped.told());
    assert_eq!(invariants::outbox(&office.app).await, []);

    harbor.sign_in_again(&["https://www.googleapis.com/auth/gmail.send"]);
    office.advance("1min").await;
    assert!(office.app.mail_way().await.unwrap().stopped().is_none());
    // That it is over comes by the way that is open again.
    let sent = harbor.peer.sent(ACCOUNT);
    assert_eq!(sent.len(), 1);
    assert!(String::from_utf8_lossy(&sent[0].given).contains("Mail leaves again."));
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
    assert_eq!(
        harbor.peer.sent(ACCOUNT).len(),
        3,
        "Dana is asked, the office has its copy, and hears that it is over"
    );
    assert_eq!(invariants::outbox(&office.app).await, []);
}

/// Another process that cannot find out says nothing of it, and the alert is still there when it can leave.
#[tokio::test]
async fn passing_trouble_of_google_does_not_undo_an_end() {
    let harbor = Harbor::new().await;
    let (office, fallback) = office_with_a_fallback(&harbor).await;
    end_the_sign_in(&harbor);
    office.tick().await;
    office.tick().await;
    assert_eq!(fallback.list().len(), 1);
    harbor.peer.inject(Call::Token, Fault::ServerError { code: 500, after_effect: false }, 1_000);
    let ways = Ways::new(harbor.gmail(), Some(fallback.clone()));
    let other = Outbox {
        app: Arc::new(App::new(office.app.store.clone(), office.app.clock.clone(), operator())),
        transport: Arc::new(ways),
    };
    for _ in 0..3 {
        tick(&other, Pages::Served).await.unwrap();
    }
    assert!(office.app.mail_way().await.unwrap().stopped().is_some());
    assert_eq!(
        (office.get("/health/ready").await.0, fallback.list().len()),
        (StatusCode::SERVICE_UNAVAILABLE, 1)
    );
}

/// Else nobody would know that there is no other way any more, until it is needed.
#[tokio::test]
async fn that_gmail_could_not_take_alerts_is_told_by_the_mail_server() {
    let harbor = Harbor::new().await;
    let mailbox = Arc::new(Mailbox::new());
    let ways = Ways::new(mailbox.clone(), Some(harbor.gmail()));
    let office = Office::mailing_through(
        Arc::new(ways),
        operator(),
        Arc::new(MemoryStore::new()),
        START.parse().unwrap(),
    );
    office.tick().await;
    assert_eq!(harbor.peer.count(Call::Token), 1, "it is kept alive");
    end_the_sign_in(&harbor);
    harbor.clock.step(3_600);
    for _ in 0..3 {
        office.advance("1min").await;
    }
    let told = mailbox.list();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].mail.subject, "The way of alerts is shut");
    assert!(told[0].mail.text.contains(LOGIN), "{}", told[0].mail.text);
    assert_eq!(office.get("/health/ready").await.0, StatusCode::OK, "mail leaves");
}

/// There are mails left for nobody, but for alerts there is another way.
#[tokio::test]
async fn an_alert_does_not_wait_for_another_day() {
    let harbor = Harbor::new().await;
    let fallback = Arc::new(Mailbox::new());
    let ways = Arc::new(Ways::new(harbor.gmail(), Some(fallback.clone())));
    let paced = Arc::new(Paced::new(ways, 6_000, Some(1)));
    let store = Arc::new(MemoryStore::new());
    let office = Office::mailing_through(paced, operator(), store, START.parse().unwrap());
    office.app.count_mail(Purpose::Charter, 1).await.unwrap();
    let charter = booking_on("2026-06-28", 16).check(&office.app.operator.zone).unwrap();
    let nobody = office.app.book(charter, &caller()).await.unwrap().charter.charter_id;
    office.run(&nobody, Command::Start).await.unwrap();
    office.tick().await;
    assert_eq!((harbor.peer.sent(ACCOUNT).len(), fallback.list().len()), (0, 1));
}

#[tokio::test]
async fn two_servers_tell_it_once() {
    let harbor = Harbor::new().await;
    let (one, fallback) = office_with_a_fallback(&harbor).await;
    let ways = Ways::new(harbor.gmail(), Some(fallback.clone()));
    let other = Outbox { app: Arc::new(one.app.anew()), transport: Arc::new(ways) };
    end_the_sign_in(&harbor);
    for _ in 0..3 {
        let (first, second) =
            tokio::join!(tick(one.time.outbox(), Pages::Served), tick(&other, Pages::Served));
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
    let ways = Ways::new(Arc::new(Down), Some(harbor.gmail()));
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
    office.time.advance(DOWN_FOR + SignedDuration::from_mins(1)).await.unwrap();
    let sent = harbor.peer.sent(ACCOUNT);
    assert_eq!(sent.len(), 1);
    assert!(String::from_utf8_lossy(&sent[0].raw).contains("Subject: No mail leaves crewcall"));
}

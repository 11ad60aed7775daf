//! So many mails a day: offers before statements.

use std::sync::Arc;

use crewcall::mail::paced::Paced;
use crewcall::mail::{Mail, Purpose};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::{CallStatus, Command};
use crewcall_google_peer::{Call, Fault, Quota, RetryAfter};
use jiff::Timestamp;

use super::harbor::{ACCOUNT, Harbor, mail};
use crate::support::invariants;
use crate::support::office::{Office, START, operator, people};

const PER_DAY: u32 = 40;

async fn office(harbor: &Harbor) -> Office {
    let paced = Arc::new(Paced::new(harbor.gmail(), 6_000, Some(PER_DAY)));
    let store = Arc::new(MemoryStore::new());
    let office = Office::mailing_through(paced, operator(), store, START.parse().unwrap());
    office.import(&people()).await;
    office
}

/// As many statements as may leave; then when to come again.
async fn run_of_statements(office: &Office, from: u32) -> (u32, Timestamp) {
    let transport = office.time.outbox().transport.clone();
    for number in from.. {
        if let Some(at) = office.app.count_mail(Purpose::Statement, PER_DAY).await.unwrap() {
            return (number - from, at);
        }
        transport.turn(Purpose::Statement).await;
        let statement = Mail { purpose: Purpose::Statement, ..mail(number) };
        transport.send(&statement).await.unwrap();
    }
    unreachable!("the day has an end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_runs_out_in_a_run_of_statements_and_a_call_begins_all_the_same() {
    let harbor = Harbor::new().await;
    harbor.peer.set_quota(Quota { messages_a_day: PER_DAY as usize, ..Quota::UNLIMITED });
    let office = office(&harbor).await;
    let id = office.book("ch-1", (16, 19), &[("captain", 1), ("deckhand", 2)]).await.unwrap();
    let call = async {
        while harbor.peer.sent(ACCOUNT).len() < 10 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await
    };
    let ((statements, come_again), pass) = tokio::join!(run_of_statements(&office, 1_000), call);
    assert_eq!((pass.done, pass.put_off), (2, 0), "Dana is asked, and the office has its copy");
    assert!((28..=30).contains(&statements), "{statements}");
    assert!(come_again > office.app.clock.now());

    // Nobody answers: captain by captain the call goes on, until the whole day is used.
    while office.app.charter(&id).await.unwrap().status() == CallStatus::Running
        && harbor.peer.sent(ACCOUNT).len() < PER_DAY as usize
    {
        office.advance("30min").await;
    }
    for n in 0..10 {
        let next = office.book(&format!("ch-x{n}"), (9 + n, 10 + n), &[("captain", 1)]).await.unwrap();
        office.run(&next, Command::Start).await.unwrap();
    }
    office.tick().await;
    assert_eq!(harbor.peer.sent(ACCOUNT).len(), PER_DAY as usize, "and not one more");
    let waiting = invariants::outbox(&office.app).await;
    assert!(!waiting.is_empty());
    for row in &waiting {
        assert!(row.last_error.as_deref().unwrap().contains("mail.per_day"), "{row:?}");
        assert_eq!((row.attempts, row.in_flight), (0, false), "it was not even tried");
    }
    assert!(!office.app.stuck_mails().await.unwrap().is_empty(), "the board shows them");
    assert_eq!(harbor.peer.count(Call::Send), PER_DAY as usize, "Google never had to say no");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_google_says_that_it_is_enough_it_is_not_asked_again_before_its_time() {
    let harbor = Harbor::new().await;
    let office = office(&harbor).await;
    harbor.peer.inject(Call::Send, Fault::TooMany { retry_after: Some(RetryAfter::Seconds(2)) }, 1);
    let id = office.book("ch-1", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    let began = std::time::Instant::now();
    office.tick().await;
    assert_eq!(harbor.peer.count(Call::Send), 1);
    // The row is due again before that time is over by the real clock, and waits for it.
    office.advance("1min").await;
    assert!(began.elapsed().as_millis() >= 1_900);
    assert_eq!(harbor.peer.sent(ACCOUNT).len(), 2);
    assert_eq!(harbor.peer.count(Call::Send), 3);
}

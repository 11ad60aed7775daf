//! A sign-in dies in the middle of a queue of five hundred mails.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use crewcall::app::{App, OutboxRow};
use crewcall::google::Scope;
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::paced::Paced;
use crewcall::mail::ways::Ways;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CrewMember;
use jiff::ToSpan;
use jiff::civil::date;
use mail_parser::MessageParser;
use serde_json::json;

use super::harbor::{ACCOUNT, Harbor, booking_on};
use crate::support::invariants;
use crate::support::office::{Office, START, caller, operator};

/// Two sails a day, each of which makes two mails: to Dana, and the office's copy.
const DAYS: i64 = 125;

fn days() -> impl Iterator<Item = jiff::civil::Date> {
    (0..DAYS).map(|day| date(2026, 7, 1).checked_add(day.days()).unwrap())
}

async fn harbor_with_a_queue(harbor: &Harbor, fallback: Arc<Mailbox>) -> Office {
    let ways = Ways::new(harbor.gmail(), Some(fallback));
    let gmail = Arc::new(Paced::new(Arc::new(ways), 6_000, None));
    let office =
        Office::mailing_through(gmail, operator(), Arc::new(MemoryStore::new()), START.parse().unwrap());
    let available: serde_json::Map<_, _> = days().map(|day| (day.to_string(), json!("available"))).collect();
    let dana: CrewMember = serde_json::from_value(json!({
        "crew_id": "dana-reyes", "name": "Dana Reyes", "email": "dana@example.com", "rank": "captain",
        "cascade_order": 1, "availability": available,
    }))
    .unwrap();
    office.import(&[dana]).await;
    for day in days() {
        for hour in [8, 16] {
            let booking = booking_on(&day.to_string(), hour);
            let charter = booking.check(&office.app.operator.zone).unwrap();
            let id = office.app.book(charter, &caller()).await.unwrap().charter.charter_id;
            office.run(&id, Command::Start).await.unwrap();
        }
    }
    office
}

/// Our own id of each mail of a charter that Gmail has, once for each copy.
fn arrived(harbor: &Harbor) -> Vec<String> {
    let sent = harbor.peer.sent(ACCOUNT);
    let messages = sent.iter().map(|sent| MessageParser::new().parse(&sent.given).unwrap());
    let of_charters = messages.filter(|message| message.subject() != Some("Mail leaves crewcall again"));
    of_charters.map(|message| message.message_id().unwrap().to_owned()).collect()
}

async fn rows(app: &App) -> Vec<OutboxRow> {
    let mut rows = invariants::outbox(app).await;
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_new_login_all_five_hundred_have_left_and_none_twice() {
    let harbor = Harbor::new().await;
    let fallback = Arc::new(Mailbox::new());
    let office = harbor_with_a_queue(&harbor, fallback.clone()).await;
    let died = async {
        while harbor.peer.sent(ACCOUNT).len() < 200 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        harbor.peer.revoke(&harbor.refresh_token());
        harbor.peer.end_access_tokens();
    };
    tokio::join!(office.tick(), died);
    let left = arrived(&harbor).len();
    assert!((200..500).contains(&left), "{left}");

    // The office is told once; of the others none is touched, however often it is looked.
    office.tick().await;
    let waiting = rows(&office.app).await;
    assert_eq!(fallback.list().len(), 1);
    let asked = harbor.peer.requests().len();
    for _ in 0..10 {
        office.advance("5min").await;
    }
    assert_eq!(rows(&office.app).await, waiting);
    assert_eq!((arrived(&harbor).len(), harbor.peer.requests().len()), (left, asked));
    assert_eq!(fallback.list().len(), 1);
    let (status, ready) = office.get("/health/ready").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.starts_with("ready, but no mail leaves since "), "{ready}");

    harbor.sign_in_again(&[Scope::SendMail.as_str()]);
    for _ in 0..3 {
        office.advance("10min").await;
    }
    assert_eq!(rows(&office.app).await, []);
    let arrived = arrived(&harbor);
    let different: BTreeSet<&String> = arrived.iter().collect();
    assert_eq!((arrived.len(), different.len()), (500, 500));
    assert_eq!(office.get("/health/ready").await, (StatusCode::OK, "ready\n".into()));
}

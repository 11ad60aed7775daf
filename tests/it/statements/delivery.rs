//! The mails of a month.

use crewcall::app::OutboxRow;
use crewcall::mail::{Mail, Purpose, SendError};
use crewcall::outbox::Outcome;
use crewcall::statement::{self, Delivery, DeliveryState, Settling, StatementError};
use crewcall::store::{self, Write};
use crewcall::workbook;
use crewcall_dispatch::statement::Reader;
use jiff::SignedDuration;

use super::{complete, crew, month, view};
use crate::support::office::{Office, caller};

/// June, approved.
async fn approved() -> Office {
    let office = complete().await;
    statement::approve(&office.app, month("2026-06"), None, &caller()).await.unwrap();
    office
}

async fn send(office: &Office) -> Vec<Delivery> {
    statement::send(&office.app, month("2026-06"), None, &caller()).await.unwrap()
}

/// The mails of the month that arrived at an address.
fn arrived(office: &Office, email: &str) -> Vec<Mail> {
    let mails = office.mailbox.list();
    let of_month = mails.iter().filter(|one| one.mail.purpose == Purpose::Statement);
    of_month.filter(|one| one.mail.to.email.as_str() == email).map(|one| one.mail.clone()).collect()
}

async fn state(office: &Office, reader: &Reader) -> DeliveryState {
    let view = view(office, "2026-06").await;
    view.deliveries.into_iter().find(|delivery| delivery.reader == *reader).unwrap().state
}

fn dana() -> Reader {
    Reader::Crew(crew("dana"))
}

#[tokio::test]
async fn everyone_gets_their_own_and_nobody_gets_it_twice() {
    let office = approved().await;
    assert_eq!(send(&office).await.len(), 4);
    office.tick().await;
    let to_dana = arrived(&office, "dana@example.com");
    let [mail] = to_dana.as_slice() else { panic!("{to_dana:?}") };
    assert!(mail.text.contains("To be paid:   360.01 USD"), "{}", mail.text);
    let [attached] = mail.attachments.as_slice() else { panic!("{:?}", mail.attachments) };
    assert_eq!(attached.name, "statement-2026-06-dana.xlsx");
    assert_eq!(attached.media_type, statement::XLSX);
    let text = format!("{:?}", workbook::read(&attached.bytes).unwrap());
    assert!(text.contains("Dana Example") && !text.contains("Lee Example"), "{text}");
    assert_eq!(arrived(&office, "lee@example.com").len(), 1);
    let owner = arrived(&office, "owner@example.com");
    assert_eq!(owner[0].attachments[0].name, "crew-pay-2026-06.xlsx");
    let summary = arrived(&office, "office@example.com");
    assert!(summary[0].text.contains("Dana Example: 360.01 USD"), "{}", summary[0].text);
    assert_eq!(summary[0].attachments, []);
    // The second time nothing is sent, by whomever it is asked.
    assert_eq!(send(&office).await, []);
    statement::send(&office.app, month("2026-06"), Some(&crew("dana")), &caller()).await.unwrap();
    office.advance("48h").await;
    let sent =
        ["dana", "lee", "owner", "office"].map(|name| arrived(&office, &format!("{name}@example.com")).len());
    assert_eq!(sent, [1, 1, 1, 1]);
    assert_eq!(state(&office, &dana()).await, DeliveryState::Sent { to: "dana@example.com".into() });
}

#[tokio::test]
async fn before_it_is_approved_nothing_is_sent() {
    let office = complete().await;
    let refused = statement::send(&office.app, month("2026-06"), None, &caller()).await;
    assert!(matches!(refused, Err(StatementError::NotApproved(_))), "{refused:?}");
}

#[tokio::test]
async fn an_ambiguous_delivery_waits_for_a_person() {
    let office = approved().await;
    statement::send(&office.app, month("2026-06"), Some(&crew("dana")), &caller()).await.unwrap();
    office.postman.lose_next_answer();
    office.tick().await;
    assert!(matches!(state(&office, &dana()).await, DeliveryState::Unknown { .. }));
    // Nothing is sent by itself, nor by asking for all once more.
    assert_eq!(send(&office).await.len(), 3);
    office.advance("72h").await;
    assert_eq!(arrived(&office, "dana@example.com").len(), 1);
    let settle = |how| {
        let app = office.app.clone();
        async move { statement::settle(&app, month("2026-06"), &dana(), how, &caller()).await }
    };
    settle(Settling::Arrived).await.unwrap();
    settle(Settling::Arrived).await.unwrap();
    assert_eq!(state(&office, &dana()).await, DeliveryState::Arrived);
    assert!(matches!(settle(Settling::Again).await, Err(StatementError::NotInDoubt { .. })));
    assert_eq!(send(&office).await, []);
}

#[tokio::test]
async fn one_that_has_not_arrived_is_sent_again_when_a_person_says_so() {
    let office = approved().await;
    statement::send(&office.app, month("2026-06"), Some(&crew("dana")), &caller()).await.unwrap();
    office.postman.fail_next(SendError::Ambiguous { reason: "cut off".into() });
    office.tick().await;
    assert_eq!(arrived(&office, "dana@example.com").len(), 0);
    statement::settle(&office.app, month("2026-06"), &dana(), Settling::Again, &caller()).await.unwrap();
    office.tick().await;
    assert_eq!(arrived(&office, "dana@example.com").len(), 1);
    let events = statement::history(&*office.app.store, month("2026-06")).await.unwrap();
    let facts: Vec<String> = events
        .iter()
        .map(|event| serde_json::to_value(&event.fact).unwrap()["fact"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(facts, ["approved", "send_asked", "unknown", "send_asked", "sent"]);
}

#[tokio::test]
async fn a_refused_one_is_sent_to_the_address_that_is_right_by_then() {
    let office = approved().await;
    statement::send(&office.app, month("2026-06"), Some(&crew("dana")), &caller()).await.unwrap();
    office.postman.fail_next(SendError::Refused { reason: "no such user".into(), bad_address: true });
    office.tick().await;
    assert_eq!(state(&office, &dana()).await, DeliveryState::Refused { why: "no such user".into() });
    let mut people = crate::support::office::people();
    people[0].email = Some("dana.reyes@example.com".parse().unwrap());
    office.import(&people[..1]).await;
    assert_eq!(send(&office).await.len(), 4);
    office.tick().await;
    assert_eq!(arrived(&office, "dana.reyes@example.com").len(), 1);
}

#[tokio::test]
async fn mail_that_cannot_leave_waits_and_leaves_once() {
    let office = approved().await;
    for _ in 0..3 {
        office.postman.fail_next(SendError::Unavailable { reason: "no route".into() });
        office.postman.fail_next(SendError::Deferred { reason: "greylisted".into() });
    }
    send(&office).await;
    office.advance("24h").await;
    let sent =
        ["dana", "lee", "owner", "office"].map(|name| arrived(&office, &format!("{name}@example.com")).len());
    assert_eq!(sent, [1, 1, 1, 1]);
}

#[tokio::test]
async fn without_an_owner_the_office_gets_the_workbook() {
    let office = approved().await;
    let mut operator = super::paying();
    operator.pay.owner = None;
    let store = office.app.store.clone();
    let office = Office::run_by(operator, store, office.app.clock.now());
    assert_eq!(send(&office).await.len(), 3);
    office.tick().await;
    assert_eq!(arrived(&office, "office@example.com")[0].attachments[0].name, "crew-pay-2026-06.xlsx");
}

#[tokio::test]
async fn a_mail_that_another_process_has_in_hand_is_left_to_it() {
    let office = approved().await;
    let asked = statement::send(&office.app, month("2026-06"), Some(&crew("dana")), &caller()).await.unwrap();
    let key = statement::outbox_key(&asked[0]);
    let row = store::read::<OutboxRow>(&*office.app.store, &key).await.unwrap().unwrap();
    // As one has it that is just handing the mail over.
    let due_at = office.app.clock.now() + SignedDuration::from_secs(20);
    let claimed = OutboxRow { in_flight: true, attempts: 1, due_at, ..row.value.clone() };
    office.app.store.commit(vec![Write::put(&claimed, row.expected()).unwrap()]).await.unwrap();
    let row = store::read::<OutboxRow>(&*office.app.store, &key).await.unwrap().unwrap();
    assert_eq!(office.time.outbox().work(row).await.unwrap(), Outcome::LeftToOthers);
    assert_eq!(state(&office, &dana()).await, DeliveryState::Queued);
    // It has died: nobody knows whether the mail left, and a person finds out.
    office.advance("1min").await;
    assert!(matches!(state(&office, &dana()).await, DeliveryState::Unknown { .. }));
    assert_eq!(arrived(&office, "dana@example.com").len(), 0);
}

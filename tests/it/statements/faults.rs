//! The n-th store operation fails, loses its answer or its race, or the process dies there, for every n of a month that is
//! paid out; afterwards somebody goes on, and everyone has been paid once.

use std::sync::Arc;

use crewcall::app::Pages;
use crewcall::mail::Purpose;
use crewcall::statement::{self, DeliveryState};
use crewcall::store::MemoryStore;
use crewcall::tick::tick;

use super::{came_to, crew, month, of, paying, sailed, view};
use crate::support::faulty::{Fault, Faulty};
use crate::support::office::{Office, caller};

/// A bonus, the approval, and the mails.
async fn pay(office: &Office) -> Result<(), String> {
    let (app, caller, june) = (&office.app, caller(), month("2026-06"));
    let said = |error: statement::StatementError| error.to_string();
    let once = app.once("statements/2026-06", &caller, "key", "form");
    let view = statement::month(app, june).await.map_err(said)?;
    if !view.is_approved() {
        let (dana, amount) = (crew("dana"), "25.00".parse().unwrap());
        statement::enter(app, june, &dana, amount, "short notice".into(), &caller, Some(&once))
            .await
            .map_err(said)?;
        statement::approve(app, june, None, &caller).await.map_err(said)?;
    }
    statement::send(app, june, None, &caller).await.map_err(said)?;
    tick(office.time.outbox(), Pages::Served).await.map(drop).map_err(|error| error.to_string())
}

/// Whether there were so many places.
async fn survives(n: usize, fault: Fault) -> bool {
    let inner = Arc::new(MemoryStore::new());
    let before = sailed(inner.clone()).await;
    came_to(&before, "morning", "90.00").await;
    came_to(&before, "evening", "50.01").await;
    let now = before.app.clock.now();
    let faulty = Arc::new(Faulty::failing_at(inner.clone(), n, fault));
    let first = Office::run_by(paying(), faulty.clone(), now);
    // Whether it came to its end is seen by what is there afterwards.
    let _ = pay(&first).await;

    let second = Office::run_by(paying(), inner, now);
    second.advance("10min").await;
    for _ in 0..2 {
        pay(&second).await.unwrap_or_else(|error| panic!("{fault:?} {n}: {error}"));
        second.advance("1h").await;
    }
    let stands = view(&second, "2026-06").await;
    let totals = ["dana", "lee"].map(|who| of(&stands, who).total().to_string());
    assert_eq!(totals, ["385.01", "210.00"], "{fault:?} {n}");
    let mut mails = first.mailbox.list();
    mails.extend(second.mailbox.list());
    for delivery in &stands.deliveries {
        let key = statement::outbox_key(delivery);
        let of_month = mails.iter().filter(|one| one.mail.purpose == Purpose::Statement);
        let copies = of_month.filter(|one| one.mail.key == key).count();
        match delivery.state {
            DeliveryState::Sent { .. } => assert_eq!(copies, 1, "{fault:?} {n}: {delivery:?}"),
            // It may have left, and nobody repeats it.
            DeliveryState::Unknown { .. } => assert!(copies <= 1, "{fault:?} {n}: {delivery:?}"),
            _ => panic!("{fault:?} {n}: {delivery:?}"),
        }
    }
    assert_eq!(stands.deliveries.len(), 4, "{fault:?} {n}");
    faulty.has_struck()
}

async fn survives_everywhere(fault: Fault) {
    let mut n = 0;
    while survives(n, fault).await {
        n += 1;
    }
    assert!(n > 5, "{fault:?} struck in {n} places only");
}

#[tokio::test]
async fn an_operation_fails() {
    survives_everywhere(Fault::Before).await;
}

#[tokio::test]
async fn an_answer_is_lost() {
    survives_everywhere(Fault::After).await;
}

#[tokio::test]
async fn the_process_dies_before_an_operation() {
    survives_everywhere(Fault::DiesBefore).await;
}

#[tokio::test]
async fn the_process_dies_after_a_commit() {
    survives_everywhere(Fault::DiesAfter).await;
}

#[tokio::test]
async fn somebody_else_is_faster() {
    survives_everywhere(Fault::Overtaken).await;
}

//! The office steps in on a store that fails twice: each step is given again until it is known to be done, and
//! has one effect.

use std::sync::Arc;

use crewcall::app::AppError;
use crewcall::store::{Store, read};
use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, OfferNo, OfferState};
use crewcall_dispatch::model::CharterId;
use jiff::SignedDuration;

use crate::store::conformance::{TestStore, every_store};
use crate::support::faulty::{Fault, Faulty};
use crate::support::invariants;
use crate::support::office::{Office, START};

/// What the audit says of the office's steps and what followed, in order.
const HAPPENS: [&str; 28] = [
    "charter_booked",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "call_paused",
    "reordered",
    "reordered",
    "offer_declined dana",
    "call_resumed",
    "offer_made gene",
    "offer_made maya",
    "offer_prolonged maya",
    "person_skipped gene",
    "offer_rescinded gene",
    "offer_accepted maya",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "assigned kai",
    "offer_rescinded lee",
    "call_stopped",
    "offer_rescinded sam",
    "call_started",
    "people_left_out",
    "crew_paired",
    "offer_made lee",
    "offer_accepted lee",
    "call_filled",
];

/// Gives every step, each as often as it takes, and all mails in between.
async fn tell(office: &Office, stored: &dyn Store) -> CharterId {
    let id: CharterId = loop {
        match office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 2)]).await {
            Ok(id) => break id,
            Err(AppError::Store(_)) => {}
            Err(error) => panic!("{error}"),
        }
    };
    let crew = |id: &str| id.parse().unwrap();
    let rank = |rank: &str| rank.parse().unwrap();
    let no = |no: u32| OfferNo(no);
    let reason = || "as agreed by phone".to_owned();
    let next = |who: &str| Command::Reorder { position: rank("captain"), first: vec![crew(who)] };
    for step in 0..13 {
        let command = match step {
            0 => Command::Start,
            1 => Command::Pause,
            2 => next("maya"),
            3 => next("gene"),
            4 => Command::Decline(no(1)),
            5 => Command::Resume,
            6 => Command::AskNow { crew_id: crew("maya") },
            7 => {
                let state = read::<CharterState>(stored, "ch").await.unwrap().unwrap().value;
                let reply_by = state.offer(no(3)).unwrap().reply_by.unwrap();
                Command::Extend { crew_id: crew("maya"), until: reply_by + SignedDuration::from_hours(1) }
            }
            8 => Command::Skip { crew_id: crew("gene"), reason: reason() },
            9 => Command::Accept(no(3)),
            10 => Command::Assign { position: rank("deckhand"), crew_id: crew("kai"), reason: reason() },
            11 => Command::Stop,
            _ => Command::AskAgain,
        };
        give(office, &id, &command).await;
        deliver(office).await;
    }
    give(office, &id, &Command::Accept(no(7))).await;
    deliver(office).await;
    id
}

async fn give(office: &Office, id: &CharterId, command: &Command) {
    for _ in 0..5 {
        match office.run(id, command.clone()).await {
            Ok(_) => return,
            Err(AppError::Store(_)) => {}
            Err(error) => panic!("{command:?}: {error}"),
        }
    }
    panic!("{command:?} fails for ever");
}

/// Ticks until all mails are out, however often that fails.
async fn deliver(office: &Office) {
    for _ in 0..4 {
        // What fails is done by the next one.
        let _ = office.time.advance(SignedDuration::from_secs(30)).await;
    }
}

/// What happened, without what is only about mails; who was asked is named.
async fn happened(office: &Office, id: &CharterId) -> Vec<String> {
    let state = office.app.charter(id).await.unwrap();
    let mut happened = Vec::new();
    for event in office.app.audit(id).await.unwrap() {
        let fact = serde_json::to_value(&event.fact).unwrap();
        let name = fact["fact"].as_str().unwrap().to_owned();
        let of_offer = fact["offer"].as_u64().and_then(|no| state.offer(OfferNo(no as u32)));
        let who = fact["crew_id"].as_str().or(of_offer.map(|offer| offer.crew_id.as_str()));
        match name.as_str() {
            "mail_sent" | "offer_sent" => {}
            _ => happened.push(who.map_or(name.clone(), |who| format!("{name} {who}"))),
        }
    }
    happened
}

/// Says whether both faults struck.
async fn survives(store: TestStore, (first, second): (usize, usize), fault: Fault) -> bool {
    Office::new(store.store.clone()).await;
    let inner = Arc::new(Faulty::failing_at(store.store.clone(), second, fault));
    let outer = Arc::new(Faulty::failing_at(inner.clone(), first, fault));
    let office = Office::on(outer.clone(), START.parse().unwrap());
    let id = tell(&office, &*store.store).await;
    let office = Office::on(store.store.clone(), office.time.now());
    invariants::hold(&office.app).await;
    assert_eq!(happened(&office, &id).await, HAPPENS, "{fault:?} in places {first} and {second}");
    let state = office.app.charter(&id).await.unwrap();
    assert_eq!(state.status(), CallStatus::Filled);
    assert!(state.offers.iter().all(|offer| offer.state != OfferState::Queued));
    outer.has_struck() && inner.has_struck()
}

async fn every_two_places(empty: impl AsyncFn() -> TestStore, fault: Fault) {
    let mut struck = 0;
    for first in (0..).step_by(7) {
        let both = survives(empty().await, (first, first + first % 5), fault).await;
        struck += usize::from(both);
        if !both {
            break;
        }
    }
    println!("{struck} runs with two faults");
    assert!(struck > 3, "the story is short");
}

macro_rules! controls {
    ($($store:ident: $empty:ident,)*) => {
        $(mod $store {
            use crate::store::conformance::$empty;
            use crate::support::faulty::Fault;

            #[tokio::test]
            async fn two_operations_may_fail() {
                super::every_two_places($empty, Fault::Before).await;
            }

            #[tokio::test]
            async fn two_commits_may_lose_their_answers() {
                super::every_two_places($empty, Fault::After).await;
            }

            #[tokio::test]
            async fn two_commits_may_be_overtaken() {
                super::every_two_places($empty, Fault::Overtaken).await;
            }
        })*
    };
}

every_store!(controls);

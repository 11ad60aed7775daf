//! A story told on a store that fails twice: each step is given again until it is known to be done, and has one
//! effect.

use std::sync::Arc;

use crewcall::app::{AppError, Given};
use crewcall::store::{Store, read};
use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, OfferNo, OfferState};
use crewcall_dispatch::model::{CharterId, CrewMember};
use jiff::SignedDuration;

use crate::store::conformance::TestStore;
use crate::support::faulty::{Fault, Faulty};
use crate::support::invariants;
use crate::support::office::{Office, START};

/// What is done to one charter, one step after the other, until every seat is taken.
pub(super) struct Story {
    /// A step, given how the charter stands; `None` at the end.
    pub(super) steps: fn(usize, &CharterState) -> Option<Step>,
    /// What the audit says of the steps and of what followed, in order.
    pub(super) happens: &'static [&'static str],
}

/// One step of a story.
pub(super) enum Step {
    /// Somebody gives a command.
    Give(Command),
    /// The roster says something else of somebody.
    Import(CrewMember),
}

/// Gives every step, each as often as it takes, and all mails in between.
async fn tell(story: &Story, office: &Office, stored: &dyn Store) -> CharterId {
    let id: CharterId = loop {
        match office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 2)]).await {
            Ok(id) => break id,
            Err(AppError::Store(_)) => {}
            Err(error) => panic!("{error}"),
        }
    };
    for step in 0.. {
        let state = read::<CharterState>(stored, "ch").await.unwrap().unwrap().value;
        match (story.steps)(step, &state) {
            Some(Step::Give(command)) => give(office, &id, &command).await,
            Some(Step::Import(member)) => import(office, &member).await,
            None => break,
        }
        deliver(office).await;
    }
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

async fn import(office: &Office, member: &CrewMember) {
    for _ in 0..5 {
        let done = match office.app.compare_roster(&[Given::from(member)]).await {
            Ok(changes) => office.app.write_roster(&changes.unwrap()).await,
            Err(error) => Err(error.into()),
        };
        match done {
            Ok(()) => return,
            Err(AppError::Store(_) | AppError::Superseded(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("{} cannot be changed for ever", member.crew_id);
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
            "mail_sent" | "mail_dropped" | "offer_sent" | "reconfirm_sent" => {}
            _ => happened.push(who.map_or(name.clone(), |who| format!("{name} {who}"))),
        }
    }
    happened
}

/// Says whether both faults struck.
async fn survives(story: &Story, store: TestStore, (first, second): (usize, usize), fault: Fault) -> bool {
    Office::new(store.store.clone()).await;
    let inner = Arc::new(Faulty::failing_at(store.store.clone(), second, fault));
    let outer = Arc::new(Faulty::failing_at(inner.clone(), first, fault));
    let office = Office::on(outer.clone(), START.parse().unwrap());
    let id = tell(story, &office, &*store.store).await;
    let office = Office::on(store.store.clone(), office.time.now());
    invariants::hold(&office.app).await;
    assert_eq!(happened(&office, &id).await, story.happens, "{fault:?} in places {first} and {second}");
    let state = office.app.charter(&id).await.unwrap();
    assert_eq!(state.status(), CallStatus::Filled);
    assert!(state.offers.iter().all(|offer| offer.state != OfferState::Queued));
    outer.has_struck() && inner.has_struck()
}

pub(super) async fn every_two_places(story: &Story, empty: impl AsyncFn() -> TestStore, fault: Fault) {
    let mut struck = 0;
    for first in (0..).step_by(7) {
        let both = survives(story, empty().await, (first, first + first % 5), fault).await;
        struck += usize::from(both);
        if !both {
            break;
        }
    }
    println!("{struck} runs with two faults");
    assert!(struck > 3, "the story is short");
}

/// The tests of the module's `STORY`, on one store.
macro_rules! story_fails_twice {
    ($($store:ident: $empty:ident,)*) => {
        $(mod $store {
            use crate::store::conformance::$empty;
            use crate::faults::twice::every_two_places;
            use crate::support::faulty::Fault;

            #[tokio::test]
            async fn two_operations_may_fail() {
                every_two_places(&super::STORY, $empty, Fault::Before).await;
            }

            #[tokio::test]
            async fn two_commits_may_lose_their_answers() {
                every_two_places(&super::STORY, $empty, Fault::After).await;
            }

            #[tokio::test]
            async fn two_commits_may_be_overtaken() {
                every_two_places(&super::STORY, $empty, Fault::Overtaken).await;
            }
        })*
    };
}

pub(super) use story_fails_twice;

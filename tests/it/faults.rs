//! The n-th store operation fails, loses its answer or its race, or the process dies there, for every n of the
//! main story here, and of the further stories by [`twice`], which also has a second fault strike at several distances
//! after the first; and afterwards everything still holds and the story comes to the same end.

mod afterwards;
mod changes;
mod controls;
mod leaving;
mod mails;
mod roster;
mod standby;
mod story;
mod thread;
mod told;
mod twice;
mod undone;

use std::collections::BTreeSet;
use std::sync::Arc;

use crewcall::store::Store;
use crewcall_dispatch::cascade::{AuditEvent, CallStatus, Command, Fact};
use crewcall_dispatch::model::CharterId;
use jiff::{SignedDuration, Timestamp};

use crate::store::conformance::{TestStore, every_store};
use crate::support::faulty::{Fault, Faulty};
use crate::support::invariants;
use crate::support::office::{Office, START, operator};
use mails::{Doubts, Mails, left_as_told};
use story::{ABOARD, AMERICA, COMMANDS, HAPPENS, MAILS, STARS, Teller};
use twice::At;

/// The usual office, with a window so short that the clock takes few steps through it: each step is
/// an operation that may fail.
fn office(store: Arc<dyn Store>, now: Timestamp) -> Office {
    let mut operator = operator();
    operator.policy.response_window = SignedDuration::from_mins(6);
    operator.policy.grace = SignedDuration::from_mins(1);
    Office::run_by(operator, store, now)
}

/// The story as it goes when nothing fails.
async fn undisturbed(store: TestStore) {
    story::hire(store.store.clone()).await;
    let office = office(store.store.clone(), START.parse().unwrap());
    let mut acknowledged = Vec::new();
    let teller =
        Teller { office: &office, stored: &*store.store, dead: &|| false, acknowledged: &mut acknowledged };
    teller.tell().await.unwrap();
    ends_well(&office, &acknowledged, Fault::Before).await;
    left_as_told(&office.mailbox.list(), &expected(), &Doubts::default());
    let happened = serde_json::to_string(&audit(&office).await).unwrap();
    for fact in HAPPENS {
        assert!(happened.contains(&format!("\"fact\":\"{fact}\"")), "the story is without {fact}");
    }
}

/// Runs the story on a store in which the fault strikes in the n-th place; then opens the store anew, goes on
/// from what is left, and looks. Says whether the story has so many places.
async fn survives(store: TestStore, n: usize, fault: Fault) -> bool {
    story::hire(store.store.clone()).await;
    let mut acknowledged = Vec::new();
    let (mut mails, now, struck) = {
        let faulty = Arc::new(Faulty::failing_at(store.store.clone(), n, fault));
        let office = office(faulty.clone(), START.parse().unwrap());
        let dead = || faulty.is_dead();
        let teller =
            Teller { office: &office, stored: &*store.store, dead: &dead, acknowledged: &mut acknowledged };
        let told = teller.tell().await;
        assert_eq!(told.is_err(), dead());
        (office.mailbox.list(), office.time.now(), faulty.has_struck())
    };

    let mut doubts = Doubts::default();
    if struck {
        doubts.add(fault, &*store.store).await;
    }
    let store = store.reopened();
    let office = office(store.store.clone(), now);
    invariants::hold(&office.app).await;
    let teller =
        Teller { office: &office, stored: &*store.store, dead: &|| false, acknowledged: &mut acknowledged };
    teller.tell().await.unwrap();
    invariants::hold(&office.app).await;
    ends_well(&office, &acknowledged, fault).await;

    mails.extend(office.mailbox.list());
    left_as_told(&mails, &expected(), &doubts);
    struck
}

/// Everyone is where the story leaves them, and every command that was acknowledged has happened as often
/// as it was.
async fn ends_well(office: &Office, acknowledged: &[(CharterId, Command)], fault: Fault) {
    let america = office.app.charter(&AMERICA.parse().unwrap()).await.unwrap();
    let stars = office.app.charter(&STARS.parse().unwrap()).await.unwrap();
    assert_eq!((america.status(), stars.status()), (CallStatus::Filled, CallStatus::Cancelled));
    let aboard: Vec<&str> = america.aboard().iter().map(|offer| offer.crew_id.as_str()).collect();
    assert_eq!(aboard, ABOARD);
    let given: BTreeSet<String> = acknowledged.iter().map(|given| format!("{given:?}")).collect();
    // Of the last that it did, a dying process says nothing.
    let unheard = usize::from(fault == Fault::DiesAfter);
    assert!((COMMANDS - unheard..=COMMANDS).contains(&given.len()), "{given:?}");
    let audit = audit(office).await;
    for (id, command) in acknowledged {
        let happened = audit.iter().filter(|event| event.charter_id == *id && is_of(command, event)).count();
        let heard = acknowledged.iter().filter(|given| **given == (id.clone(), command.clone())).count();
        assert!(
            (heard..=heard + unheard).contains(&happened),
            "{id} {command:?}: {happened} times, {heard} heard"
        );
    }
}

/// Everything that happened to both charters.
async fn audit(office: &Office) -> Vec<AuditEvent> {
    let mut audit = Vec::new();
    for id in [AMERICA, STARS] {
        audit.extend(office.app.audit(&id.parse().unwrap()).await.unwrap());
    }
    audit
}

/// Whether this is what the command was for.
fn is_of(command: &Command, event: &AuditEvent) -> bool {
    match (command, &event.fact) {
        (Command::Start, Fact::CallStarted { .. }) | (Command::Cancel, Fact::CharterCancelled) => true,
        (Command::Accept(no), Fact::OfferAccepted { offer })
        | (Command::Decline(no), Fact::OfferDeclined { offer, .. })
        | (Command::Undo(no), Fact::AcceptUndone { offer }) => no == offer,
        _ => false,
    }
}

/// The mails that leave in the story.
fn expected() -> Mails {
    MAILS.map(|(mail, times)| (mail.to_owned(), times)).into()
}

async fn every_place(store: &str, empty: impl AsyncFn() -> TestStore, fault: Fault) {
    undisturbed(empty().await).await;
    let step = step(store);
    let (mut runs, mut faults, mut missed) = (0, 0, 0);
    // Several mails are under way at once: a store with threads of its own takes a few operations more or less
    // each time, so the first story that is over before the fault is not the last.
    while missed < if step == 1 { 4 } else { 1 } {
        let _at = At((fault, runs * step));
        match survives(empty().await, runs * step, fault).await {
            true => (faults, missed) = (faults + 1, 0),
            false => missed += 1,
        }
        runs += 1;
    }
    println!("{runs} runs, {faults} faults, one place of {step}");
    assert!(faults > if fault.is_of_commits() { 60 } else { 200 } / step, "the story is short");
}

/// Of how many places one is tried. A story takes seconds where each operation crosses a network.
fn step(store: &str) -> usize {
    match store {
        "memory_store" | "sqlite_store" => 1,
        "dynoxide_store" => 60,
        _ => 150,
    }
}

macro_rules! faults {
    ($($store:ident: $empty:ident,)*) => {
        $(mod $store {
            use crate::store::conformance::$empty;
            use crate::support::faulty::Fault;

            #[tokio::test]
            async fn any_operation_may_fail() {
                super::every_place(stringify!($store), $empty, Fault::Before).await;
            }

            #[tokio::test]
            async fn any_commit_may_lose_its_answer() {
                super::every_place(stringify!($store), $empty, Fault::After).await;
            }

            #[tokio::test]
            async fn any_commit_may_be_overtaken() {
                super::every_place(stringify!($store), $empty, Fault::Overtaken).await;
            }

            #[tokio::test]
            async fn the_process_may_die_before_any_operation() {
                super::every_place(stringify!($store), $empty, Fault::DiesBefore).await;
            }

            #[tokio::test]
            async fn the_process_may_die_after_any_commit() {
                super::every_place(stringify!($store), $empty, Fault::DiesAfter).await;
            }
        })*
    };
}

every_store!(faults);

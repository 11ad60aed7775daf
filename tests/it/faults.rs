//! The n-th store operation fails, or the process dies there, for every n of the main story; and
//! afterwards everything still holds and the story comes to the same end.

use std::sync::Arc;

use crewcall::store::{MemoryStore, SqliteStore, Store};
use crewcall_dispatch::cascade::{CallStatus, Command, OfferState};
use crewcall_dispatch::model::CharterId;
use jiff::{SignedDuration, Timestamp};

use crate::support::faulty::{Fault, Faulty};
use crate::support::invariants;
use crate::support::office::{Office, START, operator};

const SEATS: &[(&str, u32)] = &[("captain", 1), ("deckhand", 2)];

/// The main story, with every step given again until it is known to have been done: a captain does
/// not answer, the next one accepts, one of the crew declines, the boat is crewed. `false` when the
/// process has died under it.
async fn story(office: &Office, dead: impl Fn() -> bool) -> bool {
    macro_rules! until_done {
        ($step:expr) => {
            loop {
                match $step.await {
                    Ok(done) => break done,
                    Err(_) if dead() => return false,
                    Err(_) => {}
                }
            }
        };
    }
    let id = until_done!(office.book("ch", (16, 19), SEATS));
    let started = office.run(&id, Command::Start).await;
    if started.is_err() {
        // The answer was lost, or nothing happened: the charter says which.
        let state = until_done!(office.app.charter(&id));
        if state.status() == CallStatus::Draft {
            until_done!(office.run(&id, Command::Start));
        }
    }
    for _ in 0..8 {
        let _ = crewcall::tick::tick(office.time.outbox()).await;
        let _ = crewcall::tick::tick(office.time.outbox()).await;
        if !answer_as_scripted(office, &id).await {
            return false;
        }
        let crewed = office.app.charter(&id).await.is_ok_and(|state| state.status() == CallStatus::Filled);
        if crewed || dead() {
            break;
        }
        let _ = office.time.advance_to_next().await;
    }
    let _ = crewcall::tick::tick(office.time.outbox()).await;
    let _ = crewcall::tick::tick(office.time.outbox()).await;
    !dead()
}

/// The usual office, with a window so short that the clock takes few steps through it: each step is
/// an operation that may fail.
fn office(store: Arc<dyn Store>, now: Timestamp) -> Office {
    let mut operator = operator();
    operator.policy.response_window = SignedDuration::from_mins(6);
    operator.policy.grace = SignedDuration::from_mins(1);
    Office::run_by(operator, store, now)
}

/// Dana never answers, Lee cannot, everyone else says yes as soon as they are asked, and presses the
/// button again when the page says that it did not work. `false` if that never helps.
async fn answer_as_scripted(office: &Office, id: &CharterId) -> bool {
    for _ in 0..5 {
        let Ok(state) = office.app.charter(id).await else { continue };
        let mut all_done = true;
        for offer in state.open_offers().filter(|offer| offer.state == OfferState::Sent) {
            let command = match offer.crew_id.as_str() {
                "dana" => continue,
                "lee" => Command::Decline(offer.no),
                _ => Command::Accept(offer.no),
            };
            all_done &= office.run(id, command).await.is_ok();
        }
        if all_done {
            return true;
        }
    }
    false
}

/// Runs the story on a store that fails at operation `n`; then starts anew on what is left, carries
/// on, and looks.
async fn survives<S: Store>(inner: Arc<S>, n: usize, fault: Fault) {
    let faulty = Arc::new(Faulty::failing_at(inner.clone(), n, fault));
    let first = office(faulty.clone(), START.parse().unwrap());
    let dies = matches!(fault, Fault::DiesBefore | Fault::DiesAfter);
    let dead = || dies && faulty.operations() > n;
    story(&first, dead).await;
    let mails_before = first.mailbox.list();

    let again = office(inner, first.time.now());
    invariants::hold(&again.app).await;
    assert!(story(&again, || false).await);
    invariants::hold(&again.app).await;
    let state = again.app.charter(&"ch".parse().unwrap()).await.unwrap();
    assert_eq!(state.status(), CallStatus::Filled, "{fault:?} at {n}");
    let aboard: Vec<String> = state.aboard().iter().map(|offer| offer.crew_id.to_string()).collect();
    assert_eq!(aboard, ["gene", "sam", "zoe"].map(String::from), "{fault:?} at {n}");

    // Each mail left once; twice at the most where an answer was lost, and then with the same link.
    let mut copies = std::collections::BTreeMap::<String, Vec<String>>::new();
    for arrived in mails_before.into_iter().chain(again.mailbox.list()) {
        copies.entry(arrived.mail.key).or_default().push(arrived.mail.message_id.to_string());
    }
    for (key, ids) in copies {
        assert!(
            ids.len() <= 2 && ids.iter().all(|id| *id == ids[0]),
            "{key} left {} times ({fault:?} at {n})",
            ids.len()
        );
    }
}

/// How many operations the undisturbed story takes.
async fn operations(inner: Arc<dyn Store>) -> usize {
    Office::new(inner.clone()).await;
    let counting = Arc::new(Faulty::counting(inner));
    let office = office(counting.clone(), START.parse::<Timestamp>().unwrap());
    assert!(story(&office, || false).await);
    let state = office.app.charter(&"ch".parse().unwrap()).await.unwrap();
    assert_eq!(state.status(), CallStatus::Filled);
    counting.operations()
}

#[tokio::test]
async fn any_operation_may_fail_or_be_the_last_in_memory() {
    let total = operations(Arc::new(MemoryStore::new())).await;
    assert!(total > 80, "the story takes only {total} operations");
    for n in 0..total {
        for fault in Fault::ALL {
            let inner = Arc::new(MemoryStore::new());
            Office::new(inner.clone()).await;
            survives(inner, n, fault).await;
        }
    }
    println!("{} runs of {total} operations", total * Fault::ALL.len());
}

#[tokio::test]
async fn any_operation_may_fail_or_be_the_last_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: String| Arc::new(SqliteStore::open(folder.path().join(name)).unwrap());
    let total = operations(open("counted.db".into())).await;
    for n in 0..total {
        for fault in Fault::ALL {
            let name = format!("{n}-{fault:?}.db");
            let inner = open(name.clone());
            Office::new(inner.clone()).await;
            survives(inner, n, fault).await;
            std::fs::remove_file(folder.path().join(name)).unwrap();
        }
    }
}

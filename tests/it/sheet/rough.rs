//! Rough days: the store fails in each of its operations during a round, the process dies there, two processes are at it at
//! once, people type and answer, and Google refuses or loses answers. Once it is quiet, nothing is lost, and both sides say
//! the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crewcall::app::App;
use crewcall::google::Patience;
use crewcall::sheet::{SheetEvent, Sync, What, history};
use crewcall::store::{MemoryStore, Store};
use crewcall_dispatch::model::Availability;
use crewcall_dispatch::sheet::letters;
use crewcall_google_peer::{Call, Fault as Peers};
use fastrand::Rng;

use super::desk::Desk;
use crate::support::faulty::{Fault, Faulty};
use crate::support::office::operator;

/// A desk on this store, with the sheet in step, and news on both sides.
async fn with_news(store: Arc<dyn Store>) -> Desk {
    let desk = Desk::on(store).await;
    desk.sync().await;
    desk.sheet.edit("June Availability!B3", "N");
    desk.sheet.edit("Roster!B2", "dana.reyes@example.com");
    desk.sheet.edit("Roster!A6", "Kim Vale");
    desk.sheet.edit("Roster!C6", "Host");
    desk.answer("gene-hart", 26, "unavailable").await;
    let ana = serde_json::json!({ "crew_id": "ana-cole", "name": "Ana Cole", "rank": "mate" });
    desk.office.import(&[serde_json::from_value(ana).unwrap()]).await;
    desk
}

/// The same sheet and clock, with another store before that one.
fn through(desk: &Desk, store: Arc<dyn Store>) -> Sync {
    let app = App::new(store, desk.office.app.clock.clone(), operator());
    Sync { app: Arc::new(app), ..desk.sync.clone() }
}

/// Rounds until nothing is left to do.
async fn quiet(desk: &Desk) {
    for _ in 0..8 {
        // Whoever died at it holds it for five minutes.
        desk.office.advance("6m").await;
        let Ok(round) = desk.try_sync().await else { continue };
        if round.plan.edits.is_empty() && round.plan.changes.is_empty() && round.waits.is_none() {
            return;
        }
    }
    panic!("it does not become quiet");
}

async fn check(desk: &Desk, what: &str) {
    quiet(desk).await;
    assert_eq!(desk.says("lee-park", 22).await.as_deref(), Some("N"), "{what}");
    assert_eq!(desk.member("dana-reyes").await.email.unwrap().as_str(), "dana.reyes@example.com", "{what}");
    assert_eq!(desk.member("kim-vale").await.rank.as_str(), "host", "{what}");
    assert_eq!(desk.shows("June Availability!F4"), "unavailable", "{what}");
    let names = desk.sheet.read("Roster!A2:A9").concat().join("|");
    assert_eq!(names.matches("Ana Cole").count(), 1, "{what}: {names}");
    assert_eq!(desk.sheet.read("Roster!F2:F9").concat().join("|").matches("kim-vale").count(), 1, "{what}");
    // What was taken is on record, once; or, if somebody died in between, that it was found on both sides.
    let events = history(&*desk.office.app.store).await.unwrap();
    let of = |what: What| {
        events.iter().filter(|event| event.what == what && event.cell == "June Availability!B3").count()
    };
    assert!(of(What::Taken) <= 1 && of(What::Taken) + of(What::Agreed) >= 1, "{what}: {events:?}");
    let of = |what: What| {
        events.iter().filter(|event| event.what == what && event.cell == "June Availability!F4").count()
    };
    assert!(of(What::Written) + of(What::Agreed) >= 1, "{what}: {events:?}");
}

#[tokio::test]
async fn the_store_fails_in_each_operation_of_a_round() {
    for fault in Fault::ALL {
        for place in 0.. {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let desk = with_news(store.clone()).await;
            let faulty = Arc::new(Faulty::failing_at(store, place, fault));
            let _ = through(&desk, faulty.clone()).sync().await;
            if !faulty.has_struck() {
                assert!(place > 3, "{fault:?} has {place} places only");
                break;
            }
            check(&desk, &format!("{fault:?} in place {place}")).await;
        }
    }
}

#[tokio::test]
async fn three_processes_at_once_do_everything_once() {
    for nth in 0..5 {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let desk = with_news(store.clone()).await;
        let (one, other) = (through(&desk, store.clone()), through(&desk, store.clone()));
        let _ = tokio::join!(one.sync(), other.sync(), desk.sync.sync());
        check(&desk, &format!("three at once, {nth}")).await;
        let events = history(&*store).await.unwrap();
        let is_kim = |event: &&SheetEvent| {
            event.crew_id.as_deref() == Some("kim-vale") && event.item.as_deref() == Some("name")
        };
        let kims: Vec<_> = events.iter().filter(is_kim).collect();
        assert_eq!(kims.len(), 1, "{kims:?}");
    }
}

const IDS: [&str; 4] = ["dana-reyes", "lee-park", "gene-hart", "sam-ortiz"];

fn cell(person: usize, day: i8) -> String {
    let column = letters(usize::try_from(day - 21).unwrap());
    format!("June Availability!{column}{}", person + 2)
}

fn a_fault(rng: &mut Rng, spreadsheet: &str) -> Peers {
    let after_effect = rng.bool();
    match rng.u8(..5) {
        0 => Peers::TooMany { retry_after: None },
        1 => Peers::ServerError { code: 500, after_effect },
        2 => Peers::Reset { after_effect },
        3 => Peers::Hang { after_effect },
        _ => Peers::Sorted { spreadsheet: spreadsheet.to_owned(), range: "Roster!A2:F5".into(), column: 1 },
    }
}

/// A day of an office from a seed, at a Google that fails now and then. Everything that is said is said once, so that it is
/// known what each cell has to say.
async fn day_from_seed(seed: u64) {
    let desk = Desk::with(Patience { answer: Duration::from_millis(400), ..Patience::SHORT }).await;
    desk.sync().await;
    let mut rng = Rng::with_seed(seed);
    let mut said: BTreeMap<(usize, i8), String> = BTreeMap::new();
    for minute in 10..30 {
        let (person, day) = (rng.usize(..4), rng.i8(22..28));
        match rng.u8(..10) {
            0..=2 => {
                let words = format!("after 10:{minute}");
                desk.sheet.edit(&cell(person, day), &words);
                said.insert((person, day), words);
            }
            3..=4 => {
                let words = format!("after 14:{minute}");
                desk.answer(IDS[person], day, &words).await;
                said.insert((person, day), words);
            }
            5 => desk.peer.inject(Call::SheetsWrite, a_fault(&mut rng, desk.sheet.id()), 1),
            6 => desk.peer.inject(Call::SheetsRead, Peers::ServerError { code: 503, after_effect: false }, 1),
            _ => drop(desk.try_sync().await),
        }
        desk.office.advance("30s").await;
    }
    quiet(&desk).await;
    for ((person, day), words) in &said {
        let cell = cell(*person, *day);
        let (store, shows) = (desk.says(IDS[*person], *day).await.unwrap_or_default(), desk.shows(&cell));
        let meaning = |words: &str| Availability::parse(words).meaning();
        assert_eq!(meaning(&store), meaning(&shows), "seed {seed}: {cell}");
        // Of two things that were said between two rounds one counts, and the note has both.
        let note = desk.sheet.note(&cell);
        assert!(
            store == *words || note.contains(words.as_str()),
            "seed {seed}: {words:?} of {cell} is lost; it says {store:?}, with the note {note:?}"
        );
    }
}

#[tokio::test]
async fn days_from_seeds_at_a_google_that_fails() {
    for seed in 0..12 {
        day_from_seed(seed).await;
    }
}

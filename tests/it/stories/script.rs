//! One long script of commands at random, given on every store, the mails worked off one by one: every answer is the
//! same, and in the end so is every row, item by item.

use std::sync::Arc;

use crewcall::app::{App, OutboxRow, Pages};
use crewcall::clock::{Clock, MovableClock};
use crewcall::mail::mailbox::Mailbox;
use crewcall::outbox::Outbox;
use crewcall::store::{Key, Listing, Scan, Table};
use crewcall_dispatch::cascade::{CharterState, Command, OfferNo};
use crewcall_dispatch::model::CharterId;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::store::conformance::one_of_every_kind;
use crate::store::dice::Dice;
use crate::support::office::{Office, START, booking, caller, operator, people};

const CHARTERS: [(&str, (u32, u32)); 3] = [("ch1", (10, 13)), ("ch2", (12, 15)), ("ch3", (16, 19))];
const STEPS: usize = 120;

/// All that a row says, its body as JSON.
type Item = (Key, u64, Value, Option<Listing>, Option<Timestamp>);

/// What came of a script: the answer to each step, and what is stored at the end.
#[derive(Debug, PartialEq)]
struct Told {
    answers: Vec<String>,
    items: Vec<Item>,
}

#[tokio::test]
async fn the_same_script_leaves_the_same_items_in_every_store() {
    for seed in [1, 2] {
        let mut first: Option<(&str, Told)> = None;
        for (name, store) in one_of_every_kind().await {
            let told = tell(store.store.clone(), seed).await;
            let given = told.answers.iter().filter(|answer| !answer.starts_with("no: ")).count();
            assert!(given > STEPS / 3, "only {given} of {STEPS} commands were carried out");
            let Some((other, expected)) = &first else {
                first = Some((name, told));
                continue;
            };
            for (step, (ours, theirs)) in told.answers.iter().zip(&expected.answers).enumerate() {
                assert_eq!(ours, theirs, "{name} and {other}, seed {seed}, step {step}");
            }
            for (ours, theirs) in told.items.iter().zip(&expected.items) {
                assert_eq!(ours, theirs, "{name} and {other}, seed {seed}");
            }
            assert_eq!(told, *expected);
        }
    }
}

async fn tell(store: Arc<dyn Scan>, seed: u64) -> Told {
    Office::on(store.clone(), START.parse().unwrap()).import(&people()).await;
    let clock = Arc::new(MovableClock::frozen(START.parse().unwrap()));
    let app = Arc::new(App::new(store.clone(), clock.clone(), operator()));
    let outbox = Outbox { app: app.clone(), transport: Arc::new(Mailbox::new()) };
    for (id, hours) in CHARTERS {
        let seats = [("captain", 1), ("deckhand", 2)];
        let charter = booking(id, hours, &seats).check(&app.operator.zone).unwrap();
        app.book(charter, &caller()).await.unwrap();
    }
    let (mut dice, mut answers) = (Dice(seed), Vec::new());
    for _ in 0..STEPS {
        let id: CharterId = CHARTERS[dice.roll(CHARTERS.len())].0.parse().unwrap();
        let state = app.charter(&id).await.unwrap();
        let answer = match command(&mut dice, &state, clock.now()) {
            Some(command) => match app.run(&id, &command, &caller()).await {
                Ok(state) => serde_json::to_string(&state).unwrap(),
                Err(error) => format!("no: {command:?}: {error}"),
            },
            None => {
                let minutes = 10 + 20 * dice.roll(6) as i64;
                clock.move_to(clock.now() + SignedDuration::from_mins(minutes));
                format!("{minutes} minutes later")
            }
        };
        answers.push(answer);
        app.beat(Pages::Served).await.unwrap();
        work_off(&app, &outbox).await;
    }
    Told { answers, items: items(&*store).await }
}

/// A command that somebody might give now; `None` to let time go by.
fn command(dice: &mut Dice, state: &CharterState, now: Timestamp) -> Option<Command> {
    let crew_id = ["dana", "gene", "maya", "lee", "sam", "zoe"][dice.roll(6)].parse().unwrap();
    let reason = "said so".to_owned();
    let offers = state.offers.len();
    let any = OfferNo(1 + dice.roll(offers.max(1)) as u32);
    let last = OfferNo(offers.max(1) as u32);
    Some(match dice.roll(24) {
        0..5 => Command::Accept(last),
        5 => Command::Accept(any),
        6 | 7 => Command::Decline(last),
        8 => Command::Undo(any),
        9 => Command::DropOut(any),
        10..13 => Command::Start,
        13 => Command::Pause,
        14 => Command::Resume,
        15 => Command::Skip { crew_id, reason },
        16 => Command::AskNow { crew_id },
        17 => Command::Assign { position: "deckhand".parse().unwrap(), crew_id, reason },
        18 => Command::Release { crew_id, reason },
        19 => Command::Extend { crew_id, until: now + SignedDuration::from_hours(3) },
        20 => Command::Note { text: "Fuel is low 🚤".into() },
        21 if dice.roll(4) == 0 => Command::Cancel,
        21 => Command::Restore,
        _ => return None,
    })
}

/// Everything that is due, one after the other: side by side mails leave in an order of their own each time.
async fn work_off(app: &Arc<App>, outbox: &Outbox) {
    loop {
        let now = app.clock.now();
        if let Some(row) = app.store.due(Table::Charter, now, 1).await.unwrap().pop() {
            let id: CharterId = row.key.id.parse().unwrap();
            app.run(&id, &Command::Settle, &crewcall::app::Caller::tick()).await.unwrap();
        } else if let Some(row) = app.store.due(Table::Outbox, now, 1).await.unwrap().pop() {
            outbox.work(row.parse::<OutboxRow>().unwrap()).await.unwrap();
        } else {
            return;
        }
    }
}

async fn items(store: &dyn Scan) -> Vec<Item> {
    let (mut items, mut place) = (Vec::new(), None);
    loop {
        let page = store.scan(place.as_deref()).await.unwrap();
        items.extend(page.rows.into_iter().map(|row| {
            let body = serde_json::from_str(&row.body).unwrap();
            (row.key, row.version, body, row.listing, row.due_at)
        }));
        place = page.next;
        if place.is_none() {
            items.sort_by(|one: &Item, next| one.0.cmp(&next.0));
            return items;
        }
    }
}

//! A story of one charter, told on a store that fails: each step is given again until it is known to be done, and
//! has one effect. Where the process dies, another one goes on from what is in the store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crewcall::app::{AppError, Given, Pages};
use crewcall::mail::mailbox::Arrived;
use crewcall::store::{Expect, GET_KEYS, Key, Row, Store, Table, Write, read};
use crewcall::tick::tick;
use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, OfferNo, OfferState};
use crewcall_dispatch::model::{CharterId, CrewMember};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use super::mails::Doubts;
use crate::store::conformance::TestStore;
use crate::support::faulty::{Fault, Faulty, Places};
use crate::support::invariants;
use crate::support::office::{Office, START, caller};
use crate::support::watched::Watched;

/// What is done to one charter, one step after the other, until every seat is taken.
pub(super) struct Story {
    /// A step, given how the charter stands; `None` at the end.
    pub(super) steps: fn(usize, &CharterState) -> Option<Step>,
    /// What the audit says of the steps and of what followed, in order.
    pub(super) happens: &'static [&'static str],
}

/// The latest offer to somebody.
pub(super) fn latest(state: &CharterState, who: &str) -> OfferNo {
    state.offers.iter().rfind(|offer| offer.crew_id.as_str() == who).expect("somebody who was asked").no
}

/// One step of a story.
pub(super) enum Step {
    /// The office books the charter, which begins every story.
    Book,
    /// Somebody gives a command.
    Give(Command),
    /// Somebody gives a command once the boat has left.
    After(Command),
    /// Somebody gives a command that would have its effect each time, from a page with a key of its own.
    Press(Command),
    /// The same of a program. Its request is the key's other half.
    Request(Command),
    /// The roster says something else of somebody.
    Import(CrewMember),
    /// Somebody takes the day of the sail off, on their own page.
    Off(&'static str),
}

/// A step and what followed from it, until all mails of it are out.
pub(super) struct Chapter {
    /// The rows at its beginning, by key; their versions are no matter.
    rows: BTreeMap<Key, Row>,
    /// The mails that had arrived by then.
    pub(super) arrived: Vec<Arrived>,
    /// The operations that it takes when nothing fails.
    pub(super) places: Places,
}

/// How a story went.
pub(super) struct Told {
    pub(super) arrived: Vec<Arrived>,
    pub(super) doubts: Doubts,
    /// The faults that did not strike, as the story was over.
    pub(super) left: usize,
}

/// How often something is done again, far more than it takes after two faults.
const ATTEMPTS: usize = 8;

/// The process died under the story.
struct Died;

fn start() -> Timestamp {
    START.parse().unwrap()
}

/// An hour after the boat has left.
fn departed() -> Timestamp {
    "2026-06-27T17:00:00-07:00".parse().unwrap()
}

/// Tells a story while nothing fails, each chapter by a process of its own. The last chapter is empty: the end.
pub(super) async fn undisturbed(story: &Story, store: TestStore) -> Vec<Chapter> {
    let watched = Arc::new(Watched::new(store.store.clone()));
    Office::new(watched.clone()).await;
    let mut people = People { story, done: 0, at: None };
    let (mut chapters, mut arrived) = (Vec::new(), Vec::new());
    loop {
        let (rows, before) = (watched.rows().await, arrived.clone());
        let faulty = Arc::new(Faulty::counting(watched.clone()));
        let office = Office::on(faulty.clone(), start());
        let goes_on = people.one_chapter(&office, &faulty, &*watched).await.is_ok_and(|goes_on| goes_on);
        chapters.push(Chapter { rows, arrived: before, places: faulty.passed() });
        if !goes_on {
            ends_well(story, &office).await;
            return chapters;
        }
        assert!([start(), departed()].contains(&office.time.now()), "a mail was late");
        arrived.extend(office.mailbox.list());
    }
}

/// Tells a story from the beginning of one of its chapters while these faults strike, each counted from the one
/// before, and looks whether everything holds and has come as it does in the story. Once they have struck and
/// everything is stored as if they had not, what follows is known, and is not told.
pub(super) async fn tell(
    story: &Story,
    chapters: &[Chapter],
    from: usize,
    mut store: TestStore,
    mut faults: &[(usize, Fault)],
) -> Told {
    restore(&chapters[from].rows, &*store.store).await;
    let mut told = Told { arrived: chapters[from].arrived.clone(), doubts: Doubts::default(), left: 0 };
    let mut now = start();
    let mut people = People { story, done: from, at: None };
    loop {
        let went = {
            let faulty = Arc::new(Faulty::failing(store.store.clone(), faults));
            let office = Office::on(faulty.clone(), now);
            let went = people.go_on(&office, &faulty, &*store.store, chapters).await;
            told.arrived.extend(office.mailbox.list());
            told.left = faulty.left().len();
            now = office.time.now();
            went
        };
        let (struck, left) = faults.split_at(faults.len() - told.left);
        for (_, fault) in struck {
            told.doubts.add(*fault, &*store.store).await;
        }
        faults = left;
        store = store.reopened();
        let office = Office::on(store.store.clone(), now);
        invariants::hold(&office.app).await;
        match went {
            Err(Died) => {}
            Ok(Went::ToTheEnd) => {
                ends_well(story, &office).await;
                return told;
            }
            Ok(Went::AsBefore) => {
                let [.., end] = chapters else { unreachable!() };
                told.arrived.extend_from_slice(&end.arrived[chapters[people.done].arrived.len()..]);
                return told;
            }
        }
    }
}

/// Writes the rows into an empty store.
async fn restore(rows: &BTreeMap<Key, Row>, store: &dyn Store) {
    let rows: Vec<Row> = rows.values().cloned().collect();
    for some in rows.chunks(20) {
        let put = |Row { key, body, listing, due_at, .. }| {
            let expect = Expect::Absent;
            Write::Put { key, expect, body, listing, due_at }
        };
        store.commit(some.iter().cloned().map(put).collect()).await.unwrap();
    }
}

/// Whether the store has the rows of a chapter's beginning, and of all that the story ever writes no others.
async fn is_stored(chapter: &Chapter, end: &Chapter, stored: &dyn Store) -> bool {
    let keys: BTreeSet<&Key> = chapter.rows.keys().chain(end.rows.keys()).collect();
    let keys: Vec<Key> = keys.into_iter().cloned().collect();
    let said = |row: &Row| (row.body.clone(), row.listing.clone(), row.due_at);
    for some in keys.chunks(GET_KEYS) {
        let found = stored.get(some).await.unwrap();
        let mut both = some.iter().zip(&found);
        if !both.all(|(key, found)| found.as_ref().map(said) == chapter.rows.get(key).map(said)) {
            return false;
        }
    }
    true
}

async fn ends_well(story: &Story, office: &Office) {
    assert_eq!(happened(office).await, story.happens);
    let state = office.app.charter(&charter()).await.unwrap();
    assert_eq!(state.status(), CallStatus::Filled);
    assert!(state.offers.iter().all(|offer| offer.state != OfferState::Queued));
    assert!(invariants::outbox(&office.app).await.is_empty(), "something is still to be done");
}

/// The people of a story: whatever becomes of the process, they know what they have done and what they are at.
struct People<'a> {
    story: &'a Story,
    /// The steps that are done: where all mails are out, the number of the chapter that begins.
    done: usize,
    at: Option<Doing>,
}

/// What they are at. A button is pressed again as it was, whatever has become of the charter meanwhile.
enum Doing {
    Step(Box<Step>),
    /// All mails of what was done are to leave first.
    Waiting,
}

/// How far a story was told.
enum Went {
    ToTheEnd,
    /// To where everything is as it is when nothing fails.
    AsBefore,
}

impl People<'_> {
    async fn go_on(
        &mut self,
        office: &Office,
        faulty: &Faulty,
        stored: &dyn Store,
        chapters: &[Chapter],
    ) -> Result<Went, Died> {
        let [.., end] = chapters else { unreachable!() };
        while self.one_chapter(office, faulty, stored).await? {
            let is_due = faulty.left().is_empty() && office.time.now() == start();
            if is_due && is_stored(&chapters[self.done], end, stored).await {
                return Ok(Went::AsBefore);
            }
        }
        Ok(Went::ToTheEnd)
    }

    /// Says `false` if the story is over.
    async fn one_chapter(
        &mut self,
        office: &Office,
        faulty: &Faulty,
        stored: &dyn Store,
    ) -> Result<bool, Died> {
        let teller = Teller { office, faulty, stored };
        if self.at.is_none() {
            let Some(step) = self.next(stored).await else { return Ok(false) };
            self.at = Some(Doing::Step(Box::new(step)));
        }
        if let Some(Doing::Step(step)) = &self.at {
            teller.give(step, self.done).await?;
            self.done += 1;
            self.at = Some(Doing::Waiting);
        }
        teller.deliver().await?;
        self.at = None;
        Ok(true)
    }

    async fn next(&self, stored: &dyn Store) -> Option<Step> {
        let Some(step) = self.done.checked_sub(1) else { return Some(Step::Book) };
        let state = read::<CharterState>(stored, "ch").await.unwrap().unwrap().value;
        (self.story.steps)(step, &state)
    }
}

struct Teller<'a> {
    office: &'a Office,
    faulty: &'a Faulty,
    /// The same rows without the faults: what people see in their mail.
    stored: &'a dyn Store,
}

impl Teller<'_> {
    async fn give(&self, step: &Step, number: usize) -> Result<(), Died> {
        let (app, id, key) = (&self.office.app, charter(), format!("step {number}"));
        match step {
            Step::Book => {
                let seats = [("captain", 1), ("deckhand", 2)];
                self.until_done(async || self.office.book("ch", (16, 19), &seats).await.map(drop)).await
            }
            Step::Give(command) => {
                self.until_done(async || self.office.run(&id, command.clone()).await.map(drop)).await
            }
            Step::After(command) => {
                self.office.clock.move_to(departed().max(self.office.time.now()));
                self.until_done(async || self.office.run(&id, command.clone()).await.map(drop)).await
            }
            Step::Press(command) => {
                let press = async || app.run_once(&id, command, &caller(), &key).await.map(drop);
                self.until_done(press).await?;
                // Pressed again, though the first answer was good.
                self.until_done(press).await
            }
            Step::Request(command) => {
                let request = async || {
                    let once = app.once("thread/ch", &caller(), &key, &format!("{command:?}"));
                    app.run_under(Some(&once), &id, command, &caller()).await.map(drop)
                };
                self.until_done(request).await?;
                self.until_done(request).await
            }
            Step::Import(member) => {
                let import = async || {
                    let changes = app.compare_roster(vec![Given::from(member)]).await?;
                    app.write_roster(&changes.unwrap()).await
                };
                self.until_done(import).await
            }
            Step::Off(who) => {
                let (who, days) = (who.parse().unwrap(), [date(2026, 6, 27)].into());
                let off = async || app.take_days_off(&who, &days, &caller()).await;
                self.until_done(async || off().await.map(|noted| assert!(noted))).await
            }
        }
    }

    async fn until_done(&self, step: impl AsyncFn() -> Result<(), AppError>) -> Result<(), Died> {
        for _ in 0..ATTEMPTS {
            match step().await {
                Ok(()) => return Ok(()),
                Err(AppError::Store(_)) if self.faulty.is_dead() => return Err(Died),
                Err(AppError::Store(_) | AppError::Superseded(_)) => {}
                Err(error) => panic!("refused: {error}"),
            }
        }
        panic!("a step fails for ever");
    }

    /// Does what is due until all mails are out. Whatever fails is due again, at once or when a claim runs out.
    async fn deliver(&self) -> Result<(), Died> {
        for attempt in 0..ATTEMPTS {
            if attempt > 1 {
                let _ = self.office.time.advance(SignedDuration::from_secs(30)).await;
            }
            let _ = tick(self.office.time.outbox(), Pages::Served).await;
            if self.faulty.is_dead() {
                return Err(Died);
            }
            if self.stored.next_due(Table::Outbox).await.unwrap().is_none() {
                return Ok(());
            }
        }
        panic!("a mail does not leave");
    }
}

fn charter() -> CharterId {
    "ch".parse().unwrap()
}

/// What happened, without what is only about mails; who was asked is named.
async fn happened(office: &Office) -> Vec<String> {
    let state = office.app.charter(&charter()).await.unwrap();
    let mut happened = Vec::new();
    for event in office.app.audit(&charter()).await.unwrap() {
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

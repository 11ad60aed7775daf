//! A story of one charter, told on a store that fails: each step is given again until it is known to be done, and
//! has one effect. Where the process dies, another one goes on from what is in the store.

use std::sync::Arc;

use crewcall::app::{AppError, Given};
use crewcall::mail::mailbox::Arrived;
use crewcall::store::{Store, Table, read};
use crewcall::tick::tick;
use crewcall_dispatch::cascade::{CallStatus, CharterState, Command, OfferNo, OfferState};
use crewcall_dispatch::model::{CharterId, CrewMember};
use jiff::{SignedDuration, Timestamp};

use super::mails::Doubts;
use crate::store::conformance::TestStore;
use crate::support::faulty::{Fault, Faulty, Places};
use crate::support::invariants;
use crate::support::office::{Office, START, caller};

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
    /// Somebody gives a command that would have its effect each time, from a page with a key of its own.
    Press(Command),
    /// The same of a program. Its request is the key's other half.
    Request(Command),
    /// The roster says something else of somebody.
    Import(CrewMember),
}

/// How a story went.
pub(super) struct Told {
    pub(super) arrived: Vec<Arrived>,
    pub(super) doubts: Doubts,
    /// The operations of the last process.
    pub(super) places: Places,
    /// The faults that did not strike, as the story was over.
    pub(super) left: usize,
}

/// How often something is done again, far more than it takes after two faults.
const ATTEMPTS: usize = 8;

/// The process died under the story.
struct Died;

/// Tells a story to its end while these faults strike, each counted from the one before, and looks whether
/// everything holds and has come as it does in the story.
pub(super) async fn tell(story: &Story, mut store: TestStore, faults: &[(usize, Fault)]) -> Told {
    Office::new(store.store.clone()).await;
    let mut told =
        Told { arrived: Vec::new(), doubts: Doubts::default(), places: Places::default(), left: 0 };
    let (mut faults, mut now): (_, Timestamp) = (faults, START.parse().unwrap());
    let mut people = People { story, done: 0, at: None };
    loop {
        let died = {
            let faulty = Arc::new(Faulty::failing(store.store.clone(), faults));
            let office = Office::on(faulty.clone(), now);
            let died = people.go_on(&office, &faulty, &*store.store).await.is_err();
            told.arrived.extend(office.mailbox.list());
            told.left = faulty.left().len();
            told.places = faulty.passed();
            now = office.time.now();
            died
        };
        let (struck, left) = faults.split_at(faults.len() - told.left);
        for (_, fault) in struck {
            told.doubts.add(*fault, &*store.store).await;
        }
        faults = left;
        store = store.reopened();
        let office = Office::on(store.store.clone(), now);
        invariants::hold(&office.app).await;
        if !died {
            ends_well(story, &office).await;
            return told;
        }
    }
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
    done: usize,
    at: Option<Doing>,
}

/// What they are at. A button is pressed again as it was, whatever has become of the charter meanwhile.
enum Doing {
    Booking,
    Step(Step),
    /// All mails of what was done are to leave first.
    Waiting,
}

impl People<'_> {
    async fn go_on(&mut self, office: &Office, faulty: &Faulty, stored: &dyn Store) -> Result<(), Died> {
        let teller = Teller { office, faulty, stored };
        loop {
            match self.at.get_or_insert(Doing::Booking) {
                Doing::Booking => {
                    let seats = [("captain", 1), ("deckhand", 2)];
                    teller.until_done(async || office.book("ch", (16, 19), &seats).await.map(drop)).await?;
                }
                Doing::Step(step) => {
                    teller.give(step, self.done).await?;
                    self.done += 1;
                }
                Doing::Waiting => {
                    teller.deliver().await?;
                    let state = read::<CharterState>(stored, "ch").await.unwrap().unwrap().value;
                    let Some(step) = (self.story.steps)(self.done, &state) else { return Ok(()) };
                    self.at = Some(Doing::Step(step));
                    continue;
                }
            }
            self.at = Some(Doing::Waiting);
        }
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
            Step::Give(command) => {
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
                    let changes = app.compare_roster(&[Given::from(member)]).await?;
                    app.write_roster(&changes.unwrap()).await
                };
                self.until_done(import).await
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

    /// Does what is due until all mails are out. Whatever fails is due again, if not at once.
    async fn deliver(&self) -> Result<(), Died> {
        for _ in 0..ATTEMPTS {
            let _ = tick(self.office.time.outbox()).await;
            if self.faulty.is_dead() {
                return Err(Died);
            }
            if self.stored.next_due(Table::Outbox).await.unwrap().is_none() {
                return Ok(());
            }
            let _ = self.office.time.advance(SignedDuration::from_secs(30)).await;
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

//! An office whose commits are measured.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::{CharterState, Command, OfferNo};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::invariants;
use crate::support::office::{Office, START, operator, person};
use crate::support::watched::Watched;

/// The captain's offer: the first of every charter.
pub(super) const CAPTAIN: OfferNo = OfferNo(1);

/// Who says this of the day can sail.
pub(super) const CAN: &str = "available";

/// And who says this cannot: no reason is longer.
pub(super) fn cannot() -> String {
    "\\".repeat(limits::REASON_BYTES)
}

/// What is committed between the commands.
const ELSE: &str = "mails, and whatever else is due";

/// How large a charter is, and how many people there are for each of its positions.
pub(super) struct Size {
    pub(super) seats: Vec<(&'static str, u32)>,
    pub(super) candidates: usize,
}

impl Size {
    pub(super) fn crew_seats(&self) -> usize {
        self.seats[1..].iter().map(|(_, seats)| *seats as usize).sum()
    }
}

/// One charter and its office.
pub(super) struct House {
    pub(super) office: Office,
    store: Arc<Watched>,
    id: CharterId,
    crew: Vec<CrewMember>,
    ask_at_once: u32,
    /// The items of the largest commit, by what it came from.
    figures: BTreeMap<&'static str, usize>,
}

impl House {
    /// The charter is booked.
    pub(super) async fn of(size: &Size) -> Self {
        Self::of_an_office(size, START.parse().unwrap(), 1).await
    }

    /// The same on another day, by an office that asks several at once when time runs out.
    pub(super) async fn of_an_office(size: &Size, now: Timestamp, ask_at_once: u32) -> Self {
        let crew: Vec<CrewMember> =
            size.seats[1..].iter().flat_map(|(rank, _)| people(rank, 0..size.candidates)).collect();
        // Of every rank some.
        let every = crew.len().div_ceil(limits::PAIRED_CREW);
        let paired: Vec<&str> = crew.iter().step_by(every).map(|member| member.crew_id.as_str()).collect();
        let dana = person("captain", "dana", 1, &paired);
        let store = Arc::new(Watched::new(Arc::new(MemoryStore::new())));
        let office = open(store.clone(), now, ask_at_once);
        office.import(&crew).await;
        office.import(&[dana]).await;
        store.largest_commit();
        let id = office.book("ch", (16, 19), &size.seats).await.unwrap();
        House { office, store, id, crew, ask_at_once, figures: BTreeMap::new() }
    }

    /// The captain is aboard, for whom another sail had waited, and the whole crew has its mails.
    pub(super) async fn that_asks_its_crew(size: &Size) -> Self {
        let mut house = Self::of(size).await;
        house.give("start", Command::Start).await;
        house.tick().await;
        let waits = house.office.book("waits", (16, 19), &[("captain", 1)]).await.unwrap();
        house.give_to(&waits, "start of one that waits", Command::Start).await;
        house.give("accept by the captain", Command::Accept(CAPTAIN)).await;
        house.tick().await;
        assert_eq!(house.open().await.len(), size.crew_seats());
        house
    }

    /// Gives the charter a command, and notes how large its commit is.
    pub(super) async fn give(&mut self, what: &'static str, command: Command) {
        let id = self.id.clone();
        self.give_to(&id, what, command).await;
    }

    pub(super) async fn give_to(&mut self, id: &CharterId, what: &'static str, command: Command) {
        self.note(ELSE);
        self.office.run(id, command).await.unwrap();
        self.note(what);
    }

    /// Notes the largest commit since the last note.
    fn note(&mut self, what: &'static str) {
        let items = self.store.largest_commit();
        let known = self.figures.entry(what).or_insert(0);
        *known = items.max(*known);
    }

    pub(super) async fn tick(&self) {
        assert_eq!(self.office.tick().await.failed, 0);
    }

    /// Time passes, and nobody looks at what is due, though people could answer all the time.
    pub(super) async fn later(&mut self, minutes: i64) {
        let now = self.office.time.now() + SignedDuration::from_mins(minutes);
        self.office = open(self.store.clone(), now, self.ask_at_once);
        self.office.app.beat_through().await.unwrap();
    }

    pub(super) async fn state(&self) -> CharterState {
        self.office.app.charter(&self.id).await.unwrap()
    }

    /// The offers that await an answer.
    pub(super) async fn open(&self) -> Vec<OfferNo> {
        self.state().await.open_offers().map(|offer| offer.no).collect()
    }

    /// Everyone who is asked or aboard, on whatever sail.
    pub(super) async fn asked(&self) -> BTreeSet<CrewId> {
        let charters = self.office.app.charters(None).await.unwrap();
        charters.iter().flat_map(|state| &state.offers).map(|offer| offer.crew_id.clone()).collect()
    }

    /// Some of the crew say of that day something else than before.
    pub(super) async fn say(&mut self, word: &str, who: impl Fn(&CrewMember) -> bool) {
        let some: Vec<CrewMember> =
            self.crew.iter().filter(|member| who(member)).map(|member| saying(member, word)).collect();
        self.import(&some).await;
    }

    /// Fills the roster up to its limit with people of these ranks, who all cannot sail.
    pub(super) async fn crowd(&mut self, ranks: &[&str]) {
        let room = limits::ROSTER_MEMBERS - self.crew.len() - 1;
        let crowd: Vec<CrewMember> = ranks
            .iter()
            .flat_map(|rank| people(rank, 1_000..1_000 + room / ranks.len()))
            .map(|member| saying(&member, &cannot()))
            .collect();
        self.import(&crowd).await;
    }

    /// What the roster's import commits is not for this test.
    async fn import(&mut self, people: &[CrewMember]) {
        self.note(ELSE);
        self.office.import(people).await;
        self.store.largest_commit();
    }

    /// Ends the story: whatever is left is carried out, and everything holds.
    pub(super) async fn figures(mut self) -> BTreeMap<&'static str, usize> {
        self.tick().await;
        self.note(ELSE);
        invariants::hold(&self.office.app).await;
        self.figures
    }
}

fn people(rank: &str, places: Range<usize>) -> impl Iterator<Item = CrewMember> {
    places.map(move |n| person(rank, &format!("{rank}-{n}"), n as u32, &[]))
}

/// The place in the list of the rank.
pub(super) fn place(member: &CrewMember) -> usize {
    member.cascade_order.unwrap() as usize
}

fn saying(member: &CrewMember, word: &str) -> CrewMember {
    let mut record = member.to_record();
    record.insert("availability".into(), json!({ "2026-06-27": word }));
    CrewMember::parse(&record).unwrap()
}

/// The office at some moment.
fn open(store: Arc<Watched>, now: Timestamp, ask_at_once: u32) -> Office {
    let mut operator = operator();
    let ranks = ["captain", "mate", "deckhand", "host", "cook", "engineer", "purser", "steward"];
    operator.ranks = ranks.map(|rank| rank.parse().unwrap()).into();
    operator.policy.ask_at_once = ask_at_once;
    operator.policy.response_window = SignedDuration::from_mins(5);
    Office::run_by(operator, store, now)
}

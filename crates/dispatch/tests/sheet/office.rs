//! An office at work on its sheet, and a store at the other end: what each did, and what must have come of it.

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::model::{Availability, CharterId, CrewId, CrewMember, Rank};
use crewcall_dispatch::sheet::{
    Batch, Book, Change, Field, Item, Known, Memory, Person, Plan, Reading, Says, Sides, Stop, plan,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde_json::json;

use crate::paper::{Copies, Paper, Sheet};

pub(crate) const NAMES: [&str; 5] = ["Dana Reyes", "Gene Hart", "Lee Park", "Sam Ortiz", "Kim Vale"];
pub(crate) const DAYS: [&str; 6] = ["6/22", "6/23", "6/24", "6/25", "6/26", "6/27"];
pub(crate) const TODAY: Date = date(2026, 6, 1);

pub(crate) fn day(heading: &str) -> Option<Date> {
    let place = DAYS.iter().position(|day| *day == heading)?;
    Date::new(2026, 6, 22 + i8::try_from(place).unwrap()).ok()
}

pub(crate) fn id_of(name: &str) -> CrewId {
    name.to_lowercase().replace(' ', "-").parse().unwrap()
}

/// The sheet, the store, and what is known of both.
pub(crate) struct Office {
    pub(crate) paper: Paper,
    pub(crate) store: BTreeMap<CrewId, CrewMember>,
    pub(crate) sails: BTreeMap<(CrewId, Date), Vec<CharterId>>,
    pub(crate) memory: Memory,
    pub(crate) ranks: Vec<Rank>,
    /// The batch of which it is not known what became of it.
    pub(crate) outstanding: Option<(Batch, Reading)>,
    /// A batch that has been sent and is carried out some time later, or never.
    pub(crate) hanging: Option<Batch>,
    batches: u32,
    /// Bytes of the largest request.
    pub(crate) room: usize,
    /// What people typed last, and whether anybody took note of it.
    pub(crate) typed: BTreeMap<(CrewId, Item), Said>,
    /// The same for what was changed in the store.
    pub(crate) answered: BTreeMap<(CrewId, Item), Said>,
    pub(crate) log: Vec<String>,
    /// Whether the log is kept.
    pub(crate) told: bool,
    pub(crate) steps: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) words: Option<String>,
    /// When, in steps of the script.
    pub(crate) at: usize,
    /// The other side had it since.
    pub(crate) taken: bool,
    /// It was kept as one of two things that were said at the same time.
    pub(crate) conflict: bool,
    /// It was what both sides had, so that nobody can see that it was typed.
    pub(crate) unseen: bool,
}

impl Said {
    pub(crate) fn new(words: Option<String>, at: usize) -> Self {
        Self { words, at, taken: false, conflict: false, unseen: false }
    }
}

impl Office {
    pub(crate) fn new(told: bool) -> Self {
        let roster = Sheet::new(
            1,
            "Roster",
            &[
                &["Name", "E-mail", "Rank", "Order", "Remarks"],
                &["Dana Reyes", "dana@example.com", "Captain", "1", ""],
                &["Gene Hart", "gene@example.com", "Captain", "2", "likes mornings"],
                &["Lee Park", "lee@example.com", "deckhand", "1", ""],
                &["Sam Ortiz", "sam@example.com", "deckhand", "2", ""],
            ],
        );
        let june = Sheet::new(
            2,
            "June Availability",
            &[
                &["Name", "6/22", "6/23", "6/24", "6/25", "6/26", "6/27"],
                &["Dana Reyes", "Y", "Y", "", "N", "", "Y"],
                &["Lee Park", "", "Y", "", "", "", ""],
                &["Gene Hart", "N", "", "Y", "AM only", "", "Y"],
                &["Sam Ortiz", "", "", "", "x", "", ""],
            ],
        );
        Self {
            paper: Paper { tabs: vec![roster, june], ..Paper::default() },
            store: BTreeMap::new(),
            sails: BTreeMap::new(),
            memory: Memory::default(),
            ranks: ["captain", "deckhand"].iter().map(|rank| rank.parse().unwrap()).collect(),
            outstanding: None,
            hanging: None,
            batches: 0,
            room: usize::MAX,
            typed: BTreeMap::new(),
            answered: BTreeMap::new(),
            log: Vec::new(),
            told,
            steps: 0,
        }
    }

    /// A step of the script, told if somebody wants to hear it.
    pub(crate) fn note(&mut self, line: impl FnOnce() -> String) {
        self.steps += 1;
        if self.told {
            self.log.push(line());
        }
    }

    pub(crate) fn known(&self) -> Known<'_> {
        Known {
            today: TODAY,
            ranks: &self.ranks,
            people: self.store.values().map(Person::of).collect(),
            answers: &self.memory.answers,
            charters: ["CH-1", "CH-2"].iter().map(|id| id.parse().unwrap()).collect(),
            bound: self.memory.bound(),
        }
    }

    pub(crate) fn plan(&self, book: &Book) -> Plan {
        let people = self.store.iter().collect();
        let sides = Sides { people, sails: self.sails.clone(), charters: Vec::new() };
        plan(book, &self.known(), &sides, &self.memory, Timestamp::UNIX_EPOCH)
    }

    /// One sync as the program does it. Says how much it had to do, and what it found.
    pub(crate) fn sync(&mut self, book: &Book, copies: &Copies, fate: Fate) -> (usize, Vec<Stop>) {
        // What an earlier batch wrote over, whose answer never came.
        if let Some((batch, reading)) = self.outstanding.take_if(|(batch, _)| batch.id == copies.0) {
            let overwrote = batch.settle(&copies.1, &reading, &mut self.memory);
            self.take_note();
            self.note(|| format!("found {} of batch {}: {overwrote:?}", copies.1.len(), batch.id));
            self.take_note();
        }
        let plan = self.plan(book);
        self.note(|| {
            format!(
                "planned {} changes, {} edits, asks {:?}, stops {:?}",
                plan.changes.len(),
                plan.edits.len(),
                plan.asks.iter().map(|ask| format!("{}: {}", ask.at, ask.why)).collect::<Vec<_>>(),
                plan.stops
            )
        });
        self.commit(&plan.changes);
        self.memory = plan.memory.clone();
        self.take_note();
        let stops = plan.stops.clone();
        let done = plan.changes.len() + plan.edits.len();
        self.batches += 1;
        let Some(batch) = Batch::of(self.batches.to_string(), &plan, book, self.room) else {
            return (done, stops);
        };
        self.note(|| format!("  batch {}: {:?}", batch.id, batch.edits));
        if self.hanging.is_some() {
            self.note(|| "  waits for the last one".into());
            return (done, stops);
        }
        match fate {
            Fate::Refused => self.note(|| "  refused".into()),
            Fate::Failed => {
                self.note(|| "  failed".into());
                self.outstanding = Some((batch, plan.reading));
            }
            Fate::Hangs => {
                self.note(|| "  hangs".into());
                self.hanging = Some(batch.clone());
                self.outstanding = Some((batch, plan.reading));
            }
            Fate::Done | Fate::Lost => {
                if !self.paper.apply(&batch) {
                    return (done, stops);
                }
                if fate == Fate::Lost {
                    self.note(|| "  done, and the answer is lost".into());
                    self.outstanding = Some((batch, plan.reading));
                } else {
                    let copies = self.paper.copies.1.clone();
                    let overwrote = batch.settle(&copies, &plan.reading, &mut self.memory);
                    self.note(|| format!("  done, wrote over {overwrote:?}"));
                    self.take_note();
                }
            }
        }
        (done, stops)
    }

    fn commit(&mut self, changes: &[Change]) {
        let mut records: BTreeMap<CrewId, serde_json::Map<String, serde_json::Value>> = BTreeMap::new();
        for change in changes {
            self.note(|| {
                format!(
                    "  {} {} {:?} -> {:?}",
                    change.person,
                    change.item.name(),
                    change.before,
                    change.after
                )
            });
            let record = records.entry(change.person.clone()).or_insert_with(|| {
                self.store.get(&change.person).map_or_else(
                    || json!({ "crew_id": change.person.as_str() }).as_object().unwrap().clone(),
                    CrewMember::to_record,
                )
            });
            change.item.put(record, change.after.as_deref());
        }
        for (id, record) in records {
            self.store.insert(id, CrewMember::parse(&record).unwrap());
        }
    }

    pub(crate) fn of_store(&self, person: &CrewId, item: Item) -> Option<String> {
        item.of(self.store.get(person)?)
    }

    /// What was typed or answered, and now is on the other side or noted as a conflict.
    fn take_note(&mut self) {
        let store: BTreeMap<(CrewId, Item), Option<String>> = self
            .typed
            .keys()
            .map(|(person, item)| ((person.clone(), *item), self.of_store(person, *item)))
            .collect();
        for (whose, said) in &mut self.typed {
            said.conflict |=
                self.memory.conflicts.get(whose).is_some_and(|conflict| same(&conflict.sheet, &said.words));
            said.taken |= same(&store[whose], &said.words);
        }
        for ((person, item), said) in &mut self.answered {
            let open = self.memory.conflicts.get(&(person.clone(), *item));
            said.conflict |= open.is_some_and(|conflict| same(&conflict.store, &said.words));
            let agreed = self.memory.base(person, *item).map(str::to_owned);
            said.taken |= same(&agreed, &said.words);
        }
    }

    /// What both sides have where a reading of the sheet as it stands finds a cell.
    pub(crate) fn both(&self) -> BTreeMap<(CrewId, Item), (Option<String>, Option<String>)> {
        let book = self.paper.read();
        let known = self.known();
        let reading = Reading::of(&book, &known);
        let mut both = BTreeMap::new();
        for (person, item, cell) in reading.cells(&book, &known).iter() {
            let (Item::Day(_) | Item::Field(Field::Email | Field::Order)) = item else { continue };
            let store = self.of_store(person, item);
            let sheet = match &cell.says {
                Says::Words(words) => words.clone(),
                // Sails only: a plain yes goes without saying.
                Says::Nothing => store.clone().filter(|words| same(&Some(words.clone()), &Some("Y".into()))),
                Says::Unusable => continue,
            };
            both.insert((person.clone(), item), (sheet, store));
        }
        both
    }

    pub(crate) fn people(&self) -> BTreeSet<CrewId> {
        self.store.keys().cloned().collect()
    }
}

/// What becomes of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    /// 429: nothing happens.
    Refused,
    /// 500, and nothing was done.
    Failed,
    /// 500 after the effect.
    Lost,
    /// It is carried out later, or never.
    Hangs,
}

pub(crate) fn same(one: &Option<String>, other: &Option<String>) -> bool {
    use crewcall_dispatch::model::Meaning;
    match (one, other) {
        (Some(one), Some(other)) => {
            let (meaning, with) = (Availability::parse(one).meaning(), Availability::parse(other).meaning());
            one == other || (meaning == with && meaning != Meaning::Unclear)
        }
        (one, other) => one == other,
    }
}

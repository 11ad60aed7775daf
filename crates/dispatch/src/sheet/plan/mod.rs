//! What a sheet and the store have to tell each other: gathered from both, decided here, carried out elsewhere.
//!
//! 1. Read the sheet. What was written over before anybody had read it counts as what stands there.
//! 2. Rows and columns that contradict what both sides last had are doubted, and asked about.
//!    A tab that is gone, has lost its header, is a copy, or of which a great part changed at once stops: nothing is taken
//!    from it and nothing written to it before somebody has looked.
//! 3. Each cell is merged with what both sides last had.
//! 4. Rows get their ids, and whoever has no row gets one; so do charters, where they are listed.
//!
//! What both sides have is remembered once a reading shows it on both, never before: so a write that failed, or an answer
//! that was lost, is found out by the next reading, and nothing is written or taken twice.

mod cells;
mod charters;
mod doubts;
mod edit;
mod protected;
mod remember;
mod rows;
mod sides;
mod stops;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

pub use charters::Listed;
pub use edit::{Edit, Owner};
pub use sides::Sides;
pub use stops::Stop;

use super::book::{Address, At, Book, TabId};
use super::item::Item;
use super::memory::Memory;
use super::reading::Reading;
use super::table::Known;
use super::why::Why;
use crate::model::CrewId;

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The book, as it was read.
    pub reading: Reading,
    /// What the store is to take.
    pub changes: Vec<Change>,
    /// What both sides say, and did not last time.
    pub agreed: Vec<Change>,
    /// What the sheet is to take.
    pub edits: Vec<Edit>,
    /// What somebody has to be asked.
    pub asks: Vec<Ask>,
    /// Tabs that are left alone, and why.
    pub stops: Vec<Stop>,
    /// What is remembered, once the changes are in the store.
    pub memory: Memory,
}

/// Something that the store is to take over from the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whose record.
    pub person: CrewId,
    /// Whether the person is new.
    pub new: bool,
    /// What of it.
    #[serde(serialize_with = "by_name")]
    pub item: Item,
    /// What the store has.
    pub before: Option<String>,
    /// What the sheet says.
    pub after: Option<String>,
    /// Where it stands.
    #[serde(serialize_with = "as_text")]
    pub at: Address,
}

fn by_name<S: serde::Serializer>(item: &Item, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&item.name())
}

fn as_text<S: serde::Serializer>(at: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// Something that somebody has to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// Where it stands.
    #[serde(serialize_with = "as_text")]
    pub at: Address,
    /// What stands there.
    pub text: String,
    /// Why.
    pub why: Why,
}

/// Plans. Reads no clock: `now` is an argument, and the day is in `known`.
pub fn plan(book: &Book, known: &Known<'_>, sides: &Sides<'_>, memory: &Memory, now: Timestamp) -> Plan {
    let mut reading = Reading::of(book, known);
    let mut cells = reading.cells(book, known);
    if doubts::raise(&mut reading, &cells, memory, known.today) {
        cells = reading.cells(book, known);
    }
    let memory = &remember::without_rows_that_are_back(
        &reading,
        remember::with_strays_that_are_somebodys(&cells, memory),
    );
    let cells = remember::with_what_was_left(&reading, cells, known, memory);
    let stops = stops::find(book, &reading, &cells, memory, known.today);
    let mut planning = Planning {
        book,
        known,
        sides,
        before: memory,
        now,
        stopped: stops.iter().map(Stop::tab).collect(),
        plan: Plan {
            reading,
            changes: Vec::new(),
            agreed: Vec::new(),
            edits: Vec::new(),
            asks: Vec::new(),
            stops,
            memory: memory.clone(),
        },
    };
    planning.forget_what_was_typed_over(&cells);
    planning.remember_tabs();
    planning.plan.asks = planning.plan.reading.unread(book, |_| true);
    // A tab that is left alone as a whole is asked about once.
    let alone: BTreeSet<String> =
        planning.stopped.iter().filter_map(|tab| Some(book.tab(*tab)?.title.clone())).collect();
    planning.plan.asks.retain(|ask| !ask.why.is_doubt() || !alone.contains(&ask.at.tab));
    planning.add_people(&cells);
    planning.merge_cells(&cells);
    planning.settle_rows(&cells);
    planning.list_charters();
    planning.keep_out_of_protected_ranges();
    planning.forget_what_was_accepted();
    planning.plan
}

struct Planning<'a> {
    book: &'a Book,
    known: &'a Known<'a>,
    sides: &'a Sides<'a>,
    before: &'a Memory,
    now: Timestamp,
    stopped: BTreeSet<TabId>,
    plan: Plan,
}

impl Planning<'_> {
    fn address(&self, tab: TabId, at: At) -> Address {
        Address { tab: self.book.tab(tab).map_or_else(String::new, |tab| tab.title.clone()), at }
    }

    fn ask(&mut self, tab: TabId, at: At, why: Why) {
        let text = self.book.tab(tab).map_or("", |tab| tab.text(at)).to_owned();
        let at = self.address(tab, at);
        self.plan.asks.push(Ask { at, text, why });
    }
}

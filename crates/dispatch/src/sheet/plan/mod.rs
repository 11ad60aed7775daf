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
mod rows;
mod sides;
mod stops;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use charters::Listed;
pub use sides::Sides;
pub use stops::Stop;

use super::book::{Address, At, Book, TabId};
use super::charters::CharterField;
use super::item::Item;
use super::memory::{Memory, Stray, TabMemory};
use super::reading::{CellRead, Reading};
use super::table::{Known, TabRead};
use super::why::Why;
use crate::model::{CharterId, CrewId};

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The book, as it was read.
    pub reading: Reading,
    /// What the store is to take.
    pub changes: Vec<Change>,
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

/// Something that is written into the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// Into a cell.
    Cell {
        /// In which tab.
        tab: TabId,
        /// Where.
        at: At,
        /// What it shows before.
        shows: String,
        /// What it shows then.
        text: String,
        /// What both sides have then, if it is the last thing to do for that.
        #[serde(default)]
        agrees: Option<(CrewId, String, Option<String>)>,
        /// Of which charter it is what, if it is of one.
        #[serde(default)]
        charter: Option<(CharterId, CharterField)>,
    },
    /// What is pinned to a cell.
    Note {
        /// In which tab.
        tab: TabId,
        /// Where.
        at: At,
        /// What is pinned to it then.
        note: String,
    },
    /// A row more, of the form of the one above it.
    Row {
        /// In which tab.
        tab: TabId,
        /// The row above it.
        below: usize,
        /// What stands in it.
        cells: Vec<(usize, String)>,
        /// Whose it is.
        whose: Whose,
        /// What both sides have of that person then, or what is said of that charter: items or fields by their names.
        agrees: Vec<(String, String)>,
    },
    /// Columns at the right edge.
    Columns {
        /// In which tab.
        tab: TabId,
        /// How many.
        more: usize,
    },
}

/// Whose a row is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// A person's.
    Person(CrewId),
    /// A charter's.
    Charter(CharterId),
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
    let memory = &without_rows_that_are_back(&reading, with_strays_that_are_somebodys(&cells, memory));
    let cells = with_what_was_left(&reading, cells, known, memory);
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
            edits: Vec::new(),
            asks: Vec::new(),
            stops,
            memory: memory.clone(),
        },
    };
    planning.forget_what_was_typed_over(&cells);
    planning.remember_tabs();
    planning.plan.asks = planning.plan.reading.unread(book, |_| true);
    planning.add_people(&cells);
    planning.merge_cells(&cells);
    planning.settle_rows(&cells);
    planning.list_charters();
    planning.keep_out_of_protected_ranges();
    planning.forget_what_was_accepted();
    planning.plan
}

/// Whose row was gone and is there again begins anew: what is blank in it was emptied by nobody.
fn without_rows_that_are_back(reading: &Reading, mut memory: Memory) -> Memory {
    for read in &reading.tabs {
        let Some(tab) = memory.tabs.get_mut(&read.id) else { continue };
        let rows = read.tables().iter().flat_map(|table| &table.rows);
        for person in rows.filter_map(|row| row.person.as_ref().ok()) {
            if tab.gone.remove(person) {
                tab.people.insert(person.clone(), BTreeMap::new());
            }
        }
    }
    memory
}

/// What was written where nobody's cell seemed to be may be found to stand in somebody's: then what stood there is theirs.
fn with_strays_that_are_somebodys(cells: &BTreeMap<(CrewId, Item), CellRead>, memory: &Memory) -> Memory {
    let mut memory = memory.clone();
    for stray in std::mem::take(&mut memory.strays) {
        let is_it =
            |cell: &CellRead| cell.tab == stray.tab && cell.at == stray.at && cell.text == stray.over.ours;
        match cells.iter().find(|(_, cell)| is_it(cell)) {
            Some((whose, _)) => memory.was_written_over(whose.clone(), stray.over),
            None => memory.strays.push(stray),
        }
    }
    memory
}

/// What was written over before anybody had read it is what people say there, unless they have typed since.
fn with_what_was_left(
    reading: &Reading,
    mut cells: BTreeMap<(CrewId, Item), CellRead>,
    known: &Known<'_>,
    memory: &Memory,
) -> BTreeMap<(CrewId, Item), CellRead> {
    for ((person, item), over) in &memory.overwritten {
        let Some(cell) = cells.get_mut(&(person.clone(), *item)).filter(|cell| cell.text == over.ours) else {
            continue;
        };
        (cell.says, cell.sails, cell.ask) = reading.says(*item, &over.before, known);
        cell.left = Some(over.before.clone());
    }
    cells
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

    /// Where people have typed since, what was written over there matters no more. What was written where nobody's cell is
    /// goes back to what stood there.
    fn forget_what_was_typed_over(&mut self, cells: &BTreeMap<(CrewId, Item), CellRead>) {
        let is_known = |whose: &(CrewId, Item)| cells.get(whose).is_some_and(|cell| cell.left.is_none());
        self.plan.memory.overwritten.retain(|whose, _| !is_known(whose));
        for Stray { tab, at, over } in std::mem::take(&mut self.plan.memory.strays) {
            let stands = self.book.tab(tab).map_or("", |tab| tab.text(at));
            let is_somebodys = cells.values().any(|cell| cell.tab == tab && cell.at == at);
            if stands == over.ours && !is_somebodys {
                let (shows, text) = (over.ours.clone(), over.before.clone());
                self.plan.edits.push(Edit::Cell { tab, at, shows, text, agrees: None, charter: None });
                // Until a reading shows it there.
                self.plan.memory.strays.push(Stray { tab, at, over });
            }
        }
    }

    /// Google refuses a batch as a whole that would write where the account may not: the rest is written, and of each tab
    /// somebody is asked once.
    fn keep_out_of_protected_ranges(&mut self) {
        let book = self.book;
        let is_closed = |edit: &Edit| {
            let protected = book.tab(edit.tab()).map_or(&[][..], |tab| tab.protected.as_slice());
            match edit {
                Edit::Cell { at, .. } | Edit::Note { at, .. } => {
                    protected.iter().find(|area| area.contains(*at))
                }
                // A row moves all that is below it.
                Edit::Row { below, .. } => protected.iter().find(|area| area.last.row > *below),
                Edit::Columns { .. } => None,
            }
        };
        let mut closed: BTreeMap<TabId, (At, usize)> = BTreeMap::new();
        for (edit, area) in self.plan.edits.iter().filter_map(|edit| Some((edit, is_closed(edit)?))) {
            closed.entry(edit.tab()).or_insert((area.first, 0)).1 += 1;
        }
        self.plan.edits.retain(|edit| is_closed(edit).is_none());
        // Columns are for what is written into them.
        let beyond: BTreeSet<TabId> =
            self.plan.edits.iter().filter(|edit| edit.is_beyond(book)).map(Edit::tab).collect();
        self.plan.edits.retain(|edit| !matches!(edit, Edit::Columns { .. }) || beyond.contains(&edit.tab()));
        for (tab, (at, cells)) in closed {
            self.ask(tab, at, Why::Protected(cells));
        }
    }

    /// A great change is meant once: what both sides had of rows and columns that are gone is forgotten, and the next change
    /// is asked about again. Whose rows there were stays known, so that nobody's comes back; and where it is only unclear
    /// which row is theirs, all is kept until it is clear.
    fn forget_what_was_accepted(&mut self) {
        for tab in std::mem::take(&mut self.plan.memory.accepted) {
            let read =
                self.plan.reading.tabs.iter().find(|read| read.id == tab && !self.stopped.contains(&tab));
            let found = read.map(|read| (rows::mentioned(read, self), items(read).collect::<BTreeSet<_>>()));
            // A tab that is still left alone is none of which anything was seen: it is asked about anew.
            let (Some((mentioned, items)), Some(known)) = (found, self.plan.memory.tabs.get_mut(&tab)) else {
                continue;
            };
            known.items.clone_from(&items);
            for (person, said) in &mut known.people {
                said.retain(|item, _| mentioned.contains(person) && items.contains(item));
            }
        }
    }

    /// Keeps which tab is what. Whoever had a row is remembered also where the row is gone.
    fn remember_tabs(&mut self) {
        for read in &self.plan.reading.tabs {
            let Some(bound) = read.bound().filter(|_| !self.stopped.contains(&read.id)) else { continue };
            let items = items(read);
            let rows = read.tables().iter().flat_map(|table| &table.rows);
            let people = rows.filter_map(|row| row.person.as_ref().ok());
            let tab = self.plan.memory.tabs.entry(read.id).or_insert_with(|| TabMemory {
                title: String::new(),
                bound,
                items: BTreeSet::new(),
                people: BTreeMap::new(),
                gone: BTreeSet::new(),
            });
            tab.title.clone_from(&read.title);
            tab.bound = bound;
            // While a day is gone, no other one is known for sure.
            let lost = doubts::lost_day(tab, read, self.known.today);
            tab.items.extend(items.filter(|item| lost.is_none() || matches!(item, Item::Field(_))));
            for person in people {
                tab.people.entry(person.clone()).or_default();
            }
        }
        for read in &self.plan.reading.tabs {
            if read.bound().is_none() || self.stopped.contains(&read.id) {
                continue;
            }
            let mentioned = rows::mentioned(read, self);
            if let Some(tab) = self.plan.memory.tabs.get_mut(&read.id) {
                tab.gone = tab.people.keys().filter(|person| !mentioned.contains(*person)).cloned().collect();
            }
        }
    }
}

/// What the columns of a tab hold.
fn items(read: &TabRead) -> impl Iterator<Item = Item> {
    let columns = read.tables().iter().flat_map(|table| &table.columns);
    columns.filter_map(|column| column.holds.item())
}

impl Edit {
    /// Whether it writes right of the grid.
    fn is_beyond(&self, book: &Book) -> bool {
        let width = book.tab(self.tab()).map_or(0, |tab| tab.size.1);
        match self {
            Self::Cell { at, .. } | Self::Note { at, .. } => at.column >= width,
            Self::Row { cells, .. } => cells.iter().any(|(column, _)| *column >= width),
            Self::Columns { .. } => false,
        }
    }

    /// In which tab.
    pub fn tab(&self) -> TabId {
        match self {
            Self::Cell { tab, .. }
            | Self::Note { tab, .. }
            | Self::Row { tab, .. }
            | Self::Columns { tab, .. } => *tab,
        }
    }
}

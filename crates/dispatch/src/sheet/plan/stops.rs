//! When a tab is left alone: what is there is so little, or so different, that it is more likely an accident than meant.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::limits;
use crate::model::CrewId;
use crate::sheet::book::{At, Book, TabId, letters};
use crate::sheet::cells::{CellRead, Cells, Says};
use crate::sheet::item::Item;
use crate::sheet::memory::{Memory, TabMemory};
use crate::sheet::merge::same;
use crate::sheet::reading::Reading;
use crate::sheet::table::{Bound, Holds, Row, TabRead, Table};

/// So many cells may change at once without a question, however small the tab.
const FEW: usize = 8;

/// Why a tab is left alone. Nothing of it is taken, nothing is written to it, nobody is cancelled because of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case", tag = "stop")]
pub enum Stop {
    /// It is not there any more.
    #[error(
        "the tab {title:?} is gone; bring it back (File, Version history), or say that it is not needed any more: `crewcall sheets ignore {title:?}`"
    )]
    Gone {
        /// Which.
        tab: TabId,
        /// What it was called.
        title: String,
    },
    /// It has no header that can be read.
    #[error(
        "{title:?} is no longer read as what it was: the row with {what} is not found; write it again, or let the tab go: `crewcall sheets ignore {title:?}`"
    )]
    NoHeader {
        /// Which.
        tab: TabId,
        /// What it is called.
        title: String,
        /// What the header has.
        what: &'static str,
    },
    /// There is more in it than is read.
    #[error(
        "{title:?} has something beyond row {} or column {}, and no tab is read in parts; move what is no roster and no availability to another tab, or let the tab go: `crewcall sheets ignore {title:?}`",
        limits::SHEET_ROWS, letters(limits::SHEET_COLUMNS - 1)
    )]
    TooLarge {
        /// Which.
        tab: TabId,
        /// What it is called.
        title: String,
    },
    /// It has lost columns.
    #[error("{title:?} has lost the columns {}; write over them again what stood there, or say that it is meant: `crewcall sheets accept {title:?}`", .columns.join(", "))]
    Columns {
        /// Which.
        tab: TabId,
        /// What it is called.
        title: String,
        /// What is missing.
        columns: Vec<String>,
    },
    /// It is new, and a copy of another one with what stands in that.
    #[error(
        "{title:?} is new, and has {answers} answers beside ids of crewcall, as a copy of another tab has; empty its days, or say that they are meant: `crewcall sheets accept {title:?}`"
    )]
    Copy {
        /// Which.
        tab: TabId,
        /// What it is called.
        title: String,
        /// How many cells say something.
        answers: usize,
    },
    /// A great part of it is different at once.
    #[error(
        "{changed} of {known} cells of {title:?} are empty or different at once; if that is meant, say so: `crewcall sheets accept {title:?}`"
    )]
    Surge {
        /// Which.
        tab: TabId,
        /// What it is called.
        title: String,
        /// How many are different.
        changed: usize,
        /// Of how many that said something.
        known: usize,
    },
}

impl Stop {
    /// Which tab.
    pub fn tab(&self) -> TabId {
        match self {
            Self::Gone { tab, .. }
            | Self::NoHeader { tab, .. }
            | Self::TooLarge { tab, .. }
            | Self::Columns { tab, .. }
            | Self::Copy { tab, .. }
            | Self::Surge { tab, .. } => *tab,
        }
    }
}

pub(super) fn find(book: &Book, reading: &Reading, cells: &Cells, memory: &Memory, today: Date) -> Vec<Stop> {
    let looked_at = memory.tabs.iter().filter(|(id, _)| !memory.answers.ignored.contains(id));
    let known = looked_at.filter_map(|(id, known)| stop(*id, known, book, reading, cells, (memory, today)));
    let is_new = |read: &&TabRead| !memory.tabs.contains_key(&read.id) && !memory.accepted.contains(&read.id);
    known.chain(reading.tabs.iter().filter(is_new).filter_map(|read| copy(read, book, memory))).collect()
}

/// Whether a tab that was never there is a copy of one that was: people make the next month of the last one, and what stands
/// in it was said of the last one until they have emptied the cells. Only the program writes ids.
fn copy(read: &TabRead, book: &Book, memory: &Memory) -> Option<Stop> {
    let Holds::Days(tables) = &read.holds else { return None };
    let tab = book.tab(read.id)?;
    let cells = tables.iter().filter(|table| table.ids.is_some()).flat_map(Table::cells);
    let has_id = |row: &Row| row.id.trim().parse::<CrewId>().is_ok();
    // What a formula says there was said by nobody.
    let says = |at: At| {
        tab.cell(at).is_some_and(|cell| {
            !cell.formula && (!cell.text.trim().is_empty() || memory.answers.painted(cell).is_some())
        })
    };
    let answers = cells.filter(|(row, _, at)| has_id(row) && says(*at)).count();
    let is_second = memory.tabs.values().any(|known| matches!(known.bound, Bound::Month(_)));
    (is_second && answers > 0).then(|| Stop::Copy { tab: read.id, title: read.title.clone(), answers })
}

fn stop(
    tab: TabId,
    known: &TabMemory,
    book: &Book,
    reading: &Reading,
    cells: &Cells,
    (memory, today): (&Memory, Date),
) -> Option<Stop> {
    let title = book.tab(tab).map_or_else(|| known.title.clone(), |tab| tab.title.clone());
    let Some(read) = reading.tabs.iter().find(|read| read.id == tab) else {
        return Some(Stop::Gone { tab, title });
    };
    if book.tab(tab).is_some_and(|tab| tab.too_large) {
        return Some(Stop::TooLarge { tab, title });
    }
    if let Some(what) = lost_header(known.bound, read) {
        return Some(Stop::NoHeader { tab, title, what });
    }
    if memory.accepted.contains(&tab) {
        return None;
    }
    let columns = lost_columns(known, read, today);
    if !columns.is_empty() {
        return Some(Stop::Columns { tab, title, columns });
    }
    // Days that are over, and rows that are gone since before, are no news.
    let (mut changed, mut said) = (0, 0);
    for (person, had) in known.people.iter().filter(|(person, _)| !known.gone.contains(*person)) {
        let cells = cells.of(person);
        for (item, base) in had.iter().filter(|(item, _)| !is_past(**item, today)) {
            let cell = cells.and_then(|cells| cells.get(item)).filter(|cell| cell.tab == tab);
            said += 1;
            changed += usize::from(cell.is_none_or(|cell| is_other(cell, *item, base)));
        }
    }
    let known = said;
    (changed > FEW.max(known / 3)).then_some(Stop::Surge { tab, title, changed, known })
}

/// Whether a cell says something else than both sides last had.
fn is_other(cell: &CellRead, item: Item, base: &str) -> bool {
    match &cell.says {
        Says::Words(words) => !same(item, words.as_deref(), Some(base)),
        Says::Nothing => false,
        Says::Unusable => true,
    }
}

/// What stood over the tab and is not found any more.
fn lost_header(bound: Bound, read: &TabRead) -> Option<&'static str> {
    match (bound, &read.holds) {
        (Bound::Roster, Holds::Roster(_))
        | (Bound::Month(_), Holds::Days(_))
        | (Bound::Charters, Holds::Charters(_)) => None,
        (Bound::Roster, _) => Some("Name, E-mail, Rank and the other headings"),
        (Bound::Month(_), _) => Some("the days"),
        (Bound::Charters, _) => Some("Charter and the other headings"),
    }
}

/// Columns of the roster that said something, and days, if they are many. A single day may be half typed.
fn lost_columns(known: &TabMemory, read: &TabRead, today: Date) -> Vec<String> {
    let there: BTreeSet<Item> = read
        .tables()
        .iter()
        .flat_map(|table| &table.columns)
        .filter_map(|column| column.holds.item())
        .collect();
    let said: BTreeSet<Item> = known.people.values().flat_map(BTreeMap::keys).copied().collect();
    let is_lost = |item: &Item| known.items.contains(item) && !there.contains(item) && !is_past(*item, today);
    let lost: Vec<Item> = said.into_iter().filter(is_lost).collect();
    let few = known.bound != Bound::Roster && lost.len() * 3 <= known.items.len().max(FEW);
    match few {
        true => Vec::new(),
        false => lost.into_iter().map(heading).collect(),
    }
}

fn is_past(item: Item, today: Date) -> bool {
    matches!(item, Item::Day(date) if date < today)
}

fn heading(item: Item) -> String {
    match item {
        Item::Field(field) => field.heading().to_owned(),
        Item::Day(date) => date.to_string(),
    }
}

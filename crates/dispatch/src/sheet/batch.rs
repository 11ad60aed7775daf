//! Writing into a sheet that people write into at the same time.
//!
//! A spreadsheet knows no "only if it still says so". So one batch, which is carried out whole or not at all, first copies
//! the rows that it will write into, with their header, to a tab of the program's own, and then writes. What that copy
//! shows is what stood there in that very moment: whether the rows were still whose they were, and what was written over
//! that nobody had read. It stays there until the answer has come, so it is also found where that was lost.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::book::{At, Book, TabId};
use super::charters::CharterField;
use super::fields::CREW_ID;
use super::item::Item;
use super::memory::{Memory, Overwritten, Stray};
use super::plan::{Edit, Owner, Plan};
use super::reading::Reading;
use super::table::Table;
use crate::model::CrewId;

/// Bytes of a request of the Sheets API for one cell, beside its text, about.
const CELL_BYTES: usize = 200;
/// The same for rows that are copied before, so many as stand below each other.
const COPY_BYTES: usize = 400;

/// What is written at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// What tells it from every other one. It stands in the first cell of the copies.
    pub id: String,
    /// What is written, in this order.
    pub edits: Vec<Edit>,
    /// Which rows are copied before that, in the order of the copies.
    pub rows: Vec<(TabId, usize)>,
    /// What the tabs looked like when it was planned.
    tabs: BTreeMap<TabId, Seen>,
}

/// What a tab looked like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// The row that names the columns.
    header: usize,
    /// What it said of each column that is written.
    headings: BTreeMap<usize, String>,
    /// Which columns say whose a row is.
    keys: Vec<usize>,
    /// What they said, row by row.
    rows: BTreeMap<usize, Vec<String>>,
    /// Which item a column was, by its heading.
    items: BTreeMap<String, String>,
}

impl Batch {
    /// All that a plan wants to be written, or the first of it if the request for all would be longer than about `room`
    /// bytes; `None` if that is nothing. What is left out is planned again when the next reading comes in.
    pub fn of(id: String, plan: &Plan, book: &Book, room: usize) -> Option<Self> {
        if plan.edits.is_empty() {
            return None;
        }
        let mut edits = plan.edits.clone();
        // First what nobody says: ids above all, by which rows are known. Rows come last, from the top, so that nothing moves
        // before it is written.
        edits.sort_by_key(|edit| match edit {
            Edit::Columns { .. } => 0,
            Edit::Cell { agrees: None, charter: None, .. } => 1,
            Edit::Cell { .. } | Edit::Note { .. } => 2,
            Edit::Row { .. } => 3,
        });
        edits.truncate(how_many_fit(&edits, room));
        let mut written: BTreeMap<TabId, BTreeSet<At>> = BTreeMap::new();
        // The columns of new rows.
        let mut rows_of: BTreeMap<TabId, BTreeSet<usize>> = BTreeMap::new();
        for edit in &edits {
            match edit {
                Edit::Cell { tab, at, .. } => drop(written.entry(*tab).or_default().insert(*at)),
                Edit::Row { tab, cells, .. } => {
                    rows_of.entry(*tab).or_default().extend(cells.iter().map(|(column, _)| *column))
                }
                Edit::Note { .. } | Edit::Columns { .. } => {}
            }
        }
        let (mut rows, mut tabs) = (Vec::new(), BTreeMap::new());
        for id in written.keys().chain(rows_of.keys()).copied().collect::<BTreeSet<TabId>>() {
            let cells = written.remove(&id).unwrap_or_default();
            let columns = rows_of.remove(&id).unwrap_or_default();
            let Some(seen) = Seen::of(id, &cells, &columns, &plan.reading, book) else {
                // Of no other tab is anything held back by that.
                edits.retain(|edit| edit.tab() != id);
                continue;
            };
            rows.push((id, seen.header));
            rows.extend(seen.rows.keys().filter(|row| **row != seen.header).map(|row| (id, *row)));
            tabs.insert(id, seen);
        }
        (!edits.is_empty()).then_some(Self { id, edits, rows, tabs })
    }

    /// Takes note of what stood where the batch wrote: `copies` are the rows as they were copied, in the order of
    /// [`Batch::rows`]. What was as it had been read is agreed now. Gives every other cell, with what stood in it.
    pub fn settle(&self, copies: &[Vec<String>], reading: &Reading, memory: &mut Memory) -> Vec<Overwrote> {
        // Blank rows at the end are not read.
        let blank = Vec::new();
        let copies = copies
            .iter()
            .chain(std::iter::repeat_n(&blank, if copies.is_empty() { 0 } else { self.rows.len() }));
        let copy: BTreeMap<(TabId, usize), &Vec<String>> = self.rows.iter().copied().zip(copies).collect();
        let mut settling = Settling { copy, reading, memory, overwrote: Vec::new() };
        for edit in &self.edits {
            let Some(seen) = self.tabs.get(&edit.tab()) else { continue };
            match edit {
                Edit::Cell { .. } => settling.cell(edit, seen),
                Edit::Row { .. } => settling.row(edit, seen),
                Edit::Note { .. } | Edit::Columns { .. } => {}
            }
        }
        settling.overwrote
    }
}

/// How many of these fit; one does in any case.
fn how_many_fit(edits: &[Edit], room: usize) -> usize {
    let mut rows: BTreeSet<(TabId, usize)> = BTreeSet::new();
    let mut bytes = 0;
    let fits = |edit: &&Edit| {
        bytes += match edit {
            Edit::Cell { tab, at, text, .. } => {
                let beside = [at.row.wrapping_sub(1), at.row, at.row + 1];
                let copied = beside.iter().any(|row| rows.contains(&(*tab, *row)));
                rows.insert((*tab, at.row));
                CELL_BYTES + text.len() + if copied { 0 } else { COPY_BYTES }
            }
            Edit::Note { note, .. } => CELL_BYTES + note.len(),
            Edit::Row { cells, .. } => {
                COPY_BYTES + cells.iter().map(|(_, text)| CELL_BYTES + text.len()).sum::<usize>()
            }
            Edit::Columns { .. } => CELL_BYTES,
        };
        bytes <= room
    };
    edits.iter().take_while(fits).count().max(1)
}

/// Taking note of what a batch wrote over.
struct Settling<'a> {
    copy: BTreeMap<(TabId, usize), &'a Vec<String>>,
    reading: &'a Reading,
    memory: &'a mut Memory,
    overwrote: Vec<Overwrote>,
}

impl Settling<'_> {
    /// What stood there.
    fn text(&self, tab: TabId, at: At) -> String {
        let row = self.copy.get(&(tab, at.row));
        row.and_then(|row| row.get(at.column)).map_or("", |text| text.trim()).to_owned()
    }

    /// Whoever is named in a row, if nobody else is.
    fn only_one_named(&self, tab: TabId, row: usize) -> Option<CrewId> {
        let texts = self.copy.get(&(tab, row)).into_iter().flat_map(|row| row.iter());
        let named = texts.filter_map(|text| whose_row(std::slice::from_ref(text), self.reading));
        let mut people: BTreeSet<CrewId> = named.collect();
        people.pop_first().filter(|_| people.is_empty())
    }

    fn cell(&mut self, edit: &Edit, seen: &Seen) {
        let Edit::Cell { tab, at, shows, text: ours, agrees, charter } = edit else { return };
        if !self.copy.contains_key(&(*tab, at.row)) {
            return;
        }
        let before = self.text(*tab, *at);
        let heading = self.text(*tab, At::new(seen.header, at.column));
        let key: Vec<String> =
            seen.keys.iter().map(|column| self.text(*tab, At::new(at.row, *column))).collect();
        let same_row = at.row == seen.header || seen.rows.get(&at.row) == Some(&key);
        let same_column = at.row == seen.header || seen.headings.get(&at.column) == Some(&heading);
        if same_row && same_column && before == shows.trim() {
            if let Some((person, item, words)) = agrees
                && let Some(item) = Item::named(item)
            {
                self.memory.agree(*tab, person, item, words.as_deref());
                self.memory.overwritten.remove(&(person.clone(), item));
            }
            if let Some((id, field)) = charter {
                self.memory.charters.entry(id.clone()).or_default().insert(*field, ours.clone());
            }
            return;
        }
        // What stands where ids do is the program's, whoever's row it is.
        let is_id = ours == CREW_ID || ours.parse().is_ok_and(|id| self.reading.directory.has(&id));
        if before == ours.trim() {
            return;
        }
        if same_column && agrees.is_none() && is_id {
            let had_id = before == CREW_ID || before.parse().is_ok_and(|id| self.reading.directory.has(&id));
            if !before.is_empty() && !had_id {
                // Somebody began to use that column at that moment; the ids stay, and it is on record.
                self.overwrote.push(Overwrote { tab: *tab, at: *at, ours: ours.clone(), before });
            }
            return;
        }
        let whose = match (same_row && same_column, agrees) {
            (true, Some((person, item, _))) => Item::named(item).map(|item| (person.clone(), item)),
            // Where columns have moved, names stand in another one.
            _ => whose_row(&key, self.reading)
                .or_else(|| self.only_one_named(*tab, at.row))
                .zip(seen.item(&heading)),
        };
        let over = Overwritten { ours: ours.clone(), before: before.clone() };
        self.overwrote.push(Overwrote { tab: *tab, at: *at, ours: ours.clone(), before });
        match whose {
            Some(whose) => self.memory.was_written_over(whose, over),
            None => self.memory.strays.push(Stray { tab: *tab, at: *at, over }),
        }
    }

    /// A new row has nothing below it, but its columns may have moved: then its cells say of other columns what nobody said.
    fn row(&mut self, edit: &Edit, seen: &Seen) {
        let Edit::Row { tab, cells, owner, agrees, .. } = edit else { return };
        let person = match owner {
            Owner::Person(person) => person,
            Owner::Charter(id) => {
                let known = self.memory.charters.entry(id.clone()).or_default();
                let is_there = |column: &usize| {
                    let heading = self.copy.get(&(*tab, seen.header)).and_then(|row| row.get(*column));
                    seen.headings.get(column).map(String::as_str)
                        == Some(heading.map_or("", |text| text.trim()))
                };
                if cells.iter().all(|(column, _)| is_there(column)) {
                    let said = agrees.iter().filter(|(_, text)| !text.is_empty());
                    known.extend(
                        said.filter_map(|(field, text)| Some((CharterField::headed(field)?, text.clone()))),
                    );
                }
                return;
            }
        };
        for (column, text) in cells {
            let heading = self.text(*tab, At::new(seen.header, *column));
            let Some(item) = seen.item(&heading) else { continue };
            if seen.headings.get(column) == Some(&heading) {
                let words =
                    agrees.iter().find(|(agreed, _)| *agreed == item.name()).map(|(_, words)| words.as_str());
                self.memory.agree(*tab, person, item, words);
                // What was written over elsewhere, when it was not clear which row is theirs, is not left here.
                self.memory.overwritten.remove(&(person.clone(), item));
            } else {
                let over = Overwritten { ours: text.clone(), before: String::new() };
                self.memory.was_written_over((person.clone(), item), over);
            }
        }
    }
}

/// A cell in which something stood that nobody had read, when it was written over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overwrote {
    /// In which tab.
    pub tab: TabId,
    /// Where.
    pub at: At,
    /// What was written.
    pub ours: String,
    /// What stood there.
    pub before: String,
}

impl Seen {
    fn of(
        id: TabId,
        cells: &BTreeSet<At>,
        columns: &BTreeSet<usize>,
        reading: &Reading,
        book: &Book,
    ) -> Option<Self> {
        let tab = book.tab(id)?;
        let tables = reading.tabs.iter().find(|read| read.id == id)?.tables();
        let header = tables.first().map(|table| table.days.unwrap_or(table.header))?;
        let ids = tables.iter().filter_map(|table| table.ids);
        let keys: BTreeSet<usize> =
            tables.iter().flat_map(|table| table.names.iter().copied()).chain(ids).collect();
        let keys: Vec<usize> = keys.into_iter().collect();
        let text = |row: usize, column: usize| tab.text(At::new(row, column)).to_owned();
        let rows = cells.iter().map(|at| (at.row, keys.iter().map(|column| text(at.row, *column)).collect()));
        let columns = cells.iter().map(|at| at.column).chain(columns.iter().copied());
        let headings = columns.map(|column| (column, text(header, column))).collect();
        let items =
            tables.iter().flat_map(Table::items).map(|(column, item)| (text(header, column), item.name()));
        Some(Self { header, headings, rows: rows.collect(), keys, items: items.collect() })
    }

    /// What the cells under a heading are.
    fn item(&self, heading: &str) -> Option<Item> {
        self.items.get(heading).and_then(|item| Item::named(item))
    }
}

/// Whose a row is by what stands in its columns of names and ids, if that is clear.
fn whose_row(key: &[String], reading: &Reading) -> Option<CrewId> {
    let named = key.iter().find_map(|text| match reading.directory.find(text) {
        // Names go with what stands in the row also where somebody has sorted without the ids.
        super::names::Found::One(person) => Some(person),
        _ => None,
    });
    let ids = key.iter().filter_map(|text| text.parse::<CrewId>().ok());
    named.or_else(|| ids.into_iter().find(|id| reading.directory.has(id)))
}

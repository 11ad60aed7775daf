//! What both sides last had: what still counts of it when a reading comes in, and what is kept for the next one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edit, Planning, doubts, rows};
use crate::model::CrewId;
use crate::sheet::cells::{CellRead, Cells};
use crate::sheet::item::Item;
use crate::sheet::memory::{Memory, Stray, TabMemory};
use crate::sheet::reading::Reading;
use crate::sheet::table::{Known, TabRead};

/// Whose row was gone and is there again begins anew: what is blank in it was emptied by nobody.
pub(super) fn without_rows_that_are_back(reading: &Reading, mut memory: Memory) -> Memory {
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
pub(super) fn with_strays_that_are_somebodys(cells: &Cells, memory: &Memory) -> Memory {
    let mut memory = memory.clone();
    for stray in std::mem::take(&mut memory.strays) {
        let is_it =
            |cell: &CellRead| cell.tab == stray.tab && cell.at == stray.at && cell.text == stray.over.ours;
        match cells.iter().find(|(.., cell)| is_it(cell)) {
            Some((person, item, _)) => memory.was_written_over((person.clone(), item), stray.over),
            None => memory.strays.push(stray),
        }
    }
    memory
}

/// What was written over before anybody had read it is what people say there, unless they have typed since.
pub(super) fn with_what_was_left(
    reading: &Reading,
    mut cells: Cells,
    known: &Known<'_>,
    memory: &Memory,
) -> Cells {
    for ((person, item), over) in &memory.overwritten {
        let Some(cell) = cells.get_mut(person, *item).filter(|cell| cell.text == over.ours) else {
            continue;
        };
        (cell.says, cell.sails, cell.ask) = reading.says(*item, &over.before, known);
        cell.left = Some(over.before.clone());
    }
    cells
}

impl Planning<'_> {
    /// Where people have typed since, what was written over there matters no more. What was written where nobody's cell is
    /// goes back to what stood there.
    pub(super) fn forget_what_was_typed_over(&mut self, cells: &Cells) {
        let is_known = |(person, item): &(CrewId, Item)| {
            cells.get(person, *item).is_some_and(|cell| cell.left.is_none())
        };
        self.plan.memory.overwritten.retain(|whose, _| !is_known(whose));
        for Stray { tab, at, over } in std::mem::take(&mut self.plan.memory.strays) {
            if self.known.answers.ignored.contains(&tab) {
                continue;
            }
            let read = self.plan.reading.tabs.iter().find(|read| read.id == tab);
            if self.stopped.contains(&tab) || read.is_none_or(|read| read.tables().is_empty()) {
                // Until the tab is read again.
                self.plan.memory.strays.push(Stray { tab, at, over });
                continue;
            }
            let stands = self.book.tab(tab).map_or("", |tab| tab.text(at));
            let is_somebodys = cells.iter().any(|(.., cell)| cell.tab == tab && cell.at == at);
            if stands == over.ours && !is_somebodys {
                let (shows, text) = (over.ours.clone(), over.before.clone());
                self.plan.edits.push(Edit::Cell { tab, at, shows, text, agrees: None, charter: None });
                // Until a reading shows it there.
                self.plan.memory.strays.push(Stray { tab, at, over });
            }
        }
    }

    /// A great change is meant once: what both sides had of rows and columns that are gone is forgotten, and the next change
    /// is asked about again. Whose rows there were stays known, so that nobody's comes back; and where it is only unclear
    /// which row is theirs, all is kept until it is clear.
    pub(super) fn forget_what_was_accepted(&mut self) {
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
    pub(super) fn remember_tabs(&mut self) {
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

//! Rows: each gets the id of whose it is, whoever has none gets one, and whose row is gone is told.

use std::collections::BTreeSet;

use super::{Edit, Owner, Planning};
use crate::model::CrewId;
use crate::sheet::book::{At, Cell, Tab, TabId};
use crate::sheet::cells::Cells;
use crate::sheet::fields::{CREW_ID, Field};
use crate::sheet::item::Item;
use crate::sheet::names::Found;
use crate::sheet::table::{Held, Holds, TabRead, Table};
use crate::sheet::why::Why;

/// What is pinned to the heading of the ids.
const ABOUT_IDS: &str = "crewcall: these ids say whose a row is, also after it is sorted or the name is changed. Please leave \
                         them; rows without one get theirs by themselves.";

impl Planning<'_> {
    pub(super) fn settle_rows(&mut self, cells: &Cells) {
        let tabs = self.plan.reading.tabs.clone();
        for read in &tabs {
            let Some(tab) = self.book.tab(read.id).filter(|tab| !self.stopped.contains(&tab.id)) else {
                continue;
            };
            if !matches!(read.holds, Holds::Roster(_) | Holds::Days(_)) {
                continue;
            }
            let ids = self.write_ids(tab, read);
            self.tell_gone(read);
            self.add_rows(read, &ids, cells);
        }
    }

    /// Writes ids where they are missing or another one's, and says where they stand. Where somebody has left and the roster
    /// has no column that says so, it gets one; what stands in it is merged as everything else.
    fn write_ids(&mut self, tab: &Tab, read: &TabRead) -> Vec<usize> {
        let tables = read.tables();
        let edge =
            tab.width().max(tables.iter().filter_map(|table| table.ids).max().map_or(0, |ids| ids + 1));
        let mut next = edge;
        let mut columns = Vec::new();
        for table in tables {
            let column = table.ids.unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            let at = At::new(table.header, column);
            if table.ids.is_none() && tab.protected.iter().any(|closed| closed.contains(at)) {
                // Without their heading the ids would be found by nobody, and written again beside.
                self.ask(tab.id, at, Why::Protected(table.rows.len() + 1));
                continue;
            }
            columns.push(column);
            if table.ids.is_none() {
                self.cell(tab.id, at, "", CREW_ID.to_owned());
                self.plan.edits.push(Edit::Note { tab: tab.id, at, note: ABOUT_IDS.to_owned() });
            }
            for row in &table.rows {
                if let Ok(person) = row.person.as_ref().map(CrewId::as_str)
                    && row.id != person
                {
                    self.cell(tab.id, At::new(row.row, column), &row.id, person.to_owned());
                }
            }
        }
        let tells = |table: &Table| table.column_of(Field::Status).is_some();
        if let Holds::Roster(table) = &read.holds
            && !tells(table)
            && self.sides.people.values().any(|member| member.left)
        {
            self.cell(tab.id, At::new(table.header, next), "", Field::Status.heading().to_owned());
            next += 1;
        }
        if next > tab.size.1 {
            self.plan.edits.insert(0, Edit::Columns { tab: tab.id, more: next - tab.size.1 });
        }
        columns
    }

    fn cell(&mut self, tab: TabId, at: At, shows: &str, text: String) {
        self.plan.edits.push(Edit::Cell {
            tab,
            at,
            shows: shows.to_owned(),
            text,
            agrees: None,
            charter: None,
        });
    }

    /// A row that was there and is not is no reason to do anything but to say so.
    fn tell_gone(&mut self, read: &TabRead) {
        let mentioned = mentioned(read, self);
        let Some(before) = self.before.tabs.get(&read.id) else { return };
        // Of a month's tab it matters where something was said; the roster has everybody.
        let is_roster = matches!(read.holds, Holds::Roster(_));
        let said = before.people.iter().filter(|(_, said)| is_roster || !said.is_empty());
        let gone = said
            .map(|(person, _)| person)
            .filter(|person| !mentioned.contains(*person))
            .filter(|person| self.sides.people.get(*person).is_some_and(|member| !member.left));
        let at = At::new(read.tables().first().map_or(0, |table| table.header), 0);
        for person in gone.cloned().collect::<Vec<_>>() {
            self.ask(
                read.id,
                at,
                match is_roster {
                    true => Why::RowGone(person),
                    false => Why::RowGoneFromMonth(person, read.title.clone()),
                },
            );
        }
    }

    /// Rows for whoever has none and never had: on the roster for everybody, among days for those who have said something of
    /// them, or sail.
    fn add_rows(&mut self, read: &TabRead, ids: &[usize], cells: &Cells) {
        let (Some(table), Some(ids)) = (read.tables().first(), ids.first()) else { return };
        let mentioned = mentioned(read, self);
        let had =
            self.before.tabs.get(&read.id).map(|tab| tab.people.keys().cloned().collect::<BTreeSet<_>>());
        let had = had.unwrap_or_default();
        let mut missing: Vec<CrewId> = Vec::new();
        for (person, _) in self.sides.people.iter().filter(|(_, member)| !member.left) {
            if mentioned.contains(*person) || had.contains(*person) {
                continue;
            }
            let speaks = |item: &Item| self.has(person, *item) && cells.get(person, *item).is_none();
            let items = table.columns.iter().filter_map(|column| column.holds.item());
            let wanted = matches!(read.holds, Holds::Roster(_)) || items.clone().any(|item| speaks(&item));
            if wanted {
                missing.push((*person).clone());
            }
        }
        missing.sort_by_key(|person| self.sides.people.get(person).map(|member| self.known.place(member)));
        let below = table.rows.iter().map(|row| row.row).max().unwrap_or(table.header);
        let colours = &self.known.answers.colours;
        let above = self.book.tab(read.id).and_then(|tab| tab.rows.get(below)).into_iter().flatten();
        let is_painted =
            |(column, cell): (usize, &Cell)| colours.contains_key(&cell.colour).then_some(column);
        let painted: Vec<usize> = above.enumerate().filter_map(is_painted).collect();
        for (person, nth) in missing.iter().zip(0..) {
            let mut texts = vec![(*ids, person.to_string())];
            let mut agrees = Vec::new();
            for column in &table.columns {
                let text = self.text_of(person, &column.holds);
                texts.extend(text.filter(|text| !text.is_empty()).map(|text| (column.column, text)));
                let member = self.sides.people.get(person);
                let item = column.holds.item();
                let words = item.and_then(|item| Some((item.name(), item.of(member?)?)));
                agrees.extend(words);
            }
            let name = self.sides.people.get(person).map(|member| member.name.clone()).unwrap_or_default();
            if let (Holds::Days(_), Some(column)) = (&read.holds, table.names.first()) {
                texts.push((*column, name));
            }
            texts.sort();
            let (tab, owner) = (read.id, Owner::Person(person.clone()));
            let (below, unpainted) = (below + nth, painted.clone());
            self.plan.edits.push(Edit::Row { tab, below, cells: texts, unpainted, owner, agrees });
        }
    }

    fn has(&self, person: &CrewId, item: Item) -> bool {
        let sails = matches!(item, Item::Day(date) if self.sides.sails.contains_key(&(person.clone(), date)));
        sails || self.sides.people.get(person).is_some_and(|member| item.of(member).is_some())
    }

    /// What somebody's new row shows in a column.
    fn text_of(&self, person: &CrewId, held: &Held) -> Option<String> {
        let member = self.sides.people.get(person)?;
        match held {
            Held::Day(_) | Held::Field(_) => {
                let text = |item| self.sides.text(member, item, &self.plan.reading.directory);
                held.item().map(text)
            }
            Held::FirstName => member.name.rsplit_once(' ').map(|(first, _)| first.to_owned()),
            Held::LastName => member.name.rsplit(' ').next().map(str::to_owned),
            Held::Nickname | Held::Charter(_) | Held::Unread(_) => None,
        }
    }
}

/// Whoever stands in a tab, also where it is not clear in which row: nobody gets a second row because of that.
pub(super) fn mentioned(read: &TabRead, planning: &Planning<'_>) -> BTreeSet<CrewId> {
    let mut people = BTreeSet::new();
    for row in read.tables().iter().flat_map(|table| &table.rows) {
        match &row.person {
            Ok(person) => people.extend([person.clone()]),
            Err(Why::Twice { person, .. }) => people.extend([person.clone()]),
            Err(Why::Torn { id, name }) => people.extend([id.clone(), name.clone()]),
            Err(Why::Replaced { id, .. }) => people.extend([id.clone()]),
            Err(Why::Several { people: several, .. }) => people.extend(several.iter().cloned()),
            Err(_) => {}
        }
        people.extend(row.id.parse());
        match planning.plan.reading.directory.find(&row.name) {
            Found::One(person) => people.extend([person]),
            Found::Several(several) => people.extend(several),
            Found::Nobody => {}
        }
    }
    people
}

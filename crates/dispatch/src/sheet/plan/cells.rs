//! Cell by cell: what the store takes, what the sheet takes, and where both were changed.

use std::collections::BTreeSet;

use super::{Change, Edit, Planning};
use crate::model::{Availability, CrewId, CrewMember, Meaning};
use crate::sheet::book::At;
use crate::sheet::cells::{CellRead, Cells, Says};
use crate::sheet::fields::Field;
use crate::sheet::item::Item;
use crate::sheet::memory::Conflict;
use crate::sheet::merge::{Merged, Side, merge, same};
use crate::sheet::names::Written;
use crate::sheet::note;
use crate::sheet::reading;
use crate::sheet::why::Why;
use crate::sheet::words::{DayCell, day_text};

impl Planning<'_> {
    /// Whoever stands in the roster and is new. Without a rank nobody can be asked for anything, so it is asked for first.
    pub(super) fn add_people(&mut self, cells: &Cells) {
        let Some((tab, table)) = self.plan.reading.roster().filter(|(tab, _)| !self.stopped.contains(tab))
        else {
            return;
        };
        let table = table.clone();
        for row in table.rows.iter().filter(|row| row.new) {
            let Ok(person) = &row.person else { continue };
            let says = |field| cells.get(person, Item::Field(field)).map(|cell| &cell.says);
            if !matches!(says(Field::Rank), Some(Says::Words(Some(_)))) {
                let at = At::new(row.row, table.column_of(Field::Rank).unwrap_or(row.named_in));
                let why = cells.get(person, Item::Field(Field::Rank)).and_then(|cell| cell.ask.clone());
                let none = || Why::Field(format!("{:?} has no rank; write one", row.name));
                self.ask(tab, at, why.unwrap_or_else(none));
                continue;
            }
            // Whoever copies a row and writes another name into it has not got to the address yet.
            let email = match says(Field::Email) {
                Some(Says::Words(Some(email))) => Some((email, Item::Field(Field::Email))),
                _ => None,
            };
            let whose = email.and_then(|(email, item)| {
                let has = |member: &&&CrewMember| same(item, item.of(member).as_deref(), Some(email));
                self.sides.people.values().find(has).map(|member| (email.clone(), member.crew_id.clone()))
            });
            if let Some((email, whose)) = whose {
                let at = At::new(row.row, table.column_of(Field::Email).unwrap_or(row.named_in));
                self.ask(
                    tab,
                    at,
                    Why::Field(format!("{email} is {whose}'s; write the address of {:?}", row.name)),
                );
                continue;
            }
            let name = match says(Field::Name) {
                Some(Says::Words(name)) => name.clone(),
                _ => crate::model::name(&Written::parse(&row.name).name).ok(),
            };
            let Some(name) = name else { continue };
            let at = self.address(tab, At::new(row.row, row.named_in));
            let item = Item::Field(Field::Name);
            self.plan.changes.push(Change {
                person: person.clone(),
                new: true,
                item,
                before: None,
                after: Some(name),
                at,
            });
        }
    }

    pub(super) fn merge_cells(&mut self, cells: &Cells) {
        let added: BTreeSet<CrewId> = self.plan.changes.iter().map(|change| change.person.clone()).collect();
        for (person, item, cell) in cells.iter() {
            let known = self.sides.people.get(person).copied();
            let is_there = known.is_some() || added.contains(person);
            if self.stopped.contains(&cell.tab) || !is_there {
                continue;
            }
            match &cell.says {
                // Of somebody new the name is in already.
                Says::Words(name) if known.is_none() && item == Item::Field(Field::Name) => {
                    self.plan.memory.agree(cell.tab, person, item, name.as_deref());
                }
                _ => self.merge_cell(person, item, cell, known),
            }
        }
    }

    fn merge_cell(&mut self, person: &CrewId, item: Item, cell: &CellRead, known: Option<&CrewMember>) {
        let is_over = |item| matches!(item, Item::Day(date) if reading::is_over(date, self.known.today));
        if cell.says == Says::Nothing && is_over(item) {
            return;
        }
        if let Some(why) = &cell.ask {
            self.ask(cell.tab, cell.at, why.clone());
        }
        let base =
            self.before.tabs.get(&cell.tab).and_then(|tab| tab.people.get(person)?.get(&item)).cloned();
        let sheet = match &cell.says {
            Says::Words(words) => words.clone(),
            // Only the program writes sails: whoever pastes one over words has said nothing.
            Says::Nothing => base.clone(),
            Says::Unusable => return,
        };
        let store = known.and_then(|known| item.of(known));
        let merged = merge(item, base.as_deref(), sheet.as_deref(), store.as_deref());
        let counts = match merged {
            Merged::FromSheet | Merged::Conflict(Side::Sheet) => sheet.clone(),
            Merged::Same | Merged::FromStore | Merged::Conflict(Side::Store) => store.clone(),
        };
        if !self.may_be(person, item, counts.as_deref(), cell) {
            return;
        }
        if !same(item, store.as_deref(), counts.as_deref()) {
            let at = self.address(cell.tab, cell.at);
            let (before, after) = (store.clone(), counts.clone());
            self.plan.changes.push(Change {
                person: person.clone(),
                new: known.is_none(),
                item,
                before,
                after,
                at,
            });
        }
        // Of whoever has just got a row, or a column, nothing was known.
        let had = self.before.tabs.get(&cell.tab).filter(|tab| tab.items.contains(&item));
        let is_news = had.is_some_and(|tab| tab.people.contains_key(person));
        if merged == Merged::Same && is_news && !same(item, base.as_deref(), counts.as_deref()) {
            let (at, before, after) = (self.address(cell.tab, cell.at), base.clone(), counts.clone());
            self.plan.agreed.push(Change { person: person.clone(), new: false, item, before, after, at });
        }
        self.note_conflict(person, item, cell, merged, (&sheet, &store, &counts));
        self.show(person, item, cell, sheet.as_deref(), counts.as_deref());
    }

    /// Nobody is without a name or a rank: whoever emptied such a cell is told.
    fn may_be(&mut self, person: &CrewId, item: Item, counts: Option<&str>, cell: &CellRead) -> bool {
        let needed = matches!(item, Item::Field(Field::Name | Field::Rank)) && counts.is_none();
        let crewed =
            item == Item::Field(Field::UsualCrew) && counts.is_some() && !self.will_be_captain(person);
        if needed {
            self.ask(cell.tab, cell.at, Why::Field(format!("{person} needs one; write it again")));
        }
        if crewed {
            let why = format!(
                "{person} is no captain, and only captains have a usual crew; empty the cell, or correct the rank"
            );
            self.ask(cell.tab, cell.at, Why::Field(why));
        }
        !needed && !crewed
    }

    fn will_be_captain(&self, person: &CrewId) -> bool {
        let rank = Item::Field(Field::Rank);
        let changed = self.plan.changes.iter().find(|change| change.person == *person && change.item == rank);
        match changed {
            Some(change) => change.after.as_deref() == Some(crate::model::Rank::CAPTAIN),
            None => self.sides.people.get(person).is_some_and(|known| known.rank.is_captain()),
        }
    }

    /// What the cell is to show, if that is not what it shows.
    fn show(
        &mut self,
        person: &CrewId,
        item: Item,
        cell: &CellRead,
        sheet: Option<&str>,
        counts: Option<&str>,
    ) {
        let none = Vec::new();
        let sails = match item {
            Item::Day(date) => self.sides.sails.get(&(person.clone(), date)).unwrap_or(&none),
            Item::Field(_) => &none,
        };
        let left = cell.left.as_ref().unwrap_or(&cell.text);
        let agreed = same(item, sheet, counts);
        let text = match item {
            Item::Day(_) if agreed && *sails == cell.sails && !hides_too_much(cell, counts) => left.clone(),
            Item::Day(_) => {
                // People's own spelling stays.
                let own = DayCell::parse(left, &self.known.charters).own_words();
                let words = if agreed { own.as_deref().or(counts) } else { counts };
                day_text(words, sails)
            }
            Item::Field(_) if agreed => left.clone(),
            Item::Field(field) => self.sides.field_text(field, counts, &self.plan.reading.directory),
        };
        // To the letter as it stands there, or as it will.
        let words = if agreed { sheet } else { counts };
        // A colour is not taken away: nothing shows that what it says counts no more.
        let is_painted = cell.text.is_empty() && cell.left.is_none() && sheet.is_some();
        if is_painted && text.is_empty() && counts.is_none() {
            self.ask(cell.tab, cell.at, Why::Painted(sheet.unwrap_or_default().to_owned()));
            return;
        }
        if text == cell.text {
            self.plan.memory.agree(cell.tab, person, item, words);
            self.plan.memory.overwritten.remove(&(person.clone(), item));
            return;
        }
        if cell.locked {
            self.ask(cell.tab, cell.at, Why::Locked(text));
            return;
        }
        if agreed && cell.left.is_none() {
            self.plan.memory.agree(cell.tab, person, item, words);
        }
        let agrees = Some((person.clone(), item.name(), words.map(str::to_owned)));
        let (shows, at) = (cell.text.clone(), cell.at);
        self.plan.edits.push(Edit::Cell { tab: cell.tab, at, shows, text, agrees, charter: None });
    }

    /// Keeps what both sides changed differently, with a note at the cell, and forgets it when a person has settled it:
    /// typed there, answered anew, or taken the note away.
    fn note_conflict(
        &mut self,
        person: &CrewId,
        item: Item,
        cell: &CellRead,
        merged: Merged,
        (sheet, store, counts): (&Option<String>, &Option<String>, &Option<String>),
    ) {
        let key = (person.clone(), item);
        let pinned =
            self.book.tab(cell.tab).and_then(|tab| tab.cell(cell.at)).map_or("", |cell| cell.note.as_str());
        let at = self.address(cell.tab, cell.at).to_string();
        let note = |note: String| Edit::Note { tab: cell.tab, at: cell.at, note };
        if matches!(merged, Merged::Conflict(_)) {
            let open = self.before.conflicts.get(&key);
            let conflict = Conflict {
                at,
                since: open.map_or(self.now, |open| open.since),
                sheet: sheet.clone(),
                store: store.clone(),
                counts: counts.clone(),
                noted: false,
            };
            let text = note::with(pinned, &conflict);
            if text != pinned {
                self.plan.edits.push(note(text));
            }
            self.plan.memory.conflicts.insert(key, conflict);
            return;
        }
        let Some(open) = self.plan.memory.conflicts.get_mut(&key) else { return };
        open.at = at;
        let has_note = note::is_in(pinned);
        let changed = !same(item, counts.as_deref(), open.counts.as_deref()) && merged != Merged::FromStore;
        if changed || (open.noted && !has_note) {
            if has_note {
                self.plan.edits.push(note(note::without(pinned)));
            }
            self.plan.memory.conflicts.remove(&key);
        } else if has_note {
            open.noted = true;
        } else {
            let text = note::with(pinned, open);
            self.plan.edits.push(note(text));
        }
    }
}

/// Whether the words are not written beside a sail.
fn goes_without_saying(words: &str) -> bool {
    Availability::parse(words).meaning() == Meaning::Available
}

/// A sail stands alone, and what counts is more than a plain yes.
fn hides_too_much(cell: &CellRead, counts: Option<&str>) -> bool {
    cell.says == Says::Nothing && counts.is_some_and(|words| !goes_without_saying(words))
}

//! A whole book as it is read: the roster first, since it says who is called what, then the tabs of days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::book::{At, Book, Tab, TabId};
use super::cells::{CellRead, Cells, Says};
use super::dates::named_in;
use super::fields;
use super::item::Item;
use super::names::{Directory, Found};
use super::table::{Bound, Held, Holds, Known, Row, TabRead, Table};
use super::why::Why;
use super::words::{AGREED, DayCell, Words, meant};
use super::{charters, days, roster};
use crate::limits;
use crate::model::{Availability, CharterId, CrewId, Meaning};

/// What a book says.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Its tabs, in their order.
    pub tabs: Vec<TabRead>,
    pub(super) directory: Directory,
}

impl Reading {
    /// Reads a book.
    pub fn of(book: &Book, known: &Known<'_>) -> Self {
        let mut directory = known.directory();
        let looked_at = |tab: &&Tab| !known.answers.ignored.contains(&tab.id);
        let roster = roster_tab(book, known).filter(looked_at);
        let roster = roster.and_then(|tab| Some((tab.id, roster::read(tab, known, &mut directory)?)));
        // Also of those who are only in the sheet yet.
        known.call_as_answered(&mut directory);
        let read = |tab: &Tab| {
            let holds = match &roster {
                _ if !looked_at(&tab) => Holds::Nothing,
                Some((id, table)) if *id == tab.id => Holds::Roster(table.clone()),
                _ => match days::read(tab, known, &directory, year_beside(book, tab)) {
                    Some(tables) => Holds::Days(tables),
                    None => charters_tab(tab, known).map_or(Holds::Nothing, Holds::Charters),
                },
            };
            TabRead { id: tab.id, title: tab.title.clone(), holds }
        };
        let mut tabs: Vec<TabRead> = book.tabs.iter().map(read).collect();
        same_days_elsewhere(&mut tabs, known);
        Self { tabs, directory }
    }

    /// The roster's table, and the tab it is in.
    pub fn roster(&self) -> Option<(TabId, &Table)> {
        self.tabs.iter().find_map(|tab| match &tab.holds {
            Holds::Roster(table) => Some((tab.id, table)),
            _ => None,
        })
    }

    /// Whose name this is, on the roster or in its tab.
    pub fn named(&self, name: &str) -> Vec<CrewId> {
        match self.directory.find(name) {
            Found::One(person) => vec![person],
            Found::Several(people) => people,
            Found::Nobody => Vec::new(),
        }
    }

    /// Whether somebody has this id, on the roster or in its tab.
    pub fn has(&self, id: &CrewId) -> bool {
        self.directory.has(id)
    }

    /// Every cell that is kept in step, whose it is and of which item.
    pub fn cells(&self, book: &Book, known: &Known<'_>) -> Cells {
        self.cells_by_person(book, known).collect()
    }

    /// The same, one person after the other: all of them at once take several times the room of the book.
    pub fn cells_by_person(
        &self,
        book: &Book,
        known: &Known<'_>,
    ) -> impl Iterator<Item = (CrewId, BTreeMap<Item, CellRead>)> {
        let mut people: BTreeMap<&CrewId, Vec<(&Tab, &Table, &Row)>> = BTreeMap::new();
        for (tab, read) in self.tabs.iter().filter_map(|read| Some((book.tab(read.id)?, read))) {
            for (table, row) in read.tables().iter().flat_map(|t| t.rows.iter().map(move |row| (t, row))) {
                if let Ok(person) = &row.person {
                    people.entry(person).or_default().push((tab, table, row));
                }
            }
        }
        people.into_iter().map(move |(person, rows)| {
            let mut cells = BTreeMap::new();
            for (tab, table, row) in rows {
                for (column, item) in table.items() {
                    // Of two of the same the last one counts.
                    cells.insert(item, self.cell(tab, At::new(row.row, column), item, known));
                }
            }
            (person.clone(), cells)
        })
    }

    /// What a text says in the place of an item.
    pub(super) fn says(
        &self,
        item: Item,
        text: &str,
        known: &Known<'_>,
    ) -> (Says, Vec<CharterId>, Option<Why>) {
        match item {
            // Of what is long over, no charter is known any more.
            Item::Day(date) if is_over(date, known.today) && is_mark(text) => {
                (Says::Nothing, Vec::new(), None)
            }
            Item::Day(_) => day(text, known),
            Item::Field(field) => match fields::read(field, text, known.ranks, &self.directory) {
                Ok(words) => (Says::Words(words), Vec::new(), None),
                Err(problem) => (Says::Unusable, Vec::new(), Some(Why::Field(problem))),
            },
        }
    }

    fn cell(&self, tab: &Tab, at: At, item: Item, known: &Known<'_>) -> CellRead {
        let (text, locked) = shown(tab, at);
        let cell = tab.cell(tab.shown_in(at));
        let painted =
            cell.filter(|_| matches!(item, Item::Day(_))).and_then(|cell| known.answers.painted(cell));
        let (says, sails, ask) = match (cell.filter(|cell| cell.error), painted) {
            (Some(cell), _) => (Says::Unusable, Vec::new(), Some(Why::Error(cell.text.clone()))),
            (None, Some(words)) => (Says::Words(Some(words.to_owned())), Vec::new(), None),
            (None, None) => self.says(item, text, known),
        };
        CellRead { tab: tab.id, at, text: text.to_owned(), left: None, says, sails, ask, locked }
    }
}

/// Whether a day is so long ago that nothing is written there any more.
pub(super) fn is_over(date: Date, today: Date) -> bool {
    let past = jiff::Span::new().days(limits::SHEET_PAST_DAYS);
    today.checked_sub(past).is_ok_and(|first| date < first)
}

/// Whether a text ends as the sails do that the program writes.
fn is_mark(text: &str) -> bool {
    let before = text.trim_end().strip_suffix(AGREED);
    before.is_some_and(|before| before.ends_with(' ') && !before.trim().is_empty())
}

fn day(text: &str, known: &Known<'_>) -> (Says, Vec<CharterId>, Option<Why>) {
    let DayCell { words, sails } = DayCell::parse(text, &known.charters);
    let (says, ask) = match words {
        Words::Blank => (Says::Words(None), None),
        Words::Hidden => (Says::Nothing, None),
        Words::Said(said) if said.chars().count() > limits::NOTE_CHARS => {
            (Says::Unusable, Some(Why::Words(said)))
        }
        Words::Said(said) => {
            let words = meant(&said, &known.answers.words);
            let unclear = Availability::parse(&words).meaning() == Meaning::Unclear;
            (Says::Words(Some(words)), unclear.then_some(Why::Words(said)))
        }
    };
    (says, sails, ask)
}

/// What people see in a cell, and whether it is left as it is.
pub(super) fn shown(tab: &Tab, at: At) -> (&str, bool) {
    let first = tab.shown_in(at);
    let joined = tab.merges.iter().any(|area| area.contains(at));
    (tab.text(first), joined || tab.cell(first).is_some_and(|cell| cell.formula))
}

/// The tab of the roster: the one that it was before, else the one that is called so, else the only one that looks like it.
fn roster_tab<'a>(book: &'a Book, known: &Known<'_>) -> Option<&'a Tab> {
    let is_bound = |tab: &&Tab| known.bound.get(&tab.id) == Some(&Bound::Roster);
    if let Some(tab) = book.tabs.iter().find(is_bound) {
        return Some(tab);
    }
    if known.bound.values().any(|bound| *bound == Bound::Roster) {
        // It is gone; another tab does not take its place by itself.
        return None;
    }
    let looks = |tab: &&Tab| {
        roster::read(tab, known, &mut known.directory()).is_some_and(|table| !table.rows.is_empty())
            && !known.answers.ignored.contains(&tab.id)
    };
    let mut like: Vec<&Tab> = book.tabs.iter().filter(looks).collect();
    let called = |words: &[&str], tab: &&&Tab| words.contains(&tab.title.trim().to_lowercase().as_str());
    let named = ["roster", "crew roster", "crew list", "crew", "people", "contacts", "staff"];
    match like
        .iter()
        .find(|tab| called(&named[..1], tab))
        .or_else(|| like.iter().find(|tab| called(&named, tab)))
    {
        Some(tab) => Some(tab),
        None if like.len() == 1 => like.pop(),
        None => None,
    }
}

fn charters_tab(tab: &Tab, known: &Known<'_>) -> Option<Table> {
    let named =
        ["charters", "charter list", "sails", "bookings"].contains(&tab.title.trim().to_lowercase().as_str());
    (named || known.bound.get(&tab.id) == Some(&Bound::Charters)).then(|| charters::read(tab)).flatten()
}

/// The year of a tab's neighbours, if all that name one name the same.
fn year_beside(book: &Book, tab: &Tab) -> Option<i16> {
    let others = book.tabs.iter().filter(|other| other.id != tab.id).map(|other| named_in(&other.title));
    let mut years: BTreeSet<i16> =
        others.filter_map(|(month, year)| year.filter(|_| month.is_some())).collect();
    years.pop_first().filter(|_| years.is_empty())
}

/// Where two tabs have the same days, the one counts that did before; else neither does.
fn same_days_elsewhere(tabs: &mut [TabRead], known: &Known<'_>) {
    let days = |tab: &TabRead| -> BTreeSet<Date> {
        let columns = tab.tables().iter().flat_map(|table| &table.columns);
        columns.filter_map(|column| column.holds.day()).collect()
    };
    let all: Vec<(TabId, String, BTreeSet<Date>)> =
        tabs.iter().map(|tab| (tab.id, tab.title.clone(), days(tab))).collect();
    for tab in tabs {
        let bound = known.bound.contains_key(&tab.id);
        let others: Vec<_> =
            all.iter().filter(|(id, ..)| *id != tab.id && (!bound || known.bound.contains_key(id))).collect();
        let Holds::Days(tables) = &mut tab.holds else { continue };
        for column in tables.iter_mut().flat_map(|table| &mut table.columns) {
            let Some(date) = column.holds.day() else { continue };
            if let Some((_, title, _)) = others.iter().find(|(.., days)| days.contains(&date)) {
                column.holds = Held::Unread(Why::SameDayElsewhere(date, title.clone()));
            }
        }
    }
}

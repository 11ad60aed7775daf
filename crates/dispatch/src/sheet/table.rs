//! A tab as it is read: which rows are whose, which columns are what.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::book::{At, Cell, TabId};
use super::fields::Field;
use super::item::Item;
use super::names::{Details, Directory};
use super::why::Why;
use super::words::Legend;
use crate::model::{CharterId, CrewId, CrewMember, Email, Phone, Rank};

/// What a sheet is read with.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// The operator's day.
    pub today: Date,
    /// The operator's ranks.
    pub ranks: &'a [Rank],
    /// Who is on the roster.
    pub people: Vec<Person<'a>>,
    /// What the operator said of names and words and tabs.
    pub answers: &'a Answers,
    /// The charters that there are: what names another one is no sail.
    pub charters: BTreeSet<CharterId>,
    /// What was found of each tab before.
    pub bound: BTreeMap<TabId, Bound>,
}

/// Somebody on the roster.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Who.
    pub id: &'a CrewId,
    /// What they are called.
    pub name: &'a str,
    /// What they sail as.
    pub rank: &'a Rank,
    /// How they are reached.
    pub email: Option<&'a str>,
    /// The same.
    pub phone: Option<&'a str>,
}

impl<'a> Person<'a> {
    /// Somebody, as the roster has them.
    pub fn of(member: &'a CrewMember) -> Self {
        Self {
            id: &member.crew_id,
            name: &member.name,
            rank: &member.rank,
            email: member.email.as_ref().map(Email::as_str),
            phone: member.phone.as_ref().map(Phone::as_str),
        }
    }
}

/// What the operator answered when asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// What words of a day mean.
    pub words: Legend,
    /// What the colour of a day's cell means in which nothing is written.
    pub colours: BTreeMap<String, String>,
    /// Whose a name is, each as it is compared; `None` if it is no person.
    pub names: BTreeMap<String, Option<CrewId>>,
    /// Tabs that are not to be looked at.
    pub ignored: BTreeSet<TabId>,
}

impl Answers {
    /// What the colour of a cell says. Where something is written, it says nothing.
    pub fn painted(&self, cell: &Cell) -> Option<&str> {
        self.colours.get(&cell.colour).filter(|_| cell.text.trim().is_empty()).map(String::as_str)
    }
}

/// What a tab was found to be, so that it still is when it is renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The roster.
    Roster,
    /// Days, of which the first was in this year.
    Month(i16),
    /// The charters.
    Charters,
}

/// A tab as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabRead {
    /// Which.
    pub id: TabId,
    /// What it is called.
    pub title: String,
    /// What is in it.
    pub holds: Holds,
}

/// What is in a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// The roster: a table with the columns of people.
    Roster(Table),
    /// Availability: a table of days, or several beside each other.
    Days(Vec<Table>),
    /// Charters: which column is which, below which row.
    Charters(Table),
    /// Nothing that is read here.
    Nothing,
}

impl TabRead {
    /// Its tables.
    pub fn tables(&self) -> &[Table] {
        match &self.holds {
            Holds::Roster(table) | Holds::Charters(table) => std::slice::from_ref(table),
            Holds::Days(tables) => tables,
            Holds::Nothing => &[],
        }
    }

    /// What to remember of it.
    pub fn bound(&self) -> Option<Bound> {
        match &self.holds {
            Holds::Roster(_) => Some(Bound::Roster),
            Holds::Charters(_) => Some(Bound::Charters),
            Holds::Days(tables) => {
                let dates = tables.iter().flat_map(|table| &table.columns);
                let first = dates.filter_map(|column| column.holds.day()).min()?;
                Some(Bound::Month(first.year()))
            }
            Holds::Nothing => None,
        }
    }
}

/// A table in a tab: a header, and below it a row for each person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The last row of its header.
    pub header: usize,
    /// The row of days, where it has one.
    pub days: Option<usize>,
    /// The columns with names; the first that is not blank names the row.
    pub names: Vec<usize>,
    /// The column of ids.
    pub ids: Option<usize>,
    /// Its other columns, from the left.
    pub columns: Vec<Column>,
    /// The rows that are somebody's, or should be.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Where.
    pub column: usize,
    /// What its cells are.
    pub holds: Held,
}

/// What the cells of a column are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// What people say of a day.
    Day(Date),
    /// A field of the roster.
    Field(Field),
    /// The first part of a name.
    FirstName,
    /// The last part of a name.
    LastName,
    /// Nicknames.
    Nickname,
    /// Something of a charter.
    Charter(super::charters::CharterField),
    /// Days, of which it is not clear which.
    Unread(Why),
}

impl Held {
    /// What of a person its cells are.
    pub fn item(&self) -> Option<Item> {
        match self {
            Self::Day(date) => Some(Item::Day(*date)),
            Self::Field(field) => Some(Item::Field(*field)),
            _ => None,
        }
    }

    /// Its day.
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Day(date) => Some(*date),
            _ => None,
        }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where.
    pub row: usize,
    /// The name that stands in it, as it stands there.
    pub name: String,
    /// The column of that name.
    pub named_in: usize,
    /// Whose it is.
    pub person: Result<CrewId, Why>,
    /// Whether the person is on no roster yet.
    pub new: bool,
    /// What stands where its id should be.
    pub id: String,
}

impl Table {
    /// Where the column of a field is.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|column| column.holds == Held::Field(field)).map(|column| column.column)
    }

    /// Its columns that are kept in step.
    pub(super) fn items(&self) -> impl Iterator<Item = (usize, Item)> {
        self.columns.iter().filter_map(|column| Some((column.column, column.holds.item()?)))
    }

    /// The places of every row in every column, but for those of names and ids.
    pub fn cells(&self) -> impl Iterator<Item = (&Row, &Column, At)> {
        let cell = |row: &Row, column: &Column| At::new(row.row, column.column);
        self.rows
            .iter()
            .flat_map(move |row| self.columns.iter().map(move |column| (row, column, cell(row, column))))
    }
}

impl Known<'_> {
    /// In which order people are listed: by ranks as the operator has them, then as they are asked.
    pub(super) fn place(&self, member: &CrewMember) -> (usize, u32, String, CrewId) {
        let rank = self.ranks.iter().position(|rank| *rank == member.rank).unwrap_or(usize::MAX);
        let order = member.cascade_order.unwrap_or(u32::MAX);
        (rank, order, member.name.to_lowercase(), member.crew_id.clone())
    }

    /// Everybody by what they are called.
    pub(super) fn directory(&self) -> Directory {
        let mut directory = Directory::default();
        for person in &self.people {
            let details = Details::new(person.name, Some(person.rank.clone()), person.email, person.phone);
            directory.add(person.id, details, [person.name]);
        }
        self.call_as_answered(&mut directory);
        directory
    }

    /// What the operator said whose it is, counts as theirs.
    pub(super) fn call_as_answered(&self, directory: &mut Directory) {
        for (name, id) in &self.answers.names {
            if let Some(id) = id.as_ref().filter(|id| directory.has(id)) {
                directory.call(id, [name.as_str()]);
            }
        }
    }

    /// Whether somebody said that this is no person's name.
    pub(super) fn is_no_person(&self, name: &str) -> bool {
        self.answers.names.get(&super::names::key(name)).is_some_and(Option::is_none)
    }
}

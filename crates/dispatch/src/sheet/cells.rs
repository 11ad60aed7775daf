//! The cells that are kept in step, as they are read.

use std::collections::BTreeMap;

use super::book::{At, TabId};
use super::item::Item;
use super::why::Why;
use crate::model::{CharterId, CrewId};

/// A cell that is kept in step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRead {
    /// In which tab.
    pub tab: TabId,
    /// Where.
    pub at: At,
    /// What it shows.
    pub text: String,
    /// What people left there, where it is not what it shows: it was written over before anybody had read it.
    pub left: Option<String>,
    /// What it says.
    pub says: Says,
    /// The sails that stand in it.
    pub sails: Vec<CharterId>,
    /// Why somebody has to be asked about it.
    pub ask: Option<Why>,
    /// Whether nothing is written there: a formula makes what it shows, or it is joined with others.
    pub locked: bool,
}

/// What a cell says of its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// These words for the store; `None` if it is blank.
    Words(Option<String>),
    /// Nothing: only the program has written there.
    Nothing,
    /// What the store cannot take.
    Unusable,
}

/// The cells that are kept in step, by whose they are and of which item.
#[derive(Debug, Clone, Default)]
// By people first: a large office has hundreds of thousands of cells, and ids are long to compare.
pub struct Cells(BTreeMap<CrewId, BTreeMap<Item, CellRead>>);

impl Cells {
    /// Somebody's cell of an item.
    pub fn get(&self, person: &CrewId, item: Item) -> Option<&CellRead> {
        self.0.get(person)?.get(&item)
    }

    /// All of somebody's.
    pub fn of(&self, person: &CrewId) -> Option<&BTreeMap<Item, CellRead>> {
        self.0.get(person)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&CrewId, Item, &CellRead)> {
        self.0.iter().flat_map(|(person, cells)| cells.iter().map(move |(item, cell)| (person, *item, cell)))
    }

    pub(super) fn get_mut(&mut self, person: &CrewId, item: Item) -> Option<&mut CellRead> {
        self.0.get_mut(person)?.get_mut(&item)
    }
}

impl FromIterator<(CrewId, BTreeMap<Item, CellRead>)> for Cells {
    fn from_iter<I: IntoIterator<Item = (CrewId, BTreeMap<Item, CellRead>)>>(people: I) -> Self {
        Self(people.into_iter().filter(|(_, cells)| !cells.is_empty()).collect())
    }
}

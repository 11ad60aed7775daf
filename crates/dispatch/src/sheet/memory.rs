//! What both sides last had, tab by tab, and what is still open about it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::book::{At, TabId};
use super::charters::CharterField;
use super::item::Item;
use super::table::{Answers, Bound};
use crate::model::{CharterId, CrewId};

/// Everything that is remembered of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// What both sides last had.
    pub tabs: BTreeMap<TabId, TabMemory>,
    /// What the program wrote of the charters that have a row, and was seen there.
    pub charters: BTreeMap<CharterId, BTreeMap<CharterField, String>>,
    /// What the operator answered.
    pub answers: Answers,
    /// What both sides changed differently, and nobody has settled yet.
    pub conflicts: BTreeMap<(CrewId, Item), Conflict>,
    /// What was written over something that nobody had read yet.
    pub overwritten: BTreeMap<(CrewId, Item), Overwritten>,
    /// The same where it is nobody's cell: what stood there is put back.
    pub strays: Vec<Stray>,
    /// Tabs whose great changes are meant.
    pub accepted: BTreeSet<TabId>,
}

/// What is remembered of a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabMemory {
    /// What it was called.
    pub title: String,
    /// What is in it.
    pub bound: Bound,
    /// Its columns, also those that are gone and of which nobody has said that this is meant.
    pub items: BTreeSet<Item>,
    /// Whose rows there were, and what both sides last had; what is not there was blank.
    pub people: BTreeMap<CrewId, BTreeMap<Item, String>>,
    /// Whose row was not there at the last reading. When it comes back, what both sides had is no measure for it any more.
    pub gone: BTreeSet<CrewId>,
}

/// Two things that were said of the same at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The cell, as the last reading found it.
    pub at: String,
    /// Since when.
    pub since: Timestamp,
    /// What stood in the sheet.
    pub sheet: Option<String>,
    /// What the store had.
    pub store: Option<String>,
    /// What counts meanwhile.
    pub counts: Option<String>,
    /// Whether the cell has its note: once it is gone, somebody has settled it.
    pub noted: bool,
}

/// What was written over something that nobody had read yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overwritten {
    /// What was written.
    pub ours: String,
    /// What stood there.
    pub before: String,
}

/// What was written where nobody's cell is, because rows or columns had moved meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stray {
    /// In which tab.
    pub tab: TabId,
    /// Where it was then.
    pub at: At,
    /// What.
    pub over: Overwritten,
}

impl Memory {
    /// What each tab was found to be, but for those that are not looked at: another one may take their place.
    pub fn bound(&self) -> BTreeMap<TabId, Bound> {
        let looked_at = self.tabs.iter().filter(|(id, _)| !self.answers.ignored.contains(id));
        looked_at.map(|(id, tab)| (*id, tab.bound)).collect()
    }

    /// What both sides last had of an item, wherever it stands.
    pub fn base(&self, person: &CrewId, item: Item) -> Option<&str> {
        self.tabs.values().find_map(|tab| Some(tab.people.get(person)?.get(&item)?.as_str()))
    }

    /// Something was written over what nobody had read. Where it was the program that had written there before, what people
    /// left is what stood there before that.
    pub(super) fn was_written_over(&mut self, whose: (CrewId, Item), mut over: Overwritten) {
        if let Some(earlier) = self.overwritten.get(&whose).filter(|earlier| earlier.ours == over.before) {
            over.before.clone_from(&earlier.before);
        }
        self.overwritten.insert(whose, over);
    }

    /// Both sides have this now.
    pub fn agree(&mut self, tab: TabId, person: &CrewId, item: Item, words: Option<&str>) {
        let Some(tab) = self.tabs.get_mut(&tab) else { return };
        let known = tab.people.get(person);
        if known.is_some_and(|said| said.get(&item).map(String::as_str) == words) {
            return;
        }
        let person = tab.people.entry(person.clone()).or_default();
        match words {
            Some(words) => person.insert(item, words.to_owned()),
            None => person.remove(&item),
        };
    }
}

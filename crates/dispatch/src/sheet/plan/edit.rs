//! What is written into the sheet.

use serde::{Deserialize, Serialize};

use crate::model::{CharterId, CrewId};
use crate::sheet::book::{At, TabId};
use crate::sheet::charters::CharterField;

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
        /// What both sides have then, if it is the last thing to do for that. None of ids, headings, and what is put back.
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
        /// Columns in which the row above it is painted with what says something, which is not said here.
        #[serde(default)]
        unpainted: Vec<usize>,
        /// Whose it is.
        owner: Owner,
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
pub enum Owner {
    /// A person's.
    Person(CrewId),
    /// A charter's.
    Charter(CharterId),
}

impl Edit {
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

//! What the sheet needs from the office, as the last round found it.

use crewcall_dispatch::model::{CrewId, Fault};
use crewcall_dispatch::sheet::{Ask, Conflict, Stop};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::{Of, SHEET, SheetState};
use super::told;
use crate::plain::one_line;
use crate::store::{Store, StoreError, read};

/// Questions that are kept for the office; there may be more in the sheet.
const ASKS_KEPT: usize = 200;

/// What a round found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Last {
    /// What the spreadsheet is called.
    pub title: String,
    /// When it was first found so.
    pub since: Option<Timestamp>,
    /// What somebody has to be asked, the first of them.
    pub asks: Vec<Asked>,
    /// How many more there are.
    pub more_asks: usize,
    /// Why tabs are left alone.
    pub stops: Vec<String>,
    /// What would have been done on the last day on which the sheet was only looked at, if it is.
    pub shadow: Option<String>,
    /// Since when rounds fail, and why the first of them did.
    pub failing: Option<(Timestamp, String)>,
}

/// Something that somebody has to be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The cell.
    pub at: String,
    /// Why, as a clause.
    pub why: String,
    /// The command that answers it, if one does.
    #[serde(default)]
    pub how: Option<String>,
}

/// What the sheet needs from the office.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Needs {
    /// What the spreadsheet is called.
    pub title: String,
    /// Since when it is so.
    pub since: Option<Timestamp>,
    /// Why tabs are left alone.
    pub stops: Vec<String>,
    /// What was said in the sheet and elsewhere at the same time, and nobody has settled.
    pub conflicts: Vec<String>,
    /// What is not understood, the first of it.
    pub asks: Vec<Asked>,
    /// How much more of that there is.
    pub more_asks: usize,
    /// What would have been done, if the sheet is only looked at.
    pub shadow: Option<String>,
    /// Since when the sheet is out of step because rounds fail, and why.
    pub failing: Option<(Timestamp, String)>,
}

/// What the sheet needs from the office, as the last round found it.
///
/// # Errors
/// If the store fails.
pub async fn needs(store: &dyn Store) -> Result<Needs, StoreError> {
    let Some(state) = read::<SheetState>(store, SHEET).await?.map(|read| read.value) else {
        return Ok(Needs::default());
    };
    let said =
        |words: &Option<String>| words.as_ref().map_or("nothing".to_owned(), |words| format!("{words:?}"));
    let conflict = |of: &Of<Conflict>| {
        let (sheet, store, counts) = (said(&of.is.sheet), said(&of.is.store), said(&of.is.counts));
        format!(
            "{}: {sheet} of {}, {}, in the sheet, {store} elsewhere; {counts} counts until the cell says what is right or its note \
             is deleted",
            of.is.at, of.person, of.item
        )
    };
    let conflicts = state.conflicts.iter().map(conflict).collect();
    let Last { title, since, asks, more_asks, stops, shadow, failing } = state.last;
    Ok(Needs { title, since, stops, conflicts, asks, more_asks, shadow, failing })
}

impl Last {
    /// Whether these tabs were left alone for the same reasons.
    pub(super) fn are_stops(&self, stops: &[Stop]) -> bool {
        self.stops.iter().cloned().eq(stops.iter().map(Stop::to_string))
    }

    /// What a plan found. It keeps since when that is so; what was told of a sheet that was only looked at, or could not be
    /// read, is over.
    pub(super) fn of(
        &self,
        title: &str,
        asks: &[Ask],
        not_taken: &[(CrewId, Vec<Fault>)],
        stops: &[Stop],
        now: Timestamp,
    ) -> Self {
        let asked = asks.iter().map(|ask| (ask.at.to_string(), ask.why.to_string(), told::answered_by(ask)));
        let faulty = not_taken.iter().map(|(person, faults)| {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            (person.to_string(), format!("nothing is taken from the sheet while {}", faults.join("; ")), None)
        });
        let all: Vec<(String, String, Option<String>)> = faulty.chain(asked).collect();
        let last = Self {
            title: title.to_owned(),
            since: self.since,
            asks: all
                .iter()
                .take(ASKS_KEPT)
                .map(|(at, why, how)| Asked {
                    at: one_line(at),
                    why: one_line(why),
                    how: how.as_deref().map(one_line),
                })
                .collect(),
            more_asks: all.len().saturating_sub(ASKS_KEPT),
            stops: stops.iter().map(Stop::to_string).collect(),
            shadow: None,
            failing: None,
        };
        if last == *self && self.since.is_some() { last } else { Self { since: Some(now), ..last } }
    }
}

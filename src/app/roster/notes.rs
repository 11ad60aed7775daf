//! What is legal in a roster and has consequences all the same.

use std::fmt;

use crewcall_dispatch::model::{CrewId, CrewMember, Meaning};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::Given;

/// Something about a person that keeps them from being asked, and that nobody may have meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "note")]
pub enum Note {
    /// A word that means neither yes nor no.
    NotUnderstood {
        /// Who.
        crew_id: CrewId,
        /// Of which date.
        date: Date,
        /// The word.
        said: String,
    },
    /// There is no address to ask at.
    NoEmail {
        /// Who.
        crew_id: CrewId,
        /// The person's name.
        name: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUnderstood { crew_id, date, said } => write!(
                f,
                "{crew_id} says {said:?} of {date}, which crewcall understands neither as yes or no nor as hours of \
                 the day: counted as unknown"
            ),
            Self::NoEmail { crew_id, name } => {
                write!(f, "{crew_id} ({name}) has no e-mail address: cannot be asked")
            }
        }
    }
}

/// What there is to say of one row; of dates, those that it names itself and that are not over.
pub(super) fn of(given: &Given, member: &CrewMember, today: Date) -> Vec<Note> {
    let named = given.record.get("availability").and_then(Value::as_object);
    let named = |date: &Date| named.is_some_and(|dates| dates.contains_key(&date.to_string()));
    let dates = member.availability.range(today..);
    // A maybe is no yes, and nothing that has to be corrected.
    let maybe = |said: &str| said.trim().eq_ignore_ascii_case("maybe");
    let unclear = dates
        .filter(|(date, said)| said.meaning() == Meaning::Unclear && !maybe(said.words()) && named(date));
    let mut notes: Vec<Note> = unclear
        .map(|(date, said)| Note::NotUnderstood {
            crew_id: member.crew_id.clone(),
            date: *date,
            said: said.words().to_owned(),
        })
        .collect();
    if member.email.is_none() && !member.left {
        notes.push(Note::NoEmail { crew_id: member.crew_id.clone(), name: member.name.clone() });
    }
    notes
}

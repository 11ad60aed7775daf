//! Crew records, from JSON or CSV: all rows are read before anything is done with one of them.
//!
//! A JSON record is all there is to say of a person. A CSV says only what it has columns and cells
//! for; the rest is left to the roster, and so is the check of what comes out.

use std::collections::BTreeSet;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewMember, Fault};
use serde_json::{Map, Value};

use super::input::Input;
use super::{csv, json};
use crate::app::Given;

/// How a roster file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One crew record, or a list of them.
    Json,
    /// A heading, then one line each.
    Csv,
}

impl Format {
    /// What a file is, by its name or else by how it begins.
    pub fn of(input: &Input) -> Self {
        let name = input.place.to_ascii_lowercase();
        if name.ends_with(".csv") {
            Self::Csv
        } else if name.ends_with(".json") || input.text.trim_start().starts_with(['{', '[']) {
            Self::Json
        } else {
            Self::Csv
        }
    }
}

/// Where a record stands in its file, as sentences name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of a CSV file, or the number of a JSON record; both from 1.
    pub number: usize,
    /// The crew id that stands there, if any.
    pub crew_id: Option<String>,
}

/// What is wrong with one field of one row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {}{}, {fault}", row.number, row.crew_id.as_ref().map_or(String::new(), |id| format!(" ({id})")))]
pub struct RowFault {
    /// The row.
    pub row: Row,
    /// The field and the problem.
    pub fault: Fault,
}

/// Crew records with the places they come from, index by index.
#[derive(Debug, Default)]
pub struct Records {
    /// What is said of each person.
    pub people: Vec<Given>,
    /// Where each of them stands.
    pub rows: Vec<Row>,
}

impl Records {
    /// What is kept for other tools; among it a misspelt attribute would hide. At most twenty.
    pub fn unknown_attributes(&self) -> BTreeSet<&str> {
        const SHOWN: usize = 20;
        let names = self.people.iter().flat_map(|given| given.record.keys().map(String::as_str));
        let unknown: BTreeSet<&str> = names.filter(|name| !CrewMember::knows(name)).collect();
        unknown.into_iter().take(SHOWN).collect()
    }
}

/// Why a file is not taken. Whatever it is, nothing of the file was taken.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The file is not of the form it should have.
    #[error("{place}: {problem}")]
    Form {
        /// Which file.
        place: String,
        /// What is wrong, with the line, and what to do.
        problem: String,
    },
    /// Single fields are wrong.
    #[error("{place} has {count} of them")]
    Faults {
        /// Which file.
        place: String,
        /// The first of them, in the order of the file.
        faults: Vec<RowFault>,
        /// How many there are.
        count: usize,
    },
}

/// Reads crew records; what they say is checked against the roster.
///
/// # Errors
/// [`RosterError::Form`] for a file of another form.
pub fn read(input: &Input, format: Format) -> Result<Records, RosterError> {
    let rows = match format {
        Format::Json => json_records(&input.text),
        Format::Csv => csv::records(&input.text),
    };
    let rows = rows.map_err(|problem| RosterError::Form { place: input.place.clone(), problem })?;
    let whole = format == Format::Json;
    let (people, rows) = rows
        .into_iter()
        .map(|Raw { row, record, faults }| (Given { record, whole, faults, more_faults: 0 }, row))
        .unzip();
    Ok(Records { people, rows })
}

/// One row before it is checked: a record, and what is wrong with it already.
pub(super) struct Raw {
    pub(super) row: Row,
    pub(super) record: Map<String, Value>,
    pub(super) faults: Vec<Fault>,
}

impl Raw {
    pub(super) fn new(number: usize, record: Map<String, Value>) -> Self {
        let crew_id = record.get("crew_id").and_then(Value::as_str);
        let crew_id = crew_id.filter(|id| !id.is_empty()).map(shortened);
        Self { row: Row { number, crew_id }, record, faults: Vec::new() }
    }
}

/// An id as a sentence can bear it; a sound one is short anyway.
fn shortened(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(limits::ID_CHARS).collect()
}

/// More rows than there can be people.
pub(super) fn too_many_rows() -> String {
    let most = limits::ROSTER_MEMBERS;
    format!(
        "has more than {most} rows, and a roster has at most {most} people; take out rows that are nobody's, or twice the same"
    )
}

fn json_records(text: &str) -> Result<Vec<Raw>, String> {
    let list = match json::parse(text).map_err(|error| error.to_string())? {
        Value::Array(list) => list,
        record @ Value::Object(_) => vec![record],
        _ => return Err("is neither a crew record nor a list of them; write [{\"crew_id\": …}, …]".into()),
    };
    if list.len() > limits::ROSTER_MEMBERS {
        return Err(too_many_rows());
    }
    let records = list.into_iter().enumerate().map(|(index, value)| match value {
        Value::Object(record) => Raw::new(index + 1, record),
        _ => {
            let fault = Fault::new("record", "is no object; write {\"crew_id\": …}");
            Raw { faults: vec![fault], ..Raw::new(index + 1, Map::new()) }
        }
    });
    Ok(records.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_row_person_and_field() {
        let text = r#"[{"crew_id":"lee-park","name":"Lee","rank":"deckhand"}, 5]"#;
        let input = Input { place: "roster.json".into(), text: text.into() };
        let records = read(&input, Format::of(&input)).unwrap();
        assert!(records.people[0].whole && records.people[0].faults.is_empty());
        let sentence = |row: usize, fault: &Fault| {
            RowFault { row: records.rows[row].clone(), fault: fault.clone() }.to_string()
        };
        assert_eq!(
            sentence(1, &records.people[1].faults[0]),
            "row 2, record: is no object; write {\"crew_id\": …}"
        );
        assert_eq!(sentence(0, &Fault::new("email", "is odd")), "row 1 (lee-park), email: is odd");
        let text = format!("[{}5]", "5,".repeat(limits::ROSTER_MEMBERS));
        let error = read(&Input { place: "roster.json".into(), text }, Format::Json).unwrap_err().to_string();
        assert!(error.contains("roster.json: has more than 5000 rows"), "{error}");
    }
}

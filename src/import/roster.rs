//! Crew records, from JSON or CSV: all rows are read before anything is done with one of them.

use crewcall_dispatch::model::{CrewMember, Fault};
use serde_json::{Map, Value};

use super::input::Input;
use super::{csv, json};

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
    /// The people.
    pub members: Vec<CrewMember>,
    /// Where each of them stands.
    pub rows: Vec<Row>,
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
    #[error("{place} has {} of them", faults.len())]
    Faults {
        /// Which file.
        place: String,
        /// All of them, in the order of the file.
        faults: Vec<RowFault>,
    },
}

/// Reads crew records.
///
/// # Errors
/// A file of another form, or every fault in its rows.
pub fn read(input: &Input, format: Format) -> Result<Records, RosterError> {
    let rows = match format {
        Format::Json => json_records(&input.text),
        Format::Csv => csv::records(&input.text),
    };
    let rows = rows.map_err(|problem| RosterError::Form { place: input.place.clone(), problem })?;
    let mut records = Records::default();
    let mut faults = Vec::new();
    for Raw { row, record } in rows {
        match record.and_then(|record| CrewMember::parse(&record)) {
            Ok(member) => {
                records.members.push(member);
                records.rows.push(row);
            }
            Err(found) => {
                faults.extend(found.into_iter().map(|fault| RowFault { row: row.clone(), fault }));
            }
        }
    }
    if faults.is_empty() {
        Ok(records)
    } else {
        Err(RosterError::Faults { place: input.place.clone(), faults })
    }
}

/// One row before it is checked: a record, or why there is none.
pub(super) struct Raw {
    pub(super) row: Row,
    pub(super) record: Result<Map<String, Value>, Vec<Fault>>,
}

impl Raw {
    pub(super) fn new(number: usize, record: Result<Map<String, Value>, Vec<Fault>>) -> Self {
        let crew_id = record.as_ref().ok().and_then(|record| record.get("crew_id")?.as_str());
        let crew_id = crew_id.filter(|id| !id.is_empty()).map(shortened);
        Self { row: Row { number, crew_id }, record }
    }
}

/// An id as a sentence can bear it; a sound one is short anyway.
fn shortened(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(crewcall_dispatch::limits::ID_CHARS).collect()
}

fn json_records(text: &str) -> Result<Vec<Raw>, String> {
    let list = match json::parse(text).map_err(|error| error.to_string())? {
        Value::Array(list) => list,
        record @ Value::Object(_) => vec![record],
        _ => return Err("is neither a crew record nor a list of them; write [{\"crew_id\": …}, …]".into()),
    };
    let records = list.into_iter().enumerate().map(|(index, value)| {
        let record = match value {
            Value::Object(record) => Ok(record),
            _ => Err(vec![Fault::new("record", "is no object; write {\"crew_id\": …}")]),
        };
        Raw::new(index + 1, record)
    });
    Ok(records.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_row_person_and_field() {
        let text = r#"[{"crew_id":"lee-park","name":"Lee","rank":"deckhand"}, 5,
            {"crew_id":"dana-reyes","name":"Dana","rank":"captain","email":"dana"}]"#;
        let input = Input { place: "roster.json".into(), text: text.into() };
        let Err(RosterError::Faults { faults, .. }) = read(&input, Format::of(&input)) else {
            panic!("faults were taken")
        };
        let sentences: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            sentences,
            [
                "row 2, record: is no object; write {\"crew_id\": …}",
                "row 3 (dana-reyes), email: is \"dana\"; write one address such as dana@example.com"
            ]
        );
    }
}

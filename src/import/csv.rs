//! Crew records from CSV, as spreadsheets save it.
//!
//! The first line names the columns. A date as a heading (`2026-06-27`, `availability.2026-06-27`)
//! holds what people said of that date, `credentials.master` the last day of that paper; columns that crewcall does not know become attributes of
//! the record, as text. A column that is missing and a cell that is empty say nothing: what the
//! roster has there stays.

use std::collections::BTreeMap;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewMember, Fault};
use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::roster::{Raw, too_many_rows};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    /// A known attribute, or one of another tool.
    Attribute(String),
    /// What was said of this date.
    Date(Date),
    /// Until when this credential is valid.
    Credential(String),
    /// The heading is wrong, and its cells are not looked at.
    Wrong,
}

/// Reads every line; a fault of the whole file is a clause with the line in it.
pub(super) fn records(text: &str) -> Result<Vec<Raw>, String> {
    let mut records = rows(text, Some(limits::ROSTER_MEMBERS))?.into_iter();
    let Record { line, cells } = records.next().unwrap_or_default();
    if cells.len() > limits::CSV_COLUMNS {
        let most = limits::CSV_COLUMNS;
        return Err(format!(
            "row {line}: has {} columns; at most {most} are read: take out those of past days",
            cells.len()
        ));
    }
    let (columns, faults) = heading(&cells)?;
    let mut rows = Vec::new();
    if !faults.is_empty() {
        rows.push(Raw { faults, ..Raw::new(line, Map::new()) });
    }
    let mut said = 0;
    for Record { line, cells } in records {
        said += cells.iter().filter(|cell| !cell.is_empty()).count();
        if said > limits::BOOK_CELLS {
            let most = limits::BOOK_CELLS;
            return Err(format!(
                "has more than {most} cells that say something; take out the columns of past days, or make two files of it"
            ));
        }
        rows.push(row(line, &columns, &cells));
    }
    Ok(rows)
}

/// The cells of one record, and the line on which it begins.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) line: usize,
    pub(super) cells: StringRecord,
}

/// The heading, and every record after it that says something, as long as there are not more than `most` of these.
pub(super) fn rows(text: &str, most: Option<usize>) -> Result<Vec<Record>, String> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut rows: Vec<Record> = Vec::new();
    loop {
        let mut cells = StringRecord::new();
        let start = reader.position().byte();
        match reader.read_record(&mut cells) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(format!("the CSV cannot be read: {error}")),
        }
        let line = lines.of_record_at(usize::try_from(start).unwrap_or(usize::MAX));
        // Spreadsheets keep rows that were cleared.
        if rows.is_empty() || !cells.iter().all(|cell| cell.trim().is_empty()) {
            if most.is_some_and(|most| rows.len() > most) {
                return Err(too_many_rows());
            }
            rows.push(Record { line, cells });
        }
    }
    Ok(rows)
}

/// Counts lines along with the reader, which puts the empty lines before a record to the record.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of_record_at(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// The columns, and the faults of single headings; only without a column of ids nothing can be read.
fn heading(cells: &StringRecord) -> Result<(Vec<Column>, Vec<Fault>), String> {
    let mut columns = Vec::new();
    let mut faults = Vec::new();
    let mut places: BTreeMap<Column, usize> = BTreeMap::new();
    for (index, cell) in cells.iter().enumerate() {
        let number = index + 1;
        let read = column(cell.trim()).and_then(|column| match places.insert(column.clone(), number) {
            Some(first) => Err(format!("{:?} is column {first} already; keep one of them", cell.trim())),
            None => Ok(column),
        });
        columns.push(read.unwrap_or_else(|problem| {
            faults.push(Fault::new(format!("column {number}"), problem));
            Column::Wrong
        }));
    }
    // Without it nobody knows who is meant.
    let needed = "crew_id";
    if !columns.contains(&Column::Attribute(needed.to_owned())) {
        let first = cells.iter().next().unwrap_or_default();
        let hint = if cells.len() == 1 && first.contains([';', '\t']) {
            "; separate the columns by commas"
        } else {
            "; the first line names the columns: crew_id, name, rank, email, …"
        };
        return Err(format!("row 1: there is no column {needed}{hint}"));
    }
    Ok((columns, faults))
}

fn column(heading: &str) -> Result<Column, String> {
    if heading.is_empty() {
        return Err("has no heading; name the column or take it out".into());
    }
    let plain = heading.to_ascii_lowercase().replace(' ', "_");
    if plain == "availability" {
        return Err("is \"availability\"; give each date a column of its own, headed 2026-06-27".into());
    }
    if plain == "credentials" {
        return Err("is \"credentials\"; give each a column of its own, headed credentials.master".into());
    }
    if let Some(name) = plain.strip_prefix("credentials.") {
        return Ok(Column::Credential(name.to_owned()));
    }
    if CrewMember::knows(&plain) {
        return Ok(Column::Attribute(plain));
    }
    let date = plain.strip_prefix("availability.");
    let looks_like_date = heading.chars().all(|c| c.is_ascii_digit() || "-/.".contains(c))
        && heading.chars().filter(|c| !c.is_ascii_digit()).count() == 2;
    if date.is_none() && !looks_like_date {
        return Ok(Column::Attribute(heading.to_owned()));
    }
    let date = date.unwrap_or(heading);
    match date.parse::<Date>() {
        Ok(parsed) if parsed.to_string() == date => Ok(Column::Date(parsed)),
        _ if date.len() == 10 && !date.contains(['/', '.']) => {
            Err(format!("has {date:?} for a date, a day that there is not; look at the calendar"))
        }
        _ => Err(format!("has {date:?} for a date; write it as 2026-06-27")),
    }
}

fn row(line: usize, columns: &[Column], cells: &StringRecord) -> Raw {
    let mut raw = Raw::new(line, record(columns, cells));
    raw.faults.extend(ragged(cells, columns.len()));
    raw
}

/// Which cell belongs to which column nobody knows, unless each column has one.
pub(super) fn ragged(cells: &StringRecord, columns: usize) -> Option<Fault> {
    let problem = || {
        format!(
            "has {} cells where the first line has {columns}; give every column one cell, and put text with a comma in double quotes",
            cells.len(),
        )
    };
    (cells.len() != columns).then(|| Fault::new("record", problem()))
}

fn record(columns: &[Column], cells: &StringRecord) -> Map<String, Value> {
    let mut record = Map::new();
    let (mut dates, mut credentials) = (Map::new(), Map::new());
    for (column, cell) in columns.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty()) {
        match column {
            Column::Date(date) => {
                dates.insert(date.to_string(), said(cell.trim()).into());
            }
            Column::Wrong => {}
            Column::Credential(name) => {
                credentials.insert(name.clone(), cell.trim().into());
            }
            Column::Attribute(name) if name == "paired_crew" || name == "do_not_pair" => {
                let ids = cell.split([';', ' ']).filter(|id| !id.is_empty()).map(Value::from);
                record.insert(name.clone(), ids.collect());
            }
            Column::Attribute(name) => {
                let known = CrewMember::knows(name);
                record.insert(name.clone(), if known { cell.trim() } else { cell }.into());
            }
        }
    }
    for (attribute, entries) in [("availability", dates), ("credentials", credentials)] {
        if !entries.is_empty() {
            record.insert(attribute.into(), entries.into());
        }
    }
    record
}

/// Spreadsheets like to begin words with a capital; only these two words are ours to correct.
fn said(cell: &str) -> &str {
    let word = ["available", "unavailable"].into_iter().find(|word| cell.eq_ignore_ascii_case(word));
    word.unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_becomes_records() {
        let text = "crew_id,Name,rank,cascade order,paired_crew,2026-06-27,availability.2026-06-28,shirt,Credentials.master\r\n\
            dana,\"Reyes, Dana\",captain,1,lee; sam,Available,AM only,M,2028-05-01\r\n\
            \r\n,,,,,,,,\r\nlee,\"Lee\nPark\",deckhand,,,,,,\r\nsam,Sam,deckhand,2,,unavailable,,,\r\n";
        let rows = records(text).unwrap();
        let numbers: Vec<usize> = rows.iter().map(|raw| raw.row.number).collect();
        assert_eq!(numbers, [2, 5, 7]);
        let records: Vec<Value> = rows.into_iter().map(|raw| raw.record.into()).collect();
        assert_eq!(
            records[0],
            serde_json::json!({ "crew_id": "dana", "name": "Reyes, Dana", "rank": "captain", "cascade_order": "1",
                "paired_crew": ["lee", "sam"], "shirt": "M", "credentials": { "master": "2028-05-01" },
                "availability": { "2026-06-27": "available", "2026-06-28": "AM only" } })
        );
        assert_eq!(
            records[1],
            serde_json::json!({ "crew_id": "lee", "name": "Lee\nPark", "rank": "deckhand" })
        );
    }

    #[test]
    fn a_heading_that_would_lose_something_is_refused() {
        for (heading, words) in [
            ("crew_id,name,rank,name", "column 4: \"name\" is column 2 already"),
            ("crew_id,name,rank,2026-06-27,availability.2026-06-27", "column 5"),
            ("crew_id,name,rank,,email", "column 4: has no heading"),
            ("crew_id,name,rank,6/27/2026", "write it as 2026-06-27"),
            ("crew_id,name,rank,2026-6-27", "write it as 2026-06-27"),
            ("crew_id,name,rank,2026-02-30", "a day that there is not"),
            ("crew_id,name,rank,availability", "column of its own"),
        ] {
            let rows = records(&format!("{heading}\n")).unwrap();
            let sentence = rows[0].faults[0].to_string();
            assert!(sentence.contains(words), "{heading}: {sentence}");
        }
        for (heading, words) in [("crew_id;name;rank", "by commas"), ("name,rank", "no column crew_id")] {
            let sentence = records(&format!("{heading}\n")).err().unwrap();
            assert!(sentence.contains(words), "{heading}: {sentence}");
        }
    }

    #[test]
    fn more_than_any_roster_has_is_not_read() {
        let rows = |count: usize| format!("crew_id\n{}", "x\n".repeat(count));
        assert_eq!(records(&rows(limits::ROSTER_MEMBERS)).unwrap().len(), limits::ROSTER_MEMBERS);
        let sentence = records(&rows(340_000)).err().unwrap();
        assert!(sentence.contains("more than 5000 rows") && sentence.contains("take out"), "{sentence}");
        let sentence = records(&format!("crew_id{}\n", ",a".repeat(2_000))).err().unwrap();
        assert!(sentence.contains("row 1: has 2001 columns; at most 2000"), "{sentence}");
        let heading: String = (0..500).map(|n| format!(",a{n}")).collect();
        let row = format!("x{}\n", ",y".repeat(500));
        let sentence = records(&format!("crew_id{heading}\n{}", row.repeat(1_000))).err().unwrap();
        assert!(sentence.contains("more than 500000 cells"), "{sentence}");
    }

    #[test]
    fn wrong_headings_hide_neither_each_other_nor_the_rows() {
        let rows = records("crew_id,name,6/27/2026,rank,6.28.26\na,A,yes\n").unwrap();
        let faults = rows.iter().map(|raw| (raw.row.number, raw.faults.len())).collect::<Vec<_>>();
        assert_eq!(faults, [(1, 2), (2, 1)]);
    }

    #[test]
    fn cells_that_do_not_fit_the_heading_are_a_fault_of_their_row() {
        let rows = records("crew_id,name,rank\na,b\n").unwrap();
        assert!(rows[0].faults[0].problem.contains("has 2 cells"));
    }
}

//! What sails came to, of one by flags or of many from CSV.
//!
//! What is not said of a sail stays as it is known: a column that is missing, a cell that is empty, a flag that is not
//! given. The word `none` makes a figure unknown again.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crewcall_dispatch::model::{CharterId, CrewId, Fault, Figures, Minutes, Money};

use super::csv::{self, Record};

/// What is said of one figure: what it is, or that it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure<T>(pub Option<T>);

impl<T: FromStr<Err = String>> FromStr for Figure<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "none" => Ok(Self(None)),
            text => text.parse().map(|figure| Self(Some(figure))),
        }
    }
}

/// What is said of what one sail came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// See [`Figures::gross_revenue`].
    pub gross_revenue: Option<Figure<Money>>,
    /// See [`Figures::channel_fee`].
    pub channel_fee: Option<Figure<Money>>,
    /// See [`Figures::gratuity`].
    pub gratuity: Option<Figure<Money>>,
    /// See [`Figures::actual_hours`].
    pub actual_hours: Option<Figure<Minutes>>,
    /// See [`Figures::hours_of`].
    pub hours_of: Vec<(CrewId, Figure<Minutes>)>,
}

impl Said {
    /// What is known once that is said.
    pub fn over(&self, known: &Figures) -> Figures {
        fn said<T: Copy>(said: Option<Figure<T>>, known: Option<T>) -> Option<T> {
            said.map_or(known, |Figure(figure)| figure)
        }
        let mut hours_of = known.hours_of.clone();
        for (id, Figure(hours)) in &self.hours_of {
            match hours {
                Some(hours) => drop(hours_of.insert(id.clone(), *hours)),
                None => drop(hours_of.remove(id)),
            }
        }
        Figures {
            gross_revenue: said(self.gross_revenue, known.gross_revenue),
            channel_fee: said(self.channel_fee, known.channel_fee),
            gratuity: said(self.gratuity, known.gratuity),
            actual_hours: said(self.actual_hours, known.actual_hours),
            hours_of,
        }
    }
}

/// Where something stands in a file, as sentences name it: `line 3 (charter_5678)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The charter that it is about, if that can be read.
    pub charter_id: Option<CharterId>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.charter_id.as_ref().map_or(Ok(()), |id| write!(f, " ({id})"))
    }
}

/// What is wrong with one field of a line.
pub type LineFault = (Place, Fault);

/// What one line says of one sail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its line, from 1.
    pub line: usize,
    /// Which sail.
    pub charter_id: CharterId,
    /// What is said of it.
    pub said: Said,
}

/// The columns, in the order in which they are written where nothing speaks against it.
const COLUMNS: [&str; 5] = ["charter_id", "gross_revenue", "channel_fee", "gratuity", "actual_hours"];

/// Reads what a CSV says, and all that is wrong with it.
///
/// # Errors
/// Where its form is so wrong that no line can be read, as a clause.
pub fn read(text: &str) -> Result<(Vec<Line>, Vec<LineFault>), String> {
    let mut records = csv::rows(text, None)?.into_iter();
    let heading = records.next().unwrap_or_default();
    let columns: Vec<String> =
        heading.cells.iter().map(|cell| cell.trim().to_ascii_lowercase().replace(' ', "_")).collect();
    if !columns.iter().any(|column| column == COLUMNS[0]) {
        return Err(format!(
            "line {}: there is no column charter_id; the first line names the columns, separated by commas: {}",
            heading.line,
            COLUMNS.join(",")
        ));
    }
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (index, column) in columns.iter().enumerate() {
        let problem = if !COLUMNS.contains(&column.as_str()) {
            format!("is {column:?}; take it out, or correct its name to one of {}", COLUMNS.join(", "))
        } else if columns[..index].contains(column) {
            format!("is {column} a second time; keep one of them")
        } else {
            continue;
        };
        let place = Place { line: heading.line, charter_id: None };
        faults.push((place, Fault::new(format!("column {}", index + 1), problem)));
    }
    let mut seen: BTreeMap<CharterId, usize> = BTreeMap::new();
    for record in records {
        let (line, wrong) = read_line(&record, &columns);
        let charter_id = line.as_ref().map(|line| line.charter_id.clone());
        let place = Place { line: record.line, charter_id: charter_id.clone() };
        faults.extend(wrong.into_iter().map(|fault| (place.clone(), fault)));
        if let Some(first) = charter_id.and_then(|id| seen.insert(id, record.line)) {
            let problem = format!("is on line {first} already; keep one of the two");
            faults.push((place, Fault::new(COLUMNS[0], problem)));
        }
        lines.extend(line);
    }
    Ok((lines, faults))
}

fn read_line(record: &Record, columns: &[String]) -> (Option<Line>, Vec<Fault>) {
    let mut faults: Vec<Fault> = csv::ragged(&record.cells, columns.len()).into_iter().collect();
    let cell = |column: &str| {
        let index = columns.iter().position(|known| known == column)?;
        record.cells.get(index).map(str::trim).filter(|cell| !cell.is_empty())
    };
    let charter_id = match cell(COLUMNS[0]).unwrap_or_default().parse() {
        Ok(id) => Some(id),
        Err(problem) => {
            faults.push(Fault::new(COLUMNS[0], problem));
            None
        }
    };
    let said = Said {
        gross_revenue: figure("gross_revenue", &cell, &mut faults),
        channel_fee: figure("channel_fee", &cell, &mut faults),
        gratuity: figure("gratuity", &cell, &mut faults),
        actual_hours: figure("actual_hours", &cell, &mut faults),
        hours_of: Vec::new(),
    };
    (charter_id.map(|charter_id| Line { line: record.line, charter_id, said }), faults)
}

fn figure<'a, T: FromStr<Err = String>>(
    column: &str,
    cell: &impl Fn(&str) -> Option<&'a str>,
    faults: &mut Vec<Fault>,
) -> Option<Figure<T>> {
    match cell(column)?.parse() {
        Ok(figure) => Some(figure),
        Err(problem) => {
            faults.push(Fault::new(column, problem));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_cell_stays_and_none_is_unknown_again() {
        let (lines, faults) =
            read("Charter ID,gratuity,actual_hours\r\n\r\nch-1,120,\r\nch-2,none,3:30\r\n").unwrap();
        assert_eq!((faults.len(), lines[0].line, lines[1].line), (0, 3, 4));
        let known =
            Figures { gratuity: "80.00".parse().ok(), actual_hours: Some(Minutes(60)), ..Figures::default() };
        let first = lines[0].said.over(&known);
        assert_eq!((first.gratuity, first.actual_hours), ("120.00".parse().ok(), Some(Minutes(60))));
        let second = lines[1].said.over(&known);
        assert_eq!((second.gratuity, second.actual_hours), (None, Some(Minutes(210))));
    }

    #[test]
    fn every_fault_has_its_line() {
        let text = "charter_id,gratuity,tip,gratuity\nch-1,$5,1,\n a b ,1,1,\nch-1,1,1\n";
        let (_, faults) = read(text).unwrap();
        let told: Vec<String> = faults.iter().map(|(place, fault)| format!("{place}, {fault}")).collect();
        for (told, begins) in told.iter().zip([
            "line 1, column 3: is \"tip\"; take it out",
            "line 1, column 4: is gratuity a second time",
            "line 2 (ch-1), gratuity: is \"$5\"; write an amount",
            "line 3, charter_id: has the character ' '",
            "line 4 (ch-1), record: has 3 cells where the first line has 4",
            "line 4 (ch-1), charter_id: is on line 2 already",
        ]) {
            assert!(told.starts_with(begins), "{told}");
        }
        assert_eq!(told.len(), 6);
        assert!(read("id;gratuity\n").unwrap_err().contains("no column charter_id"));
    }
}

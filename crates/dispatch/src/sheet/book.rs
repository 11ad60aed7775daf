//! A spreadsheet or workbook as it was read: its tabs, and what their cells show.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What names a tab for good: people rename tabs and move them. In a Google Sheet it is the `sheetId`, in a file the place
/// of the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TabId(pub i64);

/// Everything that was read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// The tabs, in the order in which people see them.
    pub tabs: Vec<Tab>,
}

impl Book {
    /// The tab of that id.
    pub fn tab(&self, id: TabId) -> Option<&Tab> {
        self.tabs.iter().find(|tab| tab.id == id)
    }
}

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// What names it.
    pub id: TabId,
    /// What people call it.
    pub title: String,
    /// Its cells, row by row. Rows may be shorter than the grid, and missing at its end: what is not there is blank.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows and columns the grid has.
    pub size: (usize, usize),
    /// Cells that are joined to one, which shows what the first of them holds.
    pub merges: Vec<Area>,
    /// Where nothing may be written by whoever has signed in.
    pub protected: Vec<Protected>,
    /// Whether there is more in it than is read; then none of it is.
    pub too_large: bool,
}

/// Cells that are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// Where.
    pub area: Area,
    /// Where it is not so within them.
    pub except: Vec<Area>,
}

impl Protected {
    /// Whether a cell is one of them.
    pub fn contains(&self, at: At) -> bool {
        self.area.contains(at) && !self.except.iter().any(|area| area.contains(at))
    }
}

impl Tab {
    /// A cell; `None` where there is nothing.
    pub fn cell(&self, at: At) -> Option<&Cell> {
        self.rows.get(at.row)?.get(at.column)
    }

    /// What a cell shows, without blanks around it; empty where there is nothing, or an error.
    pub fn text(&self, at: At) -> &str {
        self.cell(at).filter(|cell| !cell.error).map_or("", |cell| cell.text.trim())
    }

    /// How many rows there is something in.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// How many columns there is something in.
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// The cell whose content is seen in this one: the first of those that it is joined with.
    pub fn shown_in(&self, at: At) -> At {
        self.merges.iter().find(|area| area.contains(at)).map_or(at, |area| area.first)
    }
}

/// One cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What people see in it.
    pub text: String,
    /// The date that it holds, where it holds one and not only the look of one.
    pub date: Option<Date>,
    /// Whether a formula makes what is seen, here or beside.
    pub formula: bool,
    /// Whether what is seen is that the formula cannot be worked out (`#REF!`).
    pub error: bool,
    /// What is pinned to it; empty if nothing is.
    pub note: String,
    /// What it is painted with by hand: `#ff0000`, or a colour of the spreadsheet's theme by its name. Empty where it is not,
    /// or nobody asked for colours.
    pub colour: String,
}

impl Cell {
    /// A cell with this text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// A place in a tab, counted from 0. Shown as people write it: `C5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct At {
    /// From the top.
    pub row: usize,
    /// From the left.
    pub column: usize,
}

impl At {
    /// The cell in that row and column.
    pub fn new(row: usize, column: usize) -> Self {
        Self { row, column }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", letters(self.column), self.row + 1)
    }
}

/// A column as people write it: `A`, `Z`, `AA`.
pub fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        // Below 26.
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Its upper left cell.
    pub first: At,
    /// Its lower right cell.
    pub last: At,
}

impl Area {
    /// Whether a cell lies in it.
    pub fn contains(&self, at: At) -> bool {
        (self.first.row..=self.last.row).contains(&at.row)
            && (self.first.column..=self.last.column).contains(&at.column)
    }
}

/// A cell as the audit and people name it: `June Availability!C5`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// What the tab was called then.
    pub tab: String,
    /// Where in it.
    pub at: At,
}

impl FromStr for Address {
    type Err = String;

    /// As people write it: `June Availability!C5`, also with the quotes that spreadsheets put around the tab.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no cell; write the tab and the cell, as in June Availability!C5");
        let (tab, at) = text.trim().rsplit_once('!').ok_or_else(wrong)?;
        let quoted = tab.strip_prefix('\'').and_then(|tab| tab.strip_suffix('\''));
        let tab = quoted.map_or_else(|| tab.to_owned(), |tab| tab.replace("''", "'"));
        let digits = at.find(|c: char| c.is_ascii_digit()).ok_or_else(wrong)?;
        let (column, row) = at.split_at(digits);
        let row: usize = row.parse().ok().filter(|row| *row > 0).ok_or_else(wrong)?;
        let is_column = (1..=3).contains(&column.len()) && column.chars().all(|c| c.is_ascii_alphabetic());
        let digit =
            |before: usize, letter: u8| before * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        let column = is_column.then(|| column.bytes().fold(0, digit)).ok_or_else(wrong)?;
        Ok(Self { tab, at: At::new(row - 1, column - 1) })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}", self.tab, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_people_name_them() {
        for (column, name) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letters(column), name);
        }
        assert_eq!(At::new(4, 2).to_string(), "C5");
        for (text, tab, at) in [
            ("June Availability!C5", "June Availability", At::new(4, 2)),
            ("'Joe''s June!'!aa10", "Joe's June!", At::new(9, 26)),
        ] {
            assert_eq!(text.parse(), Ok(Address { tab: tab.into(), at }));
        }
        for bad in ["C5", "June!C", "June!5", "June!C0", "June!ABCD1", "June!C5:D6", "June!É5", ""] {
            assert!(bad.parse::<Address>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_joined_shows_its_first_cell() {
        let merges = vec![Area { first: At::new(0, 1), last: At::new(0, 3) }];
        let tab = Tab {
            id: TabId(0),
            title: "June".into(),
            rows: Vec::new(),
            size: (9, 9),
            merges,
            protected: Vec::new(),
            too_large: false,
        };
        assert_eq!(tab.shown_in(At::new(0, 3)), At::new(0, 1));
        assert_eq!(tab.shown_in(At::new(1, 3)), At::new(1, 3));
    }
}

//! The tab in which charters are listed, where the office has one.

use serde::{Deserialize, Serialize};

use super::book::{At, Tab};
use super::header::HEADER_ROWS;
use super::table::{Column, Held, Table};

/// What a column says of a charter. The program writes these, people write beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CharterField {
    /// The id.
    Charter,
    /// The day of departure.
    Date,
    /// The boat.
    Vessel,
    /// When it departs.
    Departs,
    /// When it is back.
    Returns,
    /// Where the crew boards.
    Dock,
    /// How many guests.
    Guests,
    /// The captain.
    Captain,
    /// Everybody else aboard.
    Crew,
    /// How the call stands.
    Status,
}

impl CharterField {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Charter,
        Self::Date,
        Self::Vessel,
        Self::Departs,
        Self::Returns,
        Self::Dock,
        Self::Guests,
        Self::Captain,
        Self::Crew,
        Self::Status,
    ];

    /// What stands over its column where the program writes one. By that it is also written down.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Charter => "Charter",
            Self::Date => "Date",
            Self::Vessel => "Vessel",
            Self::Departs => "Departs",
            Self::Returns => "Returns",
            Self::Dock => "Dock",
            Self::Guests => "Guests",
            Self::Captain => "Captain",
            Self::Crew => "Crew",
            Self::Status => "Status",
        }
    }

    /// The field with that heading.
    pub fn headed(heading: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.heading() == heading)
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        Some(match words.join(" ").as_str() {
            "charter" | "charter id" | "booking" | "booking id" | "id" | "charter no" => Self::Charter,
            "date" | "day" => Self::Date,
            "vessel" | "boat" | "yacht" | "ship" => Self::Vessel,
            "departs" | "departure" | "start" | "time" | "from" | "depart" => Self::Departs,
            "returns" | "return" | "end" | "until" | "back" => Self::Returns,
            "dock" | "pier" | "berth" | "where" => Self::Dock,
            "guests" | "pax" | "passengers" => Self::Guests,
            "captain" | "skipper" | "capt" => Self::Captain,
            "crew" | "crew aboard" | "deckhands" => Self::Crew,
            "status" | "call" | "crewed" => Self::Status,
            _ => return None,
        })
    }
}

/// Reads a tab as one of charters: one column says which, and another one something of it.
pub(super) fn read(tab: &Tab) -> Option<Table> {
    let columns = |row: usize| {
        let mut columns: Vec<Column> = Vec::new();
        for column in 0..tab.rows.get(row).map_or(0, Vec::len) {
            let field = CharterField::parse(tab.text(At::new(row, column))).map(Held::Charter);
            if let Some(holds) = field.filter(|field| columns.iter().all(|column| column.holds != *field)) {
                columns.push(Column { column, holds });
            }
        }
        columns
    };
    let is_one = |columns: &[Column]| {
        let has = |field| columns.iter().any(|column| column.holds == Held::Charter(field));
        has(CharterField::Charter) && columns.len() >= 2
    };
    let rows = (0..tab.height().min(HEADER_ROWS)).map(|row| (row, columns(row)));
    let (header, columns) = rows
        .filter(|(_, columns)| is_one(columns))
        .max_by_key(|(row, columns)| (columns.len(), usize::MAX - row))?;
    let is_id = |column: &&Column| column.holds == Held::Charter(CharterField::Charter);
    // What a row is known by.
    let names = columns.iter().find(is_id).map(|column| column.column).into_iter().collect();
    Some(Table { header, columns, names, ..Table::default() })
}

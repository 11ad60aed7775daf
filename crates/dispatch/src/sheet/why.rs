//! Why something in a sheet is not read, as a clause for whoever can mend it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::dates::month_name;
use crate::model::CrewId;

/// Why a cell, a row or a column is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A column names a day and no month.
    #[error(
        "neither the header nor the name of the tab says of which month this day is; write the month over it"
    )]
    NoMonth,
    /// A column names a day that there is not.
    #[error("there is no {day} {} {year}; correct the date", month_name(*month))]
    NoSuchDay {
        /// The year.
        year: i16,
        /// The month.
        month: i8,
        /// The day.
        day: i8,
    },
    /// A column has the weekday of another date.
    #[error("{0} is a {day}, and another weekday is written there; correct one of the two", day = .0.strftime("%A"))]
    OtherWeekday(Date),
    /// A column has a year that the others have not.
    #[error("{year} stands in this column, and the others are of {other}; correct one of the two", other = .date.year())]
    OtherYear {
        /// The date that it would be with the year of the others.
        date: Date,
        /// The year that stands there.
        year: i16,
    },
    /// Two columns of one table name the same day.
    #[error("{0} stands over two columns; correct one of them")]
    SameDay(Date),
    /// Two tabs have the same days.
    #[error("{0} stands in the tab {1:?}, too; say which of the two counts")]
    SameDayElsewhere(Date, String),
    /// A day is new in a tab that has lost another one.
    #[error(
        "{date} is new here, and {lost} is gone, so this may be its column; write the right date over it, or say that the change is meant"
    )]
    OtherDay {
        /// The day that stands over the column.
        date: Date,
        /// The one that is gone.
        lost: Date,
    },
    /// What several people said of a day is gone.
    #[error(
        "{answers} answers of {date} are gone at once, as where its column was put in anew; write them again, or say that it is meant"
    )]
    Emptied {
        /// The day.
        date: Date,
        /// How many.
        answers: usize,
    },
    /// A name that nobody on the roster has.
    #[error("nobody on the roster is called {name:?}{}; say who it is", hint(.near))]
    Nobody {
        /// The name as it stands there.
        name: String,
        /// Who is called nearly that.
        near: Vec<CrewId>,
    },
    /// A name that several people have.
    #[error("{name:?} can be {}; say who it is", list(.people))]
    Several {
        /// The name as it stands there.
        name: String,
        /// Whose it is.
        people: Vec<CrewId>,
    },
    /// One person stands in two rows.
    #[error("{person} stands in row {} as well; keep one of the two", .row + 1)]
    Twice {
        /// Who.
        person: CrewId,
        /// The other row, from 0.
        row: usize,
    },
    /// The id of a row is one person's, its name another's.
    #[error("the row has the id of {id} and the name of {name}; correct the name, or empty the id")]
    Torn {
        /// Whose id it is.
        id: CrewId,
        /// Whose name it is.
        name: CrewId,
    },
    /// The id of a row is somebody's, and everything else in it is new.
    #[error(
        "the row has the id of {id}, and {name:?} seems to be somebody else; if so, empty the id, else say that it is {id}"
    )]
    Replaced {
        /// Whose id it is.
        id: CrewId,
        /// The name as it stands there.
        name: String,
    },
    /// Something stands in a day's column, and no name in its row.
    #[error("there is no name in this row; write whose it is")]
    NoName,
    /// Words that mean neither yes nor no, nor hours.
    #[error("{0:?} is neither a yes nor a no, nor hours of a day; say what it means")]
    Words(String),
    /// A cell that a formula fills, or that is joined with others, says something else than the store.
    #[error(
        "a formula stands here, or cells that are joined; nothing is written over them, and it should say {0:?}"
    )]
    Locked(String),
    /// The colour of a blank cell says what was taken back elsewhere.
    #[error(
        "its colour says {0:?}, which was taken back elsewhere; take the colour away, or write what is right"
    )]
    Painted(String),
    /// The account that has signed in may not write there.
    #[error(
        "this range is protected, so {0} things are not written there; let the account that has signed in edit it (Data, Protect sheets and ranges)"
    )]
    Protected(usize),
    /// A formula that cannot be worked out.
    #[error("the formula here gives {0}; mend it, or write what it should say")]
    Error(String),
    /// Somebody's row is not there any more.
    #[error(
        "the row of {0} is gone, and nothing was done because of it; bring it back, or say that they have left: `crewcall roster left {0}`"
    )]
    RowGone(CrewId),
    /// Somebody's row is not in the tab of a month any more.
    #[error(
        "the row of {0} is gone, and what they said stays on record; bring it back, or say that it is meant: `crewcall sheets accept {1:?}`"
    )]
    RowGoneFromMonth(CrewId, String),
    /// What a field of the roster cannot be.
    #[error("{0}")]
    Field(String),
}

impl Why {
    /// Whether something is understood, and not believed before somebody says so.
    pub fn is_doubt(&self) -> bool {
        matches!(self, Self::OtherDay { .. } | Self::Emptied { .. })
    }
}

fn list(people: &[CrewId]) -> String {
    people.iter().map(CrewId::as_str).collect::<Vec<_>>().join(" or ")
}

fn hint(near: &[CrewId]) -> String {
    if near.is_empty() { String::new() } else { format!(" (perhaps {})", list(near)) }
}

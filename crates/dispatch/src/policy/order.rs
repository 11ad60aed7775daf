//! In which order the people of a rank are asked.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How the people of a rank take turns. Ties are settled by the cascade order, then by the id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Order {
    /// In the cascade order, always.
    #[default]
    Fixed,
    /// Whoever has not sailed for longest comes first; sails that are agreed on and still ahead count as well.
    LastSail,
    /// Whoever has the fewest sails in the month of the sail comes first, agreed ones included.
    FewestSails,
}

impl FromStr for Order {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "fixed" => Ok(Self::Fixed),
            "last_sail" => Ok(Self::LastSail),
            "fewest_sails" => Ok(Self::FewestSails),
            _ => Err(format!("is {text:?}; write \"fixed\", \"last_sail\" or \"fewest_sails\"")),
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed => "fixed",
            Self::LastSail => "last_sail",
            Self::FewestSails => "fewest_sails",
        })
    }
}

/// What an order was made from, person by person as they stand in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The cascade order.
    #[default]
    CascadeOrder,
    /// When each sailed last, or will have, in the operator's zone; nobody who has not.
    LastSail(Vec<Option<Date>>),
    /// How many sails each has in the month of the sail.
    FewestSails(Vec<u32>),
    /// The office's word.
    Office,
}

impl Basis {
    /// Whether it needs no word: the order is the usual one.
    pub fn is_cascade_order(&self) -> bool {
        *self == Self::CascadeOrder
    }
}

/// Why somebody has the place that they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Place {
    /// One of the captain's usual crew, who come before all others.
    UsualCrew,
    /// The cascade order.
    CascadeOrder {
        /// Which place among those who could come when the call began, from 1.
        place: u32,
    },
    /// The last sail.
    LastSail {
        /// When that was, or will have been.
        last: Option<Date>,
    },
    /// The number of sails in the month.
    FewestSails {
        /// How many.
        sails: u32,
    },
    /// The office said so.
    Office,
}

//! What the office does with a month: bonuses and deductions by hand, and its approval.
//!
//! A month's books are open until they are approved, and locked from then on. As with a charter, facts lead to the state,
//! and are the audit; what becomes of the statements in the mail is on record beside them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cascade::Actor;
use crate::limits;
use crate::model::{Amount, CrewId, Month};

/// A month, as the office has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// The month.
    pub month: Month,
    /// What the office gave and took off, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// The number of the last entry, also of one that was taken back.
    pub last_no: u32,
    /// That it was approved; nothing changes from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
    /// How many facts led here.
    pub facts: u64,
}

/// A bonus, or, below nothing, a deduction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number within the month, from 1.
    pub no: u32,
    /// Whose.
    pub crew_id: CrewId,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// That a month was approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// When.
    pub at: Timestamp,
    /// Who did.
    pub by: String,
    /// What tells its draft from all others.
    pub digest: String,
    /// What it comes to.
    pub totals: Totals,
}

/// What a month comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// How many charters sailed.
    pub charters: u32,
    /// How many people have a statement.
    pub people: u32,
    /// What the charters brought in, as far as that is known.
    pub gross_revenue: Amount,
    /// What whoever sold them keeps of that.
    pub channel_fee: Amount,
    /// What the guests gave.
    pub gratuity: Amount,
    /// What the operator pays the crew for the charters of the month.
    pub crew_cost: Amount,
    /// What is left.
    pub margin: Amount,
    /// What is paid and taken off beside the sails of the month.
    pub adjustments: Amount,
    /// What is paid by all statements.
    pub paid: Amount,
    /// By how much more or less is left of charters of earlier months than the owner was told.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub earlier_margin: Amount,
}

/// One thing that happened to a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookEvent {
    /// The month.
    pub month: Month,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// From where.
    pub via: String,
    /// What.
    #[serde(flatten)]
    pub fact: BookFact,
}

/// Whom a mail of the month is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// A crew member: their own statement.
    Crew(CrewId),
    /// The owner: the workbook of the whole month.
    Owner,
    /// The office: the summary.
    Office,
}

impl Reader {
    /// The crew member, if it is one.
    pub fn crew_id(&self) -> Option<&CrewId> {
        match self {
            Self::Crew(crew_id) => Some(crew_id),
            Self::Owner | Self::Office => None,
        }
    }
}

/// As keys and commands have it: no crew id has such a sign, and no shell makes anything of it.
impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crew(crew_id) => crew_id.fmt(f),
            Self::Owner => f.write_str("+owner"),
            Self::Office => f.write_str("+office"),
        }
    }
}

impl FromStr for Reader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "+owner" => Ok(Self::Owner),
            "+office" => Ok(Self::Office),
            _ => text.parse().map(Self::Crew),
        }
    }
}

/// What can happen to a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact")]
pub enum BookFact {
    /// The office gave somebody a bonus, or took something off.
    EntryMade {
        /// What.
        entry: Entry,
    },
    /// The office took that back.
    EntryTakenBack {
        /// Its number.
        no: u32,
    },
    /// The month was approved.
    Approved {
        /// By whom, and what it came to.
        approval: Approval,
    },
    /// A mail of the month is to be sent.
    SendAsked {
        /// Whom it is for.
        reader: Reader,
    },
    /// A mail of the month was handed over.
    Sent {
        /// Whom it is for.
        reader: Reader,
        /// To which address.
        to: String,
    },
    /// Nobody knows whether a mail of the month has left: a person has to find out.
    Unknown {
        /// Whom it is for.
        reader: Reader,
        /// What was missing.
        why: String,
    },
    /// A mail of the month was refused, or could not be written.
    Refused {
        /// Whom it is for.
        reader: Reader,
        /// Why.
        why: String,
    },
    /// The office found out that a mail of the month has arrived, of which nobody knew.
    Arrived {
        /// Whom it is for.
        reader: Reader,
    },
}

/// Why the office cannot have it so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookRejection {
    /// The month is locked.
    #[error(
        "{0} is approved and locked; give it in the next month that is not: it stands there as an adjustment"
    )]
    Approved(Month),
    /// There are too many entries.
    #[error("{0} has {max} bonuses and deductions already, which is as many as are taken", max = limits::ENTRIES)]
    TooMany(Month),
    /// A month in which nothing is paid any more.
    #[error("{last} is approved, so nothing of {month} is paid any more; give it in a later month")]
    Over {
        /// The month.
        month: Month,
        /// The last that was approved.
        last: Month,
    },
    /// Probably another year was meant.
    #[error("{0} is more than a year from now; check the year")]
    FarAway(Month),
    /// No entry has that number.
    #[error(
        "{month} has no bonus or deduction number {no}; `crewcall statement {month}` shows those that there are"
    )]
    NoSuchEntry {
        /// The month.
        month: Month,
        /// The number.
        no: u32,
    },
    /// A bonus of nothing.
    #[error("an amount of 0.00 changes nothing; give how much")]
    Nothing,
}

impl BookFact {
    /// Whether it is about a mail, and so leaves the books as they are.
    pub fn is_of_a_mail(&self) -> bool {
        match self {
            Self::EntryMade { .. } | Self::EntryTakenBack { .. } | Self::Approved { .. } => false,
            Self::SendAsked { .. }
            | Self::Sent { .. }
            | Self::Unknown { .. }
            | Self::Refused { .. }
            | Self::Arrived { .. } => true,
        }
    }
}

impl Books {
    /// A month of which nothing happened.
    pub fn new(month: Month) -> Self {
        Self { month, entries: Vec::new(), last_no: 0, approved: None, facts: 0 }
    }

    /// The books that a month's whole history leads to.
    pub fn replay<'a>(month: Month, events: impl IntoIterator<Item = &'a BookEvent>) -> Self {
        let mut books = Self::new(month);
        for event in events {
            books.apply(&event.fact);
        }
        books
    }

    /// A bonus or deduction of the office's, as a fact.
    ///
    /// # Errors
    /// A month that is locked or full, or an amount of nothing.
    pub fn enter(
        &self,
        crew_id: CrewId,
        amount: Amount,
        reason: String,
        by: String,
        at: Timestamp,
    ) -> Result<BookFact, BookRejection> {
        self.is_open()?;
        if amount.is_zero() {
            return Err(BookRejection::Nothing);
        }
        if self.entries.len() >= limits::ENTRIES {
            return Err(BookRejection::TooMany(self.month));
        }
        let entry = Entry { no: self.last_no + 1, crew_id, amount, reason, by, at };
        Ok(BookFact::EntryMade { entry })
    }

    /// Takes a bonus or deduction back, as a fact; `None` if it was taken back already.
    ///
    /// # Errors
    /// A month that is locked, or a number that never was one.
    pub fn take_back(&self, no: u32) -> Result<Option<BookFact>, BookRejection> {
        self.is_open()?;
        if no == 0 || no > self.last_no {
            return Err(BookRejection::NoSuchEntry { month: self.month, no });
        }
        let there = self.entries.iter().any(|entry| entry.no == no);
        Ok(there.then_some(BookFact::EntryTakenBack { no }))
    }

    /// Whether anything can still change.
    ///
    /// # Errors
    /// If it was approved.
    pub fn is_open(&self) -> Result<(), BookRejection> {
        if self.approved.is_some() { Err(BookRejection::Approved(self.month)) } else { Ok(()) }
    }

    /// Changes the books by one fact.
    pub fn apply(&mut self, fact: &BookFact) {
        match fact {
            BookFact::EntryMade { entry } => {
                self.last_no = self.last_no.max(entry.no);
                self.entries.push(entry.clone());
            }
            BookFact::EntryTakenBack { no } => self.entries.retain(|entry| entry.no != *no),
            BookFact::Approved { approval } => self.approved = Some(approval.clone()),
            // Of the mails each statement knows how it stands.
            BookFact::SendAsked { .. }
            | BookFact::Sent { .. }
            | BookFact::Unknown { .. }
            | BookFact::Refused { .. }
            | BookFact::Arrived { .. } => return,
        }
        self.facts += 1;
    }
}

//! What the store has of a month.

use std::collections::BTreeSet;
use std::fmt;

use crewcall_dispatch::model::{CrewId, Month};
use crewcall_dispatch::statement::{Account, BookEvent, BookFact, Books, Changed, Reader, Statement, Totals};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::{Expect, Listing, Record, StoreError, Table, Write};

/// The list of what happened to all months. No charter has an id with this character.
pub(super) const EVENTS: &str = "~statement";

impl Record for Books {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        books_id(self.month)
    }
}

pub(super) fn books_id(month: Month) -> String {
    format!("statement-books/{month}")
}

/// Which months were approved. One row, written in the commit of each approval: it is read by its id, so that no index can be
/// behind it, and two months are not approved at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ApprovedMonths {
    pub(super) months: BTreeSet<Month>,
    /// In which currency all of them are.
    pub(super) currency: String,
}

impl Record for ApprovedMonths {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        APPROVED.into()
    }
}

/// The id of that row.
pub(super) const APPROVED: &str = "statement-months";

/// A statement as it was approved. Its id has the digest of the approval: what is written for one that fails is never in the
/// way of another, and the same digest is the same statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) digest: String,
    #[serde(flatten)]
    pub(super) statement: Statement,
}

impl Record for Kept {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        kept_id(self.statement.month, &self.digest, &self.statement.crew_id)
    }
}

pub(super) fn kept_id(month: Month, digest: &str, crew_id: &CrewId) -> String {
    format!("statement/{month}/{digest}/{crew_id}")
}

/// A part of what an approved month says beside its statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptAccounts {
    pub(super) digest: String,
    pub(super) month: Month,
    /// Which part, from 0.
    pub(super) part: u32,
    /// Of how many.
    pub(super) of: u32,
    pub(super) accounts: Vec<KeptAccount>,
    /// Whose statements there are.
    pub(super) people: Vec<CrewId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_month: Option<Totals>,
}

/// A charter of an approved month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeptAccount {
    /// It sailed in the month.
    Sailed(Account),
    /// It sailed before, and is open still.
    StillOpen(Account),
    /// It sailed before, and other figures are known since.
    Changed(Changed),
}

impl Record for KeptAccounts {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        accounts_id(self.month, &self.digest, self.part)
    }
}

pub(super) fn accounts_id(month: Month, digest: &str, part: u32) -> String {
    format!("statement-accounts/{month}/{digest}/{part:03}")
}

/// How one mail of the month stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The month.
    pub month: Month,
    /// Whom it is for.
    pub reader: Reader,
    /// How it stands.
    #[serde(flatten)]
    pub state: DeliveryState,
    /// Since when.
    pub at: Timestamp,
    /// How often it was to be sent: more than once only after it had certainly not left, or a person said so.
    pub attempt: u32,
}

/// How a mail stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum DeliveryState {
    /// It is to go out.
    Queued,
    /// It was handed over.
    Sent {
        /// To which address.
        to: String,
    },
    /// Nobody knows whether it has left: a person finds out, by the mailbox or by asking.
    Unknown {
        /// What was missing.
        why: String,
    },
    /// It has not left, and does not as things are.
    Refused {
        /// Why.
        why: String,
    },
    /// Nobody knew, and the office found out that it had arrived.
    Arrived,
}

impl DeliveryState {
    /// Whether a mail may be asked for again without a person's word: it has certainly not left.
    pub fn may_be_sent(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }
}

impl Record for Delivery {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        delivery_id(self.month, &self.reader)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing::new(deliveries_under(self.month), self.reader.to_string()))
    }
}

pub(super) fn delivery_id(month: Month, reader: &Reader) -> String {
    format!("statement-mail/{month}/{reader}")
}

pub(super) fn deliveries_under(month: Month) -> String {
    format!("statement-mails-{month}")
}

/// The place of an event.
pub(super) enum Place<'a> {
    /// It changed the books.
    Books {
        /// How many facts they have had by it.
        number: u64,
    },
    /// It is about a mail.
    Mail {
        /// Whose.
        reader: &'a Reader,
        /// Of which try.
        attempt: u32,
    },
}

/// An event, as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptEvent {
    /// Its place in the list.
    pub(super) order: String,
    pub(super) event: BookEvent,
}

impl Record for KeptEvent {
    const TABLE: Table = Table::Event;

    fn id(&self) -> String {
        format!("{EVENTS}/{}", self.order)
    }
}

/// The row that keeps an event. Those of the books stand by their number, which is their order whatever clocks say; after
/// them those of mails, by mail and try, in the order in which they can only happen.
pub(super) fn event(event: BookEvent, place: Place<'_>) -> Result<Write, StoreError> {
    let last = match place {
        Place::Books { number } => format!("books-{number:06}"),
        Place::Mail { reader, attempt } => {
            let step = match event.fact {
                BookFact::SendAsked { .. } => 1,
                BookFact::Arrived { .. } => 3,
                _ => 2,
            };
            format!("mail-{reader}-{attempt:04}-{step}")
        }
    };
    let order = format!("{}/{last}", event.month);
    Write::put(&KeptEvent { order, event }, Expect::Absent)
}

/// As people read it.
impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queued => f.write_str("on its way"),
            Self::Sent { to } => write!(f, "sent to {to}"),
            Self::Unknown { why } => write!(f, "perhaps sent: {why}"),
            Self::Refused { why } => write!(f, "not sent: {why}"),
            Self::Arrived => f.write_str("arrived, as the office found out"),
        }
    }
}

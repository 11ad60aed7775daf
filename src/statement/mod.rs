//! A month of pay, from its charters to its mails.
//!
//! Until a month is approved it is drafted anew whenever somebody looks ([`month()`]). Approving keeps all of it, and locks
//! it; sending writes one row of the outbox for each mail. What the draft says is a matter of the rules
//! (`crewcall_dispatch::statement`), what a workbook looks like one of `workbook`.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `records` | what the store has of a month |
//! | `month` | a month as it stands: gathered and drafted, or as it was approved |
//! | `books` | bonuses and deductions, and the approval |
//! | `send` | which mails are to go out, and what becomes of them |
//! | `files` | the files of a month, and how they are called |

mod books;
mod files;
mod month;
mod records;
mod send;

use std::sync::Arc;

use crewcall_dispatch::model::{CrewId, Month};
use crewcall_dispatch::statement::{BookRejection, Reader};

pub use books::{approve, enter, take_back};
pub(crate) use files::file_of;
pub use files::{File, XLSX, csv, owner_file, statement_file, statement_files};
pub use month::{MonthView, change_in, history, month};
pub use records::{Delivery, DeliveryState};
pub(crate) use send::{Mailing, mailing, settled};
pub use send::{Outstanding, Settling, outbox_key, outstanding, send, settle, unsent};

use crate::app::AppError;
use crate::store::StoreError;
use crate::workbook::WriteError;

/// Why something was not done with a month.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StatementError {
    /// The books say no.
    #[error(transparent)]
    Rejected(#[from] BookRejection),
    /// The month is not over.
    #[error("{month} is not over before {until}; it can be approved from then on")]
    NotOver {
        /// The month.
        month: Month,
        /// When it is, as people read it.
        until: String,
    },
    /// Statements go on from month to month.
    #[error(
        "{later} was approved already, so what {month} still owes anybody has to come with a month after that"
    )]
    LaterApproved {
        /// The month.
        month: Month,
        /// The last that was approved.
        later: Month,
    },
    /// Statements begin with the first month that was approved.
    #[error(
        "{first} was the first month that was approved, and what sailed before it, as in {month}, was paid elsewhere"
    )]
    PaidElsewhere {
        /// The month.
        month: Month,
        /// The first that was approved.
        first: Month,
    },
    /// A month in between has something in it and was not approved.
    #[error(
        "{before} was not approved, and something is to be paid in it or is open; approve it first: crewcall statement {before} --approve"
    )]
    EarlierOpen {
        /// The month in between.
        before: Month,
    },
    /// Something was given in a month that would never be paid.
    #[error(
        "{before} has bonuses or deductions, and no month before the first that is approved is ever paid; approve {before} \
         first, or take them back: crewcall statement take-back {before}"
    )]
    GivenBefore {
        /// The month before.
        before: Month,
    },
    /// Amounts of two currencies would be added up.
    #[error(
        "statements were approved in {was}, and pay.currency is {is} by now; set it back, since amounts of two currencies \
         cannot be added up"
    )]
    OtherCurrency {
        /// That of all months that were approved.
        was: String,
        /// That of the settings.
        is: String,
    },
    /// It is another draft by now than the one that was looked at.
    #[error("{0} is otherwise by now than when you looked at it; look at it again")]
    Changed(Month),
    /// Nothing is sent before it was approved.
    #[error("{0} is not approved; look at it, then approve it: crewcall statement {0} --approve")]
    NotApproved(Month),
    /// There is no such statement.
    #[error("{crew_id} has no statement for {month}")]
    NoStatement {
        /// Whose.
        crew_id: CrewId,
        /// The month.
        month: Month,
    },
    /// Somebody who is not on the roster.
    #[error("{0} is not on the roster; `crewcall roster list` shows who is")]
    NotOnRoster(CrewId),
    /// There is nothing that a person would have to settle.
    #[error("the mail to {reader} for {month} is not in doubt: {state}")]
    NotInDoubt {
        /// Whose mail.
        reader: Reader,
        /// The month.
        month: Month,
        /// How it stands.
        state: String,
    },
    /// A statement would be too long to be kept.
    #[error(
        "the statement of {crew_id} has {lines} lines, which is more than can be kept ({max} of usual length); please report it",
        max = crewcall_dispatch::limits::STATEMENT_LINES
    )]
    TooLong {
        /// Whose.
        crew_id: CrewId,
        /// How many.
        lines: usize,
    },
    /// Not everything that was approved can be read at this moment.
    #[error("not all statements of {0} can be read at this moment; try again")]
    NotAllThere(Month),
    /// Others changed the month again and again.
    #[error("others changed {0} at the same time, again and again; try once more")]
    Contended(Month),
    /// A workbook could not be made.
    #[error(transparent)]
    Workbook(#[from] Arc<WriteError>),
    /// The store failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for StatementError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

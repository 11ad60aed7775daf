//! What the months that were approved mean for the others. Statements begin with the first of them; a month up to the last is
//! done with, whether it was approved or passed over.

use std::collections::BTreeSet;

use super::books::BookRejection;
use crate::limits::STATEMENT_MONTHS_BACK;
use crate::model::Month;

/// What becomes of a change to a sail of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The month is not paid yet, and has it.
    InTime,
    /// The month is done with: the difference is an adjustment in a later one.
    Adjusts,
    /// It sailed too long ago, or before the first month that was approved: nothing comes of it by itself.
    TooLate,
}

/// What becomes of what is recorded now of a sail of a month.
pub fn change_in(approved: &BTreeSet<Month>, of: Month) -> Change {
    match (approved.first(), approved.last()) {
        (Some(_), Some(last)) if of > *last => Change::InTime,
        (Some(first), Some(last)) if of < *first || of.plus(STATEMENT_MONTHS_BACK) <= *last => {
            Change::TooLate
        }
        (Some(_), Some(_)) => Change::Adjusts,
        _ => Change::InTime,
    }
}

/// Whether a bonus can be given in a month that is not approved; `this` is the month that it is.
///
/// # Errors
/// A month that is passed over, or so far from now that probably another year was meant.
pub fn may_be_given(approved: &BTreeSet<Month>, month: Month, this: Month) -> Result<(), BookRejection> {
    if month.plus(STATEMENT_MONTHS_BACK) < this || this.plus(STATEMENT_MONTHS_BACK) < month {
        return Err(BookRejection::FarAway(month));
    }
    match approved.last() {
        Some(last) if *last >= month && !approved.contains(&month) => {
            Err(BookRejection::Over { month, last: *last })
        }
        _ => Ok(()),
    }
}

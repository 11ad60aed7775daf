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

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    /// April was passed over.
    fn approved() -> BTreeSet<Month> {
        ["2026-03", "2026-05"].map(month).into()
    }

    #[test]
    fn what_sailed_after_the_last_approved_month_is_in_time() {
        for (of, change) in [
            ("2026-06", Change::InTime),
            ("2026-05", Change::Adjusts),
            ("2026-04", Change::Adjusts),
            ("2026-03", Change::Adjusts),
            ("2026-02", Change::TooLate),
        ] {
            assert_eq!(change_in(&approved(), month(of)), change, "{of}");
        }
        assert_eq!(change_in(&BTreeSet::new(), month("2020-01")), Change::InTime);
        let long: BTreeSet<Month> = ["2025-01", "2026-05"].map(month).into();
        assert_eq!(change_in(&long, month("2025-06")), Change::Adjusts);
        assert_eq!(change_in(&long, month("2025-05")), Change::TooLate);
    }

    #[test]
    fn nothing_is_given_in_a_month_that_was_passed_over_or_is_a_year_away() {
        let given = |of: &str| may_be_given(&approved(), month(of), month("2026-06"));
        for of in ["2026-06", "2027-06", "2026-05"] {
            assert_eq!(given(of), Ok(()), "{of}");
        }
        let over = BookRejection::Over { month: month("2026-04"), last: month("2026-05") };
        assert_eq!(given("2026-04"), Err(over));
        for of in ["2027-07", "2025-05"] {
            assert_eq!(given(of), Err(BookRejection::FarAway(month(of))), "{of}");
        }
    }
}

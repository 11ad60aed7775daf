//! Why something was not done with a month, in words for whoever has pages and no shell, and the way back.

use axum::http::StatusCode;
use crewcall_dispatch::model::Month;
use crewcall_dispatch::statement::BookRejection;

use crate::statement::StatementError;
use crate::web::error::sentence;

/// What the page of an error says.
pub(in crate::web) struct Refused {
    pub(in crate::web) status: StatusCode,
    pub(in crate::web) title: &'static str,
    pub(in crate::web) words: String,
    /// The month whose page goes on from there.
    pub(in crate::web) month: Option<Month>,
}

/// The page of an error.
pub(in crate::web) fn refused(error: &StatementError) -> Refused {
    const NOT_DONE: &str = "That cannot be done";
    let said = sentence(&error.to_string());
    let (status, title, words, month) = match error {
        StatementError::Rejected(BookRejection::Nothing) => {
            (StatusCode::BAD_REQUEST, "That could not be read", said, None)
        }
        StatementError::Rejected(BookRejection::NoSuchEntry { month, no }) => {
            let words = format!(
                "{} has no bonus or deduction number {no}. Its page shows those that there are.",
                month.name()
            );
            (StatusCode::NOT_FOUND, "There is no such entry", words, Some(*month))
        }
        StatementError::Rejected(
            BookRejection::Approved(month)
            | BookRejection::TooMany(month)
            | BookRejection::FarAway(month)
            | BookRejection::Over { month, .. },
        )
        | StatementError::NotOver { month, .. }
        | StatementError::LaterApproved { month, .. }
        | StatementError::PaidElsewhere { month, .. }
        | StatementError::NotInDoubt { month, .. } => (StatusCode::CONFLICT, NOT_DONE, said, Some(*month)),
        StatementError::EarlierOpen { before } => {
            let words = format!(
                "{} was not approved, and something is to be paid in it or is open. Look at it, and approve it first.",
                before.name()
            );
            (StatusCode::CONFLICT, NOT_DONE, words, Some(*before))
        }
        StatementError::GivenBefore { before } => {
            let words = format!(
                "{} has bonuses or deductions, and no month before the first that is approved is ever paid. Approve it first, or take them back.",
                before.name()
            );
            (StatusCode::CONFLICT, NOT_DONE, words, Some(*before))
        }
        StatementError::OtherCurrency { .. } => (StatusCode::CONFLICT, NOT_DONE, said, None),
        StatementError::Changed(month) => {
            let words = format!(
                "{} is otherwise by now than when you looked at it, so nothing was done. Look at it again.",
                month.name()
            );
            (StatusCode::CONFLICT, "It has changed meanwhile", words, Some(*month))
        }
        StatementError::NotApproved(month) => {
            let words = format!("{} is not approved. Look at it, then approve it.", month.name());
            (StatusCode::CONFLICT, NOT_DONE, words, Some(*month))
        }
        StatementError::NoStatement { month, .. } => {
            (StatusCode::NOT_FOUND, "There is no such statement", said, Some(*month))
        }
        StatementError::NotOnRoster(crew_id) => {
            let words = format!("{crew_id} is not on the roster. Go back, and choose somebody who is.");
            (StatusCode::CONFLICT, NOT_DONE, words, None)
        }
        StatementError::TooLong { .. } => (StatusCode::CONFLICT, NOT_DONE, said, None),
        StatementError::Contended(month) => (StatusCode::CONFLICT, "Someone was faster", said, Some(*month)),
        StatementError::NotAllThere(month) => {
            (StatusCode::SERVICE_UNAVAILABLE, "This did not work just now", said, Some(*month))
        }
        StatementError::Workbook(_) | StatementError::App(_) => {
            tracing::error!(%error, "a page of a month of pay failed");
            let words = "Its log says to whoever runs the server what to do.".to_owned();
            (StatusCode::INTERNAL_SERVER_ERROR, "This did not work", words, None)
        }
    };
    Refused { status, title, words, month }
}

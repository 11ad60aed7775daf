//! What became of sails that were paid.

use crewcall_dispatch::statement::{Adjustment, Owed, Why};

/// Why a sail of an earlier month comes once more, behind its name: `was paid 20.00, and comes to 18.00`. Of other adjustments
/// there is nothing to say.
pub fn owed(adjustment: &Adjustment) -> String {
    let (Why::Later { owed, .. }, Some((was, is))) = (&adjustment.why, adjustment.was_and_is()) else {
        return String::new();
    };
    match owed {
        Owed::Open => "was not paid yet".to_owned(),
        Owed::Changed => format!("was paid {was}, and comes to {is}"),
        Owed::NotSailed => format!("was paid {was}, and not sailed"),
    }
}

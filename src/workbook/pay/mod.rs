//! What a month of pay looks like as a workbook.
//!
//! Whoever opens one sees figures that are right already, and formulas that come to the same when the program that shows them
//! works them out again. Formulas count in whole cents and whole minutes and round once, so that no binary fraction can
//! be half a cent off: 61 minutes at 33.33 are `ROUND(61*3333/60,0)/100`, which is 33.89 by any arithmetic.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `page` | a tab that is written row by row, in few formats |
//! | `wage` | the columns from which the pay of a sail is worked out |
//! | `crew` | one person's statement |
//! | `owner` | the owner's workbook: people, charters, exceptions |
//! | `charter` | its tab of one charter |

mod charter;
mod crew;
mod owner;
mod page;
mod wage;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use crew::{statement, statements, write};
pub use owner::month;
pub(crate) use page::accepted_words;

/// What a workbook says of itself.
#[derive(Debug, Clone)]
pub struct Heading<'a> {
    /// Whose workbook it is.
    pub operator: &'a str,
    /// In which currency.
    pub currency: &'a str,
    /// In which zone times are shown.
    pub zone: &'a TimeZone,
    /// When the month was approved, and by whom; `None` of a draft.
    pub approved: Option<(Timestamp, &'a str)>,
    /// The time stamp of the file: the only thing in it that differs from one run to the next.
    pub at: Timestamp,
}

impl Heading<'_> {
    /// `Harbor Sails, approved on Fri 3 Jul 2026 by Pat Lane; amounts in USD`, or that it is a draft.
    fn line(&self) -> String {
        let standing = match self.approved {
            Some((at, by)) => format!("approved on {} by {by}", crate::times::day(at, self.zone)),
            None => "draft, not approved: figures may still change".to_owned(),
        };
        format!("{}, {standing}; amounts in {}", self.operator, self.currency)
    }
}

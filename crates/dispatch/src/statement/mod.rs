//! Statements: a month of sails, paid by the operator's rules.
//!
//! A [`Draft`] is a function of what happened: the charters of the month and their acceptances, the rules of pay, what
//! the office gave and took off by hand, and what was paid before. Approved, it is kept as it was. Whatever changes
//! afterwards is found when the next month is drafted, by comparing what a sail should have been paid with what it was
//! paid, and becomes an adjustment there. So no line is paid twice, and nothing that was sent is ever rewritten.
//!
//! A sail belongs to the month in which it departs, by the operator's calendar, however long it lasts.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `rules` | what people are paid, and which rule counts |
//! | `offered` | what a seat pays, as far as the rules say so before the sail |
//! | `split` | splitting an amount so that the cents add up |
//! | `sail` | what a charter pays each of those who sailed, or why that is open |
//! | `draft` | the month: lines, adjustments, accounts |
//! | `record` | a statement as it is kept and shown |
//! | `months` | what the months that were approved mean for the others |
//! | `books` | what the office does with a month: bonuses, deductions, approval |

mod books;
mod draft;
mod months;
mod offered;
mod record;
mod rules;
mod sail;
mod split;

pub use books::{Approval, BookEvent, BookFact, BookRejection, Books, Entry, Reader, Totals};
pub use draft::{Draft, Material, Paid, draft};
pub use months::{Change, change_in, may_be_given};
pub use offered::Offered;
pub use record::{
    Account, Adjustment, Changed, HourlyPay, Line, OpenSail, Owed, Parts, SharePay, Statement, Why,
};
pub use rules::{Base, GratuityRule, Hourly, PayRule, PayRules, Percent, Scope, Share, Split, Way};
pub use sail::{Acceptance, How, Open, Remark, Sailing};
pub use split::split;

//! Workbook files (`.xlsx`), read with the same eyes as the office's sheet, and written as it would be; and a month of pay as
//! workbooks ([`pay`]).

mod counts;
mod error;
mod parts;
pub mod pay;
mod read;
mod write;

pub use error::ReadError;
pub use read::read;
pub use write::{WriteError, write};

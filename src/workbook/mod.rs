//! Workbook files (`.xlsx`), read with the same eyes as the office's sheet, and written as it would be; and a month of pay as
//! workbooks ([`pay`]).

pub mod pay;
mod read;
mod write;

pub use read::{ReadError, read};
pub use write::{WriteError, write};

//! Workbook files (`.xlsx`), read with the same eyes as the office's sheet, and written as it would be.

mod read;
mod write;

pub use read::{ReadError, read};
pub use write::{WriteError, write};

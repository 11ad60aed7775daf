//! Workbook files (`.xlsx`), read with the same eyes as the office's sheet.

mod read;

pub use read::{ReadError, read};

//! Workbook files (`.xlsx`), as they are read and written with the same eyes as the office's sheet.

mod read;

pub use read::{ReadError, read};

//! Why a workbook's file is not read.

use calamine::XlsxError;
use crewcall_dispatch::limits;
use crewcall_dispatch::sheet::At;

/// Megabytes, as people say it.
const MB: u64 = 1024 * 1024;

/// Why a file is not read. Each comes with what to do.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no workbook of this kind.
    #[error(
        "is no workbook that can be read ({0}); save it as .xlsx, or give a .csv to `crewcall roster import`"
    )]
    Form(String),
    /// It is a compound file: what spreadsheets wrote before .xlsx, and what they write with a password.
    #[error("is an older workbook (.xls), or one with a password; save it as .xlsx without a password")]
    Older,
    /// A tab is larger than any office's.
    #[error(
        "has a cell in row {} and column {}; at most {} rows and {} columns are read",
        .0.row + 1, .0.column + 1, limits::SHEET_ROWS, limits::SHEET_COLUMNS
    )]
    TooLarge(At),
    /// More tabs than [`limits::BOOK_TABS`].
    #[error("has more than {max} tabs, which is all that is read; take out those of past months", max = limits::BOOK_TABS)]
    Tabs,
    /// More places of cells than [`limits::BOOK_CELLS`].
    #[error(
        "has more than {max} cells, blank ones in between with them, which is all that is read; take out tabs of past \
         months, and what stands far away from the rest, or make two files of it",
        max = limits::BOOK_CELLS
    )]
    Cells,
    /// More text than [`limits::BOOK_TEXT_BYTES`].
    #[error(
        "has more than {} MB of text, which is all that is read; take out tabs and cells that are not about people and \
         days, or make two files of it",
        limits::BOOK_TEXT_BYTES as u64 / MB
    )]
    Text,
    /// More joined cells than [`limits::BOOK_JOINS`].
    #[error(
        "has more than {max} joined cells, which is all that is read; take the joins apart, or the tabs out that have \
         them",
        max = limits::BOOK_JOINS
    )]
    Joins,
    /// More formats, names and links than [`limits::BOOK_FORMATS`], or longer ones.
    #[error(
        "has more formats, names and links than any roster needs; copy its cells into a new workbook, values only"
    )]
    Formats,
    /// More files within it than [`limits::BOOK_PARTS`].
    #[error(
        "has more than {max} tabs, pictures and the like within it; copy its cells into a new workbook, values only",
        max = limits::BOOK_PARTS
    )]
    Parts,
    /// A part above [`limits::BOOK_PART_BYTES`], or all above [`limits::BOOK_BYTES`].
    #[error(
        "unpacks to more than is read ({} MB in one tab, {} MB in all); take out tabs of past months, or copy its cells \
         into a new workbook, values only",
        limits::BOOK_PART_BYTES / MB, limits::BOOK_BYTES / MB
    )]
    Unpacked,
}

impl From<XlsxError> for ReadError {
    fn from(error: XlsxError) -> Self {
        Self::Form(crate::plain::one_line(&error.to_string()))
    }
}

//! Tabs as an `.xlsx`.
//!
//! rust_xlsxwriter writes it: by the author of Python's XlsxWriter, kept up, MIT or Apache 2.0, and what reads the file here
//! (calamine) needs the same `zip`. Text is written as text, whatever it looks like: nobody's name is a formula.

use crewcall_dispatch::sheet::{At, Cell, Tab};
use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// How wide columns are, in characters: what is longer is seen by whoever goes to the cell.
const WIDTH: (usize, usize) = (6, 40);
/// The same of a column of days, of which there are many.
const DAY_WIDTH: (usize, usize) = (9, 16);

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file of this kind cannot hold it.
    #[error("a workbook cannot hold this ({0}); please report it")]
    Form(String),
    /// The system has no room for it while it is made.
    #[error(
        "the workbook cannot be put together in {place} ({0}); make room there, or name another directory with TMPDIR",
        place = std::env::temp_dir().display()
    )]
    NoRoom(std::io::Error),
    /// A tab is larger than any spreadsheet.
    #[error("a workbook has no cell {0}; please report it")]
    TooLarge(At),
}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => Self::NoRoom(error),
            error => Self::Form(crate::plain::one_line(&error.to_string())),
        }
    }
}

/// Writes these tabs, whose first row is the header and whose first column names the rows: both stay in sight, and stand on
/// every page that is printed.
///
/// # Errors
/// See [`WriteError`].
pub fn write(tabs: impl IntoIterator<Item = Tab>) -> Result<Vec<u8>, WriteError> {
    let formats = Formats::new();
    let mut book = Workbook::new();
    for tab in tabs {
        write_tab(book.add_worksheet_with_low_memory()?, &tab, &formats)?;
    }
    Ok(book.save_to_buffer()?)
}

struct Formats {
    heading: Format,
    day: Format,
    /// Text that stays text when somebody goes into the cell and leaves it again.
    text: Format,
}

impl Formats {
    fn new() -> Self {
        let heading = Format::new().set_bold();
        let day = heading.clone().set_num_format("ddd m/d").set_align(FormatAlign::Center);
        Self { heading, day, text: Format::new().set_quote_prefix() }
    }
}

fn write_tab(sheet: &mut Worksheet, tab: &Tab, formats: &Formats) -> Result<(), WriteError> {
    sheet.set_name(&tab.title)?;
    sheet.set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?.set_repeat_columns(0, 0)?;
    // As high as it comes.
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    for column in 0..tab.width() {
        let (_, place) = place(At::new(0, column))?;
        sheet.set_column_width(place, width(tab, column))?;
    }
    for (row, cells) in tab.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
            write_cell(sheet, place(At::new(row, column))?, cell, formats)?;
        }
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), WriteError> {
    let text = cell.text.as_str();
    match (cell.date.and_then(date), number(text)) {
        (Some(date), _) => sheet.write_datetime_with_format(row, column, date, &formats.day)?,
        (None, Some(number)) => sheet.write_number(row, column, number)?,
        (None, None) if row == 0 => sheet.write_string_with_format(row, column, text, &formats.heading)?,
        (None, None) if text.starts_with(['=', '+', '-', '@', '\t', '\n', '\'']) => {
            sheet.write_string_with_format(row, column, text, &formats.text)?
        }
        (None, None) => sheet.write_string(row, column, text)?,
    };
    Ok(())
}

fn place(at: At) -> Result<(u32, u16), WriteError> {
    match (u32::try_from(at.row), u16::try_from(at.column)) {
        (Ok(row), Ok(column)) => Ok((row, column)),
        _ => Err(WriteError::TooLarge(at)),
    }
}

/// A date, as far as spreadsheets have them.
fn date(date: Date) -> Option<ExcelDateTime> {
    ExcelDateTime::from_ymd(
        u16::try_from(date.year()).ok()?,
        date.month().unsigned_abs(),
        date.day().unsigned_abs(),
    )
    .ok()
}

/// A place in an order, a number of guests: whole and small, and shown as it is written. A text would be sorted by its signs.
fn number(text: &str) -> Option<u32> {
    const DIGITS: usize = 5;
    let number = text.parse::<u32>().ok().filter(|_| text.len() <= DIGITS)?;
    (number.to_string() == text).then_some(number)
}

fn width(tab: &Tab, column: usize) -> f64 {
    let cells = || tab.rows.iter().filter_map(|row| row.get(column));
    let longest = cells().map(|cell| cell.text.chars().count()).max().unwrap_or(0);
    let (least, most) = if cells().any(|cell| cell.date.is_some()) { DAY_WIDTH } else { WIDTH };
    // Room around it. At most that many, so nothing is lost.
    f64::from(u32::try_from((longest + 2).clamp(least, most)).unwrap_or_default())
}

#[cfg(test)]
mod tests;

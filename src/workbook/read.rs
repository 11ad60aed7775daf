//! An `.xlsx` as a [`Book`].
//!
//! calamine reads what is in the file: it is what most Rust programs read workbooks with, kept up, MIT, and gives cells one
//! by one, so that a single stray cell at the far end of a tab makes no table of millions.

use std::io::{Cursor, Read, Seek};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};
use crewcall_dispatch::limits;
use crewcall_dispatch::sheet::{Area, At, Book, Cell, Tab, TabId};
use jiff::civil::Date;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no workbook of this kind.
    #[error(
        "is no workbook that can be read ({0}); save it as .xlsx, or give a .csv to `crewcall roster import`"
    )]
    Form(String),
    /// It is larger than any office's.
    #[error(
        "has a cell in row {} and column {}; at most {} rows and {} columns are read",
        .0.row + 1, .0.column + 1, limits::SHEET_ROWS, limits::SHEET_COLUMNS
    )]
    TooLarge(At),
}

impl From<XlsxError> for ReadError {
    fn from(error: XlsxError) -> Self {
        Self::Form(crate::plain::one_line(&error.to_string()))
    }
}

/// Reads a workbook. Charts and the like have no cells and are left out.
///
/// # Errors
/// See [`ReadError`].
pub fn read(bytes: &[u8]) -> Result<Book, ReadError> {
    let mut file = Xlsx::new(Cursor::new(bytes))?;
    let sheets = file.sheets_metadata().to_vec();
    let sheets = sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let tabs = sheets.zip(0..).map(|(sheet, place)| tab(&mut file, sheet.name, TabId(place)));
    Ok(Book { tabs: tabs.collect::<Result<_, _>>()? })
}

fn tab<R: Read + Seek>(file: &mut Xlsx<R>, title: String, id: TabId) -> Result<Tab, ReadError> {
    let merges = file.merge_cells_by_sheet_name(&title)?;
    let at = |(row, column): (u32, u32)| At::new(row as usize, column as usize);
    let merges = merges.iter().map(|area| Area { first: at(area.start), last: at(area.end) }).collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut cells = file.worksheet_cells_reader(&title)?;
    while let Some(cell) = cells.next_cell_with_formula()? {
        let at = at(cell.pos);
        let error = matches!(cell.value, DataRef::Error(_));
        let (text, date) = match cell.value {
            // A formula that no spreadsheet has worked out shows itself.
            DataRef::Empty => {
                (cell.formula.as_ref().map(|formula| format!("={formula}")).unwrap_or_default(), None)
            }
            value => shown(&value),
        };
        if text.is_empty() {
            continue;
        }
        if at.row >= limits::SHEET_ROWS || at.column >= limits::SHEET_COLUMNS {
            return Err(ReadError::TooLarge(at));
        }
        if rows.len() <= at.row {
            rows.resize(at.row + 1, Vec::new());
        }
        let row = &mut rows[at.row];
        if row.len() <= at.column {
            row.resize(at.column + 1, Cell::default());
        }
        let (formula, note) = (cell.formula.is_some(), String::new());
        row[at.column] = Cell { text, date, formula, error, note, ..Cell::default() };
    }
    let size = (rows.len(), rows.iter().map(Vec::len).max().unwrap_or(0));
    Ok(Tab { id, title, rows, size, merges, protected: Vec::new(), too_large: false })
}

/// What people see, and the date, if it is one. How a number is formatted is not looked at: whole numbers are shown whole.
fn shown(value: &DataRef<'_>) -> (String, Option<Date>) {
    match value {
        DataRef::Empty => (String::new(), None),
        DataRef::String(text) => (text.clone(), None),
        DataRef::SharedString(text) => ((*text).to_owned(), None),
        DataRef::Int(number) => (number.to_string(), None),
        // Shown without an end of zeros.
        DataRef::Float(number) => (number.to_string(), None),
        DataRef::Bool(yes) => (if *yes { "TRUE" } else { "FALSE" }.to_owned(), None),
        DataRef::DateTime(at) => of_date(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (text.clone(), text.get(..10).and_then(|date| date.parse().ok()))
        }
        DataRef::Error(error) => (error.to_string(), None),
    }
}

fn of_date(at: &ExcelDateTime) -> (String, Option<Date>) {
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    let number = at.as_f64();
    let date =
        || Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    match date().filter(|_| number >= 1.0 && at.is_datetime()) {
        Some(date) if number.fract() == 0.0 => (date.to_string(), Some(date)),
        Some(date) => (format!("{date} {hour:02}:{minute:02}"), Some(date)),
        None => (format!("{hour}:{minute:02}"), None),
    }
}

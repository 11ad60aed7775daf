//! An `.xlsx` as a [`Book`].
//!
//! calamine reads what is in the file: it is what most Rust programs read workbooks with, kept up, MIT, and gives cells one
//! by one, so that a single stray cell at the far end of a tab makes no table of millions. What it gets to see is counted
//! before (`parts`).

use std::io::{Read, Seek};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxFormulaMetadata};
use crewcall_dispatch::limits;
use crewcall_dispatch::sheet::{Area, At, Book, Cell, Tab, TabId};
use jiff::civil::Date;

use super::ReadError;
use super::parts::Parts;

/// Reads a workbook. Charts and the like have no cells and are left out.
///
/// # Errors
/// See [`ReadError`].
pub fn read(bytes: &[u8]) -> Result<Book, ReadError> {
    let mut file = Xlsx::new(Parts::of(bytes)?)?;
    let sheets = file.sheets_metadata().to_vec();
    let sheets = sheets.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let mut room = Room { cells: limits::BOOK_CELLS, text: limits::BOOK_TEXT_BYTES };
    let tabs = sheets.zip(0..).map(|(sheet, place)| tab(&mut file, sheet.name, TabId(place), &mut room));
    Ok(Book { tabs: tabs.collect::<Result<_, _>>()? })
}

/// What there is still room for in a book.
struct Room {
    cells: usize,
    /// In bytes. One text of the file may be that of many cells.
    text: usize,
}

impl Room {
    fn take(&mut self, cells: usize, text: usize) -> Result<(), ReadError> {
        self.cells = self.cells.checked_sub(cells).ok_or(ReadError::Cells)?;
        self.text = self.text.checked_sub(text).ok_or(ReadError::Text)?;
        Ok(())
    }
}

fn tab<R: Read + Seek>(
    file: &mut Xlsx<R>,
    title: String,
    id: TabId,
    room: &mut Room,
) -> Result<Tab, ReadError> {
    let merges = file.merge_cells_by_sheet_name(&title)?;
    let at = |(row, column): (u32, u32)| At::new(row as usize, column as usize);
    let merges = merges.iter().map(|area| Area { first: at(area.start), last: at(area.end) }).collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut cells = file.worksheet_cells_reader(&title)?;
    // Not by `next_cell_with_formula`, which makes as much room for formulas as a file wants.
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        let at = at(cell.pos);
        let error = matches!(cell.value, DataRef::Error(_));
        let formula = cell.formula.is_some();
        let (text, date) = match cell.value {
            DataRef::Empty => (cell.formula.map(unworked).unwrap_or_default(), None),
            value => shown(value),
        };
        if text.is_empty() {
            continue;
        }
        if at.row >= limits::SHEET_ROWS || at.column >= limits::SHEET_COLUMNS {
            return Err(ReadError::TooLarge(at));
        }
        let height = rows.len().max(at.row + 1);
        let width = rows.get(at.row).map_or(0, Vec::len).max(at.column + 1);
        let more = height - rows.len() + width - rows.get(at.row).map_or(0, Vec::len);
        room.take(more, text.len())?;
        rows.resize(height, Vec::new());
        if let Some(row) = rows.get_mut(at.row) {
            row.resize(width, Cell::default());
            row[at.column] = Cell { text, date, formula, error, ..Cell::default() };
        }
    }
    let size = (rows.len(), rows.iter().map(Vec::len).max().unwrap_or(0));
    Ok(Tab { id, title, rows, size, merges, protected: Vec::new(), too_large: false })
}

/// A formula that no spreadsheet has worked out shows itself. Of one that is written down only for another cell, it is seen
/// that there is one.
fn unworked(formula: XlsxFormulaMetadata) -> String {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            format!("={formula}")
        }
        _ => "=".to_owned(),
    }
}

/// What people see, and the date, if it is one. How a number is formatted is not looked at: whole numbers are shown whole.
fn shown(value: DataRef<'_>) -> (String, Option<Date>) {
    match value {
        DataRef::Empty => (String::new(), None),
        DataRef::String(mut text) => {
            text.shrink_to_fit();
            (text, None)
        }
        DataRef::SharedString(text) => (text.to_owned(), None),
        DataRef::Int(number) => (number.to_string(), None),
        // Shown without an end of zeros.
        DataRef::Float(number) => (number.to_string(), None),
        DataRef::Bool(yes) => (if yes { "TRUE" } else { "FALSE" }.to_owned(), None),
        DataRef::DateTime(at) => of_date(&at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            let date = text.get(..10).and_then(|date| date.parse().ok());
            (text, date)
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

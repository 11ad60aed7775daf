//! Writing and clearing ranges. What is written keeps its look, what is cleared does too.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::a1::{self, Place};
use super::super::book::Book;
use super::super::books::answer_of;
use super::super::grid::{Dimension, Grid, Rect};
use super::super::render::Render;
use super::super::sheet::Sheet;
use super::super::{Params, entered, invalid};
use super::{is_one_cell, major, read};
use crate::error::ApiError;

/// A `ValueInputOption`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry {
    /// As it is.
    Raw,
    /// As if it were typed.
    Typed,
}

impl Entry {
    pub(super) fn new(option: Option<&str>) -> Result<Self, ApiError> {
        match option {
            Some("RAW") => Ok(Self::Raw),
            Some("USER_ENTERED") => Ok(Self::Typed),
            _ => Err(invalid("'valueInputOption' is required but not specified")),
        }
    }

    pub(super) fn of_params(params: Params<'_>) -> Result<Self, ApiError> {
        Self::new(params.one("valueInputOption"))
    }
}

/// What an answer says of the values that were written: how they are rendered, if it says them at all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply(Option<Render>);

impl Reply {
    pub(super) fn of_params(params: Params<'_>) -> Result<Self, ApiError> {
        let dates = params.one("responseDateTimeRenderOption");
        let render = Render::from_options(params.one("responseValueRenderOption"), dates)?;
        Ok(Self(params.flag("includeValuesInResponse").then_some(render)))
    }

    pub(super) fn of_body(body: &Value) -> Result<Self, ApiError> {
        let dates = body["responseDateTimeRenderOption"].as_str();
        let render = Render::from_options(body["responseValueRenderOption"].as_str(), dates)?;
        Ok(Self((body["includeValuesInResponse"] == true).then_some(render)))
    }
}

/// What was written where.
#[derive(Debug, Clone)]
pub(super) struct Written {
    sheet: usize,
    rect: Rect,
    cells: usize,
    /// What an answer with values shows.
    shown: Rect,
    major: Dimension,
}

impl Written {
    /// The `UpdateValuesResponse`.
    pub(super) fn answer(&self, book: &Book, id: &str, Reply(render): Reply) -> Value {
        let sheet = &book.sheets[self.sheet];
        let mut answer = answer_of(id);
        answer["updatedRange"] = json!(a1::print(sheet, &self.rect));
        let counts = [
            ("updatedRows", self.rect.height()),
            ("updatedColumns", self.rect.width()),
            ("updatedCells", self.cells),
        ];
        for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            answer[name] = json!(count);
        }
        if let Some(render) = render {
            answer["updatedData"] = read::part(sheet, &self.shown, self.major, render);
        }
        answer
    }
}

/// Writes a `ValueRange` into a place, which it must fit. From a single cell it runs on as far as it needs.
pub(super) fn range(book: &mut Book, place: &Place, data: &Value, entry: Entry) -> Result<Written, ApiError> {
    let (lines, major) = (lines(data)?, major(data["majorDimension"].as_str())?);
    let (height, width) = extent(&lines, major);
    let sheet = &book.sheets[place.sheet];
    let start = a1::on_grid(book, place)?;
    let rect = Rect::of_size(start.corner(), height, width);
    let asked = match is_one_cell(&place.grid) {
        true => rect.grid(),
        false => place.grid,
    };
    check_fits(sheet, &asked, &rect)?;
    let shown = if is_one_cell(&place.grid) { rect.clone() } else { start };
    let cells = enter(book, place.sheet, rect.corner(), &lines, major, entry);
    Ok(Written { sheet: place.sheet, rect, cells, shown, major })
}

/// Writes lines from a corner on, where there is room for them.
pub(super) fn at(
    book: &mut Book,
    sheet: usize,
    corner: (usize, usize),
    (lines, major): (&[Vec<Value>], Dimension),
    entry: Entry,
) -> Written {
    let (height, width) = extent(lines, major);
    let rect = Rect::of_size(corner, height, width);
    let cells = enter(book, sheet, corner, lines, major, entry);
    Written { sheet, shown: rect.clone(), rect, cells, major }
}

/// The `BatchUpdateValuesResponse`.
pub(super) fn totals(book: &Book, id: &str, written: &[Written], reply: Reply) -> Value {
    let mut answer = answer_of(id);
    let sheets: BTreeSet<usize> = written.iter().map(|written| written.sheet).collect();
    // Lines that were written more than once count once.
    let lines = |lines: fn(&Rect) -> std::ops::Range<usize>| {
        let all = written.iter().flat_map(|written| lines(&written.rect).map(|line| (written.sheet, line)));
        all.collect::<BTreeSet<_>>().len()
    };
    let counts = [
        ("totalUpdatedRows", lines(|rect| rect.rows.clone())),
        ("totalUpdatedColumns", lines(|rect| rect.columns.clone())),
        ("totalUpdatedCells", written.iter().map(|written| written.cells).sum()),
        ("totalUpdatedSheets", sheets.len()),
    ];
    for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        answer[name] = json!(count);
    }
    if !written.is_empty() {
        answer["responses"] = written.iter().map(|written| written.answer(book, id, reply)).collect();
    }
    answer
}

/// Takes away what the cells of a place say, and nothing else. Gives the range.
pub(super) fn clear(book: &mut Book, place: &Place) -> Result<String, ApiError> {
    let rect = a1::on_grid(book, place)?;
    let sheet = &mut book.sheets[place.sheet];
    for (at, cell) in &mut sheet.cells {
        if rect.contains(*at) {
            cell.set_value(None);
        }
    }
    sheet.cells.retain(|_, cell| !cell.0.is_empty());
    Ok(a1::print(sheet, &rect))
}

/// The lines of a `ValueRange`.
pub(super) fn lines(data: &Value) -> Result<Vec<Vec<Value>>, ApiError> {
    let lines = data["values"].as_array().map_or(&[][..], Vec::as_slice);
    for (line, values) in lines.iter().enumerate() {
        for (across, value) in values.as_array().into_iter().flatten().enumerate() {
            let kind = match value {
                Value::Array(_) => "list_value",
                Value::Object(_) => "struct_value",
                _ => continue,
            };
            return Err(invalid(format!("Invalid values[{line}][{across}]: {kind} {value}")));
        }
    }
    Ok(lines.iter().map(|line| line.as_array().cloned().unwrap_or_default()).collect())
}

/// How many rows and columns such lines take.
pub(super) fn extent(lines: &[Vec<Value>], major: Dimension) -> (usize, usize) {
    let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
    match major {
        Dimension::Rows => (lines.len(), longest),
        Dimension::Columns => (longest, lines.len()),
    }
}

fn check_fits(sheet: &Sheet, asked: &Grid, rect: &Rect) -> Result<(), ApiError> {
    for dimension in [Dimension::Rows, Dimension::Columns] {
        let size = sheet.lines(dimension).len();
        let end = rect.grid().along(dimension).end.unwrap_or(0);
        if asked.along(dimension).end.unwrap_or(end).max(end) > size {
            return Err(a1::beyond(sheet, asked));
        }
        if let Some(last) = asked.along(dimension).end.filter(|last| end > *last) {
            let range = within(sheet, asked);
            let (line, name) = (dimension.line(), a1::line_name(dimension, last));
            return Err(invalid(format!(
                "Requested writing within range [{range}], but tried writing to {line} [{name}]"
            )));
        }
    }
    Ok(())
}

fn within(sheet: &Sheet, asked: &Grid) -> String {
    a1::print(sheet, &sheet.part(asked))
}

/// How many cells were written; null leaves a cell as it is.
fn enter(
    book: &mut Book,
    sheet: usize,
    (row, column): (usize, usize),
    lines: &[Vec<Value>],
    major: Dimension,
    entry: Entry,
) -> usize {
    let (sheet, year) = (&mut book.sheets[sheet], book.year);
    let mut cells = 0;
    for (line, values) in lines.iter().enumerate() {
        for (across, value) in values.iter().enumerate().filter(|(_, value)| !value.is_null()) {
            let at = match major {
                Dimension::Rows => (row + line, column + across),
                Dimension::Columns => (row + across, column + line),
            };
            sheet.change(at, |cell| match (entry, value) {
                (Entry::Typed, Value::String(text)) => entered::enter(cell, text, year),
                _ => entered::put_raw(cell, value),
            });
            cells += 1;
        }
    }
    cells
}

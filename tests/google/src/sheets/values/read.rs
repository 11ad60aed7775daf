//! What a range says, as a `ValueRange`: empty cells at the end of a line and empty lines at the end are left out.

use serde_json::{Value, json};

use super::super::a1::{self, Place};
use super::super::book::Book;
use super::super::grid::{Dimension, Rect};
use super::super::render::Render;
use super::super::sheet::Sheet;
use crate::error::ApiError;

/// A place of a book, which must begin on its sheet's grid.
pub(super) fn range(book: &Book, place: &Place, major: Dimension, render: Render) -> Result<Value, ApiError> {
    let rect = a1::on_grid(book, place)?;
    Ok(part(&book.sheets[place.sheet], &rect, major, render))
}

/// These cells of a sheet.
pub(super) fn part(sheet: &Sheet, rect: &Rect, major: Dimension, render: Render) -> Value {
    let mut answer = json!({ "range": a1::print(sheet, rect), "majorDimension": major.name() });
    let lines = lines(sheet, rect, major, render);
    if !lines.is_empty() {
        answer["values"] = json!(lines);
    }
    answer
}

fn lines(sheet: &Sheet, rect: &Rect, major: Dimension, render: Render) -> Vec<Vec<Value>> {
    let mut lines: Vec<Vec<Value>> = Vec::new();
    for (at, cell) in sheet.cells.range((rect.rows.start, 0)..(rect.rows.end, 0)) {
        let Some(value) = render.value(cell).filter(|_| rect.contains(*at)) else { continue };
        let (row, column) = (at.0 - rect.rows.start, at.1 - rect.columns.start);
        let (line, across) = match major {
            Dimension::Rows => (row, column),
            Dimension::Columns => (column, row),
        };
        if lines.len() <= line {
            lines.resize(line + 1, Vec::new());
        }
        let line = &mut lines[line];
        if line.len() <= across {
            line.resize(across + 1, json!(""));
        }
        line[across] = value;
    }
    lines
}

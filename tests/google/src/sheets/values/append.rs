//! Appending (<https://developers.google.com/workspace/sheets/api/guides/values#append_values>): values go below a
//! table, beginning with its first column.
//!
//! A table is a block of cells that say something, and that touch each other, if only at a corner. Of those that the
//! range meets it is the last one; an empty cell inside a row ends a table, so it need not be the one that was meant.
//! If the range meets none, the values are written where it begins.

use serde_json::Value;

use super::super::a1::{self, Place};
use super::super::book::Book;
use super::super::grid::{Dimension, Rect};
use super::super::lines;
use super::super::sheet::Sheet;
use super::major;
use super::write::{self, Entry, Written};
use crate::error::ApiError;

/// Appends a `ValueRange`, in new rows or over whatever stands below; the grid grows as needed. Gives the table's
/// range and what was written.
pub(super) fn values(
    book: &mut Book,
    place: &Place,
    data: &Value,
    entry: Entry,
    insert: bool,
) -> Result<(Option<String>, Written), ApiError> {
    let (values, major) = (write::lines(data)?, major(data["majorDimension"].as_str())?);
    let (height, width) = write::extent(&values, major);
    let asked = book.sheets[place.sheet].part(&place.grid);
    let table = tables(&book.sheets[place.sheet]).into_iter().rfind(|table| table.intersects(&asked));
    let corner = match &table {
        Some(table) => (table.rows.end, table.columns.start),
        None => a1::on_grid(book, place)?.corner(),
    };
    let sheet = &mut book.sheets[place.sheet];
    let rect = Rect::of_size(corner, height, width);
    if insert && table.is_some() && height > 0 && corner.0 < sheet.rows.len() {
        lines::insert(sheet, Dimension::Rows, &rect.rows, true)?;
    }
    sheet.grow(Dimension::Rows, rect.rows.end);
    sheet.grow(Dimension::Columns, rect.columns.end);
    let table = table.map(|table| a1::print(sheet, &table));
    Ok((table, write::at(book, place.sheet, corner, (&values, major), entry)))
}

/// The tables of a sheet in the order of their last cells.
fn tables(sheet: &Sheet) -> Vec<Rect> {
    let mut tables: Vec<Rect> = Vec::new();
    let filled = sheet.cells.iter().filter(|(_, cell)| cell.value().is_some());
    for ((row, column), _) in filled {
        let mut table = Rect::of_size((*row, *column), 1, 1);
        // What grows may touch what it did not touch before.
        while let Some(index) = tables.iter().position(|other| touch(other, &table)) {
            let other = tables.swap_remove(index);
            table.rows = table.rows.start.min(other.rows.start)..table.rows.end.max(other.rows.end);
            table.columns =
                table.columns.start.min(other.columns.start)..table.columns.end.max(other.columns.end);
        }
        tables.push(table);
    }
    tables.sort_by_key(|table| (table.rows.end, table.columns.end));
    tables
}

fn touch(one: &Rect, other: &Rect) -> bool {
    let near = |one: &std::ops::Range<usize>, other: &std::ops::Range<usize>| {
        one.start <= other.end && other.start <= one.end
    };
    near(&one.rows, &other.rows) && near(&one.columns, &other.columns)
}

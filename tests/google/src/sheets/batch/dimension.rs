//! Rows and columns.

use serde_json::Value;

use super::super::book::Book;
use super::super::fields::Mask;
use super::super::grid::Dimension;
use super::super::metadata::lines_of;
use super::super::sheet::Sheet;
use super::super::{invalid, lines, unimplemented_here};
use crate::error::ApiError;

/// `insertDimension`.
pub(super) fn insert(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, dimension, range) = asked(book, &request["range"])?;
    lines::insert(&mut book.sheets[sheet], dimension, &range, request["inheritFromBefore"] == true)
}

/// `appendDimension`.
pub(super) fn append(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let sheet = book.sheet_of(request)?;
    let sheet = &mut book.sheets[sheet];
    let dimension = Dimension::from_json(&request["dimension"])?;
    match request["length"].as_u64() {
        None | Some(0) => Err(invalid("length must be greater than 0")),
        Some(length) => {
            sheet.grow(dimension, sheet.lines(dimension).len() + length as usize);
            Ok(())
        }
    }
}

/// `deleteDimension`.
pub(super) fn delete(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, dimension, range) = asked(book, &request["range"])?;
    lines::delete(&mut book.sheets[sheet], dimension, &range)
}

/// `moveDimension`.
pub(super) fn shift(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, dimension, source) = asked(book, &request["source"])?;
    let to = request["destinationIndex"].as_u64().unwrap_or(0) as usize;
    lines::shift(&mut book.sheets[sheet], dimension, &source, to)
}

/// `updateDimensionProperties`.
pub(super) fn update_properties(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let mask = Mask::of_update(request)?;
    if let Mask::Only(fields) = &mask
        && let Some(other) =
            fields.keys().find(|name| !["hiddenByUser", "pixelSize"].contains(&name.as_str()))
    {
        return Err(unimplemented_here(format!("changing {other} of a row or column")));
    }
    let properties = &request["properties"];
    let (sheet, dimension, range) = lines_of(book, &request["range"])?;
    let sheet: &mut Sheet = &mut book.sheets[sheet];
    for line in &mut sheet.lines_mut(dimension)[range] {
        if mask.names(&["hiddenByUser"]) {
            line.hidden = properties["hiddenByUser"] == true;
        }
        if mask.names(&["pixelSize"]) {
            line.pixels = properties["pixelSize"].as_i64();
        }
    }
    Ok(())
}

/// The lines that are meant, even beyond those that there are.
fn asked(book: &Book, range: &Value) -> Result<(usize, Dimension, std::ops::Range<usize>), ApiError> {
    let sheet = book.sheet_of(range)?;
    let dimension = Dimension::from_json(&range["dimension"])?;
    let size = book.sheets[sheet].lines(dimension).len();
    let index = |name: &str| range[name].as_u64().map(|index| index as usize);
    let (start, end) = (index("startIndex").unwrap_or(0), index("endIndex").unwrap_or(size));
    match start < end {
        true => Ok((sheet, dimension, start..end)),
        false => Err(invalid("range.endIndex must be greater than range.startIndex")),
    }
}

//! Sorting rows: numbers come before texts, texts before truth values, and what is empty last in either direction.
//!
//! What moves is what the cells are: values, formats, notes. What belongs to a row as a whole stays: hiding, height,
//! developer metadata.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::book::Book;
use super::super::cell::Cell;
use super::super::sheet::Sheet;
use super::super::{invalid, render, unimplemented_here};
use crate::error::ApiError;

/// `sortRange`.
pub(super) fn range(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, rect) = book.part(&request["range"])?;
    let specs = request["sortSpecs"].as_array().into_iter().flatten();
    let by = specs.map(By::from_json).collect::<Result<Vec<_>, _>>()?;
    let sheet: &mut Sheet = &mut book.sheets[sheet];
    let merged = |merge: &super::super::grid::Grid| {
        let merge = sheet.part(merge);
        merge.height() > 1 && merge.intersects(&rect)
    };
    if sheet.merges.iter().any(merged) {
        return Err(invalid("You can't sort a range with cells that are merged vertically."));
    }
    let mut order: Vec<usize> = rect.rows.clone().collect();
    order.sort_by(|one, other| compare(sheet, &by, *one, *other));
    let mut lifted = sheet.lift(&rect);
    for (row, old) in rect.rows.clone().zip(order) {
        for column in rect.columns.clone() {
            let cell: Option<Cell> = lifted.remove(&(old, column));
            sheet.put((row, column), cell);
        }
    }
    Ok(())
}

struct By {
    column: usize,
    descending: bool,
}

impl By {
    fn from_json(spec: &Value) -> Result<Self, ApiError> {
        let known = ["dimensionIndex", "sortOrder"];
        if let Some(other) =
            spec.as_object().into_iter().flatten().find(|(name, _)| !known.contains(&name.as_str()))
        {
            return Err(unimplemented_here(format!("sorting by {}", other.0)));
        }
        let column = spec["dimensionIndex"].as_u64().unwrap_or(0) as usize;
        Ok(Self { column, descending: spec["sortOrder"] == "DESCENDING" })
    }
}

fn compare(sheet: &Sheet, by: &[By], one: usize, other: usize) -> Ordering {
    let orders = by.iter().map(|By { column, descending }| {
        let key = |row| sheet.cell((row, *column)).and_then(Key::of);
        match (key(one), key(other)) {
            (Some(one), Some(other)) if *descending => other.compare(&one),
            (Some(one), Some(other)) => one.compare(&other),
            (one, other) => one.is_none().cmp(&other.is_none()),
        }
    });
    orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

enum Key {
    Number(f64),
    Text(String),
    Truth(bool),
    Error,
}

impl Key {
    fn of(cell: &Cell) -> Option<Self> {
        let effective = render::effective(cell.value()?);
        let (kind, value) = effective.as_object()?.iter().next()?;
        Some(match kind.as_str() {
            "numberValue" => Self::Number(value.as_f64()?),
            "stringValue" => Self::Text(value.as_str()?.to_lowercase()),
            "boolValue" => Self::Truth(value.as_bool()?),
            _ => Self::Error,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.total_cmp(other),
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            (Self::Truth(one), Self::Truth(other)) => one.cmp(other),
            _ => self.kind().cmp(&other.kind()),
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Truth(_) => 2,
            Self::Error => 3,
        }
    }
}

//! Rectangles of cells and runs of lines, as Google's `GridRange` and `DimensionRange` give them: counted from zero,
//! half open, and without an end where none is said.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::invalid;
use crate::error::ApiError;

/// The two directions of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dimension {
    Rows,
    Columns,
}

impl Dimension {
    pub(super) fn from_json(value: &Value) -> Result<Self, ApiError> {
        match value.as_str() {
            Some("ROWS") => Ok(Self::Rows),
            Some("COLUMNS") => Ok(Self::Columns),
            _ => Err(invalid("No dimension was specified.")),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rows => "ROWS",
            Self::Columns => "COLUMNS",
        }
    }

    /// One of them, as sentences say it.
    pub(super) fn line(self) -> &'static str {
        match self {
            Self::Rows => "row",
            Self::Columns => "column",
        }
    }
}

/// From a line to before another one; without a start from the first, without an end to the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: Option<usize>,
    pub(super) end: Option<usize>,
}

impl Span {
    pub(super) fn of(range: &Range<usize>) -> Self {
        Self { start: Some(range.start), end: Some(range.end) }
    }

    /// The lines that are meant where there are so many.
    pub(super) fn within(self, size: usize) -> Range<usize> {
        let end = self.end.unwrap_or(size).min(size);
        self.start.unwrap_or(0).min(end)..end
    }

    fn from_json(value: &Value, start: &str, end: &str) -> Result<Self, ApiError> {
        let index = |name: &str| match &value[name] {
            Value::Null => Ok(None),
            index => match index.as_u64() {
                Some(index) => Ok(Some(index as usize)),
                None => Err(invalid(format!("range.{name} cannot be negative"))),
            },
        };
        let span = Self { start: index(start)?, end: index(end)? };
        match (span.start, span.end) {
            (from, Some(to)) if from.unwrap_or(0) >= to => {
                Err(invalid(format!("range.{end} must be greater than range.{start}")))
            }
            _ => Ok(span),
        }
    }
}

/// A `GridRange` without its sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) rows: Span,
    pub(super) columns: Span,
}

impl Grid {
    pub(super) fn from_json(value: &Value) -> Result<Self, ApiError> {
        Ok(Self {
            rows: Span::from_json(value, "startRowIndex", "endRowIndex")?,
            columns: Span::from_json(value, "startColumnIndex", "endColumnIndex")?,
        })
    }

    /// Indices are given even if they are zero, a `sheetId` of zero is not: so does Google.
    pub(super) fn to_json(self, sheet_id: i64) -> Value {
        let mut json = Map::new();
        if sheet_id != 0 {
            json.insert("sheetId".into(), json!(sheet_id));
        }
        let indices = [
            ("startRowIndex", self.rows.start),
            ("endRowIndex", self.rows.end),
            ("startColumnIndex", self.columns.start),
            ("endColumnIndex", self.columns.end),
        ];
        json.extend(indices.into_iter().filter_map(|(name, index)| Some((name.to_owned(), json!(index?)))));
        Value::Object(json)
    }

    pub(super) fn along(&self, dimension: Dimension) -> Span {
        match dimension {
            Dimension::Rows => self.rows,
            Dimension::Columns => self.columns,
        }
    }

    pub(super) fn along_mut(&mut self, dimension: Dimension) -> &mut Span {
        match dimension {
            Dimension::Rows => &mut self.rows,
            Dimension::Columns => &mut self.columns,
        }
    }
}

/// Cells from a corner to before another one, all of them on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
}

impl Rect {
    pub(super) fn of_size((row, column): (usize, usize), height: usize, width: usize) -> Self {
        Self { rows: row..row + height, columns: column..column + width }
    }

    pub(super) fn height(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn corner(&self) -> (usize, usize) {
        (self.rows.start, self.columns.start)
    }

    pub(super) fn contains(&self, (row, column): (usize, usize)) -> bool {
        self.rows.contains(&row) && self.columns.contains(&column)
    }

    pub(super) fn covers(&self, other: &Self) -> bool {
        inside(&self.rows, &other.rows) && inside(&self.columns, &other.columns)
    }

    pub(super) fn intersects(&self, other: &Self) -> bool {
        overlap(&self.rows, &other.rows) && overlap(&self.columns, &other.columns)
    }

    /// Row by row.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let columns = self.columns.clone();
        self.rows.clone().flat_map(move |row| columns.clone().map(move |column| (row, column)))
    }

    pub(super) fn grid(&self) -> Grid {
        Grid { rows: Span::of(&self.rows), columns: Span::of(&self.columns) }
    }
}

pub(super) fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

pub(super) fn inside(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

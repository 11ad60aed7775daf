//! Developer metadata (<https://developers.google.com/workspace/sheets/api/guides/metadata>): keys and values on a
//! row, a column, a sheet or a spreadsheet, and finding cells by them.
//!
//! They are kept with what they are on, without saying where that is; so they go along when it moves, and are gone
//! with it.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::a1::{self, Place};
use super::book::Book;
use super::grid::{Dimension, Grid, Span, overlap};
use super::sheet::Sheet;
use super::{Params, invalid, not_found};
use crate::error::ApiError;

/// What developer metadata is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Location {
    Spreadsheet,
    /// By its place among the sheets.
    Sheet(usize),
    Line(usize, Dimension, usize),
}

impl Location {
    /// From a `DeveloperMetadataLocation` that something is put on: a row or a column, never several.
    pub(super) fn from_json(book: &Book, json: &Value) -> Result<Self, ApiError> {
        if json["spreadsheet"] == true {
            return Ok(Self::Spreadsheet);
        }
        let range = &json["dimensionRange"];
        if range.is_null() {
            return match json["sheetId"].as_i64() {
                Some(id) => Ok(Self::Sheet(book.sheet_with(id, "sheet")?)),
                None => Err(invalid("Developer metadata must have a location.")),
            };
        }
        let (sheet, dimension, lines) = lines_of(book, range)?;
        match lines.len() {
            1 => Ok(Self::Line(sheet, dimension, lines.start)),
            _ => Err(invalid("Developer metadata can be on a single row or column only.")),
        }
    }

    fn to_json(self, book: &Book) -> Value {
        match self {
            Self::Spreadsheet => json!({ "locationType": "SPREADSHEET", "spreadsheet": true }),
            Self::Sheet(sheet) => json!({ "locationType": "SHEET", "sheetId": book.sheets[sheet].id }),
            Self::Line(sheet, dimension, index) => line_location(&book.sheets[sheet], dimension, index),
        }
    }

    /// The cells that belong to it.
    fn places(self, book: &Book) -> Vec<Place> {
        match self {
            Self::Spreadsheet => {
                (0..book.sheets.len()).map(|sheet| Place { sheet, grid: Grid::default() }).collect()
            }
            Self::Sheet(sheet) => vec![Place { sheet, grid: Grid::default() }],
            Self::Line(sheet, dimension, index) => {
                let mut grid = Grid::default();
                *grid.along_mut(dimension) = Span::of(&(index..index + 1));
                vec![Place { sheet, grid }]
            }
        }
    }
}

/// The lines of a `DimensionRange`, as far as the sheet has them.
pub(super) fn lines_of(book: &Book, range: &Value) -> Result<(usize, Dimension, Range<usize>), ApiError> {
    let sheet = book.sheet_of(range)?;
    let dimension = Dimension::from_json(&range["dimension"])?;
    let index = |name: &str| range[name].as_u64().map(|index| index as usize);
    let span = Span { start: index("startIndex"), end: index("endIndex") };
    Ok((sheet, dimension, span.within(book.sheets[sheet].lines(dimension).len())))
}

/// All that there is in a book, and where.
pub(super) fn all(book: &Book) -> Vec<(Location, &Map<String, Value>)> {
    let mut all: Vec<_> = book.metadata.iter().map(|fields| (Location::Spreadsheet, fields)).collect();
    for (index, sheet) in book.sheets.iter().enumerate() {
        all.extend(sheet.metadata.iter().map(|fields| (Location::Sheet(index), fields)));
        for dimension in [Dimension::Rows, Dimension::Columns] {
            for (line, kept) in sheet.lines(dimension).iter().enumerate() {
                all.extend(
                    kept.metadata.iter().map(|fields| (Location::Line(index, dimension, line), fields)),
                );
            }
        }
    }
    all
}

/// The list in which that of a location is kept.
pub(super) fn list(book: &mut Book, location: Location) -> &mut Vec<Map<String, Value>> {
    match location {
        Location::Spreadsheet => &mut book.metadata,
        Location::Sheet(sheet) => &mut book.sheets[sheet].metadata,
        Location::Line(sheet, dimension, index) => {
            &mut book.sheets[sheet].lines_mut(dimension)[index].metadata
        }
    }
}

/// The `DeveloperMetadata`, with its location.
pub(super) fn to_json(book: &Book, location: Location, fields: &Map<String, Value>) -> Value {
    located(fields, location.to_json(book))
}

/// `spreadsheets.developerMetadata.get`.
pub(super) fn get(book: &Book, params: Params<'_>) -> Result<Value, ApiError> {
    let id: i64 =
        params.required("metadataId")?.parse().map_err(|_| invalid("Invalid value at 'metadata_id'"))?;
    let found = all(book).into_iter().find(|(_, fields)| fields["metadataId"] == id);
    let (location, fields) = found.ok_or_else(not_found)?;
    Ok(to_json(book, location, fields))
}

/// `spreadsheets.developerMetadata.search`.
pub(super) fn search(book: &Book, body: &Value) -> Result<Value, ApiError> {
    let filters = body["dataFilters"].as_array().map_or(&[][..], Vec::as_slice);
    if filters.is_empty() {
        return Err(invalid("Must specify at least one data filter."));
    }
    let mut matched = Vec::new();
    for (location, fields) in all(book) {
        let mut by = Vec::new();
        for filter in filters {
            if matches(book, filter, location, fields)? {
                by.push(filter);
            }
        }
        if !by.is_empty() {
            let found = to_json(book, location, fields);
            matched.push(json!({ "developerMetadata": found, "dataFilters": by }));
        }
    }
    Ok(match matched.is_empty() {
        true => json!({}),
        false => json!({ "matchedDeveloperMetadata": matched }),
    })
}

/// Whether a `DataFilter` means this one.
pub(super) fn matches(
    book: &Book,
    filter: &Value,
    location: Location,
    fields: &Map<String, Value>,
) -> Result<bool, ApiError> {
    let lookup = &filter["developerMetadataLookup"];
    if lookup.is_null() {
        let wanted = places(book, filter)?;
        let here = location.places(book);
        return Ok(here.iter().any(|here| wanted.iter().any(|wanted| meet(book, here, wanted))));
    }
    let json = to_json(book, location, fields);
    let same = |name: &str| lookup.get(name).is_none_or(|wanted| json.get(name) == Some(wanted));
    let names = ["metadataId", "metadataKey", "metadataValue", "visibility"];
    let kind = lookup.get("locationType").is_none_or(|wanted| *wanted == json["location"]["locationType"]);
    Ok(kind && names.into_iter().all(same) && is_at(book, lookup, location)?)
}

/// Whether a lookup's `metadataLocation` means this location: by default exactly that one.
fn is_at(book: &Book, lookup: &Value, location: Location) -> Result<bool, ApiError> {
    let wanted = &lookup["metadataLocation"];
    let exact = lookup["locationMatchingStrategy"] != "INTERSECTING_LOCATION";
    if wanted.is_null() || (wanted["spreadsheet"] == true && !exact) {
        return Ok(true);
    }
    let range = &wanted["dimensionRange"];
    if range.is_null() {
        let wanted = Location::from_json(book, wanted)?;
        let within = |line: usize| wanted == Location::Sheet(line);
        return Ok(match location {
            Location::Line(sheet, ..) => !exact && within(sheet),
            location => location == wanted,
        });
    }
    let (sheet, dimension, lines) = lines_of(book, range)?;
    Ok(match location {
        Location::Line(of, along, line) if of == sheet && along == dimension => {
            let line = line..line + 1;
            if exact { lines == line } else { overlap(&lines, &line) }
        }
        // A row meets every column of its sheet.
        Location::Line(of, ..) | Location::Sheet(of) => !exact && of == sheet,
        Location::Spreadsheet => !exact,
    })
}

/// The cells that a `DataFilter` means.
pub(super) fn places(book: &Book, filter: &Value) -> Result<Vec<Place>, ApiError> {
    if let Some(range) = filter["a1Range"].as_str() {
        return Ok(vec![a1::parse(book, range)?]);
    }
    if !filter["gridRange"].is_null() {
        let range = &filter["gridRange"];
        return Ok(vec![Place { sheet: book.sheet_of(range)?, grid: Grid::from_json(range)? }]);
    }
    if filter["developerMetadataLookup"].is_null() {
        return Err(invalid("A data filter must be specified."));
    }
    let mut places = Vec::new();
    for (location, fields) in all(book) {
        if matches(book, filter, location, fields)? {
            places.extend(location.places(book));
        }
    }
    Ok(places)
}

fn meet(book: &Book, one: &Place, other: &Place) -> bool {
    let sheet = &book.sheets[one.sheet];
    one.sheet == other.sheet && sheet.part(&one.grid).intersects(&sheet.part(&other.grid))
}

/// The spreadsheet's own.
pub(super) fn of_book(book: &Book) -> Value {
    book.metadata.iter().map(|fields| to_json(book, Location::Spreadsheet, fields)).collect()
}

/// A sheet's own.
pub(super) fn of_sheet(sheet: &Sheet) -> Value {
    let location = || json!({ "locationType": "SHEET", "sheetId": sheet.id });
    sheet.metadata.iter().map(|fields| located(fields, location())).collect()
}

/// A row's or a column's.
pub(super) fn of_line(sheet: &Sheet, dimension: Dimension, index: usize) -> Value {
    let kept = &sheet.lines(dimension)[index].metadata;
    kept.iter().map(|fields| located(fields, line_location(sheet, dimension, index))).collect()
}

fn line_location(sheet: &Sheet, dimension: Dimension, index: usize) -> Value {
    let kind = match dimension {
        Dimension::Rows => "ROW",
        Dimension::Columns => "COLUMN",
    };
    let mut range = json!({ "dimension": dimension.name(), "startIndex": index, "endIndex": index + 1 });
    if sheet.id != 0 {
        range["sheetId"] = json!(sheet.id);
    }
    json!({ "locationType": kind, "dimensionRange": range })
}

fn located(fields: &Map<String, Value>, location: Value) -> Value {
    let mut fields = fields.clone();
    fields.insert("location".into(), location);
    Value::Object(fields)
}

//! `spreadsheets.get`: a spreadsheet with its sheets and, if they are asked for, their cells.

use serde_json::{Map, Value, json};

use super::a1::{self, Place};
use super::book::{Book, default_format};
use super::cell::Cell;
use super::fields::Mask;
use super::grid::{Dimension, Rect};
use super::sheet::Sheet;
use super::{Params, metadata, render};
use crate::error::ApiError;

/// Lines are so high and so wide if nobody changed that.
const ROW_PIXELS: i64 = 21;
const COLUMN_PIXELS: i64 = 100;

/// What of a spreadsheet is wanted.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Only the sheets that these are on; all of them if there are none.
    pub(super) places: Option<Vec<Place>>,
    /// With their cells.
    pub(super) cells: bool,
    /// What of each cell, if not all of it.
    of_cell: Option<Mask>,
}

impl Wanted {
    /// A mask decides about the cells, if there is one.
    pub(super) fn new(places: Option<Vec<Place>>, cells: bool, mask: Option<&Mask>) -> Self {
        let path = ["sheets", "data", "rowData", "values"];
        let of_cell = mask.and_then(|mask| path.iter().try_fold(mask, |mask, name| mask.below(name)));
        Self { places, cells: mask.map_or(cells, |mask| mask.names(&path[..2])), of_cell: of_cell.cloned() }
    }
}

/// `spreadsheets.get`.
pub(super) fn get(book: &Book, params: Params<'_>, mask: Option<&Mask>) -> Result<Value, ApiError> {
    let ranges = params.all("ranges").iter().map(|range| a1::parse(book, range));
    let places = ranges.collect::<Result<Vec<_>, _>>()?;
    let places = (!places.is_empty()).then_some(places);
    let wanted = Wanted::new(places, params.flag("includeGridData"), mask);
    spreadsheet(book, params.required("spreadsheetId")?, &wanted)
}

/// `spreadsheets.getByDataFilter`.
pub(super) fn by_data_filter(
    book: &Book,
    params: Params<'_>,
    body: &Value,
    mask: Option<&Mask>,
) -> Result<Value, ApiError> {
    let filters = body["dataFilters"].as_array();
    let places = filters.map(|filters| {
        let places = filters.iter().map(|filter| metadata::places(book, filter));
        Ok(places.collect::<Result<Vec<_>, ApiError>>()?.concat())
    });
    let wanted = Wanted::new(places.transpose()?, body["includeGridData"] == true, mask);
    spreadsheet(book, params.required("spreadsheetId")?, &wanted)
}

/// The `Spreadsheet`.
pub(super) fn spreadsheet(book: &Book, id: &str, wanted: &Wanted) -> Result<Value, ApiError> {
    let mut sheets = Vec::new();
    for (index, sheet) in book.sheets.iter().enumerate() {
        let parts = match &wanted.places {
            None => vec![sheet.whole()],
            Some(places) => {
                let here = places.iter().filter(|place| place.sheet == index);
                here.map(|place| a1::on_grid(book, place)).collect::<Result<Vec<_>, _>>()?
            }
        };
        if !parts.is_empty() {
            sheets.push(sheet_json(sheet, index, if wanted.cells { &parts } else { &[] }, wanted));
        }
    }
    let mut answer = json!({
        "spreadsheetId": id,
        "spreadsheetUrl": format!("https://docs.google.com/spreadsheets/d/{id}/edit"),
        "properties": book.properties,
    });
    if !sheets.is_empty() {
        answer["sheets"] = json!(sheets);
    }
    if !book.metadata.is_empty() {
        answer["developerMetadata"] = metadata::of_book(book);
    }
    Ok(answer)
}

fn sheet_json(sheet: &Sheet, index: usize, parts: &[Rect], wanted: &Wanted) -> Value {
    let mut json = json!({ "properties": sheet.properties(index) });
    if !parts.is_empty() {
        json["data"] = parts.iter().map(|part| grid_data(sheet, part, wanted)).collect();
    }
    if !sheet.merges.is_empty() {
        json["merges"] = sheet.merges.iter().map(|grid| grid.to_json(sheet.id)).collect();
    }
    if !sheet.protected.is_empty() {
        let protected = sheet.protected.iter().map(|one| with_range(&one.fields, one.grid.to_json(sheet.id)));
        json["protectedRanges"] = protected.collect();
    }
    if let Some(filter) = &sheet.filter {
        json["basicFilter"] = with_range(&filter.fields, filter.grid.to_json(sheet.id));
    }
    if !sheet.metadata.is_empty() {
        json["developerMetadata"] = metadata::of_sheet(sheet);
    }
    json
}

/// The fields of something that lies over cells, and where.
pub(super) fn with_range(fields: &Map<String, Value>, range: Value) -> Value {
    let mut fields = fields.clone();
    fields.insert("range".into(), range);
    Value::Object(fields)
}

fn grid_data(sheet: &Sheet, part: &Rect, wanted: &Wanted) -> Value {
    let mut json = json!({
        "rowMetadata": dimension_properties(sheet, Dimension::Rows, part),
        "columnMetadata": dimension_properties(sheet, Dimension::Columns, part),
    });
    let starts = [("startRow", part.rows.start), ("startColumn", part.columns.start)];
    for (name, start) in starts.into_iter().filter(|(_, start)| *start > 0) {
        json[name] = json!(start);
    }
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (at, cell) in sheet.cells.range((part.rows.start, 0)..(part.rows.end, 0)) {
        if !part.contains(*at) {
            continue;
        }
        let (row, column) = (at.0 - part.rows.start, at.1 - part.columns.start);
        rows.resize((row + 1).max(rows.len()), Vec::new());
        rows[row].resize(column, json!({}));
        // All that can be said of every cell of a large sheet would be gigabytes at once.
        let data = cell_data(cell);
        rows[row].push(match &wanted.of_cell {
            Some(mask) => mask.select(data),
            None => data,
        });
    }
    if !rows.is_empty() {
        let row =
            |values: Vec<Value>| if values.is_empty() { json!({}) } else { json!({ "values": values }) };
        json["rowData"] = rows.into_iter().map(row).collect();
    }
    json
}

fn dimension_properties(sheet: &Sheet, dimension: Dimension, part: &Rect) -> Value {
    let usual = match dimension {
        Dimension::Rows => ROW_PIXELS,
        Dimension::Columns => COLUMN_PIXELS,
    };
    let range = part.grid().along(dimension).within(sheet.lines(dimension).len());
    let lines = range.map(|index| {
        let line = &sheet.lines(dimension)[index];
        let mut json = json!({ "pixelSize": line.pixels.unwrap_or(usual) });
        if line.hidden {
            json["hiddenByUser"] = json!(true);
        }
        if !line.metadata.is_empty() {
            json["developerMetadata"] = metadata::of_line(sheet, dimension, index);
        }
        json
    });
    lines.collect()
}

/// The `CellData`: what was written, and what follows from it.
fn cell_data(cell: &Cell) -> Value {
    let mut json = Value::Object(cell.0.clone());
    if let Some(entered) = cell.value() {
        json["effectiveValue"] = render::effective(entered);
        json["formattedValue"] = json!(render::formatted(cell));
    }
    if cell.value().is_some() || cell.0.contains_key("userEnteredFormat") {
        let mut format = default_format();
        format["hyperlinkDisplayType"] = json!("PLAIN_TEXT");
        if let Some(own) = cell.0.get("userEnteredFormat") {
            overlay(&mut format, own);
        }
        json["effectiveFormat"] = format;
    }
    json
}

/// Colours are taken as a whole, everything else field by field.
fn overlay(under: &mut Value, over: &Value) {
    let (Some(fields), Some(own)) = (under.as_object_mut(), over.as_object()) else {
        return under.clone_from(over);
    };
    for (name, value) in own {
        match fields.get_mut(name) {
            Some(field) if value.is_object() && !name.contains("Color") => overlay(field, value),
            _ => drop(fields.insert(name.clone(), value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sheets::testing::{Desk, lines};

    #[test]
    fn everything_is_said_but_the_cells() {
        let mut desk = Desk::with(&[&["a"]]);
        let id = desk.id.clone();
        let book = desk.call("get", &[], Value::Null).unwrap();
        assert_eq!(book["spreadsheetId"], id);
        assert_eq!(book["spreadsheetUrl"], format!("https://docs.google.com/spreadsheets/d/{id}/edit"));
        assert_eq!(
            (&book["properties"]["title"], &book["properties"]["locale"]),
            (&json!("Crew"), &json!("en_US"))
        );
        assert_eq!(
            book["sheets"],
            json!([{ "properties": {
            "sheetId": 0, "title": "Sheet1", "index": 0, "sheetType": "GRID",
            "gridProperties": { "rowCount": 1000, "columnCount": 26 },
        } }])
        );
    }

    #[test]
    fn cells_are_there_if_they_are_asked_for() {
        let mut desk = Desk::with(&[&["a", "", "6/27"], &[], &["TRUE"]]);
        let data = desk.sheet()["data"][0].take();
        let rows = data["rowData"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[1]), (3, &json!({})));
        assert_eq!(rows[0]["values"][1], json!({}));
        let day = &rows[0]["values"][2];
        assert_eq!(day["userEnteredValue"], json!({ "numberValue": 46200 }));
        assert_eq!(day["effectiveValue"], json!({ "numberValue": 46200 }));
        assert_eq!(day["formattedValue"], "6/27");
        assert_eq!(day["effectiveFormat"]["numberFormat"], json!({ "type": "DATE", "pattern": "M/d" }));
        assert_eq!(rows[2]["values"][0]["effectiveValue"], json!({ "boolValue": true }));
        assert_eq!(data["rowMetadata"].as_array().unwrap().len(), 1000);
        assert_eq!(data["columnMetadata"][0], json!({ "pixelSize": 100 }));
        assert_eq!(data.get("startRow"), None);
    }

    #[test]
    fn ranges_and_masks_choose() {
        let mut desk = Desk::with(&[&["a", "b"], &["c", "d"]]);
        desk.batch(json!([
            { "addSheet": { "properties": { "title": "July" } } },
            { "updateDimensionProperties": { "range": lines("COLUMNS", 1..2), "properties": { "hiddenByUser": true },
                "fields": "hiddenByUser" } },
        ]));
        let some =
            desk.ok("get", &[("ranges", "B2"), ("ranges", "A1"), ("includeGridData", "true")], Value::Null);
        assert_eq!(some["sheets"].as_array().unwrap().len(), 1);
        let data = &some["sheets"][0]["data"];
        assert_eq!((&data[0]["startRow"], &data[0]["startColumn"]), (&json!(1), &json!(1)));
        assert_eq!(data[0]["rowData"][0]["values"][0]["formattedValue"], "d");
        assert_eq!(data[0]["columnMetadata"], json!([{ "pixelSize": 100, "hiddenByUser": true }]));
        assert_eq!(data[1]["rowData"][0]["values"][0]["formattedValue"], "a");

        // A mask decides about the cells, and not `includeGridData`.
        let masked = |desk: &mut Desk, mask: &str| {
            desk.ok("get", &[("ranges", "A1:B1"), ("fields", mask), ("includeGridData", "true")], Value::Null)
        };
        assert_eq!(masked(&mut desk, "sheets.properties.title"), {
            json!({ "sheets": [{ "properties": { "title": "Sheet1" } }] })
        });
        assert_eq!(masked(&mut desk, "sheets/data/rowData/values/formattedValue"), {
            let values = json!([{ "formattedValue": "a" }, { "formattedValue": "b" }]);
            json!({ "sheets": [{ "data": [{ "rowData": [{ "values": values }] }] }] })
        });
        assert!(desk.ok("get", &[("fields", "*")], Value::Null)["sheets"][1].get("data").is_some());
        assert_eq!(desk.refused("get", &[("ranges", "No!A1")], Value::Null), "Unable to parse range: No!A1");
    }

    #[test]
    fn an_update_answers_with_the_book_if_it_is_asked_to() {
        let mut desk = Desk::with(&[&["a"]]);
        let note = json!({ "rows": [{ "values": [{ "note": "n" }] }], "fields": "note", "start": {} });
        let answer = desk.ok("batchUpdate", &[], {
            json!({ "requests": [{ "updateCells": note }], "includeSpreadsheetInResponse": true,
                "responseRanges": ["A1"], "responseIncludeGridData": true })
        });
        let cell = &answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]["values"][0];
        assert_eq!((&cell["note"], &cell["formattedValue"]), (&json!("n"), &json!("a")));
    }
}

//! Writing cells field by field.

use serde_json::{Map, Value, json};

use super::super::book::Book;
use super::super::cell::Cell;
use super::super::fields::Mask;
use super::super::grid::{Dimension, Rect};
use super::super::invalid;
use super::super::sheet::Sheet;
use crate::error::ApiError;

/// `updateCells`: rows from a corner on, or into a range. Cells of the range for which there is nothing lose the
/// named fields.
pub(super) fn update(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let mask = Mask::of_update(request)?;
    let rows = &request["rows"];
    if request["range"].is_null() {
        let start = &request["start"];
        let sheet = book.sheet_of(start)?;
        let index = |name: &str| start[name].as_u64().unwrap_or(0) as usize;
        return write_rows(book, sheet, (index("rowIndex"), index("columnIndex")), rows, &mask);
    }
    let (sheet, rect) = book.part(&request["range"])?;
    let (height, width) = extent(rows);
    check(Dimension::Rows, rect.rows.start + height, rect.rows.end)?;
    check(Dimension::Columns, rect.columns.start + width, rect.columns.end)?;
    for (row, column) in rect.cells() {
        let data = &rows[row - rect.rows.start]["values"][column - rect.columns.start];
        let cell = Cell::from_json(data)?;
        book.sheets[sheet].change((row, column), |kept| assign(kept, &cell, &mask));
    }
    Ok(())
}

/// `repeatCell`.
pub(super) fn repeat(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let mask = Mask::of_update(request)?;
    let cell = Cell::from_json(&request["cell"])?;
    let (sheet, rect) = book.part(&request["range"])?;
    for at in rect.cells() {
        book.sheets[sheet].change(at, |kept| assign(kept, &cell, &mask));
    }
    Ok(())
}

/// `appendCells`: below the last row in which anything is written.
pub(super) fn append(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let mask = Mask::of_update(request)?;
    let index = book.sheet_of(request)?;
    let (height, _) = extent(&request["rows"]);
    let sheet = &mut book.sheets[index];
    let first = sheet.cells.keys().next_back().map_or(0, |(row, _)| row + 1);
    sheet.grow(Dimension::Rows, first + height);
    write_rows(book, index, (first, 0), &request["rows"], &mask)
}

/// `setDataValidation`: the rule is kept, and nothing is judged by it. Without a rule there is none any more.
pub(super) fn validate(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, rect) = book.part(&request["range"])?;
    for at in rect.cells() {
        book.sheets[sheet].change(at, |cell| cell.set("dataValidation", request["rule"].clone()));
    }
    Ok(())
}

/// Writes a list of `RowData` from a corner on, onto the grid as it is.
pub(super) fn write_rows(
    book: &mut Book,
    sheet: usize,
    corner: (usize, usize),
    rows: &Value,
    mask: &Mask,
) -> Result<(), ApiError> {
    let sheet: &mut Sheet = &mut book.sheets[sheet];
    let (height, width) = extent(rows);
    let rect = Rect::of_size(corner, height, width);
    check(Dimension::Rows, rect.rows.end, sheet.rows.len())?;
    check(Dimension::Columns, rect.columns.end, sheet.columns.len())?;
    for (row, data) in rows.as_array().into_iter().flatten().enumerate() {
        for (column, data) in data["values"].as_array().into_iter().flatten().enumerate() {
            let cell = Cell::from_json(data)?;
            sheet.change((corner.0 + row, corner.1 + column), |kept| assign(kept, &cell, mask));
        }
    }
    Ok(())
}

fn assign(kept: &mut Cell, cell: &Cell, mask: &Mask) {
    let before = kept.0.get("userEnteredFormat").cloned().unwrap_or_default();
    mask.assign(&mut kept.0, &cell.0);
    if let Some(Value::Object(format)) = kept.0.get_mut("userEnteredFormat") {
        let nothing = Map::new();
        let old = before.as_object().unwrap_or(&nothing);
        pair_colors(format, "backgroundColor", "backgroundColorStyle", old);
        if let Some(Value::Object(text)) = format.get_mut("textFormat") {
            let old = old.get("textFormat").and_then(Value::as_object).unwrap_or(&nothing);
            pair_colors(text, "foregroundColor", "foregroundColorStyle", old);
        }
    }
}

/// Google keeps each colour twice. Whichever was written gives the other one, the style first.
pub(super) fn pair_colors(
    fields: &mut Map<String, Value>,
    color: &str,
    style: &str,
    before: &Map<String, Value>,
) {
    let changed = |name: &str| fields.get(name) != before.get(name);
    if changed(style) {
        match fields.get(style).map(|style| style["rgbColor"].clone()) {
            Some(Value::Null) => {}
            Some(rgb) => drop(fields.insert(color.to_owned(), without_zeros(rgb))),
            None => drop(fields.remove(color)),
        }
    } else if changed(color) {
        match fields.get(color).cloned() {
            Some(rgb) => drop(fields.insert(style.to_owned(), json!({ "rgbColor": without_zeros(rgb) }))),
            None => drop(fields.remove(style)),
        }
    }
}

fn without_zeros(mut color: Value) -> Value {
    if let Some(parts) = color.as_object_mut() {
        parts.retain(|_, part| part.as_f64() != Some(0.0));
    }
    color
}

/// How many rows and columns a list of `RowData` takes.
fn extent(rows: &Value) -> (usize, usize) {
    let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
    let width = |row: &Value| row["values"].as_array().map_or(0, Vec::len);
    (rows.len(), rows.iter().map(width).max().unwrap_or(0))
}

fn check(dimension: Dimension, end: usize, limit: usize) -> Result<(), ApiError> {
    let line = dimension.line();
    match end > limit {
        true => Err(invalid(format!(
            "Attempting to write {line}: {limit}, beyond the last requested {line} of: {}",
            limit.saturating_sub(1)
        ))),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sheets::testing::{Desk, cells};

    fn text(text: &str) -> Value {
        json!({ "userEnteredValue": { "stringValue": text } })
    }

    #[test]
    fn a_range_loses_what_is_not_given() {
        let mut desk = Desk::with(&[&["a", "b"], &["c", "d"]]);
        desk.batch(json!([{ "updateCells": {
            "range": cells(0..2, 0..2), "rows": [{ "values": [{}, text("new")] }], "fields": "userEnteredValue",
        } }]));
        assert_eq!(desk.read("A1:B2"), [["", "new"], ["", ""]]);
        let two = json!([{ "values": [text("x"), text("y")] }]);
        let update =
            |place: &str, at: Value| json!([{ "updateCells": { place: at, "rows": two, "fields": "*" } }]);
        assert_eq!(desk.batch_refused(update("range", cells(0..1, 0..1))), {
            "Invalid requests[0].updateCells: Attempting to write column: 1, beyond the last requested column of: 0"
        });
        assert_eq!(desk.batch_refused(update("start", json!({ "rowIndex": 0, "columnIndex": 25 }))), {
            "Invalid requests[0].updateCells: Attempting to write column: 26, beyond the last requested column of: 25"
        });
        assert!(desk.batch_refused(update("start", json!({ "sheetId": 4 }))).ends_with("No grid with id: 4"));
    }

    #[test]
    fn only_what_is_named_is_written() {
        let mut desk = Desk::with(&[&["a"]]);
        let cell = json!({ "note": "n", "userEnteredValue": { "numberValue": 7 },
            "userEnteredFormat": { "numberFormat": { "type": "NUMBER", "pattern": "0.0" },
                "horizontalAlignment": "LEFT" } });
        desk.batch(json!([{ "repeatCell": { "range": cells(0..1, 0..2), "cell": cell,
            "fields": "note,userEnteredFormat(numberFormat)" } }]));
        let row = desk.sheet()["data"][0]["rowData"][0]["values"].take();
        assert_eq!((&row[0]["formattedValue"], &row[0]["note"]), (&json!("a"), &json!("n")));
        assert_eq!(row[1].get("userEnteredValue"), None);
        assert_eq!(
            row[1]["userEnteredFormat"],
            json!({ "numberFormat": { "type": "NUMBER", "pattern": "0.0" } })
        );
    }

    #[test]
    fn values_are_of_one_kind_that_is_known() {
        let mut desk = Desk::new();
        let mut update = |cell: Value| {
            let rows = json!([{ "values": [cell] }]);
            desk.call("batchUpdate", &[], {
                json!({ "requests": [{ "updateCells": { "start": {}, "rows": rows, "fields": "*" } }] })
            })
        };
        for (value, code) in [
            (json!({ "userEnteredValue": { "stringValue": "x", "numberValue": 1 } }), Err(400)),
            (json!({ "userEnteredValue": { "formulaValue": "A1" } }), Err(400)),
            (json!({ "userEnteredValue": { "errorValue": {} } }), Err(400)),
            (json!({ "pivotTable": {} }), Err(501)),
            (json!({ "effectiveValue": { "numberValue": 1 } }), Ok(())),
        ] {
            assert_eq!(update(value.clone()).map(drop).map_err(|error| error.code), code, "{value}");
        }
    }

    #[test]
    fn cells_are_appended_below_everything() {
        let mut desk = Desk::with(&[&["a"], &["", "b"]]);
        desk.batch(json!([
            { "updateSheetProperties": { "properties": { "gridProperties": { "rowCount": 2 } },
                "fields": "gridProperties.rowCount" } },
            { "appendCells": { "rows": [{ "values": [text("c")] }], "fields": "userEnteredValue" } },
        ]));
        assert_eq!(desk.read("A1:B3"), [["a", ""], ["", "b"], ["c", ""]]);
    }

    #[test]
    fn a_validation_is_kept_until_it_is_taken_away() {
        let mut desk = Desk::with(&[&["yes"]]);
        let rule = json!({ "condition": { "type": "BOOLEAN" }, "strict": true });
        desk.batch(json!([{ "setDataValidation": { "range": cells(0..1, 0..1), "rule": rule } }]));
        assert_eq!(desk.sheet()["data"][0]["rowData"][0]["values"][0]["dataValidation"], rule);
        desk.batch(json!([{ "setDataValidation": { "range": cells(0..1, 0..1) } }]));
        assert_eq!(desk.sheet()["data"][0]["rowData"][0]["values"][0].get("dataValidation"), None);
    }
}

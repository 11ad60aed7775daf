//! Requests that change sheets, lines and cells, and what goes along with them.

use serde_json::{Value, json};

use super::super::testing::{Desk, cells, lines};

fn roster() -> Desk {
    Desk::with(&[&["Name", "Rank"], &["Dana", "2"], &["Gene", "1"], &["Alex", "3"]])
}

fn note(text: &str, row: usize) -> Value {
    let rows = json!([{ "values": [{ "note": text }] }]);
    json!({ "updateCells": { "rows": rows, "fields": "note", "start": { "rowIndex": row, "columnIndex": 0 } } })
}

#[test]
fn a_request_that_fails_undoes_the_others() {
    let mut desk = roster();
    let refused = desk.batch_refused(json!([
        { "addSheet": { "properties": { "title": "July" } } },
        { "deleteDimension": { "range": lines("ROWS", 0..1) } },
        { "deleteSheet": { "sheetId": 5 } },
    ]));
    assert_eq!(refused, "Invalid requests[2].deleteSheet: No sheet with id: 5");
    assert_eq!(desk.batch_refused(json!([])), "Must specify at least one request.");
    let unknown = desk.call("batchUpdate", &[], json!({ "requests": [{ "addChart": {} }] })).unwrap_err();
    assert_eq!((unknown.code, unknown.status), (501, "UNIMPLEMENTED"));
}

#[test]
fn sheets_come_and_go() {
    let mut desk = roster();
    let replies = desk.batch(json!([
        { "addSheet": { "properties": { "title": "July", "gridProperties": { "rowCount": 10, "columnCount": 5 } } } },
        { "addSheet": { "properties": { "sheetId": 7, "index": 0 } } },
        { "duplicateSheet": { "sourceSheetId": 0, "insertSheetIndex": 3 } },
        { "updateSheetProperties": {
            "properties": { "sheetId": 0, "title": "June", "gridProperties": { "frozenRowCount": 1 } },
            "fields": "title,gridProperties.frozenRowCount" } },
        { "updateSpreadsheetProperties": { "properties": { "title": "Boats" }, "fields": "title" } },
    ]));
    let july = &replies[0]["addSheet"]["properties"];
    assert_eq!(july["gridProperties"], json!({ "rowCount": 10, "columnCount": 5 }));
    assert_eq!(july["index"], 1);
    assert_eq!(replies[1]["addSheet"]["properties"]["title"], "Sheet3");
    assert_eq!(replies[2]["duplicateSheet"]["properties"]["title"], "Copy of Sheet1");
    assert_eq!((&replies[3], &replies[4]), (&json!({}), &json!({})));
    let all = desk.ok("get", &[("fields", "properties.title,sheets.properties(title,index)")], Value::Null);
    assert_eq!(all, {
        let titles = ["Sheet3", "June", "July", "Copy of Sheet1"];
        let sheets = titles
            .iter()
            .enumerate()
            .map(|(index, title)| json!({ "properties": { "title": title, "index": index } }));
        json!({ "properties": { "title": "Boats" }, "sheets": sheets.collect::<Vec<_>>() })
    });
    assert_eq!(desk.read("'Copy of Sheet1'!A2:B2"), [["Dana", "2"]]);
    desk.batch(json!([{ "updateSheetProperties": { "properties": { "sheetId": 7, "index": 4 }, "fields": "index" } }]));
    desk.batch(json!([{ "deleteSheet": { "sheetId": 7 } }]));
    assert_eq!(desk.sheet()["properties"]["title"], "June");
}

#[test]
fn titles_and_sizes_have_rules() {
    let mut desk = roster();
    let add = |properties: Value| json!([{ "addSheet": { "properties": properties } }]);
    assert_eq!(desk.batch_refused(add(json!({ "title": "sheet1" }))), {
        "Invalid requests[0].addSheet: A sheet with the name \"sheet1\" already exists. Please enter another name."
    });
    let huge = json!({ "title": "Huge", "gridProperties": { "rowCount": 10_000_000, "columnCount": 2 } });
    assert!(
        desk.refused("batchUpdate", &[], json!({ "requests": add(huge) }))
            .contains("limit of 10000000 cells")
    );
    assert_eq!(desk.batch_refused(json!([{ "deleteSheet": { "sheetId": 0 } }])), {
        "Invalid requests[0].deleteSheet: You can't remove all the sheets in a document."
    });
    let update = |fields: Option<&str>| {
        let properties = json!({ "sheetId": 0, "title": "" });
        json!([{ "updateSheetProperties": { "properties": properties, "fields": fields } }])
    };
    assert!(desk.batch_refused(update(None)).ends_with("(Use '*' to indicate all fields.)"));
    assert!(desk.batch_refused(update(Some("title"))).ends_with("The sheet name cannot be empty."));
}

#[test]
fn all_of_a_row_goes_along_with_it() {
    let mut desk = roster();
    desk.batch(json!([
        note("has the key", 1),
        { "repeatCell": { "range": cells(1..2, 0..2),
            "cell": { "userEnteredFormat": { "textFormat": { "bold": true } } },
            "fields": "userEnteredFormat.textFormat.bold" } },
        { "mergeCells": { "range": cells(1..2, 2..4), "mergeType": "MERGE_ALL" } },
        { "updateDimensionProperties": { "range": lines("ROWS", 1..2),
            "properties": { "hiddenByUser": true, "pixelSize": 40 },
            "fields": "hiddenByUser,pixelSize" } },
        { "createDeveloperMetadata": { "developerMetadata": {
            "metadataId": 9, "metadataKey": "person", "metadataValue": "dana",
            "visibility": "DOCUMENT", "location": { "dimensionRange": lines("ROWS", 1..2) } } } },
    ]));
    dana_is_at(&mut desk, 1);
    for (step, index) in [
        (json!({ "insertDimension": { "range": lines("ROWS", 0..2) } }), 3),
        (json!({ "deleteDimension": { "range": lines("ROWS", 0..1) } }), 2),
        (json!({ "moveDimension": { "source": lines("ROWS", 2..3), "destinationIndex": 6 } }), 5),
        (json!({ "moveDimension": { "source": lines("ROWS", 5..6), "destinationIndex": 0 } }), 0),
        (json!({ "moveDimension": { "source": lines("ROWS", 1..3), "destinationIndex": 0 } }), 2),
    ] {
        desk.batch(json!([step]));
        dana_is_at(&mut desk, index);
    }
}

#[track_caller]
fn dana_is_at(desk: &mut Desk, index: usize) {
    let sheet = desk.sheet();
    let data = &sheet["data"][0];
    let cell = &data["rowData"][index]["values"][0];
    assert_eq!((&cell["formattedValue"], &cell["note"]), (&json!("Dana"), &json!("has the key")));
    assert_eq!(cell["userEnteredFormat"], json!({ "textFormat": { "bold": true } }));
    assert_eq!(sheet["merges"], json!([cells(index..index + 1, 2..4)]));
    let row = &data["rowMetadata"][index];
    assert_eq!((&row["hiddenByUser"], &row["pixelSize"]), (&json!(true), &json!(40)));
    let place = &row["developerMetadata"][0]["location"]["dimensionRange"];
    assert_eq!((&place["startIndex"], &place["endIndex"]), (&json!(index), &json!(index + 1)));
    let rows = data["rowMetadata"].as_array().unwrap().iter();
    assert_eq!(rows.filter(|row| row.get("developerMetadata").is_some()).count(), 1);
}

#[test]
fn new_rows_look_like_their_neighbours() {
    let mut desk = roster();
    let format = json!({ "userEnteredFormat": { "backgroundColor": { "red": 1, "green": 0 } } });
    desk.batch(json!([
        { "repeatCell": { "range": cells(0..1, 0..1), "cell": format, "fields": "userEnteredFormat" } },
        { "insertDimension": { "range": lines("ROWS", 1..2), "inheritFromBefore": true } },
        { "insertDimension": { "range": lines("ROWS", 2..3) } },
    ]));
    let rows = desk.sheet()["data"][0]["rowData"].take();
    let style = json!({ "rgbColor": { "red": 1 } });
    let red = json!({ "backgroundColor": { "red": 1, "green": 0 }, "backgroundColorStyle": style });
    assert_eq!(rows[1]["values"][0]["userEnteredFormat"], red);
    assert_eq!(rows[1]["values"][0].get("userEnteredValue"), None);
    assert_eq!(rows[2], json!({}));
    assert_eq!(rows[3]["values"][0]["formattedValue"], "Dana");
}

#[test]
fn lines_that_are_not_there_cannot_be_deleted() {
    let mut desk = roster();
    let delete = |range| json!([{ "deleteDimension": { "range": lines("ROWS", range) } }]);
    assert_eq!(desk.batch_refused(delete(1000..1001)), {
        "Invalid requests[0].deleteDimension: Cannot delete a row that doesn't exist. Tried to delete row index 1000 but \
         there are only 1000 rows."
    });
    assert!(desk.batch_refused(delete(0..1000)).contains("delete all the rows"));
    desk.batch(
        json!([{ "updateSheetProperties": { "properties": { "gridProperties": { "frozenRowCount": 1 } },
        "fields": "gridProperties.frozenRowCount" } }]),
    );
    assert!(desk.batch_refused(delete(1..1000)).contains("not possible to delete all non-frozen rows"));
    desk.batch(delete(0..1));
    assert_eq!(desk.sheet()["properties"]["gridProperties"], json!({ "rowCount": 999, "columnCount": 26 }));
}

#[test]
fn sorting_moves_cells_and_leaves_rows() {
    let mut desk = roster();
    desk.batch(json!([
        note("has the key", 1),
        { "updateDimensionProperties": { "range": lines("ROWS", 1..2),
            "properties": { "hiddenByUser": true }, "fields": "*" } },
        { "sortRange": { "range": cells(1..6, 0..2),
            "sortSpecs": [{ "dimensionIndex": 1, "sortOrder": "ASCENDING" }] } },
    ]));
    assert_eq!(desk.read("A1:A5").concat(), ["Name", "Gene", "Dana", "Alex", ""]);
    let data = desk.sheet()["data"][0].take();
    assert_eq!(data["rowData"][2]["values"][0]["note"], "has the key");
    assert_eq!(data["rowMetadata"][1]["hiddenByUser"], true);
    desk.batch(json!([{ "sortRange": { "range": cells(1..6, 0..2), "sortSpecs": [{ "sortOrder": "DESCENDING" }] } }]));
    assert_eq!(desk.read("A2:B5").concat(), ["Gene", "1", "Dana", "2", "Alex", "3", "", ""]);
}

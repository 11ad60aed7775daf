//! Developer metadata that is created, changed or deleted.

use serde_json::{Map, Value, json};

use super::super::book::Book;
use super::super::fields::Mask;
use super::super::invalid;
use super::super::metadata::{Location, all, list, matches, to_json};
use super::fields;
use crate::error::ApiError;

/// `createDeveloperMetadata`.
pub(super) fn create(book: &mut Book, request: &Value) -> Result<Value, ApiError> {
    let given = &request["developerMetadata"];
    if given["metadataKey"].as_str().unwrap_or_default().is_empty() {
        return Err(invalid("Developer metadata must have a key."));
    }
    if !matches!(given["visibility"].as_str(), Some("DOCUMENT" | "PROJECT")) {
        return Err(invalid("Developer metadata must have a visibility."));
    }
    let location = Location::from_json(book, &given["location"])?;
    let id = match given["metadataId"].as_i64() {
        None => book.new_id(),
        Some(id) if all(book).iter().all(|(_, fields)| fields["metadataId"] != id) => id,
        Some(id) => {
            return Err(invalid(format!(
                "Cannot add developer metadata with ID [{id}] because developer metadata with that ID already exists."
            )));
        }
    };
    let mut fields = fields(given);
    fields.remove("location");
    fields.insert("metadataId".into(), json!(id));
    let answer = to_json(book, location, &fields);
    list(book, location).push(fields);
    Ok(json!({ "developerMetadata": answer }))
}

/// `updateDeveloperMetadata`: all that the filters mean.
pub(super) fn update(book: &mut Book, request: &Value) -> Result<Value, ApiError> {
    let mask = Mask::of_update(request)?;
    let given = &request["developerMetadata"];
    let from = fields(given);
    let moved =
        mask.names(&["location"]).then(|| Location::from_json(book, &given["location"])).transpose()?;
    let mut changed = Vec::new();
    for (location, old) in found(book, &request["dataFilters"])? {
        let mut new = old.clone();
        mask.assign(&mut new, &from);
        new.remove("location");
        new.insert("metadataId".into(), old["metadataId"].clone());
        take(book, location, &old);
        let location = moved.unwrap_or(location);
        changed.push(to_json(book, location, &new));
        list(book, location).push(new);
    }
    Ok(match changed.is_empty() {
        true => json!({}),
        false => json!({ "developerMetadata": changed }),
    })
}

/// `deleteDeveloperMetadata`: all that the filter means.
pub(super) fn delete(book: &mut Book, request: &Value) -> Result<Value, ApiError> {
    let mut deleted = Vec::new();
    for (location, fields) in found(book, &json!([request["dataFilter"]]))? {
        deleted.push(to_json(book, location, &fields));
        take(book, location, &fields);
    }
    Ok(match deleted.is_empty() {
        true => json!({}),
        false => json!({ "deletedDeveloperMetadata": deleted }),
    })
}

type Found = Vec<(Location, Map<String, Value>)>;

fn found(book: &Book, filters: &Value) -> Result<Found, ApiError> {
    let mut found = Vec::new();
    for (location, fields) in all(book) {
        for filter in filters.as_array().into_iter().flatten() {
            if matches(book, filter, location, fields)? {
                found.push((location, fields.clone()));
                break;
            }
        }
    }
    Ok(found)
}

fn take(book: &mut Book, location: Location, fields: &Map<String, Value>) {
    list(book, location).retain(|kept| kept != fields);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sheets::testing::{Desk, lines};

    fn on(location: Value, key: &str) -> Value {
        json!({ "createDeveloperMetadata": { "developerMetadata": {
            "metadataKey": key, "metadataValue": "v", "visibility": "DOCUMENT", "location": location,
        } } })
    }

    fn desk() -> Desk {
        let mut desk = Desk::with(&[&["Name"], &["Dana"], &["Gene"]]);
        desk.batch(json!([
            on(json!({ "spreadsheet": true }), "book"),
            on(json!({ "sheetId": 0 }), "sheet"),
            on(json!({ "dimensionRange": lines("ROWS", 1..2) }), "row"),
            on(json!({ "dimensionRange": lines("COLUMNS", 0..1) }), "column"),
        ]));
        desk
    }

    #[track_caller]
    fn finds(filter: Value, expect: &[&str]) {
        let mut desk = desk();
        let found = desk.ok("developerMetadata.search", &[], json!({ "dataFilters": [filter] }));
        let found = found["matchedDeveloperMetadata"].as_array().cloned().unwrap_or_default();
        let keys: Vec<&str> =
            found.iter().filter_map(|one| one["developerMetadata"]["metadataKey"].as_str()).collect();
        assert_eq!(keys, expect, "{filter}");
    }

    #[test]
    fn it_is_found_by_what_it_says_and_where_it_is() {
        let lookup = |lookup: Value| json!({ "developerMetadataLookup": lookup });
        finds(lookup(json!({ "metadataKey": "row" })), &["row"]);
        finds(lookup(json!({ "metadataValue": "v", "locationType": "COLUMN" })), &["column"]);
        finds(lookup(json!({ "metadataKey": "row", "metadataValue": "other" })), &[]);
        finds(lookup(json!({ "metadataLocation": { "sheetId": 0 } })), &["sheet"]);
        let rows = json!({ "dimensionRange": lines("ROWS", 0..3) });
        finds(lookup(json!({ "metadataLocation": rows })), &[]);
        let meeting =
            json!({ "metadataLocation": rows, "locationMatchingStrategy": "INTERSECTING_LOCATION" });
        finds(lookup(json!(meeting)), &["book", "sheet", "row", "column"]);
        finds(json!({ "a1Range": "B2" }), &["book", "sheet", "row"]);
        finds(json!({ "gridRange": { "startRowIndex": 2, "startColumnIndex": 1 } }), &["book", "sheet"]);
    }

    #[test]
    fn a_row_is_read_and_written_by_what_is_on_it() {
        let mut desk = desk();
        desk.batch(json!([{ "moveDimension": { "source": lines("ROWS", 1..2), "destinationIndex": 3 } }]));
        let filter = json!({ "developerMetadataLookup": { "metadataKey": "row" } });
        let read = desk.ok("values.batchGetByDataFilter", &[], json!({ "dataFilters": [filter] }));
        assert_eq!(
            read["valueRanges"],
            json!([{ "dataFilters": [filter], "valueRange": {
            "range": "Sheet1!A3:Z3", "majorDimension": "ROWS", "values": [["Dana"]],
        } }])
        );
        desk.ok("values.batchUpdateByDataFilter", &[], {
            json!({ "valueInputOption": "RAW", "data": [{ "dataFilter": filter, "values": [["Dana D."]] }] })
        });
        assert_eq!(desk.read("A1:A3").concat(), ["Name", "Gene", "Dana D."]);
        let got = desk.ok(
            "getByDataFilter",
            &[("fields", "sheets.data(startRow,rowData.values.formattedValue)")],
            json!({ "dataFilters": [filter] }),
        );
        let data = json!([{ "startRow": 2, "rowData": [{ "values": [{ "formattedValue": "Dana D." }] }] }]);
        assert_eq!(got, json!({ "sheets": [{ "data": data }] }));
    }

    #[test]
    fn it_is_changed_moved_and_deleted() {
        let mut desk = desk();
        let filter = json!({ "developerMetadataLookup": { "metadataKey": "row" } });
        let moved = json!({ "metadataValue": "new", "location": { "dimensionRange": lines("ROWS", 2..3) } });
        let update = json!({ "dataFilters": [filter], "developerMetadata": moved, "fields": "metadataValue,location" });
        let replies = desk.batch(json!([{ "updateDeveloperMetadata": update }]));
        let changed = &replies[0]["updateDeveloperMetadata"]["developerMetadata"][0];
        assert_eq!(
            changed["location"],
            json!({ "locationType": "ROW", "dimensionRange": {
            "dimension": "ROWS", "startIndex": 2, "endIndex": 3,
        } })
        );
        let id = changed["metadataId"].to_string();
        assert_eq!(desk.ok("developerMetadata.get", &[("metadataId", &id)], Value::Null), *changed);
        let replies = desk.batch(json!([{ "deleteDeveloperMetadata": { "dataFilter": filter } }]));
        assert_eq!(replies[0]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"], json!([changed]));
        let gone = desk.call("developerMetadata.get", &[("metadataId", &id)], Value::Null).unwrap_err();
        assert_eq!((gone.code, gone.status), (404, "NOT_FOUND"));
    }

    #[test]
    fn it_needs_a_key_a_visibility_and_one_place() {
        let mut desk = Desk::new();
        let several = on(json!({ "dimensionRange": lines("ROWS", 1..3) }), "row");
        assert!(desk.batch_refused(json!([several])).contains("single row or column"));
        assert!(desk.batch_refused(json!([on(json!({ "spreadsheet": true }), "")])).contains("key"));
        let hidden = json!({ "metadataKey": "k", "location": { "spreadsheet": true } });
        assert!(
            desk.batch_refused(json!([{ "createDeveloperMetadata": { "developerMetadata": hidden } }]))
                .contains("visibility")
        );
    }
}

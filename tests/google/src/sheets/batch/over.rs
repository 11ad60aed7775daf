//! What lies over cells: protected ranges and the basic filter. Both are kept and go along with their cells; neither
//! keeps anybody from anything.

use serde_json::{Map, Value, json};

use super::super::book::Book;
use super::super::fields::Mask;
use super::super::get::with_range;
use super::super::grid::Grid;
use super::super::sheet::{Filter, Protected};
use super::super::{invalid, unimplemented_here};
use super::fields;
use crate::error::ApiError;

/// `addProtectedRange`.
pub(super) fn protect(book: &mut Book, request: &Value) -> Result<Value, ApiError> {
    let given = &request["protectedRange"];
    check_kind(given)?;
    let (sheet, grid) = place(book, &given["range"])?;
    let mut fields = fields(given);
    fields.remove("range");
    let id = match given["protectedRangeId"].as_i64() {
        None => book.new_id(),
        Some(id) if find(book, id).is_err() => id,
        Some(id) => return Err(invalid(format!("A protected range with id {id} already exists."))),
    };
    fields.insert("protectedRangeId".into(), json!(id));
    // Where editors are named, they are others than the one account that calls.
    let named = given["editors"]["users"].as_array().is_some_and(|users| !users.is_empty());
    fields.insert("requestingUserCanEdit".into(), json!(!named));
    let answer = with_range(&fields, grid.to_json(book.sheets[sheet].id));
    book.sheets[sheet].protected.push(Protected { grid, fields });
    Ok(json!({ "protectedRange": answer }))
}

/// `updateProtectedRange`.
pub(super) fn update_protected(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let mask = Mask::of_update(request)?;
    let given = &request["protectedRange"];
    check_kind(given)?;
    let id = given["protectedRangeId"].as_i64().unwrap_or(0);
    let (sheet, index) = find(book, id)?;
    let moved = mask.names(&["range"]).then(|| place(book, &given["range"])).transpose()?;
    let mut protected = book.sheets[sheet].protected.remove(index);
    mask.assign(&mut protected.fields, &fields(given));
    protected.fields.remove("range");
    protected.fields.insert("protectedRangeId".into(), json!(id));
    let (sheet, grid) = moved.unwrap_or((sheet, protected.grid));
    book.sheets[sheet].protected.push(Protected { grid, ..protected });
    Ok(())
}

/// `deleteProtectedRange`.
pub(super) fn delete_protected(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, index) = find(book, request["protectedRangeId"].as_i64().unwrap_or(0))?;
    book.sheets[sheet].protected.remove(index);
    Ok(())
}

/// `setBasicFilter`: kept, and hides no rows.
pub(super) fn set_filter(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, grid) = place(book, &request["filter"]["range"])?;
    let mut fields: Map<String, Value> = fields(&request["filter"]);
    fields.remove("range");
    book.sheets[sheet].filter = Some(Filter { grid, fields });
    Ok(())
}

/// `clearBasicFilter`.
pub(super) fn clear_filter(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let sheet = book.sheet_with(request["sheetId"].as_i64().unwrap_or(0), "sheet")?;
    book.sheets[sheet].filter = None;
    Ok(())
}

fn check_kind(protected: &Value) -> Result<(), ApiError> {
    match ["namedRangeId", "tableId"].iter().find(|name| protected.get(**name).is_some()) {
        Some(name) => Err(unimplemented_here(format!("protected ranges with {name}"))),
        None => Ok(()),
    }
}

fn place(book: &Book, range: &Value) -> Result<(usize, Grid), ApiError> {
    Ok((book.part(range)?.0, Grid::from_json(range)?))
}

fn find(book: &Book, id: i64) -> Result<(usize, usize), ApiError> {
    let all = book.sheets.iter().enumerate().flat_map(|(sheet, of)| {
        of.protected.iter().enumerate().map(move |(index, protected)| (sheet, index, protected))
    });
    let found = all.into_iter().find(|(_, _, protected)| protected.fields["protectedRangeId"] == id);
    match found {
        Some((sheet, index, _)) => Ok((sheet, index)),
        None => Err(invalid(format!("No protected range with id: {id}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sheets::testing::{Desk, cells, lines};

    #[test]
    fn a_protected_range_goes_along_with_its_cells() {
        let mut desk = Desk::new();
        let protect = json!({ "range": cells(1..3, 0..2), "protectedRangeId": 4, "warningOnly": true });
        let reply = desk.batch(json!([{ "addProtectedRange": { "protectedRange": protect } }]));
        assert_eq!(reply[0]["addProtectedRange"]["protectedRange"]["range"], cells(1..3, 0..2));
        let changed = json!({ "protectedRangeId": 4, "description": "crew only" });
        desk.batch(json!([
            { "updateProtectedRange": { "protectedRange": changed, "fields": "description" } },
            { "insertDimension": { "range": lines("ROWS", 0..1) } },
            { "insertDimension": { "range": lines("ROWS", 3..4) } },
        ]));
        assert_eq!(
            desk.sheet()["protectedRanges"],
            json!([{ "protectedRangeId": 4, "description": "crew only",
            "warningOnly": true, "requestingUserCanEdit": true, "range": cells(2..5, 0..2) }])
        );
        desk.batch(json!([{ "deleteDimension": { "range": lines("ROWS", 1..7) } }]));
        assert_eq!(desk.sheet().get("protectedRanges"), None::<&Value>);
        let gone = json!([{ "deleteProtectedRange": { "protectedRangeId": 4 } }]);
        assert!(desk.batch_refused(gone).ends_with("No protected range with id: 4"));
    }

    #[test]
    fn a_filter_is_there_until_it_is_cleared() {
        let mut desk = Desk::new();
        let open = json!({ "startRowIndex": 0, "endColumnIndex": 3 });
        desk.batch(json!([{ "setBasicFilter": { "filter": { "range": open } } }]));
        assert_eq!(desk.sheet()["basicFilter"], json!({ "range": open }));
        desk.batch(json!([{ "clearBasicFilter": { "sheetId": 0 } }]));
        assert_eq!(desk.sheet().get("basicFilter"), None::<&Value>);
    }
}

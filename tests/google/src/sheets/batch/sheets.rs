//! Adding, deleting and copying sheets, and their properties.

use serde_json::{Map, Value, json};

use super::super::book::Book;
use super::super::fields::Mask;
use super::super::grid::Dimension;
use super::super::sheet::Sheet;
use super::super::{invalid, lines, unimplemented_here};
use super::{cells, fields};
use crate::error::ApiError;

/// How many rows and columns a sheet has if nothing is said.
const SIZE: [(&str, u64); 2] = [("rowCount", 1000), ("columnCount", 26)];
/// What of a `SheetProperties` is kept as it is given.
const KEPT: [&str; 5] = ["hidden", "tabColor", "tabColorStyle", "rightToLeft", "gridProperties"];

/// `addSheet`.
pub(super) fn reply_to_add(book: &mut Book, request: &Value) -> Result<Value, ApiError> {
    let index = add(book, request)?;
    Ok(json!({ "properties": book.sheets[index].properties(index) }))
}

/// Adds a `Sheet`, of which the properties and the rows are written. Gives its index.
pub(in super::super) fn add(book: &mut Book, sheet: &Value) -> Result<usize, ApiError> {
    let properties = &sheet["properties"];
    if properties["sheetType"].as_str().is_some_and(|kind| kind != "GRID" && kind != "SHEET_TYPE_UNSPECIFIED")
    {
        return Err(unimplemented_here("sheets without a grid"));
    }
    let title = match properties["title"].as_str() {
        Some(title) => title.to_owned(),
        None => free_title(book),
    };
    book.check_title(&title, None)?;
    let id = new_sheet_id(book, &properties["sheetId"])?;
    let [height, width] =
        SIZE.map(|(name, usual)| properties["gridProperties"][name].as_u64().unwrap_or(usual));
    let mut new = Sheet::new(id, &title, height as usize, width as usize);
    set_kept(&mut new, &fields(properties));
    let last = book.sheets.len();
    let index = properties["index"].as_u64().map_or(last, |index| (index as usize).min(last));
    book.sheets.insert(index, new);
    for data in sheet["data"].as_array().into_iter().flatten() {
        let start = |name: &str| data[name].as_u64().unwrap_or(0) as usize;
        cells::write_rows(
            book,
            index,
            (start("startRow"), start("startColumn")),
            &data["rowData"],
            &Mask::All,
        )?;
    }
    Ok(index)
}

/// `duplicateSheet`. Developer metadata is copied under new ids.
pub(super) fn duplicate(book: &mut Book, request: &Value) -> Result<Value, ApiError> {
    let source = book.sheet_with(request["sourceSheetId"].as_i64().unwrap_or(0), "sheet")?;
    let mut copy = book.sheets[source].clone();
    copy.title = match request["newSheetName"].as_str() {
        Some(name) => name.to_owned(),
        None => {
            let title = |number: usize| match number {
                1 => format!("Copy of {}", copy.title),
                _ => format!("Copy of {} {number}", copy.title),
            };
            (1..).map(title).find(|title| book.sheet_named(title).is_none()).expect("some title is free")
        }
    };
    book.check_title(&copy.title, None)?;
    let id = new_sheet_id(book, &request["newSheetId"])?;
    renew_ids(book, &mut copy);
    copy.id = id;
    let index = request["insertSheetIndex"].as_u64().unwrap_or(0) as usize;
    let index = index.min(book.sheets.len());
    book.sheets.insert(index, copy);
    Ok(json!({ "properties": book.sheets[index].properties(index) }))
}

/// Gives a copied sheet, and what is on it, ids of its own.
pub(in super::super) fn renew_ids(book: &mut Book, sheet: &mut Sheet) {
    sheet.id = book.new_id();
    let lines = sheet.rows.iter_mut().chain(&mut sheet.columns);
    for fields in lines.flat_map(|line| &mut line.metadata).chain(&mut sheet.metadata) {
        fields.insert("metadataId".into(), json!(book.new_id()));
    }
    for protected in &mut sheet.protected {
        protected.fields.insert("protectedRangeId".into(), json!(book.new_id()));
    }
}

/// `deleteSheet`.
pub(super) fn delete(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let index = book.sheet_with(request["sheetId"].as_i64().unwrap_or(0), "sheet")?;
    let others = book.sheets.iter().enumerate().filter(|(other, sheet)| *other != index && !sheet.hidden());
    if others.count() == 0 {
        return Err(invalid("You can't remove all the sheets in a document."));
    }
    book.sheets.remove(index);
    Ok(())
}

/// `updateSheetProperties`.
pub(super) fn update_properties(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let mask = Mask::of_update(request)?;
    let from = fields(&request["properties"]);
    let mut index = book.sheet_with(from.get("sheetId").and_then(Value::as_i64).unwrap_or(0), "sheet")?;
    let mut properties = book.sheets[index].properties(index);
    mask.assign(&mut properties, &from);
    if mask.names(&["title"]) {
        let title = properties.get("title").and_then(Value::as_str).unwrap_or_default();
        book.check_title(title, Some(book.sheets[index].id))?;
        book.sheets[index].title = title.to_owned();
    }
    resize(&mut book.sheets[index], &mask, &properties)?;
    set_kept(&mut book.sheets[index], &properties);
    if mask.names(&["index"]) {
        // It is counted among the sheets as they were; without one it is the last.
        let wanted =
            properties.get("index").and_then(Value::as_u64).map_or(usize::MAX, |index| index as usize);
        let sheet = book.sheets.remove(index);
        let last = book.sheets.len();
        index = if wanted > index { wanted - 1 } else { wanted }.min(last);
        book.sheets.insert(index, sheet);
    }
    match book.sheets.iter().all(Sheet::hidden) {
        true => Err(invalid("You can't hide all the sheets in a document.")),
        false => Ok(()),
    }
}

/// `updateSpreadsheetProperties`.
pub(super) fn update_spreadsheet(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let mask = Mask::of_update(request)?;
    let from = fields(&request["properties"]);
    match mask {
        // A spreadsheet is never without a locale or a default format.
        Mask::All => book.properties.extend(from),
        mask => mask.assign(&mut book.properties, &from),
    }
    Ok(())
}

fn new_sheet_id(book: &mut Book, wanted: &Value) -> Result<i64, ApiError> {
    let Some(id) = wanted.as_i64() else { return Ok(book.new_id()) };
    match book.sheet_with(id, "sheet") {
        Ok(_) => Err(invalid(format!("A sheet with the ID {id} already exists. Please enter another ID."))),
        Err(_) => Ok(id),
    }
}

fn free_title(book: &Book) -> String {
    let titles = (book.sheets.len() + 1..).map(|number| format!("Sheet{number}"));
    titles.into_iter().find(|title| book.sheet_named(title).is_none()).expect("some title is free")
}

/// Keeps what is kept of these properties.
fn set_kept(sheet: &mut Sheet, properties: &Map<String, Value>) {
    let kept = properties.iter().filter(|(name, _)| KEPT.contains(&name.as_str()));
    let mut kept: Map<String, Value> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    if let Some(Value::Object(grid)) = kept.get_mut("gridProperties") {
        // The lines themselves are the count. What is zero or false is not said.
        grid.retain(|name, value| {
            !SIZE.iter().any(|(size, _)| size == name) && *value != 0 && *value != false
        });
    }
    cells::pair_colors(&mut kept, "tabColor", "tabColorStyle", &sheet.properties);
    kept.retain(|_, value| *value != false && *value != json!({}));
    sheet.properties = kept;
}

fn resize(sheet: &mut Sheet, mask: &Mask, properties: &Map<String, Value>) -> Result<(), ApiError> {
    for (dimension, (name, _)) in [Dimension::Rows, Dimension::Columns].into_iter().zip(SIZE) {
        if !mask.names(&["gridProperties", name]) {
            continue;
        }
        let count =
            properties.get("gridProperties").and_then(|grid| grid[name].as_u64()).unwrap_or(0) as usize;
        let size = sheet.lines(dimension).len();
        if count == 0 {
            return Err(invalid(format!("gridProperties.{name} must be greater than 0")));
        }
        if count < size {
            lines::delete(sheet, dimension, &(count..size))?;
        }
        sheet.grow(dimension, count);
    }
    Ok(())
}

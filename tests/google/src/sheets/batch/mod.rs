//! `spreadsheets.batchUpdate`: several requests, all of which are carried out or none.
//!
//! | file | requests |
//! | --- | --- |
//! | `sheets` | adding, deleting, copying sheets; properties of sheets and of the spreadsheet |
//! | `dimension` | rows and columns: insert, append, delete, move, hide, resize |
//! | `cells` | writing cells: update, repeat, append; data validation |
//! | `paste` | copy and cut; inserting and deleting cells so that others move |
//! | `sort` | sorting rows |
//! | `replace` | find and replace |
//! | `merge` | merging cells |
//! | `over` | what lies over cells: protected ranges, the basic filter |
//! | `metadata` | developer metadata |

mod cells;
mod dimension;
mod merge;
mod metadata;
mod over;
mod paste;
mod replace;
mod sheets;
mod sort;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

pub(super) use self::sheets::{add as add_sheet, renew_ids};
use super::book::Book;
use super::books::answer_of;
use super::fields::Mask;
use super::get::{self, Wanted};
use super::{a1, invalid, unimplemented_here};
use crate::error::ApiError;

/// Carries out a `BatchUpdateSpreadsheetRequest`; `mask` is that of the answer. After an error the book is half
/// changed, and to be thrown away.
pub(super) fn update(
    book: &mut Book,
    id: &str,
    body: &Value,
    mask: Option<&Mask>,
) -> Result<Value, ApiError> {
    let requests = body["requests"].as_array().map_or(&[][..], Vec::as_slice);
    if requests.is_empty() {
        return Err(invalid("Must specify at least one request."));
    }
    let mut replies = Vec::new();
    for (index, request) in requests.iter().enumerate() {
        let mut kinds = request.as_object().into_iter().flatten();
        let (Some((kind, request)), None) = (kinds.next(), kinds.next()) else {
            return Err(invalid(format!("Invalid requests[{index}]: No request set.")));
        };
        let reply = carry_out(book, kind, request).map_err(|error| match error.code {
            400 => invalid(format!("Invalid requests[{index}].{kind}: {}", error.message)),
            _ => error,
        })?;
        replies.push(reply.map_or_else(|| json!({}), |reply| json!({ kind.as_str(): reply })));
    }
    let mut answer = answer_of(id);
    answer["replies"] = json!(replies);
    if body["includeSpreadsheetInResponse"] == true {
        let ranges = body["responseRanges"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let places = ranges.map(|range| a1::parse(book, range)).collect::<Result<Vec<_>, _>>()?;
        let places = (!places.is_empty()).then_some(places);
        let mask = mask.and_then(|mask| mask.below("updatedSpreadsheet"));
        let wanted = Wanted::new(places, body["responseIncludeGridData"] == true, mask);
        answer["updatedSpreadsheet"] = get::spreadsheet(book, id, &wanted)?;
    }
    Ok(answer)
}

/// One request, and the reply to it if it has one.
fn carry_out(book: &mut Book, kind: &str, request: &Value) -> Result<Option<Value>, ApiError> {
    match kind {
        "addSheet" => return sheets::reply_to_add(book, request).map(Some),
        "duplicateSheet" => return sheets::duplicate(book, request).map(Some),
        "deleteSheet" => sheets::delete(book, request),
        "updateSheetProperties" => sheets::update_properties(book, request),
        "updateSpreadsheetProperties" => sheets::update_spreadsheet(book, request),
        "insertDimension" => dimension::insert(book, request),
        "appendDimension" => dimension::append(book, request),
        "deleteDimension" => dimension::delete(book, request),
        "moveDimension" => dimension::shift(book, request),
        "updateDimensionProperties" => dimension::update_properties(book, request),
        "updateCells" => cells::update(book, request),
        "repeatCell" => cells::repeat(book, request),
        "appendCells" => cells::append(book, request),
        "setDataValidation" => cells::validate(book, request),
        "copyPaste" => paste::copy(book, request),
        "cutPaste" => paste::cut(book, request),
        "insertRange" => paste::insert(book, request),
        "deleteRange" => paste::delete(book, request),
        "sortRange" => sort::range(book, request),
        "findReplace" => return replace::find(book, request).map(Some),
        "mergeCells" => merge::merge(book, request),
        "unmergeCells" => merge::unmerge(book, request),
        "addProtectedRange" => return over::protect(book, request).map(Some),
        "updateProtectedRange" => over::update_protected(book, request),
        "deleteProtectedRange" => over::delete_protected(book, request),
        "setBasicFilter" => over::set_filter(book, request),
        "clearBasicFilter" => over::clear_filter(book, request),
        "createDeveloperMetadata" => return metadata::create(book, request).map(Some),
        "updateDeveloperMetadata" => return metadata::update(book, request).map(Some),
        "deleteDeveloperMetadata" => return metadata::delete(book, request).map(Some),
        _ => Err(unimplemented_here(format!("the request {kind}"))),
    }?;
    Ok(None)
}

/// The fields of an object that may be missing.
fn fields(value: &Value) -> serde_json::Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

//! Google Sheets, API v4 (<https://developers.google.com/workspace/sheets/api/reference/rest>), as far as programs
//! that keep a crew's schedule use it: spreadsheets that remember what is written, without clock and without network.
//!
//! It answers in Google's form and refuses what Google refuses, in Google's words where they are known. A request
//! that is not known is answered `UNIMPLEMENTED`, never passed over. Where it is not known what Google does, it is as
//! strict as it can be: a write that runs over the end of the grid is refused.
//!
//! What a real Sheets has and this one does not: formulas are kept and hardly ever worked out (`formula`), and
//! nothing in them moves along; named ranges, charts, filter views, conditional formats, groups and tables are not
//! there.
//!
//! | file | what |
//! | --- | --- |
//! | `books` | all spreadsheets, and who may open them |
//! | `human` | what a person does by hand |
//! | `book`, `sheet`, `cell` | what is kept of one spreadsheet |
//! | `grid`, `a1` | rectangles, and how people write them |
//! | `lines` | rows and columns that come, go and move |
//! | `fields` | field masks |
//! | `entered`, `render`, `pattern`, `formula` | from what is typed to what is seen |
//! | `values/` | the methods of `spreadsheets.values` |
//! | `get` | `spreadsheets.get`: everything about a spreadsheet |
//! | `metadata` | developer metadata, and finding cells by it |
//! | `batch/` | `spreadsheets.batchUpdate`: one file for each kind of request |

mod a1;
mod batch;
mod book;
mod books;
mod cell;
mod entered;
mod fields;
mod formula;
mod get;
mod grid;
mod human;
mod lines;
mod metadata;
mod pattern;
mod render;
mod sheet;
#[cfg(test)]
mod testing;
mod values;

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use self::books::Books;
use self::fields::Mask;
use crate::error::ApiError;

/// Carries out one request.
///
/// `params` are those of the path and of the query, decoded; `fields` among them applies to the answer. Who may do
/// what is for the caller to ask first (`Books::may`). A request that fails changes nothing.
pub(crate) fn call(
    books: &mut Books,
    method_id: &str,
    params: &BTreeMap<String, Vec<String>>,
    body: &Value,
) -> Result<Value, ApiError> {
    let params = Params(params);
    let body = &without_nulls(body);
    let mask = params.one("fields").filter(|fields| !fields.is_empty()).map(Mask::parse).transpose()?;
    let method = method_id.strip_prefix("sheets.spreadsheets.").unwrap_or_default();
    let answer = match method {
        "create" => books.create_from(body)?,
        "batchUpdate" => books.change(params, |book, id| batch::update(book, id, body, mask.as_ref()))?,
        "get" => get::get(books.book(params)?, params, mask.as_ref())?,
        "getByDataFilter" => get::by_data_filter(books.book(params)?, params, body, mask.as_ref())?,
        "developerMetadata.get" => metadata::get(books.book(params)?, params)?,
        "developerMetadata.search" => metadata::search(books.book(params)?, body)?,
        "sheets.copyTo" => books.copy_to(params, body)?,
        method => match method.strip_prefix("values.") {
            Some(method) => values::call(books, method, params, body)?,
            None => return Err(unimplemented_here(format!("the method {method_id}"))),
        },
    };
    Ok(match mask {
        Some(mask) => mask.select(answer),
        None => answer,
    })
}

/// A field that is null is one that is not set.
fn without_nulls(body: &Value) -> Value {
    match body {
        Value::Object(fields) => {
            let set = fields.iter().filter(|(_, field)| !field.is_null());
            Value::Object(set.map(|(name, field)| (name.clone(), without_nulls(field))).collect())
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// The parameters of a request.
#[derive(Clone, Copy)]
struct Params<'a>(&'a BTreeMap<String, Vec<String>>);

impl<'a> Params<'a> {
    fn all(self, name: &str) -> &'a [String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    fn one(self, name: &str) -> Option<&'a str> {
        self.all(name).last().map(String::as_str)
    }

    /// One that the path of the method has.
    fn required(self, name: &str) -> Result<&'a str, ApiError> {
        self.one(name).ok_or_else(|| invalid(format!("Missing required field {name}")))
    }

    /// Clients write `True` as well.
    fn flag(self, name: &str) -> bool {
        self.one(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

/// The refusal of a request that is wrong.
fn invalid(message: impl Into<String>) -> ApiError {
    ApiError { code: 400, status: "INVALID_ARGUMENT", message: message.into() }
}

/// The refusal of what does not exist.
fn not_found() -> ApiError {
    ApiError { code: 404, status: "NOT_FOUND", message: "Requested entity was not found.".to_owned() }
}

/// The refusal of what a real Sheets can do and this one cannot.
fn unimplemented_here(what: impl std::fmt::Display) -> ApiError {
    let message = format!("This Google of the tests does not know {what}.");
    ApiError { code: 501, status: "UNIMPLEMENTED", message }
}

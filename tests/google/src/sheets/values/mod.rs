//! The methods of `spreadsheets.values`: reading and writing what cells say, by A1 notation or by a data filter.
//!
//! | file | what |
//! | --- | --- |
//! | `read` | what a range says |
//! | `write` | writing and clearing ranges |
//! | `append` | writing below a table, which has to be found first |

mod append;
mod read;
#[cfg(test)]
mod tests;
mod write;

use serde_json::{Value, json};

use self::write::{Entry, Reply};
use super::a1::{self, Place};
use super::books::{Books, answer_of};
use super::grid::{Dimension, Grid};
use super::render::Render;
use super::{Params, invalid, metadata, unimplemented_here};
use crate::error::ApiError;

/// Carries out `spreadsheets.values.<method>`.
pub(super) fn call(
    books: &mut Books,
    method: &str,
    params: Params<'_>,
    body: &Value,
) -> Result<Value, ApiError> {
    match method {
        "get" => {
            let book = books.book(params)?;
            let place = a1::parse(book, params.required("range")?)?;
            read::range(book, &place, major(params.one("majorDimension"))?, Render::of(params)?)
        }
        "batchGet" => batch_get(books, params),
        "batchGetByDataFilter" => batch_get_by_data_filter(books, params, body),
        "update" => {
            let entry = Entry::of_params(params)?;
            let reply = Reply::of_params(params)?;
            books.change(params, |book, id| {
                let place = a1::parse(book, params.required("range")?)?;
                if let Some(range) = body["range"].as_str()
                    && a1::parse(book, range)? != place
                {
                    let asked = params.required("range")?;
                    return Err(invalid(format!(
                        "Request range[{asked}] does not match value's range[{range}]"
                    )));
                }
                Ok(write::range(book, &place, body, entry)?.answer(book, id, reply))
            })
        }
        "batchUpdate" => batch_update(books, params, body, |book, data| {
            Ok(vec![a1::parse(book, data["range"].as_str().unwrap_or_default())?])
        }),
        "batchUpdateByDataFilter" => {
            batch_update(books, params, body, |book, data| metadata::places(book, &data["dataFilter"]))
        }
        "append" => {
            let entry = Entry::of_params(params)?;
            let reply = Reply::of_params(params)?;
            let insert = params.one("insertDataOption") == Some("INSERT_ROWS");
            books.change(params, |book, id| {
                let place = a1::parse(book, params.required("range")?)?;
                let (table, written) = append::values(book, &place, body, entry, insert)?;
                let mut answer = answer_of(id);
                if let Some(table) = table {
                    answer["tableRange"] = json!(table);
                }
                answer["updates"] = written.answer(book, id, reply);
                Ok(answer)
            })
        }
        "clear" => books.change(params, |book, id| {
            let place = a1::parse(book, params.required("range")?)?;
            let mut answer = answer_of(id);
            answer["clearedRange"] = json!(write::clear(book, &place)?);
            Ok(answer)
        }),
        "batchClear" => books.change(params, |book, id| {
            let ranges = texts(&body["ranges"]).map(|range| a1::parse(book, range));
            let places = ranges.collect::<Result<Vec<_>, _>>()?;
            clear_all(book, id, &places)
        }),
        "batchClearByDataFilter" => books.change(params, |book, id| {
            let filters = body["dataFilters"].as_array().into_iter().flatten();
            let places =
                filters.map(|filter| metadata::places(book, filter)).collect::<Result<Vec<_>, _>>()?;
            clear_all(book, id, &places.concat())
        }),
        _ => Err(unimplemented_here(format!("the method sheets.spreadsheets.values.{method}"))),
    }
}

fn batch_get(books: &Books, params: Params<'_>) -> Result<Value, ApiError> {
    let book = books.book(params)?;
    let (major, render) = (major(params.one("majorDimension"))?, Render::of(params)?);
    let ranges = params.all("ranges").iter().map(|range| {
        let place = a1::parse(book, range)?;
        read::range(book, &place, major, render)
    });
    let mut answer = answer_of(params.required("spreadsheetId")?);
    answer["valueRanges"] = ranges.collect::<Result<_, _>>()?;
    Ok(answer)
}

fn batch_get_by_data_filter(books: &Books, params: Params<'_>, body: &Value) -> Result<Value, ApiError> {
    let book = books.book(params)?;
    let render =
        Render::from_options(body["valueRenderOption"].as_str(), body["dateTimeRenderOption"].as_str())?;
    let major = major(body["majorDimension"].as_str())?;
    let mut matched = Vec::new();
    for filter in body["dataFilters"].as_array().into_iter().flatten() {
        for place in metadata::places(book, filter)? {
            let range = read::range(book, &place, major, render)?;
            matched.push(json!({ "valueRange": range, "dataFilters": [filter] }));
        }
    }
    let mut answer = answer_of(params.required("spreadsheetId")?);
    if !matched.is_empty() {
        answer["valueRanges"] = json!(matched);
    }
    Ok(answer)
}

/// Writes to several places, which `places` finds for each of the `data`.
fn batch_update(
    books: &mut Books,
    params: Params<'_>,
    body: &Value,
    places: impl Fn(&super::book::Book, &Value) -> Result<Vec<Place>, ApiError>,
) -> Result<Value, ApiError> {
    let entry = Entry::new(body["valueInputOption"].as_str())?;
    let reply = Reply::of_body(body)?;
    books.change(params, |book, id| {
        let mut written = Vec::new();
        for (index, data) in body["data"].as_array().into_iter().flatten().enumerate() {
            let at = |error: ApiError| match error.code {
                400 => invalid(format!("Invalid data[{index}]: {}", error.message)),
                _ => error,
            };
            for place in places(book, data).map_err(at)? {
                written.push(write::range(book, &place, data, entry).map_err(at)?);
            }
        }
        Ok(write::totals(book, id, &written, reply))
    })
}

fn clear_all(book: &mut super::book::Book, id: &str, places: &[Place]) -> Result<Value, ApiError> {
    let cleared = places.iter().map(|place| write::clear(book, place)).collect::<Result<Vec<_>, _>>()?;
    let mut answer = answer_of(id);
    if !cleared.is_empty() {
        answer["clearedRanges"] = json!(cleared);
    }
    Ok(answer)
}

fn major(option: Option<&str>) -> Result<Dimension, ApiError> {
    match option {
        None | Some("ROWS" | "DIMENSION_UNSPECIFIED") => Ok(Dimension::Rows),
        Some("COLUMNS") => Ok(Dimension::Columns),
        Some(other) => Err(invalid(format!("Invalid majorDimension: {other}"))),
    }
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a place is one cell, from which data may run on.
fn is_one_cell(grid: &Grid) -> bool {
    [grid.rows, grid.columns].iter().all(|span| span.end.is_some_and(|end| Some(end - 1) == span.start))
}

//! `spreadsheets.batchUpdate`: a [`Batch`] as one call, which Google carries out whole or not at all.
//!
//! First the rows that are written into are copied, with what they show, to a hidden tab; then the cells are written; the
//! answer brings the copies back. Texts are written as they are, never as if typed: nothing becomes a formula.

use std::collections::BTreeMap;

use crewcall_dispatch::sheet::{At, Batch, Book, Edit, TabId, letters};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::read::{ABOUT_COPIES, Spreadsheet};
use super::{COMPACT, Copies, Opened, Sheets, SheetsError, parse};
use crate::google::{CallError, Kind, NoAnswer, Scope, http};

/// What the tab with the copies is called at first.
const COPIES: &str = "crewcall";

/// Why a batch was not carried out, or what is not known of it.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Nothing was written.
    #[error(transparent)]
    NotDone(SheetsError),
    /// Something failed: it was written or not, and if it was not yet, it soon is. The next readings show which.
    #[error("it is not known whether the sheet was written: {0}")]
    Unknown(String),
    /// It may be written later still.
    #[error("there was no answer, and the sheet may be written yet: {0}")]
    Open(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Updated<'a> {
    #[serde(borrow)]
    updated_spreadsheet: Option<Spreadsheet<'a>>,
}

impl Sheets<'_> {
    /// Carries a batch out on a spreadsheet that was read as `opened`. Gives the rows as they were copied before.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn write(
        &self,
        spreadsheet_id: &str,
        batch: &Batch,
        opened: &Opened,
    ) -> Result<Vec<Vec<String>>, WriteError> {
        let body = request(batch, opened);
        let fields = "updatedSpreadsheet(sheets(properties(sheetId,title,sheetType),data(startRow,startColumn,\
                      rowData(values(formattedValue)))))";
        let url = self.url(spreadsheet_id, &format!(":batchUpdate?fields={fields}&{COMPACT}"));
        let answer = self.batch_update(&url, &body).await?;
        // It is done. If the answer cannot be read, the copies are in the sheet all the same.
        let unknown = |error: SheetsError| WriteError::Unknown(error.to_string());
        let updated = parse::<Updated<'_>>(&answer.body).map_err(unknown)?.updated_spreadsheet;
        let copies = updated.and_then(Spreadsheet::copies);
        let copies = copies.filter(|copies| copies.batch == batch.id);
        copies.map(|copies| copies.rows).ok_or_else(|| WriteError::Unknown("the answer has no copies".into()))
    }

    /// Takes away what the last batch has copied.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn clear_copies(&self, spreadsheet_id: &str, opened: &Opened) -> Result<(), WriteError> {
        let url = self.url(spreadsheet_id, &format!(":batchUpdate?fields=spreadsheetId&{COMPACT}"));
        let body = json!({ "requests": [{ "updateCells": {
            "range": { "sheetId": copies_tab(opened), "startRowIndex": 1 },
            "fields": "userEnteredValue,userEnteredFormat",
        } }] });
        self.batch_update(&url, &body).await?;
        Ok(())
    }

    async fn batch_update(&self, url: &str, body: &Value) -> Result<http::Answer, WriteError> {
        let answer = self.0.call(Scope::Spreadsheets, Method::POST, url, Some(body)).await;
        answer.map_err(|error| match error {
            CallError::NoAnswer(NoAnswer::Lost(said)) => WriteError::Open(said),
            // Whoever answers that it is busy may only be in between.
            CallError::Refused(refusal) if matches!(refusal.kind, Kind::Broken | Kind::Busy) => {
                WriteError::Unknown(refusal.said)
            }
            error => WriteError::NotDone(error.into()),
        })
    }
}

/// The body of the call.
fn request(batch: &Batch, opened: &Opened) -> Value {
    let mut requests = Vec::new();
    let width = batch
        .rows
        .iter()
        .filter_map(|(tab, _)| Some(opened.book.tab(*tab)?.size.1))
        .max()
        .unwrap_or(1)
        .max(2);
    let height = batch.rows.len() + 1;
    let copies = place(&mut requests, opened, (height, width));
    requests.extend(batch.edits.iter().filter_map(columns));
    requests.push(json!({ "updateCells": {
        "start": { "sheetId": copies, "rowIndex": 0, "columnIndex": 0 },
        "rows": [{ "values": [cell(&batch.id), cell(ABOUT_COPIES)] }], "fields": "userEnteredValue",
    } }));
    copy_rows(&mut requests, batch, &opened.book, copies);
    requests.extend(cells(batch));
    let mut heights = opened.book.tabs.iter().map(|tab| (tab.id, tab.size.0)).collect();
    for edit in &batch.edits {
        match edit {
            Edit::Note { tab, at, note } => requests.push(json!({ "updateCells": {
                "start": start(*tab, *at), "rows": [{ "values": [{ "note": note }] }], "fields": "note",
            } })),
            Edit::Row { tab, below, cells, unpainted, .. } => {
                row(&mut requests, *tab, below + 1, &mut heights, cells);
                requests.extend(unpainted.iter().map(|column| unpaint(tab.0, At::new(below + 1, *column))));
            }
            Edit::Cell { .. } | Edit::Columns { .. } => {}
        }
    }
    let title = title_of_copies(opened);
    let range = format!("'{}'!A1:{}{height}", title.replace('\'', "''"), letters(width - 1));
    json!({
        "requests": requests,
        "includeSpreadsheetInResponse": true, "responseIncludeGridData": true, "responseRanges": [range],
    })
}

/// What the tab with the copies is called, or will be: no two tabs have one title.
fn title_of_copies(opened: &Opened) -> String {
    let taken = |title: &String| opened.book.tabs.iter().any(|tab| tab.title.eq_ignore_ascii_case(title));
    let further = (2..).map(|number| format!("{COPIES} {number}"));
    let mut free = std::iter::once(COPIES.to_owned()).chain(further).filter(|title| !taken(title));
    let named = opened.copies.as_ref().map(|copies| copies.title.clone());
    named.or_else(|| free.next()).unwrap_or_else(|| COPIES.to_owned())
}

/// The tab for the copies, of that size at the least and with nothing in it.
fn place(requests: &mut Vec<Value>, opened: &Opened, (height, width): (usize, usize)) -> i64 {
    let tab = copies_tab(opened);
    let Some(Copies { size, .. }) = &opened.copies else {
        requests.push(json!({ "addSheet": { "properties": {
            "sheetId": tab, "title": title_of_copies(opened), "hidden": true,
            "gridProperties": { "rowCount": height, "columnCount": width },
        } } }));
        return tab;
    };
    for (dimension, more) in
        [("ROWS", height.saturating_sub(size.0)), ("COLUMNS", width.saturating_sub(size.1))]
    {
        if more > 0 {
            requests.push(
                json!({ "appendDimension": { "sheetId": tab, "dimension": dimension, "length": more } }),
            );
        }
    }
    requests.push(json!({ "updateCells": { "range": { "sheetId": tab }, "fields": "userEnteredValue,userEnteredFormat" } }));
    tab
}

/// The id of the tab for the copies, also where there is none yet: then any will do that no tab has.
fn copies_tab(opened: &Opened) -> i64 {
    let taken = |id: &i64| opened.book.tab(TabId(*id)).is_some();
    let there = opened.copies.as_ref().map(|copies| copies.tab);
    there.or_else(|| (1_000_001..).find(|id| !taken(id))).unwrap_or(1_000_000)
}

fn columns(edit: &Edit) -> Option<Value> {
    let Edit::Columns { tab, more } = edit else { return None };
    Some(json!({ "appendDimension": { "sheetId": tab.0, "dimension": "COLUMNS", "length": more } }))
}

/// Copies rows, several at once where they stand below each other. Formats go along: dates show as dates by them.
fn copy_rows(requests: &mut Vec<Value>, batch: &Batch, book: &Book, copies: i64) {
    let mut to = 1;
    for rows in batch.rows.chunk_by(|one, next| one.0 == next.0 && one.1 + 1 == next.1) {
        let Some(((tab, first), width)) =
            rows.first().and_then(|first| Some((first, book.tab(first.0)?.size.1)))
        else {
            continue;
        };
        let range = |sheet: i64, row: usize| {
            json!({ "sheetId": sheet, "startRowIndex": row, "endRowIndex": row + rows.len(), "startColumnIndex": 0,
                "endColumnIndex": width })
        };
        for what in ["PASTE_VALUES", "PASTE_FORMAT"] {
            requests.push(json!({ "copyPaste": {
                "source": range(tab.0, *first), "destination": range(copies, to), "pasteType": what,
            } }));
        }
        to += rows.len();
    }
}

/// The cells, as many at once as stand beside each other.
fn cells(batch: &Batch) -> Vec<Value> {
    let mut cells: Vec<(TabId, At, &String)> = Vec::new();
    for edit in &batch.edits {
        if let Edit::Cell { tab, at, text, .. } = edit {
            cells.push((*tab, *at, text));
        }
    }
    // One that is written twice has the later text.
    cells.sort_by_key(|(tab, at, _)| (*tab, *at));
    let beside = |one: &(TabId, At, &String), next: &(TabId, At, &String)| {
        one.0 == next.0 && one.1.row == next.1.row && one.1.column + 1 == next.1.column
    };
    let run = |run: &[(TabId, At, &String)]| {
        let (tab, at, _) = run[0];
        let values: Vec<Value> = run.iter().map(|(.., text)| cell(text)).collect();
        json!({ "updateCells": { "start": start(tab, at), "rows": [{ "values": values }], "fields": "userEnteredValue" } })
    };
    cells.chunk_by(beside).map(run).collect()
}

/// A row more, with the format of the one above it. Where the grid ends, it grows first: so the row is put in, and never
/// written over one that somebody has added there meanwhile.
fn row(
    requests: &mut Vec<Value>,
    tab: TabId,
    place: usize,
    heights: &mut BTreeMap<TabId, usize>,
    cells: &[(usize, String)],
) {
    let height = heights.entry(tab).or_default();
    if place >= *height {
        let length = place + 1 - *height;
        requests
            .push(json!({ "appendDimension": { "sheetId": tab.0, "dimension": "ROWS", "length": length } }));
        *height += length;
    }
    requests.push(json!({ "insertDimension": {
        "range": { "sheetId": tab.0, "dimension": "ROWS", "startIndex": place, "endIndex": place + 1 },
        "inheritFromBefore": true,
    } }));
    *height += 1;
    for run in cells.chunk_by(|one, next| one.0 + 1 == next.0) {
        let values: Vec<Value> = run.iter().map(|(_, text)| cell(text)).collect();
        let at = At::new(place, run.first().map_or(0, |(column, _)| *column));
        requests.push(json!({ "updateCells": {
            "start": start(tab, at), "rows": [{ "values": values }], "fields": "userEnteredValue",
        } }));
    }
}

/// Takes what a cell is painted with away.
pub(super) fn unpaint(tab: i64, at: At) -> Value {
    let range = json!({ "sheetId": tab, "startRowIndex": at.row, "endRowIndex": at.row + 1,
        "startColumnIndex": at.column, "endColumnIndex": at.column + 1 });
    let fields = "userEnteredFormat.backgroundColor,userEnteredFormat.backgroundColorStyle";
    json!({ "updateCells": { "range": range, "fields": fields } })
}

fn start(tab: TabId, at: At) -> Value {
    json!({ "sheetId": tab.0, "rowIndex": at.row, "columnIndex": at.column })
}

/// A text as it is; no text empties the cell.
fn cell(text: &str) -> Value {
    if text.is_empty() { json!({}) } else { json!({ "userEnteredValue": { "stringValue": text } }) }
}

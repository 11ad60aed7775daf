//! A tab that is made of another one, in one `spreadsheets.batchUpdate`: whole or not at all.

use crewcall_dispatch::sheet::{At, NewHeading, NewMonth, TabId};
use reqwest::Method;
use serde_json::{Value, json};

use super::write::unpaint;
use super::{Opened, Sheets, SheetsError};
use crate::google::Scope;

impl Sheets<'_> {
    /// Makes the tab of a month. If there is no answer, the next reading shows whether it was made; a second time it is
    /// refused, as two tabs have no one title.
    ///
    /// # Errors
    /// See [`SheetsError`].
    pub async fn make_month(
        &self,
        spreadsheet_id: &str,
        month: &NewMonth,
        opened: &Opened,
    ) -> Result<(), SheetsError> {
        let url = self.url(spreadsheet_id, ":batchUpdate?fields=spreadsheetId");
        self.0.call(Scope::Spreadsheets, Method::POST, &url, Some(&request(month, opened))).await?;
        Ok(())
    }
}

fn request(month: &NewMonth, opened: &Opened) -> Value {
    // Any id will do that no tab has.
    let taken = |id: &i64| {
        opened.book.tab(TabId(*id)).is_some()
            || opened.copies.as_ref().is_some_and(|copies| copies.tab == *id)
    };
    let tab = (2_000_001..).find(|id| !taken(id)).unwrap_or(2_000_000);
    let beside = opened.book.tabs.iter().position(|tab| tab.id == month.copied).map_or(0, |place| place + 1);
    let mut requests = vec![json!({ "duplicateSheet": {
        "sourceSheetId": month.copied.0, "newSheetId": tab, "newSheetName": month.title, "insertSheetIndex": beside,
    } })];
    requests.extend(month.emptied.iter().map(|(at, length)| {
        let range = range(tab, (at.row, at.row + 1), (at.column, at.column + length));
        json!({ "updateCells": { "range": range, "fields": "userEnteredValue,note" } })
    }));
    requests.extend(month.painted.iter().map(|at| unpaint(tab, *at)));
    requests.extend(month.headings.iter().map(|(at, heading)| written(tab, *at, heading)));
    // People hide the days that are over; in the new month they are to come.
    requests.push(json!({ "updateDimensionProperties": {
        "range": { "sheetId": tab, "dimension": "COLUMNS", "startIndex": month.first, "endIndex": month.last + 1 },
        "properties": { "hiddenByUser": false }, "fields": "hiddenByUser",
    } }));
    let (behind, more) = (month.last + 1, usize::try_from(month.more.unsigned_abs()).unwrap_or(0));
    let columns = |from: usize, to: usize| json!({ "sheetId": tab, "dimension": "COLUMNS", "startIndex": from, "endIndex": to });
    if month.more > 0 {
        requests.push(json!({ "insertDimension": { "range": columns(behind, behind + more), "inheritFromBefore": true } }));
        // With everything that the last day has: formulas, drop-downs.
        let whole = |from: usize, to: usize| json!({ "sheetId": tab, "startColumnIndex": from, "endColumnIndex": to });
        requests.push(json!({ "copyPaste": {
            "source": whole(month.last, behind), "destination": whole(behind, behind + more), "pasteType": "PASTE_NORMAL",
        } }));
        requests.extend(month.headings_of_more.iter().map(|(at, heading)| written(tab, *at, heading)));
    }
    if month.more < 0 {
        // Of the copy; in the tab that was copied all stays.
        requests.push(json!({ "deleteDimension": { "range": columns(behind - more, behind) } }));
    }
    json!({ "requests": requests })
}

fn range(tab: i64, rows: (usize, usize), columns: (usize, usize)) -> Value {
    json!({ "sheetId": tab, "startRowIndex": rows.0, "endRowIndex": rows.1, "startColumnIndex": columns.0,
        "endColumnIndex": columns.1 })
}

fn written(tab: i64, at: At, heading: &NewHeading) -> Value {
    let value = match heading {
        NewHeading::Text(text) => json!({ "stringValue": text }),
        NewHeading::Date(number) => json!({ "numberValue": number }),
    };
    json!({ "updateCells": {
        "start": { "sheetId": tab, "rowIndex": at.row, "columnIndex": at.column },
        "rows": [{ "values": [{ "userEnteredValue": value }] }], "fields": "userEnteredValue",
    } })
}

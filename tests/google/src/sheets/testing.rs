//! What the tests have in common: one spreadsheet, and requests to it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Books, call};
use crate::error::ApiError;

/// A spreadsheet of the crew, with the tab `Sheet1`.
pub(super) struct Desk {
    pub(super) books: Books,
    pub(super) id: String,
}

impl Desk {
    /// An empty one.
    pub(super) fn new() -> Self {
        let mut books = Books::default();
        let id = books.create("office@example.com", "Crew");
        Self { books, id }
    }

    /// With these rows from `A1` on, typed in.
    pub(super) fn with(rows: &[&[&str]]) -> Self {
        let mut desk = Self::new();
        desk.ok(
            "values.update",
            &[("range", "A1"), ("valueInputOption", "USER_ENTERED")],
            json!({ "values": rows }),
        );
        desk
    }

    pub(super) fn call(
        &mut self,
        method: &str,
        params: &[(&str, &str)],
        body: Value,
    ) -> Result<Value, ApiError> {
        let mut all = BTreeMap::from([("spreadsheetId".to_owned(), vec![self.id.clone()])]);
        for (name, value) in params {
            all.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        call(&mut self.books, &format!("sheets.spreadsheets.{method}"), &all, &body)
    }

    /// The answer to what is granted, without the spreadsheet's id.
    #[track_caller]
    pub(super) fn ok(&mut self, method: &str, params: &[(&str, &str)], body: Value) -> Value {
        let mut answer = self.call(method, params, body).unwrap();
        if let Some(fields) = answer.as_object_mut() {
            fields.remove("spreadsheetId");
        }
        answer
    }

    /// The message of what is refused as wrong.
    #[track_caller]
    pub(super) fn refused(&mut self, method: &str, params: &[(&str, &str)], body: Value) -> String {
        let before = self.everything();
        let error = self.call(method, params, body).unwrap_err();
        assert_eq!((error.code, error.status), (400, "INVALID_ARGUMENT"), "{}", error.message);
        assert_eq!(self.everything(), before, "a refused request changed something");
        error.message
    }

    /// Gives the replies to these requests.
    #[track_caller]
    pub(super) fn batch(&mut self, requests: Value) -> Value {
        self.ok("batchUpdate", &[], json!({ "requests": requests }))["replies"].take()
    }

    /// The message with which one of these requests is refused.
    #[track_caller]
    pub(super) fn batch_refused(&mut self, requests: Value) -> String {
        self.refused("batchUpdate", &[], json!({ "requests": requests }))
    }

    /// The first sheet, with its cells.
    pub(super) fn sheet(&mut self) -> Value {
        self.ok("get", &[("includeGridData", "true")], Value::Null)["sheets"][0].take()
    }

    /// What is seen of a range.
    pub(super) fn read(&self, range: &str) -> Vec<Vec<String>> {
        self.books.read(&self.id, range)
    }

    fn everything(&self) -> String {
        format!("{:?}", self.books)
    }
}

/// A `GridRange` on the first sheet.
pub(super) fn cells(rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> Value {
    json!({
        "startRowIndex": rows.start,
        "endRowIndex": rows.end,
        "startColumnIndex": columns.start,
        "endColumnIndex": columns.end,
    })
}

/// A `DimensionRange` on the first sheet.
pub(super) fn lines(dimension: &str, range: std::ops::Range<usize>) -> Value {
    json!({ "sheetId": 0, "dimension": dimension, "startIndex": range.start, "endIndex": range.end })
}

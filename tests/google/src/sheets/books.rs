//! All spreadsheets, and who may open them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::book::{Book, scrambled};
use super::sheet::Sheet;
use super::{Params, get, invalid, not_found};
use crate::error::ApiError;

/// How long a spreadsheet's id is.
const ID: usize = 44;
const ID_LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The year that it is until somebody says otherwise.
const YEAR: i16 = 2026;

/// Every spreadsheet that there is.
#[derive(Debug)]
pub(crate) struct Books {
    books: BTreeMap<String, Shared>,
    year: i16,
    actor: String,
}

#[derive(Debug)]
struct Shared {
    accounts: BTreeSet<String>,
    book: Book,
}

impl Default for Books {
    fn default() -> Self {
        Self { books: BTreeMap::new(), year: YEAR, actor: String::new() }
    }
}

impl Books {
    /// A new spreadsheet with one empty sheet, `Sheet1`. Gives its id.
    pub(crate) fn create(&mut self, owner: &str, title: &str) -> String {
        let book = Book::new(title, self.year, self.next_seed());
        self.keep(owner, book)
    }

    /// Lets another account open a spreadsheet and change it.
    pub(crate) fn share(&mut self, id: &str, account: &str) {
        self.books.get_mut(id).expect("a spreadsheet with this id").accounts.insert(account.to_owned());
    }

    /// Whether an account may open this spreadsheet and change it.
    pub(crate) fn may(&self, id: &str, account: &str) -> bool {
        self.books.get(id).is_some_and(|shared| shared.accounts.contains(account))
    }

    /// Whether there is such a spreadsheet.
    pub(crate) fn exists(&self, id: &str) -> bool {
        self.books.contains_key(id)
    }

    /// Says whose the next requests are: what they create belongs to that account.
    pub(crate) fn act_as(&mut self, account: &str) {
        self.actor = account.to_owned();
    }

    /// Says which year it is, for days that are typed without one.
    pub(crate) fn set_year(&mut self, year: i16) {
        self.year = year;
        for shared in self.books.values_mut() {
            shared.book.year = year;
        }
    }

    /// `spreadsheets.create`.
    pub(super) fn create_from(&mut self, body: &Value) -> Result<Value, ApiError> {
        let seed = self.next_seed();
        let title = body["properties"]["title"].as_str().unwrap_or("Untitled spreadsheet");
        let mut book = Book::empty(title, self.year, seed);
        for name in ["locale", "timeZone", "autoRecalc"] {
            if let Some(value) = body["properties"].get(name) {
                book.properties.insert(name.to_owned(), value.clone());
            }
        }
        for sheet in body["sheets"].as_array().into_iter().flatten() {
            super::batch::add_sheet(&mut book, sheet)?;
        }
        if book.sheets.is_empty() {
            book.sheets.push(Sheet::new(0, "Sheet1", 1000, 26));
        }
        let owner = self.actor.clone();
        let id = self.keep(&owner, book);
        get::spreadsheet(self.with_id(&id)?, &id, &get::Wanted::default())
    }

    /// `spreadsheets.sheets.copyTo`.
    pub(super) fn copy_to(&mut self, params: Params<'_>, body: &Value) -> Result<Value, ApiError> {
        let from = self.book(params)?;
        let id = params.required("sheetId")?.parse().map_err(|_| invalid("Invalid value at 'sheet_id'"))?;
        let mut sheet = from.sheets[from.sheet_with(id, "sheet")?].clone();
        let to = body["destinationSpreadsheetId"].as_str().unwrap_or_default();
        let actor = self.actor.clone();
        let shared = self.books.get_mut(to).ok_or_else(not_found)?;
        // Whose request it is may not have been said.
        if !actor.is_empty() && !shared.accounts.contains(&actor) {
            let message = "The caller does not have permission".to_owned();
            return Err(ApiError { code: 403, status: "PERMISSION_DENIED", message });
        }
        let book = &mut shared.book;
        let free = |number: &usize| {
            let title = copy_title(&sheet.title, *number);
            book.sheet_named(&title).is_none()
        };
        let number = (1..).find(free).expect("some title is free");
        sheet.title = copy_title(&sheet.title, number);
        super::batch::renew_ids(book, &mut sheet);
        book.sheets.push(sheet);
        let index = book.sheets.len() - 1;
        Ok(Value::Object(book.sheets[index].properties(index)))
    }

    /// The spreadsheet that a request names.
    pub(super) fn book(&self, params: Params<'_>) -> Result<&Book, ApiError> {
        self.with_id(params.required("spreadsheetId")?)
    }

    pub(super) fn with_id(&self, id: &str) -> Result<&Book, ApiError> {
        self.books.get(id).map(|shared| &shared.book).ok_or_else(not_found)
    }

    /// Changes the spreadsheet that a request names: all of it, or nothing.
    pub(super) fn change<T>(
        &mut self,
        params: Params<'_>,
        change: impl FnOnce(&mut Book, &str) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.change_with_id(params.required("spreadsheetId")?, change)
    }

    pub(super) fn change_with_id<T>(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Book, &str) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let shared = self.books.get_mut(id).ok_or_else(not_found)?;
        let mut book = shared.book.clone();
        let answer = change(&mut book, id)?;
        book.check_size()?;
        shared.book = book;
        Ok(answer)
    }

    fn next_seed(&self) -> u64 {
        scrambled(self.books.len() as u64) >> 16
    }

    fn keep(&mut self, owner: &str, book: Book) -> String {
        let number = self.books.len() as u64;
        let letter = |index: u64| char::from(ID_LETTERS[(scrambled(number << 8 | index) % 64) as usize]);
        let id: String = std::iter::once('1').chain((1..ID as u64).map(letter)).collect();
        let accounts = BTreeSet::from_iter((!owner.is_empty()).then(|| owner.to_owned()));
        self.books.insert(id.clone(), Shared { accounts, book });
        id
    }
}

fn copy_title(title: &str, number: usize) -> String {
    match number {
        1 => format!("Copy of {title}"),
        _ => format!("Copy of {title} {number}"),
    }
}

/// An answer about a spreadsheet begins with its id.
pub(super) fn answer_of(id: &str) -> Value {
    json!({ "spreadsheetId": id })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;
    use crate::sheets::call;
    use crate::sheets::testing::Desk;

    #[test]
    fn a_spreadsheet_is_for_whom_it_is_shared_with() {
        let mut books = Books::default();
        let id = books.create("office@example.com", "Crew");
        let other = books.create("office@example.com", "Crew");
        assert_eq!(id.len(), ID);
        assert_ne!(id, other);
        assert!(books.exists(&id) && !books.exists("1none"));
        assert!(books.may(&id, "office@example.com") && !books.may(&id, "robot@example.com"));
        books.share(&id, "robot@example.com");
        assert!(books.may(&id, "robot@example.com") && !books.may(&other, "robot@example.com"));
    }

    #[test]
    fn a_program_creates_one() {
        let mut books = Books::default();
        books.act_as("crew@example.com");
        let rows = json!([{ "values": [{ "userEnteredValue": { "stringValue": "Name" } }] }]);
        let body = json!({ "properties": { "title": "Boats" }, "sheets": [
            { "properties": { "title": "June", "gridProperties": { "rowCount": 9, "frozenRowCount": 1 } },
                "data": [{ "rowData": rows }] },
        ] });
        let created = call(&mut books, "sheets.spreadsheets.create", &BTreeMap::new(), &body).unwrap();
        let id = created["spreadsheetId"].as_str().unwrap();
        let grid = json!({ "rowCount": 9, "columnCount": 26, "frozenRowCount": 1 });
        assert_eq!(created["sheets"][0]["properties"]["gridProperties"], grid);
        assert_eq!(created["sheets"][0].get("data"), None);
        assert_eq!(books.read(id, "June!A1"), [["Name"]]);
        assert!(books.may(id, "crew@example.com"));
    }

    #[test]
    fn a_sheet_is_copied_into_another_spreadsheet() {
        let mut desk = Desk::with(&[&["Dana"]]);
        let to = desk.books.create("office@example.com", "Other");
        let copied = desk.ok("sheets.copyTo", &[("sheetId", "0")], json!({ "destinationSpreadsheetId": to }));
        assert_eq!((&copied["title"], &copied["index"]), (&json!("Copy of Sheet1"), &json!(1)));
        assert_eq!(desk.books.read(&to, "'Copy of Sheet1'!A1"), [["Dana"]]);
    }

    #[test]
    fn what_is_not_known_is_said_so() {
        let mut desk = Desk::new();
        let unknown = desk.call("values.shuffle", &[], Value::Null).unwrap_err();
        assert_eq!((unknown.code, unknown.status), (501, "UNIMPLEMENTED"));
        desk.id = "1none".to_owned();
        let none = desk.call("get", &[], Value::Null).unwrap_err();
        assert_eq!((none.code, none.message.as_str()), (404, "Requested entity was not found."));
    }
}

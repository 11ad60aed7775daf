//! A spreadsheet as its owner has it open: what people do by hand while programs work on it.

use serde_json::Value;

use crate::server::Shared;
use crate::sheets::Books;

/// A spreadsheet. Ranges are as people write them, such as `June!B3`; what is wrong with them panics.
#[derive(Debug, Clone)]
pub struct Spreadsheet {
    shared: Shared,
    id: String,
}

impl Spreadsheet {
    pub(crate) fn new(shared: Shared, owner: &str, title: &str) -> Self {
        let id = shared.lock().books.create(owner, title);
        Self { shared, id }
    }

    /// Its id, which stands in its address.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Lets another account open and change it, a service account too.
    pub fn share(&self, account: &str) {
        self.with(|books, id| books.share(id, account));
    }

    /// Types into a cell.
    pub fn edit(&self, cell: &str, text: &str) {
        self.with(|books, id| books.edit(id, cell, text));
    }

    /// What can be seen of a range, with empty texts where nothing is.
    pub fn read(&self, range: &str) -> Vec<Vec<String>> {
        self.with(|books, id| books.read(id, range))
    }

    /// Takes away what a range says.
    pub fn clear(&self, range: &str) {
        self.with(|books, id| books.clear(id, range));
    }

    /// Puts empty rows before the first one of this range, as many as it has.
    pub fn insert_rows(&self, range: &str) {
        self.with(|books, id| books.insert_rows(id, range));
    }

    /// Deletes the rows of this range.
    pub fn delete_rows(&self, range: &str) {
        self.with(|books, id| books.delete_rows(id, range));
    }

    /// Puts empty columns before the first one of this range, as many as it has.
    pub fn insert_columns(&self, range: &str) {
        self.with(|books, id| books.insert_columns(id, range));
    }

    /// Deletes the columns of this range.
    pub fn delete_columns(&self, range: &str) {
        self.with(|books, id| books.delete_columns(id, range));
    }

    /// Sorts the rows of a range by one of its columns, which are counted from zero.
    pub fn sort(&self, range: &str, column: usize) {
        self.with(|books, id| books.sort(id, range, column));
    }

    /// Gives a tab another name.
    pub fn rename(&self, tab: &str, name: &str) {
        self.with(|books, id| books.rename(id, tab, name));
    }

    /// Makes another tab, at the end.
    pub fn add_tab(&self, name: &str) {
        self.with(|books, id| books.add_tab(id, name));
    }

    /// What is pinned to a cell; empty if nothing is.
    pub fn note(&self, cell: &str) -> String {
        self.with(|books, id| books.note(id, cell))
    }

    /// Pins something to a cell.
    pub fn pin(&self, cell: &str, note: &str) {
        self.with(|books, id| books.pin(id, cell, note));
    }

    /// Does what a `Request` of `spreadsheets.batchUpdate` says, as people do it by menus.
    pub fn request(&self, request: &Value) {
        self.with(|books, id| books.request(id, request.clone()));
    }

    /// All of it, as `spreadsheets.get` with its cells gives it.
    pub fn whole(&self) -> Value {
        self.with(|books, id| books.whole(id))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Books, &str) -> T) -> T {
        act(&mut self.shared.lock().books, &self.id)
    }
}

//! What a person does by hand: types, looks, sorts, inserts, deletes, renames. It goes the way of the API's own
//! requests, so whatever holds for those holds here.
//!
//! These are for tests, and panic where a person would be told that it does not work.

use serde_json::{Value, json};

use super::a1::{self, Place};
use super::batch;
use super::books::Books;
use super::entered;
use super::get;
use super::grid::{Dimension, Rect};
use super::render;

impl Books {
    /// Types into a cell, such as `June!B3`.
    pub(crate) fn edit(&mut self, id: &str, cell: &str, text: &str) {
        let done = self.change_with_id(id, |book, _| {
            let place = a1::parse(book, cell)?;
            let (corner, year) = (a1::on_grid(book, &place)?.corner(), book.year);
            book.sheets[place.sheet].change(corner, |cell| entered::enter(cell, text, year));
            Ok(())
        });
        done.expect("a range to type into");
    }

    /// What can be seen of a range, with empty texts where nothing is.
    pub(crate) fn read(&self, id: &str, range: &str) -> Vec<Vec<String>> {
        let book = self.with_id(id).expect("a spreadsheet that there is");
        let place = a1::parse(book, range).expect("a range in A1 notation");
        let (sheet, rect) =
            (&book.sheets[place.sheet], a1::on_grid(book, &place).expect("a range on the grid"));
        let text = |at| sheet.cell(at).and_then(render::formatted).unwrap_or_default();
        let row = |row: usize| rect.columns.clone().map(|column| text((row, column))).collect();
        rect.rows.clone().map(row).collect()
    }

    /// Takes away what a range says.
    pub(crate) fn clear(&mut self, id: &str, range: &str) {
        let range = self.grid_range(id, range);
        self.request(
            id,
            json!({ "repeatCell": { "range": range, "cell": {}, "fields": "userEnteredValue" } }),
        );
    }

    /// Puts empty rows before the first one of this range, as many as it has.
    pub(crate) fn insert_rows(&mut self, id: &str, range: &str) {
        let range = self.dimension_range(id, range, Dimension::Rows);
        self.request(id, json!({ "insertDimension": { "range": range } }));
    }

    /// Deletes the rows of this range.
    pub(crate) fn delete_rows(&mut self, id: &str, range: &str) {
        let range = self.dimension_range(id, range, Dimension::Rows);
        self.request(id, json!({ "deleteDimension": { "range": range } }));
    }

    /// Puts empty columns before the first one of this range, as many as it has.
    pub(crate) fn insert_columns(&mut self, id: &str, range: &str) {
        let range = self.dimension_range(id, range, Dimension::Columns);
        self.request(id, json!({ "insertDimension": { "range": range } }));
    }

    /// Deletes the columns of this range.
    pub(crate) fn delete_columns(&mut self, id: &str, range: &str) {
        let range = self.dimension_range(id, range, Dimension::Columns);
        self.request(id, json!({ "deleteDimension": { "range": range } }));
    }

    /// Sorts the rows of a range by one of its columns, which are counted from zero.
    pub(crate) fn sort(&mut self, id: &str, range: &str, column: usize) {
        let range = self.grid_range(id, range);
        let column = range["startColumnIndex"].as_u64().unwrap_or(0) + column as u64;
        let by = json!([{ "dimensionIndex": column, "sortOrder": "ASCENDING" }]);
        self.request(id, json!({ "sortRange": { "range": range, "sortSpecs": by } }));
    }

    /// Gives a tab another name.
    pub(crate) fn rename(&mut self, id: &str, tab: &str, name: &str) {
        let properties = json!({ "sheetId": self.place(id, tab).0, "title": name });
        self.request(id, json!({ "updateSheetProperties": { "properties": properties, "fields": "title" } }));
    }

    /// Makes another tab, at the end.
    pub(crate) fn add_tab(&mut self, id: &str, name: &str) {
        self.request(id, json!({ "addSheet": { "properties": { "title": name } } }));
    }

    /// What is pinned to a cell.
    pub(crate) fn note(&self, id: &str, cell: &str) -> String {
        let book = self.with_id(id).expect("a spreadsheet that there is");
        let place = a1::parse(book, cell).expect("a range in A1 notation");
        let at = a1::on_grid(book, &place).expect("a range on the grid").corner();
        let note = book.sheets[place.sheet].cell(at).and_then(|cell| cell.0.get("note"));
        note.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Pins something to a cell.
    pub(crate) fn pin(&mut self, id: &str, cell: &str, note: &str) {
        let range = self.grid_range(id, cell);
        self.request(
            id,
            json!({ "repeatCell": { "range": range, "cell": { "note": note }, "fields": "note" } }),
        );
    }

    /// All of a spreadsheet, with its cells.
    pub(crate) fn whole(&self, id: &str) -> Value {
        let book = self.with_id(id).expect("a spreadsheet that there is");
        get::spreadsheet(book, id, &get::Wanted::new(None, true, None)).expect("a spreadsheet")
    }

    pub(crate) fn request(&mut self, id: &str, request: Value) {
        let body = json!({ "requests": [request] });
        self.change_with_id(id, |book, id| batch::update(book, id, &body, None))
            .expect("a change that Sheets makes");
    }

    fn grid_range(&self, id: &str, range: &str) -> Value {
        let (sheet, _, place) = self.place(id, range);
        place.grid.to_json(sheet)
    }

    fn dimension_range(&self, id: &str, range: &str, dimension: Dimension) -> Value {
        let (sheet, rect, _) = self.place(id, range);
        let span = rect.grid().along(dimension);
        json!({ "sheetId": sheet, "dimension": dimension.name(), "startIndex": span.start, "endIndex": span.end })
    }

    /// A sheet's id, and where on it a range is.
    fn place(&self, id: &str, range: &str) -> (i64, Rect, Place) {
        let book = self.with_id(id).expect("a spreadsheet that there is");
        let place = a1::parse(book, range).expect("a range in A1 notation");
        (book.sheets[place.sheet].id, a1::on_grid(book, &place).expect("a range on the grid"), place)
    }
}

#[cfg(test)]
mod tests {
    use crate::sheets::testing::Desk;

    #[test]
    fn a_person_works_on_a_sheet() {
        let mut desk = Desk::with(&[&["Name", "6/27"], &["Gene", "yes"], &["Dana", ""]]);
        let (books, id) = (&mut desk.books, desk.id.as_str());
        books.edit(id, "Sheet1!B3", "8-12");
        books.rename(id, "Sheet1", "June '26");
        books.sort(id, "'June ''26'!A2:B", 0);
        assert_eq!(
            books.read(id, "'June ''26'!A1:B3"),
            [["Name", "6/27"], ["Dana", "8-12"], ["Gene", "yes"]]
        );
        books.insert_rows(id, "'June ''26'!1:1");
        books.insert_columns(id, "B:C");
        books.clear(id, "D2");
        assert_eq!(books.read(id, "A2:D3"), [["Name", "", "", ""], ["Dana", "", "", "8-12"]]);
        books.delete_columns(id, "A:A");
        books.delete_rows(id, "A1:A2");
        assert_eq!(books.read(id, "A1:C2"), [["", "", "8-12"], ["", "", "yes"]]);
    }
}

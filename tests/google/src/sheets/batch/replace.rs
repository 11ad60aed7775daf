//! Find and replace, of plain text.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::book::Book;
use super::super::grid::Rect;
use super::super::sheet::Sheet;
use super::super::{entered, invalid, render, unimplemented_here};
use crate::error::ApiError;

/// `findReplace`. What is found is what can be seen; what comes out of it is entered as if it were typed.
pub(super) fn find(book: &mut Book, request: &Value) -> Result<Value, ApiError> {
    for option in ["searchByRegex", "includeFormulas"] {
        if request[option] == true {
            return Err(unimplemented_here(format!("find and replace with {option}")));
        }
    }
    let search = Search {
        find: request["find"].as_str().unwrap_or_default(),
        replacement: request["replacement"].as_str().unwrap_or_default(),
        match_case: request["matchCase"] == true,
        entire_cell: request["matchEntireCell"] == true,
    };
    if search.find.is_empty() {
        return Err(invalid("The text to find must be specified."));
    }
    let year = book.year;
    let (mut occurrences, mut values, mut rows, mut sheets) = (0, 0, 0, 0);
    for (sheet, rect) in searched(book, request)? {
        let found = search.replace(&mut book.sheets[sheet], &rect, year);
        occurrences += found.iter().map(|(_, times)| times).sum::<usize>();
        values += found.len();
        rows += found.iter().map(|((row, _), _)| row).collect::<BTreeSet<_>>().len();
        sheets += usize::from(!found.is_empty());
    }
    let mut reply = json!({});
    let counts = [
        ("occurrencesChanged", occurrences),
        ("valuesChanged", values),
        ("rowsChanged", rows),
        ("sheetsChanged", sheets),
    ];
    for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        reply[name] = json!(count);
    }
    Ok(reply)
}

fn searched(book: &Book, request: &Value) -> Result<Vec<(usize, Rect)>, ApiError> {
    if request["allSheets"] == true {
        return Ok(book.sheets.iter().map(Sheet::whole).enumerate().collect());
    }
    if !request["range"].is_null() {
        return Ok(vec![book.part(&request["range"])?]);
    }
    match request["sheetId"].as_i64() {
        Some(id) => {
            let sheet = book.sheet_with(id, "sheet")?;
            Ok(vec![(sheet, book.sheets[sheet].whole())])
        }
        None => Err(invalid("One of range, sheetId and allSheets must be specified.")),
    }
}

struct Search<'a> {
    find: &'a str,
    replacement: &'a str,
    match_case: bool,
    entire_cell: bool,
}

impl Search<'_> {
    /// The cells that were changed, and how often it was found in each.
    fn replace(&self, sheet: &mut Sheet, rect: &Rect, year: i16) -> Vec<((usize, usize), usize)> {
        let mut changed = Vec::new();
        for (at, cell) in &mut sheet.cells {
            let formula = cell.value().is_some_and(|value| value.get("formulaValue").is_some());
            let Some(text) = render::formatted(cell).filter(|_| rect.contains(*at) && !formula) else {
                continue;
            };
            let (replaced, times) = self.in_text(&text);
            if times > 0 {
                entered::enter(cell, &replaced, year);
                changed.push((*at, times));
            }
        }
        sheet.cells.retain(|_, cell| !cell.0.is_empty());
        changed
    }

    fn in_text(&self, text: &str) -> (String, usize) {
        if self.entire_cell {
            let same = if self.match_case { text == self.find } else { fold(text) == fold(self.find) };
            return if same { (self.replacement.to_owned(), 1) } else { (text.to_owned(), 0) };
        }
        if self.match_case {
            return (text.replace(self.find, self.replacement), text.matches(self.find).count());
        }
        let (mut replaced, mut times, mut rest) = (String::new(), 0, text);
        while let Some(first) = rest.chars().next() {
            let mut ends = rest.char_indices().map(|(index, letter)| index + letter.len_utf8());
            match ends.find(|end| fold(&rest[..*end]) == fold(self.find)) {
                Some(end) => {
                    replaced += self.replacement;
                    times += 1;
                    rest = &rest[end..];
                }
                None => {
                    replaced.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        (replaced, times)
    }
}

fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::sheets::testing::{Desk, cells};

    #[test]
    fn what_is_found_is_replaced_and_counted() {
        let mut desk = Desk::with(&[&["Dana D.", "dana", "=1+2"], &["Gene", "bandana dana"]]);
        let replies = desk
            .batch(json!([{ "findReplace": { "find": "dana", "replacement": "Alex", "allSheets": true } }]));
        let counts =
            json!({ "occurrencesChanged": 4, "valuesChanged": 3, "rowsChanged": 2, "sheetsChanged": 1 });
        assert_eq!(replies[0]["findReplace"], counts);
        assert_eq!(desk.read("A1:C2"), [["Alex D.", "Alex", "3"], ["Gene", "banAlex Alex", ""]]);
        let whole = json!({ "find": "ALEX", "replacement": "7", "matchEntireCell": true, "range": cells(0..1, 0..3) });
        assert_eq!(desk.batch(json!([{ "findReplace": whole }]))[0]["findReplace"]["valuesChanged"], 1);
        let exact = json!({ "find": "GENE", "replacement": "", "matchCase": true, "sheetId": 0 });
        assert_eq!(desk.batch(json!([{ "findReplace": exact }]))[0], json!({ "findReplace": {} }));
        assert_eq!(desk.read("A1:B2"), [["Alex D.", "7"], ["Gene", "banAlex Alex"]]);
        let regex = json!({ "find": ".", "searchByRegex": true, "allSheets": true });
        let regex = json!({ "requests": [{ "findReplace": regex }] });
        assert_eq!(desk.call("batchUpdate", &[], regex).unwrap_err().code, 501);
    }
}

//! A1 notation (<https://developers.google.com/workspace/sheets/api/guides/concepts#cell>): `B3`, `A1:C`, `A:C`,
//! `2:2`, each also behind a tab's name, and a tab's name alone.

use super::book::Book;
use super::grid::{Dimension, Grid, Rect, Span};
use super::invalid;
use super::sheet::Sheet;
use crate::error::ApiError;

/// The widest column has a name of so many letters.
const COLUMN_LETTERS: usize = 3;

/// Part of one of a book's sheets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    /// Where the sheet stands among the sheets.
    pub(super) sheet: usize,
    pub(super) grid: Grid,
}

/// What is meant by this text in this book.
pub(super) fn parse(book: &Book, text: &str) -> Result<Place, ApiError> {
    place(book, text).ok_or_else(|| invalid(format!("Unable to parse range: {text}")))
}

fn place(book: &Book, text: &str) -> Option<Place> {
    if let Some((tab, cells)) = split(text) {
        return Some(Place { sheet: book.sheet_named(&tab)?, grid: grid(cells)? });
    }
    // Without a tab it is the first one that can be seen.
    if let Some(grid) = grid(text) {
        return Some(Place { sheet: book.first_visible(), grid });
    }
    Some(Place { sheet: book.sheet_named(&unquoted(text))?, grid: Grid::default() })
}

/// A tab's name and what follows the exclamation mark.
fn split(text: &str) -> Option<(String, &str)> {
    let (tab, cells) = text.rsplit_once('!')?;
    let quoted = tab.len() > 1 && tab.starts_with('\'') && tab.ends_with('\'');
    // `'Ready! Go'` is a name as a whole.
    (quoted || !text.ends_with('\'')).then(|| (unquoted(tab), cells))
}

fn unquoted(tab: &str) -> String {
    match tab.strip_prefix('\'').and_then(|tab| tab.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => tab.to_owned(),
    }
}

fn grid(cells: &str) -> Option<Grid> {
    let (from, to) = cells.split_once(':').unwrap_or((cells, cells));
    let (from, to) = (corner(from)?, corner(to)?);
    // A lone letter or number is no range, and one that has no start cannot have both kinds of ends.
    let whole = |corner: &Corner| corner.row.is_none() || corner.column.is_none();
    if !cells.contains(':') && whole(&from) {
        return None;
    }
    Some(Grid { rows: span(from.row, to.row)?, columns: span(from.column, to.column)? })
}

fn span(from: Option<usize>, to: Option<usize>) -> Option<Span> {
    Some(match (from, to) {
        (Some(from), Some(to)) => Span { start: Some(from.min(to)), end: Some(from.max(to) + 1) },
        (Some(start), None) | (None, Some(start)) => Span { start: Some(start), end: None },
        (None, None) => Span::default(),
    })
}

struct Corner {
    row: Option<usize>,
    column: Option<usize>,
}

/// `B3`, `B` or `3`, and the same with dollar signs.
fn corner(text: &str) -> Option<Corner> {
    let text = text.replace('$', "");
    let letters = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (letters, digits) = text.split_at(letters);
    if text.is_empty() || letters.len() > COLUMN_LETTERS {
        return None;
    }
    let number = |letter: u8| usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().map(number).fold(0, |sum, digit| sum * 26 + digit).checked_sub(1);
    let row = match digits {
        "" => None,
        digits if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            Some(digits.parse::<usize>().ok()?.checked_sub(1)?)
        }
        _ => return None,
    };
    Some(Corner { row, column })
}

/// A column's letters.
pub(super) fn column_name(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.insert(0, b'A' + (column % 26) as u8);
        match (column / 26).checked_sub(1) {
            Some(rest) => column = rest,
            None => return letters.into_iter().map(char::from).collect(),
        }
    }
}

/// A line as sentences name it: a column's letters, a row's number.
pub(super) fn line_name(dimension: Dimension, index: usize) -> String {
    match dimension {
        Dimension::Rows => (index + 1).to_string(),
        Dimension::Columns => column_name(index),
    }
}

/// These cells of this sheet, as Google writes them.
pub(super) fn print(sheet: &Sheet, rect: &Rect) -> String {
    let cell = |row: usize, column: usize| format!("{}{}", column_name(column), row + 1);
    let first = cell(rect.rows.start, rect.columns.start);
    let tab = quoted(&sheet.title);
    match (rect.height(), rect.width()) {
        (0 | 1, 0 | 1) => format!("{tab}!{first}"),
        (height, width) => {
            let last = cell(rect.rows.start + height.max(1) - 1, rect.columns.start + width.max(1) - 1);
            format!("{tab}!{first}:{last}")
        }
    }
}

/// A name that could be taken for something else stands in quotes.
fn quoted(tab: &str) -> String {
    let plain = tab.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
        && !tab.starts_with(|letter: char| letter.is_ascii_digit())
        && corner(tab).is_none();
    match plain {
        true => tab.to_owned(),
        false => format!("'{}'", tab.replace('\'', "''")),
    }
}

/// The cells that are meant, which must begin on the grid. What ends beyond it ends with it.
pub(super) fn on_grid(book: &Book, place: &Place) -> Result<Rect, ApiError> {
    let sheet = &book.sheets[place.sheet];
    let (height, width) = (sheet.rows.len(), sheet.columns.len());
    if place.grid.rows.start.unwrap_or(0) >= height || place.grid.columns.start.unwrap_or(0) >= width {
        return Err(beyond(sheet, &place.grid));
    }
    Ok(Rect { rows: place.grid.rows.within(height), columns: place.grid.columns.within(width) })
}

/// The refusal of what lies beyond the sheet's grid.
pub(super) fn beyond(sheet: &Sheet, grid: &Grid) -> ApiError {
    let (height, width) = (sheet.rows.len(), sheet.columns.len());
    let lines = |span: Span, size: usize| {
        let start = span.start.unwrap_or(0);
        start..span.end.unwrap_or(size).max(start + 1)
    };
    let rect = Rect { rows: lines(grid.rows, height), columns: lines(grid.columns, width) };
    let range = print(sheet, &rect);
    invalid(format!("Range ({range}) exceeds grid limits. Max rows: {height}, max columns: {width}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expect: &str) {
        let mut book = Book::new("Crew", 2026, 1);
        book.sheets.push(Sheet::new(1, "June Availability", 100, 5));
        book.sheets.push(Sheet::new(2, "Dana's", 10, 3));
        let answer = parse(&book, text).and_then(|place| Ok((place.sheet, on_grid(&book, &place)?)));
        let said = match answer {
            Ok((sheet, rect)) => print(&book.sheets[sheet], &rect),
            Err(error) => error.message,
        };
        assert_eq!(said, expect, "{text}");
    }

    #[test]
    fn ranges_are_read_and_written_as_google_does() {
        reads("A1", "Sheet1!A1");
        reads("B3:A1", "Sheet1!A1:B3");
        reads("sheet1!$B$2:c3", "Sheet1!B2:C3");
        reads("Sheet1", "Sheet1!A1:Z1000");
        reads("A:C", "Sheet1!A1:C1000");
        reads("A5:C", "Sheet1!A5:C1000");
        reads("2:2", "Sheet1!A2:Z2");
        reads("'June Availability'!A1:C", "'June Availability'!A1:C100");
        reads("June Availability", "'June Availability'!A1:E100");
        reads("'June Availability'", "'June Availability'!A1:E100");
        reads("'Dana''s'!B2", "'Dana''s'!B2");
        reads("June Availability!AA1", {
            "Range ('June Availability'!AA1) exceeds grid limits. Max rows: 100, max columns: 5"
        });
        reads("Sheet1!A900:AZ2000", "Sheet1!A900:Z1000");
        reads(
            "A1001:B1002",
            "Range (Sheet1!A1001:B1002) exceeds grid limits. Max rows: 1000, max columns: 26",
        );
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for wrong in
            ["Nowhere!A1", "Nowhere", "Sheet1!", "Sheet1!A", "Sheet1!7", "A0", "Sheet1!A1:B2:C3", "Sheet1!Ä1"]
        {
            reads(wrong, &format!("Unable to parse range: {wrong}"));
        }
    }

    #[test]
    fn columns_have_letters() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_name(column), name);
            assert_eq!(corner(name).unwrap().column, Some(column));
        }
    }

    #[test]
    fn a_name_that_reads_like_a_cell_stands_in_quotes() {
        for (tab, expect) in [("Jun26", "'Jun26'"), ("June26", "June26"), ("2026", "'2026'"), ("A_b", "A_b")]
        {
            assert_eq!(quoted(tab), expect);
        }
    }
}

use crewcall_dispatch::limits;
use crewcall_dispatch::sheet::{Book, TabId};
use jiff::civil;

use super::*;
use crate::workbook::read;

fn tab(place: i64, title: &str, rows: Vec<Vec<Cell>>) -> Tab {
    let size = (rows.len(), rows.iter().map(Vec::len).max().unwrap_or(0));
    Tab {
        id: TabId(place),
        title: title.into(),
        rows,
        size,
        merges: Vec::new(),
        protected: Vec::new(),
        too_large: false,
    }
}

fn day(date: civil::Date) -> Cell {
    Cell { text: date.to_string(), date: Some(date), ..Cell::default() }
}

#[test]
fn what_is_written_is_read_again() {
    let hostile = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "'quoted",
        "-",
        "=",
        "{=1}",
        "a\nb",
        "<b>&amp;\"x\" ]]>",
        "_x0041_",
        "_x005F_",
        "0042",
        "1e5",
        "TRUE",
        "#REF!",
        "2026-06-27",
        "6/27",
        "☂ 👩‍✈️ é",
        "12",
        "99999",
        "1234567",
        "https://example.com/",
        "mailto:x@example.com",
    ];
    let header = vec![Cell::text("Name"), day(civil::date(2026, 6, 27)), day(civil::date(2028, 2, 29))];
    let rows = hostile.iter().map(|text| vec![Cell::text(*text), Cell::default(), Cell::text(*text)]);
    let rows: Vec<Vec<Cell>> = std::iter::once(header).chain(rows).collect();
    let book = Book {
        tabs: vec![tab(0, "June 2026 Availability", rows), tab(1, "Roster", vec![vec![Cell::text("Name")]])],
    };
    let file = write(book.tabs.clone()).unwrap();
    assert_eq!(read(&file).unwrap(), book);
}

#[test]
fn a_text_as_long_as_a_cell_goes_in_and_a_longer_one_is_refused() {
    let one = |chars: usize| vec![tab(0, "Roster", vec![vec![Cell::text("x".repeat(chars))]])];
    let file = write(one(limits::CELL_UNITS)).unwrap();
    assert_eq!(read(&file).unwrap().tabs[0].rows[0][0].text.len(), limits::CELL_UNITS);
    let said = write(one(limits::CELL_UNITS + 1)).unwrap_err().to_string();
    assert!(said.starts_with("a workbook cannot hold this"), "{said}");
    let said = write(vec![tab(0, "a/b", Vec::new())]).unwrap_err().to_string();
    assert!(said.contains("a/b"), "{said}");
}

#[test]
fn a_book_without_anything_is_one() {
    let file = write(vec![tab(0, "Roster", Vec::new())]).unwrap();
    assert_eq!(read(&file).unwrap().tabs[0].rows.len(), 0);
}

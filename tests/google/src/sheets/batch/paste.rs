//! Copying and cutting, and cells that are inserted or deleted so that others move.

use serde_json::Value;

use super::super::book::Book;
use super::super::cell::Cell;
use super::super::grid::{Dimension, Rect};
use super::super::sheet::Sheet;
use super::super::{invalid, unimplemented_here};
use crate::error::ApiError;

/// `copyPaste`: as often as the source fits into the destination, at least once.
pub(super) fn copy(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let pasted = fields(request)?;
    let turned = request["pasteOrientation"] == "TRANSPOSE";
    let (from, source) = book.part(&request["source"])?;
    let (to, destination) = book.part(&request["destination"])?;
    let (height, width) = match turned {
        true => (source.width(), source.height()),
        false => (source.height(), source.width()),
    };
    let times = |room: usize, size: usize| if room.is_multiple_of(size) { room.max(size) } else { size };
    let (row, column) = destination.corner();
    let target =
        Rect::of_size((row, column), times(destination.height(), height), times(destination.width(), width));
    let cells: Vec<Option<Cell>> = source.cells().map(|at| book.sheets[from].cell(at).cloned()).collect();
    let sheet = &mut book.sheets[to];
    check_room(sheet, &target)?;
    for at in target.cells() {
        let (down, right) = ((at.0 - row) % height, (at.1 - column) % width);
        let (down, right) = if turned { (right, down) } else { (down, right) };
        let cell = cells[down * source.width() + right].clone().unwrap_or_default();
        sheet.change(at, |kept| paste(kept, &cell, pasted));
    }
    Ok(())
}

/// `cutPaste`.
pub(super) fn cut(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let pasted = fields(request)?;
    let (from, source) = book.part(&request["source"])?;
    let destination = &request["destination"];
    let to = book.sheet_of(destination)?;
    let index = |name: &str| destination[name].as_u64().unwrap_or(0) as usize;
    let corner = (index("rowIndex"), index("columnIndex"));
    let target = Rect::of_size(corner, source.height(), source.width());
    check_room(&book.sheets[to], &target)?;
    let mut lifted = book.sheets[from].lift(&source);
    for (at, old) in target.cells().zip(source.cells()) {
        let cell = lifted.remove(&old).unwrap_or_default();
        book.sheets[to].change(at, |kept| paste(kept, &cell, pasted));
    }
    Ok(())
}

/// `insertRange`: empty cells, for which those behind them move down or to the right. The grid grows for what was
/// written at its end.
pub(super) fn insert(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, rect, dimension) = shifted(book, request)?;
    let sheet = &mut book.sheets[sheet];
    for (at, cell) in sheet.lift(&behind(sheet, &rect, dimension)) {
        let at = match dimension {
            Dimension::Rows => (at.0 + rect.height(), at.1),
            Dimension::Columns => (at.0, at.1 + rect.width()),
        };
        sheet.grow(Dimension::Rows, at.0 + 1);
        sheet.grow(Dimension::Columns, at.1 + 1);
        sheet.put(at, Some(cell));
    }
    Ok(())
}

/// `deleteRange`: cells are gone, and those behind them move up or to the left.
pub(super) fn delete(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, rect, dimension) = shifted(book, request)?;
    let sheet = &mut book.sheets[sheet];
    for (at, cell) in sheet.lift(&behind(sheet, &rect, dimension)) {
        if !rect.contains(at) {
            let at = match dimension {
                Dimension::Rows => (at.0 - rect.height(), at.1),
                Dimension::Columns => (at.0, at.1 - rect.width()),
            };
            sheet.put(at, Some(cell));
        }
    }
    Ok(())
}

/// Which fields of a cell a `PasteType` takes along.
fn fields(request: &Value) -> Result<&'static [&'static str], ApiError> {
    match request["pasteType"].as_str().unwrap_or("PASTE_NORMAL") {
        "PASTE_NORMAL" => {
            Ok(&["userEnteredValue", "userEnteredFormat", "dataValidation", "note", "textFormatRuns"])
        }
        "PASTE_VALUES" | "PASTE_FORMULA" => Ok(&["userEnteredValue"]),
        "PASTE_FORMAT" => Ok(&["userEnteredFormat", "textFormatRuns"]),
        "PASTE_DATA_VALIDATION" => Ok(&["dataValidation"]),
        other => Err(unimplemented_here(format!("the paste type {other}"))),
    }
}

fn paste(kept: &mut Cell, cell: &Cell, fields: &[&str]) {
    for field in fields {
        kept.take_over(field, cell);
    }
}

fn check_room(sheet: &Sheet, target: &Rect) -> Result<(), ApiError> {
    match sheet.whole().covers(target) {
        true => Ok(()),
        false => Err(invalid("The destination is outside of the grid.")),
    }
}

fn shifted(book: &Book, request: &Value) -> Result<(usize, Rect, Dimension), ApiError> {
    let dimension = Dimension::from_json(&request["shiftDimension"])?;
    let (sheet, rect) = book.part(&request["range"])?;
    let moved = behind(&book.sheets[sheet], &rect, dimension);
    let torn =
        book.sheets[sheet].merges.iter().any(|merge| book.sheets[sheet].part(merge).intersects(&moved));
    match torn {
        true => Err(invalid("Cells cannot be moved where some are merged.")),
        false => Ok((sheet, rect, dimension)),
    }
}

/// A range and all that lies behind it.
fn behind(sheet: &Sheet, rect: &Rect, dimension: Dimension) -> Rect {
    match dimension {
        Dimension::Rows => Rect { rows: rect.rows.start..sheet.rows.len(), ..rect.clone() },
        Dimension::Columns => Rect { columns: rect.columns.start..sheet.columns.len(), ..rect.clone() },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::sheets::testing::{Desk, cells};

    #[test]
    fn a_copy_fills_what_it_fits_into() {
        let mut desk = Desk::with(&[&["a", "b"]]);
        desk.batch(json!([
            { "copyPaste": { "source": cells(0..1, 0..2), "destination": cells(1..3, 0..4) } },
            { "copyPaste": { "source": cells(0..1, 0..2), "destination": cells(4..5, 0..1),
                "pasteOrientation": "TRANSPOSE" } },
        ]));
        assert_eq!(desk.read("A1:D3"), [["a", "b", "", ""], ["a", "b", "a", "b"], ["a", "b", "a", "b"]]);
        assert_eq!(desk.read("A5:B6"), [["a", ""], ["b", ""]]);
    }

    #[test]
    fn formats_can_be_copied_alone() {
        let mut desk = Desk::with(&[&["6/27/2026", "46201"]]);
        let copy = |kind: &str| {
            let (source, destination) = (cells(0..1, 0..1), cells(0..1, 1..2));
            json!([{ "copyPaste": { "source": source, "destination": destination, "pasteType": kind } }])
        };
        desk.batch(copy("PASTE_FORMAT"));
        assert_eq!(desk.read("A1:B1"), [["6/27/2026", "6/28/2026"]]);
        let refused = desk.call("batchUpdate", &[], json!({ "requests": copy("PASTE_NO_BORDERS") }));
        assert_eq!(refused.unwrap_err().code, 501);
    }

    #[test]
    fn what_is_cut_is_gone_where_it_was() {
        let mut desk = Desk::with(&[&["a", "b"], &["c", "d"]]);
        let to = json!({ "rowIndex": 1, "columnIndex": 1 });
        desk.batch(json!([{ "cutPaste": { "source": cells(0..2, 0..2), "destination": to,
            "pasteType": "PASTE_NORMAL" } }]));
        assert_eq!(desk.read("A1:C3"), [["", "", ""], ["", "a", "b"], ["", "c", "d"]]);
        let far = json!({ "rowIndex": 999, "columnIndex": 0 });
        let cut = json!([{ "cutPaste": { "source": cells(0..2, 0..2), "destination": far } }]);
        assert!(desk.batch_refused(cut).contains("outside of the grid"));
    }

    #[test]
    fn cells_move_for_others() {
        let mut desk = Desk::with(&[&["a", "b"], &["c", "d"]]);
        desk.batch(json!([{ "insertRange": { "range": cells(0..1, 0..1), "shiftDimension": "ROWS" } }]));
        assert_eq!(desk.read("A1:B3"), [["", "b"], ["a", "d"], ["c", ""]]);
        desk.batch(json!([{ "deleteRange": { "range": cells(0..1, 0..1), "shiftDimension": "COLUMNS" } }]));
        assert_eq!(desk.read("A1:B3"), [["b", ""], ["a", "d"], ["c", ""]]);
    }
}

//! Merging cells: what is not in the upper left corner is gone.

use serde_json::Value;

use super::super::book::Book;
use super::super::grid::Rect;
use super::super::invalid;
use super::super::sheet::Sheet;
use crate::error::ApiError;

/// `mergeCells`: all to one, or row by row, or column by column.
pub(super) fn merge(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, rect) = book.part(&request["range"])?;
    let sheet: &mut Sheet = &mut book.sheets[sheet];
    check_not_torn(sheet, &rect)?;
    let kept = std::mem::take(&mut sheet.merges);
    sheet.merges = kept.into_iter().filter(|merge| !rect.intersects(&sheet.part(merge))).collect();
    for part in parts(&rect, request["mergeType"].as_str().unwrap_or("MERGE_ALL")) {
        if part.height() * part.width() > 1 {
            for at in part.cells().skip(1) {
                if sheet.cell(at).is_some() {
                    sheet.change(at, |cell| cell.set_value(None));
                }
            }
            sheet.merges.push(part.grid());
        }
    }
    Ok(())
}

/// `unmergeCells`.
pub(super) fn unmerge(book: &mut Book, request: &Value) -> Result<(), ApiError> {
    let (sheet, rect) = book.part(&request["range"])?;
    let sheet: &mut Sheet = &mut book.sheets[sheet];
    check_not_torn(sheet, &rect)?;
    let kept = std::mem::take(&mut sheet.merges);
    sheet.merges = kept.into_iter().filter(|merge| !rect.intersects(&sheet.part(merge))).collect();
    Ok(())
}

fn parts(rect: &Rect, kind: &str) -> Vec<Rect> {
    match kind {
        "MERGE_ROWS" => rect.rows.clone().map(|row| Rect { rows: row..row + 1, ..rect.clone() }).collect(),
        "MERGE_COLUMNS" => {
            let columns = rect.columns.clone();
            columns.map(|column| Rect { columns: column..column + 1, ..rect.clone() }).collect()
        }
        _ => vec![rect.clone()],
    }
}

fn check_not_torn(sheet: &Sheet, rect: &Rect) -> Result<(), ApiError> {
    let torn = sheet
        .merges
        .iter()
        .map(|merge| sheet.part(merge))
        .any(|merge| rect.intersects(&merge) && !rect.covers(&merge));
    match torn {
        true => Err(invalid("You must select all cells in a merged range to merge or unmerge them.")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sheets::testing::{Desk, cells};

    #[test]
    fn merged_cells_keep_the_first_one() {
        let mut desk = Desk::with(&[&["a", "b"], &["c", "d"]]);
        let merge = |kind: &str| json!([{ "mergeCells": { "range": cells(0..2, 0..2), "mergeType": kind } }]);
        desk.batch(merge("MERGE_ROWS"));
        assert_eq!(desk.read("A1:B2"), [["a", ""], ["c", ""]]);
        assert_eq!(desk.sheet()["merges"], json!([cells(0..1, 0..2), cells(1..2, 0..2)]));
        desk.batch(merge("MERGE_ALL"));
        assert_eq!(desk.read("A1:B2"), [["a", ""], ["", ""]]);
        assert_eq!(desk.sheet()["merges"], json!([cells(0..2, 0..2)]));
        let torn = json!([{ "unmergeCells": { "range": cells(0..1, 0..2) } }]);
        assert!(desk.batch_refused(torn).contains("select all cells in a merged range"));
        let sort = json!([{ "sortRange": { "range": cells(0..4, 0..2), "sortSpecs": [{}] } }]);
        assert!(desk.batch_refused(sort).contains("merged vertically"));
        desk.batch(json!([{ "unmergeCells": { "range": cells(0..3, 0..3) } }]));
        assert_eq!(desk.sheet().get("merges"), None::<&Value>);
    }
}

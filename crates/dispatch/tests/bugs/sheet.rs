//! The bugs that are planted into what keeps the sheet and the store the same.

use super::{Bug, bug};

pub(crate) const SHEET_BUGS: [Bug; 4] = [
    bug(
        "what is about to be written counts as written",
        "sheet/plan/cells.rs",
        "if «agreed && cell.left.is_none()» {",
        "true",
    ),
    bug(
        "what was typed between reading and writing is not looked for",
        "sheet/batch.rs",
        "if same_row && same_column && «before == shows.trim()» {",
        "true",
    ),
    bug(
        "a row is whose its number says",
        "sheet/batch.rs",
        "let same_row = «at.row == seen.header || seen.rows.get(&at.row) == Some(&key)»;",
        "true",
    ),
    bug(
        "of two rows of one person the last one counts",
        "sheet/rows.rs",
        "«twice(rows, &claims, &mut whose);»",
        "",
    ),
];

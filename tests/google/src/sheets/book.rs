//! One spreadsheet: its properties, its sheets, and the ids that are given in it.

use serde_json::{Map, Value, json};

use super::grid::{Dimension, Grid, Rect};
use super::invalid;
use super::sheet::Sheet;
use crate::error::ApiError;

/// How many cells a spreadsheet may have, counted with the empty ones.
const CELLS: usize = 10_000_000;
/// How many characters a sheet's title may have.
const TITLE: usize = 100;

/// A spreadsheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Book {
    /// The `SpreadsheetProperties`.
    pub(super) properties: Map<String, Value>,
    /// In the order of their tabs.
    pub(super) sheets: Vec<Sheet>,
    /// The developer metadata of the spreadsheet as a whole.
    pub(super) metadata: Vec<Map<String, Value>>,
    /// In which a day is that is typed without a year.
    pub(super) year: i16,
    seed: u64,
}

impl Book {
    /// With one sheet, as everyone gets it.
    pub(super) fn new(title: &str, year: i16, seed: u64) -> Self {
        let mut book = Self::empty(title, year, seed);
        book.sheets.push(Sheet::new(0, "Sheet1", 1000, 26));
        book
    }

    /// Without a sheet, which no spreadsheet stays.
    pub(super) fn empty(title: &str, year: i16, seed: u64) -> Self {
        let Value::Object(properties) = properties(title) else { unreachable!() };
        Self { properties, sheets: Vec::new(), metadata: Vec::new(), year, seed }
    }

    /// An id that looks like Google's and was not given in this book.
    pub(super) fn new_id(&mut self) -> i64 {
        self.seed += 1;
        // The lower half counts up, so that none comes twice.
        (scrambled(self.seed / 0x1_0000) & 0x7fff << 16 | self.seed & 0xffff) as i64
    }

    /// A sheet by its title, which is one whatever the case of its letters.
    pub(super) fn sheet_named(&self, title: &str) -> Option<usize> {
        let exact = self.sheets.iter().position(|sheet| sheet.title == title);
        let lower = title.to_lowercase();
        exact.or_else(|| self.sheets.iter().position(|sheet| sheet.title.to_lowercase() == lower))
    }

    /// A sheet by the `sheetId` of a request, which is zero if it does not say so. Google calls it a grid where cells
    /// are meant.
    pub(super) fn sheet_of(&self, request: &Value) -> Result<usize, ApiError> {
        self.sheet_with(request["sheetId"].as_i64().unwrap_or(0), "grid")
    }

    pub(super) fn sheet_with(&self, id: i64, called: &str) -> Result<usize, ApiError> {
        let found = self.sheets.iter().position(|sheet| sheet.id == id);
        found.ok_or_else(|| invalid(format!("No {called} with id: {id}")))
    }

    /// The cells of a `GridRange`, which must begin on the grid.
    pub(super) fn part(&self, range: &Value) -> Result<(usize, Rect), ApiError> {
        let sheet = self.sheet_of(range)?;
        let grid = Grid::from_json(range)?;
        for (dimension, name) in
            [(Dimension::Rows, "startRowIndex"), (Dimension::Columns, "startColumnIndex")]
        {
            let size = self.sheets[sheet].lines(dimension).len();
            if grid.along(dimension).start.unwrap_or(0) >= size {
                return Err(invalid(format!("range.{name} is larger than current grid size ({size})")));
            }
        }
        Ok((sheet, self.sheets[sheet].part(&grid)))
    }

    /// The first sheet that can be seen.
    pub(super) fn first_visible(&self) -> usize {
        self.sheets.iter().position(|sheet| !sheet.hidden()).unwrap_or(0)
    }

    /// Refuses a title that a sheet cannot have; `but` is the sheet that has it.
    pub(super) fn check_title(&self, title: &str, but: Option<i64>) -> Result<(), ApiError> {
        if title.is_empty() {
            return Err(invalid("The sheet name cannot be empty."));
        }
        if title.chars().count() > TITLE {
            return Err(invalid("The sheet name cannot be greater than 100 characters."));
        }
        match self.sheet_named(title).map(|index| self.sheets[index].id) {
            Some(id) if Some(id) != but => Err(invalid(format!(
                "A sheet with the name \"{title}\" already exists. Please enter another name."
            ))),
            _ => Ok(()),
        }
    }

    /// Refuses a book that is larger than one can be.
    pub(super) fn check_size(&self) -> Result<(), ApiError> {
        let cells: usize = self.sheets.iter().map(|sheet| sheet.rows.len() * sheet.columns.len()).sum();
        match cells > CELLS {
            true => Err(invalid(format!(
                "This action would increase the number of cells in the workbook above the limit of {CELLS} cells."
            ))),
            false => Ok(()),
        }
    }
}

/// Numbers without a pattern that anyone could rely on (SplitMix64), the same ones each time.
pub(super) fn scrambled(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

fn properties(title: &str) -> Value {
    json!({
        "title": title,
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
        "defaultFormat": default_format(),
        "spreadsheetTheme": theme(),
    })
}

/// How a cell looks to which nobody gave a look.
pub(super) fn default_format() -> Value {
    let white = json!({ "red": 1, "green": 1, "blue": 1 });
    json!({
        "backgroundColor": white,
        "backgroundColorStyle": { "rgbColor": white },
        "padding": { "top": 2, "right": 3, "bottom": 2, "left": 3 },
        "verticalAlignment": "BOTTOM",
        "wrapStrategy": "OVERFLOW_CELL",
        "textFormat": {
            "foregroundColor": {},
            "foregroundColorStyle": { "rgbColor": {} },
            "fontFamily": "arial,sans,sans-serif",
            "fontSize": 10,
            "bold": false,
            "italic": false,
            "strikethrough": false,
            "underline": false,
        },
    })
}

fn theme() -> Value {
    let color = |kind: &str, rgb: Value| json!({ "colorType": kind, "color": { "rgbColor": rgb } });
    json!({
        "primaryFontFamily": "Arial",
        "themeColors": [
            color("TEXT", json!({})),
            color("BACKGROUND", json!({ "red": 1, "green": 1, "blue": 1 })),
            color("ACCENT1", json!({ "red": 0.25882354, "green": 0.52156866, "blue": 0.95686275 })),
            color("ACCENT2", json!({ "red": 0.91764706, "green": 0.2627451, "blue": 0.20784314 })),
            color("ACCENT3", json!({ "red": 0.9843137, "green": 0.7372549, "blue": 0.015686275 })),
            color("ACCENT4", json!({ "red": 0.20392157, "green": 0.65882355, "blue": 0.3254902 })),
            color("ACCENT5", json!({ "red": 1, "green": 0.42745098, "blue": 0.003921569 })),
            color("ACCENT6", json!({ "red": 0.27450982, "green": 0.7411765, "blue": 0.7764706 })),
            color("LINK", json!({ "red": 0.06666667, "green": 0.33333334, "blue": 0.8 })),
        ],
    })
}

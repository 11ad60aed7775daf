//! `spreadsheets.get`, with no more of each cell than is looked at.

use std::borrow::Cow;

use crewcall_dispatch::limits;
use crewcall_dispatch::sheet::{Area, At, Book, Cell, Protected, Tab, TabId, serial_date};
use reqwest::Method;
use serde::Deserialize;

use super::{COMPACT, Sheets, SheetsError, parse};
use crate::google::Scope;

/// What is asked for. A cell without format, formula and note costs its text alone.
const FIELDS: [&str; 2] = [
    "properties.title,sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),merges,protectedRanges(range,unprotectedRanges,requestingUserCanEdit,warningOnly),\
                      data(startRow,startColumn,rowData(values(formattedValue,note,userEnteredValue,\
                      effectiveValue(numberValue,errorValue.type),effectiveFormat.numberFormat.type",
    "))))",
];
/// The same of each cell where colours are looked at. What conditions and patterns paint was painted by nobody.
const COLOUR: &str = ",userEnteredFormat.backgroundColorStyle";

/// What stands in the second cell of the tab with the copies, by which it is known whatever people call it.
pub(super) const ABOUT_COPIES: &str = "crewcall keeps here what stood in the rows that it wrote into last, so that nothing \
                                       that was typed at that moment is lost. Please leave this tab.";

/// A spreadsheet as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// What it is called.
    pub title: String,
    /// Its tabs, but for the one with the copies.
    pub book: Book,
    /// The copies that the last batch made, if there is a tab for them.
    pub copies: Option<Copies>,
}

/// The tab with the copies of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copies {
    /// Its id.
    pub tab: i64,
    /// What people call it.
    pub title: String,
    /// Rows and columns of its grid.
    pub size: (usize, usize),
    /// The id of the batch that made them.
    pub batch: String,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Spreadsheet<'a> {
    #[serde(default)]
    properties: Title,
    #[serde(borrow, default)]
    sheets: Vec<Sheet<'a>>,
}

#[derive(Deserialize, Default)]
struct Title {
    #[serde(default)]
    title: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sheet<'a> {
    properties: Properties,
    #[serde(default)]
    merges: Vec<GridRange>,
    #[serde(default)]
    protected_ranges: Vec<ProtectedRange>,
    #[serde(borrow, default)]
    data: Vec<GridData<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    /// A field that is 0 may be left out.
    #[serde(default)]
    sheet_id: i64,
    #[serde(default)]
    title: String,
    #[serde(default)]
    sheet_type: String,
    #[serde(default)]
    grid_properties: Grid,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Grid {
    #[serde(default)]
    row_count: usize,
    #[serde(default)]
    column_count: usize,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct GridRange {
    #[serde(default)]
    start_row_index: usize,
    #[serde(default)]
    end_row_index: Option<usize>,
    #[serde(default)]
    start_column_index: usize,
    #[serde(default)]
    end_column_index: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProtectedRange {
    #[serde(default)]
    range: GridRange,
    /// Of a protected tab.
    #[serde(default)]
    unprotected_ranges: Vec<GridRange>,
    #[serde(default)]
    requesting_user_can_edit: bool,
    #[serde(default)]
    warning_only: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GridData<'a> {
    #[serde(default)]
    start_row: usize,
    #[serde(default)]
    start_column: usize,
    #[serde(borrow, default)]
    row_data: Vec<RowData<'a>>,
}

#[derive(Deserialize)]
struct RowData<'a> {
    #[serde(borrow, default)]
    values: Vec<CellData<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CellData<'a> {
    #[serde(borrow, default)]
    formatted_value: Cow<'a, str>,
    #[serde(borrow, default)]
    note: Cow<'a, str>,
    user_entered_value: Option<Entered>,
    #[serde(default)]
    effective_value: Effective,
    #[serde(default)]
    effective_format: Format,
    #[serde(borrow, default)]
    user_entered_format: Painted<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Painted<'a> {
    #[serde(borrow, default)]
    background_color_style: Colour<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Colour<'a> {
    #[serde(borrow, default)]
    theme_color: Cow<'a, str>,
    #[serde(default)]
    rgb_color: Option<Rgb>,
}

/// Each from 0 to 1.
#[derive(Deserialize)]
struct Rgb {
    #[serde(default)]
    red: f64,
    #[serde(default)]
    green: f64,
    #[serde(default)]
    blue: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entered {
    formula_value: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Effective {
    #[serde(default)]
    number_value: Option<f64>,
    #[serde(default)]
    error_value: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Format {
    #[serde(default)]
    number_format: NumberFormat,
}

#[derive(Deserialize, Default)]
struct NumberFormat {
    #[serde(default, rename = "type")]
    kind: String,
}

impl Sheets<'_> {
    /// Reads the whole spreadsheet; what its cells are painted with only if somebody wants to know.
    ///
    /// # Errors
    /// See [`SheetsError`].
    pub async fn open(&self, spreadsheet_id: &str, colours: bool) -> Result<Opened, SheetsError> {
        let fields = FIELDS.join(if colours { COLOUR } else { "" });
        let url = self.url(spreadsheet_id, &format!("?fields={fields}&{COMPACT}"));
        let answer = self.0.call(Scope::Spreadsheets, Method::GET, &url, None).await?;
        Ok(parse::<Spreadsheet<'_>>(&answer.body)?.opened())
    }
}

impl Spreadsheet<'_> {
    fn opened(self) -> Opened {
        let mut opened = Opened { title: self.properties.title, ..Opened::default() };
        // Charts on tabs of their own have no cells.
        for sheet in
            self.sheets.into_iter().filter(|sheet| matches!(&*sheet.properties.sheet_type, "GRID" | ""))
        {
            let tab = sheet.tab();
            match tab.text(At::new(0, 1)) == ABOUT_COPIES {
                true => opened.copies = Some(Copies::of(&tab)),
                false => opened.book.tabs.push(tab),
            }
        }
        opened
    }

    /// The copies among the tabs.
    pub(super) fn copies(self) -> Option<Copies> {
        self.opened().copies
    }
}

impl Copies {
    fn of(tab: &Tab) -> Self {
        let texts = |row: &Vec<Cell>| row.iter().map(|cell| cell.text.clone()).collect();
        Self {
            tab: tab.id.0,
            title: tab.title.clone(),
            size: tab.size,
            batch: tab.text(At::new(0, 0)).to_owned(),
            rows: tab.rows.iter().skip(1).map(texts).collect(),
        }
    }
}

impl Sheet<'_> {
    fn tab(self) -> Tab {
        let Properties { sheet_id, title, grid_properties, .. } = self.properties;
        let (mut rows, mut too_large): (Vec<Vec<Cell>>, bool) = (Vec::new(), false);
        for part in self.data {
            for (row, data) in (part.start_row..).zip(part.row_data) {
                for (column, cell) in (part.start_column..).zip(data.values) {
                    let cell = cell.cell();
                    if cell == Cell::default() {
                        continue;
                    }
                    if row >= limits::SHEET_ROWS || column >= limits::SHEET_COLUMNS {
                        too_large = true;
                        continue;
                    }
                    if rows.len() <= row {
                        rows.resize(row + 1, Vec::new());
                    }
                    if rows[row].len() <= column {
                        rows[row].resize(column + 1, Cell::default());
                    }
                    rows[row][column] = cell;
                }
            }
        }
        // The end of a range is behind it; where it has none, neither has the range.
        let end = |end: Option<usize>| end.map_or(usize::MAX, |end| end.saturating_sub(1));
        let area = |range: GridRange| Area {
            first: At::new(range.start_row_index, range.start_column_index),
            last: At::new(end(range.end_row_index), end(range.end_column_index)),
        };
        let closed = self.protected_ranges.into_iter();
        let closed = closed.filter(|range| !range.requesting_user_can_edit && !range.warning_only);
        let protected = closed.map(|closed| Protected {
            area: area(closed.range),
            except: closed.unprotected_ranges.into_iter().map(area).collect(),
        });
        let protected = protected.collect();
        let size = (grid_properties.row_count, grid_properties.column_count);
        let merges = self.merges.into_iter().map(area).collect();
        if too_large {
            rows.clear();
        }
        Tab { id: TabId(sheet_id), title, rows, size, merges, protected, too_large }
    }
}

impl Colour<'_> {
    /// White is as good as nothing: so people take colours away.
    fn name(&self) -> String {
        let byte = |part: f64| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
        match &self.rgb_color {
            Some(Rgb { red, green, blue }) => match [*red, *green, *blue].map(byte) {
                [255, 255, 255] => String::new(),
                [red, green, blue] => format!("#{red:02x}{green:02x}{blue:02x}"),
            },
            None if self.theme_color == "BACKGROUND" => String::new(),
            None => self.theme_color.to_lowercase(),
        }
    }
}

impl CellData<'_> {
    fn cell(self) -> Cell {
        let is_date = matches!(&*self.effective_format.number_format.kind, "DATE" | "DATE_TIME");
        // Whole days; the time of a date is not looked at.
        let date =
            self.effective_value.number_value.filter(|_| is_date).and_then(|days| serial_date(days as i64));
        // What nobody entered a formula beside has put there.
        let entered = self.user_entered_value;
        let formula =
            entered.map_or(!self.formatted_value.is_empty(), |entered| entered.formula_value.is_some());
        Cell {
            text: self.formatted_value.into_owned(),
            date,
            formula,
            error: self.effective_value.error_value.is_some(),
            note: self.note.into_owned(),
            colour: self.user_entered_format.background_color_style.name(),
        }
    }
}

//! One sheet, which people call a tab: its lines, its cells, and what lies over them.
//!
//! What belongs to a row or a column (width, hiding, developer metadata) is kept with that line, what belongs to a
//! cell with the cell. So whatever moves lines or cells moves all of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::grid::{Dimension, Grid, Rect};

/// A row or a column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Line {
    pub(super) hidden: bool,
    /// If it is not as wide or high as lines usually are.
    pub(super) pixels: Option<i64>,
    /// `DeveloperMetadata` without its location, which is here.
    pub(super) metadata: Vec<Map<String, Value>>,
}

/// A `ProtectedRange`, whose fields do not say where it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Protected {
    pub(super) grid: Grid,
    pub(super) fields: Map<String, Value>,
}

/// A `BasicFilter`, whose fields do not say where it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter {
    pub(super) grid: Grid,
    pub(super) fields: Map<String, Value>,
}

/// A sheet of a book.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    pub(super) id: i64,
    pub(super) title: String,
    /// The `SheetProperties` but for id, title, index and the size of the grid.
    pub(super) properties: Map<String, Value>,
    pub(super) rows: Vec<Line>,
    pub(super) columns: Vec<Line>,
    /// By row and column; a cell in which nothing was written is not there.
    pub(super) cells: BTreeMap<(usize, usize), Cell>,
    pub(super) merges: Vec<Grid>,
    pub(super) protected: Vec<Protected>,
    pub(super) filter: Option<Filter>,
    /// That of the sheet as a whole.
    pub(super) metadata: Vec<Map<String, Value>>,
}

impl Sheet {
    pub(super) fn new(id: i64, title: &str, height: usize, width: usize) -> Self {
        Self {
            id,
            title: title.to_owned(),
            properties: Map::new(),
            rows: vec![Line::default(); height],
            columns: vec![Line::default(); width],
            cells: BTreeMap::new(),
            merges: Vec::new(),
            protected: Vec::new(),
            filter: None,
            metadata: Vec::new(),
        }
    }

    pub(super) fn lines(&self, dimension: Dimension) -> &Vec<Line> {
        match dimension {
            Dimension::Rows => &self.rows,
            Dimension::Columns => &self.columns,
        }
    }

    pub(super) fn lines_mut(&mut self, dimension: Dimension) -> &mut Vec<Line> {
        match dimension {
            Dimension::Rows => &mut self.rows,
            Dimension::Columns => &mut self.columns,
        }
    }

    /// All of it.
    pub(super) fn whole(&self) -> Rect {
        Rect { rows: 0..self.rows.len(), columns: 0..self.columns.len() }
    }

    /// These cells as far as there are any.
    pub(super) fn part(&self, grid: &Grid) -> Rect {
        Rect { rows: grid.rows.within(self.rows.len()), columns: grid.columns.within(self.columns.len()) }
    }

    pub(super) fn hidden(&self) -> bool {
        self.properties.get("hidden") == Some(&Value::Bool(true))
    }

    pub(super) fn cell(&self, at: (usize, usize)) -> Option<&Cell> {
        self.cells.get(&at)
    }

    /// Changes a cell, which is gone if nothing is left of it.
    pub(super) fn change<T>(&mut self, at: (usize, usize), change: impl FnOnce(&mut Cell) -> T) -> T {
        let cell = self.cells.entry(at).or_default();
        let changed = change(cell);
        if cell.0.is_empty() {
            self.cells.remove(&at);
        }
        changed
    }

    /// Puts a cell, or none, in the place of another one.
    pub(super) fn put(&mut self, at: (usize, usize), cell: Option<Cell>) {
        match cell {
            Some(cell) => self.cells.insert(at, cell),
            None => self.cells.remove(&at),
        };
    }

    /// Takes the cells out that are written there.
    pub(super) fn lift(&mut self, rect: &Rect) -> BTreeMap<(usize, usize), Cell> {
        let (lifted, left) =
            std::mem::take(&mut self.cells).into_iter().partition(|(at, _)| rect.contains(*at));
        self.cells = left;
        lifted
    }

    /// Makes it so long, or so wide, with new lines at its end.
    pub(super) fn grow(&mut self, dimension: Dimension, size: usize) {
        let lines = self.lines_mut(dimension);
        lines.resize(size.max(lines.len()), Line::default());
    }

    /// The `SheetProperties`.
    pub(super) fn properties(&self, index: usize) -> Map<String, Value> {
        let mut properties = self.properties.clone();
        let grid = properties.entry("gridProperties").or_insert_with(|| json!({}));
        grid["rowCount"] = json!(self.rows.len());
        grid["columnCount"] = json!(self.columns.len());
        properties.insert("sheetId".into(), json!(self.id));
        properties.insert("title".into(), json!(self.title));
        properties.insert("index".into(), json!(index));
        properties.insert("sheetType".into(), json!("GRID"));
        properties
    }

    /// How many of its lines stay in sight.
    pub(super) fn frozen(&self, dimension: Dimension) -> usize {
        let grid = self.properties.get("gridProperties");
        let count = grid.and_then(|grid| grid[frozen_name(dimension)].as_u64());
        count.unwrap_or(0) as usize
    }

    pub(super) fn set_frozen(&mut self, dimension: Dimension, count: usize) {
        let grid = self.properties.entry("gridProperties").or_insert_with(|| json!({}));
        if let Some(grid) = grid.as_object_mut() {
            match count {
                0 => grid.remove(frozen_name(dimension)),
                count => grid.insert(frozen_name(dimension).to_owned(), json!(count)),
            };
        }
    }
}

fn frozen_name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Rows => "frozenRowCount",
        Dimension::Columns => "frozenColumnCount",
    }
}

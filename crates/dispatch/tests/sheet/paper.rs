//! A spreadsheet as people have it before them, with what they do to it, and with what the program's batches do.

use std::collections::BTreeMap;

use crewcall_dispatch::sheet::{At, Batch, Book, Cell, Edit, Tab, TabId};

/// The id of a batch, and the rows that it copied.
pub(crate) type Copies = (String, Vec<Vec<String>>);

#[derive(Debug, Clone, Default)]
pub(crate) struct Paper {
    pub(crate) tabs: Vec<Sheet>,
    /// The id of the last batch, and what it copied.
    pub(crate) copies: Copies,
}

#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) id: TabId,
    pub(crate) title: String,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Paper {
    pub(crate) fn read(&self) -> Book {
        let tab = |sheet: &Sheet| Tab {
            id: sheet.id,
            title: sheet.title.clone(),
            size: (sheet.rows.len() + 5, sheet.width() + 1),
            rows: sheet.rows.clone(),
            merges: Vec::new(),
            protected: Vec::new(),
            too_large: false,
        };
        Book { tabs: self.tabs.iter().map(tab).collect() }
    }

    pub(crate) fn tab(&mut self, id: TabId) -> Option<&mut Sheet> {
        self.tabs.iter_mut().find(|tab| tab.id == id)
    }

    /// Carries a batch out, whole; or not at all, if a tab is not there any more.
    pub(crate) fn apply(&mut self, batch: &Batch) -> bool {
        let known: BTreeMap<TabId, &Sheet> = self.tabs.iter().map(|tab| (tab.id, tab)).collect();
        if batch.edits.iter().any(|edit| !known.contains_key(&edit.tab())) {
            return false;
        }
        let texts = |(tab, row): &(TabId, usize)| {
            let row = known[tab].rows.get(*row);
            row.map_or_else(Vec::new, |row| row.iter().map(|cell| cell.text.clone()).collect())
        };
        let copies = batch.rows.iter().map(texts).collect();
        self.copies = (batch.id.clone(), copies);
        for edit in &batch.edits {
            let Some(sheet) = self.tab(edit.tab()) else { continue };
            match edit {
                Edit::Cell { at, text, .. } => sheet.cell(*at).text.clone_from(text),
                Edit::Note { at, note, .. } => sheet.cell(*at).note.clone_from(note),
                Edit::Row { below, cells, .. } => {
                    let place = (below + 1).min(sheet.rows.len());
                    sheet.rows.insert(place, Vec::new());
                    for (column, text) in cells {
                        sheet.cell(At::new(place, *column)).text.clone_from(text);
                    }
                }
                Edit::Columns { .. } => {}
            }
        }
        true
    }
}

impl Sheet {
    pub(crate) fn new(id: i64, title: &str, rows: &[&[&str]]) -> Self {
        let rows = rows.iter().map(|row| row.iter().map(|text| Cell::text(*text)).collect()).collect();
        Self { id: TabId(id), title: title.into(), rows }
    }

    pub(crate) fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    pub(crate) fn cell(&mut self, at: At) -> &mut Cell {
        if self.rows.len() <= at.row {
            self.rows.resize(at.row + 1, Vec::new());
        }
        let row = &mut self.rows[at.row];
        if row.len() <= at.column {
            row.resize(at.column + 1, Cell::default());
        }
        &mut row[at.column]
    }

    pub(crate) fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", |cell| cell.text.trim())
    }

    /// The row with the headings.
    pub(crate) fn header(&self) -> usize {
        let has_names = |row: &usize| (0..self.width()).any(|column| self.text(*row, column) == "Name");
        (0..self.rows.len()).find(has_names).unwrap_or(0)
    }

    /// The column with that heading.
    pub(crate) fn column(&self, heading: &str) -> Option<usize> {
        let header = self.header();
        (0..self.width()).find(|column| self.text(header, *column) == heading)
    }

    /// Where a row begins below the header.
    pub(crate) fn first(&self) -> usize {
        self.header() + 1
    }

    /// The rows below the header that have a name.
    pub(crate) fn named_rows(&self) -> Vec<usize> {
        let Some(names) = self.column("Name") else { return Vec::new() };
        (self.first()..self.rows.len()).filter(|row| !self.text(*row, names).is_empty()).collect()
    }
}

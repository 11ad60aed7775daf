//! The tab of charters, where the office has one: a row for each, kept as the store has it. Nothing is taken from it, and
//! what people typed over it stays.

use std::collections::BTreeMap;

use super::{Edit, Owner, Planning};
use crate::model::CharterId;
use crate::sheet::book::{At, Tab};
use crate::sheet::charters::CharterField;
use crate::sheet::reading::shown;
use crate::sheet::table::{Held, Holds, Table};

/// A charter, as its row shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub id: CharterId,
    /// What is said of it, without blanks around it; what is not there is blank.
    pub says: BTreeMap<CharterField, String>,
    /// Whether it gets a row if it has none.
    pub wanted: bool,
}

impl Listed {
    /// What its row shows in a column.
    pub(in crate::sheet) fn text(&self, field: CharterField) -> &str {
        match field {
            CharterField::Charter => self.id.as_str(),
            field => self.says.get(&field).map_or("", String::as_str),
        }
    }
}

impl Planning<'_> {
    pub(super) fn list_charters(&mut self) {
        // Those of long ago are none of the sheet's business any more, and their rows stay as they are.
        let sides = self.sides;
        self.plan.memory.charters.retain(|id, _| sides.charters.iter().any(|listed| listed.id == *id));
        let tabs = self.plan.reading.tabs.clone();
        for read in &tabs {
            let Holds::Charters(table) = &read.holds else { continue };
            let Some(tab) = self.book.tab(read.id).filter(|tab| !self.stopped.contains(&tab.id)) else {
                continue;
            };
            // What was listed elsewhere says nothing of a tab that is new.
            if !self.before.tabs.contains_key(&read.id) {
                self.plan.memory.charters.clear();
            }
            let rows = rows(tab, table);
            let mut below = rows.values().max().copied().unwrap_or(table.header);
            for listed in &sides.charters {
                match rows.get(&listed.id) {
                    Some(row) => self.list(tab, table, *row, listed),
                    // Whoever deletes a row does not want it.
                    None if listed.wanted && !self.plan.memory.charters.contains_key(&listed.id) => {
                        let cells =
                            fields(table).map(|(column, field)| (column, listed.text(field).to_owned()));
                        let cells = cells.filter(|(_, text)| !text.is_empty()).collect();
                        let agrees = fields(table)
                            .map(|(_, field)| (field.heading().to_owned(), listed.text(field).to_owned()));
                        let agrees = agrees.collect();
                        let owner = Owner::Charter(listed.id.clone());
                        let edit =
                            Edit::Row { tab: tab.id, below, cells, unpainted: Vec::new(), owner, agrees };
                        self.plan.edits.push(edit);
                        below += 1;
                    }
                    None => {}
                }
            }
        }
    }

    /// Cell by cell: what is blank or was the program's is written, what people typed stays.
    fn list(&mut self, tab: &Tab, table: &Table, row: usize, listed: &Listed) {
        let before = self.plan.memory.charters.get(&listed.id).cloned().unwrap_or_default();
        let known = self.plan.memory.charters.entry(listed.id.clone()).or_default();
        let mut edits = Vec::new();
        for (column, field) in fields(table).filter(|(_, field)| *field != CharterField::Charter) {
            let at = At::new(row, column);
            let (shows, locked) = shown(tab, at);
            let (text, base) = (listed.text(field), before.get(&field).map_or("", String::as_str));
            if shows == text {
                match text.is_empty() {
                    true => drop(known.remove(&field)),
                    false => drop(known.insert(field, text.to_owned())),
                }
            } else if (shows == base || (shows.is_empty() && base != text)) && !locked {
                let (tab, shows, text) = (tab.id, shows.to_owned(), text.to_owned());
                let charter = Some((listed.id.clone(), field));
                edits.push(Edit::Cell { tab, at, shows, text, agrees: None, charter });
            }
        }
        self.plan.edits.append(&mut edits);
    }
}

/// The rows that name a charter; of two of one charter the upper one.
fn rows(tab: &Tab, table: &Table) -> BTreeMap<CharterId, usize> {
    let column = fields(table).find(|(_, field)| *field == CharterField::Charter);
    let mut rows = BTreeMap::new();
    for row in table.header + 1..tab.height() {
        let id = column.and_then(|(column, _)| tab.text(At::new(row, column)).parse().ok());
        if let Some(id) = id {
            rows.entry(id).or_insert(row);
        }
    }
    rows
}

fn fields(table: &Table) -> impl Iterator<Item = (usize, CharterField)> {
    let field = |held: &Held| if let Held::Charter(field) = held { Some(*field) } else { None };
    table.columns.iter().filter_map(move |column| Some((column.column, field(&column.holds)?)))
}

//! What is not read of headers and rows, and has to be asked.

use super::book::{Address, At, Book};
use super::plan::Ask;
use super::reading::Reading;
use super::table::{Held, Holds, TabRead, Table};
use super::why::Why;

impl Reading {
    /// What is not read of the headers and rows of these tabs.
    pub fn unread(&self, book: &Book, of: impl Fn(&TabRead) -> bool) -> Vec<Ask> {
        let tabs = self.tabs.iter().filter(|read| !matches!(read.holds, Holds::Charters(_)) && of(read));
        let asks = tabs.flat_map(|read| {
            let of_table = read.tables().iter().flat_map(|table| headings(table).chain(rows(table)));
            of_table.map(move |(at, why)| Ask {
                at: Address { tab: read.title.clone(), at },
                text: book.tab(read.id).map_or("", |tab| tab.text(at)).to_owned(),
                why: why.clone(),
            })
        });
        asks.collect()
    }
}

fn headings(table: &Table) -> impl Iterator<Item = (At, &Why)> {
    let row = table.days.unwrap_or(table.header);
    table.columns.iter().filter_map(move |column| match &column.holds {
        Held::Unread(why) => Some((At::new(row, column.column), why)),
        _ => None,
    })
}

fn rows(table: &Table) -> impl Iterator<Item = (At, &Why)> {
    let of = |row: &'_ super::table::Row| At::new(row.row, row.named_in);
    table.rows.iter().filter_map(move |row| Some((of(row), row.person.as_ref().err()?)))
}

//! Reading a store from one end to the other.

use async_trait::async_trait;

use super::{Key, Row, Store, StoreError, Table};

/// Rows read at one go.
pub const SCAN_PAGE: usize = 500;

/// Some of a store's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In no order that means anything; perhaps none.
    pub rows: Vec<Row>,
    /// How many items of other programs are among them, and are no rows.
    pub others: usize,
    /// From where to read on. `None` at the end.
    pub next: Option<String>,
}

/// A store that can be read whole. What does that takes as long as the store is large, so nothing that people wait
/// for asks for it: copying does.
#[async_trait]
pub trait Scan: Store {
    /// The rows from this place on, which the page before named; from the beginning without one. A row that is
    /// there all the while comes once; one that is written meanwhile may or may not.
    ///
    /// # Errors
    ///
    /// As every read of a [`Store`]; also if the place is none.
    async fn scan(&self, from: Option<&str>) -> Result<Page, StoreError>;
}

/// All pages of a store, one after the other.
pub(super) struct Pages<'a> {
    store: &'a dyn Scan,
    /// From where to read on; `None` when all is read.
    place: Option<Option<String>>,
}

impl<'a> Pages<'a> {
    pub(super) fn of(store: &'a dyn Scan) -> Self {
        Self { store, place: Some(None) }
    }

    /// The next page. `None` after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Page>, StoreError> {
        let Some(from) = self.place.take() else { return Ok(None) };
        let page = self.store.scan(from.as_deref()).await?;
        self.place = page.next.clone().map(Some);
        Ok(Some(page))
    }
}

/// The place after a row, in a store that reads table by table and by id.
pub(super) fn place_after(key: &Key) -> String {
    format!("{}/{}", key.table.name(), key.id)
}

/// Which table to read, and after which id.
pub(super) fn place(from: Option<&str>) -> Result<(Table, &str), StoreError> {
    let Some(from) = from else { return Ok((Table::ALL[0], "")) };
    let parts = from.split_once('/');
    let found =
        parts.and_then(|(name, id)| Some((Table::ALL.into_iter().find(|table| table.name() == name)?, id)));
    found.ok_or_else(|| StoreError::corrupt("the place to read on from", NoPlace(from.to_owned())))
}

/// The page of these rows of one table: the place after it is that of the last row, or the next table.
pub(super) fn page(table: Table, rows: Vec<Row>) -> Page {
    let next = match rows.last() {
        Some(last) if rows.len() == SCAN_PAGE => Some(place_after(&last.key)),
        _ => Table::ALL.get(table.index() + 1).map(|table| format!("{}/", table.name())),
    };
    Page { rows, others: 0, next }
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is none")]
pub(super) struct NoPlace(pub(super) String);

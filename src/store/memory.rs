//! A store in memory, for the demo and for tests: gone when the program ends, otherwise like the others.
//!
//! Its indexes are what the SQL indexes of the SQLite store are: ordered sets beside the rows, so that a look at
//! what is due costs what it finds and not what is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;

use super::item::{from_micros, micros_down, micros_up};
use super::scan::{self, SCAN_PAGE};
use super::write::{check_commit, check_get};
use super::{CommitError, Key, Listing, Page, Query, Row, Scan, Store, StoreError, Table, Write};

/// Rows in ordered maps behind one lock, which is only ever held for work in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<[Rows; Table::ALL.len()]>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn tables(&self) -> MutexGuard<'_, [Rows; Table::ALL.len()]> {
        // A commit checks everything before it changes anything, so even a panic leaves no half of one.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        check_get(keys)?;
        let tables = self.tables();
        keys.iter().map(|key| tables[key.table.index()].row(key.table, &key.id)).collect()
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        self.tables()[query.table.index()].list(query)
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.tables()[table.index()].due(table, micros_down(until), limit)
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        let tables = self.tables();
        let first = tables[table.index()].due.first();
        first.map(|(micros, id)| from_micros(&Key::new(table, id), *micros)).transpose()
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        check_commit(&writes)?;
        let mut tables = self.tables();
        for write in &writes {
            let key = write.key();
            let found = tables[key.table.index()].rows.get(&key.id).map(|stored| stored.version);
            if !write.expected().holds(found) {
                return Err(CommitError::Conflict(key.clone()));
            }
        }
        for write in writes {
            match write {
                Write::Put { key, expect: _, body, listing, due_at } => {
                    let rows = &mut tables[key.table.index()];
                    let version = rows.rows.get(&key.id).map_or(1, |stored| stored.version + 1);
                    let stored = Stored { version, body, listing, due_at: due_at.map(micros_up) };
                    rows.put(key.id, stored);
                }
                Write::Delete { key, .. } => tables[key.table.index()].remove(&key.id),
                Write::Check { .. } => {}
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Scan for MemoryStore {
    async fn scan(&self, from: Option<&str>) -> Result<Page, StoreError> {
        let (table, after) = scan::place(from)?;
        let tables = self.tables();
        let rows = &tables[table.index()];
        let ids = rows.rows.range::<str, _>((Bound::Excluded(after), Bound::Unbounded)).take(SCAN_PAGE);
        let rows = ids.filter_map(|(id, _)| rows.row(table, id).transpose()).collect::<Result<_, _>>()?;
        Ok(scan::page(table, rows))
    }
}

/// One table with its two indexes.
#[derive(Debug, Default)]
struct Rows {
    rows: BTreeMap<String, Stored>,
    /// Under, order, id.
    listed: BTreeSet<(String, String, String)>,
    /// Microseconds, id.
    due: BTreeSet<(i64, String)>,
}

#[derive(Debug)]
struct Stored {
    version: u64,
    body: String,
    listing: Option<Listing>,
    due_at: Option<i64>,
}

impl Rows {
    fn row(&self, table: Table, id: &str) -> Result<Option<Row>, StoreError> {
        let Some(stored) = self.rows.get(id) else { return Ok(None) };
        let key = Key::new(table, id);
        let due_at = stored.due_at.map(|micros| from_micros(&key, micros)).transpose()?;
        let (body, listing) = (stored.body.clone(), stored.listing.clone());
        Ok(Some(Row { key, version: stored.version, body, listing, due_at }))
    }

    fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        let (table, under) = (query.table, query.under.as_str());
        let from = query.from.as_deref().unwrap_or_default();
        // A range that ends before it starts would panic, and finds nothing anyhow.
        if query.to.as_deref().is_some_and(|to| to <= from) {
            return Ok(Vec::new());
        }
        if table.lists_by_id() {
            let end = query.to.as_ref().map_or_else(|| format!("{under}0"), |to| format!("{under}/{to}"));
            let listed = self.rows.range(format!("{under}/{from}")..end).map(|(id, _)| id);
            return self.some(query, listed);
        }
        let start = (under.to_owned(), from.to_owned(), String::new());
        let end = match &query.to {
            Some(to) => (under.to_owned(), to.clone(), String::new()),
            None => (format!("{under}\0"), String::new(), String::new()),
        };
        self.some(query, self.listed.range(start..end).map(|(_, _, id)| id))
    }

    /// As many of these rows as are wanted, from the end that is wanted.
    fn some<'a>(
        &self,
        query: &Query,
        ids: impl DoubleEndedIterator<Item = &'a String>,
    ) -> Result<Vec<Row>, StoreError> {
        let row = |id: &String| self.row(query.table, id).transpose();
        if query.backwards {
            ids.rev().take(query.limit).filter_map(row).collect()
        } else {
            ids.take(query.limit).filter_map(row).collect()
        }
    }

    fn due(&self, table: Table, until: i64, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.due
            .iter()
            .take_while(|(micros, _)| *micros <= until)
            .take(limit)
            .filter_map(|(_, id)| self.row(table, id).transpose())
            .collect()
    }

    fn put(&mut self, id: String, stored: Stored) {
        self.remove(&id);
        if let Some(Listing { under, order }) = &stored.listing {
            self.listed.insert((under.clone(), order.clone(), id.clone()));
        }
        if let Some(micros) = stored.due_at {
            self.due.insert((micros, id.clone()));
        }
        self.rows.insert(id, stored);
    }

    fn remove(&mut self, id: &str) {
        let Some(old) = self.rows.remove(id) else { return };
        if let Some(Listing { under, order }) = old.listing {
            self.listed.remove(&(under, order, id.to_owned()));
        }
        if let Some(micros) = old.due_at {
            self.due.remove(&(micros, id.to_owned()));
        }
    }
}

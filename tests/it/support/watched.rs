//! A store that can be looked at whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crewcall::store::{CommitError, GET_KEYS, Key, Query, Row, Store, StoreError, Table, Write};
use jiff::Timestamp;

/// A store, empty at first, that remembers the keys that were written and how large each commit was. So all of its
/// rows can be read by key, on stores of every kind, also those that are neither listed nor due.
pub(crate) struct Watched {
    inner: Arc<dyn Store>,
    keys: Mutex<BTreeSet<Key>>,
    sizes: Mutex<Vec<usize>>,
}

impl Watched {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Self {
        Watched { inner, keys: Mutex::default(), sizes: Mutex::default() }
    }

    /// Every row of every table.
    pub(crate) async fn rows(&self) -> BTreeMap<Key, Row> {
        let keys: Vec<Key> = self.keys.lock().unwrap().iter().cloned().collect();
        let mut rows = BTreeMap::new();
        for some in keys.chunks(GET_KEYS) {
            let found = self.inner.get(some).await.unwrap();
            rows.extend(found.into_iter().flatten().map(|row| (row.key.clone(), row)));
        }
        rows
    }

    /// The items of the largest commit since the last time that this was asked.
    pub(crate) fn largest_commit(&self) -> usize {
        self.sizes.lock().unwrap().drain(..).max().unwrap_or(0)
    }
}

#[async_trait]
impl Store for Watched {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        self.inner.get(keys).await
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        self.inner.list(query).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.inner.due(table, until, limit).await
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(table).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        self.keys.lock().unwrap().extend(writes.iter().map(|write| write.key().clone()));
        self.sizes.lock().unwrap().push(writes.len());
        self.inner.commit(writes).await
    }
}

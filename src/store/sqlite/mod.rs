//! One SQLite file: the store of a single machine.
//!
//! **Writing.** A commit must be on the disk before it is acknowledged, and an fsync takes from a tenth of a
//! millisecond to several. So one thread writes, and takes all commits that wait into one transaction with one
//! fsync ([`writer`]). Alone a commit waits for nobody; in a crowd the crowd shares the wait.
//!
//! **Reading.** In WAL mode readers wait for no writer. Reads by key or of the next deadline take microseconds
//! and happen right where they are asked for; lists and due rows may be long, and go to the runtime's threads
//! for blocking work ([`readers`]).
//!
//! **Two processes** on one file are in order: SQLite's locks keep their transactions apart, and every
//! transaction begins by taking the write lock, so that none has to be given up half-way.

mod backup;
mod connection;
mod readers;
mod schema;
mod sql;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

pub use self::backup::{BackupError, back_up, restore};
use self::connection::Files;
use self::readers::Readers;
use self::writer::Writer;
use super::scan::{self, SCAN_PAGE};
use super::write::{check_commit, check_get};
use super::{CommitError, Key, Page, Query, Row, Scan, Store, StoreError, Table, Write};

/// A store in one SQLite file.
///
/// Dropping it finishes the commits that were handed in and waits for them.
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped in this order: the last connection to close must be the writer's, which folds the write-ahead log
    // into the file.
    readers: Arc<Readers>,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, creates it (readable by this user only) if it is new, and brings it to the current schema.
    ///
    /// This blocks the thread for as long as that takes: call it while starting.
    ///
    /// # Errors
    ///
    /// The opening errors of [`StoreError`], each naming the file and the way out. A file that is not ours or
    /// newer than this program is left untouched.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let mut connection = connection::open_to_write(path)?;
        schema::migrate(&mut connection, path)?;
        let readers = Arc::new(Readers::open(path)?);
        let writer = Writer::start(connection, Files::of(path)?)?;
        Ok(SqliteStore { readers, writer })
    }

    /// Runs a read that may be long where blocking is allowed.
    async fn aside<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Readers) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = Arc::clone(&self.readers);
        let done = tokio::task::spawn_blocking(move || read(&readers)).await;
        done.map_err(|error| StoreError::unavailable("reading rows", error))?
    }
}

#[async_trait]
impl Scan for SqliteStore {
    async fn scan(&self, from: Option<&str>) -> Result<Page, StoreError> {
        let (table, after) = scan::place(from)?;
        let after = after.to_owned();
        let rows = self.aside(move |readers| readers.after(table, &after, SCAN_PAGE)).await?;
        Ok(scan::page(table, rows))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        check_get(keys)?;
        // Not on another thread: the hand-over there and back costs more than the few microseconds of a read by
        // key from the page cache, and nothing in WAL mode makes it wait.
        self.readers.get(keys)
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        let query = query.clone();
        self.aside(move |readers| readers.list(&query)).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        // Most looks find nothing, and the first entry of the index says so right here.
        match self.readers.next_due(table)? {
            Some(first) if first <= until => {
                self.aside(move |readers| readers.due(table, until, limit)).await
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        // The first entry of an index: as cheap as a read by key.
        self.readers.next_due(table)
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        check_commit(&writes)?;
        if writes.is_empty() {
            return Ok(());
        }
        self.writer.commit(writes).await
    }
}

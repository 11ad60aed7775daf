//! The connections that read.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

use jiff::Timestamp;
use rusqlite::Connection;

use super::connection::open_to_read;
use super::sql::{self, failed};
use crate::store::item::{from_micros, micros_down};
use crate::store::{Key, Query, Row, StoreError, Table};

/// Connections for reads by key at most; more than the cores can never be busy at once.
const POINT_CONNECTIONS: usize = 4;
/// Connections for lists and due rows.
const SCAN_CONNECTIONS: usize = 2;

/// Two pools, so that a read by key, which happens on a thread of the runtime, never waits for a list.
#[derive(Debug)]
pub(super) struct Readers {
    points: Pool,
    scans: Pool,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Ok(Readers {
            points: Pool::open(path, cores.min(POINT_CONNECTIONS))?,
            scans: Pool::open(path, SCAN_CONNECTIONS)?,
        })
    }

    pub(super) fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        let Some(first) = keys.first() else { return Ok(Vec::new()) };
        let connection = self.points.take();
        if keys.len() == 1 {
            return Ok(vec![get(&connection, first)?]);
        }
        // One transaction is one lock taken instead of one for each key. It ends with the guard.
        let snapshot = connection.unchecked_transaction().map_err(|error| failed(first.table, error))?;
        keys.iter().map(|key| get(&snapshot, key)).collect()
    }

    pub(super) fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        let from = query.from.as_deref().unwrap_or_default();
        let bounds = (&query.under, from, &query.to, sql_limit(query.limit));
        select(&self.scans.take(), query.table, sql::on(query.table).list(query.backwards), bounds)
    }

    pub(super) fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        select(&self.scans.take(), table, &sql::on(table).due, (micros_down(until), sql_limit(limit)))
    }

    /// The rows whose ids come after this one.
    pub(super) fn after(&self, table: Table, id: &str, limit: usize) -> Result<Vec<Row>, StoreError> {
        select(&self.scans.take(), table, &sql::on(table).after, (id, sql_limit(limit)))
    }

    pub(super) fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        let connection = self.points.take();
        let earliest: Option<i64> = connection
            .prepare_cached(&sql::on(table).next_due)
            .and_then(|mut statement| statement.query_row((), |columns| columns.get(0)))
            .map_err(|error| failed(table, error))?;
        earliest.map(|micros| from_micros(&Key::new(table, "with the earliest deadline"), micros)).transpose()
    }
}

fn get(connection: &Connection, key: &Key) -> Result<Option<Row>, StoreError> {
    let fail = |error| failed(key.table, error);
    let mut statement = connection.prepare_cached(&sql::on(key.table).get).map_err(fail)?;
    let mut rows = statement.query((&key.id,)).map_err(fail)?;
    rows.next().map_err(fail)?.map(|columns| sql::row(key.table, columns)).transpose()
}

fn select(
    connection: &Connection,
    table: Table,
    sql: &str,
    bounds: impl rusqlite::Params,
) -> Result<Vec<Row>, StoreError> {
    let fail = |error| failed(table, error);
    let mut statement = connection.prepare_cached(sql).map_err(fail)?;
    let mut selected = statement.query(bounds).map_err(fail)?;
    let mut rows = Vec::new();
    while let Some(columns) = selected.next().map_err(fail)? {
        rows.push(sql::row(table, columns)?);
    }
    Ok(rows)
}

/// SQLite counts in 64 bits with a sign; there are never as many rows.
fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[derive(Debug)]
struct Pool {
    connections: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Pool {
    fn open(path: &Path, size: usize) -> Result<Self, StoreError> {
        let connections = (0..size).map(|_| open_to_read(path).map(Mutex::new)).collect::<Result<_, _>>()?;
        Ok(Pool { connections, next: AtomicUsize::new(0) })
    }

    /// A connection that nobody uses, or the next one as soon as it is free.
    fn take(&self) -> MutexGuard<'_, Connection> {
        for connection in &self.connections {
            match connection.try_lock() {
                Ok(free) => return free,
                // A reader that panicked left nothing behind but a finished statement.
                Err(TryLockError::Poisoned(free)) => return free.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.connections.len();
        self.connections[turn].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

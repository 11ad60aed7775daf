//! The bare work of the store: the very commits that the program made, without the program.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use crewcall::store::{CommitError, Expect, Key, MemoryStore, Query, Row, Store, StoreError, Table, Write};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use tokio::task::JoinSet;

use crate::stats::Crowd;

/// A store, in memory unless it is told otherwise, that remembers what was committed to it.
#[derive(Default)]
pub(crate) struct Recording<S = MemoryStore> {
    store: S,
    commits: Mutex<Vec<Vec<Write>>>,
    last: Mutex<Option<Instant>>,
}

impl<S> Recording<S> {
    /// The same over another store.
    pub(crate) fn over(store: S) -> Self {
        Self { store, commits: Mutex::default(), last: Mutex::default() }
    }

    /// When the last commit was done.
    pub(crate) fn last(&self) -> Option<Instant> {
        *self.last.lock().expect("nobody panics under this lock")
    }

    /// The commits since the last time that this was asked.
    pub(crate) fn take(&self) -> Vec<Vec<Write>> {
        std::mem::take(&mut *self.commits.lock().expect("nobody panics under this lock"))
    }
}

#[async_trait]
impl<S: Store> Store for Recording<S> {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        self.store.get(keys).await
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        self.store.list(query).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.store.due(table, until, limit).await
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.store.next_due(table).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        self.store.commit(writes.clone()).await?;
        *self.last.lock().expect("nobody panics under this lock") = Some(Instant::now());
        self.commits.lock().expect("nobody panics under this lock").push(writes);
        Ok(())
    }
}

/// `count` commits of one small new row each.
pub(crate) fn small_commits(name: &str, count: usize) -> Vec<Vec<Write>> {
    let row = |n: usize| Write::Put {
        key: Key::new(Table::Service, format!("{name}/{n:08}")),
        expect: Expect::Absent,
        body: r#"{"accepted":true}"#.into(),
        listing: None,
        due_at: None,
    };
    (0..count).map(|n| vec![row(n)]).collect()
}

/// Rows and bytes of bodies in the first of some commits that are all alike.
pub(crate) fn size(commits: &[Vec<Write>]) -> (usize, usize) {
    let bytes = |write: &Write| if let Write::Put { body, .. } = write { body.len() } else { 0 };
    (commits[0].len(), commits[0].iter().map(bytes).sum())
}

/// Hands the commits in, from `writers` at once, each as soon as its last one is acknowledged.
pub(crate) async fn commit_all(store: Arc<dyn Store>, commits: Vec<Vec<Write>>, writers: usize) -> Crowd {
    let queue = Arc::new(Mutex::new(commits));
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..writers {
        let (store, queue) = (store.clone(), queue.clone());
        tasks.spawn(async move {
            let mut times = Vec::new();
            loop {
                let next = queue.lock().expect("nobody panics under this lock").pop();
                let Some(writes) = next else { return times };
                let asked = Instant::now();
                store.commit(writes).await.expect("a commit");
                times.push(asked.elapsed());
            }
        });
    }
    let times = tasks.join_all().await.into_iter().flatten().collect();
    Crowd::new(start.elapsed(), times)
}

/// The least that SQLite needs for all these rows: one thread, one transaction, one sync; no version is
/// looked at and nobody is answered. The file is one of ours, filled and closed.
pub(crate) fn in_one_transaction(path: &Path, commits: &[Vec<Write>]) -> rusqlite::Result<Duration> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "cache_size", -256 * 1024)?;
    connection.set_prepared_statement_cache_capacity(2 * Table::ALL.len());
    let start = Instant::now();
    let transaction = connection.transaction()?;
    for write in commits.iter().flatten() {
        let Write::Put { key, expect, body, listing, due_at } = write else {
            panic!("a row that is written")
        };
        let table = key.table.name();
        let (under, order) = listing.as_ref().map(|listing| (&listing.under, &listing.order)).unzip();
        let due_at = due_at.map(Timestamp::as_microsecond);
        let changed = if *expect == Expect::Absent {
            let sql = format!(
                "INSERT INTO {table} (id, version, listed_under, listed_order, due_at, body)
                 VALUES (?1, 1, ?2, ?3, ?4, ?5)"
            );
            transaction.prepare_cached(&sql)?.execute(params![key.id, under, order, due_at, body])?
        } else {
            // Where it is listed stays as it is for every row that a deadline changes.
            let sql =
                format!("UPDATE {table} SET version = version + 1, due_at = ?2, body = ?3 WHERE id = ?1");
            transaction.prepare_cached(&sql)?.execute(params![key.id, due_at, body])?
        };
        assert_eq!(changed, 1, "{key}");
    }
    transaction.commit()?;
    Ok(start.elapsed())
}

//! The one thread that writes.
//!
//! It takes every commit that waits, up to a limit, and
//!
//! 1. begins one transaction, taking SQLite's write lock at once;
//! 2. for each commit, in the order of arrival, compares all expectations with what the transaction sees, which
//!    includes the commits before it; only if all hold it writes all, so that there is never half a commit to
//!    take back;
//! 3. ends the transaction, with one fsync for all;
//! 4. answers everyone.
//!
//! If anything fails, everything since step 1 is rolled back and everyone is told so, the losers of races too:
//! what they lost to did not happen.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::{mpsc, oneshot};

use super::connection::Files;
use super::sql;
use crate::store::item::micros_up;
use crate::store::{CommitError, Key, Listing, StoreError, Write};

/// Commits in one transaction, and also waiting for the next; further ones wait before they are queued.
const GROUP_COMMITS: usize = 512;

const WRITING: &str = "writing rows";

type Answer = Result<(), CommitError>;

#[derive(Debug)]
struct Job {
    writes: Vec<Write>,
    answer: oneshot::Sender<Answer>,
}

/// The way to the writer's thread.
#[derive(Debug)]
pub(super) struct Writer {
    /// `None` only while dropping.
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, files: Files) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(GROUP_COMMITS);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, &files, jobs))
            .map_err(|error| StoreError::unavailable("starting the writer's thread", error))?;
        Ok(Writer { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) async fn commit(&self, writes: Vec<Write>) -> Answer {
        let (answer, answered) = oneshot::channel();
        let Some(queue) = &self.queue else { return Err(stopped().into()) };
        queue.send(Job { writes, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Without a sender the thread finishes what is queued and ends.
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // An error here is a panic that the panic hook has reported already.
            let _ = thread.join();
        }
    }
}

/// The thread ends before its queue only if it panicked.
fn stopped() -> StoreError {
    StoreError::unavailable(WRITING, std::io::Error::other("the writer's thread has stopped"))
}

fn run(connection: &Connection, files: &Files, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP_COMMITS);
    while jobs.blocking_recv_many(&mut group, GROUP_COMMITS) > 0 {
        let done = files.still_there().and_then(|()| commit_group(connection, &group).map_err(failed));
        match done {
            Ok(verdicts) => {
                for (job, verdict) in group.drain(..).zip(verdicts) {
                    // Who does not wait any more does not want to know.
                    let _ = job.answer.send(verdict.map_or(Ok(()), |key| Err(CommitError::Conflict(key))));
                }
            }
            Err(error) => {
                for job in group.drain(..) {
                    let _ = job.answer.send(Err(error.clone().into()));
                }
            }
        }
    }
    if let Err(StoreError::IndexMoved(_)) = files.still_there() {
        // Closing would fold in the log as we know it, over what others have written since.
        let kept = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        if let Err(error) = kept {
            tracing::error!(%error, "the log could not be kept as it is");
        }
    }
}

/// One transaction. Gives one verdict for each job: the key that lost its race, if one did.
fn commit_group(connection: &Connection, group: &[Job]) -> rusqlite::Result<Vec<Option<Key>>> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
    let done = apply_all(connection, group)
        .and_then(|verdicts| connection.prepare_cached("COMMIT")?.execute(()).map(|_| verdicts));
    // After some errors SQLite has rolled back by itself.
    if done.is_err() && !connection.is_autocommit() {
        // If even this fails, the next BEGIN does too, and its callers are told.
        let _ = connection.execute_batch("ROLLBACK");
    }
    done
}

fn apply_all(connection: &Connection, group: &[Job]) -> rusqlite::Result<Vec<Option<Key>>> {
    let mut verdicts = Vec::with_capacity(group.len());
    let mut places = Vec::new();
    for job in group {
        let conflict = first_conflict(connection, &job.writes, &mut places)?;
        if conflict.is_none() {
            for (write, place) in job.writes.iter().zip(&places) {
                apply(connection, write, *place)?;
            }
        }
        verdicts.push(conflict);
    }
    Ok(verdicts)
}

/// Where a write finds its row.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Nowhere yet.
    New,
    /// In this version, and what of its places the write changes.
    Known { version: i64, listing_moves: bool, due_at_moves: bool },
}

/// The first key that is not as its write expects. If there is none, `places` has one entry for each write.
fn first_conflict(
    connection: &Connection,
    writes: &[Write],
    places: &mut Vec<Place>,
) -> rusqlite::Result<Option<Key>> {
    places.clear();
    for write in writes {
        let key = write.key();
        let mut statement = connection.prepare_cached(&sql::on(key.table).state)?;
        let mut rows = statement.query((&key.id,))?;
        let place = match rows.next()? {
            Some(found) => place(write, found)?,
            None => Place::New,
        };
        let version = match place {
            Place::New => None,
            Place::Known { version, .. } => Some(version.cast_unsigned()),
        };
        if !write.expected().holds(version) {
            return Ok(Some(key.clone()));
        }
        places.push(place);
    }
    Ok(None)
}

/// The place of a row as `state` selects it.
fn place(write: &Write, columns: &rusqlite::Row<'_>) -> rusqlite::Result<Place> {
    let version = columns.get(0)?;
    let Write::Put { listing, due_at, .. } = write else {
        return Ok(Place::Known { version, listing_moves: false, due_at_moves: false });
    };
    let (under, order) = halves(listing.as_ref());
    Ok(Place::Known {
        version,
        listing_moves: columns.get_ref(1)?.as_str_or_null()? != under
            || columns.get_ref(2)?.as_str_or_null()? != order,
        due_at_moves: columns.get::<_, Option<i64>>(3)? != due_at.map(micros_up),
    })
}

fn halves(listing: Option<&Listing>) -> (Option<&str>, Option<&str>) {
    listing.map(|Listing { under, order }| (under.as_str(), order.as_str())).unzip()
}

/// Carries out a write whose expectation holds.
fn apply(connection: &Connection, write: &Write, place: Place) -> rusqlite::Result<()> {
    match write {
        Write::Put { key, expect: _, body, listing, due_at } => {
            let statements = sql::on(key.table);
            let (statement, version) = match place {
                Place::New => (statements.insert.as_str(), 1),
                Place::Known { version, listing_moves, due_at_moves } => {
                    (statements.update(listing_moves, due_at_moves), version + 1)
                }
            };
            let (under, order) = halves(listing.as_ref());
            let due_at = due_at.map(micros_up);
            let columns = (&key.id, version, under, order, due_at, body);
            connection.prepare_cached(statement)?.execute(columns).map(drop)
        }
        Write::Delete { key, .. } => {
            connection.prepare_cached(&sql::on(key.table).delete)?.execute((&key.id,)).map(drop)
        }
        Write::Check { .. } => Ok(()),
    }
}

/// What an error while writing means.
fn failed(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
    match error.sqlite_error_code() {
        Some(DiskFull) => StoreError::Full { cause: Arc::new(error) },
        Some(DatabaseCorrupt | NotADatabase) => StoreError::corrupt("the database's file", error),
        _ => StoreError::unavailable(WRITING, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::{connection, schema};
    use crate::store::{Expect, Table};

    #[tokio::test]
    async fn a_full_disk_is_named_and_the_next_commit_that_fits_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("full.db");
        let mut connection = connection::open_to_write(&path).unwrap();
        schema::migrate(&mut connection, &path).unwrap();
        let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection.pragma_update(None, "max_page_count", pages + 8).unwrap();
        let writer = Writer::start(connection, Files::of(&path).unwrap()).unwrap();
        let put = |bytes: usize| Write::Put {
            key: Key::new(Table::Crew, "dana"),
            expect: Expect::Absent,
            body: format!("{{\"x\":\"{}\"}}", "x".repeat(bytes)),
            listing: None,
            due_at: None,
        };
        let refused = writer.commit(vec![put(200_000)]).await.unwrap_err();
        assert!(matches!(refused, CommitError::Store(StoreError::Full { .. })), "{refused}");
        writer.commit(vec![put(1)]).await.unwrap();
    }
}

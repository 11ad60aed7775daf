//! Opening the file: what is refused, and how connections are set up.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::store::StoreError;

/// "crew", in the header of the file: how we and `file(1)` tell our databases from others.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"crew");

/// Kibibytes of page cache of the one connection that writes: a full group of commits fits.
const WRITER_CACHE_KIB: i32 = 8_192;
/// Kibibytes of page cache of each connection that reads; the system's cache is behind it.
const READER_CACHE_KIB: i32 = 256;
/// Prepared statements kept by a connection; more than there are (see `sql`).
const STATEMENTS: usize = 64;
/// Pages in the write-ahead log before the writer folds them into the file.
const CHECKPOINT_PAGES: i32 = 4_000;
/// Bytes to which the log is cut back after a burst.
const LOG_BYTES: i64 = 32 * 1024 * 1024;
/// Tries for a lock that another process holds, each after a pause of at most [`LONGEST_PAUSE`]: ten seconds.
const LOCK_TRIES: i32 = 2_000;
/// The longest pause between two tries for a lock.
const LONGEST_PAUSE: Duration = Duration::from_millis(5);

/// Opens the connection that writes. The file exists afterwards and is a database of ours, or an empty one.
pub(super) fn open_to_write(path: &Path) -> Result<Connection, StoreError> {
    let path = located(path)?;
    refuse_orphaned_log(&path)?;
    create(&path)?;
    let connection = open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let refuse = |error| refusal(&path, error);
    if connection.is_readonly("main").map_err(refuse)? {
        return Err(StoreError::ReadOnly(path));
    }
    // Before the first change: a file of another program must stay as it is.
    if !is_ours_or_empty(&connection).map_err(refuse)? {
        return Err(StoreError::Foreign(path));
    }
    set_up_to_write(&connection).map_err(refuse)?;
    Ok(connection)
}

/// The database, its log and the index of that as they were when the database was opened.
#[derive(Debug)]
pub(super) struct Files {
    database: Place,
    log: Place,
    index: Place,
}

impl Files {
    /// To be called once something was written or read: the log exists from then on.
    pub(super) fn of(path: &Path) -> Result<Self, StoreError> {
        let path = located(path)?;
        let place = |path: PathBuf| {
            Place::of(path.clone()).map_err(|error| StoreError::Unopenable { path, cause: Arc::new(error) })
        };
        Ok(Files {
            log: place(beside(&path, "-wal"))?,
            index: place(beside(&path, "-shm"))?,
            database: place(path)?,
        })
    }

    /// SQLite goes on writing to files that were moved or deleted under it, and nobody would ever see
    /// what it acknowledged.
    pub(super) fn still_there(&self) -> Result<(), StoreError> {
        if !self.database.is_the_same() {
            return Err(StoreError::Moved(self.database.path.clone()));
        }
        if !self.index.is_the_same() {
            return Err(StoreError::IndexMoved(self.index.path.clone()));
        }
        if !self.log.is_the_same() {
            return Err(StoreError::LogMoved(self.log.path.clone()));
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// Device and number: what stays the same when a file is moved, and differs for another one.
    #[cfg(unix)]
    identity: (u64, u64),
}

impl Place {
    fn of(path: PathBuf) -> io::Result<Self> {
        Ok(Place {
            #[cfg(unix)]
            identity: identity(&path)?,
            path,
        })
    }

    #[cfg(unix)]
    fn is_the_same(&self) -> bool {
        identity(&self.path).is_ok_and(|found| found == self.identity)
    }

    /// Elsewhere a file that is open cannot be moved or deleted.
    #[cfg(not(unix))]
    fn is_the_same(&self) -> bool {
        true
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let file = std::fs::metadata(path)?;
    Ok((file.dev(), file.ino()))
}

/// Where SQLite keeps the write-ahead log, `-wal`, and the index to it, `-shm`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens one of the connections that read.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let path = located(path)?;
    let connection = open(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let set_up = connection.pragma_update(None, "cache_size", -READER_CACHE_KIB);
    set_up.map_err(|error| refusal(&path, error))?;
    Ok(connection)
}

/// Where the file really is. SQLite follows a link and keeps its other files beside what the link leads to; and
/// it gives names like `:memory:` a meaning of their own, which an absolute path has not.
fn located(path: &Path) -> Result<PathBuf, StoreError> {
    let failed = |error| StoreError::Unopenable { path: path.to_owned(), cause: Arc::new(error) };
    let path = std::path::absolute(path).map_err(failed)?;
    Ok(match (path.canonicalize(), path.read_link(), path.parent()) {
        (Ok(file), ..) => file,
        (Err(_), Ok(target), Some(directory)) => directory.join(target),
        _ => path,
    })
}

/// A log without its file holds commits of a database that was moved away. SQLite would delete it.
fn refuse_orphaned_log(path: &Path) -> Result<(), StoreError> {
    let log = beside(path, "-wal");
    let has_commits = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    if has_commits && !path.exists() { Err(StoreError::OrphanedLog(log)) } else { Ok(()) }
}

/// Creates the file with rights for this user only: it holds names, addresses and phone numbers. SQLite gives
/// its companions, the log and the shared index, the same rights.
fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => {
            let directory = path.parent().unwrap_or(path);
            if error.kind() == io::ErrorKind::NotFound && !directory.is_dir() {
                return Err(StoreError::NoDirectory(directory.to_owned()));
            }
            let read_only =
                matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem);
            if read_only && path.is_file() {
                return Err(StoreError::ReadOnly(path.to_owned()));
            }
            Err(StoreError::Unopenable { path: path.to_owned(), cause: Arc::new(error) })
        }
    }
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    // Each connection stays with one thread at a time, behind a lock of ours.
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(|error| refusal(path, error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_handler(Some(wait_for_lock)).map_err(|error| refusal(path, error))?;
    Ok(connection)
}

/// Called by SQLite when another process holds the lock. Its own handler pauses up to a tenth of a second, in
/// which a busy neighbour takes the lock again and again; short pauses give both their turns.
fn wait_for_lock(tries: i32) -> bool {
    let pause = Duration::from_micros(200) * u32::try_from(tries + 1).unwrap_or(u32::MAX).min(25);
    std::thread::sleep(pause.min(LONGEST_PAUSE));
    tries < LOCK_TRIES
}

/// A new file has neither a mark nor tables. Both are read in one transaction: between two, another
/// process may set the file up, and then it would have tables but, as read, no mark.
fn is_ours_or_empty(connection: &Connection) -> rusqlite::Result<bool> {
    let snapshot = connection.unchecked_transaction()?;
    let mark: i32 = snapshot.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = snapshot.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    Ok(mark == APPLICATION_ID || (mark == 0 && tables == 0))
}

fn set_up_to_write(connection: &Connection) -> rusqlite::Result<()> {
    use_log(connection)?;
    // FULL: the log is synced with every commit, so that what was acknowledged survives a power cut. The other
    // two make macOS mean what it says by "synced".
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)
}

/// Switches the file to a write-ahead log. When two processes open a new file at once, one of them is told
/// "busy" without its busy handler being asked: there would be a deadlock if both waited.
fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && wait_for_lock(tries) =>
            {
                tries += 1;
            }
            done => return done,
        }
    }
}

/// What an error while opening means for the one who chose the file.
pub(super) fn refusal(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        _ if is_log_broken(&error) => StoreError::LogBroken { cause: Arc::new(error) },
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase(path.to_owned()),
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly(path.to_owned()),
        Some(ErrorCode::DatabaseCorrupt) => StoreError::corrupt(path.display().to_string(), error),
        Some(ErrorCode::DiskFull) => StoreError::Full { cause: Arc::new(error) },
        Some(ErrorCode::DatabaseBusy) => StoreError::unavailable("opening the database", error),
        _ => StoreError::Unopenable { path: path.to_owned(), cause: Arc::new(error) },
    }
}

/// The log is shorter than its index says.
pub(super) fn is_log_broken(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ)
}

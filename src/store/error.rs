//! What a store can answer instead of rows.
//!
//! The sentences are for the operator and say what to do; what the database or the network said is the source,
//! for the log.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use super::Key;

/// What lies underneath, shared because one failed disk write answers everyone who waited for it.
pub(crate) type Cause = Arc<dyn Error + Send + Sync>;

/// Why a commit was not acknowledged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// Another writer was faster: this row is not as expected. A normal answer; read again and decide again.
    #[error("{0} was changed by someone else meanwhile")]
    Conflict(Key),
    /// The store refused the commit or did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a store could not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store did not answer. A commit may have been applied or not: read again, decide again.
    #[error(
        "the store did not answer while {doing}; check that it is reachable, not full and not held by another \
         program, then try again"
    )]
    Unavailable {
        /// What it was asked to do, as "reading rows".
        doing: &'static str,
        /// What the database, the disk or the network said.
        #[source]
        cause: Cause,
    },
    /// There is no room left. Nothing was written.
    #[error("the disk of the store is full, and nothing was written; make room on it, then try again")]
    Full {
        /// What the database said.
        #[source]
        cause: Cause,
    },
    /// What is stored is not what was written.
    #[error(
        "{what} in the store cannot be read; keep a copy of the store as it is, then restore the last backup"
    )]
    Corrupt {
        /// Which part, as "crew dana-reyes" or a file's name.
        what: String,
        /// What was wrong with it.
        #[source]
        cause: Cause,
    },
    /// A value cannot be written as JSON. A mistake in the program.
    #[error("{key} cannot be written as JSON; please report this as a bug")]
    Unwritable {
        /// The row that should have been written.
        key: Key,
        /// What the serializer said.
        #[source]
        cause: Cause,
    },
    /// One of the limits of this module was crossed. Nothing was written.
    #[error("{what}: {size} is more than the store takes, which is {limit}; do it in smaller parts")]
    TooLarge {
        /// What is too large, with its unit.
        what: String,
        /// How large it is.
        size: usize,
        /// How large it may be.
        limit: usize,
    },
    /// Another program's item stands where a row of ours would be. It was not touched.
    #[error(
        "{0} was written by another program and was not touched; `crewcall store setup` takes people over, and anything \
         else has to be taken away by hand"
    )]
    NotOurs(Key),
    /// A table of that name is somebody's, and of another form. It was not touched.
    #[error(
        "the table {table} has the key {found}, where crewcall needs {wanted}; set store.table_prefix (or \
         store.token_table), so that crewcall has tables of its own"
    )]
    OtherKey {
        /// Its name.
        table: String,
        /// The attributes of its key.
        found: String,
        /// Those that it would have to be.
        wanted: String,
    },
    /// AWS cannot be asked: there is no region, no endpoint or there are no credentials. Nothing was sent.
    #[error(
        "the settings of AWS are not complete; set AWS_REGION and credentials as for the AWS command line \
         (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
    )]
    NotConfigured {
        /// What is missing.
        #[source]
        cause: Cause,
    },
    /// The credentials are not good for this. Nothing was written.
    #[error(
        "AWS does not allow this; check the credentials and the rights of their user or role on the tables"
    )]
    NotAllowed {
        /// What AWS said.
        #[source]
        cause: Cause,
    },
    /// The tables are not there. Nothing was written.
    #[error(
        "not all tables are there; check AWS_REGION, store.table_prefix and store.token_table, or make them by \
         `crewcall store setup`"
    )]
    NoTables {
        /// What AWS said.
        #[source]
        cause: Cause,
    },
    /// There are more requests than the store takes. Nothing was written.
    #[error("the store takes no more requests at the moment, and nothing was written; try again")]
    Throttled {
        /// What AWS said.
        #[source]
        cause: Cause,
    },
    /// The store took the request for malformed. A mistake in the program, or a table of another form; nothing was
    /// written.
    #[error(
        "the store does not understand the request; let `crewcall store setup` look at the tables, and if they are \
         right, report this as a bug"
    )]
    NotUnderstood {
        /// What AWS said.
        #[source]
        cause: Cause,
    },
    /// Two writes of one commit name the same row. A mistake in the program; nothing was written.
    #[error("one commit writes {0} twice; please report this as a bug")]
    TwoWrites(Key),
    /// An empty id or listing, a listing where ids are lists, an id that names no list there, a delete that names no version, or a check of
    /// nothing. A mistake in the program; nothing was written.
    #[error("{what} of {key}; please report this as a bug")]
    Malformed {
        /// The mistake, as "an empty listing".
        what: &'static str,
        /// The row that it was made with.
        key: Key,
    },
    /// The directory of the store's file does not exist.
    #[error("there is no directory {}; create it, or set store.path to a file in an existing one", .0.display())]
    NoDirectory(PathBuf),
    /// The store's file cannot be opened or created.
    #[error("{} cannot be opened; check that it is a file that this user may read and write", path.display())]
    Unopenable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: Cause,
    },
    /// The store's file can be read but not written.
    #[error("{} is read-only; give this user the right to write it and its directory", .0.display())]
    ReadOnly(PathBuf),
    /// The file is not where it was opened any more. What is written to it would be lost.
    #[error(
        "{} was moved, replaced or deleted while crewcall was running, and nothing was written; stop crewcall, \
         put the right file there (before a backup, delete the old file's -wal and -shm), then start it again", .0.display()
    )]
    Moved(PathBuf),
    /// The index to the log of a database in use is gone, and with it the locks that programs share.
    #[error(
        "{} was moved or deleted while crewcall was running, so that two programs may have written at once, and \
         nothing more was written; stop every crewcall, start it again, and look whether everything is there", .0.display()
    )]
    IndexMoved(PathBuf),
    /// The log is shorter than its index says.
    #[error(
        "the database's log is not what its index says, as when it was deleted under a running crewcall; stop every \
         crewcall as usual, without killing it, then start it again"
    )]
    LogBroken {
        /// What SQLite said.
        #[source]
        cause: Cause,
    },
    /// The log of a database in use is gone. Whoever has it open still holds it, and writes it back when closing.
    #[error(
        "{} was moved or deleted while crewcall was running, and nothing more was written; stop crewcall as usual, \
         without killing it: then it saves what that file held", .0.display()
    )]
    LogMoved(PathBuf),
    /// There is a write-ahead log, and not the file that it belongs to.
    #[error(
        "{} holds the last commits of a database that is not there; put the database back beside it, or, to begin \
         anew or from a backup, move that file away", .0.display()
    )]
    OrphanedLog(PathBuf),
    /// The file is something else entirely.
    #[error("{} is not a database; set store.path to a crewcall database or to a new file", .0.display())]
    NotADatabase(PathBuf),
    /// The file is another program's database. It was not touched.
    #[error("{} is the database of another program; set store.path to a crewcall database or to a new file", .0.display())]
    Foreign(PathBuf),
    /// The file was written by a later version of this program. It was not touched.
    #[error(
        "{} was written by a newer crewcall (schema {found}, this one knows up to {known}); install that version, \
         or restore a backup made before the upgrade", path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The schema's number in the file.
        found: i64,
        /// The newest number that this program knows.
        known: i64,
    },
}

impl StoreError {
    /// Whether a commit that failed so is known to have had no effect.
    pub fn is_without_effect(&self) -> bool {
        !matches!(self, StoreError::Unavailable { .. })
    }

    /// The store did not answer, because of this.
    pub fn unavailable(doing: &'static str, cause: impl Error + Send + Sync + 'static) -> Self {
        StoreError::Unavailable { doing, cause: Arc::new(cause) }
    }

    pub(crate) fn corrupt(what: impl Into<String>, cause: impl Error + Send + Sync + 'static) -> Self {
        StoreError::Corrupt { what: what.into(), cause: Arc::new(cause) }
    }
}

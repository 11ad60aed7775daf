//! A copy of the file as it is at one moment, taken while servers work on it; and putting one back.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::connection::{APPLICATION_ID, beside, open_to_read, refusal};
use crate::store::StoreError;

/// Why there is no backup, or nothing was put back. Nothing half-written is left.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store, or the backup, does not let itself be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A backup writes over nothing.
    #[error("there is a {} already, and it was not touched; name another file", .0.display())]
    Exists(PathBuf),
    /// Whoever puts a backup back has to decide themselves what becomes of what is there.
    #[error(
        "there is a store already: {}; stop crewcall, move this file away, and those of the same name with -wal and \
         -shm, then try again", .0.display()
    )]
    StoreExists(PathBuf),
    /// The copy is not what it should be.
    #[error("{} is damaged ({found}); take an older backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check of the database found first.
        found: String,
    },
    /// The file is a database, and none of a store.
    #[error("{} is not the backup of a store; name the file that `crewcall backup` wrote", .0.display())]
    NotAStore(PathBuf),
    /// The file is a store's that was not closed.
    #[error(
        "{} is no backup but a store's own file, with its last commits beside it in -wal; name the file that \
         `crewcall backup` wrote, or move both back together as the store", .0.display()
    )]
    NotClosed(PathBuf),
    /// A file cannot be read or written.
    #[error(
        "{} cannot be read or written ({source}); check its directory, that there is room, and that the disk has hard \
         links", path.display()
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes a backup of a store's file, as it is at one moment. It is checked, on the disk, and readable by this user
/// only before it has its name. This blocks for as long as it takes.
///
/// # Errors
/// See [`BackupError`].
pub fn back_up(store: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let source = open_to_read(store)?;
    in_place(to, BackupError::Exists, |partial| {
        let name = partial.to_str().ok_or_else(|| failed(to, io::Error::other("its name is not UTF-8")))?;
        // Reading the store is not what fails: it was opened, and what was read is checked below.
        source
            .execute("VACUUM INTO ?1", [name])
            .map(drop)
            .map_err(|error| failed(to, io::Error::other(error)))
    })
}

/// Puts a backup back as a store's file, which must not be there.
///
/// # Errors
/// See [`BackupError`].
pub fn restore(backup: &Path, store: &Path) -> Result<(), BackupError> {
    for there in [store.to_owned(), beside(store, "-wal"), beside(store, "-shm")] {
        if there.exists() {
            return Err(BackupError::StoreExists(there));
        }
    }
    // The last commits of a store that was not closed are in there, and would be left behind.
    if beside(backup, "-wal").exists() {
        return Err(BackupError::NotClosed(backup.to_owned()));
    }
    is_store(&open_to_read(backup)?, backup)?;
    in_place(store, BackupError::StoreExists, |partial| {
        let written =
            || io::copy(&mut File::open(backup)?, &mut OpenOptions::new().write(true).open(partial)?);
        written().map(drop).map_err(|error| failed(backup, error))
    })
}

fn failed(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source }
}

/// Writes a file under another name beside it, checks it, and gives it its name. What is written is an empty file,
/// which only this user can read from the beginning.
fn in_place(
    path: &Path,
    exists: fn(PathBuf) -> BackupError,
    write: impl FnOnce(&Path) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let partial = beside(path, ".partial");
    // What an earlier try left when it was killed.
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(path, error)),
        _ => {}
    }
    create(&partial).map_err(|error| failed(path, error))?;
    let done = write(&partial).and_then(|()| {
        check(&partial)?;
        File::open(&partial).and_then(|file| file.sync_all()).map_err(|error| failed(path, error))?;
        // Unlike a rename this writes over nothing.
        match fs::hard_link(&partial, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path.to_owned())),
            linked => linked.map_err(|error| failed(path, error)),
        }
    });
    let removed = fs::remove_file(&partial);
    done?;
    removed.map_err(|error| failed(path, error))?;
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let synced = File::open(directory.unwrap_or(Path::new("."))).and_then(|directory| directory.sync_all());
    synced.map_err(|error| failed(path, error))
}

/// A new, empty file for this user only.
fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Reads the whole file, and whether it is a store's.
fn check(path: &Path) -> Result<(), BackupError> {
    let connection = open_to_read(path)?;
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", (), |columns| columns.get(0))
        .map_err(|error| refusal(path, error))?;
    if found != "ok" {
        return Err(BackupError::Damaged { path: path.to_owned(), found });
    }
    is_store(&connection, path)
}

fn is_store(connection: &Connection, path: &Path) -> Result<(), BackupError> {
    let id: i32 = connection
        .pragma_query_value(None, "application_id", |columns| columns.get(0))
        .map_err(|error| refusal(path, error))?;
    if id == APPLICATION_ID { Ok(()) } else { Err(BackupError::NotAStore(path.to_owned())) }
}

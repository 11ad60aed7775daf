//! The file itself: what survives closing it, and which files are refused.

use std::error::Error;
use std::fs;
use std::path::Path;

use crewcall::store::{CommitError, SqliteStore, Store, StoreError};
use rusqlite::Connection;

use super::rows::*;

fn refused(path: &Path) -> StoreError {
    SqliteStore::open(path).err().unwrap_or_else(|| panic!("{} was opened", path.display()))
}

#[tokio::test]
async fn reopening_keeps_everything() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(vec![listed("a", ABSENT, "captain", "1"), due("b", ABSENT, 10)]).await.unwrap();
    store.commit(vec![listed("a", version(1), "captain", "2")]).await.unwrap();
    let before = (one(&store, "a").await, one(&store, "b").await);
    drop(store);
    assert!(!directory.path().join("crewcall.db-wal").exists(), "closing folds the log into the file");

    let store = SqliteStore::open(&path).unwrap();
    assert_eq!((one(&store, "a").await, one(&store, "b").await), before);
    let captains = crewcall::store::Query::new(crewcall::store::Table::Crew, "captain", 9);
    assert_eq!(ids(&store.list(&captains).await.unwrap()), ["a"]);
    assert_eq!(store.next_due(crewcall::store::Table::Crew).await.unwrap(), Some(at(10)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_finishes_what_was_handed_in() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    let store = SqliteStore::open(&path).unwrap();
    for n in 0..100 {
        let id = format!("id-{n}");
        let mut commit = store.commit(vec![put(&id, ABSENT)]);
        // Polled once, so it is queued; then nobody waits for it any more.
        let polled =
            std::future::poll_fn(|context| std::task::Poll::Ready(commit.as_mut().poll(context))).await;
        drop(polled);
    }
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    for n in 0..100 {
        assert!(one(&store, &format!("id-{n}")).await.is_some(), "id-{n}");
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    let _store = SqliteStore::open(&path).unwrap();
    for file in fs::read_dir(directory.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

#[test]
fn a_missing_directory_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("no/such");
    let error = refused(&missing.join("crewcall.db"));
    assert!(matches!(&error, StoreError::NoDirectory(path) if *path == missing), "{error:?}");
    assert!(error.to_string().contains("create it"), "{error}");
}

#[test]
fn a_directory_is_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let error = refused(directory.path());
    assert!(matches!(error, StoreError::Unopenable { .. }), "{error:?}");
    assert!(error.source().is_some());
}

#[test]
fn a_newer_schema_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let error = refused(&path);
    assert!(matches!(error, StoreError::NewerSchema { found: 999, .. }), "{error:?}");
    assert!(error.to_string().contains("newer crewcall (schema 999"), "{error}");
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("other.db");
    for pragma in ["SELECT 1", "PRAGMA application_id = 7"] {
        let other = Connection::open(&path).unwrap();
        other.execute_batch(&format!("CREATE TABLE IF NOT EXISTS theirs (x); {pragma}")).unwrap();
        drop(other);
        let before = fs::read(&path).unwrap();
        assert!(matches!(refused(&path), StoreError::Foreign(_)));
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn any_other_file_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    fs::write(&path, "crew_id,name\n".repeat(1_000)).unwrap();
    assert!(matches!(refused(&path), StoreError::NotADatabase(_)));
    assert_eq!(fs::read(&path).unwrap().len(), 13_000);
}

#[test]
fn a_file_that_cannot_be_written_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    drop(SqliteStore::open(&path).unwrap());
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        // The superuser may write everything: there is nothing to see.
        return;
    }
    assert!(matches!(refused(&path), StoreError::ReadOnly(_)));
}

#[test]
fn a_name_that_sqlite_gives_a_meaning_is_a_plain_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file:x?mode=memory");
    drop(SqliteStore::open(&path).unwrap());
    assert!(fs::metadata(&path).unwrap().len() > 0);
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_acknowledged_into_a_file_that_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    let moved =
        |answer: Result<(), CommitError>| matches!(answer, Err(CommitError::Store(StoreError::Moved(_))));

    fs::rename(&path, directory.path().join("elsewhere.db")).unwrap();
    assert!(moved(store.commit(vec![put("lee", ABSENT)]).await));
    fs::write(&path, "another file").unwrap();
    assert!(moved(store.commit(vec![put("lee", ABSENT)]).await));
    // Put back, it is the file that it was.
    fs::rename(directory.path().join("elsewhere.db"), &path).unwrap();
    store.commit(vec![put("lee", ABSENT)]).await.unwrap();
    assert_eq!(version_of(&store, "dana").await, Some(1));
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_that_was_deleted_takes_nothing_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    fs::remove_file(directory.path().join("crewcall.db-wal")).unwrap();
    let refused = store.commit(vec![put("lee", ABSENT)]).await;
    assert!(matches!(refused, Err(CommitError::Store(StoreError::LogMoved(_)))), "{refused:?}");
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!((version_of(&store, "dana").await, version_of(&store, "lee").await), (Some(1), None));
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_leads_to_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let (real, link) = (directory.path().join("real"), directory.path().join("crewcall.db"));
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink("real/crewcall.db", &link).unwrap();
    let store = SqliteStore::open(&link).unwrap();
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    let log = real.join("crewcall.db-wal");
    let commits = fs::read(&log).unwrap();
    drop(store);
    assert_eq!(version_of(&SqliteStore::open(&link).unwrap(), "dana").await, Some(1));
    // What is refused beside a file is refused behind a link.
    fs::remove_file(real.join("crewcall.db")).unwrap();
    fs::write(&log, &commits).unwrap();
    assert!(matches!(refused(&link), StoreError::OrphanedLog(_)));
}

#[tokio::test]
async fn a_log_without_its_file_is_not_thrown_away() {
    let directory = tempfile::tempdir().unwrap();
    let (path, log) = (directory.path().join("crewcall.db"), directory.path().join("crewcall.db-wal"));
    let store = SqliteStore::open(&path).unwrap();
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    // As after a kill: the log was not folded into the file.
    let (file, commits) = (fs::read(&path).unwrap(), fs::read(&log).unwrap());
    drop(store);
    fs::remove_file(&path).unwrap();
    fs::write(&log, &commits).unwrap();
    assert!(matches!(refused(&path), StoreError::OrphanedLog(_)));
    assert_eq!(fs::read(&log).unwrap(), commits);
    fs::write(&path, file).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(version_of(&store, "dana").await, Some(1));
}

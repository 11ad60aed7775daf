//! What happens to the files of the store behind the program's back.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use crewcall::store::{CommitError, Expect, Key, SqliteStore, Store, StoreError, Table, Write};

use super::Home;

fn put(id: &str) -> Vec<Write> {
    let key = Key::new(Table::Service, id);
    vec![Write::Put { key, expect: Expect::Absent, body: "{}".into(), listing: None, due_at: None }]
}

/// Without the index two processes do not see each other's locks, and the second one closes as if it were alone.
#[cfg(unix)]
#[tokio::test]
async fn an_index_that_was_deleted_takes_nothing_with_it_that_others_wrote() {
    let home = Home::with_charter();
    let path = home.path().join("crewcall.db");
    let running = SqliteStore::open(&path).unwrap();
    running.commit(put("before")).await.unwrap();
    fs::remove_file(home.path().join("crewcall.db-shm")).unwrap();
    home.run(&["call", "start", "charter_5678"]).done();
    let refused = running.commit(put("after")).await;
    assert!(matches!(refused, Err(CommitError::Store(StoreError::IndexMoved(_)))), "{refused:?}");
    drop(running);
    let shown = home.run(&["charter", "show", "charter_5678"]).done();
    assert!(shown.contains("Dana Reyes"), "the call is lost: {shown}");
    let keys = ["before", "after"].map(|id| Key::new(Table::Service, id));
    let rows = SqliteStore::open(&path).unwrap().get(&keys).await.unwrap();
    assert!(rows[0].is_some() && rows[1].is_none());
}

/// The same, noticed only when the program ends.
#[cfg(unix)]
#[tokio::test]
async fn a_program_that_ends_after_its_index_was_deleted_leaves_the_log_alone() {
    let home = Home::with_charter();
    let running = SqliteStore::open(home.path().join("crewcall.db")).unwrap();
    running.commit(put("before")).await.unwrap();
    fs::remove_file(home.path().join("crewcall.db-shm")).unwrap();
    home.run(&["call", "start", "charter_5678"]).done();
    drop(running);
    let shown = home.run(&["charter", "show", "charter_5678"]).done();
    assert!(shown.contains("Dana Reyes"), "the call is lost: {shown}");
}

#[test]
fn an_empty_store_in_the_place_of_another_is_not_made_in_silence() {
    let home = Home::with_charter();
    fs::remove_file(home.path().join("crewcall.db")).unwrap();
    let key = File::options().append(true).open(home.path().join("crewcall.db.key")).unwrap();
    key.set_modified(SystemTime::now() - Duration::from_secs(3_600)).unwrap();
    let ran = home.run(&["charter", "list"]);
    assert!(ran.err.contains("a new, empty store is made") && ran.err.contains("crewcall.db.key"), "{ran:?}");
    assert_eq!(home.run(&["charter", "list"]).err, "", "once is enough");
}

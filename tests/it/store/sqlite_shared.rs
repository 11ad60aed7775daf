//! Two stores on one file, as two processes have it: SQLite's locks are between connections and do not care
//! whose they are.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use crewcall::store::{CommitError, SqliteStore, Store};
use tokio::task::JoinSet;

use super::rows::*;

const TASKS: u64 = 8;
const EACH: u64 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stores_on_one_file_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    let stores = [SqliteStore::open(&path).unwrap(), SqliteStore::open(&path).unwrap()].map(Arc::new);
    stores[0].commit(vec![put("counter", ABSENT)]).await.unwrap();

    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        for (number, store) in stores.iter().enumerate() {
            let store = Arc::clone(store);
            tasks.spawn(async move {
                for n in 0..EACH {
                    increment(&store, &format!("{number}-{task}-{n}")).await;
                }
            });
        }
    }
    tasks.join_all().await;

    for store in &stores {
        assert_eq!(version_of(&**store, "counter").await, Some(1 + 2 * TASKS * EACH));
        for number in 0..2 {
            for (task, n) in (0..TASKS).flat_map(|task| (0..EACH).map(move |n| (task, n))) {
                assert!(one(&**store, &format!("{number}-{task}-{n}")).await.is_some());
            }
        }
    }
}

/// Raises the shared counter and writes a row of its own, in one commit.
async fn increment(store: &SqliteStore, own: &str) {
    loop {
        let read = version_of(store, "counter").await.unwrap();
        match store.commit(vec![put(own, ABSENT), put("counter", version(read))]).await {
            Ok(()) => return,
            Err(CommitError::Conflict(key)) => assert_eq!(key, crew("counter")),
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Together, and a little after each other, so that one finds the file while another sets it up.
#[test]
fn a_new_file_can_be_opened_by_many_at_once() {
    for round in 0..60 {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("crewcall.db");
        let together = Arc::new(Barrier::new(4));
        let open = |nth: u32| {
            let (path, together) = (path.clone(), Arc::clone(&together));
            let behind = Duration::from_micros(100) * nth * (round % 20);
            thread::spawn(move || {
                together.wait();
                thread::sleep(behind);
                SqliteStore::open(path).map(drop)
            })
        };
        for opened in [0, 1, 2, 3].map(open) {
            opened.join().unwrap().unwrap();
        }
    }
}

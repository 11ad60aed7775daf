//! Backups that are taken while servers write.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crewcall::store::{Key, SqliteStore, Store, Table, back_up};

use super::rows::*;

const BACKUPS: usize = 6;

/// Every commit writes two rows. A backup has both of each, and all that were acknowledged before it was begun.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_one_moment() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("crewcall.db");
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let acknowledged = Arc::new(AtomicU64::new(0));
    let writer = tokio::spawn({
        let (store, acknowledged) = (store.clone(), acknowledged.clone());
        async move {
            for number in 1.. {
                let outbox = Key::new(Table::Outbox, number.to_string());
                let second = with(outbox, ABSENT, "{}", None, None);
                store.commit(vec![put(&number.to_string(), ABSENT), second]).await.unwrap();
                acknowledged.store(number, Ordering::Release);
            }
        }
    });
    for nth in 0..BACKUPS {
        while acknowledged.load(Ordering::Acquire) < 50 * (nth as u64 + 1) {
            tokio::task::yield_now().await;
        }
        let before = acknowledged.load(Ordering::Acquire);
        let (from, to) = (path.clone(), directory.path().join(format!("backup-{nth}.db")));
        tokio::task::spawn_blocking(move || back_up(&from, &to)).await.unwrap().unwrap();
        let after = acknowledged.load(Ordering::Acquire);
        let backup = SqliteStore::open(directory.path().join(format!("backup-{nth}.db"))).unwrap();
        for number in 1..=after + 2 {
            let keys = [Table::Crew, Table::Outbox].map(|table| Key::new(table, number.to_string()));
            let rows = backup.get(&keys).await.unwrap();
            assert_eq!(rows[0].is_some(), rows[1].is_some(), "half of commit {number}");
            assert!(rows[0].is_some() || number > before, "commit {number} is lost");
        }
    }
    writer.abort();
}

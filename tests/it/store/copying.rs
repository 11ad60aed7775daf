//! Reading a store whole, and copying it into another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use crewcall::store::copy::{CopyError, copy, unfinished_copy};
use crewcall::store::{
    CommitError, Key, Listing, MemoryStore, Page, Query, Row, Scan, Store, StoreError, Table, Write,
};
use jiff::Timestamp;

use super::conformance::TestStore;
use super::rows::*;

/// More than is read at one go, in every table, with everything that a row can have.
const CREW: usize = 1_203;

async fn fill(store: &dyn Store) {
    let mut writes = Vec::new();
    for n in 0..CREW {
        let listing = (n % 3 > 0).then(|| Listing::new("roster", format!("{n:05}")));
        let body = format!(r#"{{"crew_id":"{n}","share":{}.0,"name":"Zoë"}}"#, n % 7);
        writes.push(with(crew(&n.to_string()), ABSENT, &body, listing, (n % 5 == 0).then(|| at(n as i64))));
    }
    for table in Table::ALL {
        for n in 0..3 {
            let key = Key::new(table, format!("charter_1/{table:?}{n}"));
            writes.push(with(key, ABSENT, r#"{"odd":[1.0,"",null]}"#, None, (n == 1).then(|| at(7))));
        }
    }
    while !writes.is_empty() {
        store.commit(writes.split_off(writes.len().saturating_sub(100))).await.unwrap();
    }
}

async fn all(store: &dyn Scan) -> Vec<Row> {
    let (mut rows, mut place) = (Vec::new(), None);
    loop {
        let page = store.scan(place.as_deref()).await.unwrap();
        rows.extend(page.rows);
        place = page.next;
        if place.is_none() {
            rows.sort_by(|one: &Row, next| one.key.cmp(&next.key));
            return rows;
        }
    }
}

fn without_bytes(rows: Vec<Row>) -> Vec<(Key, serde_json::Value, Option<Listing>, Option<Timestamp>)> {
    let json = |row: Row| (row.key, serde_json::from_str(&row.body).unwrap(), row.listing, row.due_at);
    rows.into_iter().map(json).collect()
}

async fn copied(from: &dyn Scan, to: &dyn Scan) -> Result<crewcall::store::copy::Copied, CopyError> {
    copy(from, to, "the first", at(0), |_| {}).await
}

pub(crate) async fn a_store_is_read_from_one_end_to_the_other(store: TestStore) {
    assert!(all(&*store.store).await.is_empty());
    fill(&*store.store).await;
    let memory = MemoryStore::new();
    fill(&memory).await;
    assert_eq!(without_bytes(all(&*store.store).await), without_bytes(all(&memory).await));
    for nowhere in ["somewhere", "7", "[99]", "[1,2]"] {
        assert!(store.scan(Some(nowhere)).await.is_err(), "{nowhere}");
    }
}

pub(crate) async fn a_copy_says_the_same_in_both_directions(store: TestStore) {
    let (first, back) = (MemoryStore::new(), MemoryStore::new());
    fill(&first).await;
    let there = copied(&first, &*store.store).await.unwrap();
    assert_eq!((there.written, there.removed), (CREW + 24, 0));
    assert_eq!((there.rows["crew"], there.rows["outbox"]), (CREW + 3, 3));
    assert_eq!(unfinished_copy(&*store.store).await.unwrap(), None);
    copied(&*store.store, &back).await.unwrap();
    let expected = without_bytes(all(&first).await);
    assert_eq!(without_bytes(all(&back).await), expected);
    assert_eq!(without_bytes(all(&*store.store).await), expected);
}

pub(crate) async fn a_copy_that_was_broken_off_goes_on(store: TestStore) {
    let first = MemoryStore::new();
    fill(&first).await;
    let broken = FailsAfter { store: store.store.clone(), commits: AtomicUsize::new(9) };
    assert!(matches!(copied(&first, &broken).await, Err(CopyError::Store(StoreError::Unavailable { .. }))));
    assert_eq!(unfinished_copy(&*store.store).await.unwrap().unwrap().from, "the first");
    // Meanwhile somebody works on with the first store.
    first.commit(vec![delete("1", version(1)), put("2", version(1)), put("new", ABSENT)]).await.unwrap();
    let done = copied(&first, &*store.store).await.unwrap();
    assert!(0 < done.written && done.written < CREW, "{}", done.written);
    assert_eq!(without_bytes(all(&*store.store).await), without_bytes(all(&first).await));
    // Another copy into it is refused now.
    assert!(matches!(copied(&first, &*store.store).await, Err(CopyError::NotEmpty)));
}

pub(crate) async fn what_is_somebodys_is_not_written_over(store: TestStore) {
    let first = MemoryStore::new();
    fill(&first).await;
    store.commit(vec![put("somebody", ABSENT)]).await.unwrap();
    assert!(matches!(copied(&first, &*store.store).await, Err(CopyError::NotEmpty)));
    assert_eq!(all(&*store.store).await.len(), 1);
    store.commit(vec![delete("somebody", version(1))]).await.unwrap();
    let broken = FailsAfter { store: store.store.clone(), commits: AtomicUsize::new(2) };
    copied(&first, &broken).await.unwrap_err();
    let other = copy(&first, &*store.store, "another", at(0), |_| {}).await;
    assert!(matches!(other, Err(CopyError::OfAnother(of)) if of == "the first"));
    let from_half = copied(&*store.store, &MemoryStore::new()).await;
    assert!(matches!(from_half, Err(CopyError::FromUnfinished(of)) if of == "the first"));
}

/// A store that answers no more after so many commits.
struct FailsAfter {
    store: Arc<dyn Scan>,
    commits: AtomicUsize,
}

#[async_trait]
impl Store for FailsAfter {
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
        let left =
            self.commits.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        match left {
            Ok(_) => self.store.commit(writes).await,
            Err(_) => Err(StoreError::unavailable("committing", std::io::Error::other("unplugged")).into()),
        }
    }
}

#[async_trait]
impl Scan for FailsAfter {
    async fn scan(&self, from: Option<&str>) -> Result<Page, StoreError> {
        self.store.scan(from).await
    }
}

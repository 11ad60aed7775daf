//! No commit is larger than DynamoDB takes, and an ordinary one is small.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crewcall::store::{CommitError, Key, MemoryStore, Query, Row, Store, StoreError, Table, Write};
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::limits;
use jiff::Timestamp;

use crate::support::invariants;
use crate::support::office::{Office, person};

/// A store that remembers how large commits were.
#[derive(Default)]
struct Measured {
    inner: MemoryStore,
    sizes: Mutex<Vec<usize>>,
}

impl Measured {
    /// The largest commit since the last time that this was asked.
    fn largest(&self) -> usize {
        self.sizes.lock().unwrap().drain(..).max().unwrap_or(0)
    }
}

#[async_trait]
impl Store for Measured {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        self.inner.get(keys).await
    }
    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        self.inner.list(query).await
    }
    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.inner.due(table, until, limit).await
    }
    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(table).await
    }
    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        self.sizes.lock().unwrap().push(writes.len());
        self.inner.commit(writes).await
    }
}

#[tokio::test]
async fn an_ordinary_charter_writes_at_most_25_items_at_once() {
    let store = Arc::new(Measured::default());
    let office = Office::new(store.clone()).await;
    store.largest();
    let id = office.book("ch", (16, 19), &[("captain", 1), ("mate", 1), ("deckhand", 3)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    for person in ["dana", "lee", "sam", "zoe", "ruth"] {
        office.tick().await;
        office.press(person, "accept").await;
    }
    office.tick().await;
    office.run(&id, Command::Cancel).await.unwrap();
    office.tick().await;
    let largest = store.largest();
    println!("the largest ordinary commit has {largest} items");
    assert!(largest <= limits::ORDINARY_COMMIT_ITEMS, "{largest} items");
}

/// The largest charter there can be, with the most that can happen to it at once.
#[tokio::test]
async fn the_largest_charter_stays_below_a_transaction_of_dynamodb() {
    let store = Arc::new(Measured::default());
    let office = Office::new(store.clone()).await;
    let names: Vec<String> = (0..60).map(|n| format!("d{n}")).collect();
    let crew: Vec<_> =
        names.iter().enumerate().map(|(n, name)| person("deckhand", name, n as u32, &[])).collect();
    office.import(&crew).await;
    let deckhands = limits::SEATS - 1;
    let largest_charter = &[("captain", 1), ("deckhand", deckhands)];
    let id = office.book("large", (16, 19), largest_charter).await.unwrap();
    // Other sails at that time wait for whoever is asked here.
    let waiting = (0..40).map(|n| format!("waits{n}")).collect::<Vec<_>>();
    store.largest();

    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    for charter in &waiting {
        let id = office.book(charter, (16, 19), &[("captain", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
    }
    office.tick().await;
    let waits = store.largest();
    // Dana's yes asks fifteen people, and tells every charter that waited for her.
    office.press("dana", "accept").await;
    let accept = store.largest();
    office.tick().await;
    // Fifteen offers lapse at one moment, and fifteen more are made.
    office.advance("2h3min").await;
    let lapse = store.largest();
    office.run(&id, Command::Cancel).await.unwrap();
    let cancel = store.largest();
    println!("items: waiting {waits}, accept {accept}, lapse {lapse}, cancel {cancel}");
    for (what, items) in [("waiting", waits), ("accept", accept), ("lapse", lapse), ("cancel", cancel)] {
        assert!(items < limits::COMMIT_ITEMS, "{what}: {items} items");
    }
    assert!(accept > 45 && lapse > 70, "the charter was not as large as it can be");
    invariants::hold(&office.app).await;
}

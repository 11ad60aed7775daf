//! What was due while nothing ran is done in its order.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use crewcall::store::{CommitError, Key, MemoryStore, Query, Row, Store, StoreError, Table, Write};
use crewcall::tick::settle_due;
use crewcall_dispatch::cascade::Command;
use jiff::{SignedDuration, Timestamp};

use crate::support::office::Office;

/// A store that is slow to write one charter: whoever does not wait for it is faster.
struct SlowFor {
    inner: Arc<dyn Store>,
    charter: &'static str,
}

#[async_trait]
impl Store for SlowFor {
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
        if writes.iter().any(|write| write.key().id == self.charter) {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        self.inner.commit(writes).await
    }
}

/// Two sails ask different captains, and both would turn to maya next. Whose offer lapsed first has her.
// Time passes here only while everyone waits for it.
#[tokio::test(start_paused = true)]
async fn of_two_calls_that_want_the_same_captain_the_one_that_was_due_first_asks() {
    let store = Arc::new(MemoryStore::new());
    let office = Office::new(store.clone()).await;
    let mut ids = Vec::new();
    for id in ["first", "second"] {
        let id = office.book(id, (16, 19), &[("captain", 1)]).await.unwrap();
        office.run(&id, Command::Start).await.unwrap();
        office.tick().await;
        office.advance("5min").await;
        ids.push(id);
    }
    let asked = async |n: usize| {
        let state = office.app.charter(&ids[n]).await.unwrap();
        state.open_offers().map(|offer| offer.crew_id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!((asked(0).await, asked(1).await), (vec!["dana".into()], vec!["gene".into()]));
    // The clock moves on, and nobody looks meanwhile, though the pages are there.
    let slow = Arc::new(SlowFor { inner: store, charter: "first" });
    let later = Office::on(slow, office.time.now() + SignedDuration::from_hours(2));
    later.app.beat_through().await.unwrap();
    settle_due(&later.app, &mut Default::default()).await.unwrap();
    // Dana, whose time for the first is over, is asked for the second.
    assert_eq!((asked(0).await, asked(1).await), (vec!["maya".into()], vec!["dana".into()]));
}

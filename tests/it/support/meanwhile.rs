//! A store in which something else happens while somebody is reading.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crewcall::store::{CommitError, Key, Query, Row, Store, StoreError, Table, Write};
use jiff::Timestamp;

type Event = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A store that lets something happen before it answers the next question for a list.
pub(crate) struct Meanwhile {
    inner: Arc<dyn Store>,
    planned: Mutex<Option<Event>>,
}

impl Meanwhile {
    pub(crate) fn on(inner: Arc<dyn Store>) -> Self {
        Meanwhile { inner, planned: Mutex::default() }
    }

    pub(crate) fn before_next_list(&self, event: impl Future<Output = ()> + Send + 'static) {
        *self.planned.lock().unwrap() = Some(Box::pin(event));
    }

    /// Whether what was planned has happened.
    pub(crate) fn has_happened(&self) -> bool {
        self.planned.lock().unwrap().is_none()
    }
}

#[async_trait]
impl Store for Meanwhile {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        self.inner.get(keys).await
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        let event = self.planned.lock().unwrap().take();
        if let Some(event) = event {
            event.await;
        }
        self.inner.list(query).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.inner.due(table, until, limit).await
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(table).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        self.inner.commit(writes).await
    }
}

//! A store in which something else happens while somebody is at it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crewcall::store::{CommitError, Key, Query, Row, Store, StoreError, Table, Write};
use jiff::Timestamp;

type Event = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the event comes before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// The next answer to a question for a list.
    List,
    /// The next commit that begins with a row of this table.
    CommitOf(Table),
}

/// A store that lets something happen before it does something.
pub(crate) struct Meanwhile {
    inner: Arc<dyn Store>,
    planned: Mutex<Option<(Before, Event)>>,
}

impl Meanwhile {
    pub(crate) fn on(inner: Arc<dyn Store>) -> Self {
        Meanwhile { inner, planned: Mutex::default() }
    }

    pub(crate) fn plan(&self, before: Before, event: impl Future<Output = ()> + Send + 'static) {
        *self.planned.lock().unwrap() = Some((before, Box::pin(event)));
    }

    async fn now(&self, moment: Before) {
        let planned = self.planned.lock().unwrap().take_if(|(before, _)| *before == moment);
        if let Some((_, event)) = planned {
            event.await;
        }
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
        self.now(Before::List).await;
        self.inner.list(query).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.inner.due(table, until, limit).await
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(table).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        if let Some(first) = writes.first() {
            self.now(Before::CommitOf(first.key().table)).await;
        }
        self.inner.commit(writes).await
    }
}

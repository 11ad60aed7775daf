//! A store that fails on purpose.
//!
//! Run a story once with [`Faulty::counting`] to learn how many operations it takes, then once for every `n`
//! below that with [`Faulty::failing_at`], and look each time whether everything still holds: invariants are for
//! the days on which the n-th operation fails.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use crewcall::store::{CommitError, Expect, Key, MemoryStore, Query, Row, Store, StoreError, Table, Write};
use jiff::Timestamp;

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This one fails and had no effect.
    Before,
    /// This one fails after its effect: the answer is lost. For a read the same as [`Fault::Before`].
    After,
    /// This one fails without effect, and so do all that follow: the process died here.
    DiesBefore,
    /// This one has its effect and fails, and all that follow fail: the process died just after it.
    DiesAfter,
}

impl Fault {
    pub(crate) const ALL: [Fault; 4] = [Fault::Before, Fault::After, Fault::DiesBefore, Fault::DiesAfter];

    fn dies(self) -> bool {
        matches!(self, Fault::DiesBefore | Fault::DiesAfter)
    }

    fn has_effect(self) -> bool {
        matches!(self, Fault::After | Fault::DiesAfter)
    }
}

/// Counts the operations on a store, and lets one of them fail. Operations are counted from 0.
///
/// `Arc<S>` is a store too: keep a clone of the inner one to look at it, or to wrap it anew for the process that
/// is started after the death of the first.
#[derive(Debug)]
pub(crate) struct Faulty<S> {
    inner: S,
    operations: AtomicUsize,
    plan: Option<(usize, Fault)>,
}

enum Turn {
    Works,
    Fails,
    LosesItsAnswer,
}

impl<S: Store> Faulty<S> {
    /// Only counts.
    pub(crate) fn counting(inner: S) -> Self {
        Faulty { inner, operations: AtomicUsize::new(0), plan: None }
    }

    /// Lets the operation with this number fail.
    pub(crate) fn failing_at(inner: S, number: usize, fault: Fault) -> Self {
        Faulty { inner, operations: AtomicUsize::new(0), plan: Some((number, fault)) }
    }

    /// Operations begun so far, failed ones included.
    pub(crate) fn operations(&self) -> usize {
        self.operations.load(Ordering::SeqCst)
    }

    fn turn(&self) -> Turn {
        let number = self.operations.fetch_add(1, Ordering::SeqCst);
        match self.plan {
            Some((at, fault)) if number == at && fault.has_effect() => Turn::LosesItsAnswer,
            Some((at, fault)) if number == at || (number > at && fault.dies()) => Turn::Fails,
            _ => Turn::Works,
        }
    }

    fn read_turn(&self) -> Result<(), StoreError> {
        match self.turn() {
            Turn::Works => Ok(()),
            Turn::Fails | Turn::LosesItsAnswer => Err(on_purpose()),
        }
    }
}

fn on_purpose() -> StoreError {
    StoreError::unavailable("failing on purpose", io::Error::other("a test wants it so"))
}

#[async_trait]
impl<S: Store> Store for Faulty<S> {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        self.read_turn()?;
        self.inner.get(keys).await
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        self.read_turn()?;
        self.inner.list(query).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.read_turn()?;
        self.inner.due(table, until, limit).await
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.read_turn()?;
        self.inner.next_due(table).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        match self.turn() {
            Turn::Works => self.inner.commit(writes).await,
            Turn::Fails => Err(on_purpose().into()),
            Turn::LosesItsAnswer => {
                // A lost answer may have been a refusal as well.
                let _ = self.inner.commit(writes).await;
                Err(on_purpose().into())
            }
        }
    }
}

/// Three operations: writes a row, reads it, writes another.
async fn story(store: &dyn Store) -> [bool; 3] {
    let put = |id| Write::Put {
        key: Key::new(Table::Service, id),
        expect: Expect::Absent,
        body: "{}".to_owned(),
        listing: None,
        due_at: None,
    };
    [
        store.commit(vec![put("a")]).await.is_ok(),
        store.get(&[Key::new(Table::Service, "a")]).await.is_ok(),
        store.commit(vec![put("b")]).await.is_ok(),
    ]
}

#[tokio::test]
async fn fails_where_and_how_it_was_told() {
    let counting = Faulty::counting(MemoryStore::new());
    assert_eq!(story(&counting).await, [true; 3]);
    assert_eq!(counting.operations(), 3);

    // What succeeds, and which rows exist afterwards, when operation n fails.
    let expected = [
        (Fault::Before, 0, [false, true, true], "b"),
        (Fault::Before, 1, [true, false, true], "ab"),
        (Fault::Before, 2, [true, true, false], "a"),
        (Fault::After, 0, [false, true, true], "ab"),
        (Fault::After, 1, [true, false, true], "ab"),
        (Fault::After, 2, [true, true, false], "ab"),
        (Fault::DiesBefore, 0, [false; 3], ""),
        (Fault::DiesBefore, 1, [true, false, false], "a"),
        (Fault::DiesBefore, 2, [true, true, false], "a"),
        (Fault::DiesAfter, 0, [false; 3], "a"),
        (Fault::DiesAfter, 1, [true, false, false], "a"),
        (Fault::DiesAfter, 2, [true, true, false], "ab"),
    ];
    assert_eq!(expected.len(), Fault::ALL.len() * counting.operations());
    for (fault, number, succeeds, exist) in expected {
        let inner = std::sync::Arc::new(MemoryStore::new());
        let faulty = Faulty::failing_at(inner.clone(), number, fault);
        assert_eq!(story(&faulty).await, succeeds, "{fault:?} at {number}");
        let rows = inner.get(&[Key::new(Table::Service, "a"), Key::new(Table::Service, "b")]).await.unwrap();
        let found: String = rows.into_iter().flatten().map(|row| row.key.id).collect();
        assert_eq!(found, exist, "{fault:?} at {number}");
    }
}

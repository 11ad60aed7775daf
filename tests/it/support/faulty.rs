//! A store that fails on purpose.
//!
//! Run a story with [`Faulty::failing_at`] once for every place, until it is over before the fault strikes, and look
//! each time whether everything still holds: invariants are for the days on which the n-th operation fails.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crewcall::store::{CommitError, Expect, Key, MemoryStore, Query, Row, Store, StoreError, Table, Write};
use jiff::Timestamp;

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This operation fails and had no effect.
    Before,
    /// This commit fails after its effect: the answer is lost. A read that loses its answer is one that fails.
    After,
    /// This operation fails without effect, and so do all that follow: the process died here.
    DiesBefore,
    /// This commit has its effect and fails, and all that follow fail: the process died just after it.
    DiesAfter,
    /// Somebody else writes one of the rows that this commit found just before it, as it was: a conflict.
    /// Spares commits of new rows alone.
    Overtaken,
}

impl Fault {
    pub(crate) const ALL: [Fault; 5] =
        [Fault::Before, Fault::After, Fault::DiesBefore, Fault::DiesAfter, Fault::Overtaken];

    /// Whether nothing works after it.
    pub(crate) fn dies(self) -> bool {
        matches!(self, Fault::DiesBefore | Fault::DiesAfter)
    }

    /// Whether this operation is a place for it.
    fn strikes(self, operation: Operation) -> bool {
        match self {
            Fault::Before | Fault::DiesBefore => true,
            Fault::After | Fault::DiesAfter => operation != Operation::Read,
            Fault::Overtaken => operation == Operation::CommitOfFoundRows,
        }
    }

    /// Whether it strikes commits alone.
    pub(crate) fn is_of_commits(self) -> bool {
        matches!(self, Fault::After | Fault::DiesAfter | Fault::Overtaken)
    }
}

/// What an operation is to the faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Read,
    CommitOfNewRows,
    CommitOfFoundRows,
}

/// The operations of a story, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Vec<Operation>);

impl Places {
    /// In how many places the fault can strike.
    pub(crate) fn of(&self, fault: Fault) -> usize {
        self.0.iter().filter(|operation| fault.strikes(**operation)).count()
    }

    /// In how many places another one can strike after it.
    pub(crate) fn after(&self, (place, fault): (usize, Fault), other: Fault) -> usize {
        let mut struck = self.0.iter().enumerate().filter(|(_, operation)| fault.strikes(**operation));
        let rest = struck.nth(place).map_or(&[][..], |(n, _)| &self.0[n + 1..]);
        rest.iter().filter(|operation| other.strikes(**operation)).count()
    }
}

/// Counts the operations on a store, and lets some of them fail.
pub(crate) struct Faulty {
    inner: Arc<dyn Store>,
    passed: Mutex<Places>,
    struck: AtomicBool,
    dead: AtomicBool,
    /// What is to strike, one after the other, and how many places it still lets pass.
    plan: Mutex<VecDeque<(usize, Fault)>>,
}

enum Turn {
    Works,
    Fails,
    LosesItsAnswer,
    IsOvertaken,
}

impl Faulty {
    /// Only counts, until it is told to [strike](Self::strike_next).
    pub(crate) fn counting(inner: Arc<dyn Store>) -> Self {
        Faulty {
            inner,
            passed: Mutex::default(),
            struck: AtomicBool::default(),
            dead: AtomicBool::default(),
            plan: Mutex::default(),
        }
    }

    /// Lets the fault strike in this place, counted from 0.
    pub(crate) fn failing_at(inner: Arc<dyn Store>, place: usize, fault: Fault) -> Self {
        Self::failing(inner, &[(place, fault)])
    }

    /// Lets one fault strike after the other: each in this place, counted from the one before. What comes after a
    /// death [is left](Self::left) to the process that goes on.
    pub(crate) fn failing(inner: Arc<dyn Store>, plan: &[(usize, Fault)]) -> Self {
        Faulty { plan: Mutex::new(plan.iter().copied().collect()), ..Self::counting(inner) }
    }

    /// Lets the fault strike in the next place.
    pub(crate) fn strike_next(&self, fault: Fault) {
        self.strike_after(0, fault);
    }

    /// Lets the fault strike once it has let that many places pass.
    pub(crate) fn strike_after(&self, places: usize, fault: Fault) {
        *self.plan.lock().unwrap() = VecDeque::from([(places, fault)]);
    }

    /// What it has seen so far.
    pub(crate) fn passed(&self) -> Places {
        self.passed.lock().unwrap().clone()
    }

    /// The faults that have not struck.
    pub(crate) fn left(&self) -> Vec<(usize, Fault)> {
        self.plan.lock().unwrap().iter().copied().collect()
    }

    /// Whether a fault has struck.
    pub(crate) fn has_struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }

    /// Whether the process has died.
    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// What becomes of an operation; `writes` if it is a commit.
    fn turn(&self, writes: Option<&[Write]>) -> Turn {
        let operation = match writes {
            None => Operation::Read,
            Some(writes) if found(writes).is_none() => Operation::CommitOfNewRows,
            Some(_) => Operation::CommitOfFoundRows,
        };
        self.passed.lock().unwrap().0.push(operation);
        if self.is_dead() {
            return Turn::Fails;
        }
        let mut plan = self.plan.lock().unwrap();
        let next = plan.front_mut().filter(|(_, fault)| fault.strikes(operation));
        let Some((places, fault)) = next else { return Turn::Works };
        if *places > 0 {
            *places -= 1;
            return Turn::Works;
        }
        let fault = *fault;
        plan.pop_front();
        self.struck.store(true, Ordering::SeqCst);
        self.dead.store(fault.dies(), Ordering::SeqCst);
        match fault {
            Fault::Before | Fault::DiesBefore => Turn::Fails,
            Fault::After | Fault::DiesAfter => Turn::LosesItsAnswer,
            Fault::Overtaken => Turn::IsOvertaken,
        }
    }

    /// Writes the last of the rows that a commit found, as it was.
    async fn overtake(&self, writes: &[Write]) -> Result<(), CommitError> {
        let Some(found) = found(writes) else { return Ok(()) };
        let row = self.inner.get(std::slice::from_ref(found.key())).await?.remove(0);
        let Some(Row { key, body, listing, due_at, .. }) = row else { return Ok(()) };
        let again = Write::Put { key, expect: found.expected(), body, listing, due_at };
        self.inner.commit(vec![again]).await
    }

    fn read_turn(&self) -> Result<(), StoreError> {
        match self.turn(None) {
            Turn::Works => Ok(()),
            Turn::Fails | Turn::LosesItsAnswer | Turn::IsOvertaken => Err(on_purpose()),
        }
    }
}

/// The last of the rows that a commit found.
fn found(writes: &[Write]) -> Option<&Write> {
    writes.iter().rev().find(|write| matches!(write.expected(), Expect::Version(_)))
}

fn on_purpose() -> StoreError {
    StoreError::unavailable("failing on purpose", io::Error::other("a test wants it so"))
}

#[async_trait]
impl Store for Faulty {
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
        match self.turn(Some(&writes)) {
            Turn::Works => self.inner.commit(writes).await,
            Turn::Fails => Err(on_purpose().into()),
            Turn::IsOvertaken => {
                self.overtake(&writes).await?;
                self.inner.commit(writes).await
            }
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
    let counting = Faulty::counting(Arc::new(MemoryStore::new()));
    assert_eq!(story(&counting).await, [true; 3]);
    assert_eq!(Fault::ALL.map(|fault| counting.passed().of(fault)), [3, 2, 3, 2, 0]);
    assert_eq!(Fault::ALL.map(|fault| counting.passed().after((0, Fault::After), fault)), [2, 1, 2, 1, 0]);

    // What succeeds, and which rows exist afterwards, when the fault strikes in this place.
    let expected = [
        (Fault::Before, 0, [false, true, true], "b"),
        (Fault::Before, 1, [true, false, true], "ab"),
        (Fault::Before, 2, [true, true, false], "a"),
        (Fault::After, 0, [false, true, true], "ab"),
        (Fault::After, 1, [true, true, false], "ab"),
        (Fault::DiesBefore, 0, [false; 3], ""),
        (Fault::DiesBefore, 1, [true, false, false], "a"),
        (Fault::DiesBefore, 2, [true, true, false], "a"),
        (Fault::DiesAfter, 0, [false; 3], "a"),
        (Fault::DiesAfter, 1, [true, true, false], "ab"),
    ];
    for (fault, place, succeeds, exist) in expected {
        let inner = std::sync::Arc::new(MemoryStore::new());
        let faulty = Faulty::failing_at(inner.clone(), place, fault);
        assert_eq!(story(&faulty).await, succeeds, "{fault:?} at {place}");
        assert_eq!(faulty.is_dead(), fault.dies());
        let rows = inner.get(&[Key::new(Table::Service, "a"), Key::new(Table::Service, "b")]).await.unwrap();
        let found: String = rows.into_iter().flatten().map(|row| row.key.id).collect();
        assert_eq!(found, exist, "{fault:?} at {place}");
    }
}

#[tokio::test]
async fn one_fault_follows_another() {
    let strikes = async |plan: &[(usize, Fault)]| {
        let faulty = Faulty::failing(Arc::new(MemoryStore::new()), plan);
        (story(&faulty).await, faulty.left().len())
    };
    assert_eq!(strikes(&[(0, Fault::Before), (0, Fault::Before)]).await, ([false, false, true], 0));
    assert_eq!(strikes(&[(0, Fault::Before), (1, Fault::Before)]).await, ([false, true, false], 0));
    assert_eq!(strikes(&[(1, Fault::Before), (0, Fault::After)]).await, ([true, false, false], 0));
    assert_eq!(strikes(&[(1, Fault::DiesBefore), (0, Fault::After)]).await, ([true, false, false], 1));
    assert_eq!(strikes(&[(0, Fault::After), (1, Fault::After)]).await, ([false, true, true], 1));
}

#[tokio::test]
async fn an_overtaken_commit_is_a_conflict_over_a_row_that_says_the_same() {
    let key = Key::new(Table::Service, "a");
    let put = |expect, body: &str| {
        vec![Write::Put { key: key.clone(), expect, body: body.to_owned(), listing: None, due_at: None }]
    };
    let faulty = Faulty::counting(Arc::new(MemoryStore::new()));
    faulty.commit(put(Expect::Absent, "{}")).await.unwrap();
    faulty.strike_next(Fault::Overtaken);
    let overtaken = faulty.commit(put(Expect::Version(1), r#"{"a":1}"#)).await;
    assert!(matches!(overtaken, Err(CommitError::Conflict(lost)) if lost == key));
    assert!(faulty.has_struck());
    let row = faulty.get(std::slice::from_ref(&key)).await.unwrap().remove(0).unwrap();
    assert_eq!((row.version, row.body.as_str()), (2, "{}"));
    faulty.commit(put(Expect::Version(2), r#"{"a":1}"#)).await.unwrap();
}

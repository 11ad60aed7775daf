//! Where everything is kept: one small trait, and every store answers it alike.
//!
//! A store knows nothing of charters or crew. It keeps **rows**: a JSON body under a key, with a version that
//! counts its writes, perhaps listed somewhere in an order, perhaps due at an instant. That is little enough
//! for a map in memory, for one SQLite file and for DynamoDB to mean exactly the same by it, and the conformance
//! suite in `tests/it/store` holds each of them to it. What rows mean is written once, in the program above.
//!
//! # The rules every store keeps
//!
//! 1. A [`commit`](Store::commit) happens whole or not at all, and after `Ok` it is durable.
//! 2. Every write of a commit names what it expects to find: nothing, the version that was read, or anything,
//!    where another row of the commit guards it. If another writer was faster, the answer is
//!    [`CommitError::Conflict`] with the first such key in the order of the writes. That is a normal answer: read
//!    again, decide again.
//! 3. A [`StoreError`] from a commit leaves open whether it happened: the answer may have been lost after the
//!    effect. Callers settle this the same way, by reading again and deciding again; what was decided is in the
//!    rows, so the second decision sees the first one's effect and comes out as "already done".
//! 4. `get` sees every commit that was acknowledged before it was called. Several keys are not one snapshot; the
//!    expected versions of the commit that follows are what makes acting on them safe.
//! 5. `list` and `due` may trail behind commits for a moment where an index is kept elsewhere (DynamoDB), so they
//!    say where to look, and the commit's expectations decide.
//! 6. Strings are ordered by their UTF-8 bytes everywhere.
//! 7. A deleted row that is written anew starts at version 1 again. An id must therefore not come back with
//!    another meaning while someone may still hold the version of its first life.
//!
//! # Limits
//!
//! The limits below are DynamoDB's with some room, and hold for every store, so that a decision that fits the
//! file on one machine still fits on the day one machine is not enough.

pub mod copy;
#[cfg(feature = "aws")]
mod dynamodb;
mod error;
mod item;
mod memory;
mod scan;
mod sqlite;
mod typed;
mod write;

use async_trait::async_trait;
use jiff::Timestamp;

#[cfg(feature = "aws")]
pub use dynamodb::{DynamoStore, Prepared, TakenOver};
pub use error::{CommitError, StoreError};
pub use item::{Key, Listing, Query, Row, Table};
pub use memory::MemoryStore;
pub use scan::{Page, SCAN_PAGE, Scan};
pub use sqlite::{BackupError, SqliteStore, back_up, restore};
pub use typed::{Record, Versioned, list_all, read, read_many};
pub use write::{Expect, Write};

/// The names of a store's tables in DynamoDB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNames {
    /// What all names begin with, as `harbor-`; may be empty.
    pub prefix: String,
    /// The table of links, without the prefix.
    pub tokens: String,
}

/// Items in one commit, checks included (DynamoDB: 100). More: [`StoreError::TooLarge`].
pub const COMMIT_ITEMS: usize = crewcall_dispatch::limits::COMMIT_ITEMS;
/// Bytes of all bodies in one commit (DynamoDB: 4 MB with keys). More: [`StoreError::TooLarge`].
pub const COMMIT_BYTES: usize = 3_500_000;
/// Bytes of one row's body (DynamoDB: an item of 400 KB, keys and attribute names included). More:
/// [`StoreError::TooLarge`].
pub const BODY_BYTES: usize = 380 * 1024;
/// Bytes of an id, and of each half of a listing (DynamoDB: 1,024 for a sort key, some of them taken by
/// prefixes). More: [`StoreError::TooLarge`].
pub const NAME_BYTES: usize = 900;
/// Keys in one [`Store::get`] (DynamoDB: 100). More: [`StoreError::TooLarge`].
pub const GET_KEYS: usize = 100;

/// A place that keeps rows. The module's page has the rules that each method's answer obeys.
///
/// # Errors
///
/// Every method that reads: [`StoreError::Unavailable`] when there was no answer, and [`StoreError::Corrupt`] when
/// what is stored is not what was written. `get` of too many keys: [`StoreError::TooLarge`].
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The rows under these keys, in the order of the keys, `None` where there is none. A key may be asked for
    /// twice and is then answered twice. At most [`GET_KEYS`] keys.
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError>;

    /// The rows listed under one name, ascending by their order or, backwards, descending, within the query's bounds.
    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError>;

    /// At most `limit` rows whose `due_at` is `until` or earlier, earliest first, then by id.
    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError>;

    /// The earliest `due_at` in a table, past or future. `None` when nothing waits.
    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError>;

    /// Applies all the writes or none. An empty commit does nothing and succeeds.
    ///
    /// Dropping the returned future does not call the commit back: it happened, did not, or still will.
    ///
    /// # Errors
    ///
    /// [`CommitError::Conflict`] when an expectation does not hold; nothing was written. [`CommitError::Store`]
    /// with [`Unavailable`](StoreError::Unavailable) when it is unknown whether it was; with every other
    /// [`StoreError`] nothing was written.
    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError>;
}

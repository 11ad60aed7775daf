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
//! # How this maps onto DynamoDB
//!
//! Table names take the configured prefix. Beside `body`'s attributes every item carries `version` (N),
//! `listed_under` and `listed_order` (S, only when listed), `due_shard` (S) and `due_at` (N, only when due).
//!
//! | table here | DynamoDB table | key |
//! | --- | --- | --- |
//! | `Crew` | `crew-dispatch` | `crew_id` = id |
//! | `Charter` | `charter-chats` | `charter_id` = id, sort key `state` |
//! | `Event` | `charter-chats` | id is `<charter_id>/<rest>`: `charter_id`, sort key `event#<rest>` |
//! | `Token` | the token table | `token_id` = id |
//! | `Commitments`, `Outbox`, `Session`, `Service` | one further table | `pk` = `<table>#<id>`, `sk` = `-` |
//!
//! | call here | call there | notes |
//! | --- | --- | --- |
//! | `get` of one key | `GetItem`, `ConsistentRead` | |
//! | `get` of more | `BatchGetItem`, `ConsistentRead` | refuses repeated keys (ask once, answer twice); `UnprocessedKeys` are asked again |
//! | `list` of events | `Query` on the table | `charter_id` = under, `BETWEEN event#from AND event#to`, then as below; without `from` from `event#` on, without `to` up to `event$`, for the charter itself stands behind its events |
//! | `list` of others | `Query` on the index (`listed_under`, `listed_order`) | one condition on the sort key: `BETWEEN from AND to`, then drop `to` itself; several tables share one index, so `listed_under` is stored as `<table>#<under>`; follow `LastEvaluatedKey` until `limit` |
//! | `list` backwards | the same with `ScanIndexForward` = false | |
//! | `due` | one `Query` for each shard on the sparse index (`due_shard`, `due_at`) with `due_at <= until` | `due_shard` is `<table>#<hash of id mod n>`, so that no partition takes all timers; merged by (`due_at`, id), cut at `limit` |
//! | `next_due` | the same with `Limit = 1` | the least of the shards |
//! | `commit` | `TransactWriteItems` with a `ClientRequestToken` | `Put`, `Delete` and `Check` become `Put`, `Delete` and `ConditionCheck`; the empty commit is not sent |
//! | [`Expect::Absent`] | `attribute_not_exists(version)` | |
//! | [`Expect::Version`] | `version = :expected` | |
//! | [`Expect::Any`] | `version = :found` | found by a `BatchGetItem` before; `attribute_not_exists(version)` if nothing was. A `Put` replaces an item whole and cannot count on by itself |
//!
//! | `TransactionCanceled` reason | answer here |
//! | --- | --- |
//! | `ConditionalCheckFailed` | `Conflict` with the key of the first such reason; reasons come in the order of the writes |
//! | `TransactionConflict` | asked again with the same token a few times, then `Conflict` with that key: someone is writing it |
//! | `ItemCollectionSizeLimitExceeded`, `ValidationError` on size | [`StoreError::TooLarge`] |
//! | throttling, timeouts, `TransactionInProgress` | asked again with the same token, then [`StoreError::Unavailable`] |
//!
//! The limits below are DynamoDB's with some room, and hold for every store, so that a decision that fits the
//! file on one machine still fits on the day one machine is not enough.

mod error;
mod item;
mod memory;
mod sqlite;
mod typed;
mod write;

use async_trait::async_trait;
use jiff::Timestamp;

pub use error::{CommitError, StoreError};
pub use item::{Key, Listing, Query, Row, Table};
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;
pub use typed::{Record, Versioned, list_all, read, read_many};
pub use write::{Expect, Write};

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
    /// [`StoreError`] nothing was written, and trying the same again gives the same.
    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError>;
}

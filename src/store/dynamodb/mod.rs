//! DynamoDB: the store of more than one machine, and the tables that people already have.
//!
//! Built with the cargo feature `aws`. Region, credentials and endpoint are those that the AWS SDK
//! reads (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL_DYNAMODB` …).
//!
//! | table here | DynamoDB table | key |
//! | --- | --- | --- |
//! | `Crew` | `crew-dispatch` | `crew_id` = id |
//! | `Charter` | `charter-chats` | `charter_id` = id, `entry` = `state` |
//! | `Event` | `charter-chats` | id is `<charter_id>/<rest>`: `charter_id`, `entry` = `event#<rest>` |
//! | `Token` | the token table | `token_id` = id |
//! | `Commitments`, `Outbox`, `Session`, `Service` | `crewcall` | `pk` = `<table>#<id>` |
//!
//! In the first three the body's fields are attributes ([`item`]); [`layout`] has the attributes that every item
//! carries beside them. Names of tables take the configured prefix.
//!
//! | call here | call there | notes |
//! | --- | --- | --- |
//! | `get` of one key | `GetItem`, `ConsistentRead` | |
//! | `get` of more | `BatchGetItem`, `ConsistentRead` | refuses repeated keys (ask once, answer twice); `UnprocessedKeys` are asked again |
//! | `list` of events | `Query` on the table | consistent; `entry` from `event#` on, up to `event$` without an end |
//! | `list` of others | `Query` on the index `listed` | one condition on the sort key: `BETWEEN from AND to`, then `to` itself is dropped |
//! | `due` | one `Query` for each shard of the sparse index `due` | merged, cut at `limit`; the index has keys only, the rows are read consistently |
//! | `next_due` | the same with `Limit` = 1 | the least of the shards |
//! | `commit` | `TransactWriteItems` | [`commit`] |
//! | [`Expect::Absent`](super::Expect::Absent) | `attribute_not_exists` of the key | |
//! | [`Expect::Version`](super::Expect::Version) | `version = :expected` | |
//! | [`Expect::Any`](super::Expect::Any) | as the one of the two that a read just before found | a `Put` replaces an item whole and cannot count on by itself |
//!
//! | answer there | answer here |
//! | --- | --- |
//! | cancelled, `ConditionalCheckFailed` | `Conflict` with the key of the first such reason, unless the commit's own earlier attempt was what changed the row |
//! | cancelled, `TransactionConflict` | asked again a few times, then `Conflict` with that key: someone is writing it |
//! | throttling, whether of the request or as a reason | asked again, then [`Throttled`](StoreError::Throttled); nothing was written |
//! | no answer, 5xx, `TransactionInProgressException` | asked again under the same id, then settled by a read, else [`Unavailable`](StoreError::Unavailable) |
//! | no such table, not allowed, not understood | an error of its own; nothing was written |

mod commit;
mod failure;
mod item;
mod layout;
mod read;
mod scan;
mod setup;
mod takeover;
mod value;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use self::failure::Said;
use super::write::{check_commit, check_get};
use super::{CommitError, Key, Page, Query, Row, Scan, Store, StoreError, Table, TableNames, Write};
use crate::aws;

pub use setup::Prepared;
pub use takeover::TakenOver;

/// How long one request may take. Lambda's and a browser's patience are the measure.
const REQUEST: Duration = Duration::from_secs(3);
const CONNECT: Duration = Duration::from_secs(1);
/// Requests under way at the same time, each over a connection of its own: a process on AWS Lambda may have 1,024 files
/// and connections open.
const AT_ONCE: usize = 256;
/// How often a read is sent.
const READ_ATTEMPTS: u32 = 4;

/// A store in DynamoDB tables. Cloning it is cheap; all clones share their connections.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Client,
    tables: TableNames,
    /// For requests that are sent again by this module itself.
    no_retries: Builder,
    seats: Arc<Semaphore>,
}

impl DynamoStore {
    /// A store in the tables of these names, with the region, the credentials and the endpoint of the environment.
    /// Does not ask whether the tables are there.
    ///
    /// # Errors
    /// [`StoreError::NotConfigured`] if there is no region or there are no credentials.
    pub async fn open(tables: TableNames) -> Result<Self, StoreError> {
        let config = aws::settings().await;
        let missing = |what: &str| StoreError::NotConfigured { cause: Arc::new(Said(what.to_owned())) };
        if !aws::has_region(&config) {
            return Err(missing("there is no region; set AWS_REGION"));
        }
        aws::has_credentials(&config).await.map_err(|why| missing(&why))?;
        Ok(Self::new(&config, tables))
    }

    /// A store in the tables of these names, with settings of AWS that are known already.
    pub fn new(config: &SdkConfig, tables: TableNames) -> Self {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(REQUEST).build();
        let config = Builder::from(config)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(READ_ATTEMPTS))
            .build();
        let no_retries = Builder::new().retry_config(RetryConfig::disabled());
        Self {
            client: Client::from_conf(config),
            tables,
            no_retries,
            seats: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Sends a request when there are not too many under way.
    async fn in_turn<T>(&self, request: impl Future<Output = T>) -> T {
        // It fails only if the semaphore were closed, which nobody does.
        let _seat = self.seats.acquire().await.ok();
        request.await
    }
}

/// Waits before the next attempt: twice as long each time, and at random, so that those who were refused together
/// do not come back together.
async fn pause(attempt: u32) {
    let most = Duration::from_millis(25 << attempt.min(5));
    tokio::time::sleep(most.mul_f64(fastrand::f64())).await;
}

#[async_trait]
impl Scan for DynamoStore {
    async fn scan(&self, from: Option<&str>) -> Result<Page, StoreError> {
        self.scan_tables(from).await
    }
}

#[async_trait]
impl Store for DynamoStore {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        check_get(keys)?;
        self.rows(keys).await
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        self.listed(query).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.due_rows(table, until, limit).await
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.next_due_at(table).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        check_commit(&writes)?;
        if writes.is_empty() {
            return Ok(());
        }
        self.write_all(&writes).await
    }
}

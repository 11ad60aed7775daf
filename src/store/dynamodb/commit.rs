//! One commit, one `TransactWriteItems`.
//!
//! Every item that a commit writes carries the id of the commit. That settles what an answer that was lost leaves
//! open: asked again, the conditions do not hold any more, and whether that is because of ourselves is seen by the
//! id, at any later time; DynamoDB's own memory of a request's token lasts ten minutes, which here only saves the look.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem,
};

use super::failure::{self, Failure, Said};
use super::item::{self, Written};
use super::layout::{self, Item, Place};
use super::{DynamoStore, pause};
use crate::random;
use crate::store::{CommitError, Expect, Key, StoreError, Write};

/// How often a commit is sent before it counts as unanswered, throttled or lost to whoever holds its rows.
const ATTEMPTS: u32 = 8;
/// For how long it is sent again; a page waits no longer than three times this, but for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

const DOING: &str = "committing";
/// DynamoDB sums the sizes of a transaction's items up to 4 MB.
const TRANSACTION_BYTES: usize = 4_000_000;

/// What became of a commit, if it was not refused.
enum Settled {
    Written,
    /// Rows of [`Expect::Any`] alone were written by somebody else after their versions were looked up.
    LookAgain,
}

/// What became of one attempt.
enum Attempt {
    Done,
    /// A condition did not hold: that of this write, and what stands there now.
    Lost(Vec<(usize, Option<Item>)>),
    /// Another transaction is writing this row.
    Held(usize),
    Failed(Failure),
}

impl DynamoStore {
    /// Commits; see the module's page for how a lost answer is settled.
    pub(super) async fn write_all(&self, writes: &[Write]) -> Result<(), CommitError> {
        for look in 0..ATTEMPTS {
            if look > 0 {
                pause(look).await;
            }
            let id = random::token::<16>()?;
            let found = self.found_anything(writes).await?;
            match self.attempts(writes, &id, &found).await? {
                Settled::Written => return Ok(()),
                Settled::LookAgain => {}
            }
        }
        let any = writes.iter().find(|write| write.expected() == Expect::Any);
        Err(any.map_or_else(|| unanswered().into(), |write| CommitError::Conflict(write.key().clone())))
    }

    /// The versions of rows that are written whatever they are: a `Put` replaces an item whole, so it has to name
    /// the next version itself.
    async fn found_anything(&self, writes: &[Write]) -> Result<Vec<Expect>, StoreError> {
        let any = |write: &&Write| write.expected() == Expect::Any;
        let keys: Vec<Key> = writes.iter().filter(any).map(|write| write.key().clone()).collect();
        let mut found = if keys.is_empty() { Vec::new() } else { self.items(&keys).await? }.into_iter();
        let expect = |write: &Write| match write.expected() {
            Expect::Any => match found.next().flatten() {
                Some(item) if !item.contains_key(layout::COMMIT_ID) => {
                    Err(StoreError::NotOurs(write.key().clone()))
                }
                Some(item) => Ok(Expect::Version(item::version(&item).ok_or_else(|| {
                    StoreError::corrupt(write.key().to_string(), item::Unreadable(layout::VERSION))
                })?)),
                None => Ok(Expect::Absent),
            },
            expect => Ok(expect),
        };
        writes.iter().map(expect).collect()
    }

    /// Sends a commit until it is settled.
    async fn attempts(&self, writes: &[Write], id: &str, expects: &[Expect]) -> Result<Settled, CommitError> {
        let items = self.transaction(writes, id, expects)?;
        // Whether an earlier attempt may have had its effect.
        let mut open = false;
        let mut last = None;
        let began = Instant::now();
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                pause(attempt).await;
            }
            if began.elapsed() > PATIENCE {
                break;
            }
            match self.attempt(items.clone(), id).await {
                Attempt::Done => return Ok(Settled::Written),
                Attempt::Lost(lost) => return self.lost(writes, id, expects, open, lost).await,
                Attempt::Held(index) => {
                    last = writes.get(index).map(|write| CommitError::Conflict(write.key().clone()));
                }
                Attempt::Failed(Failure::Refused(error)) => {
                    last = Some(error.into());
                    break;
                }
                Attempt::Failed(Failure::Throttled(error)) => last = Some(error.into()),
                Attempt::Failed(Failure::Unknown(error)) => {
                    open = true;
                    last = Some(error.into());
                }
            }
        }
        let last = last.unwrap_or_else(|| unanswered().into());
        if !open {
            return Err(last);
        }
        match self.is_written(writes, id, expects).await {
            Ok(Some(true)) => Ok(Settled::Written),
            // It is not there now; what was sent may still arrive.
            _ if matches!(last, CommitError::Store(StoreError::Unavailable { .. })) => Err(last),
            _ => Err(unanswered().into()),
        }
    }

    /// A condition did not hold: because somebody else was faster, or because of an earlier attempt of our own.
    async fn lost(
        &self,
        writes: &[Write],
        id: &str,
        expects: &[Expect],
        open: bool,
        lost: Vec<(usize, Option<Item>)>,
    ) -> Result<Settled, CommitError> {
        if lost.iter().any(|(_, item)| item.as_ref().is_some_and(|item| item::is_of(item, id))) {
            return Ok(Settled::Written);
        }
        if open {
            match self.is_written(writes, id, expects).await? {
                Some(true) => return Ok(Settled::Written),
                Some(false) => {}
                None => return Err(unanswered().into()),
            }
        }
        let first = lost
            .iter()
            .filter_map(|(index, _)| writes.get(*index))
            .find(|write| write.expected() != Expect::Any);
        match first {
            Some(write) => Err(CommitError::Conflict(write.key().clone())),
            None => Ok(Settled::LookAgain),
        }
    }

    /// Was it me? Whether the commit of this id is what wrote the rows. `None` if that cannot be known any more,
    /// because all of them were written again or deleted since, or it wrote none.
    async fn is_written(
        &self,
        writes: &[Write],
        id: &str,
        expects: &[Expect],
    ) -> Result<Option<bool>, StoreError> {
        let put = |(write, expect): (&Write, &Expect)| match write {
            Write::Put { key, .. } => Some((key.clone(), layout::is_kept(key.table).then(|| next(expect)))),
            Write::Delete { .. } | Write::Check { .. } => None,
        };
        let (keys, next): (Vec<Key>, Vec<Option<u64>>) = writes.iter().zip(expects).filter_map(put).unzip();
        let items = self.items(&keys).await?;
        if items.iter().flatten().any(|item| item::is_of(item, id)) {
            return Ok(Some(true));
        }
        // Somebody else wrote the version that would be ours, or nobody has written it yet. A later version says
        // nothing, it was written again since; nor does a row that may have been deleted and begun anew.
        let without_us = |(item, next): (&Option<Item>, Option<u64>)| {
            item.as_ref().and_then(item::version).zip(next).is_some_and(|(version, next)| version <= next)
        };
        Ok(items.iter().zip(next).any(without_us).then_some(false))
    }

    async fn attempt(&self, items: Vec<TransactWriteItem>, id: &str) -> Attempt {
        let request =
            self.client.transact_write_items().set_transact_items(Some(items)).client_request_token(id);
        // Asked again by ourselves alone: we have to know whether an attempt was left open.
        let sent = request.customize().config_override(self.no_retries.clone()).send();
        let answer = self.in_turn(sent).await;
        let error = match answer {
            Ok(_) => return Attempt::Done,
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                reasons(cancelled.cancellation_reasons(), &error)
            }
            _ => Attempt::Failed(failure::of(DOING, &error)),
        }
    }

    fn transaction(
        &self,
        writes: &[Write],
        id: &str,
        expects: &[Expect],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut bytes = 0;
        let items = writes.iter().zip(expects).map(|(write, expect)| {
            let item = match write {
                Write::Put { key, body, listing, due_at, .. } => {
                    let (listing, due_at, version) = (listing.as_ref(), *due_at, next(expect));
                    let row = Written { key, version, commit_id: id, body, listing, due_at };
                    let item = item::item(&row)?;
                    bytes += item::size(&item);
                    item
                }
                Write::Delete { key, .. } | Write::Check { key, .. } => {
                    layout::key_of(key).unwrap_or_default()
                }
            };
            Ok(self.one(write, expect, item))
        });
        let items = items.collect::<Result<Vec<_>, StoreError>>()?;
        if bytes > TRANSACTION_BYTES {
            let what = "bytes in one transaction".to_owned();
            return Err(StoreError::TooLarge { what, size: bytes, limit: TRANSACTION_BYTES });
        }
        Ok(items)
    }

    /// One write as an item of the transaction; `item` is the whole of it, or its key.
    fn one(&self, write: &Write, expect: &Expect, item: Item) -> TransactWriteItem {
        let place = Place::of(write.key().table);
        let table = self.tables.of(place);
        let (name, value, condition) = match expect {
            Expect::Version(version) => {
                (layout::VERSION, Some(AttributeValue::N(version.to_string())), "#name = :value")
            }
            _ => (place.key().0, None, "attribute_not_exists(#name)"),
        };
        let values = value.map(|value| [(":value".to_owned(), value)].into());
        // What stands there instead says whether it was ourselves.
        let found = ReturnValuesOnConditionCheckFailure::AllOld;
        macro_rules! with_condition {
            ($write:expr) => {
                $write
                    .table_name(table)
                    .condition_expression(condition)
                    .expression_attribute_names("#name", name)
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(found)
                    .build()
                    .ok()
            };
        }
        // Nothing that a builder requires is left out above.
        let one = TransactWriteItem::builder();
        match write {
            Write::Put { .. } => one.set_put(with_condition!(Put::builder().set_item(Some(item)))),
            Write::Delete { .. } => one.set_delete(with_condition!(Delete::builder().set_key(Some(item)))),
            Write::Check { .. } => {
                one.set_condition_check(with_condition!(ConditionCheck::builder().set_key(Some(item))))
            }
        }
        .build()
    }
}

/// The version that a row has after a write that expected this.
fn next(expect: &Expect) -> u64 {
    match expect {
        Expect::Version(version) => version.saturating_add(1),
        Expect::Absent | Expect::Any => 1,
    }
}

fn unanswered() -> StoreError {
    StoreError::unavailable(
        DOING,
        Said("no attempt was answered, and it cannot be seen any more whether one had its effect".into()),
    )
}

/// Why a transaction was cancelled. The reasons come in the order of its items.
fn reasons<R: std::fmt::Debug>(
    reasons: &[CancellationReason],
    error: &SdkError<TransactWriteItemsError, R>,
) -> Attempt {
    let coded = |wanted: &'static [&'static str]| {
        let is_wanted =
            move |reason: &CancellationReason| reason.code().is_some_and(|code| wanted.contains(&code));
        reasons.iter().enumerate().filter(move |(_, reason)| is_wanted(reason))
    };
    let lost = coded(&["ConditionalCheckFailed"]).map(|(index, reason)| (index, reason.item.clone()));
    let lost: Vec<_> = lost.collect();
    if !lost.is_empty() {
        return Attempt::Lost(lost);
    }
    if let Some((index, _)) = coded(&["TransactionConflict"]).next() {
        return Attempt::Held(index);
    }
    let cause = Arc::new(failure::said(error));
    if coded(&["ThrottlingError", "ProvisionedThroughputExceeded"]).next().is_some() {
        return Attempt::Failed(Failure::Throttled(StoreError::Throttled { cause }));
    }
    Attempt::Failed(Failure::Refused(StoreError::NotUnderstood { cause }))
}

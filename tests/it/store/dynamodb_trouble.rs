//! What a commit and a read make of a network that loses, of an AWS that throttles, and of rights and tables that
//! are not there. The proxy takes the token off each commit, so that DynamoDB remembers none: what is settled is
//! settled by the id that every item carries.

use std::sync::Arc;
use std::time::Duration;

use crewcall::app::AppError;
use crewcall::store::copy::{CopyError, copy};
use crewcall::store::{
    CommitError, DynamoStore, Expect, Key, Listing, MemoryStore, Query, Store, StoreError, Table, Write,
};

use super::rows::*;
use crate::support::dynamodb::{Peer, dynoxide, empty_store, fresh_names, ministack, settings};
use crate::support::office::Office;
use crate::support::proxy::Trouble::*;
use crate::support::proxy::{COMMIT, Proxy, Trouble, cancelled, exception};

/// More often than a commit is sent.
const ALWAYS: usize = 20;

/// A store behind a proxy, and the same tables reached directly.
struct Troubled {
    store: DynamoStore,
    direct: Arc<DynamoStore>,
    proxy: Proxy,
}

impl Troubled {
    async fn new(peer: Arc<Peer>) -> Self {
        let names = fresh_names();
        let direct = Arc::new(empty_store(&peer.endpoint, &names).await);
        let proxy = Proxy::before(&peer.endpoint).await;
        Self { store: DynamoStore::new(&settings(&proxy.endpoint), names), direct, proxy }
    }

    fn expect(&self, troubles: impl IntoIterator<Item = Trouble>) {
        self.proxy.expect(COMMIT, troubles);
    }

    /// Somebody else commits this, over a better line.
    fn others(
        &self,
        writes: Vec<Write>,
    ) -> Box<dyn FnOnce() -> futures_util::future::BoxFuture<'static, ()> + Send> {
        let direct = self.direct.clone();
        Box::new(move || Box::pin(async move { direct.commit(writes).await.unwrap() }))
    }
}

fn two() -> Vec<Write> {
    vec![put("dana", ABSENT), put("lee", ABSENT)]
}

fn always(trouble: impl Fn() -> Trouble) -> impl Iterator<Item = Trouble> {
    std::iter::repeat_with(trouble).take(ALWAYS)
}

#[track_caller]
fn store_error(answer: Result<(), CommitError>) -> StoreError {
    match answer {
        Err(CommitError::Store(error)) => error,
        other => panic!("expected a failing store, got {other:?}"),
    }
}

async fn a_lost_answer_is_an_answer(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    for (number, trouble) in
        [LoseAnswer, LoseRequest, AfterEffect(500, exception("InternalServerError"))].into_iter().enumerate()
    {
        at.expect([trouble]);
        let writes = vec![put(&format!("a{number}"), ABSENT), put(&format!("b{number}"), ABSENT)];
        at.store.commit(writes).await.unwrap();
        assert_eq!(version_of(&*at.direct, &format!("a{number}")).await, Some(1));
    }
    // Also of rows that were there, of a delete beside them, and of rows that are written whatever they are.
    at.expect([LoseAnswer]);
    let any = with(crew("b0"), Expect::Any, "{}", None, None);
    at.store.commit(vec![put("a0", version(1)), delete("a1", version(1)), any]).await.unwrap();
    assert_eq!(version_of(&*at.direct, "a0").await, Some(2));
    assert_eq!(version_of(&*at.direct, "b0").await, Some(2));
    assert_eq!(at.proxy.troubles(), 4);
}

async fn was_it_me_is_asked_also_when_no_answer_comes_at_all(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    at.expect(always(|| LoseAnswer));
    at.store.commit(two()).await.unwrap();
    assert_eq!(version_of(&*at.direct, "lee").await, Some(1));
}

async fn nothing_arrives(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    at.expect(always(|| LoseRequest));
    let error = store_error(at.store.commit(two()).await);
    assert!(matches!(error, StoreError::Unavailable { .. }) && !error.is_without_effect(), "{error:?}");
    assert_eq!(version_of(&*at.direct, "dana").await, None);
}

async fn somebody_else_writes_before_the_answer_is_asked_for_again(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    // It was us, and one of the rows still says so.
    at.expect([LoseAnswerThen(at.others(vec![put("dana", version(1))]))]);
    at.store.commit(two()).await.unwrap();
    // It was not us.
    at.expect([LoseRequestThen(at.others(vec![put("dana", version(2))]))]);
    assert_eq!(
        conflict(at.store.commit(vec![put("lee", version(1)), put("dana", version(2))]).await),
        crew("dana")
    );
    assert_eq!(version_of(&*at.direct, "lee").await, Some(1));
    // It was us; the one row was deleted and begun anew, and the other one still says so.
    at.expect([LoseAnswerThen(at.others(vec![delete("again", version(1))]))]);
    at.store.commit(vec![put("again", ABSENT), put("stays", ABSENT)]).await.unwrap();
    // It was us, and no row says so any more: that is not known, and no answer claims that it is.
    at.expect([LoseAnswerThen(at.others(vec![put("lee", version(2)), put("dana", version(4))]))]);
    let error = store_error(at.store.commit(vec![put("lee", version(1)), put("dana", version(3))]).await);
    assert!(!error.is_without_effect(), "{error:?}");
    assert_eq!(version_of(&*at.direct, "dana").await, Some(5));
}

async fn throttled_for_a_while_and_for_good(peer: Arc<Peer>) {
    for throttled in [
        || Instead(400, exception("ThrottlingException")),
        || Instead(400, exception("ProvisionedThroughputExceededException")),
        || Instead(400, exception("RequestLimitExceeded")),
        || Instead(400, cancelled(&["None", "ThrottlingError"])),
        || Instead(400, cancelled(&["ProvisionedThroughputExceeded", "None"])),
    ] {
        let at = Troubled::new(peer.clone()).await;
        at.expect(always(throttled));
        let error = store_error(at.store.commit(two()).await);
        assert!(matches!(error, StoreError::Throttled { .. }) && error.is_without_effect(), "{error:?}");
        assert_eq!(version_of(&*at.direct, "dana").await, None);

        let at = Troubled::new(peer.clone()).await;
        at.expect([throttled(), throttled()]);
        at.store.commit(two()).await.unwrap();
    }
}

async fn throttled_after_a_lost_answer(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    let throttled = always(|| Instead(400, exception("ThrottlingException")));
    at.expect([LoseAnswer].into_iter().chain(throttled));
    at.store.commit(two()).await.unwrap();
    assert_eq!(version_of(&*at.direct, "lee").await, Some(1));
}

async fn somebody_holds_the_row(peer: Arc<Peer>) {
    let held = || Instead(400, cancelled(&["None", "TransactionConflict"]));
    let at = Troubled::new(peer.clone()).await;
    at.expect([held(), held()]);
    at.store.commit(two()).await.unwrap();

    let at = Troubled::new(peer).await;
    at.expect(always(held));
    assert_eq!(conflict(at.store.commit(two()).await), crew("lee"));
}

async fn our_own_first_attempt_is_still_going_on(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    let in_progress = || Instead(400, exception("TransactionInProgressException"));
    at.expect([LoseAnswer, in_progress(), in_progress()]);
    at.store.commit(two()).await.unwrap();
    assert_eq!(version_of(&*at.direct, "dana").await, Some(1));
}

async fn an_answer_that_takes_too_long(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    at.expect([Late(Duration::from_secs(10))]);
    at.store.commit(two()).await.unwrap();
    assert_eq!(version_of(&*at.direct, "dana").await, Some(1));
}

async fn what_the_operator_can_mend_is_said(peer: Arc<Peer>) {
    let at = Troubled::new(peer.clone()).await;
    for name in ["AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"] {
        at.expect([Instead(400, exception(name))]);
        assert!(matches!(store_error(at.store.commit(two()).await), StoreError::NotAllowed { .. }), "{name}");
    }
    at.expect([Instead(400, exception("ValidationException"))]);
    assert!(matches!(store_error(at.store.commit(two()).await), StoreError::NotUnderstood { .. }));
    let nowhere = DynamoStore::new(&settings(&peer.endpoint), fresh_names());
    assert!(matches!(store_error(nowhere.commit(two()).await), StoreError::NoTables { .. }));
    assert!(matches!(nowhere.get(&[crew("dana")]).await, Err(StoreError::NoTables { .. })));
    // Nothing of all this was written, and nothing of it lasts.
    at.store.commit(two()).await.unwrap();
}

async fn reads_are_asked_again(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    at.store.commit(two()).await.unwrap();
    let throttled = || Instead(400, exception("ThrottlingException"));
    for operation in ["GetItem", "BatchGetItem", "Query"] {
        at.proxy.expect(operation, [LoseAnswer, throttled()]);
    }
    let keys = [crew("dana"), crew("lee"), crew("nobody")];
    assert_eq!(at.store.get(&keys[..1]).await.unwrap().len(), 1);
    assert_eq!(at.store.get(&keys).await.unwrap().iter().flatten().count(), 2);
    let all = Query::new(Table::Crew, "nobody", 9);
    assert!(at.store.list(&all).await.unwrap().is_empty());
    at.proxy.expect("Query", [LoseAnswer, throttled()]);
    assert!(at.store.due(Table::Charter, super::rows::at(9), 9).await.unwrap().is_empty());
    at.proxy.expect("Query", [LoseAnswer, throttled()]);
    assert_eq!(at.store.next_due(Table::Charter).await.unwrap(), None);
    assert_eq!(at.proxy.troubles(), 10);
    at.proxy.expect("BatchGetItem", [FirstKeysOnly, FirstKeysOnly]);
    assert_eq!(at.store.get(&keys).await.unwrap().iter().flatten().count(), 2);
    at.proxy.expect("GetItem", always(throttled));
    assert!(matches!(at.store.get(&keys[..1]).await, Err(StoreError::Throttled { .. })));
}

/// Charters are listed by keys alone, and read after that.
async fn a_list_does_not_skip_rows_behind_one_that_moved_meanwhile(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    let charter = |id: &str, expect, order: &str| {
        with(Key::new(Table::Charter, id), expect, "{}", Some(Listing::new("open", order)), None)
    };
    let three = [("a", "1"), ("b", "2"), ("c", "3")].map(|(id, order)| charter(id, ABSENT, order));
    at.store.commit(three.into()).await.unwrap();
    let list = async || {
        let rows = at.store.list(&Query::new(Table::Charter, "open", 2)).await.unwrap();
        rows.into_iter().map(|row| row.key.id).collect::<Vec<_>>()
    };
    assert_eq!(list().await, ["a", "b"]);
    let moves = at.others(vec![charter("b", version(1), "9")]);
    at.proxy.expect("BatchGetItem", [LoseRequestThen(moves)]);
    assert_eq!(list().await, ["a", "c"]);
}

async fn a_booking_whose_row_somebody_holds_is_to_be_tried_once_more(peer: Arc<Peer>) {
    let at = Troubled::new(peer).await;
    let office = Office::new(Arc::new(at.store.clone())).await;
    at.expect(always(|| Instead(400, cancelled(&["TransactionConflict"]))));
    let booked = office.book("ch", (16, 19), &[("captain", 1)]).await;
    assert!(matches!(&booked, Err(AppError::Contended(id)) if id.as_str() == "ch"), "{booked:?}");
    assert!(booked.unwrap_err().to_string().contains("try once more"));
}

async fn an_item_of_another_program_is_not_overwritten(peer: Arc<Peer>) {
    use aws_sdk_dynamodb::types::AttributeValue;

    let names = fresh_names();
    let store = empty_store(&peer.endpoint, &names).await;
    let client = aws_sdk_dynamodb::Client::new(&settings(&peer.endpoint));
    let put_item = client.put_item().table_name(format!("{}crew-dispatch", names.prefix));
    let theirs = put_item
        .item("crew_id", AttributeValue::S("dana".into()))
        .item("shoe", AttributeValue::N("39".into()));
    theirs.send().await.unwrap();
    assert!(matches!(store.get(&[crew("dana")]).await, Err(StoreError::NotOurs(key)) if key == crew("dana")));
    assert_eq!(conflict(store.commit(vec![put("dana", ABSENT)]).await), crew("dana"));
    let any = with(crew("dana"), Expect::Any, "{}", None, None);
    assert!(matches!(store_error(store.commit(vec![any]).await), StoreError::NotOurs(_)));
    // Nor is the table an empty one to copy into.
    let copied = copy(&MemoryStore::new(), &store, "memory", super::rows::at(0), |_| {}).await;
    assert!(matches!(copied, Err(CopyError::NotEmpty)), "{copied:?}");
}

macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod on_dynoxide { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $test() { super::$test(super::dynoxide()).await; })* }
        mod on_ministack { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $test() { super::$test(super::ministack()).await; })* }
    };
}

on_both! {
    a_lost_answer_is_an_answer,
    was_it_me_is_asked_also_when_no_answer_comes_at_all,
    nothing_arrives,
    somebody_else_writes_before_the_answer_is_asked_for_again,
    throttled_for_a_while_and_for_good,
    throttled_after_a_lost_answer,
    somebody_holds_the_row,
    our_own_first_attempt_is_still_going_on,
    an_answer_that_takes_too_long,
    what_the_operator_can_mend_is_said,
    reads_are_asked_again,
    an_item_of_another_program_is_not_overwritten,
    a_list_does_not_skip_rows_behind_one_that_moved_meanwhile,
    a_booking_whose_row_somebody_holds_is_to_be_tried_once_more,
}

/// A process on AWS Lambda may have 1,024 files and connections open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_much_is_asked_at_once_not_all_of_it_is_under_way() {
    const ASKED: usize = 600;
    let at = Arc::new(Troubled::new(dynoxide()).await);
    at.proxy.expect("GetItem", (0..ASKED).map(|_| Trouble::Late(Duration::from_millis(400))));
    let asked = (0..ASKED).map(|n| {
        let at = at.clone();
        tokio::spawn(async move { at.store.get(&[Key::new(Table::Crew, format!("crew-{n}"))]).await })
    });
    for found in futures_util::future::join_all(asked).await {
        assert_eq!(found.unwrap().unwrap(), [None]);
    }
    let most = at.proxy.most_under_way();
    assert!((100..=256).contains(&most), "{most} requests were under way at once");
}

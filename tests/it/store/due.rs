//! Deadlines.

use crewcall::store::{Store, Table};
use jiff::{Timestamp, ToSpan};

use super::conformance::TestStore;
use super::rows::*;

async fn due_ids(store: &dyn Store, until: Timestamp, limit: usize) -> Vec<String> {
    ids(&store.due(Table::Crew, until, limit).await.unwrap()).into_iter().map(str::to_owned).collect()
}

pub(crate) async fn due_rows_come_earliest_first(store: TestStore) {
    let rows = [("c", 30), ("a", 20), ("z", 10), ("b", 20), ("y", -5)];
    store.commit(rows.map(|(id, second)| due(id, ABSENT, second)).into()).await.unwrap();
    assert_eq!(due_ids(&*store, at(100), 10).await, ["y", "z", "a", "b", "c"]);
    assert_eq!(due_ids(&*store, at(20), 10).await, ["y", "z", "a", "b"]);
    assert_eq!(due_ids(&*store, at(19), 10).await, ["y", "z"]);
    assert!(due_ids(&*store, at(-6), 10).await.is_empty());
    assert_eq!(due_ids(&*store, at(100), 3).await, ["y", "z", "a"]);
    assert!(due_ids(&*store, at(100), 0).await.is_empty());
    assert_eq!(due_ids(&*store, at(100), usize::MAX).await.len(), 5);
    let first = store.due(Table::Crew, at(100), 1).await.unwrap().remove(0);
    assert_eq!(Some(&first), one(&*store, "y").await.as_ref());
}

pub(crate) async fn due_is_sparse(store: TestStore) {
    let rows = vec![put("never", ABSENT), due("once", ABSENT, 5), listed("listed", ABSENT, "captain", "1")];
    store.commit(rows).await.unwrap();
    assert_eq!(due_ids(&*store, at(100), 10).await, ["once"]);
    assert!(store.due(Table::Outbox, at(100), 10).await.unwrap().is_empty());
}

pub(crate) async fn deadlines_move_and_vanish(store: TestStore) {
    store.commit(vec![due("a", ABSENT, 10), due("b", ABSENT, 20), due("c", ABSENT, 30)]).await.unwrap();
    store.commit(vec![due("a", version(1), 40), put("b", version(1))]).await.unwrap();
    assert_eq!(due_ids(&*store, at(100), 10).await, ["c", "a"]);
    assert_eq!(one(&*store, "b").await.unwrap().due_at, None);
    conflict(store.commit(vec![due("c", version(1), 90), put("a", ABSENT)]).await);
    assert_eq!(due_ids(&*store, at(30), 10).await, ["c"]);
    store.commit(vec![delete("c", version(1))]).await.unwrap();
    assert_eq!(due_ids(&*store, at(100), 10).await, ["a"]);
}

pub(crate) async fn the_next_deadline(store: TestStore) {
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), None);
    store.commit(vec![due("a", ABSENT, 10), due("b", ABSENT, 20), put("c", ABSENT)]).await.unwrap();
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), Some(at(10)));
    assert_eq!(store.next_due(Table::Token).await.unwrap(), None);
    store.commit(vec![delete("a", version(1))]).await.unwrap();
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), Some(at(20)));
    store.commit(vec![put("b", version(1))]).await.unwrap();
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), None);
}

pub(crate) async fn nothing_is_due_early(store: TestStore) {
    let exact = at(10);
    let nanosecond_later = exact + 1.nanosecond();
    let microsecond_later = exact + 1.microsecond();
    store.commit(vec![with(crew("a"), ABSENT, "{}", None, Some(nanosecond_later))]).await.unwrap();
    assert!(due_ids(&*store, exact, 1).await.is_empty());
    assert!(due_ids(&*store, nanosecond_later, 1).await.is_empty());
    assert_eq!(due_ids(&*store, microsecond_later, 1).await, ["a"]);
    assert_eq!(one(&*store, "a").await.unwrap().due_at, Some(microsecond_later));
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), Some(microsecond_later));
    // Before 1970 as well.
    let before = at(-10) + 1.nanosecond();
    store.commit(vec![with(crew("b"), ABSENT, "{}", None, Some(before))]).await.unwrap();
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), Some(at(-10) + 1.microsecond()));
    assert!(due_ids(&*store, at(-10) + 999.nanoseconds(), 1).await.is_empty());
}

pub(crate) async fn instants_far_away(store: TestStore) {
    let writes = [("first", Timestamp::MIN), ("last", Timestamp::MAX)]
        .map(|(id, instant)| with(crew(id), ABSENT, "{}", None, Some(instant)));
    store.commit(writes.into()).await.unwrap();
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), Some(Timestamp::MIN));
    assert_eq!(due_ids(&*store, at(0), 9).await, ["first"]);
    assert_eq!(due_ids(&*store, Timestamp::MAX, 9).await, ["first", "last"]);
}

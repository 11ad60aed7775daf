//! Versions, and what a commit does when they are not as expected.

use crewcall::store::{Expect, Key, Table, Write};

use super::conformance::TestStore;
use super::rows::*;

pub(crate) async fn absent_is_expected_once(store: TestStore) {
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    assert_eq!(version_of(&*store, "dana").await, Some(1));
    assert_eq!(conflict(store.commit(vec![put("dana", ABSENT)]).await), crew("dana"));
    assert_eq!(version_of(&*store, "dana").await, Some(1));
}

pub(crate) async fn versions_count_the_writes(store: TestStore) {
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    for read in 1..5 {
        store.commit(vec![put("dana", version(read))]).await.unwrap();
        assert_eq!(version_of(&*store, "dana").await, Some(read + 1));
    }
}

pub(crate) async fn an_old_version_is_a_conflict(store: TestStore) {
    for missing in [0, 1, u64::MAX] {
        assert_eq!(conflict(store.commit(vec![put("dana", version(missing))]).await), crew("dana"));
    }
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    store.commit(vec![put("dana", version(1))]).await.unwrap();
    for wrong in [0, 1, 3, u64::MAX] {
        assert_eq!(conflict(store.commit(vec![put("dana", version(wrong))]).await), crew("dana"));
    }
    assert_eq!(version_of(&*store, "dana").await, Some(2));
}

pub(crate) async fn whatever_is_there_is_replaced_and_counted(store: TestStore) {
    let anything = |second| with(crew("dana"), Expect::Any, "{}", None, Some(at(second)));
    for (write, version) in [(1, 1), (2, 2), (2, 3)] {
        store.commit(vec![anything(write)]).await.unwrap();
        let row = one(&*store, "dana").await.unwrap();
        assert_eq!((row.version, row.due_at), (version, Some(at(write))));
    }
    // It stands and falls with the rest of its commit.
    assert_eq!(conflict(store.commit(vec![anything(9), put("lee", version(1))]).await), crew("lee"));
    assert_eq!(version_of(&*store, "dana").await, Some(3));
    assert_eq!(conflict(store.commit(vec![put("dana", version(2))]).await), crew("dana"));
    store.commit(vec![put("dana", version(3))]).await.unwrap();
}

pub(crate) async fn all_or_nothing(store: TestStore) {
    store.commit(vec![put("dana", ABSENT), put("lee", ABSENT)]).await.unwrap();
    let writes = vec![
        put("dana", version(1)),
        put("sam", ABSENT),
        delete("lee", version(1)),
        check("nobody", version(7)),
    ];
    assert_eq!(conflict(store.commit(writes).await), crew("nobody"));
    assert_eq!(version_of(&*store, "dana").await, Some(1));
    assert_eq!(version_of(&*store, "lee").await, Some(1));
    assert_eq!(version_of(&*store, "sam").await, None);
}

pub(crate) async fn the_first_conflict_in_the_order_of_writes_is_named(store: TestStore) {
    store.commit(vec![put("dana", ABSENT), put("lee", ABSENT)]).await.unwrap();
    let writes = vec![put("fine", ABSENT), put("lee", ABSENT), put("dana", ABSENT)];
    assert_eq!(conflict(store.commit(writes).await), crew("lee"));
    let writes = vec![check("dana", ABSENT), delete("gone", version(1)), put("lee", ABSENT)];
    assert_eq!(conflict(store.commit(writes).await), crew("dana"));
}

pub(crate) async fn a_check_changes_nothing_and_can_refuse(store: TestStore) {
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    let before = one(&*store, "dana").await;
    store.commit(vec![check("dana", version(1)), check("lee", ABSENT)]).await.unwrap();
    store.commit(vec![check("dana", version(1)), put("sam", ABSENT)]).await.unwrap();
    assert_eq!(one(&*store, "dana").await, before);
    assert_eq!(one(&*store, "lee").await, None);
    assert_eq!(conflict(store.commit(vec![put("kim", ABSENT), check("dana", ABSENT)]).await), crew("dana"));
    assert_eq!(
        conflict(store.commit(vec![put("kim", ABSENT), check("dana", version(2))]).await),
        crew("dana")
    );
    assert_eq!(one(&*store, "kim").await, None);
}

pub(crate) async fn a_delete_removes_this_version_only(store: TestStore) {
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    store.commit(vec![put("dana", version(1))]).await.unwrap();
    assert_eq!(conflict(store.commit(vec![delete("dana", version(1))]).await), crew("dana"));
    store.commit(vec![delete("dana", version(2))]).await.unwrap();
    assert_eq!(one(&*store, "dana").await, None);
    assert_eq!(conflict(store.commit(vec![delete("dana", version(2))]).await), crew("dana"));
    // Its second life begins anew.
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    assert_eq!(version_of(&*store, "dana").await, Some(1));
}

pub(crate) async fn tables_are_apart(store: TestStore) {
    // An event's id begins with its charter's, so this one would do in every table.
    let key = |table| Key::new(table, "charter_1/0001");
    let writes: Vec<Write> = Table::ALL
        .map(|table| with(key(table), ABSENT, &format!(r#"{{"in":"{}"}}"#, table.name()), None, None))
        .into();
    store.commit(writes).await.unwrap();
    for table in Table::ALL {
        let row = store.get(&[key(table)]).await.unwrap().remove(0).unwrap();
        assert_eq!(row.key, key(table));
        let body: serde_json::Value = serde_json::from_str(&row.body).unwrap();
        assert_eq!(body["in"], table.name());
    }
    store.commit(vec![Write::Delete { key: key(Table::Token), expect: version(1) }]).await.unwrap();
    let left = store.get(&Table::ALL.map(key)).await.unwrap();
    assert_eq!(left.iter().flatten().count(), Table::ALL.len() - 1);
}

pub(crate) async fn the_empty_commit_succeeds(store: TestStore) {
    store.commit(Vec::new()).await.unwrap();
}

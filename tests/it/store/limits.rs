//! The limits, and what crossing one gives.

use crewcall::store::{
    BODY_BYTES, COMMIT_BYTES, COMMIT_ITEMS, CommitError, Expect, GET_KEYS, Key, Listing, NAME_BYTES,
    StoreError, Table, Write,
};

use super::conformance::TestStore;
use super::rows::*;

#[track_caller]
fn refused(answer: Result<(), CommitError>) -> StoreError {
    match answer {
        Err(CommitError::Store(error)) => error,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[track_caller]
fn assert_too_large(error: &StoreError, expected_size: usize, expected_limit: usize) {
    match error {
        StoreError::TooLarge { size, limit, .. } => {
            assert_eq!((*size, *limit), (expected_size, expected_limit))
        }
        other => panic!("expected a limit, got {other:?}"),
    }
}

/// A JSON object of exactly so many bytes.
fn body_of(bytes: usize) -> String {
    format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8))
}

fn put_body(id: &str, bytes: usize) -> Write {
    with(crew(id), ABSENT, &body_of(bytes), None, None)
}

pub(crate) async fn a_hundred_items_and_no_more(store: TestStore) {
    let writes = |count: usize| (0..count).map(|n| put(&format!("id-{n}"), ABSENT)).collect::<Vec<_>>();
    let error = refused(store.commit(writes(COMMIT_ITEMS + 1)).await);
    assert_too_large(&error, COMMIT_ITEMS + 1, COMMIT_ITEMS);
    assert_eq!(one(&*store, "id-0").await, None);
    store.commit(writes(COMMIT_ITEMS)).await.unwrap();
    assert!(one(&*store, "id-99").await.is_some());
    // Checks count.
    let mut checked = writes(COMMIT_ITEMS);
    checked.push(check("other", ABSENT));
    assert!(matches!(refused(store.commit(checked).await), StoreError::TooLarge { .. }));
}

pub(crate) async fn two_writes_for_one_row_are_refused(store: TestStore) {
    store.commit(vec![put("dana", ABSENT)]).await.unwrap();
    let seconds = [put("dana", version(2)), check("dana", version(1)), delete("dana", version(2))];
    for second in seconds {
        let answer = store.commit(vec![put("lee", ABSENT), put("dana", version(1)), second]).await;
        assert!(matches!(refused(answer), StoreError::TwoWrites(key) if key == crew("dana")));
    }
    assert_eq!(version_of(&*store, "dana").await, Some(1));
    assert_eq!(one(&*store, "lee").await, None);
}

pub(crate) async fn bodies_up_to_the_limit(store: TestStore) {
    let answer = store.commit(vec![put("lee", ABSENT), put_body("dana", BODY_BYTES + 1)]).await;
    assert_too_large(&refused(answer), BODY_BYTES + 1, BODY_BYTES);
    assert_eq!(one(&*store, "lee").await, None);
    store.commit(vec![put_body("dana", BODY_BYTES)]).await.unwrap();
    assert_eq!(one(&*store, "dana").await.unwrap().body.len(), BODY_BYTES);
}

pub(crate) async fn a_commit_in_bytes(store: TestStore) {
    let writes =
        |count: usize| (0..count).map(|n| put_body(&format!("id-{n}"), BODY_BYTES)).collect::<Vec<_>>();
    let fit = COMMIT_BYTES / BODY_BYTES;
    let error = refused(store.commit(writes(fit + 1)).await);
    assert_too_large(&error, (fit + 1) * BODY_BYTES, COMMIT_BYTES);
    store.commit(writes(fit)).await.unwrap();
}

pub(crate) async fn names_are_neither_empty_nor_endless(store: TestStore) {
    let (longest, too_long) = ("n".repeat(NAME_BYTES), "n".repeat(NAME_BYTES + 1));
    for write in [put("", ABSENT), listed("a", ABSENT, "", "1"), listed("a", ABSENT, "captain", "")] {
        assert!(matches!(refused(store.commit(vec![write]).await), StoreError::Malformed { .. }));
    }
    for write in [
        put(&too_long, ABSENT),
        listed("a", ABSENT, &too_long, "1"),
        listed("a", ABSENT, "captain", &too_long),
        check(&too_long, ABSENT),
    ] {
        assert_too_large(&refused(store.commit(vec![write]).await), NAME_BYTES + 1, NAME_BYTES);
    }
    store.commit(vec![listed(&longest, ABSENT, &longest, &longest)]).await.unwrap();
    assert!(one(&*store, &longest).await.is_some());
}

pub(crate) async fn a_list_by_id_takes_no_other_listing(store: TestStore) {
    let key = Key::new(Table::Event, "charter_1/00000001");
    let listed = with(key, ABSENT, "{}", Some(Listing::new("charter_1", "1")), None);
    assert!(matches!(refused(store.commit(vec![listed]).await), StoreError::Malformed { .. }));
}

pub(crate) async fn deletes_and_checks_must_say_what_they_expect(store: TestStore) {
    for write in [delete("dana", ABSENT), delete("dana", Expect::Any), check("dana", Expect::Any)] {
        let error = refused(store.commit(vec![write]).await);
        assert!(matches!(error, StoreError::Malformed { .. }));
    }
}

pub(crate) async fn a_hundred_keys_and_no_more(store: TestStore) {
    store.commit(vec![put("id-7", ABSENT)]).await.unwrap();
    let keys: Vec<_> = (0..=GET_KEYS).map(|n| crew(&format!("id-{n}"))).collect();
    assert_too_large(&store.get(&keys).await.unwrap_err(), GET_KEYS + 1, GET_KEYS);
    let rows = store.get(&keys[..GET_KEYS]).await.unwrap();
    assert_eq!(rows.iter().position(Option::is_some), Some(7));
    assert_eq!(rows.len(), GET_KEYS);
}

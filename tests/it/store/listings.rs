//! Lists: their order, ranges and pages.

use crewcall::store::{CommitError, Key, Listing, Query, Store, StoreError, Table};

use super::conformance::TestStore;
use super::rows::*;

fn captains() -> Query {
    Query::new(Table::Crew, "captain", 100)
}

async fn listed_ids(store: &dyn Store, query: Query) -> Vec<String> {
    ids(&store.list(&query).await.unwrap()).into_iter().map(str::to_owned).collect()
}

/// Captains a to e, in the order 1 to 5.
async fn five(store: &dyn Store) {
    let five = ["d4", "a1", "e5", "c3", "b2"].map(|both| listed(&both[..1], ABSENT, "captain", &both[1..]));
    store.commit(five.into()).await.unwrap();
}

pub(crate) async fn lists_are_in_byte_order(store: TestStore) {
    let orders = ["", "b", "B", "é", "z", "10", "9", "a/b", "a", "a b", "\u{10000}", "\u{ffff}", "aa"];
    let orders = orders.map(|order| format!("0{order}"));
    for (number, order) in orders.iter().enumerate() {
        store.commit(vec![listed(&format!("id-{number}"), ABSENT, "captain", order)]).await.unwrap();
    }
    let mut sorted = orders.to_vec();
    sorted.sort();
    let rows = store.list(&captains()).await.unwrap();
    let found: Vec<String> = rows.into_iter().map(|row| row.listing.unwrap().order).collect();
    assert_eq!(found, sorted);
}

pub(crate) async fn a_range_includes_its_start_and_excludes_its_end(store: TestStore) {
    five(&*store).await;
    assert_eq!(listed_ids(&*store, captains().from("2").to("4")).await, ["b", "c"]);
    assert_eq!(listed_ids(&*store, captains().from("4")).await, ["d", "e"]);
    assert_eq!(listed_ids(&*store, captains().to("2")).await, ["a"]);
    assert_eq!(listed_ids(&*store, captains().from("21").to("39")).await, ["c"]);
    assert!(listed_ids(&*store, captains().from("6")).await.is_empty());
    assert!(listed_ids(&*store, captains().from("3").to("3")).await.is_empty());
    assert!(listed_ids(&*store, captains().from("4").to("2")).await.is_empty());
    assert!(listed_ids(&*store, captains().to("")).await.is_empty());
}

pub(crate) async fn pages_cover_a_list_without_gaps(store: TestStore) {
    for hundred in 0..3 {
        let some = (0..100).map(|n| hundred * 100 + n);
        let some = some.map(|n| {
            listed(&format!("id-{}", n * 7 % 300), ABSENT, "captain", &format!("{:04}", n * 7 % 300))
        });
        store.commit(some.collect()).await.unwrap();
    }
    for size in [1, 7, 100, 150, 300] {
        let (mut query, mut found) = (Query::new(Table::Crew, "captain", size), Vec::new());
        loop {
            let page = store.list(&query).await.unwrap();
            assert!(page.len() <= size);
            let Some(last) = page.last() else { break };
            query = query.after(last);
            found.extend(page.into_iter().map(|row| row.listing.unwrap().order));
        }
        let all: Vec<String> = (0..300).map(|n| format!("{n:04}")).collect();
        assert_eq!(found, all, "in pages of {size}");
    }
}

pub(crate) async fn lists_are_apart(store: TestStore) {
    five(&*store).await;
    store.commit(vec![listed("f", ABSENT, "captain ", "1"), listed("g", ABSENT, "capt", "1")]).await.unwrap();
    let elsewhere = with(
        crewcall::store::Key::new(Table::Outbox, "a"),
        ABSENT,
        "{}",
        Some(Listing::new("captain", "1")),
        None,
    );
    store.commit(vec![elsewhere]).await.unwrap();
    assert_eq!(listed_ids(&*store, captains()).await, ["a", "b", "c", "d", "e"]);
    assert_eq!(listed_ids(&*store, Query::new(Table::Crew, "capt", 9)).await, ["g"]);
    assert!(listed_ids(&*store, Query::new(Table::Crew, "nobody", 9)).await.is_empty());
    assert!(listed_ids(&*store, Query::new(Table::Token, "captain", 9)).await.is_empty());
}

pub(crate) async fn moving_and_unlisting(store: TestStore) {
    five(&*store).await;
    store.commit(vec![listed("a", version(1), "captain", "35")]).await.unwrap();
    assert_eq!(listed_ids(&*store, captains()).await, ["b", "c", "a", "d", "e"]);
    store.commit(vec![listed("a", version(2), "mate", "1"), put("c", version(1))]).await.unwrap();
    assert_eq!(listed_ids(&*store, captains()).await, ["b", "d", "e"]);
    assert_eq!(listed_ids(&*store, Query::new(Table::Crew, "mate", 9)).await, ["a"]);
    assert_eq!(one(&*store, "c").await.unwrap().listing, None);
    store.commit(vec![listed("c", version(2), "captain", "3")]).await.unwrap();
    assert_eq!(listed_ids(&*store, captains()).await, ["b", "c", "d", "e"]);
    // A commit that is refused moves nothing.
    let refused = vec![listed("b", version(1), "captain", "9"), put("d", ABSENT)];
    conflict(store.commit(refused).await);
    assert_eq!(listed_ids(&*store, captains()).await, ["b", "c", "d", "e"]);
}

pub(crate) async fn a_deleted_row_is_not_listed(store: TestStore) {
    five(&*store).await;
    store.commit(vec![delete("b", version(1)), delete("e", version(1))]).await.unwrap();
    assert_eq!(listed_ids(&*store, captains()).await, ["a", "c", "d"]);
}

pub(crate) async fn ids_are_lists_where_the_table_says_so(store: TestStore) {
    let ids = ["a/3", "a/1", "a/2x", "a/2", "a.b/1", "ab/1", "b/1", "a0/1", "c/a/1"];
    let event = |id| with(Key::new(Table::Event, id), ABSENT, "{}", None, None);
    store.commit(ids.map(event).into()).await.unwrap();
    for id in ["a", "a/", "/1"] {
        let refused = store.commit(vec![event(id)]).await;
        assert!(matches!(refused, Err(CommitError::Store(StoreError::Malformed { .. }))), "{id}");
    }
    let a = |limit| Query::new(Table::Event, "a", limit);
    assert_eq!(listed_ids(&*store, a(9)).await, ["a/1", "a/2", "a/2x", "a/3"]);
    assert_eq!(listed_ids(&*store, a(9).from("2").to("3")).await, ["a/2", "a/2x"]);
    assert_eq!(listed_ids(&*store, a(2).from("2x")).await, ["a/2x", "a/3"]);
    assert!(listed_ids(&*store, a(9).from("3").to("2")).await.is_empty());
    assert!(listed_ids(&*store, a(0)).await.is_empty());
    let (mut query, mut found) = (a(1), Vec::new());
    while let Some(row) = store.list(&query).await.unwrap().pop() {
        query = query.after(&row);
        found.push(row.key.id);
    }
    assert_eq!(found, ["a/1", "a/2", "a/2x", "a/3"]);
}

pub(crate) async fn limits_of_lists(store: TestStore) {
    five(&*store).await;
    let limited = |limit| Query::new(Table::Crew, "captain", limit);
    assert!(listed_ids(&*store, limited(0)).await.is_empty());
    assert_eq!(listed_ids(&*store, limited(2)).await, ["a", "b"]);
    assert_eq!(listed_ids(&*store, limited(2).from("3")).await, ["c", "d"]);
    assert_eq!(listed_ids(&*store, limited(usize::MAX)).await.len(), 5);
}

pub(crate) async fn backwards_the_last_come_first(store: TestStore) {
    five(&*store).await;
    let captains = |limit| Query::new(Table::Crew, "captain", limit).backwards();
    store.commit(vec![listed("f", ABSENT, "captain ", "1"), listed("g", ABSENT, "capt", "9")]).await.unwrap();
    assert_eq!(listed_ids(&*store, captains(9)).await, ["e", "d", "c", "b", "a"]);
    assert_eq!(listed_ids(&*store, captains(2)).await, ["e", "d"]);
    assert_eq!(listed_ids(&*store, captains(9).from("2").to("4")).await, ["c", "b"]);
    assert_eq!(listed_ids(&*store, captains(1).to("39")).await, ["c"]);
    assert!(listed_ids(&*store, captains(9).from("4").to("2")).await.is_empty());
    assert!(listed_ids(&*store, captains(0)).await.is_empty());
    let events = ["a/1", "a/3", "a/2", "a.b/1", "b/1", "a0/1"];
    let events = events.map(|id| with(Key::new(Table::Event, id), ABSENT, "{}", None, None));
    store.commit(events.into()).await.unwrap();
    assert_eq!(listed_ids(&*store, Query::new(Table::Event, "a", 1).to("3").backwards()).await, ["a/2"]);
    for start in [captains(2), Query::new(Table::Event, "a", 2).backwards()] {
        let (mut query, mut found) = (start, Vec::new());
        loop {
            let page = store.list(&query).await.unwrap();
            let Some(last) = page.last() else { break };
            query = query.after(last);
            found.extend(page.into_iter().map(|row| row.key.id));
        }
        assert!(found.len() >= 3 && found.is_sorted_by(|one, next| one > next), "{found:?}");
    }
}

//! Short ways to say what the tests write and read.

use crewcall::store::{CommitError, Expect, Key, Listing, Row, Store, Table, Write};
use jiff::Timestamp;

pub(crate) const ABSENT: Expect = Expect::Absent;

pub(crate) fn version(version: u64) -> Expect {
    Expect::Version(version)
}

pub(crate) fn crew(id: &str) -> Key {
    Key::new(Table::Crew, id)
}

/// A crew row with a plain body, neither listed nor due.
pub(crate) fn put(id: &str, expect: Expect) -> Write {
    with(crew(id), expect, r#"{"plain":true}"#, None, None)
}

/// A crew row listed under `under` in `order`.
pub(crate) fn listed(id: &str, expect: Expect, under: &str, order: &str) -> Write {
    with(crew(id), expect, "{}", Some(Listing::new(under, order)), None)
}

/// A crew row that is due at this second.
pub(crate) fn due(id: &str, expect: Expect, second: i64) -> Write {
    with(crew(id), expect, "{}", None, Some(at(second)))
}

pub(crate) fn with(
    key: Key,
    expect: Expect,
    body: &str,
    listing: Option<Listing>,
    due_at: Option<Timestamp>,
) -> Write {
    Write::Put { key, expect, body: body.to_owned(), listing, due_at }
}

pub(crate) fn check(id: &str, expect: Expect) -> Write {
    Write::Check { key: crew(id), expect }
}

pub(crate) fn delete(id: &str, expect: Expect) -> Write {
    Write::Delete { key: crew(id), expect }
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) async fn one(store: &dyn Store, id: &str) -> Option<Row> {
    store.get(&[crew(id)]).await.unwrap().remove(0)
}

pub(crate) async fn version_of(store: &dyn Store, id: &str) -> Option<u64> {
    one(store, id).await.map(|row| row.version)
}

pub(crate) fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.key.id.as_str()).collect()
}

/// The key that a commit lost on.
#[track_caller]
pub(crate) fn conflict(answer: Result<(), CommitError>) -> Key {
    match answer {
        Err(CommitError::Conflict(key)) => key,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

//! Rows as types.

use crewcall::store::{self, Expect, Listing, Query, Record, StoreError, Table, Versioned, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::conformance::TestStore;
use super::rows::{at, crew, with};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sailor {
    id: String,
    rank: Option<u32>,
    wake_at: Option<Timestamp>,
}

impl Record for Sailor {
    const TABLE: Table = Table::Crew;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn listing(&self) -> Option<Listing> {
        self.rank.map(|rank| Listing::new("sailor", format!("{rank:04}/{}", self.id)))
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.wake_at
    }
}

fn sailor(id: &str, rank: Option<u32>) -> Sailor {
    Sailor { id: id.to_owned(), rank, wake_at: None }
}

pub(crate) async fn records_carry_their_listing_and_deadline(store: TestStore) {
    let dana = Sailor { wake_at: Some(at(60)), ..sailor("dana", Some(2)) };
    let lee = sailor("lee", Some(1));
    let writes = [&dana, &lee, &sailor("sam", None)].map(|one| Write::put(one, Expect::Absent).unwrap());
    store.commit(writes.into()).await.unwrap();

    let read = store::read::<Sailor>(&*store, "dana").await.unwrap().unwrap();
    assert_eq!(read, Versioned { version: 1, value: dana.clone() });
    assert_eq!(store::read::<Sailor>(&*store, "nobody").await.unwrap(), None);
    let expected = [lee, dana.clone()];
    for page in [1, 2, 9] {
        let sailors: Vec<Sailor> =
            store::list_all(&*store, Query::new(Table::Crew, "sailor", page)).await.unwrap();
        assert_eq!(sailors, expected, "{page} at one go");
    }
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), Some(at(60)));

    let retired = Sailor { rank: None, wake_at: None, ..dana };
    store.commit(vec![Write::put(&retired, read.expected()).unwrap()]).await.unwrap();
    assert_eq!(store.next_due(Table::Crew).await.unwrap(), None);
    let writes = vec![Write::check::<Sailor>("lee", Expect::Version(1)), Write::delete::<Sailor>("dana", 2)];
    store.commit(writes).await.unwrap();
    assert_eq!(store::read::<Sailor>(&*store, "dana").await.unwrap(), None);
}

pub(crate) async fn many_records_in_order(store: TestStore) {
    let all: Vec<Sailor> = (0..250).map(|n| sailor(&format!("id-{n}"), None)).collect();
    for some in all.chunks(100) {
        let writes = some.iter().map(|one| Write::put(one, Expect::Absent).unwrap());
        store.commit(writes.collect()).await.unwrap();
    }
    let ids: Vec<String> = (0..260).rev().map(|n| format!("id-{n}")).collect();
    let read = store::read_many::<Sailor>(&*store, &ids).await.unwrap();
    assert_eq!(read.len(), 260);
    assert!(read[..10].iter().all(Option::is_none));
    for (id, read) in ids.iter().zip(&read).skip(10) {
        assert_eq!(&read.as_ref().unwrap().value.id, id);
    }
    assert!(store::read_many::<Sailor>(&*store, &[""; 0]).await.unwrap().is_empty());
}

pub(crate) async fn a_body_of_another_shape_is_corrupt(store: TestStore) {
    store.commit(vec![with(crew("dana"), Expect::Absent, r#"{"other":1}"#, None, None)]).await.unwrap();
    let error = store::read::<Sailor>(&*store, "dana").await.unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt { what, .. } if what == "crew dana"), "{error:?}");
}

//! Writers at the same time.

use crewcall::store::CommitError;
use tokio::task::JoinSet;

use super::conformance::TestStore;
use super::rows::*;

const WRITERS: usize = 32;

pub(crate) async fn one_of_many_creators_wins(store: TestStore) {
    for round in 0..20 {
        let mut racers = JoinSet::new();
        for racer in 0..WRITERS {
            let store = store.clone();
            racers.spawn(async move {
                let seat = format!("seat-{round}");
                let own = put(&format!("{round}-{racer}"), ABSENT);
                match store.commit(vec![own, put(&seat, ABSENT)]).await {
                    Ok(()) => true,
                    Err(CommitError::Conflict(key)) if key == crew(&seat) => false,
                    Err(other) => panic!("{other:?}"),
                }
            });
        }
        assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
        let mut kept = 0;
        for racer in 0..WRITERS {
            kept += usize::from(one(&*store, &format!("{round}-{racer}")).await.is_some());
        }
        assert_eq!(kept, 1, "only the winner's other row is there");
    }
}

pub(crate) async fn no_increment_is_lost(store: TestStore) {
    store.commit(vec![put("counter", ABSENT)]).await.unwrap();
    let mut racers = JoinSet::new();
    for _ in 0..WRITERS {
        let store = store.clone();
        racers.spawn(async move {
            for _ in 0..10 {
                loop {
                    let read = version_of(&*store, "counter").await.unwrap();
                    match store.commit(vec![put("counter", version(read))]).await {
                        Ok(()) => break,
                        Err(CommitError::Conflict(_)) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                }
            }
        });
    }
    racers.join_all().await;
    assert_eq!(version_of(&*store, "counter").await, Some(1 + 10 * WRITERS as u64));
}

/// The double booking: each racer changes a row of its own, and all name the version of one shared row that the
/// winner changes.
pub(crate) async fn one_of_many_takers_wins_across_rows(store: TestStore) {
    store.commit(vec![put("person", ABSENT)]).await.unwrap();
    let charters: Vec<String> = (0..WRITERS).map(|n| format!("charter-{n}")).collect();
    store.commit(charters.iter().map(|id| put(id, ABSENT)).collect()).await.unwrap();
    let mut racers = JoinSet::new();
    for id in charters.clone() {
        let store = store.clone();
        racers.spawn(async move {
            store.commit(vec![put(&id, version(1)), put("person", version(1))]).await.is_ok()
        });
    }
    assert_eq!(racers.join_all().await.into_iter().filter(|won| *won).count(), 1);
    let keys: Vec<_> = charters.iter().map(|id| crew(id)).collect();
    let rows = store.get(&keys).await.unwrap();
    assert_eq!(rows.into_iter().flatten().filter(|row| row.version == 2).count(), 1);
    assert_eq!(version_of(&*store, "person").await, Some(2));
}

//! A conversation of ten thousand entries in DynamoDB: many items, none of them large, and the next message takes as many
//! requests as the first. Notes are messages that nobody is mailed.

use std::sync::Arc;

use crewcall::store::copy::copy;
use crewcall::store::{DynamoStore, Key, MemoryStore, Query, Store, Table};
use crewcall_dispatch::cascade::{Command, Fact, OfferNo};
use crewcall_dispatch::model::CharterId;
use jiff::Timestamp;

use crate::support::dynamodb::{dynoxide, empty_store, fresh_names, settings};
use crate::support::office::{Office, START};
use crate::support::proxy::Proxy;

const NOTES: usize = 10_000;
/// Of the 400 KB that DynamoDB takes; more than enough for any row of such a charter.
const BYTES: usize = 16 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_of_ten_thousand_entries_is_many_small_items() {
    // Written in memory, which is much faster, and copied: the same commands and the same rows.
    let memory = Arc::new(MemoryStore::new());
    let office = Office::new(memory.clone()).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.run(&id, Command::Accept(OfferNo(1))).await.unwrap();
    let first = requests_of_a_post(&OnDynamo::with(&memory).await, &id).await;
    for n in 0..NOTES {
        let text = format!("{n} {}", "x".repeat(200));
        office.run(&id, Command::Note { text }).await.unwrap();
    }
    let there = OnDynamo::with(&memory).await;
    assert_eq!(requests_of_a_post(&there, &id).await, first, "as many requests as the first");

    let events = there.office.app.audit(&id).await.unwrap();
    let notes = events.iter().filter_map(|event| match &event.fact {
        Fact::NoteWritten { text } => text.split_once(' ')?.0.parse::<usize>().ok(),
        _ => None,
    });
    assert!(notes.eq(0..NOTES), "every one of them, in order");
    let (last, more) = there.office.app.audit_page(&id, events.len() as u64 - 10, 50).await.unwrap();
    assert_eq!((last.len(), more), (10, false));
    let mut rows = there.store.list(&Query::new(Table::Event, id.as_str(), 2 * NOTES)).await.unwrap();
    assert!(rows.len() > NOTES);
    rows.extend(there.store.get(&[Key::new(Table::Charter, id.as_str())]).await.unwrap().remove(0));
    let largest = rows.iter().max_by_key(|row| row.body.len()).unwrap();
    assert!(largest.body.len() < BYTES, "{:?} has {} bytes", largest.key, largest.body.len());
}

/// A store in DynamoDB with everything that another one has.
struct OnDynamo {
    office: Office,
    store: Arc<DynamoStore>,
    proxy: Proxy,
}

impl OnDynamo {
    async fn with(memory: &MemoryStore) -> Self {
        let (peer, names) = (dynoxide(), fresh_names());
        empty_store(&peer.endpoint, &names).await;
        let proxy = Proxy::before(&peer.endpoint).await;
        let store = Arc::new(DynamoStore::new(&settings(&proxy.endpoint), names));
        let now: Timestamp = START.parse().unwrap();
        copy(memory, &*store, "memory", now, |_| {}).await.unwrap();
        Self { office: Office::on(store.clone(), now), store, proxy }
    }
}

async fn requests_of_a_post(on: &OnDynamo, id: &CharterId) -> usize {
    let before = on.proxy.requests();
    on.office.run(id, Command::Post { text: "Bring a jacket".into() }).await.unwrap();
    on.proxy.requests() - before
}

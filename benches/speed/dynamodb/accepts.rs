//! Accepts beside what they cannot do without.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use axum::Router;
use crewcall::sheet::Mode;
use crewcall::store::{DynamoStore, Store};
use crewcall::web::{Web, router};
use jiff::ToSpan;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::peer;
use crate::accepts::{accept_all, serve};
use crate::http;
use crate::replay::{Recording, commit_all, size};
use crate::report::Report;
use crate::sails::{self, Sail};
use crate::stats::{Crowd, median_run, rate};

const CLIENTS: usize = 64;
const ROUNDS: usize = 3;
/// Accepts in one round.
const ACCEPTS: usize = CLIENTS * 8;

/// 64 clients at the pages, in turns with the same commits without the program, and with transactions that are not
/// even ours.
pub(super) fn run(report: &mut Report, runtime: &Runtime) {
    let endpoint = peer::dynoxide().endpoint.clone();
    let names = [peer::fresh_names(), peer::fresh_names()];
    let operator = sails::operator();
    let rounds: Vec<Vec<Sail>> = (0..=ROUNDS)
        .map(|round| (round * ACCEPTS..(round + 1) * ACCEPTS).map(|n| Sail::new(&operator, n)).collect())
        .collect();
    let recording = Arc::<Recording>::default();
    let stores: Vec<Arc<DynamoStore>> = runtime.block_on(async {
        let mut stores = Vec::new();
        for names in &names {
            stores.push(Arc::new(peer::empty_store(&endpoint, names).await));
        }
        for sails in &rounds {
            sails::fill(&*recording, sails).await;
            for store in &stores {
                sails::fill(&**store, sails).await;
            }
        }
        stores
    });
    recording.take();
    let now = sails::asked_at() + 5.minutes();
    let pages: Arc<dyn Store> = stores[0].clone();
    let pages = router(Web::new(sails::app(pages, now), Mode::Off), Router::new());
    let server = runtime.block_on(serve(pages));
    let remembering = sails::app(recording.clone(), now);
    let client = Client::new(&peer::settings(&endpoint));
    let table = format!("{}crewcall", names[1].prefix);
    let (mut bares, mut alikes, mut accepts, mut written) = (vec![], vec![], vec![], (0, 0));
    for (round, sails) in rounds.iter().enumerate() {
        let sails: Vec<&Sail> = sails.iter().collect();
        runtime.block_on(accept_all(&remembering, &sails));
        let alike = recording.take();
        written = size(&alike);
        let bare = runtime.block_on(bare_transactions(&client, &table, round, written));
        let alike = runtime.block_on(commit_all(stores[1].clone(), alike, CLIENTS));
        let forms = sails.iter().map(|sail| format!("token={}&answer=accept", sail.token)).collect();
        let accept = http::post_all(server, forms, CLIENTS, "<h1>You're on</h1>");
        // The first round fills the caches.
        if round > 0 {
            bares.push(bare);
            alikes.push(alike);
            accepts.push(accept);
        }
    }
    let [bares, alikes, accepts] = [bares, alikes, accepts].map(median_run);
    let (rows, bytes) = written;
    report.line("accepts on tables, 64 clients", rate(accepts.rate)).beside(
        format!("bare TransactWriteItems of {rows} rows, {bytes} bytes: {}", rate(bares.rate)),
        accepts.rate / bares.rate,
    );
    report.line("", "").beside(
        format!("the store's commits of an accept's rows: {}", rate(alikes.rate)),
        accepts.rate / alikes.rate,
    );
    report.line("one accept on tables", accepts.percentiles()).beside(
        format!("bare TransactWriteItems: {}", bares.percentiles()),
        accepts.p99.as_secs_f64() / bares.p99.as_secs_f64(),
    );
}

/// As many transactions as there are accepts, of so many new rows and bytes each, by the SDK alone.
async fn bare_transactions(
    client: &Client,
    table: &str,
    round: usize,
    (rows, bytes): (usize, usize),
) -> Crowd {
    let start = std::time::Instant::now();
    let mut tasks = JoinSet::new();
    for writer in 0..CLIENTS {
        let (client, table) = (client.clone(), table.to_owned());
        tasks.spawn(async move {
            let mut times = Vec::new();
            for n in 0..ACCEPTS / CLIENTS {
                let items = (0..rows).map(|row| {
                    let put = Put::builder()
                        .table_name(&table)
                        .item("pk", AttributeValue::S(format!("bare#{round}/{writer}/{n}/{row}")))
                        .item("body", AttributeValue::S("x".repeat(bytes / rows)))
                        .condition_expression("attribute_not_exists(pk)");
                    TransactWriteItem::builder().put(put.build().expect("a put")).build()
                });
                let asked = std::time::Instant::now();
                let write = client.transact_write_items().set_transact_items(Some(items.collect()));
                write.send().await.expect("a transaction");
                times.push(asked.elapsed());
            }
            times
        });
    }
    let times = tasks.join_all().await.into_iter().flatten().collect();
    Crowd::new(start.elapsed(), times)
}

//! What crewcall asks of DynamoDB, and what that costs; and accepts beside bare transactions.
//!
//! The DynamoDB is dynoxide, on this machine. It counts units as AWS documents them. How fast it is says nothing of
//! AWS; how much of its time is ours is what the ratio shows. The units are also left in `target/units.json`, from
//! which `deploy/cost.py` computes what a month costs once they stand in `deploy/units.json`.

mod meter;
#[path = "../../../tests/it/support/dynamodb.rs"]
#[allow(dead_code, reason = "shared with the tests of the store, which use all of it")]
pub(crate) mod peer;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{COOKIE, SET_COOKIE};
use crewcall::app::{App, Caller, Given};
use crewcall::clock::MovableClock;
use crewcall::mail::mailbox::Mailbox;
use crewcall::outbox::Outbox;
use crewcall::store::{DynamoStore, Store};
use crewcall::tick::tick;
use crewcall::web::{Web, new_setup_link, router};
use crewcall_dispatch::cascade::{Actor, Command};
use crewcall_dispatch::model::{Booking, CharterId};
use jiff::{SignedDuration, ToSpan};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::accepts::{accept_all, serve};
use crate::http;
use crate::replay::{Recording, commit_all, size};
use crate::report::Report;
use crate::sails::{self, Sail};
use crate::stats::{Crowd, median_run, rate};
use meter::{Meter, Used};

/// Charters on the board: a month of a small operator.
const BOARD: usize = 30;
const CLIENTS: usize = 64;
const ROUNDS: usize = 3;
/// Accepts in one round.
const ACCEPTS: usize = CLIENTS * 8;

pub(crate) fn run(report: &mut Report) {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(units(report));
    accepts(report, &runtime);
}

/// An office whose every call to DynamoDB is counted.
struct Office {
    meter: Meter,
    clock: Arc<MovableClock>,
    app: Arc<App>,
    mailbox: Arc<Mailbox>,
    cookie: String,
}

impl Office {
    async fn new() -> Self {
        let endpoint = peer::dynoxide().endpoint.clone();
        let names = peer::fresh_names();
        peer::empty_store(&endpoint, &names).await;
        let meter = Meter::before(&endpoint).await;
        let store = Arc::new(DynamoStore::new(&peer::settings(&meter.endpoint), names));
        let clock = Arc::new(MovableClock::frozen(sails::asked_at()));
        let app = Arc::new(App::new(store, clock.clone(), sails::operator()));
        let mut office = Self { meter, clock, app, mailbox: Arc::new(Mailbox::new()), cookie: String::new() };
        let from = jiff::civil::date(2026, 6, 20);
        let people: Vec<_> = [("captain", 4), ("deckhand", 8)]
            .into_iter()
            .flat_map(|(rank, count)| (0..count).map(move |n| (rank, n)))
            .map(|(rank, n)| {
                sails::member(rank, &format!("{rank}-{n}"), n + 1, |day| {
                    (day < 60).then(|| (from + day.days()).to_string())
                })
            })
            .collect();
        let people: Vec<Given> = people.iter().map(Given::from).collect();
        let changes = office.app.compare_roster(&people).await.expect("a roster").expect("right people");
        office.app.write_roster(&changes).await.expect("a roster");
        office.cookie = office.sign_in().await;
        office
    }

    async fn sign_in(&self) -> String {
        let link = new_setup_link(&self.app).await.expect("a link");
        let token = link.split_once("token=").expect("a token").1;
        let form = Request::post("/setup")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}&name=Pat")));
        let answer = self.pages().oneshot(form.expect("a request")).await.expect("an answer");
        let cookie = answer.headers()[SET_COOKIE].to_str().expect("a cookie");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    fn pages(&self) -> Router {
        router(Web { app: self.app.clone(), tryout: None }, Router::new())
    }

    async fn book(&self, n: usize) -> CharterId {
        let day = jiff::civil::date(2026, 6, 27) + (n as i32).days();
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": format!("charter_{n}"), "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
            "departs_at": format!("{day}T16:00"), "returns_at": format!("{day}T19:00"),
            "call_time": format!("{day}T15:15"), "gross_revenue": "1450.00",
            "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }],
        }))
        .expect("a charter");
        let charter = booking.check(&self.app.operator.zone).expect("a right charter");
        self.app.book(charter, &caller()).await.expect("a booking").charter.charter_id
    }

    /// A minute later, as the schedule has it.
    async fn tick(&self) {
        self.clock.move_to(crewcall::clock::Clock::now(&*self.clock) + SignedDuration::from_mins(1));
        let app = Arc::new(self.app.anew());
        tick(&Outbox { app, transport: self.mailbox.clone() }).await.expect("a pass");
    }

    /// Opens the newest link of somebody, and presses a button.
    async fn press(&self, id: &CharterId, crew_id: &str, answer: &str) {
        let state = self.app.charter(id).await.expect("a charter");
        let offer = state.offers.iter().rfind(|offer| offer.crew_id.as_str() == crew_id);
        let token = self.app.operator.key.offer_token(id, offer.expect("an offer")).reveal();
        self.meter.take();
        let form = Request::post("/crew/accept")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}&answer={answer}")));
        let answer = self.pages().oneshot(form.expect("a request")).await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    async fn board(&self) {
        let board = Request::get("/").header(COOKIE, &self.cookie).body(Body::empty());
        let answer = self.pages().oneshot(board.expect("a request")).await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}

fn caller() -> Caller {
    Caller::new(Actor::Office("Pat".into()), "bench")
}

async fn units(report: &mut Report) {
    let office = Office::new().await;
    office.tick().await;
    office.meter.take();
    office.tick().await;
    let idle = office.meter.take();

    let mut story = Used::default();
    let mut add = |used: Used| {
        story.reads += used.reads;
        story.writes += used.writes;
        for (name, calls) in used.calls {
            *story.calls.entry(name).or_default() += calls;
        }
    };
    let before = office.mailbox.list().len();
    let id = office.book(0).await;
    office.app.run(&id, &Command::Start, &caller()).await.expect("a call");
    office.tick().await;
    add(office.meter.take());
    // Five people for three seats: one captain and one deckhand cannot, then three can.
    let mut accept = Used::default();
    for (crew_id, answer) in [
        ("captain-0", "decline"),
        ("captain-1", "accept"),
        ("deckhand-0", "decline"),
        ("deckhand-1", "accept"),
        ("deckhand-2", "accept"),
    ] {
        office.press(&id, crew_id, answer).await;
        let pressed = office.meter.take();
        if crew_id == "captain-1" {
            accept = pressed.clone();
        }
        add(pressed);
        office.tick().await;
        add(office.meter.take());
    }
    let crewed = office.app.charter(&id).await.expect("a charter");
    assert_eq!(crewed.aboard().len(), 3, "the charter is crewed: {crewed:?}");
    // The ticks would have come anyway.
    let ticks = 6.0;
    story.reads -= ticks * idle.reads;
    story.writes -= ticks * idle.writes;
    for (name, calls) in &idle.calls {
        *story.calls.entry(name.clone()).or_default() -= 6 * calls;
    }
    let mails = office.mailbox.list().len() - before;

    for n in 1..BOARD {
        office.book(n).await;
    }
    office.meter.take();
    office.board().await;
    let board = office.meter.take();

    let queries = idle.calls.get("Query").copied().unwrap_or_default();
    report.line("a charter from its booking to its crew, two noes on the way", story.in_words());
    report.line("… in which so many mails leave", mails.to_string());
    report.line("a captain's yes, with its page", accept.in_words());
    report
        .line("an idle tick", idle.in_words())
        .beside("8 shards: four of charters, four of mails", queries as f64 / 8.0)
        .aim("one query for each shard", queries == 8);
    report.line(format!("a look at the board of {BOARD} charters"), board.in_words());
    let units = json!({
        "from": "those of `cargo bench --features aws -- dynamodb`",
        "WRITE_UNITS_PER_CHARTER": story.writes, "READ_UNITS_PER_CHARTER": story.reads,
        "WRITE_UNITS_PER_IDLE_TICK": idle.writes, "READ_UNITS_PER_IDLE_TICK": idle.reads,
        "READ_UNITS_PER_BOARD_VIEW": board.reads, "MAILS_PER_CHARTER": mails,
    });
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/target/units.json");
    std::fs::write(file, format!("{units:#}\n")).expect("a file");
}

/// 64 clients at the pages, in turns with the same commits without the program, and with transactions that are not
/// even ours.
fn accepts(report: &mut Report, runtime: &Runtime) {
    let endpoint = peer::dynoxide().endpoint.clone();
    let names = [peer::fresh_names(), peer::fresh_names()];
    let operator = sails::operator();
    let rounds: Vec<Vec<Sail>> = (0..=ROUNDS)
        .map(|round| (round * ACCEPTS..(round + 1) * ACCEPTS).map(|n| Sail::new(&operator, n)).collect())
        .collect();
    let recording = Arc::new(Recording::default());
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
    let pages = router(Web { app: sails::app(pages, now), tryout: None }, Router::new());
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

//! What crewcall asks of DynamoDB, and what that costs; and accepts beside bare transactions.
//!
//! The DynamoDB is dynoxide, on this machine. It counts units as AWS documents them. How fast it is says nothing of
//! AWS; how much of its time is ours is what the ratio shows. The units are also left in `target/units.json`, from
//! which `deploy/cost.py` computes what a month costs once they stand in `deploy/units.json`.

mod accepts;
mod meter;
#[path = "../../../tests/it/support/dynamodb.rs"]
#[allow(dead_code, reason = "shared with the tests of the store, which use all of it")]
pub(crate) mod peer;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{COOKIE, SET_COOKIE};
use crewcall::app::{App, Caller, Given, Pages};
use crewcall::clock::MovableClock;
use crewcall::mail::mailbox::Mailbox;
use crewcall::outbox::Outbox;
use crewcall::sheet::Mode;
use crewcall::store::DynamoStore;
use crewcall::tick::tick;
use crewcall::web::{Web, new_setup_link, router};
use crewcall_dispatch::cascade::{Actor, Command};
use crewcall_dispatch::model::{Booking, CharterId};
use jiff::{SignedDuration, ToSpan};
use serde_json::json;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::report::Report;
use crate::sails;
use meter::{Meter, Used};

/// Charters on the board: a month of a small operator.
const BOARD: usize = 30;
/// A query for each shard of what is due: four of charters, and four of mails.
const SHARDS: usize = 8;

pub(crate) fn run(report: &mut Report) {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(units(report));
    accepts::run(report, &runtime);
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
        let changes = office.app.compare_roster(people).await.expect("a roster").expect("right people");
        office.app.write_roster(&changes).await.expect("a roster");
        office.cookie = office.sign_in().await;
        office
    }

    async fn sign_in(&self) -> String {
        let link = new_setup_link(&self.app).await.expect("a link");
        let token = link.split_once("token=").expect("a token").1;
        let form = Request::post("/setup")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}&name=Pat&email=pat@example.com")));
        let answer = self.pages().oneshot(form.expect("a request")).await.expect("an answer");
        let cookie = answer.headers()[SET_COOKIE].to_str().expect("a cookie");
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    fn pages(&self) -> Router {
        router(Web::new(self.app.clone(), Mode::Off), Router::new())
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

    /// A minute later, as the schedule has it: nothing that was seen at the last one still counts.
    async fn tick(&self) {
        self.clock.move_to(crewcall::clock::Clock::now(&*self.clock) + SignedDuration::from_mins(1));
        let app = &self.app;
        let app = Arc::new(App::new(app.store.clone(), app.clock.clone(), app.operator.clone()));
        tick(&Outbox { app, transport: self.mailbox.clone() }, Pages::Served).await.expect("a pass");
    }

    /// The token in the newest link of somebody; that it is looked for here is not counted.
    async fn token(&self, id: &CharterId, crew_id: &str) -> String {
        let state = self.app.charter(id).await.expect("a charter");
        let offer = state.offers.iter().rfind(|offer| offer.crew_id.as_str() == crew_id);
        self.meter.take();
        self.app.operator.key.offer_token(id, offer.expect("an offer")).reveal()
    }

    /// Opens a link.
    async fn open(&self, token: &str) {
        let page = Request::get(format!("/crew/accept?token={token}")).body(Body::empty());
        let answer = self.pages().oneshot(page.expect("a request")).await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Presses a button on its page.
    async fn press(&self, token: &str, answer: &str) {
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

    let (mut story, mut ticks) = (Used::default(), 0);
    let before = office.mailbox.list().len();
    let id = office.book(0).await;
    office.app.run(&id, &Command::Start, &caller()).await.expect("a call");
    office.tick().await;
    ticks += 1;
    story.add(office.meter.take());
    // Five people for three seats: one captain and one deckhand cannot, then three can.
    let (mut accept, mut view) = (Used::default(), Used::default());
    let answers = [
        ("captain-0", "decline"),
        ("captain-1", "accept"),
        ("deckhand-0", "decline"),
        ("deckhand-1", "accept"),
        ("deckhand-2", "accept"),
    ];
    for (crew_id, answer) in answers {
        let token = office.token(&id, crew_id).await;
        office.open(&token).await;
        let opened = office.meter.take();
        office.press(&token, answer).await;
        let pressed = office.meter.take();
        if crew_id == "captain-1" {
            (view, accept) = (opened.clone(), pressed.clone());
        }
        story.add(opened);
        story.add(pressed);
        office.tick().await;
        ticks += 1;
        story.add(office.meter.take());
    }
    let crewed = office.app.charter(&id).await.expect("a charter");
    assert_eq!(crewed.aboard().len(), 3, "the charter is crewed: {crewed:?}");
    // The ticks would have come anyway.
    story.take_off(&idle, ticks);
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
    report.line("a look at the page behind a crew link", view.in_words());
    report.line("a captain's yes, with its page", accept.in_words());
    report
        .line("an idle tick", idle.in_words())
        .beside(format!("{SHARDS} shards, of charters and of mails"), queries as f64 / SHARDS as f64)
        .aim("one query for each shard", queries == SHARDS);
    report.line(format!("a look at the board of {BOARD} charters"), board.in_words());
    let units = json!({
        "from": "those of `cargo bench --features aws -- dynamodb`",
        "WRITE_UNITS_PER_CHARTER": story.writes, "READ_UNITS_PER_CHARTER": story.reads,
        "WRITE_UNITS_PER_IDLE_TICK": idle.writes, "READ_UNITS_PER_IDLE_TICK": idle.reads,
        "READ_UNITS_PER_BOARD_VIEW": board.reads, "READ_UNITS_PER_PAGE_VIEW": view.reads,
        "REQUESTS_COUNTED_PER_CHARTER": 2 * answers.len(), "MAILS_PER_CHARTER": mails,
    });
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/target/units.json");
    std::fs::write(file, format!("{units:#}\n")).expect("a file");
}

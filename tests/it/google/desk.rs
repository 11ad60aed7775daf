//! The loop of `serve`, while mail waits: it goes on by itself, and asks the store no more often than when it has nothing
//! to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use crewcall::app::{App, Given, Pages};
use crewcall::clock::{MovableClock, SystemClock};
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::ways::Ways;
use crewcall::outbox::Outbox;
use crewcall::store::{CommitError, Key, MemoryStore, Query, Row, Store, StoreError, Table, Write};
use crewcall::tick;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CrewMember;
use crewcall_google_peer::{Call, Fault, RetryAfter};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::harbor::{ACCOUNT, Harbor, booking_on};
use crate::support::office::{START, booking, caller, operator, people};

/// How often the outbox was looked at.
struct Counted {
    inner: MemoryStore,
    looks: AtomicUsize,
}

#[async_trait]
impl Store for Counted {
    async fn get(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, StoreError> {
        self.inner.get(keys).await
    }

    async fn list(&self, query: &Query) -> Result<Vec<Row>, StoreError> {
        self.inner.list(query).await
    }

    async fn due(&self, table: Table, until: Timestamp, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.looks.fetch_add(usize::from(table == Table::Outbox), Ordering::SeqCst);
        self.inner.due(table, until, limit).await
    }

    async fn next_due(&self, table: Table) -> Result<Option<Timestamp>, StoreError> {
        self.inner.next_due(table).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        self.inner.commit(writes).await
    }
}

struct Desk {
    store: Arc<Counted>,
    app: Arc<App>,
    fallback: Arc<Mailbox>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Desk {
    /// Dana can sail in a month, and `serve` runs.
    async fn open(harbor: &Harbor) -> Self {
        let store = Arc::new(Counted { inner: MemoryStore::new(), looks: AtomicUsize::new(0) });
        let app = Arc::new(App::new(store.clone(), Arc::new(SystemClock), operator()));
        let dana: CrewMember = serde_json::from_value(json!({
            "crew_id": "dana-reyes", "name": "Dana Reyes", "email": "dana@example.com", "rank": "captain",
            "cascade_order": 1, "availability": { sail_day(): "available" },
        }))
        .unwrap();
        let people = [Given::from(&dana)];
        let changes = app.compare_roster(people.to_vec()).await.unwrap().unwrap();
        app.write_roster(&changes).await.unwrap();
        let fallback = Arc::new(Mailbox::new());
        let transport = Arc::new(Ways::new(harbor.gmail(), Some(fallback.clone())));
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(tick::run(Outbox { app: app.clone(), transport }, stopping));
        Self { store, app, fallback, stop, running }
    }

    async fn start_a_call(&self) {
        let charter = booking_on(&sail_day(), 16).check(&self.app.operator.zone).unwrap();
        let id = self.app.book(charter, &caller()).await.unwrap().charter.charter_id;
        self.app.run(&id, &Command::Start, &caller()).await.unwrap();
    }

    /// It ends when it is told to, whatever waits.
    async fn close(self) {
        self.stop.send_replace(true);
        tokio::time::timeout(Duration::from_secs(10), self.running).await.unwrap().unwrap();
    }
}

fn sail_day() -> String {
    let day = Timestamp::now() + SignedDuration::from_hours(30 * 24);
    day.strftime("%Y-%m-%d").to_string()
}

async fn until(what: impl Fn() -> bool) {
    let began = Instant::now();
    while !what() {
        assert!(began.elapsed() < Duration::from_secs(60), "it never came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_waits_for_its_turn_does_not_make_the_desk_spin() {
    let harbor = Harbor::new().await;
    let busy = Fault::TooMany { retry_after: Some(RetryAfter::Seconds(50)) };
    harbor.peer.inject(Call::Token, busy, 1_000);
    let desk = Desk::open(&harbor).await;
    desk.start_a_call().await;
    until(|| harbor.peer.count(Call::Token) > 0).await;
    let (before, began) = (desk.store.looks.load(Ordering::SeqCst), Instant::now());
    tokio::time::sleep(Duration::from_secs(3)).await;
    let looks = desk.store.looks.load(Ordering::SeqCst) - before;
    let seconds = began.elapsed().as_secs() as usize + 1;
    assert!(looks <= 3 * seconds, "{looks} looks in {seconds} s");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve_tells_of_an_end_and_goes_on_by_itself_after_a_login() {
    let harbor = Harbor::new().await;
    harbor.peer.revoke(&harbor.refresh_token());
    let desk = Desk::open(&harbor).await;
    desk.start_a_call().await;
    until(|| !desk.fallback.list().is_empty()).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!((desk.fallback.list().len(), harbor.peer.sent(ACCOUNT).len()), (1, 0));
    assert_eq!(harbor.peer.count(Call::Token), 1, "Google is left alone");
    harbor.sign_in_again(&["https://www.googleapis.com/auth/gmail.send"]);
    // To Dana, the office's copy, and that mail leaves again.
    until(|| harbor.peer.sent(ACCOUNT).len() == 3).await;
    assert_eq!(desk.fallback.list().len(), 1);
    desk.close().await;
}

/// As a schedule has it, whose ticks are ended from outside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_do_not_wait_for_googles_answer() {
    let harbor = Harbor::new().await;
    let clock = Arc::new(MovableClock::frozen(START.parse().unwrap()));
    let app = Arc::new(App::new(Arc::new(MemoryStore::new()), clock.clone(), operator()));
    let given: Vec<Given> = people().iter().map(Given::from).collect();
    app.write_roster(&app.compare_roster(given).await.unwrap().unwrap()).await.unwrap();
    let charter = booking("ch-1", (16, 19), &[("captain", 1)]).check(&app.operator.zone).unwrap();
    let id = app.book(charter, &caller()).await.unwrap().charter.charter_id;
    app.run(&id, &Command::Start, &caller()).await.unwrap();
    let outbox = Outbox { app: app.clone(), transport: harbor.gmail() };
    tick::tick(&outbox, Pages::Served).await.unwrap();
    // Nobody answers for three hours, in which the pages are there.
    for _ in 0..180 {
        clock.move_to(app.clock.now() + SignedDuration::from_mins(1));
        app.beat(Pages::Served).await.unwrap();
    }
    harbor.clock.step(3_600);
    harbor.peer.inject(Call::Token, Fault::Hang { after_effect: false }, 1_000);
    let ticking = tokio::time::timeout(Duration::from_secs(3), tick::tick(&outbox, Pages::Served));
    assert!(ticking.await.is_err(), "the tick waits for Google");
    let state = app.charter(&id).await.unwrap();
    assert_eq!(state.offers.len(), 2, "Gene has the turn all the same: {:?}", state.offers);
}

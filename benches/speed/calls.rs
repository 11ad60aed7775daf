//! 40 calls are started at the same moment: how long until the last mail is handed over.
//!
//! 40 charters on 40 days, each with a captain of its own, on a SQLite file, the dispatcher running,
//! a mail server on this machine that takes no time. Beside it, in turns: the same mails handed
//! over through the same transport, with nothing decided and nothing stored.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crewcall::app::{App, Caller, Given, Pages};
use crewcall::clock::SystemClock;
use crewcall::mail::mailbox::Mailbox;
use crewcall::mail::smtp::{Smtp, SmtpConfig, Tls};
use crewcall::mail::{Mail, Transport};
use crewcall::outbox::Outbox;
use crewcall::store::{MemoryStore, SqliteStore, Store};
use crewcall::tick;
use crewcall_dispatch::cascade::{Actor, Command};
use crewcall_dispatch::model::{Booking, CharterId};
use jiff::ToSpan;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::report::Report;
use crate::smtp::Server;
use crate::{disk, sails, stats};

const CALLS: usize = 40;
const ROUNDS: usize = 9;

pub(crate) fn run(report: &mut Report) {
    let runtime = Runtime::new().expect("a runtime");
    let directory = disk::directory();
    let mails = runtime.block_on(sample());
    let (mut offers, mut all, mut bare_offers, mut bare_all) = (vec![], vec![], vec![], vec![]);
    for round in 0..ROUNDS {
        let store = SqliteStore::open(directory.path().join(format!("{round}.db"))).expect("a store");
        let (last_offer, last) = runtime.block_on(calls(Arc::new(store)));
        offers.push(last_offer);
        all.push(last);
        bare_offers.push(runtime.block_on(deliveries(&mails.0)));
        let both: Vec<Mail> = mails.0.iter().chain(&mails.1).cloned().collect();
        bare_all.push(runtime.block_on(deliveries(&both)));
    }
    let [offers, all, bare_offers, bare_all] = [offers, all, bare_offers, bare_all].map(stats::median);
    for (what, took, beside, bare) in [
        ("40 calls started, until the last of 40 offers", offers, "40 bare deliveries", bare_offers),
        ("… until the office's 40 copies are out, too", all, "80 bare deliveries", bare_all),
    ] {
        let ratio = took.as_secs_f64() / bare.as_secs_f64();
        report.line(what, stats::time(took)).beside(format!("{beside}: {}", stats::time(bare)), ratio);
    }
}

/// An office with 40 captains, the n-th of whom sails on the n-th day only, and a sail on each day.
async fn office(store: Arc<dyn Store>) -> (Arc<App>, Vec<CharterId>) {
    let app = Arc::new(App::new(store, Arc::new(SystemClock), sails::operator()));
    let zone = app.operator.zone.clone();
    let today = zone.to_datetime(app.clock.now()).date();
    let captains: Vec<_> = (0..CALLS)
        .map(|n| {
            let date = (today + (7 + n as i32).days()).to_string();
            sails::member("captain", &format!("captain-{n}"), n as u32 + 1, |day| {
                (day == 0).then(|| date.clone())
            })
        })
        .collect();
    let captains: Vec<Given> = captains.iter().map(Given::from).collect();
    let changes = app.compare_roster(captains).await.expect("a roster").expect("right people");
    app.write_roster(&changes).await.expect("a roster");
    let mut ids = Vec::new();
    for n in 0..CALLS {
        let day = today + (7 + n as i32).days();
        let booking: Booking = serde_json::from_value(json!({
            "charter_id": format!("charter_{n}"), "vessel": "America", "dock": "Shelter Island, pier 3", "guests": 6,
            "departs_at": format!("{day}T16:00"), "returns_at": format!("{day}T19:00"),
            "call_time": format!("{day}T15:15"), "positions": [{ "position": "captain", "quantity": 1 }],
        }))
        .expect("a charter");
        let charter = booking.check(&zone).expect("a right charter");
        ids.push(app.book(charter, &caller()).await.expect("a booking").charter.charter_id);
    }
    (app, ids)
}

fn caller() -> Caller {
    Caller::new(Actor::Office("Pat".into()), "bench")
}

/// From the command until the last offer, and until the last mail, was taken.
async fn calls(store: Arc<dyn Store>) -> (Duration, Duration) {
    let (app, ids) = office(store).await;
    let server = Server::start().await;
    let outbox = Outbox { app: app.clone(), transport: Arc::new(smtp(&server)) };
    let (stop, stopping) = watch::channel(false);
    let dispatcher = tokio::spawn(tick::run(outbox, stopping));
    // The dispatcher has looked once and sleeps.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let start = Instant::now();
    start_all(&app, ids).await;
    let taken = server.wait_for(2 * CALLS).await;
    let last = |offers: bool| {
        let theirs = taken.iter().filter(|(to, _)| !offers || to.contains("captain"));
        theirs.map(|(_, at)| at.duration_since(start)).max().expect("mails")
    };
    let outcome = (last(true), last(false));
    stop.send(true).expect("a dispatcher");
    dispatcher.await.expect("a dispatcher that ends");
    outcome
}

async fn start_all(app: &Arc<App>, ids: Vec<CharterId>) {
    let mut tasks = JoinSet::new();
    for id in ids {
        let app = app.clone();
        tasks.spawn(async move { app.run(&id, &Command::Start, &caller()).await.map(|_| ()) });
    }
    tasks.join_all().await.into_iter().for_each(|started| started.expect("a call that starts"));
}

fn smtp(server: &Server) -> Smtp {
    Smtp::new(SmtpConfig {
        host: "127.0.0.1".into(),
        port: server.address.port(),
        tls: Tls::None,
        username: None,
        password: None,
        ca_file: None,
        hello_name: None,
    })
    .expect("settings that go together")
}

/// The mails of such calls: the offers, and the office's copies.
async fn sample() -> (Vec<Mail>, Vec<Mail>) {
    let (app, ids) = office(Arc::new(MemoryStore::new())).await;
    let mailbox = Arc::new(Mailbox::new());
    start_all(&app, ids).await;
    tick::tick(&Outbox { app, transport: mailbox.clone() }, Pages::Served).await.expect("a pass");
    let mails = mailbox.list().into_iter().map(|arrived| arrived.mail);
    let (offers, copies): (Vec<Mail>, Vec<Mail>) =
        mails.partition(|mail| mail.to.email.as_str().starts_with("captain"));
    assert_eq!((offers.len(), copies.len()), (CALLS, CALLS));
    (offers, copies)
}

/// The same mails, with nothing around the transport.
async fn deliveries(mails: &[Mail]) -> Duration {
    let server = Server::start().await;
    let smtp = Arc::new(smtp(&server));
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for mail in mails {
        let (smtp, mail) = (smtp.clone(), mail.clone());
        tasks.spawn(async move { smtp.send(&mail).await.expect("a delivery") });
    }
    let taken = server.wait_for(mails.len()).await;
    let last = taken.iter().map(|(_, at)| at.duration_since(start)).max().expect("mails");
    tasks.join_all().await;
    last
}

//! Deadlines: looking when none is due, and carrying out many at once.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crewcall::app::{App, Pages};
use crewcall::mail::mailbox::Mailbox;
use crewcall::outbox::Outbox;
use crewcall::store::{Listing, SqliteStore, Store, Write};
use crewcall::tick::{Pass, settle_due, tick};
use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, OpenFlags};
use tokio::runtime::Runtime;

use crate::replay::{Recording, commit_all, in_one_transaction, size};
use crate::report::Report;
use crate::sails::{self, Sail};
use crate::{disk, stats};

/// Idle ticks in one turn, and turns.
const TICKS: usize = 500;
const TURNS: usize = 5;
/// Deadlines that come at once.
const DUE: usize = 10_000;
const ROUNDS: usize = 3;
/// How many the program works on at once, and so how many write beside it.
const WRITERS: usize = 1_024;

pub(crate) fn run(report: &mut Report) {
    let runtime = Runtime::new().expect("a runtime");
    idle(report, &runtime);
    due_at_once(report, &runtime);
}

fn idle(report: &mut Report, runtime: &Runtime) {
    let directory = disk::directory();
    let few = Waiting::new(&directory.path().join("few.db"), 1_000);
    let many = Waiting::new(&directory.path().join("many.db"), 1_000_000);
    let (mut ticks, mut looks) = ([vec![], vec![]], [vec![], vec![]]);
    for _ in 0..TURNS {
        for (place, waiting) in [&few, &many].into_iter().enumerate() {
            ticks[place].push(runtime.block_on(waiting.ticks()));
            looks[place].push(waiting.looks());
        }
    }
    let [tick_few, tick_many] = ticks.map(stats::median);
    let [look_few, look_many] = looks.map(stats::median);
    let beside = |look: Duration| format!("a bare indexed look: {}", stats::time(look));
    let times = |tick: Duration, look: Duration| tick.as_secs_f64() / look.as_secs_f64();
    report
        .line("an idle tick among 1,000 deadlines", stats::time(tick_few))
        .beside(beside(look_few), times(tick_few, look_few));
    report
        .line("an idle tick among 1,000,000 deadlines", stats::time(tick_many))
        .beside(beside(look_many), times(tick_many, look_many))
        .aim("a few times the look", times(tick_many, look_many) < 10.0);
    let growth = times(tick_many, tick_few);
    report
        .line("", "")
        .beside(format!("among 1,000: {}", stats::time(tick_few)), growth)
        .aim("alike", (0.7..1.3).contains(&growth));
}

/// A file of charters that all wait for an answer.
struct Waiting {
    outbox: Outbox,
    bare: Connection,
}

impl Waiting {
    fn new(path: &Path, count: usize) -> Self {
        drop(SqliteStore::open(path).expect("a store"));
        insert(path, count).expect("rows in a file");
        let store = SqliteStore::open(path).expect("a store");
        let app = sails::app(Arc::new(store), sails::asked_at());
        let bare = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a connection");
        Self { outbox: Outbox { app, transport: Arc::new(Mailbox::new()) }, bare }
    }

    /// One tick: a sign of life, the deadlines, the outbox.
    async fn ticks(&self) -> Duration {
        let mut times = Vec::with_capacity(TICKS);
        for _ in 0..TICKS {
            let start = Instant::now();
            let pass = tick(&self.outbox, Pages::Served).await.expect("a pass");
            times.push(start.elapsed());
            assert_eq!(pass, Pass::default(), "there was nothing to do");
        }
        stats::median(times)
    }

    /// The least that a look at an index can cost.
    fn looks(&self) -> Duration {
        let sql = "SELECT due_at FROM charter WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1";
        let mut statement = self.bare.prepare(sql).expect("a statement");
        let look = |_| {
            let start = Instant::now();
            let _: i64 = statement.query_row((), |row| row.get(0)).expect("a row");
            start.elapsed()
        };
        stats::median((0..TICKS).map(look).collect())
    }
}

/// The same charter again and again under ids of its own, due at times of its own: as the store
/// would have written it, but not durably, to be done sooner.
fn insert(path: &Path, count: usize) -> rusqlite::Result<()> {
    let sail = Sail::new(&sails::operator(), 0);
    let Write::Put { body, listing: Some(Listing { under, order }), .. } = &sail.rows[0] else {
        panic!("a sail's first row is its charter")
    };
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    let transaction = connection.transaction()?;
    {
        let sql = "INSERT INTO charter (id, version, listed_under, listed_order, due_at, body)
                   VALUES (?1, 4, ?2, ?3, ?4, ?5)";
        let mut statement = transaction.prepare(sql)?;
        for n in 0..count {
            let id = format!("charter_{n:07}");
            let due_at: Timestamp = sails::asked_at() + 2.hours() + (n as i64 * 17 % 7_200).seconds();
            let [order, body] = [order, body].map(|text| text.replace(sail.id.as_str(), &id));
            statement.execute((&id, under, order, due_at.as_microsecond(), body))?;
        }
    }
    transaction.commit()
}

/// Captains let 10,000 offers lapse at the same moment: each is recorded, and the next one asked.
fn due_at_once(report: &mut Report, runtime: &Runtime) {
    let operator = sails::operator();
    let sails: Vec<Sail> = (0..DUE).map(|n| Sail::new(&operator, n)).collect();
    let now = sails::asked_at() + 3.hours();

    let recording = Arc::<Recording>::default();
    runtime.block_on(sails::fill(&*recording, &sails));
    recording.take();
    runtime.block_on(settle(&sails::app(recording.clone(), now)));
    let commits = recording.take();
    let (rows, bytes) = size(&commits);

    let (mut settled, mut bare, mut least, mut syncs) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let directory = disk::directory();
        let fill = |name: &str| {
            let path = directory.path().join(name);
            runtime.block_on(sails::fill(&SqliteStore::open(&path).expect("a store"), &sails));
            path
        };
        let store = |path| -> Arc<dyn Store> { Arc::new(SqliteStore::open(path).expect("a store")) };
        let (first, second, third) = (store(fill("settled.db")), store(fill("bare.db")), fill("least.db"));
        syncs.push(disk::syncs(directory.path()));
        let app = sails::app(first, now);
        let start = Instant::now();
        runtime.block_on(settle(&app));
        settled.push(start.elapsed());
        let start = Instant::now();
        runtime.block_on(commit_all(second, commits.clone(), WRITERS));
        bare.push(start.elapsed());
        least.push(in_one_transaction(&third, &commits).expect("a transaction"));
    }
    let [settled, bare, least] = [settled, bare, least].map(stats::median);
    let times = |time: Duration| settled.as_secs_f64() / time.as_secs_f64();
    report.line("10,000 deadlines at once, carried out", stats::time(settled)).beside(
        format!("grouped commits of the same {rows} rows, {bytes} bytes each: {}", stats::time(bare)),
        times(bare),
    );
    report
        .line("", "")
        .beside(
            format!("all of these rows in one transaction, nothing decided: {}", stats::time(least)),
            times(least),
        )
        .aim("within 0.5 s on a quiet disk", settled < Duration::from_millis(500));
    syncs.sort_by(f64::total_cmp);
    let (slowest, fastest) = (syncs[0], syncs[syncs.len() - 1]);
    report
        .line("the disk: single synced pages, slowest", stats::rate(slowest))
        .beside(format!("fastest: {}", stats::rate(fastest)), slowest / fastest);
}

async fn settle(app: &Arc<App>) {
    let mut pass = Pass::default();
    settle_due(app, &mut pass).await.expect("a pass");
    assert!(pass.oldest_due.is_some_and(|due_at| due_at <= app.clock.now()), "{pass:?}");
    assert_eq!(pass, Pass { settled: DUE, oldest_due: pass.oldest_due, ..Pass::default() });
}

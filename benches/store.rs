//! How many commits a store acknowledges: `cargo bench --bench store`.
//!
//! Every figure depends on the disk's fsync, which is therefore measured first and last.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crewcall::store::{Expect, Key, Listing, MemoryStore, SqliteStore, Store, Table, Write};
use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// How long each figure is measured.
const LASTING: Duration = Duration::from_secs(3);

fn main() {
    let directory = tempfile::tempdir_in(".").expect("this directory must be writable");
    let path = directory.path().join("crewcall.db");
    let runtime = Runtime::new().expect("a runtime");
    println!("fsync of one 4 KiB page: {:.0}/s", fsyncs(directory.path()));
    let sqlite: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).expect("a store in a new file"));
    for (writers, rows, body) in
        [(1, 1, 300), (1, 6, 300), (64, 1, 300), (64, 6, 300), (64, 2, 4_000), (512, 6, 300)]
    {
        let rate = runtime.block_on(commits(Arc::clone(&sqlite), writers, rows, body));
        println!("SQLite, {writers} writers, {rows} rows of {body} bytes a commit: {rate}");
    }
    println!("SQLite, get of one key: {:.1} µs", runtime.block_on(get(&*sqlite, 1)));
    println!("SQLite, get of ten keys: {:.1} µs", runtime.block_on(get(&*sqlite, 10)));
    println!("SQLite, next deadline: {:.1} µs", runtime.block_on(next_due(&*sqlite)));
    println!("fsync of one 4 KiB page: {:.0}/s", fsyncs(directory.path()));
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    }
    println!(
        "memory, 64 writers, 6 rows a commit: {}",
        runtime.block_on(commits(Arc::new(MemoryStore::new()), 64, 6, 300))
    );
}

/// Each writer keeps a row of its own that it rewrites (a charter), and adds the others (events, outbox rows).
async fn commits(store: Arc<dyn Store>, writers: usize, rows: usize, body: usize) -> String {
    let (start, cpu) = (Instant::now(), writer_cpu());
    let mut tasks = JoinSet::new();
    for writer in 0..writers {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let body = format!(r#"{{"a":"{}"}}"#, "x".repeat(body));
            let own = format!("charter_{writers}_{rows}_{}_{writer}", body.len());
            let mut done = 0;
            while start.elapsed() < LASTING {
                let charter = Write::Put {
                    key: Key::new(Table::Charter, &*own),
                    expect: if done == 0 { Expect::Absent } else { Expect::Version(done) },
                    body: body.clone(),
                    listing: Some(Listing::new("ahead", &*own)),
                    due_at: Some(Timestamp::now()),
                };
                let others = (1..rows).map(|row| Write::Put {
                    key: Key::new(
                        if row % 2 == 0 { Table::Outbox } else { Table::Event },
                        format!("{own}/{done:08}/{row}"),
                    ),
                    expect: Expect::Absent,
                    body: body.clone(),
                    listing: None,
                    due_at: (row % 2 == 0).then(Timestamp::now),
                });
                store.commit([charter].into_iter().chain(others).collect()).await.expect("a commit");
                done += 1;
            }
            done
        });
    }
    let done: u64 = tasks.join_all().await.into_iter().sum();
    let rate = done as f64 / start.elapsed().as_secs_f64();
    match (cpu, writer_cpu()) {
        (Some(before), Some(after)) => {
            format!("{rate:.0}/s, {:.1} µs of the writer's CPU each", (after - before) * 1e6 / done as f64)
        }
        _ => format!("{rate:.0}/s"),
    }
}

/// Seconds of CPU that the thread of the SQLite store which writes has taken, where /proc tells.
fn writer_cpu() -> Option<f64> {
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?.path();
        if std::fs::read_to_string(task.join("comm")).is_ok_and(|name| name.trim() == "store-writer") {
            let nanoseconds = std::fs::read_to_string(task.join("schedstat")).ok()?;
            return nanoseconds.split_whitespace().next()?.parse::<f64>().ok().map(|taken| taken / 1e9);
        }
    }
    None
}

async fn get(store: &dyn Store, keys: usize) -> f64 {
    let rows = store.due(Table::Charter, Timestamp::MAX, keys).await.expect("due rows");
    let keys: Vec<Key> = rows.into_iter().map(|row| row.key).collect();
    let start = Instant::now();
    for _ in 0..20_000 {
        store.get(&keys).await.expect("rows");
    }
    start.elapsed().as_secs_f64() * 1e6 / 20_000.0
}

async fn next_due(store: &dyn Store) -> f64 {
    let start = Instant::now();
    for _ in 0..20_000 {
        store.next_due(Table::Outbox).await.expect("a deadline");
    }
    start.elapsed().as_secs_f64() * 1e6 / 20_000.0
}

fn fsyncs(directory: &Path) -> f64 {
    let mut file = File::create(directory.join("probe")).expect("a file");
    let (start, mut done) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("a synced write");
        done += 1;
    }
    f64::from(done) / start.elapsed().as_secs_f64()
}

//! What was acknowledged is there after the process was killed in the middle of committing.
//!
//! The process to kill is this very test, run again with the file to commit to. (A killed process is not a power
//! cut: for that, see `synchronous` in `src/store/sqlite/connection.rs`.)

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crewcall::store::{Key, SqliteStore, Store, Table};
use tokio::task::JoinSet;

use super::rows::*;

const FILE: &str = "CREWCALL_TEST_KILLED_STORE";
const WRITERS: usize = 8;

fn outbox(number: usize) -> Key {
    Key::new(Table::Outbox, format!("{number}"))
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(path) = env::var_os(FILE) {
        runtime.block_on(commit_until_killed(Path::new(&path)));
    }
    for (round, kill_after) in [1, 300, 2_000].into_iter().enumerate() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("crewcall.db");
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["store::sqlite_kill::what_was_acknowledged_survives_a_kill", "--exact", "--nocapture"])
            .env(FILE, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut acknowledged = BTreeSet::new();
        for line in lines {
            // The harness may have begun the first line with the name of the test.
            let Some((_, number)) = line.split_once("acknowledged ") else { continue };
            // The kill may have cut the last line short, so only whole ones count.
            let Some(number) = number.strip_suffix('.') else { continue };
            acknowledged.insert(number.parse::<usize>().unwrap());
            if acknowledged.len() == kill_after {
                child.kill().unwrap();
            }
        }
        assert!(!child.wait().unwrap().success(), "the child ended by itself");
        assert!(acknowledged.len() >= kill_after, "round {round}");
        runtime.block_on(assert_whole(SqliteStore::open(&path).unwrap(), &acknowledged));
    }
}

/// Every acknowledged commit is there, and every commit that is there is there whole.
async fn assert_whole(store: SqliteStore, acknowledged: &BTreeSet<usize>) {
    let last = acknowledged.last().copied().unwrap_or(0);
    for number in 0..last + 10 * WRITERS {
        let rows = store.get(&[crew(&number.to_string()), outbox(number)]).await.unwrap();
        assert_eq!(rows[0].is_some(), rows[1].is_some(), "half of commit {number}");
        assert!(rows[0].is_some() || !acknowledged.contains(&number), "commit {number} is lost");
    }
}

async fn commit_until_killed(path: &Path) {
    let store = Arc::new(SqliteStore::open(path).unwrap());
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            for number in (writer..).step_by(WRITERS) {
                let second = with(outbox(number), ABSENT, "{}", None, Some(at(number as i64)));
                store.commit(vec![put(&number.to_string(), ABSENT), second]).await.unwrap();
                // Standard output may be gone when the parent is: then it is time to end.
                println!("acknowledged {number}.");
            }
        });
    }
    writers.join_all().await;
}

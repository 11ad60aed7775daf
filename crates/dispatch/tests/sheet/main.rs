//! People and the program work on one sheet at the same time, by the hundred thousand: nothing that somebody typed is
//! lost, both sides are equal once it is quiet, and nothing echoes between them.
//!
//! `SHEET=4711` tells the script of that seed; `SHEETS=1000` plays so many.

mod office;
mod paper;
mod scripts;

use std::sync::atomic::{AtomicU64, Ordering};

use scripts::Script;

const SCRIPTS: u64 = 100_000;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn people_and_the_program_write_at_the_same_time() {
    if let Some(seed) = number("SHEET") {
        let (script, wrong) = Script::play(seed, true);
        println!("{}", script.office.log.join("\n"));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        return;
    }
    let (next, all) = (AtomicU64::new(0), number("SHEETS").unwrap_or(SCRIPTS));
    let failures = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= all {
                        return;
                    }
                    let wrong = std::panic::catch_unwind(|| Script::play(seed, false).1)
                        .unwrap_or_else(|_| vec!["it panicked".into()]);
                    if !wrong.is_empty() {
                        failures.lock().unwrap().push((seed, wrong));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    let told: Vec<String> =
        failures.iter().take(5).map(|(seed, wrong)| format!("SHEET={seed}: {}", wrong.join("; "))).collect();
    assert!(failures.is_empty(), "{} of {all} scripts:\n{}", failures.len(), told.join("\n"));
}

//! Whole seasons at random, each from its seed: thirty people with habits, sixty charters, an office that steps in,
//! two or three servers that crash, whose clocks step, and whose answers are lost.
//!
//! ```text
//! cargo test -p crewcall-dispatch --profile proof --test seasons
//! SEASONS=100000 cargo test -p crewcall-dispatch --release --test seasons -- --nocapture
//! SEASON=4711 cargo test -p crewcall-dispatch --profile proof --test seasons -- --nocapture
//! ```
//!
//! The first plays some, the second as many as it says, the third one of them again, and tells it.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`store`] | what the servers share |
//! | [`people`] | what people press when a mail arrives |
//! | [`office`] | what is booked, and how the office steps in |
//! | [`season`] | what happens next, and on which server |
//! | [`rules`] | what must hold of every commit, and at the end |
//! | [`asking`], [`mails`] | of it, who is asked when, and who is told |
//! | [`eligible`], [`gates`], [`windows`] | of it, who may be asked, and for how long |

mod asking;
mod eligible;
mod gates;
mod mails;
mod office;
mod people;
mod rules;
mod season;
mod standing_by;
mod store;
mod windows;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use season::Season;

/// Seasons that are played with every run.
const SEASONS: u64 = 300;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_season_holds_what_was_promised() {
    if let Some(seed) = number("SEASON") {
        let mut season = Season::new(seed, true);
        season.run();
        assert_eq!(season.broken, None, "in season {seed}");
        return;
    }
    let first = number("FIRST_SEASON").unwrap_or(1);
    let seasons = number("SEASONS").unwrap_or(SEASONS);
    let (next, facts, began) = (AtomicU64::new(first), AtomicU64::new(0), Instant::now());
    let play = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + seasons {
                return None;
            }
            let mut season = Season::new(seed, false);
            season.run();
            facts.fetch_add(season.facts, Ordering::Relaxed);
            if let Some(broken) = season.broken {
                // The others need not go on.
                next.store(first + seasons, Ordering::Relaxed);
                return Some((seed, broken));
            }
        }
    };
    let broken = std::thread::scope(|scope| {
        let players = [(); 2].map(|()| scope.spawn(play));
        players.into_iter().filter_map(|player| player.join().expect("a player")).min()
    });
    let facts = facts.into_inner();
    println!("{seasons} seasons from {first} on, {facts} facts, {:.1?}", began.elapsed());
    if let Some((seed, broken)) = broken {
        panic!("season {seed} breaks a rule; SEASON={seed} tells it\n{broken}");
    }
    assert!(facts > 300 * seasons, "too little happened: {facts} facts in {seasons} seasons");
}

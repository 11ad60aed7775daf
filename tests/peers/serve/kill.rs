//! A server that is killed again and again, while people answer.

use std::collections::BTreeSet;
use std::time::Duration;

use crewcall::app::App;
use tokio::runtime::Runtime;

use super::crew::{Crew, seed};
use super::harbor::{Harbor, is_over};
use super::mailroom::Mailroom;
use super::server::Server;
use super::until;
use super::verdict::judge;
use crate::invariants;

const KILLS: u64 = 15;
/// Two pairs of them at the same time, so that people are wanted twice.
const CHARTERS: [(&str, u32, u32); 6] =
    [("a", 27, 10), ("b", 27, 10), ("c", 27, 16), ("d", 28, 10), ("e", 28, 11), ("f", 29, 10)];
/// Some mails wait until the claim of a killed server has run out, and windows pass unanswered.
const THE_REST: Duration = Duration::from_secs(120);

/// A number that depends on the seed and the round in no simple way (SplitMix64).
pub(super) fn scramble(seed: u64, round: u64) -> u64 {
    let mut z = seed.wrapping_add((round + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[test]
fn nothing_is_lost_or_doubled_however_often_the_server_is_killed() {
    let seed = seed();
    // Slow enough that many a kill falls into a hand-over.
    let mail = Mailroom::start(&["--delay", "0.15"]);
    let harbor = Harbor::with_mail("response_window = \"3s\"\ngrace = \"1s\"", mail);
    harbor.import();
    for (id, day, hour) in CHARTERS {
        harbor.book(id, day, hour);
    }
    let runtime = Runtime::new().unwrap();
    let app = harbor.app();
    let crew = Crew::begin(harbor.mail.clone(), vec![vec![harbor.address()]], seed);

    let mut calls = CHARTERS.iter();
    for round in 0..KILLS {
        let mut server = harbor.spawn();
        if let Some((id, ..)) = calls.next() {
            harbor.start_call(id);
        }
        // Not waiting for anything: the moment of the kill is what is tried.
        std::thread::sleep(Duration::from_millis(scramble(seed, round) % 1_400));
        server.kill();
        runtime.block_on(invariants::hold(&app));
    }

    let server = harbor.serve();
    to_the_end(&harbor, &app, &runtime, crew, vec![server], CHARTERS.len());
}

/// Waits for the end of all calls, stops the servers, and looks.
pub(super) fn to_the_end(
    harbor: &Harbor,
    app: &App,
    runtime: &Runtime,
    crew: Crew,
    servers: Vec<Server>,
    charters: usize,
) {
    until("the end of all calls", THE_REST, || {
        let over = runtime.block_on(async {
            let charters = app.charters(None).await.unwrap();
            charters.iter().all(is_over) && invariants::outbox(app).await.is_empty()
        });
        over.then_some(())
    });
    let seen = crew.end();
    for server in servers {
        let (code, _) = server.stop();
        assert_eq!(code, 0);
    }
    let letters = harbor.mail.all();
    let once: BTreeSet<_> = letters.iter().map(|letter| letter.header("Message-ID")).collect();
    println!(
        "{} mails, {} of them second copies; {} answers",
        letters.len(),
        letters.len() - once.len(),
        seen.len()
    );
    assert!(seen.len() >= charters, "hardly anyone answered");
    runtime.block_on(judge(app, &letters, &seen, 2));
}

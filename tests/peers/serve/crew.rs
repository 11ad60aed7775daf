//! People who read their mails and answer, each in their own way, at whichever server answers.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::http::{Answer, press};
use super::mailroom::{Letter, Mailroom};

/// The heading of the last page that was seen with each token.
pub(super) type Seen = BTreeMap<String, String>;

pub(super) struct Crew {
    at_work: JoinHandle<Seen>,
    enough: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Accepts,
    Declines,
    /// Says yes, takes it back, says no.
    Wavers,
    NeverAnswers,
}

impl Way {
    /// By the person, the sail and the seed: the same person answers another sail in another way.
    fn of(letter: &Letter, seed: u64) -> Self {
        let mut hasher = DefaultHasher::new();
        (seed, &letter.to, letter.header("Subject")).hash(&mut hasher);
        match hasher.finish() % 10 {
            0..6 => Self::Accepts,
            6 | 7 => Self::Declines,
            8 => Self::Wavers,
            _ => Self::NeverAnswers,
        }
    }
}

impl Crew {
    /// Begins to read and answer. Every button is pressed at all of these at once, and at each of them where any of
    /// its servers is heard, as behind a balancer.
    pub(super) fn begin(mail: Arc<Mailroom>, addresses: Vec<Vec<String>>, seed: u64) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let stop = enough.clone();
        let at_work = std::thread::spawn(move || {
            let (mut seen, mut read) = (Seen::new(), BTreeSet::new());
            while !stop.load(Ordering::Relaxed) {
                for letter in mail.all() {
                    let Some(token) = letter.token() else { continue };
                    if read.insert(token.to_owned()) {
                        answer(&letter, token, &addresses, seed, &mut seen, &stop);
                    }
                }
                std::thread::sleep(Duration::from_millis(15));
            }
            seen
        });
        Self { at_work, enough }
    }

    /// They go home, and tell what they saw.
    pub(super) fn end(self) -> Seen {
        self.enough.store(true, Ordering::Relaxed);
        self.at_work.join().expect("nobody of the crew saw something impossible")
    }
}

fn answer(letter: &Letter, token: &str, at: &[Vec<String>], seed: u64, seen: &mut Seen, stop: &AtomicBool) {
    let buttons: &[&str] = match Way::of(letter, seed) {
        Way::Accepts => &["accept"],
        Way::Declines => &["decline"],
        Way::Wavers => &["accept", "undo", "decline"],
        Way::NeverAnswers => &[],
    };
    for button in buttons {
        // Until the next page is seen, nothing is known: the press may have had its effect or not.
        seen.remove(token);
        let presses: Vec<_> = std::thread::scope(|scope| {
            let presses: Vec<_> = at
                .iter()
                .map(|servers| scope.spawn(|| press_until_heard(servers, token, button, stop)))
                .collect();
            presses.into_iter().map(|press| press.join().unwrap()).collect()
        });
        let mut pages = presses.into_iter().flatten().map(|page| (page.status, page.heading().to_owned()));
        let Some((status, heading)) = pages.next() else { return };
        assert!(matches!(status, 200 | 409), "{button} gave {status} {heading}");
        // What was taken back is open again, and may lapse between one look and the next.
        for other in pages.filter(|_| *button != "undo") {
            assert_eq!(other, (status, heading.clone()), "two answers to one {button}");
        }
        seen.insert(token.to_owned(), heading);
        if status != 200 {
            return;
        }
    }
}

/// Presses again while the server is away, as people do.
fn press_until_heard(servers: &[String], token: &str, button: &str, stop: &AtomicBool) -> Option<Answer> {
    for address in servers.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        match press(address, token, button) {
            Ok(page) if page.status != 503 => return Some(page),
            _ => std::thread::sleep(Duration::from_millis(15)),
        }
    }
    None
}

/// From the environment, to repeat a run; or else from the clock.
pub(super) fn seed() -> u64 {
    let given = std::env::var("CREWCALL_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64 % 1_000_000
    });
    println!("CREWCALL_TEST_SEED={seed}");
    seed
}

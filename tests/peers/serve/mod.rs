//! The program as processes: real mail to aiosmtpd, real HTTP, real signals.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `harbor` | an operator's directory with settings, people and charters |
//! | `server` | `crewcall serve` as a process: started, killed, stopped |
//! | `mailroom` | what the mail server took, as Python's parser reads it |
//! | `http` | a client small enough to see every byte of it |
//! | `crew` | people who answer their mails, each in their own way |
//! | `elsewhere` | signing in at an OpenID provider |
//! | `dynamodb` | several servers on one set of tables, killed at random |
//! | `stack` | the stack of `deploy/aws`, on an AWS that others wrote |
//! | `verdict` | what must hold afterwards, of the store and of what people saw |

mod api;
mod crew;
#[cfg(feature = "aws")]
mod dynamodb;
mod elsewhere;
mod harbor;
mod http;
mod kill;
mod mailroom;
mod server;
#[cfg(feature = "aws")]
mod stack;
mod start;
mod stop;
mod ticks;
mod twins;
mod verdict;
mod whole_way;

use std::time::{Duration, Instant};

/// Asks again and again until there is an answer; panics when `patience` is over.
fn until<T>(what: &str, patience: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begun.elapsed() < patience, "{what}: not within {patience:?}");
        std::thread::sleep(Duration::from_millis(15));
    }
}

/// Long enough for a busy machine, whatever is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

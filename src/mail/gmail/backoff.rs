//! Pauses after trouble: longer each time, for all mails together.
//!
//! Without it every queued mail would find out by itself that Gmail is down; those whose answers are lost would count as
//! sent, one after the other. So after trouble one mail goes first.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::MutexGuard as Turn;
use tokio::time::Instant;

/// The first pause, doubled each time up to the second.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(600);

#[derive(Default)]
pub(super) struct Backoff {
    state: Mutex<State>,
    /// Whoever goes first.
    first: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    sign_in: String,
    failures: u32,
    not_before: Option<Instant>,
    why: String,
}

impl Backoff {
    /// How long to wait, and why.
    pub(super) fn wait(&self) -> Option<(Duration, String)> {
        let state = self.state();
        let wait = state.not_before?.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero())?;
        Some((wait, state.why.clone()))
    }

    /// Lets everyone through while all is well; after trouble one at a time, as long as that one does not find it again.
    ///
    /// # Errors
    /// Why not, if the one before has just found trouble.
    pub(super) async fn one_first(&self) -> Result<Option<Turn<'_, ()>>, String> {
        if self.state().failures == 0 {
            return Ok(None);
        }
        let turn = self.first.lock().await;
        match self.wait() {
            Some((_, why)) => Err(why),
            None if self.state().failures == 0 => Ok(None),
            None => Ok(Some(turn)),
        }
    }

    /// Whose sign-in is used: what was said of another account counts no more.
    pub(super) fn of(&self, sign_in: &str) {
        let mut state = self.state();
        if state.sign_in != sign_in {
            *state = State { sign_in: sign_in.to_owned(), ..State::default() };
        }
    }

    /// A mail was taken, or refused for what it is: the way is open.
    pub(super) fn well(&self) {
        let mut state = self.state();
        *state = State { sign_in: std::mem::take(&mut state.sign_in), ..State::default() };
    }

    /// A mail found trouble. `wait` is how long Google wants to be left alone.
    pub(super) fn trouble(&self, why: &str, wait: Option<Duration>) {
        let mut state = self.state();
        // Several were under way when it began: that is one trouble.
        let known = state.not_before.is_some_and(|until| until > Instant::now());
        if known && wait.is_none() {
            return;
        }
        let pause = wait.unwrap_or_else(|| jittered((FIRST * 2u32.pow(state.failures.min(10))).min(LONGEST)));
        state.failures = state.failures.saturating_add(u32::from(!known));
        let until = Instant::now() + pause;
        // What is said of one mail may be longer than what is said of the next.
        state.not_before = Some(state.not_before.map_or(until, |known| known.max(until)));
        state.why = why.to_owned();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Between half of it and all of it, so that several servers do not come back at the same moment.
fn jittered(pause: Duration) -> Duration {
    let mut byte = [128];
    // Without randomness every pause is three quarters.
    let _ = getrandom::fill(&mut byte);
    pause / 2 + pause / 2 * u32::from(byte[0]) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_up_to_a_bound_and_end_with_a_mail_that_is_taken() {
        let backoff = Backoff::default();
        assert_eq!(backoff.wait(), None);
        let mut last = Duration::ZERO;
        backoff.trouble("it answered 503", None);
        assert!(backoff.wait().unwrap().0 <= FIRST);
        for _ in 0..40 {
            tokio::time::sleep(LONGEST).await;
            for _ in 0..8 {
                backoff.trouble("it answered 503", None);
            }
            let (wait, why) = backoff.wait().unwrap();
            assert!(wait <= LONGEST && wait >= FIRST / 2 && why == "it answered 503", "{wait:?}");
            last = wait;
        }
        assert!(last >= LONGEST / 2);
        backoff.well();
        assert_eq!(backoff.wait(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_google_says_counts() {
        let backoff = Backoff::default();
        backoff.trouble("it answered 429", Some(Duration::from_secs(77)));
        backoff.trouble("it answered 429", Some(Duration::from_secs(7)));
        assert_eq!(backoff.wait().unwrap().0, Duration::from_secs(77));
        tokio::time::sleep(Duration::from_secs(77)).await;
        assert_eq!(backoff.wait(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn another_account_begins_anew() {
        let backoff = Backoff::default();
        backoff.of("one");
        backoff.trouble("it answered 429", Some(LONGEST));
        backoff.of("one");
        assert!(backoff.wait().is_some());
        backoff.of("another");
        assert_eq!(backoff.wait(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn after_trouble_one_goes_first() {
        let backoff = Backoff::default();
        assert!(backoff.one_first().await.unwrap().is_none());
        backoff.trouble("it answered 500", None);
        tokio::time::sleep(LONGEST).await;
        let first = backoff.one_first().await.unwrap();
        assert!(first.is_some());
        let (others, ()) = tokio::join!(backoff.one_first(), async {
            backoff.trouble("it answered 500 again", None);
            drop(first);
        });
        assert_eq!(others.err().as_deref(), Some("it answered 500 again"));
    }
}

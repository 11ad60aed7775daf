//! The way that mail takes, and another one for alerts while that one is shut.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::{Last, Mail, Purpose, Readiness, Receipt, SendError, Transport, Turn};

/// Longer than any pause between two tries of a mail: if there was none, no mail waits, and what failed is over.
const LATELY: Duration = Duration::from_secs(30 * 60);

/// Two ways to send: all mail takes the first; alerts that it does not take go by the other.
pub struct Ways {
    first: Arc<dyn Transport>,
    fallback: Option<Arc<dyn Transport>>,
    last: Mutex<Option<(Last, Instant)>>,
}

impl Ways {
    /// `first`, and for alerts `fallback`.
    pub fn new(first: Arc<dyn Transport>, fallback: Option<Arc<dyn Transport>>) -> Self {
        Self { first, fallback, last: Mutex::default() }
    }

    fn note(&self, answer: &Result<Receipt, SendError>) {
        let last = match answer {
            Err(SendError::Unavailable { reason } | SendError::Ambiguous { reason }) => {
                Last::Failed(reason.clone())
            }
            Ok(_) | Err(SendError::Refused { .. } | SendError::Deferred { .. }) => Last::Left,
        };
        *self.last() = Some((last, Instant::now()));
    }

    fn last(&self) -> MutexGuard<'_, Option<(Last, Instant)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What became of the last mail, and how long ago.
    fn lately(&self) -> Option<(Last, Duration)> {
        match &*self.last() {
            Some((Last::Failed(_), at)) if at.elapsed() >= LATELY => Some((Last::Left, Duration::ZERO)),
            last => last.as_ref().map(|(last, at)| (last.clone(), at.elapsed())),
        }
    }

    /// The other way, for a mail that may take it.
    fn fallback(&self, purpose: Purpose) -> Option<&dyn Transport> {
        self.fallback.as_deref().filter(|_| purpose.takes_another_way())
    }
}

#[async_trait]
impl Transport for Ways {
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        let answer = self.first.send(mail).await;
        self.note(&answer);
        match (answer, self.fallback(mail.purpose)) {
            // It has not left, so that there are no two of it.
            (Err(SendError::Unavailable { reason }), Some(fallback)) => {
                tracing::warn!(%reason, key = %mail.key, "an alert goes by the other way");
                fallback.send(mail).await
            }
            (answer, _) => answer,
        }
    }

    async fn is_stopped(&self, purpose: Purpose) -> bool {
        self.fallback(purpose).is_none() && self.first.is_stopped(purpose).await
    }

    async fn turn(&self, purpose: Purpose) -> Turn {
        match (self.first.turn(purpose).await, self.fallback(purpose)) {
            (Turn::Later(..), Some(_)) => Turn::Now,
            (turn, _) => turn,
        }
    }

    fn keeps_threads(&self) -> bool {
        self.first.keeps_threads()
    }

    fn other_way(&self) -> Option<Arc<dyn Transport>> {
        self.fallback.clone()
    }

    async fn ready(&self) -> Readiness {
        let mut ready = self.first.ready().await;
        if let Some(fallback) = &self.fallback {
            let other = fallback.ready().await;
            ready.fallback = other.stopped;
            ready.fallback_sign_in = other.sign_in;
        }
        let mut last = self.last();
        if ready.stopped.is_some() {
            // Why is known; what failed by it says nothing more once it is over.
            *last = None;
        }
        if let (Some(_), Some((Last::Failed(_), at))) = (&ready.failing, &mut *last) {
            // As long as none is tried, none that waits can leave.
            *at = Instant::now();
        }
        drop(last);
        ready.last = self.lately();
        ready
    }

    async fn rest(&self) {
        self.first.rest().await;
        if let Some(fallback) = &self.fallback {
            fallback.rest().await;
        }
    }

    async fn check(&self) -> Result<(), SendError> {
        self.first.check().await?;
        match &self.fallback {
            None => Ok(()),
            Some(fallback) => fallback.check().await.map_err(|error| SendError::Unavailable {
                reason: format!("by the way of alerts (mail.fallback): {}", error.reason()),
            }),
        }
    }
}

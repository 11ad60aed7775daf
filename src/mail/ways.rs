//! The way that mail takes, and another one for alerts while that one is shut.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{Mail, Purpose, Readiness, Receipt, SendError, Stopped, Transport, Turn};
use crate::clock::Clock;

/// After so long without a mail that left the office is told. Servers are restarted in less.
pub const DOWN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// Two ways to send: all mail takes the first; alerts that it does not take go by the other.
pub struct Ways {
    first: Arc<dyn Transport>,
    fallback: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    down: Mutex<Option<Down>>,
}

/// Since when no mail has left by the first way, though some have tried.
struct Down {
    since: Timestamp,
    why: String,
}

impl Ways {
    /// `first`, and for alerts `fallback`.
    pub fn new(
        first: Arc<dyn Transport>,
        fallback: Option<Arc<dyn Transport>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { first, fallback, clock, down: Mutex::default() }
    }

    fn note(&self, answer: &Result<Receipt, SendError>) {
        let mut down = self.down.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Err(SendError::Unavailable { reason }) => {
                let since = down.as_ref().map_or_else(|| self.clock.now(), |down| down.since);
                *down = Some(Down { since, why: reason.clone() });
            }
            // Nobody knows whether it was well.
            Err(SendError::Ambiguous { .. }) => {}
            Ok(_) | Err(SendError::Refused { .. } | SendError::Deferred { .. }) => *down = None,
        }
    }

    /// The other way, for a mail that may take it.
    fn fallback(&self, purpose: Purpose) -> Option<&dyn Transport> {
        self.fallback.as_deref().filter(|_| purpose == Purpose::Alert)
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

    fn keeps_conversations(&self) -> bool {
        self.first.keeps_conversations()
    }

    async fn ready(&self) -> Readiness {
        let mut ready = self.first.ready().await;
        let down = self.down.lock().unwrap_or_else(PoisonError::into_inner);
        if let (None, Some(down)) = (&ready.stopped, &*down)
            && self.clock.now().duration_since(down.since) >= DOWN_FOR
        {
            ready.stopped = Some(Stopped {
                key: format!("down-{}", down.since.as_second()),
                why: format!("no mail has left for a while: {}", down.why),
                causes: Vec::new(),
                remedy: "see to the mail server or its settings; `crewcall mail test` tries them".into(),
            });
        }
        ready
    }

    async fn rest(&self) {
        self.first.rest().await;
        if let Some(fallback) = &self.fallback {
            fallback.rest().await;
        }
    }

    async fn check(&self) -> Result<(), SendError> {
        self.first.check().await
    }
}

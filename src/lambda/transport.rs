//! How mail leaves, and what becomes of it while that cannot be known.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::config::{Config, ConfigError, Way};
use crate::google::Patience;
use crate::mail::smtp::Timeouts;
use crate::mail::ways::Ways;
use crate::mail::{Mail, Readiness, Receipt, SendError, Transport};
use crate::tick::LAST_MAILS;

/// A mail server that is slow is known to be so before the process ends, unless it has the mail by then: else the mail
/// would count as one that may have left. What is left of [`LAST_MAILS`] is for the claim before it.
const PATIENCE: Timeouts = Timeouts { announce: Duration::from_secs(20), ..Timeouts::STANDARD };
/// Of Gmail nobody can tell when it has the mail: a call that takes longer counts as one that may have been heard. So does one
/// that a tick's end cuts off, as may be where an access token took its time before; it is made once more.
/// Between two ticks the process sleeps, and connections that were kept would be dead.
const GOOGLE: Patience = Patience { idle: Duration::ZERO, ..Patience::SHORT };
const _: () = assert!(PATIENCE.announce.as_secs() < LAST_MAILS.as_secs());

/// The transport of the settings, with a password that is fetched from where it stands.
///
/// # Errors
/// If it cannot be had, or does not go together with the other settings.
pub(super) async fn open(config: &Config) -> Result<Arc<dyn Transport>, ConfigError> {
    let password = config.smtp_password().await?;
    config.transport_with(password.as_ref(), PATIENCE, GOOGLE)
}

/// What mail has as long as that has an error: those of the ways that lack no password.
pub(super) fn instead(config: &Config, error: &ConfigError) -> Arc<dyn Transport> {
    let alone = |way: &Way| match way {
        Way::Smtp { .. } => None,
        way => config.with_way(way).transport_with(None, PATIENCE, GOOGLE).ok(),
    };
    alone(&config.mail.way).unwrap_or_else(|| {
        let closed = Arc::new(Closed { why: error.to_string() });
        Arc::new(Ways::new(closed, config.mail.fallback.as_ref().and_then(alone)))
    })
}

/// Hands nothing over: mails are put off, and the office reads why. Everything else that is due needs no mail server.
#[derive(Debug)]
struct Closed {
    why: String,
}

#[async_trait]
impl Transport for Closed {
    async fn send(&self, _: &Mail) -> Result<Receipt, SendError> {
        Err(SendError::Unavailable { reason: self.why.clone() })
    }

    async fn ready(&self) -> Readiness {
        Readiness { failing: Some(self.why.clone()), ..Readiness::default() }
    }

    async fn check(&self) -> Result<(), SendError> {
        Err(SendError::Unavailable { reason: self.why.clone() })
    }
}

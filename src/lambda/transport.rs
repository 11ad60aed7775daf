//! How mail leaves, and what becomes of it while that cannot be known.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::config::{Config, ConfigError, Way};
use crate::google::Patience;
use crate::mail::smtp::Timeouts;
use crate::mail::{Mail, Receipt, SendError, Transport};
use crate::tick::LAST_MAILS;

/// A mail server that is slow is known to be so before the process ends, unless it has the mail by then: else the mail
/// would count as one that may have left. What is left of [`LAST_MAILS`] is for the claim before it.
const PATIENCE: Timeouts = Timeouts { announce: Duration::from_secs(20), ..Timeouts::STANDARD };
/// Of Gmail nobody can tell when it has the mail: a call that takes longer counts as one that may have been heard.
/// Between two ticks the process sleeps, and connections that were kept would be dead.
const GOOGLE: Patience = Patience { idle: Duration::ZERO, ..Patience::SHORT };
const _: () = assert!(PATIENCE.announce.as_secs() < LAST_MAILS.as_secs());

/// Only a part of it can be opened.
pub(super) struct Incomplete {
    /// By which mail leaves until the rest can be had: the way of all mail without the other one, or none.
    pub(super) instead: Arc<dyn Transport>,
    pub(super) why: ConfigError,
}

/// The transport of the settings, with a password that is fetched from where it stands.
///
/// # Errors
/// If it cannot be had, or does not go together with the other settings.
pub(super) async fn open(config: &Config) -> Result<Arc<dyn Transport>, Incomplete> {
    let whole = match config.smtp_password().await {
        Ok(password) => config.transport_with(password.as_ref(), PATIENCE, GOOGLE),
        Err(error) => Err(error),
    };
    whole.map_err(|why| {
        let first = match &config.mail.way {
            Way::Smtp { .. } => None,
            // The password is that of the other way.
            way => config.with_way(way).transport_with(None, PATIENCE, GOOGLE).ok(),
        };
        let instead = first.unwrap_or_else(|| Arc::new(Closed { why: why.to_string() }));
        Incomplete { instead, why }
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

    async fn check(&self) -> Result<(), SendError> {
        Err(SendError::Unavailable { reason: self.why.clone() })
    }
}

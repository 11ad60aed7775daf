//! Hand-over to an SMTP server (RFC 5321).
//!
//! The dialogue is driven step by step, because the meaning of a failure depends on the step: a no
//! before `MAIL FROM` has been taken is about us, a no to the recipient or after the body is about
//! this mail, and silence after the body means that nobody knows. `handover` holds that table.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `config` | the settings, checked before anything connects |
//! | `dial` | connection, encryption, greeting, sign-in |
//! | `handover` | one mail over a connection that is ready |
//! | `pool` | how many connections there are, and which wait for the next mail |
//! | `lines` | reading no further than a line while the connection is not encrypted |

mod config;
mod dial;
mod handover;
mod lines;
mod pool;

use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::sync::SemaphorePermit;
use tokio::time::timeout;

pub use config::{ConfigError, SmtpConfig, Tls};

use self::config::Settings;
use self::handover::{Envelope, announce, deliver};
use self::pool::Pool;
use super::{Mail, Receipt, SendError, Transport};

/// Connections to the server at the same time. Further mails wait for one of them.
pub const CONNECTIONS: usize = 4;

/// How long to wait for what. The defaults are the least that RFC 5321, 4.5.3.2, asks of a client:
/// whoever waits less turns slow servers into mails of which nobody knows whether they arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For everything before the body together, the wait for a seat included. Ours.
    pub announce: Duration,
    /// For the name, the connection and its encryption. Ours: the RFC leaves it open.
    pub connect: Duration,
    /// For the answer to each command (the RFC: 5 minutes for the greeting, MAIL and RCPT).
    pub command: Duration,
    /// For sending the body and the answer to its final dot (3 minutes a block, then 10).
    pub body: Duration,
    /// How long a connection waits for the next mail. Ours, below what servers put up with.
    pub idle: Duration,
}

impl Timeouts {
    /// What is used by whoever has all the time.
    pub const STANDARD: Self = Self {
        announce: Duration::from_secs(60 * 60),
        connect: Duration::from_secs(30),
        command: Duration::from_secs(5 * 60),
        body: Duration::from_secs((3 + 10) * 60),
        idle: Duration::from_secs(30),
    };
}

/// An SMTP server that takes our mail.
#[derive(Debug)]
pub struct Smtp {
    settings: Settings,
    pool: Pool,
}

impl Smtp {
    /// Checks `config` and reads the certificate file it names. Connects to nothing.
    ///
    /// # Errors
    /// Says which setting is wrong and what would be right.
    pub fn new(config: SmtpConfig) -> Result<Self, ConfigError> {
        Self::with_timeouts(config, Timeouts::STANDARD)
    }

    /// As [`new`](Self::new), with other patience.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_timeouts(config: SmtpConfig, timeouts: Timeouts) -> Result<Self, ConfigError> {
        let settings = Settings::new(config, timeouts)?;
        Ok(Self { settings, pool: Pool::new(CONNECTIONS, timeouts.idle) })
    }

    /// A connection on which a mail comes next, and its seat: steps 2 to 4 of [`Smtp::send`], up to the body.
    async fn announced(
        &self,
        envelope: &Envelope,
    ) -> Result<(AsyncSmtpConnection, Option<SemaphorePermit<'_>>), SendError> {
        let seat = self.pool.seat().await;
        if let Some(mut connection) = self.pool.take() {
            match announce(&mut connection, envelope, &self.settings).await {
                Ok(()) => return Ok((connection, seat)),
                Err(failure) if failure.worn_out => drop(connection),
                Err(failure) => {
                    pool::close(connection, failure.peer_listens).await;
                    return Err(failure.error);
                }
            }
        }
        let mut connection = dial::dial(&self.settings).await?;
        match announce(&mut connection, envelope, &self.settings).await {
            Ok(()) => Ok((connection, seat)),
            Err(failure) => {
                pool::close(connection, failure.peer_listens).await;
                Err(failure.error)
            }
        }
    }
}

#[async_trait]
impl Transport for Smtp {
    /// Hands one mail over:
    ///
    /// 1. Build the message; one that cannot be built is refused here.
    /// 2. Wait for a seat in the pool.
    /// 3. If a connection waits there, use it. If it turns out dead before the body, go on to 4 as
    ///    if it had not been there; any other outcome is the outcome.
    /// 4. Connect anew and use that.
    /// 5. A connection over which a mail was taken goes back to the pool; any other is closed.
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        let envelope = Envelope::new(mail)?;
        let limit = self.settings.timeouts.announce;
        let (mut connection, _seat) = match timeout(limit, self.announced(&envelope)).await {
            Ok(announced) => announced?,
            // Nothing of the mail itself has left, so it may be tried again.
            Err(_) => {
                let (server, limit) = (self.settings.server(), limit.as_secs_f32());
                let reason = format!("the mail server {server} was not ready for the mail within {limit} s");
                return Err(SendError::Unavailable { reason });
            }
        };
        match deliver(&mut connection, &envelope, &self.settings).await {
            Ok(receipt) => {
                self.pool.put_back(connection);
                Ok(receipt)
            }
            Err(failure) => {
                pool::close(connection, failure.peer_listens).await;
                Err(failure.error)
            }
        }
    }

    async fn rest(&self) {
        self.pool.empty().await;
    }

    async fn check(&self) -> Result<(), SendError> {
        let connection = dial::dial(&self.settings).await?;
        pool::close(connection, true).await;
        Ok(())
    }
}

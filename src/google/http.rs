//! One request to Google, and what may have come of it where there is no answer.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Request, StatusCode};

use crate::plain::one_line;
use crate::secret::Secret;

/// The longest answer that is read, in bytes, unpacked. A longer one is none of those that are asked for here: a sheet of
/// 1,000 people and 366 days has 35 MB, and as much again where all of its rows have just been copied.
const ANSWER_BYTES: usize = 128 * 1024 * 1024;
/// Connections that wait for the next request, to each of Google's hosts.
const IDLE_CONNECTIONS: usize = 8;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the name, the connection and its encryption.
    pub connect: Duration,
    /// For the whole of it, down to the last byte of the answer: one that comes drop by drop ends here, too.
    pub answer: Duration,
    /// How long a connection waits for the next request. Ours, below what Google's front ends put up with: a mail on a
    /// connection that they have closed is one of which nobody knows.
    pub idle: Duration,
}

impl Patience {
    /// What is used by whoever has all the time. A mail with its attachments has to go up in it.
    pub const STANDARD: Self = Self {
        connect: Duration::from_secs(10),
        answer: Duration::from_secs(120),
        idle: Duration::from_secs(60),
    };
    /// While somebody sits there and waits.
    pub const SHORT: Self =
        Self { connect: Duration::from_secs(5), answer: Duration::from_secs(20), ..Self::STANDARD };
}

/// Speaks HTTP, encrypted unless it is towards this machine.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: Client,
    answer_bytes: usize,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A no may quote what it is about: what was secret there does not come in.
    pub(crate) fn without(mut self, secrets: &[&Secret]) -> Self {
        if !self.status.is_success() {
            let text = String::from_utf8_lossy(&self.body);
            let hidden = secrets.iter().flat_map(|secret| secret.reveal().split(is_encoded));
            let hidden = hidden.filter(|part| part.len() >= TELLING);
            self.body = hidden.fold(text.into_owned(), |text, part| text.replace(part, "…")).into_bytes();
        }
        self
    }
}

/// A part of a secret that is shorter gives nothing away.
const TELLING: usize = 8;

/// Forms and JSON may write these otherwise; the others are always written as they are (RFC 3986, 2.3).
fn is_encoded(character: char) -> bool {
    !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
}

/// That nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// The request has not left: it is safe to repeat.
    #[error("{0}")]
    NotSent(String),
    /// It may have left, and may have had its effect.
    #[error("{0}")]
    Lost(String),
}

/// Why nothing can be sent at all.
#[derive(Debug, thiserror::Error)]
#[error(
    "encryption towards Google cannot be set up: {0}; install the certificates of this system (ca-certificates)"
)]
pub struct HttpError(String);

impl Http {
    /// Reads the certificates that are trusted. Connects to nothing.
    ///
    /// # Errors
    /// If there are none.
    pub(crate) fn new(patience: Patience) -> Result<Self, HttpError> {
        Self::limited(patience, ANSWER_BYTES)
    }

    /// The same, for peers whose answers are shorter.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub(crate) fn limited(patience: Patience, answer_bytes: usize) -> Result<Self, HttpError> {
        // reqwest is built without a provider of its own and takes the process's. An error means that there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            // Google compresses its answers for whoever accepts that and names it here, too
            // (developers.google.com/workspace/sheets/api/guides/performance).
            .user_agent(concat!("crewcall/", env!("CARGO_PKG_VERSION"), " (gzip)"))
            .gzip(true)
            .connect_timeout(patience.connect)
            .timeout(patience.answer)
            .pool_idle_timeout(patience.idle)
            .pool_max_idle_per_host(if patience.idle.is_zero() { 0 } else { IDLE_CONNECTIONS })
            // None of Google's APIs redirects, and a redirected request would take the token along.
            .redirect(Policy::none())
            .build();
        client.map(|client| Self { client, answer_bytes }).map_err(|error| HttpError(causes(&error)))
    }

    /// The client, for making requests.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, NoAnswer> {
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let lost = |error: &reqwest::Error| NoAnswer::Lost(format!("{host} {}", what_failed(error)));
        let mut answer = match self.client.execute(request).await {
            Ok(answer) => answer,
            Err(error) if error.is_connect() || error.is_builder() => {
                return Err(NoAnswer::NotSent(format!("{host} cannot be reached: {}", causes(&error))));
            }
            Err(error) => return Err(lost(&error)),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + part.len() > self.answer_bytes {
                let most = self.answer_bytes;
                return Err(NoAnswer::Lost(format!("{host} answered with more than {most} bytes")));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, headers, body })
    }
}

fn what_failed(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "did not answer in time".into()
    } else {
        format!("did not answer: {}", causes(error))
    }
}

/// The innermost cause: the outer ones name the address, which may hold what nobody should read.
fn causes(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    one_line(&innermost.to_string())
}

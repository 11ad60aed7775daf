//! Google's "no" to an API call, in its forms.
//!
//! Gmail still answers with the reasons of the older form (`errors[].reason`), newer parts with a status and
//! `details[].reason`. Both are looked at (developers.google.com/workspace/gmail/api/guides/handle-errors,
//! google.aip.dev/193).

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;

use super::Answer;
use crate::plain::one_line;

/// The longest wait that is taken from an answer: Gmail blocks senders for up to a day.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);

/// An answer that is a no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) kind: Kind,
    /// What Google said, with its status.
    pub(crate) said: String,
    /// How long it wants to be left alone, if it says so.
    pub(crate) wait: Option<Duration>,
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The access token is not taken: another one may be.
    Token,
    /// The sign-in does not go as far as this call.
    Scope,
    /// Too much, too fast. Nothing was done.
    Quota,
    /// Nothing was done, as far as whoever answers knows, and it may be otherwise soon.
    Busy,
    /// Something failed on the way, and what was asked for may have been done.
    Broken,
    /// What was asked for is not there.
    NotFound,
    /// The request is too large.
    TooLarge,
    /// This very request is wrong.
    Request,
    /// Not for this account or this project: somebody has to change a setting at Google.
    Forbidden,
}

#[derive(Deserialize)]
struct Body {
    error: Said,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Vec<Reason>,
    #[serde(default)]
    details: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

impl Refusal {
    /// Reads an answer whose status is none of success.
    pub(crate) fn of(answer: &Answer, now: Timestamp) -> Self {
        let body = serde_json::from_slice::<Body>(&answer.body).ok().map(|body| body.error);
        let reasons = body.iter().flat_map(|said| said.errors.iter().chain(&said.details));
        let reasons: Vec<&str> = reasons.map(|said| said.reason.as_str()).collect();
        let message = body.as_ref().map_or("", |said| said.message.as_str());
        let said = match message {
            "" => format!("it answered {}", answer.status),
            message => format!("it answered {} {}", answer.status.as_u16(), one_line(message)),
        };
        let wait = retry_after(&answer.headers, now).or_else(|| wait_in(message, now));
        Self { kind: kind(answer.status, &reasons), said, wait: wait.map(|wait| wait.min(LONGEST_WAIT)) }
    }
}

fn kind(status: StatusCode, reasons: &[&str]) -> Kind {
    let has = |wanted: &[&str]| reasons.iter().any(|reason| wanted.contains(reason));
    match status {
        StatusCode::UNAUTHORIZED => Kind::Token,
        StatusCode::TOO_MANY_REQUESTS => Kind::Quota,
        StatusCode::FORBIDDEN if has(&QUOTAS) => Kind::Quota,
        StatusCode::FORBIDDEN if has(&["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"]) => {
            Kind::Scope
        }
        StatusCode::FORBIDDEN => Kind::Forbidden,
        // Gmail's word for an account without mail.
        StatusCode::BAD_REQUEST if has(&["failedPrecondition"]) => Kind::Forbidden,
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
        // The one status of which Google says that it may be repeated without a thought (google.aip.dev/194).
        StatusCode::SERVICE_UNAVAILABLE => Kind::Busy,
        status if status.is_server_error() => Kind::Broken,
        // Something between, which has not passed the request on.
        status if status.is_redirection() || status == StatusCode::REQUEST_TIMEOUT => Kind::Busy,
        _ => Kind::Request,
    }
}

const QUOTAS: [&str; 6] = [
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "dailyLimitExceeded",
    "quotaExceeded",
    "limitExceeded",
    "RATE_LIMIT_EXCEEDED",
];

/// The header, in either of its forms (RFC 9110, 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    // By the clock of whoever says it, where it tells that, too.
    let at = date(text)?;
    let said_at = headers.get("date").and_then(|text| date(text.to_str().ok()?));
    Some(until(at, said_at.unwrap_or(now)).min(LONGEST_WAIT))
}

fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// Gmail says it in words: `User-rate limit exceeded.  Retry after 2026-06-27T16:00:00.000Z`.
fn wait_in(message: &str, now: Timestamp) -> Option<Duration> {
    let (_, rest) = message.split_once("Retry after ")?;
    let at: Timestamp = rest.split_whitespace().next()?.parse().ok()?;
    Some(until(at, now))
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    at.duration_since(now).max(jiff::SignedDuration::ZERO).unsigned_abs()
}

#[cfg(test)]
mod tests;

//! What Gmail's answers mean for a mail.
//!
//! | answer | the mail | the next ones |
//! | --- | --- | --- |
//! | 200 with an id | taken | go on |
//! | 401 | once more with another access token, then unavailable | wait |
//! | 403 for want of scope | unavailable | stop, until somebody signs in |
//! | 403 and 429 for a quota | unavailable | wait as long as it says, else longer each time |
//! | 503, 408, 3xx, no connection | unavailable | wait |
//! | other 5xx, no answer, a 200 that is none | **ambiguous** | wait |
//! | 404, 400 with a thread | once more without it | |
//! | 403 otherwise, 400 `failedPrecondition` | unavailable | wait, and the office is told: a setting at Google is wrong |
//! | 404 | unavailable | wait |
//! | 400, 413 otherwise | refused | go on |
//!
//! A 503 counts as not sent, since it is the one status that Google says may be repeated without a thought (AIP-194).

use std::time::Duration;

use serde::Deserialize;

use crate::google::{Answer, CallError, Kind, NoAnswer, Refusal};
use crate::mail::{Receipt, SendError};
use crate::plain::one_line;

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Taken(Receipt),
    WithoutThread,
    Failed {
        error: SendError,
        /// It says something of the way, and not of this mail: how long to wait, if that is said.
        trouble: Option<Option<Duration>>,
    },
    /// No mail of this account or this project is taken.
    Shut {
        said: String,
        error: SendError,
    },
    /// There is no access token, so nothing was asked.
    NotTried(SendError),
}

/// What Gmail calls the mail that it has taken.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    id: String,
    thread_id: Option<String>,
}

pub(super) fn meaning(answer: Result<Answer, CallError>, in_thread: bool) -> Next {
    match answer {
        Ok(answer) => match serde_json::from_slice::<Message>(&answer.body) {
            Ok(message) => Next::Taken(Receipt {
                at_peer: format!("Gmail keeps it as {}", one_line(&message.id)),
                thread_id: message.thread_id,
            }),
            Err(_) => Next::Failed {
                error: SendError::Ambiguous {
                    reason: format!("the answer of {} is none of Gmail's", answer.status),
                },
                trouble: Some(None),
            },
        },
        Err(CallError::Refused(refusal)) => refused(refusal, in_thread),
        Err(CallError::NoAnswer(NoAnswer::NotSent(reason))) => {
            Next::Failed { error: SendError::Unavailable { reason }, trouble: Some(None) }
        }
        Err(CallError::NoAnswer(NoAnswer::Lost(why))) => Next::Failed {
            error: SendError::Ambiguous { reason: format!("Gmail may have had the mail: {why}") },
            trouble: Some(None),
        },
        Err(CallError::SignIn(error)) => Next::NotTried(SendError::Unavailable { reason: error.to_string() }),
    }
}

fn refused(Refusal { kind, said, wait }: Refusal, in_thread: bool) -> Next {
    let reason = format!("Gmail does not take the mail: {said}");
    let for_good = |reason, bad_address| Next::Failed {
        error: SendError::Refused { reason, bad_address },
        trouble: None,
    };
    match kind {
        Kind::NotFound | Kind::Request if in_thread => Next::WithoutThread,
        Kind::Forbidden => Next::Shut { said, error: SendError::Unavailable { reason } },
        // A second access token was not taken either; or it is an address that leads elsewhere.
        Kind::Token | Kind::Scope | Kind::Quota | Kind::Busy | Kind::NotFound => {
            Next::Failed { error: SendError::Unavailable { reason }, trouble: Some(wait) }
        }
        Kind::Broken => Next::Failed {
            error: SendError::Ambiguous { reason: format!("Gmail has had the mail, and {said}") },
            trouble: Some(wait),
        },
        Kind::Request => {
            let bad_address = ["Invalid To header", "Recipient address required"];
            let bad_address = bad_address.iter().any(|about| said.contains(about));
            for_good(reason, bad_address)
        }
        Kind::TooLarge => for_good(reason, false),
    }
}

#[cfg(test)]
mod tests;

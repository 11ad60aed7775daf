//! What Gmail's answers mean for a mail.
//!
//! | answer | the mail | the next ones |
//! | --- | --- | --- |
//! | 200 with an id | taken | go on |
//! | 401 | once more with another access token | |
//! | 403 for want of scope | unavailable | stop, until somebody signs in |
//! | 403 and 429 for a quota | unavailable | wait as long as it says, else longer each time |
//! | 503, no connection | unavailable | wait |
//! | other 5xx, no answer, a 200 that is none | **ambiguous** | wait |
//! | 404, 400 with a conversation | once more without it | |
//! | 403 otherwise, 404, 400 `failedPrecondition` | unavailable | wait: a setting at Google is wrong |
//! | 400, 413 otherwise | refused | go on |
//!
//! A 503 counts as not sent, since it is the one status that Google says may be repeated without a thought (AIP-194).

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde::Deserialize;

use crate::google::{Answer, Kind, NoAnswer, Refusal};
use crate::mail::{Receipt, SendError};
use crate::plain::one_line;

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Taken(Receipt),
    AnotherToken,
    WithoutConversation,
    NotAllowed,
    Failed {
        error: SendError,
        /// It says something of the way, and not of this mail: how long to wait, if that is said.
        trouble: Option<Option<Duration>>,
    },
}

/// What Gmail calls the mail that it has taken.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    id: String,
    thread_id: Option<String>,
}

pub(super) fn meaning(answer: &Answer, in_conversation: bool, now: Timestamp) -> Next {
    if answer.status == StatusCode::OK {
        return match serde_json::from_slice::<Message>(&answer.body) {
            Ok(message) => Next::Taken(Receipt {
                at_peer: format!("Gmail keeps it as {}", one_line(&message.id)),
                conversation: message.thread_id,
            }),
            Err(_) => Next::Failed {
                error: SendError::Ambiguous { reason: "the answer of 200 is none of Gmail's".into() },
                trouble: Some(None),
            },
        };
    }
    let Refusal { kind, said, wait } = Refusal::of(answer, now);
    let reason = format!("Gmail does not take the mail: {said}");
    let unavailable = |reason| Next::Failed { error: SendError::Unavailable { reason }, trouble: Some(wait) };
    let refused = |reason, bad_address| Next::Failed {
        error: SendError::Refused { reason, bad_address },
        trouble: None,
    };
    match kind {
        Kind::Token => Next::AnotherToken,
        Kind::Scope => Next::NotAllowed,
        Kind::NotFound | Kind::Request if in_conversation => Next::WithoutConversation,
        Kind::Quota | Kind::Busy | Kind::Forbidden | Kind::NotFound => unavailable(reason),
        Kind::Broken => Next::Failed {
            error: SendError::Ambiguous { reason: format!("Gmail has had the mail, and {said}") },
            trouble: Some(wait),
        },
        Kind::Request => {
            let bad_address = ["Invalid To header", "Recipient address required"].iter();
            let bad_address = bad_address.copied().any(|about| said.contains(about));
            refused(reason, bad_address)
        }
        Kind::TooLarge => refused(reason, false),
    }
}

pub(super) fn nothing(no_answer: &NoAnswer) -> Next {
    let error = match no_answer {
        NoAnswer::NotSent(why) => SendError::Unavailable { reason: why.clone() },
        NoAnswer::Lost(why) => SendError::Ambiguous { reason: format!("Gmail may have had the mail: {why}") },
    };
    Next::Failed { error, trouble: Some(None) }
}

#[cfg(test)]
mod tests;

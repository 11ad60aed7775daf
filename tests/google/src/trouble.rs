//! What a fault makes of a call.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::faults::{Fault, RetryAfter};
use crate::refusal::Refusal;
use crate::server::carry_out;
use crate::state::{State, http_date};

/// What becomes of an answer.
#[derive(Debug)]
pub(crate) enum Fate {
    Whole(Answer),
    /// Byte by byte, each after this pause.
    Dripping(Answer, Duration),
    /// Half of it.
    Truncated(Answer),
    /// None comes, and the connection stays.
    Never,
    /// None comes, and the connection ends.
    Closed,
}

impl Fate {
    /// With its body compressed.
    pub(crate) fn compressed(self) -> Self {
        match self {
            Self::Whole(answer) => Self::Whole(answer.compressed()),
            Self::Dripping(answer, pause) => Self::Dripping(answer.compressed(), pause),
            Self::Truncated(answer) => Self::Truncated(answer.compressed()),
            Self::Never | Self::Closed => self,
        }
    }

    /// The status that leaves.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Whole(answer) | Self::Dripping(answer, _) | Self::Truncated(answer) => Some(answer.status),
            Self::Never | Self::Closed => None,
        }
    }

    /// Bytes of the body that leaves.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Whole(answer) | Self::Dripping(answer, _) => answer.body.len(),
            Self::Truncated(answer) => answer.body.len() / 2,
            Self::Never | Self::Closed => 0,
        }
    }
}

/// Lets a call meet a fault.
pub(crate) fn meet(state: &mut State, asked: &Asked, fault: Fault) -> Fate {
    let after_effect = match &fault {
        Fault::ServerError { after_effect, .. }
        | Fault::Hang { after_effect }
        | Fault::Reset { after_effect }
        | Fault::Garbage { after_effect } => *after_effect,
        _ => false,
    };
    if after_effect {
        carry_out(state, asked);
    }
    match fault {
        Fault::Unauthorized => Fate::Whole(unauthorized(asked)),
        Fault::DeadToken => {
            state.oauth.end(&asked.token().unwrap_or_default());
            Fate::Whole(carry_out(state, asked))
        }
        Fault::Revoked => {
            let token = asked.token().unwrap_or_default();
            state.oauth.revoke(&token);
            state.oauth.end(&token);
            Fate::Whole(carry_out(state, asked))
        }
        Fault::Forbidden { reason } => {
            if let ("insufficientPermissions", Some(found)) = (reason, &asked.found) {
                return Fate::Whole(Refusal::insufficient(found).answer(found));
            }
            let refusal = Refusal::new(403, "PERMISSION_DENIED", "The caller does not have permission");
            Fate::Whole(refused(asked, &refusal.because(reason), 403, reason))
        }
        Fault::TooMany { retry_after } => {
            let value = retry_after.map(|after| match after {
                RetryAfter::Seconds(seconds) => seconds.to_string(),
                RetryAfter::Date(seconds) => {
                    http_date(state.now() + SignedDuration::from_secs(seconds.into()))
                }
            });
            let refusal = Refusal::new(429, "RESOURCE_EXHAUSTED", "Too many concurrent requests for user");
            Fate::Whole(refused(asked, &refusal.retry_after(value.clone()), 429, "rate_limit_exceeded"))
        }
        Fault::ServerError { code, .. } => {
            let (status, message) = match code {
                503 => ("UNAVAILABLE", "The service is currently unavailable."),
                504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
                _ => ("INTERNAL", "Internal error encountered."),
            };
            Fate::Whole(refused(asked, &Refusal::new(code, status, message), code, "internal_failure"))
        }
        Fault::Hang { .. } => Fate::Never,
        Fault::Reset { .. } => Fate::Closed,
        Fault::Garbage { .. } => Fate::Whole(Answer::page(200, "Welcome", "Sign in to this network.")),
        Fault::SlowDrip { pause } => Fate::Dripping(carry_out(state, asked), pause),
        Fault::Truncated => Fate::Truncated(carry_out(state, asked)),
        Fault::Quoted => {
            let headers: Vec<_> = asked.headers.values().filter_map(|value| value.to_str().ok()).collect();
            let said = format!("{} {}", headers.join(" "), String::from_utf8_lossy(&asked.body));
            let form = asked.form().into_values().collect::<Vec<_>>().join(" ");
            let said = format!("{said} {form}");
            Fate::Whole(match &asked.found {
                Some(found) => Refusal::invalid(said).answer(found),
                None => Answer::json(400, &json!({ "error": "invalid_request", "error_description": said })),
            })
        }
        Fault::Typed { spreadsheet, cell, text, lost } => {
            state.books.edit(&spreadsheet, &cell, &text);
            match (carry_out(state, asked), lost) {
                (_, true) => Fate::Closed,
                (answer, false) => Fate::Whole(answer),
            }
        }
        Fault::Sorted { spreadsheet, range, column } => {
            state.books.sort(&spreadsheet, &range, column);
            Fate::Whole(carry_out(state, asked))
        }
        Fault::Redirect { to } => Fate::Whole(Answer::redirect(&to)),
    }
}

fn unauthorized(asked: &Asked) -> Answer {
    match &asked.found {
        Some(found) => Refusal::unauthenticated(Some(""), found).answer(found),
        None => of_oauth(401, "invalid_client"),
    }
}

/// In the form of the endpoint: an API's, or OAuth's.
fn refused(asked: &Asked, refusal: &Refusal, status: u16, error: &str) -> Answer {
    match &asked.found {
        Some(found) => refusal.answer(found),
        None => {
            refusal.headers().fold(of_oauth(status, error), |answer, (name, value)| answer.with(name, value))
        }
    }
}

fn of_oauth(status: u16, error: &str) -> Answer {
    Answer::json(status, &json!({ "error": error, "error_description": "On purpose." }))
}

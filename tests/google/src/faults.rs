//! What goes wrong on purpose: which calls meet what, and how often.

use std::collections::VecDeque;
use std::time::Duration;

use crate::asked::Asked;

/// The calls that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// The token endpoint, but for the exchange of a code: a refresh, or a service account's assertion.
    Token,
    /// The token endpoint, for a code.
    CodeExchange,
    /// `users.messages.send`.
    Send,
    /// A method of Sheets that changes nothing.
    SheetsRead,
    /// A method of Sheets that changes something.
    SheetsWrite,
    /// Every request there is, those of no other kind too.
    Any,
}

/// When to come back, in seconds from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Said as a number of seconds.
    Seconds(u32),
    /// Said as a date of HTTP, by Google's clock.
    Date(u32),
}

/// What becomes of a call. `after_effect`: the call is carried out all the same, and nobody learns of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// 401; the next call with the same token is as good as ever.
    Unauthorized,
    /// The token that the call brings is dead from now on, so it is refused: the access token, or, at the token endpoint,
    /// the refresh token or the code.
    DeadToken,
    /// The sign-in behind that token ends now, with everything that came of it.
    Revoked,
    /// 403 with this reason, such as `dailyLimitExceeded` or `domainPolicy`.
    Forbidden {
        /// The reason in Gmail's form; at the token endpoint, the error.
        reason: &'static str,
    },
    /// 429.
    TooMany {
        /// The header, if there is one.
        retry_after: Option<RetryAfter>,
    },
    /// A status of 500 and more, in the form of the endpoint.
    ServerError {
        /// The status of HTTP.
        code: u16,
        /// Whether the call is carried out.
        after_effect: bool,
    },
    /// No answer, ever.
    Hang {
        /// Whether the call is carried out.
        after_effect: bool,
    },
    /// The connection is closed without an answer.
    Reset {
        /// Whether the call is carried out.
        after_effect: bool,
    },
    /// 200 with a page, as from a network in which somebody has to sign in first.
    Garbage {
        /// Whether the call is carried out.
        after_effect: bool,
    },
    /// It is carried out, and the body comes byte by byte, each after this pause.
    SlowDrip {
        /// The pause before each byte.
        pause: Duration,
    },
    /// It is carried out, and the connection ends in the middle of the body.
    Truncated,
    /// 400 with a message that quotes the whole request, as something between might.
    Quoted,
    /// It is carried out; and just before, a person types into a cell of a spreadsheet.
    Typed {
        /// Which spreadsheet, by its id.
        spreadsheet: String,
        /// The cell, such as `June!B3`.
        cell: String,
        /// What is typed.
        text: String,
        /// Whether nobody learns that the call was carried out: the connection is closed.
        lost: bool,
    },
    /// It is carried out; and just before, a person sorts rows of a spreadsheet.
    Sorted {
        /// Which spreadsheet, by its id.
        spreadsheet: String,
        /// The rows, such as `June!A2:F9`.
        range: String,
        /// By which of its columns, from zero.
        column: usize,
    },
    /// 302, and nothing is carried out.
    Redirect {
        /// The address.
        to: String,
    },
}

/// What is still to go wrong.
#[derive(Debug, Default)]
pub(crate) struct Plan(VecDeque<(Call, Fault, usize)>);

impl Plan {
    /// The next so many of these calls meet this.
    pub(crate) fn add(&mut self, call: Call, fault: Fault, times: usize) {
        self.0.push_back((call, fault, times));
    }

    /// What this call meets: the oldest that is meant for it.
    pub(crate) fn take(&mut self, call: Call) -> Option<Fault> {
        let index = self.0.iter().position(|(meant, _, times)| meant.takes(call) && *times > 0)?;
        let (_, fault, times) = &mut self.0[index];
        *times -= 1;
        Some(fault.clone())
    }
}

impl Call {
    /// Whether a call of that kind is one of these.
    pub(crate) fn takes(self, call: Call) -> bool {
        self == Call::Any || self == call
    }

    /// Of which kind a request is.
    pub(crate) fn of(asked: &Asked) -> Self {
        match (&asked.found, asked.path.as_str()) {
            (_, "/token") => match asked.form().get("grant_type").map(String::as_str) {
                Some("authorization_code") => Self::CodeExchange,
                _ => Self::Token,
            },
            (Some(found), _) if found.document.is_gmail() => match found.id {
                "gmail.users.messages.send" => Self::Send,
                _ => Self::Any,
            },
            (Some(found), _) if reads(found.id) => Self::SheetsRead,
            (Some(_), _) => Self::SheetsWrite,
            _ => Self::Any,
        }
    }
}

fn reads(method: &str) -> bool {
    let verb = method.rsplit('.').next().unwrap_or_default();
    ["get", "batchGet", "getByDataFilter", "batchGetByDataFilter", "search"].contains(&verb)
}

//! All that this Google knows, behind one lock, and its clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::faults::{Call, Plan};
use crate::gmail::Gmail;
use crate::oauth::OAuth;
use crate::sheets::Books;

/// All that this Google knows.
#[derive(Debug)]
pub(crate) struct State {
    /// Where it answers, without a slash at the end.
    pub(crate) url: String,
    /// How far its clock is ahead of the machine's.
    pub(crate) offset: SignedDuration,
    pub(crate) oauth: OAuth,
    pub(crate) gmail: Gmail,
    pub(crate) books: Books,
    pub(crate) plan: Plan,
    pub(crate) requests: Vec<Request>,
    /// What was wrong with this Google itself.
    pub(crate) failures: Vec<String>,
}

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Of which kind it is; `Call::Any` if it is none of those that are told apart.
    pub call: Call,
    /// The method of HTTP.
    pub method: String,
    /// As it came, without the query.
    pub path: String,
    /// The status that it was answered with; none if no answer left.
    pub status: Option<u16>,
    /// Bytes of its body and of the answer's.
    pub bytes: usize,
    /// For how long this Google was at it itself.
    pub took: Duration,
    /// When it came, by Google's clock.
    pub at: Timestamp,
}

impl State {
    /// An empty one.
    pub(crate) fn new(url: String) -> Self {
        Self {
            url,
            offset: SignedDuration::ZERO,
            oauth: OAuth::default(),
            gmail: Gmail::default(),
            books: Books::default(),
            plan: Plan::default(),
            requests: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// What time it is at Google.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now() + self.offset
    }
}

/// A date as HTTP writes it (RFC 9110, 5.6.7).
pub(crate) fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

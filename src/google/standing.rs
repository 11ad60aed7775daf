//! How a sign-in stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Ended;

/// How a sign-in stands: what is shown of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which sign-in, without giving it away. Another one after each `crewcall google login`.
    pub fingerprint: String,
    /// Whose, if that is known.
    pub account: Option<String>,
    /// What it allows, if that is known.
    pub scopes: Option<Vec<String>>,
    /// When somebody signed in, if that is known.
    pub issued_at: Option<Timestamp>,
    /// When the sign-in will end, if Google has said so.
    pub ends_at: Option<Timestamp>,
    /// When the last access token was had.
    pub refreshed_at: Option<Timestamp>,
    /// When the next one is due.
    pub next_refresh_at: Option<Timestamp>,
    /// What last went wrong, and when.
    pub last_error: Option<(Timestamp, String)>,
    /// Why it no longer holds.
    pub ended: Option<Ended>,
}

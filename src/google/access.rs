//! An access token, and how long it holds.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::secret::Secret;

/// So long before its end an access token is replaced, while it still holds should that fail. Of a short-lived one half
/// the life.
const AHEAD: Duration = Duration::from_secs(5 * 60);

/// An access token, and since when it holds by both clocks: one can be set, the other may stop while the machine sleeps.
pub(super) struct Access {
    pub(super) token: Secret,
    pub(super) since: Instant,
    pub(super) obtained_at: Timestamp,
    pub(super) lifetime: Duration,
}

impl Access {
    /// How much longer it holds; the less of what both clocks say. By a clock that was set back it holds no longer.
    pub(super) fn left(&self, now: Timestamp) -> Duration {
        let passed = now.duration_since(self.obtained_at);
        if passed.is_negative() {
            return Duration::ZERO;
        }
        self.lifetime.saturating_sub(passed.unsigned_abs().max(self.since.elapsed()))
    }

    /// How long before its end it is replaced.
    pub(super) fn ahead(&self) -> Duration {
        AHEAD.min(self.lifetime / 2)
    }
}

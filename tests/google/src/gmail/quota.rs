//! How much an account may send: units by the minute (<https://developers.google.com/workspace/gmail/api/reference/quota>)
//! and messages by the day (<https://support.google.com/a/answer/166852>).

use jiff::{SignedDuration, Timestamp};

use super::{Account, Gmail};
use crate::refusal::Refusal;

/// What `users.messages.send` costs.
const SEND: u32 = 100;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How much an account may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Units in any minute. A call of `users.messages.send` costs a hundred, whatever comes of it.
    pub units_a_minute: u32,
    /// Messages in any 24 hours.
    pub messages_a_day: usize,
}

impl Default for Quota {
    /// Those of a new project, and of an account of Google Workspace.
    fn default() -> Self {
        Self { units_a_minute: 6_000, messages_a_day: 2_000 }
    }
}

impl Quota {
    /// None.
    pub const UNLIMITED: Self = Self { units_a_minute: u32::MAX, messages_a_day: usize::MAX };
}

impl Gmail {
    /// Counts a call of `users.messages.send`.
    ///
    /// # Errors
    ///
    /// The limit, if it is more than this.
    pub(crate) fn charge(&mut self, address: &str, now: Timestamp) -> Result<(), u32> {
        let limit = self.quota.units_a_minute;
        let Some(account) = self.account_mut(address) else { return Ok(()) };
        account.used.retain(|(at, _)| now < *at + MINUTE);
        let used: u32 = account.used.iter().map(|(_, units)| units).sum();
        if limit.saturating_sub(used) < SEND {
            return Err(limit);
        }
        account.used.push((now, SEND));
        Ok(())
    }
}

/// Whether an account may send one more today. Blocked, it is until the oldest of too many is a day old.
pub(super) fn may_send(account: &Account, quota: Quota, now: Timestamp) -> Result<(), Refusal> {
    let mut today: Vec<Timestamp> =
        account.sent.iter().map(|sent| sent.at).filter(|at| now < *at + DAY).collect();
    if today.len() < quota.messages_a_day {
        return Ok(());
    }
    today.sort();
    // So many have to be a day old before there is room for one.
    let until = match today.get(today.len() - quota.messages_a_day.max(1)) {
        Some(at) => *at + DAY,
        None => now + DAY,
    };
    let message =
        format!("User-rate limit exceeded.  Retry after {}", until.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"));
    Err(Refusal::new(429, "RESOURCE_EXHAUSTED", message))
}

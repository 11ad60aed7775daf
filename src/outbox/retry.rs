//! When a row is looked at next, after each way of not being done.

use crewcall_dispatch::cascade::{CharterState, Notice};
use jiff::{SignedDuration, Timestamp};

use crate::app::Job;
use crate::operator::Operator;
use crate::times;

/// How long a claim holds without being renewed. After a crash this is how long the mail waits that
/// was just being handed over.
///
/// A live claimant renews it every [`RENEW`], so three renewals in a row must fail or come late before
/// another process takes the row for abandoned. That costs no more than a second copy with the same
/// link and the same id, so the claim may be short. It names no process whose death could be looked up
/// instead: the other server may run on another machine or in another container, where that process's
/// number means nothing. For the same reason the machines' clocks should agree to a few seconds.
pub(super) const CLAIM: SignedDuration = SignedDuration::from_secs(20);
/// How often a claim is renewed while the mail is being handed over.
pub(super) const RENEW: std::time::Duration = std::time::Duration::from_secs(5);
/// How long after a lost answer the same mail is sent once more.
pub(super) const AFTER_LOST_ANSWER: SignedDuration = SignedDuration::from_mins(1);
/// The longest time for which a mail is put off at once: what the board shows of mails in trouble looks no further ahead.
pub(super) const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(50);
/// How often one mail may be on its way without an answer before it counts as sent.
const LOST_ANSWERS: u32 = 2;
/// How long a mail is tried that its reader's server puts off (RFC 5321, 4.5.4.1: four to five days).
const TRIED: SignedDuration = SignedDuration::from_hours(4 * 24);

/// How often a mail may be on its way without an answer before it is not tried again. A statement is never repeated by
/// itself: whether it has arrived is for a person to find out.
pub(super) fn lost_answers(job: &Job) -> u32 {
    if let Job::Statement { .. } = job { 1 } else { LOST_ANSWERS }
}

/// The pause after the n-th attempt that came to nothing: 15 s, doubled each time, 10 min at most.
pub(super) fn pause(attempts: u32) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(10);
    SignedDuration::from_secs((15 << doublings).min(600))
}

/// Until when a mail is tried that its reader's own server has put off since then. A person who cannot be
/// reached for as long as they would have had to answer counts as unreachable, so that the cascade goes on. Nothing
/// waits for the other mails: they are tried for as long as RFC 5321, 4.5.4.1, asks of a sender.
pub(super) fn tried_until(
    notice: &Notice,
    state: &CharterState,
    operator: &Operator,
    since: Timestamp,
) -> Timestamp {
    let offer = match notice {
        Notice::Offer { offer } => state.offer(*offer),
        _ => None,
    };
    match offer {
        Some(offer) => {
            let zone = offer.zone(&operator.zone, times::find_zone);
            state.window(offer, &operator.policy, &zone, since).reply_by
        }
        None => tried_as_ever(since),
    }
}

/// Until when a mail is tried for which nobody waits.
pub(super) fn tried_as_ever(since: Timestamp) -> Timestamp {
    since + TRIED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_and_stays_bounded() {
        let pauses: Vec<i64> = [0, 1, 2, 3, 6, 7, 4_000_000].map(|n| pause(n).as_secs()).into();
        assert_eq!(pauses, [15, 15, 30, 60, 480, 600, 600]);
    }
}

//! Signs of life, from which an outage is known after the fact.
//!
//! People answer on pages. So an outage is a time in which no process served them, whatever else ran: something
//! that only does what is due keeps the mail going, but nobody can press a button there.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::policy::Outage;

/// How often a sign of life is left, at the most.
pub const BEAT_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// Without a sign of life for this long, the pages were down: nobody could answer an offer.
pub const DOWN_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// The same where a scheduler wakes a process every minute: it may leave one minute out, which is no outage yet.
pub const DOWN_AFTER_BY_SCHEDULE: SignedDuration = SignedDuration::from_mins(3);
/// Down for longer than this they are not down but given up, and the calls go on without answers.
pub const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Two outages with less between them are one: the time that people are given after the first was cut short.
pub const ONE_OUTAGE: SignedDuration = SignedDuration::from_mins(30);

/// The program's sign of life, shared by all of its processes and written about twice a minute by whoever runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The last sign of life.
    pub at: Timestamp,
    /// The last one of a process that serves the pages, where people answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_at: Option<Timestamp>,
    /// The last time that there was none of those for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<Outage>,
}

impl Heartbeat {
    /// The sign of life that a process which serves the pages leaves now, after the last one of any; `None` if there
    /// has just been one. Where none came for `down_after`, the pages were down. A clock that jumps ahead looks like an
    /// outage, and is treated as one: nobody loses time.
    pub fn serving(last: Option<&Self>, now: Timestamp, down_after: SignedDuration) -> Option<Self> {
        let outage = last.and_then(|last| last.outage);
        let outage = match last.and_then(|last| last.served_at) {
            Some(from) if now.duration_since(from) >= down_after => {
                // Whoever was to have time after the one before has not had it yet.
                let known = outage.filter(|known| from.duration_since(known.until) < ONE_OUTAGE);
                Some(Outage { from: known.map_or(from, |known| known.from.min(from)), until: now })
            }
            // Late by a beat; or in the future, because a clock was wrong.
            Some(at) if now.duration_since(at).abs() < BEAT_EVERY => return None,
            _ => outage,
        };
        Some(Self { at: now, served_at: Some(now), outage })
    }

    /// The same for time that was passed over and not lived through: a clock that is moved on is no outage.
    pub fn through(last: Option<&Self>, now: Timestamp) -> Self {
        Self { at: now, served_at: Some(now), outage: last.and_then(|last| last.outage) }
    }

    /// The sign of life that a process leaves which serves no pages; `None` if there has just been one.
    pub fn without_pages(last: Option<&Self>, now: Timestamp) -> Option<Self> {
        let (served_at, outage) = last.map_or((None, None), |last| (last.served_at, last.outage));
        let just_now = last.is_some_and(|last| now.duration_since(last.at).abs() < BEAT_EVERY);
        (!just_now).then_some(Self { at: now, served_at, outage })
    }

    /// Whether the pages are down, seen by a process that does not serve them.
    pub fn pages_are_down(&self, now: Timestamp) -> bool {
        let away = self.served_at.map(|served_at| now.duration_since(served_at));
        away.is_some_and(|away| (DOWN_AFTER..GIVEN_UP_AFTER).contains(&away))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    /// Signs of life at these minutes, and the outage that is known after them.
    fn outage(minutes: &[i64]) -> Option<(i64, i64)> {
        outage_after(minutes, DOWN_AFTER)
    }

    fn outage_after(minutes: &[i64], down_after: SignedDuration) -> Option<(i64, i64)> {
        let mut last = None;
        for minute in minutes {
            last = Heartbeat::serving(last.as_ref(), at(*minute), down_after).or(last);
        }
        let outage = last.and_then(|last| last.outage)?;
        let minute = |at: Timestamp| at.duration_since(Timestamp::UNIX_EPOCH).as_mins();
        Some((minute(outage.from), minute(outage.until)))
    }

    #[test]
    fn an_outage_is_a_time_without_a_sign_of_life() {
        assert_eq!(outage(&[0, 1, 2, 3]), None);
        assert_eq!(outage(&[0, 1, 3, 4]), Some((1, 3)));
        let by_schedule = |minutes: &[i64]| outage_after(minutes, DOWN_AFTER_BY_SCHEDULE);
        assert_eq!(by_schedule(&[0, 1, 3, 4]), None, "one of them was left out");
        assert_eq!(by_schedule(&[0, 1, 4, 5]), Some((1, 4)));
        assert_eq!(outage(&[0, 1, 240, 241]), Some((1, 240)));
        let twice: Vec<i64> = [0].into_iter().chain(60..=100).chain([200]).collect();
        assert_eq!(outage(&twice), Some((100, 200)), "the last one counts");
    }

    #[test]
    fn an_outage_soon_after_another_takes_nothing_from_those_who_wait_for_its_end() {
        assert_eq!(outage(&[0, 1, 240, 241, 245]), Some((1, 245)));
    }

    #[test]
    fn a_clock_that_is_behind_hides_no_outage() {
        assert_eq!(outage(&[0, 240, 235, 240]), Some((0, 240)));
    }
}

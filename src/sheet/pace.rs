//! How long from one round to the next. A project has 300 calls in a minute for all spreadsheets, a user 60
//! (<https://developers.google.com/workspace/sheets/api/limits>), and nobody knows of the others who call: each sheet's share is
//! found as TCP finds its own, by going faster by little and slower by half. So many sheets of one process or of many come
//! to equal shares of what there is.

use std::time::Duration;

use super::SyncError;
use crate::google::SheetsError;

/// Sheet and store agree within a minute: a round each 20 s, if there is room.
pub(super) const EVERY: Duration = Duration::from_secs(20);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(600);
/// The longest at the limit, which is full for a minute only: nobody is to lose the place altogether.
const LONGEST_AT_LIMIT: Duration = Duration::from_secs(240);
/// By how much a sheet goes faster with each round that is not refused, in rounds a second.
const FASTER: f64 = 1.0 / 120.0;

/// One sheet's pace.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pause: Duration,
    /// The pause is one of failures, and not a share of the limit.
    failed: bool,
}

/// What came of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// It was done.
    Done,
    /// The limit of calls is reached; so long Google wants to be left alone at the least.
    Limit(Duration),
    /// Something failed.
    Failed,
    /// Google was not asked: a sign-in has ended, and a new one is noticed at once.
    Nothing,
}

impl Came {
    pub(super) fn of(came: &Result<(), SyncError>) -> Self {
        match came {
            Ok(()) => Self::Done,
            Err(SyncError::Sheets(SheetsError::SignIn(_))) => Self::Nothing,
            Err(SyncError::Sheets(SheetsError::Quota { wait, .. })) => Self::Limit(wait.unwrap_or_default()),
            Err(_) => Self::Failed,
        }
    }
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { pause: EVERY, failed: false }
    }

    /// The pause after a round. `chance` is any number from 0 to 1: without it all who were refused together would come
    /// back together.
    pub(super) fn after(&mut self, came: Came, chance: f64) -> Duration {
        let failed = matches!(came, Came::Failed);
        self.pause = match came {
            Came::Done if self.failed => EVERY,
            Came::Done => {
                let rate = 1.0 / self.pause.as_secs_f64() + FASTER;
                Duration::from_secs_f64(1.0 / rate).max(EVERY)
            }
            Came::Limit(_) => (self.pause * 2).min(LONGEST_AT_LIMIT),
            Came::Failed => (self.pause * 2).min(LONGEST),
            Came::Nothing => EVERY,
        };
        self.failed = failed;
        let pause = self.pause.mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0);
        match came {
            Came::Limit(wanted) => pause.max(wanted),
            _ => pause,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BinaryHeap;

    use super::*;

    #[test]
    fn it_slows_down_by_half_and_comes_back_by_little() {
        let mut pace = Pace::new();
        let mut after = |came| pace.after(came, 0.5).as_secs();
        assert_eq!(
            [after(Came::Done), after(Came::Failed), after(Came::Failed), after(Came::Done)],
            [20, 40, 80, 20]
        );
        let limit = Came::Limit(Duration::from_secs(70));
        assert_eq!([after(limit), after(limit), after(Came::Done), after(Came::Done)], [70, 80, 48, 34]);
        for _ in 0..9 {
            after(Came::Failed);
        }
        assert_eq!([after(Came::Failed), after(Came::Nothing)], [600, 20]);
    }

    /// 250 sheets of one project, which would like 750 calls a minute and have 300.
    #[test]
    fn many_sheets_share_a_limit_fairly() {
        const SHEETS: usize = 250;
        let mut rng = fastrand::Rng::with_seed(7);
        let mut paces = vec![Pace::new(); SHEETS];
        // They start together, as after a night's update. In milliseconds, the soonest first.
        let mut due: BinaryHeap<_> = (0..SHEETS).map(|sheet| (std::cmp::Reverse(0_u64), sheet)).collect();
        let (mut minute, mut calls, mut refused) = (0, 0, 0);
        let mut rounds = vec![0_u64; SHEETS];
        const HOURS: u64 = 3;
        while let Some((std::cmp::Reverse(now), sheet)) = due.pop() {
            if now >= HOURS * 3_600_000 {
                break;
            }
            if now / 60_000 != minute {
                (minute, calls) = (now / 60_000, 0);
            }
            // Refused calls are not counted against the limit.
            let came = if calls < 300 { Came::Done } else { Came::Limit(Duration::ZERO) };
            if came == Came::Done {
                calls += 1;
                // The last hour counts.
                rounds[sheet] += u64::from(now >= (HOURS - 1) * 3_600_000);
            } else {
                refused += 1;
            }
            let pause = paces[sheet].after(came, rng.f64());
            due.push((std::cmp::Reverse(now + u64::try_from(pause.as_millis()).unwrap()), sheet));
        }
        let (least, most) = (rounds.iter().min().unwrap(), rounds.iter().max().unwrap());
        let sum: u64 = rounds.iter().sum();
        // Jain's index: 1 is all the same, 1/n is one who has it all.
        let squares: u64 = rounds.iter().map(|rounds| rounds * rounds).sum();
        let fair = (sum * sum) as f64 / (SHEETS as u64 * squares) as f64;
        assert!(fair > 0.95, "{fair}, from {least} to {most}");
        assert!(*least >= 20, "somebody has {least} rounds in an hour, of {}", sum / SHEETS as u64);
        assert!(sum > 300 * 60 * 9 / 10, "only {sum} of {} calls are used, {refused} refused", 300 * 60);
    }
}

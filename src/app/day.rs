//! How many mails have left in 24 hours: by all processes together, since the peer counts them together.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{App, AppError};
use crate::mail::Purpose;
use crate::store::{CommitError, Expect, Record, Table, Versioned, Write, read};

/// The id of the only such row.
const SENT: &str = "mails-sent";
/// How long a mail counts, in hours. By the hour in which it left, so that it counts for up to an hour longer.
const COUNTED: i64 = 24;
/// How often the count is tried while other processes count, too.
const ATTEMPTS: usize = 20;

/// Hours since 1970, and how many mails left in each.
type Hours = BTreeMap<i64, u32>;

/// Mails that have left, by the hour.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Sent {
    hours: Hours,
    /// Of these, links to sign in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    sign_ins: Hours,
}

impl Record for Sent {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        SENT.into()
    }
}

/// Up to how many mails of a day a purpose may use: the last quarter is not for statements, so that a call can begin at any time.
fn share(purpose: Purpose, per_day: u32) -> u32 {
    match purpose {
        Purpose::Statement => per_day - per_day.div_ceil(4),
        Purpose::SignIn | Purpose::Charter | Purpose::Alert => per_day,
    }
}

/// How many of a day may be links to sign in, which anybody may ask for.
fn sign_ins(per_day: u32) -> u32 {
    per_day.div_ceil(2)
}

fn hour(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3_600)
}

impl Sent {
    /// Counts one more, or says when the next may leave. What a clock that was ahead has counted stays for as long as by a
    /// right one.
    fn take(&mut self, purpose: Purpose, per_day: u32, now: Timestamp) -> Result<(), Timestamp> {
        let this = hour(now);
        // Older ones are kept for a while: a clock that is set back brings them into the day again.
        self.each(purpose).for_each(|hours| hours.retain(|hour, _| (hour - this).abs() <= 2 * COUNTED));
        room(&self.hours, share(purpose, per_day), now)?;
        if purpose == Purpose::SignIn {
            room(&self.sign_ins, sign_ins(per_day), now)?;
        }
        self.each(purpose).for_each(|hours| *hours.entry(this).or_default() += 1);
        Ok(())
    }

    fn give_back(&mut self, purpose: Purpose) {
        for hours in self.each(purpose) {
            // The last hour that has any: whichever it was counted in, it is not far from there.
            if let Some(count) = hours.values_mut().rev().find(|count| **count > 0) {
                *count -= 1;
            }
        }
    }

    /// Where mails of a purpose are counted.
    fn each(&mut self, purpose: Purpose) -> impl Iterator<Item = &mut Hours> {
        let sign_ins = (purpose == Purpose::SignIn).then_some(&mut self.sign_ins);
        std::iter::once(&mut self.hours).chain(sign_ins)
    }
}

/// Whether there is room for one more; else when there is.
fn room(hours: &Hours, limit: u32, now: Timestamp) -> Result<(), Timestamp> {
    let this = hour(now);
    // Those that count in this hour, the oldest first.
    let counted = || hours.range(this - COUNTED..=this + 2 * COUNTED);
    let used: u32 = counted().map(|(_, count)| count).sum();
    if used < limit {
        return Ok(());
    }
    // As soon as enough of the oldest no longer count.
    let mut left = used;
    let enough = counted().find(|(_, count)| {
        left -= **count;
        left < limit
    });
    let free_from = enough.map_or(this, |(hour, _)| *hour) + COUNTED + 1;
    let at = Timestamp::from_second(free_from.saturating_mul(3_600)).unwrap_or(Timestamp::MAX);
    Err(at.max(now.saturating_add(SignedDuration::from_mins(1)).unwrap_or(at)))
}

impl App {
    /// Counts one mail of the day's. `Some` where there are none left for that purpose: when to come again.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn count_mail(&self, purpose: Purpose, per_day: u32) -> Result<Option<Timestamp>, AppError> {
        let now = self.clock.now();
        let mut refused = None;
        self.change_count(|sent| match sent.take(purpose, per_day, now) {
            Ok(()) => true,
            Err(at) => {
                refused = Some(at);
                false
            }
        })
        .await?;
        Ok(refused)
    }

    /// A mail that was counted has not left.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn uncount_mail(&self, purpose: Purpose) -> Result<(), AppError> {
        self.change_count(|sent| {
            sent.give_back(purpose);
            true
        })
        .await
    }

    async fn change_count(&self, mut change: impl FnMut(&mut Sent) -> bool) -> Result<(), AppError> {
        // The mails of one process do not race each other.
        let _alone = self.counting.lock().await;
        for _ in 0..ATTEMPTS {
            let kept = read::<Sent>(&*self.store, SENT).await?;
            let expect = kept.as_ref().map_or(Expect::Absent, Versioned::expected);
            let mut sent = kept.map(|kept| kept.value).unwrap_or_default();
            if !change(&mut sent) {
                return Ok(());
            }
            match self.store.commit(vec![Write::put(&sent, expect)?]).await {
                Ok(()) => return Ok(()),
                Err(CommitError::Conflict(_)) => tokio::task::yield_now().await,
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(AppError::Superseded(crate::store::Key::new(Table::Service, SENT)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_782_500_400 + minute * 60).unwrap()
    }

    #[test]
    fn a_quarter_of_the_day_is_kept_from_statements() {
        let mut sent = Sent::default();
        let mut run = |purpose| (0..3_000).take_while(|_| sent.take(purpose, 2_000, at(0)).is_ok()).count();
        assert_eq!(run(Purpose::SignIn), 1_000);
        assert_eq!(run(Purpose::Statement), 500);
        assert_eq!(run(Purpose::Charter), 500);
        assert_eq!(run(Purpose::Alert), 0);
    }

    #[test]
    fn however_many_other_mails_have_left_the_office_can_sign_in() {
        let mut sent = Sent::default();
        let mut run =
            |purpose, most| (0..most).take_while(|_| sent.take(purpose, 2_000, at(0)).is_ok()).count();
        assert_eq!(run(Purpose::Charter, 1_500), 1_500);
        assert_eq!(run(Purpose::SignIn, 3_000), 500);
        sent.give_back(Purpose::SignIn);
        assert!(sent.take(Purpose::SignIn, 2_000, at(0)).is_ok());
        assert_eq!(sent.sign_ins.values().sum::<u32>(), 500);
    }

    proptest! {
        /// However the clock jumps, no 24 hours by it have more than the limit, and whoever waits as long as was said
        /// may go on.
        #[test]
        fn no_day_has_too_many(steps in prop::collection::vec((-90i64..90, 1u32..4), 1..200)) {
            let (mut sent, mut now, mut left) = (Sent::default(), 0i64, Vec::new());
            for (step, limit) in steps {
                now += step;
                // The limit is the operator's: it may be another one tomorrow.
                match sent.take(Purpose::Charter, limit * 10, at(now)) {
                    Ok(()) => left.push((now, limit * 10)),
                    Err(later) => {
                        prop_assert!(later > at(now));
                        let mut later_on = sent.clone();
                        prop_assert!(later_on.take(Purpose::Charter, limit * 10, later).is_ok());
                    }
                }
                let (last, limit) = left.last().copied().unwrap_or_default();
                let in_day = left.iter().filter(|(at, _)| *at > last - 24 * 60 && *at <= last).count();
                prop_assert!(in_day <= limit as usize || limit == 0);
            }
        }

        #[test]
        fn what_is_given_back_can_be_taken_again(taken in 1u32..50, back in 0u32..50) {
            let mut sent = Sent::default();
            for _ in 0..taken {
                sent.take(Purpose::SignIn, 1_000, at(0)).unwrap();
            }
            for _ in 0..back.min(taken) {
                sent.give_back(Purpose::SignIn);
            }
            prop_assert_eq!(sent.hours.values().sum::<u32>(), taken - back.min(taken));
        }
    }
}

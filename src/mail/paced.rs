//! No burst of mail, even after a downtime: a provider takes only so many in a minute.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::{Mail, Purpose, Readiness, Receipt, SendError, Transport, Turn};

/// Mails that may leave at once after a quiet time: a whole crew and the office are told in one go.
const AT_ONCE: u32 = 20;

/// Hands mail to another transport, whose mails take turns: so many a minute, in the order in which they ask. Statements
/// come when nothing else does.
pub struct Paced {
    inner: Arc<dyn Transport>,
    /// From one mail to the next.
    every: Duration,
    /// When the next mail is to leave, were all of them at the same distance.
    next: Mutex<Instant>,
    per_day: Option<u32>,
}

impl Paced {
    /// `per_minute` mails in the long run, which counts for this process alone; and `per_day` that all processes
    /// together may send in 24 hours, which whoever has the store looks after.
    pub fn new(inner: Arc<dyn Transport>, per_minute: u32, per_day: Option<u32>) -> Self {
        let every = Duration::from_secs(60) / per_minute.max(1);
        Self { inner, every, next: Mutex::new(Instant::now()), per_day }
    }

    /// When a mail that is asked for now may leave (the generic cell rate algorithm, ITU-T I.371).
    fn next_turn(&self) -> Instant {
        let mut next = self.lock();
        let now = Instant::now();
        let due = (*next).max(now);
        *next = due + self.every;
        due.checked_sub(self.every * (AT_ONCE - 1)).unwrap_or(now)
    }

    /// A turn for a statement, if nobody else has one coming and all that may leave at once is there for others still;
    /// else when to ask again.
    fn turn_left_over(&self) -> Result<(), Instant> {
        let mut next = self.lock();
        let now = Instant::now();
        if *next > now {
            return Err(*next);
        }
        *next = now + self.every;
        Ok(())
    }

    async fn pace(&self, purpose: Purpose) -> bool {
        let began = Instant::now();
        if purpose == Purpose::Statement {
            while let Err(at) = self.turn_left_over() {
                tokio::time::sleep_until(at).await;
            }
        } else {
            let at = self.next_turn();
            let given_up = GivenUp(self);
            tokio::time::sleep_until(at).await;
            std::mem::forget(given_up);
        }
        Instant::now() > began
    }

    fn lock(&self) -> MutexGuard<'_, Instant> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn that is not waited for any longer: those behind it move up. Else whoever is stopped again and again would
/// reserve turns that nobody takes.
struct GivenUp<'a>(&'a Paced);

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        let mut next = self.0.lock();
        *next = next.checked_sub(self.0.every).unwrap_or(*next);
    }
}

#[async_trait]
impl Transport for Paced {
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError> {
        self.inner.send(mail).await
    }

    async fn is_stopped(&self, purpose: Purpose) -> bool {
        self.inner.is_stopped(purpose).await
    }

    /// What cannot leave at all takes nobody's turn.
    async fn turn(&self, purpose: Purpose) -> Turn {
        match self.inner.turn(purpose).await {
            Turn::Now => match self.pace(purpose).await {
                true => Turn::Waited,
                false => Turn::Now,
            },
            Turn::Waited => {
                self.pace(purpose).await;
                Turn::Waited
            }
            not_now => not_now,
        }
    }

    fn keeps_threads(&self) -> bool {
        self.inner.keeps_threads()
    }

    fn per_day(&self) -> Option<u32> {
        self.per_day
    }

    fn other_way(&self) -> Option<Arc<dyn Transport>> {
        self.inner.other_way()
    }

    async fn ready(&self) -> Readiness {
        self.inner.ready().await
    }

    async fn rest(&self) {
        self.inner.rest().await;
    }

    async fn check(&self) -> Result<(), SendError> {
        self.inner.check().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::mailbox::Mailbox;

    fn mail() -> Mail {
        let from = "Harbor Sails <crew@example.com>".parse().unwrap();
        let to = "office@example.com".parse().unwrap();
        crate::letters::trial("Harbor Sails", &from, &to, "2026-06-20T16:00:00Z".parse().unwrap())
    }

    /// How many mails have left after so many seconds, of a hundred that are asked for at once.
    async fn left_after(paced: &Arc<Paced>, mailbox: &Mailbox, seconds: u64) -> usize {
        let before = mailbox.list().len();
        let sending: Vec<_> = (0..100)
            .map(|_| {
                let paced = paced.clone();
                tokio::spawn(async move {
                    paced.turn(Purpose::Charter).await;
                    paced.send(&mail()).await
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(seconds * 1_000 + 500)).await;
        for task in sending {
            task.abort();
        }
        mailbox.list().len() - before
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_few_at_once_mails_leave_at_their_pace() {
        let mailbox = Arc::new(Mailbox::new());
        let paced = Arc::new(Paced::new(mailbox.clone(), 60, None));
        assert_eq!(left_after(&paced, &mailbox, 0).await, 20);
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        assert_eq!(left_after(&paced, &mailbox, 10).await, 30);
    }

    /// As ticks do that end every minute while some wait.
    #[tokio::test(start_paused = true)]
    async fn turns_that_are_given_up_keep_nobody_waiting() {
        let mailbox = Arc::new(Mailbox::new());
        let paced = Arc::new(Paced::new(mailbox.clone(), 3, None));
        assert_eq!(left_after(&paced, &mailbox, 35).await, 21);
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_secs(24)).await;
            assert!((2..=3).contains(&left_after(&paced, &mailbox, 35).await));
        }
    }

    /// Gmail counts what leaves in a minute, whatever went before.
    #[tokio::test(start_paused = true)]
    async fn no_minute_has_more_than_the_pace_and_what_may_leave_at_once() {
        let paced = Paced::new(Arc::new(Mailbox::new()), 40, None);
        let mut left = Vec::new();
        for n in 0..400u64 {
            if n % 90 == 0 {
                tokio::time::sleep(Duration::from_secs(n)).await;
            }
            paced.turn(Purpose::Charter).await;
            left.push(Instant::now());
        }
        for from in &left {
            let in_a_minute =
                left.iter().filter(|at| *at >= from && **at < *from + Duration::from_secs(60)).count();
            assert!(in_a_minute <= 60, "{in_a_minute}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_trickle_waits_for_nothing() {
        let paced = Paced::new(Arc::new(Mailbox::new()), 60, None);
        let began = Instant::now();
        for n in 0..30 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(paced.turn(Purpose::Charter).await, Turn::Now);
            assert_eq!(Instant::now() - began, Duration::from_secs(n + 1));
        }
    }

    /// As in a run of statements while a call begins.
    #[tokio::test(start_paused = true)]
    async fn statements_come_when_nothing_else_does() {
        let paced = Arc::new(Paced::new(Arc::new(Mailbox::new()), 60, None));
        let statements = tokio::spawn({
            let paced = paced.clone();
            async move {
                let mut left = Vec::new();
                for _ in 0..30 {
                    paced.turn(Purpose::Statement).await;
                    left.push(Instant::now());
                }
                left
            }
        });
        tokio::time::sleep(Duration::from_millis(9_500)).await;
        let began = Instant::now();
        for n in 0..25 {
            paced.turn(Purpose::Charter).await;
            let waited = Instant::now() - began;
            // The burst is there for them, less the statement that had just left.
            assert!(n >= 19 || waited < Duration::from_millis(600), "the {n}th waited {waited:?}");
        }
        let busy = Instant::now() - began;
        let left = statements.await.unwrap();
        let meanwhile = left.iter().filter(|at| **at > began && **at < began + busy).count();
        assert_eq!(meanwhile, 0, "statements waited for {busy:?}");
        assert_eq!(left.len(), 30);
    }
}

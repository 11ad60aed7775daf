//! What became of a mail, and what follows from it.

use crewcall_dispatch::cascade::{Command, Notice};
use crewcall_dispatch::model::Email;
use jiff::Timestamp;

use super::retry::{AFTER_LOST_ANSWER, LONGEST_WAIT, lost_answers, pause, tried_as_ever, tried_until};
use super::{Outbox, Outcome};
use crate::app::{AppError, Caller, Job, OutboxRow};
use crate::mail::{Mail, Receipt, SendError};
use crate::store::{Expect, Versioned, Write};

/// How a mail ends.
pub(super) enum End {
    /// It was handed over; `ambiguous` if nobody knows how often. To which address, if that is known.
    Sent { ambiguous: bool, to: Option<Email> },
    /// It will never go out: to nobody at that address, if that is at fault.
    Refused { error: String, email: Option<Email> },
    /// It is no longer true.
    Outdated { why: String },
}

impl End {
    fn outcome(&self) -> Outcome {
        match self {
            Self::Sent { .. } => Outcome::Done,
            Self::Refused { .. } | Self::Outdated { .. } => Outcome::Dropped,
        }
    }

    /// What the rules are told of it.
    fn command(self, notice: Notice) -> Command {
        match self {
            Self::Sent { ambiguous, .. } => Command::MailSent { notice, ambiguous },
            Self::Refused { error, email } => Command::MailRefused { notice, error, email },
            Self::Outdated { why } => Command::MailOutdated { notice, why },
        }
    }
}

impl Outbox {
    pub(super) async fn settle(
        &self,
        claimed: Versioned<OutboxRow>,
        mail: &Mail,
        answer: Result<Receipt, SendError>,
    ) -> Result<Outcome, AppError> {
        let key = &claimed.value.key;
        match answer {
            Ok(receipt) => {
                tracing::info!(%key, answer = %receipt.at_peer, "handed over");
                self.keep_thread(&claimed.value, mail, &receipt).await;
                let ambiguous = claimed.value.lost_answers > 0;
                self.finish(&claimed, End::Sent { ambiguous, to: Some(mail.to.email.clone()) }).await
            }
            Err(SendError::Refused { reason: error, bad_address }) => {
                tracing::warn!(%key, %error, "refused for good");
                let email = bad_address.then(|| mail.to.email.clone());
                self.finish(&claimed, End::Refused { error, email }).await
            }
            Err(SendError::Deferred { reason }) => self.deferred(claimed, reason).await,
            Err(error) => {
                tracing::warn!(%key, %error, "not handed over");
                self.put_off(claimed, &error, None).await
            }
        }
    }

    /// The reader's server says "not now": the mail is tried until that has lasted too long, and not a pause longer.
    async fn deferred(&self, mut claimed: Versioned<OutboxRow>, reason: String) -> Result<Outcome, AppError> {
        let now = self.app.clock.now();
        let since = *claimed.value.deferred_since.get_or_insert(now);
        let until = match (&claimed.value.job, &claimed.value.charter_id) {
            (Job::Mail(notice), Some(id)) => {
                let state = self.charter(id).await?.value;
                tried_until(notice, &state, &self.app.operator, since)
            }
            (Job::Statement { .. } | Job::OwnPage { .. }, _) => tried_as_ever(since),
            // It is dropped as soon as it is no longer true.
            _ => Timestamp::MAX,
        };
        if now >= until {
            let error = format!("put off for too long: {reason}");
            tracing::warn!(key = %claimed.value.key, %error, "given up");
            return self.finish(&claimed, End::Refused { error, email: None }).await;
        }
        tracing::warn!(key = %claimed.value.key, %reason, "put off by the reader's server");
        self.put_off(claimed, &SendError::Deferred { reason }, Some(until)).await
    }

    async fn put_off(
        &self,
        claimed: Versioned<OutboxRow>,
        error: &SendError,
        latest: Option<Timestamp>,
    ) -> Result<Outcome, AppError> {
        let mut row = claimed.value.clone();
        row.in_flight = false;
        row.last_error = Some(error.to_string());
        row.due_at = self.app.clock.now() + pause(row.attempts);
        row.due_at = latest.map_or(row.due_at, |latest| row.due_at.min(latest));
        if let SendError::Ambiguous { .. } = error {
            row.lost_answers += 1;
            row.due_at = self.app.clock.now() + AFTER_LOST_ANSWER;
            if row.lost_answers >= lost_answers(&row.job) {
                return self.finish(&claimed, End::Sent { ambiguous: true, to: None }).await;
            }
        }
        match self.app.store.commit(vec![Write::put(&row, Expect::Version(claimed.version))?]).await {
            Ok(()) if matches!(error, SendError::Unavailable { .. }) => Ok(Outcome::NotTaken),
            Ok(()) => Ok(Outcome::PutOff),
            Err(error) => Err(error.into()),
        }
    }

    /// It was not tried: nothing of it has left, and it waits until there is a chance.
    pub(super) async fn wait_until(
        &self,
        row: Versioned<OutboxRow>,
        at: Timestamp,
        why: String,
    ) -> Result<Outcome, AppError> {
        // Longer ahead the board would not see it.
        let soon = self.app.clock.now() + LONGEST_WAIT;
        let mut waiting = row.value.clone();
        // It may have left before, under somebody's claim: that is not forgotten.
        waiting.lost_answers += u32::from(waiting.in_flight);
        waiting.in_flight = false;
        waiting.last_error = Some(why);
        waiting.due_at = at.min(soon);
        self.app.store.commit(vec![Write::put(&waiting, row.expected())?]).await?;
        Ok(Outcome::PutOff)
    }

    /// Removes the row and tells the rules, in one commit.
    pub(super) async fn finish(&self, row: &Versioned<OutboxRow>, end: End) -> Result<Outcome, AppError> {
        let outcome = end.outcome();
        let mut done = vec![Write::delete::<OutboxRow>(row.value.key.clone(), row.version)];
        match (&row.value.job, &row.value.charter_id) {
            (Job::Mail(notice), Some(id)) => {
                let command = end.command(notice.clone());
                self.app.run_with(id, &command, &Caller::tick(), done).await?;
            }
            (Job::Statement { month, reader }, _) => {
                done.extend(self.statement_ended(*month, reader, end).await?);
                self.app.store.commit(done).await?;
            }
            // No charter is told of it.
            _ => self.app.store.commit(done).await?,
        }
        Ok(outcome)
    }
}

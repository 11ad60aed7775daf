//! Carrying out what was decided: one outbox row at a time, each safe to try again.
//!
//! A row is worked on like this:
//!
//! 1. **Look.** Is the mail still true? If not, it is dropped, with a line in the audit.
//! 2. **Wait.** Until it has its turn, and there is something left of the day for it. A mail that cannot leave at all is
//!    left as it is.
//! 3. **Claim.** One commit marks the row as in flight and puts its next look a short while ahead,
//!    provided that neither the row nor, for an offer, the charter has changed. Whoever loses this
//!    race leaves the row alone.
//! 4. **Hand over.** The claim is renewed as long as it takes.
//! 5. **Settle.** One commit removes the row and tells the rules what became of the mail.
//!
//! If the process dies in step 4, the claim runs out and the row is due again. Then, as after a lost
//! answer, nobody can know whether the mail left: it is sent once more with the same link and the
//! same Message-ID, and if that is lost too, it counts as sent.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `send` | steps 1 to 4 |
//! | `settle` | step 5 |
//! | `retry` | when a row is looked at next |
//! | `statement` | the mails of a month of pay |
//! | `calendar` | the file of a sail that comes with a mail |
//! | `thread` | in which thread of the sender's mailbox a charter's mails are |

mod calendar;
mod retry;
mod send;
mod settle;
mod statement;
mod thread;

use std::sync::Arc;

use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CharterId;

use crate::app::{App, AppError, Caller, Job, OutboxRow};
use crate::mail::Transport;
use crate::store::{Versioned, Write};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The mail was handed over, or the other job was done.
    Done,
    /// The mail will not go out: refused, or no longer true.
    Dropped,
    /// It will be tried again: its reader's server says "not now", or nobody knows whether it has left.
    PutOff,
    /// It will be tried again: at present no mail leaves at all.
    NotTaken,
    /// It was left as it is: no mail leaves until somebody does something.
    Stopped,
    /// Someone else works on it.
    LeftToOthers,
}

/// Works on the outbox: an app and a way to hand mail over.
#[derive(Clone)]
pub struct Outbox {
    /// Whose outbox.
    pub app: Arc<App>,
    /// How mail leaves.
    pub transport: Arc<dyn Transport>,
}

impl Outbox {
    /// Works on one row that is due; one that somebody else has in hand is left to them.
    ///
    /// # Errors
    /// If the store fails. The row stays, and is due again.
    pub async fn work(&self, row: Versioned<OutboxRow>) -> Result<Outcome, AppError> {
        if row.value.in_flight && row.value.due_at > self.app.clock.now() {
            // Whoever claimed it is at it still.
            return Ok(Outcome::LeftToOthers);
        }
        let worked = match row.value.job.clone() {
            Job::Nudge(waiting) => self.nudge(row, &waiting).await,
            Job::Mail(_)
            | Job::Alert(_)
            | Job::SignIn { .. }
            | Job::OwnPage { .. }
            | Job::Statement { .. } => self.mail(row).await,
        };
        match worked {
            Err(AppError::Superseded(_)) => Ok(Outcome::LeftToOthers),
            other => other,
        }
    }

    /// Looks after the way in which mail leaves, and keeps how it stands. Says whether none leaves until somebody does
    /// something.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn look_after_the_way(&self) -> Result<bool, AppError> {
        let can_tell = self.transport.other_way().is_some();
        Ok(self.app.note_mail_way(self.transport.ready().await, can_tell).await?)
    }

    /// Looking again is harmless when repeated, so the row goes only after all of them were looked at; one
    /// that fails does not keep the others waiting.
    async fn nudge(&self, row: Versioned<OutboxRow>, waiting: &[CharterId]) -> Result<Outcome, AppError> {
        let mut failed = None;
        for charter_id in waiting {
            if let Err(error) = self.app.run(charter_id, &Command::Recheck, &Caller::tick()).await {
                failed = Some(error);
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.app.store.commit(vec![Write::delete::<OutboxRow>(row.value.key, row.version)]).await?;
        Ok(Outcome::Done)
    }
}

//! Carrying out what was decided: one outbox row at a time, each safe to try again.
//!
//! A row is worked on like this:
//!
//! 1. **Look.** Is the mail still true? If not, it is dropped, with a line in the audit.
//! 2. **Claim.** One commit marks the row as in flight and puts its next look a short while ahead,
//!    provided that neither the row nor, for an offer, the charter has changed. Whoever loses this
//!    race leaves the row alone.
//! 3. **Hand over.** The claim is renewed as long as it takes.
//! 4. **Settle.** One commit removes the row and tells the rules what became of the mail.
//!
//! If the process dies in step 3, the claim runs out and the row is due again. Then, as after a lost
//! answer, nobody can know whether the mail left: it is sent once more with the same link and the
//! same Message-ID, and if that is lost too, it counts as sent.

mod retry;
mod send;

pub use send::Outcome;

use std::sync::Arc;

use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CharterId;

use crate::app::{App, AppError, Caller, Job, OutboxRow};
use crate::mail::Transport;
use crate::store::{Versioned, Write};

/// Works on the outbox: an app and a way to hand mail over.
#[derive(Clone)]
pub struct Outbox {
    /// Whose outbox.
    pub app: Arc<App>,
    /// How mail leaves.
    pub transport: Arc<dyn Transport>,
}

impl Outbox {
    /// Works on one row that is due.
    ///
    /// # Errors
    /// If the store fails. The row stays, and is due again.
    pub async fn work(&self, row: Versioned<OutboxRow>) -> Result<Outcome, AppError> {
        let worked = match row.value.job.clone() {
            Job::Nudge(waiting) => self.nudge(row, &waiting).await,
            Job::Mail(notice) => self.mail(row, notice).await,
        };
        match worked {
            Err(AppError::Superseded(_)) => Ok(Outcome::LeftToOthers),
            other => other,
        }
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

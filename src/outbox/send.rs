//! One mail from its row to its hand-over.

use crewcall_dispatch::cascade::{CharterState, Command, Notice};
use crewcall_dispatch::model::{CharterId, CrewId, Email};
use jiff::Timestamp;

use super::Outbox;
use super::retry::{AFTER_LOST_ANSWER, CLAIM, LOST_ANSWERS, RENEW, pause, tried_until};
use crate::app::{AppError, Caller, OutboxRow};
use crate::letters;
use crate::mail::{Mail, Receipt, SendError};
use crate::store::{CommitError, Expect, Versioned, Write, read};

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
    NoMailServer,
    /// Someone else works on it.
    LeftToOthers,
}

impl Outbox {
    pub(super) async fn mail(&self, row: Versioned<OutboxRow>, notice: Notice) -> Result<Outcome, AppError> {
        // Whoever had claimed it never said what became of it.
        let lost_answers = row.value.lost_answers + u32::from(row.value.in_flight);
        let mut had_its_turn = false;
        let charter = loop {
            let charter = self.charter(&row.value.charter_id).await?;
            let outdated = notice.outdated(&charter.value);
            // What may have arrived counts as arrived: its reader has to hear that it holds no longer.
            if lost_answers >= LOST_ANSWERS || (lost_answers > 0 && outdated.is_some()) {
                return self.finish(&row, Command::MailSent { notice, ambiguous: true }, Outcome::Done).await;
            }
            if let Some(why) = outdated {
                let why = why.to_owned();
                return self.finish(&row, Command::MailOutdated { notice, why }, Outcome::Dropped).await;
            }
            // Before the claim: nothing is under way while it waits, and things may move on meanwhile.
            if had_its_turn {
                break charter;
            }
            tokio::select! {
                // Whoever stops and has the turn at the same moment stops.
                biased;
                () = self.app.stopped() => return Ok(Outcome::LeftToOthers),
                waited = self.transport.turn() => match waited {
                    true => had_its_turn = true,
                    false => break charter,
                },
            }
        };
        let mail = match self.write(&charter.value, &notice, &row.value.key).await? {
            Ok(mail) => mail,
            Err(error) => {
                let refused = Command::MailRefused { notice, error, email: None };
                return self.finish(&row, refused, Outcome::Dropped).await;
            }
        };
        if self.app.is_stopping() {
            return Ok(Outcome::LeftToOthers);
        }
        let Some(claimed) = self.claim(row, &charter, &notice, lost_answers).await? else {
            return Ok(Outcome::LeftToOthers);
        };
        let (answer, claimed) = self.hand_over(&mail, claimed).await;
        self.settle(claimed, notice, mail.to.email, answer).await
    }

    async fn charter(&self, id: &CharterId) -> Result<Versioned<CharterState>, AppError> {
        let read = read::<CharterState>(&*self.app.store, id.as_str()).await?;
        read.ok_or_else(|| AppError::NoSuchCharter(id.clone()))
    }

    /// The mail itself; the inner error is the reason why it cannot be written at all.
    async fn write(
        &self,
        state: &CharterState,
        notice: &Notice,
        key: &str,
    ) -> Result<Result<Mail, String>, AppError> {
        let ids: Vec<CrewId> = state.offers.iter().map(|offer| offer.crew_id.clone()).collect();
        let people = self.app.crew_members(&ids).await?;
        let quoted = match notice.quotes() {
            Some(seq) => self.app.event(&state.charter.charter_id, seq).await?,
            None => None,
        };
        let (operator, now) = (&self.app.operator, self.app.clock.now());
        Ok(letters::write(operator, state, &people, notice, quoted.as_ref(), key, now))
    }

    async fn claim(
        &self,
        mut row: Versioned<OutboxRow>,
        charter: &Versioned<CharterState>,
        notice: &Notice,
        lost_answers: u32,
    ) -> Result<Option<Versioned<OutboxRow>>, AppError> {
        row.value.in_flight = true;
        row.value.attempts += 1;
        row.value.lost_answers = lost_answers;
        row.value.due_at = self.app.clock.now() + CLAIM;
        let mut writes = vec![Write::put(&row.value, row.expected())?];
        if let Notice::Offer { .. } | Notice::Changed { .. } = notice {
            // A question that is no longer open is dropped, not sent.
            writes.push(Write::check::<CharterState>(row.value.charter_id.as_str(), charter.expected()));
        }
        match self.app.store.commit(writes).await {
            Ok(()) => Ok(Some(Versioned { version: row.version + 1, value: row.value })),
            Err(CommitError::Conflict(_)) => Ok(None),
            // Given up here, it would count as a mail that may have left; so it is worth a look whose claim it is.
            Err(CommitError::Store(error)) => {
                match read::<OutboxRow>(&*self.app.store, &row.value.key).await? {
                    Some(found) if found.version == row.version + 1 && found.value == row.value => {
                        Ok(Some(found))
                    }
                    _ => Err(error.into()),
                }
            }
        }
    }

    /// Hands the mail over, and keeps the claim alive meanwhile.
    async fn hand_over(
        &self,
        mail: &Mail,
        mut claimed: Versioned<OutboxRow>,
    ) -> (Result<Receipt, SendError>, Versioned<OutboxRow>) {
        let sending = self.transport.send(mail);
        tokio::pin!(sending);
        let mut renewal = tokio::time::interval(RENEW);
        renewal.tick().await;
        loop {
            tokio::select! {
                answer = &mut sending => return (answer, claimed),
                _ = renewal.tick() => {
                    let mut renewed = claimed.value.clone();
                    renewed.due_at = self.app.clock.now() + CLAIM;
                    let Ok(write) = Write::put(&renewed, claimed.expected()) else { continue };
                    if self.app.store.commit(vec![write]).await.is_ok() {
                        claimed = Versioned { version: claimed.version + 1, value: renewed };
                    }
                }
            }
        }
    }

    async fn settle(
        &self,
        claimed: Versioned<OutboxRow>,
        notice: Notice,
        email: Email,
        answer: Result<Receipt, SendError>,
    ) -> Result<Outcome, AppError> {
        let key = &claimed.value.key;
        match answer {
            Ok(receipt) => {
                tracing::info!(%key, answer = %receipt.at_peer, "handed over");
                let ambiguous = claimed.value.lost_answers > 0;
                self.finish(&claimed, Command::MailSent { notice, ambiguous }, Outcome::Done).await
            }
            Err(SendError::Refused { reason: error, bad_address }) => {
                tracing::warn!(%key, %error, "refused for good");
                let refused = Command::MailRefused { notice, error, email: bad_address.then_some(email) };
                self.finish(&claimed, refused, Outcome::Dropped).await
            }
            Err(SendError::Deferred { reason }) => self.deferred(claimed, notice, reason).await,
            Err(error) => {
                tracing::warn!(%key, %error, "not handed over");
                self.put_off(claimed, notice, &error, None).await
            }
        }
    }

    /// The reader's server says "not now": the mail is tried until that has lasted too long, and not a pause longer.
    async fn deferred(
        &self,
        mut claimed: Versioned<OutboxRow>,
        notice: Notice,
        reason: String,
    ) -> Result<Outcome, AppError> {
        let now = self.app.clock.now();
        let since = *claimed.value.deferred_since.get_or_insert(now);
        let state = self.charter(&claimed.value.charter_id).await?.value;
        let until = tried_until(&notice, &state, &self.app.operator, since);
        if now >= until {
            let error = format!("put off for too long: {reason}");
            tracing::warn!(key = %claimed.value.key, %error, "given up");
            let refused = Command::MailRefused { notice, error, email: None };
            return self.finish(&claimed, refused, Outcome::Dropped).await;
        }
        tracing::warn!(key = %claimed.value.key, %reason, "put off by the reader's server");
        self.put_off(claimed, notice, &SendError::Deferred { reason }, Some(until)).await
    }

    async fn put_off(
        &self,
        claimed: Versioned<OutboxRow>,
        notice: Notice,
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
            if row.lost_answers >= LOST_ANSWERS {
                return self
                    .finish(&claimed, Command::MailSent { notice, ambiguous: true }, Outcome::Done)
                    .await;
            }
        }
        match self.app.store.commit(vec![Write::put(&row, Expect::Version(claimed.version))?]).await {
            Ok(()) if matches!(error, SendError::Unavailable { .. }) => Ok(Outcome::NoMailServer),
            Ok(()) => Ok(Outcome::PutOff),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the row and tells the rules, in one commit.
    async fn finish(
        &self,
        row: &Versioned<OutboxRow>,
        command: Command,
        outcome: Outcome,
    ) -> Result<Outcome, AppError> {
        let done = vec![Write::delete::<OutboxRow>(row.value.key.clone(), row.version)];
        self.app.run_with(&row.value.charter_id, &command, &Caller::tick(), done).await?;
        Ok(outcome)
    }
}

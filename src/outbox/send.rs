//! One mail from its row to its hand-over.

use std::sync::Arc;

use crewcall_dispatch::cascade::{CharterState, Notice};
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use jiff::{SignedDuration, Timestamp};

use super::retry::{CLAIM, RENEW, lost_answers as most_lost_answers};
use super::settle::End;
use super::{Outbox, Outcome};
use crate::app::{Alert, AlertOf, AppError, Job, OutboxRow, OwnTokens, SignInLink, User};
use crate::letters::{self, Beside, Envelope};
use crate::mail::{Address, Mail, Purpose, Receipt, SendError, Stopped, Transport, Turn};
use crate::statement::Mailing;
use crate::store::{CommitError, StoreError, Versioned, Write, read};

/// What a mail is about.
enum Subject {
    /// A charter, as it is now, and the notice of it.
    Charter(Box<Versioned<CharterState>>, Notice),
    /// A month of pay; nothing, if the mail is not to be sent any more.
    Statement(Option<Box<Mailing>>),
    /// The link of somebody's own page; nothing, if the mail is not to be sent any more.
    OwnPage(Option<Box<(CrewMember, OwnTokens)>>),
    /// That mail does not leave.
    Alert,
    /// A sign-in link, and whom it signs in; nothing, once it does not any more.
    SignIn(Option<Box<(SignInLink, User)>>),
}

/// How long an alert waits that has no way.
const A_WHILE: SignedDuration = SignedDuration::from_mins(1);

/// Which way a mail takes.
enum Way {
    This { counted: bool },
    Other(Arc<dyn Transport>),
    Later(Timestamp, String),
}

impl Outbox {
    pub(super) async fn mail(&self, row: Versioned<OutboxRow>) -> Result<Outcome, AppError> {
        if self.transport.is_stopped(purpose(&row.value)).await {
            return Ok(Outcome::Stopped);
        }
        // Whoever had claimed it never said what became of it.
        let lost_answers = row.value.lost_answers + u32::from(row.value.in_flight);
        let mut had_its_turn = false;
        let subject = loop {
            let subject = self.subject(&row.value).await?;
            let outdated = self.outdated(&row.value, &subject).await?;
            // What may have arrived counts as arrived: its reader has to hear that it holds no longer.
            if lost_answers >= most_lost_answers(&row.value.job) || (lost_answers > 0 && outdated.is_some()) {
                return self.finish(&row, End::Sent { ambiguous: true, to: None }).await;
            }
            if let Some(why) = outdated {
                return self.finish(&row, End::Outdated { why }).await;
            }
            // Before the claim: nothing is under way while it waits, and things may move on meanwhile.
            if had_its_turn {
                break subject;
            }
            tokio::select! {
                // Whoever stops and has the turn at the same moment stops.
                biased;
                () = self.app.stopped() => return Ok(Outcome::LeftToOthers),
                turn = self.transport.turn(purpose(&row.value)) => match turn {
                    Turn::Waited => had_its_turn = true,
                    Turn::Now => break subject,
                    Turn::Later(at, why) => return self.wait_until(row, at, why).await,
                },
            }
        };
        let mail = match self.write(&row.value, &subject).await? {
            Ok(mail) => mail,
            Err(error) => return self.finish(&row, End::Refused { error, email: None }).await,
        };
        if self.app.is_stopping() {
            return Ok(Outcome::LeftToOthers);
        }
        let (way, counted) = match self.way(&row.value, mail.purpose).await? {
            Way::This { counted } => (self.transport.clone(), counted),
            Way::Other(other) => (other, false),
            Way::Later(at, why) => return self.wait_until(row, at, why).await,
        };
        let claimed = match self.claim(row, &subject, lost_answers).await {
            Ok(Some(claimed)) => claimed,
            not_ours => {
                self.uncount(counted, mail.purpose).await;
                return not_ours.map(|_| Outcome::LeftToOthers);
            }
        };
        let (answer, claimed) = self.hand_over(&*way, &mail, claimed).await;
        if matches!(answer, Err(SendError::Unavailable { .. } | SendError::Refused { .. })) {
            self.uncount(counted, mail.purpose).await;
        }
        self.settle(claimed, &mail, answer).await
    }

    async fn subject(&self, row: &OutboxRow) -> Result<Subject, AppError> {
        match (&row.job, &row.charter_id) {
            (Job::Mail(notice), Some(id)) => {
                Ok(Subject::Charter(Box::new(self.charter(id).await?), notice.clone()))
            }
            (Job::Mail(_), None) => {
                let why = std::io::Error::other("a mail about no charter");
                Err(StoreError::corrupt(format!("outbox/{}", row.key), why).into())
            }
            (Job::Statement { month, reader }, _) => {
                Ok(Subject::Statement(self.mailing(*month, reader).await?.map(Box::new)))
            }
            (Job::SignIn { token_id }, _) => {
                Ok(Subject::SignIn(self.app.sign_in_link(token_id).await?.map(Box::new)))
            }
            (Job::OwnPage { crew_id, number }, _) => {
                Ok(Subject::OwnPage(self.app.own_page_mail(crew_id, *number).await?.map(Box::new)))
            }
            (Job::Alert(_) | Job::Nudge(_), _) => Ok(Subject::Alert),
        }
    }

    pub(super) async fn charter(&self, id: &CharterId) -> Result<Versioned<CharterState>, AppError> {
        let read = read::<CharterState>(&*self.app.store, id.as_str()).await?;
        read.ok_or_else(|| AppError::NoSuchCharter(id.clone()))
    }

    /// Why the mail is no longer true.
    async fn outdated(&self, row: &OutboxRow, subject: &Subject) -> Result<Option<String>, AppError> {
        match (subject, &row.job) {
            (Subject::Charter(charter, notice), _) => Ok(notice.outdated(&charter.value).map(str::to_owned)),
            (Subject::Alert, Job::Alert(alert)) => {
                let way = self.app.mail_way().await?;
                let is_it = |stopped: &Option<Stopped>| {
                    stopped.as_ref().is_some_and(|stopped| stopped.key == alert.stopped.key)
                };
                let holds = match alert.of {
                    AlertOf::Mail => is_it(&way.stopped),
                    AlertOf::Fallback => is_it(&way.fallback),
                    AlertOf::Again => way.stopped.is_none(),
                };
                Ok((!holds).then(|| "it is otherwise by now".to_owned()))
            }
            (Subject::Statement(None), _) => Ok(Some("it is not to be sent any more".to_owned())),
            (Subject::SignIn(None), _) => Ok(Some("the link does not work any more".to_owned())),
            (Subject::OwnPage(None), _) => Ok(Some("the link has ended".to_owned())),
            (
                Subject::Statement(Some(_))
                | Subject::SignIn(Some(_))
                | Subject::OwnPage(Some(_))
                | Subject::Alert,
                _,
            ) => Ok(None),
        }
    }

    /// The mail itself; the inner error is the reason why it cannot be written at all.
    async fn write(&self, row: &OutboxRow, subject: &Subject) -> Result<Result<Mail, String>, AppError> {
        let (operator, now) = (&self.app.operator, self.app.clock.now());
        let of = Envelope { operator, key: &row.key, now };
        let (state, notice) = match (subject, &row.job) {
            (Subject::Charter(charter, notice), _) => (&charter.value, notice),
            (Subject::Alert, Job::Alert(alert)) => {
                return Ok(Ok(letters::mail_stopped(&of, alert)));
            }
            (Subject::Statement(Some(mailing)), _) => return self.statement(&of, mailing).await,
            (Subject::SignIn(Some(found)), _) => {
                let (link, user) = &**found;
                let token = operator.key.sign_in_token(&link.token_id);
                return Ok(Ok(letters::sign_in(&of, user, &token, link.ends_at)));
            }
            (Subject::OwnPage(Some(found)), _) => {
                let (member, tokens) = &**found;
                let Some(email) = member.email.clone() else {
                    return Ok(Err(format!("{} has no e-mail address", member.name)));
                };
                let to = Address { name: member.name.clone(), email };
                return Ok(Ok(letters::own_page(&of, to, &tokens.page)));
            }
            (
                Subject::Statement(None) | Subject::SignIn(None) | Subject::OwnPage(None) | Subject::Alert,
                _,
            ) => {
                return Ok(Err("there is nothing to say".into()));
            }
        };
        let ids: Vec<CrewId> = state.offers.iter().map(|offer| offer.crew_id.clone()).collect();
        let people = self.app.crew_members(&ids).await?;
        let quoted = match notice.quotes() {
            Some(seq) => self.app.event(&state.charter.charter_id, seq).await?,
            None => None,
        };
        let own_page = match notice {
            Notice::CrewList { to } => {
                let links = self.app.own_links(to).await?;
                Some(letters::own_page_url(operator, &links.page))
            }
            _ => None,
        };
        let sail_file = self.sail_file(state, notice).await?;
        let beside = Beside { quoted, own_page, sail_file };
        let written = letters::write(operator, state, &people, notice, &beside, &row.key, now);
        Ok(match written {
            Ok(mail) => Ok(self.in_thread(&state.charter.charter_id, mail).await),
            Err(error) => Err(error),
        })
    }

    /// Which way the mail takes, now that it has its turn. It is counted among those of the day, where only so many may
    /// leave; an alert for which there is none left takes the other way, and so does the one that says that mail does not
    /// leave.
    async fn way(&self, row: &OutboxRow, purpose: Purpose) -> Result<Way, AppError> {
        let other = self.transport.other_way().filter(|_| purpose.takes_another_way());
        if let Job::Alert(Alert { of: AlertOf::Mail, .. }) = row.job {
            // Whoever wrote it had another way, which may come back; once mail leaves, nobody needs to hear of it.
            let later =
                || Way::Later(self.app.clock.now() + A_WHILE, "there is no other way at present".into());
            return Ok(other.map_or_else(later, Way::Other));
        }
        let Some(per_day) = self.transport.per_day() else { return Ok(Way::This { counted: false }) };
        Ok(match (self.app.count_mail(purpose, per_day).await?, other) {
            (None, _) => Way::This { counted: true },
            (Some(_), Some(other)) => Way::Other(other),
            (Some(at), None) => {
                let why =
                    format!("the {per_day} mails that may leave in 24 hours (mail.per_day) are used up");
                Way::Later(at, why)
            }
        })
    }

    async fn uncount(&self, counted: bool, purpose: Purpose) {
        if counted && let Err(error) = self.app.uncount_mail(purpose).await {
            // It counts for a day then, which errs on the safe side.
            tracing::warn!(%error, "a mail that has not left counts as if it had");
        }
    }

    async fn claim(
        &self,
        mut row: Versioned<OutboxRow>,
        subject: &Subject,
        lost_answers: u32,
    ) -> Result<Option<Versioned<OutboxRow>>, AppError> {
        row.value.in_flight = true;
        row.value.attempts += 1;
        row.value.lost_answers = lost_answers;
        row.value.due_at = self.app.clock.now() + CLAIM;
        let mut writes = vec![Write::put(&row.value, row.expected())?];
        if let Subject::Charter(charter, Notice::Offer { .. } | Notice::Changed { .. }) = subject {
            // A question that is no longer open is dropped, not sent.
            let id = charter.value.charter.charter_id.as_str();
            writes.push(Write::check::<CharterState>(id, charter.expected()));
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
        way: &dyn Transport,
        mail: &Mail,
        mut claimed: Versioned<OutboxRow>,
    ) -> (Result<Receipt, SendError>, Versioned<OutboxRow>) {
        let sending = way.send(mail);
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
}

/// Known before the mail is written.
fn purpose(row: &OutboxRow) -> Purpose {
    match &row.job {
        Job::Mail(notice) => letters::purpose(notice),
        Job::Statement { .. } => Purpose::Statement,
        Job::OwnPage { .. } => Purpose::Charter,
        Job::SignIn { .. } => Purpose::SignIn,
        Job::Alert(_) | Job::Nudge(_) => Purpose::Alert,
    }
}

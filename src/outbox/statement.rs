//! The mails of a month of pay.

use crewcall_dispatch::model::Month;
use crewcall_dispatch::statement::Reader;

use super::Outbox;
use super::settle::End;
use crate::app::AppError;
use crate::letters::{self, Envelope};
use crate::mail::{Address, Attachment, Mail};
use crate::statement::{
    DeliveryState, File, Mailing, StatementError, XLSX, file_of, mailing, owner_file, settled,
};
use crate::store::{StoreError, Write};

impl Outbox {
    /// What the row is to send; `None` if it is not to be sent any more.
    pub(super) async fn mailing(&self, of: Month, reader: &Reader) -> Result<Option<Mailing>, AppError> {
        mailing(&self.app, of, reader).await.map_err(failed)
    }

    /// The mail itself; the inner error is the reason why it cannot be written at all.
    pub(super) async fn statement(
        &self,
        of: &Envelope<'_>,
        mailing: &Mailing,
    ) -> Result<Result<Mail, String>, AppError> {
        Ok(match mailing {
            Mailing::Crew { crew_id, statement, approval } => {
                let Some(statement) = statement else {
                    return Ok(Err("there is no such statement".into()));
                };
                // Whoever has another address by now gets it there.
                let Some(member) = self.app.member(crew_id).await? else {
                    return Ok(Err(format!("{crew_id} is no longer on the roster")));
                };
                match (member.email, file_of(&self.app, statement, Some(approval))) {
                    (None, _) => Err(format!("{} has no e-mail address", member.name)),
                    (_, Err(error)) => Err(error.to_string()),
                    (Some(email), Ok(file)) => Ok(letters::crew_statement(
                        of,
                        Address { name: member.name, email },
                        statement,
                        attached(file),
                    )),
                }
            }
            Mailing::Owner(view) => match (&self.app.operator.pay.owner, owner_file(&self.app, view)) {
                (None, _) => Err("the settings name no owner (pay.owner)".into()),
                (_, Err(error)) => Err(error.to_string()),
                (Some(owner), Ok(file)) => {
                    Ok(letters::month_for_owner(of, owner.clone(), &view.draft, attached(file)))
                }
            },
            Mailing::Office(view) if self.app.operator.pay.owner.is_some() => {
                Ok(letters::month_for_office(of, &view.draft, None))
            }
            Mailing::Office(view) => match owner_file(&self.app, view) {
                Ok(file) => Ok(letters::month_for_office(of, &view.draft, Some(attached(file)))),
                Err(error) => Err(error.to_string()),
            },
        })
    }

    /// What is kept of the end of a mail.
    pub(super) async fn statement_ended(
        &self,
        of: Month,
        reader: &Reader,
        end: End,
    ) -> Result<Vec<Write>, AppError> {
        let state = match end {
            End::Sent { ambiguous: false, to: Some(to) } => DeliveryState::Sent { to: to.to_string() },
            End::Sent { .. } => {
                DeliveryState::Unknown { why: "the mail was on its way, and no answer came".into() }
            }
            End::Refused { error, .. } => DeliveryState::Refused { why: error },
            End::Outdated { .. } => return Ok(Vec::new()),
        };
        Ok(settled(&self.app, of, reader, state).await?)
    }
}

fn attached(file: File) -> Attachment {
    Attachment { name: file.name, media_type: XLSX, bytes: file.bytes }
}

/// The outbox tries again whatever the store could not do.
fn failed(error: StatementError) -> AppError {
    match error {
        StatementError::App(error) => error,
        // The index of lists trails behind for a moment.
        other => StoreError::unavailable("reading a month of pay", other).into(),
    }
}

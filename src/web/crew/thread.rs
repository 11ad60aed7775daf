//! Whoever is aboard reads what was written to everyone, and writes to everyone.

use axum::Form;
use axum::extract::State;
use axum::response::Response;
use crewcall_dispatch::cascade::{Actor, AuditEvent, CharterState, Command, Fact};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{self, CrewId};
use maud::{Markup, html};
use serde::Deserialize;

use super::pages::{News, OfferView};
use super::{caller, find, unknown_link, view};
use crate::app::{App, AppError};
use crate::times;
use crate::web::error::CrewPageError;
use crate::web::{PageError, Web};
use crate::words;

/// What the form sends.
#[derive(Deserialize)]
pub(in crate::web) struct Message {
    #[serde(default)]
    token: String,
    #[serde(default)]
    text: String,
    /// Sent twice, the form has one effect.
    #[serde(default)]
    key: String,
}

/// Writes to everyone else aboard, and to the office.
pub(in crate::web) async fn post_message(
    State(web): State<Web>,
    Form(form): Form<Message>,
) -> Result<Response, CrewPageError> {
    let Some((token, record)) = find(&web, &form.token).await? else { return Ok(unknown_link(&web)) };
    let unfit = |problem| PageError::BadRequest(format!("The message {problem}. Go back and change it."));
    let text = model::text(&form.text, limits::MESSAGE_CHARS).map_err(unfit)?;
    match web.app.run_once(&record.charter_id, &Command::Post { text }, &caller(&record), &form.key).await {
        Ok(state) => view(&web, &state, record.offer, &token, Some(News::Sent)).await,
        Err(AppError::Rejected(rejection)) => {
            let state = web.app.charter(&record.charter_id).await?;
            view(&web, &state, record.offer, &token, Some(News::Refused(rejection))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What was written to everyone aboard, in order.
pub(super) async fn messages(app: &App, state: &CharterState) -> Result<Vec<AuditEvent>, AppError> {
    if state.posted_at.is_empty() {
        return Ok(Vec::new());
    }
    let mut events = app.audit(&state.charter.charter_id).await?;
    events.retain(|event| matches!(event.fact, Fact::MessagePosted { .. }));
    Ok(events)
}

/// Who of the crew wrote it, if it was not the office.
pub(super) fn author(message: &AuditEvent) -> Option<CrewId> {
    match &message.by {
        Actor::Crew(id) => Some(id.clone()),
        Actor::Office(_) | Actor::Crewcall => None,
    }
}

impl OfferView<'_> {
    /// The conversation, and where to write.
    pub(super) fn thread(&self) -> Markup {
        html! {
            section.thread {
                h2 { "Messages" }
                @for message in self.messages {
                    div.message {
                        span.small { (words::actor(&message.by, self.names)) ", " (times::full(message.at, &self.operator.zone)) }
                        p.said { (words::said(message).unwrap_or_default()) }
                    }
                }
                form method="post" action="/crew/message" {
                    input type="hidden" name="token" value=(self.token);
                    input type="hidden" name="key" value=(self.key);
                    label for="text" { "Write to everyone aboard and the office" }
                    textarea id="text" name="text" rows="3" required maxlength=(limits::MESSAGE_CHARS) {}
                    button.big.quiet { "Send" }
                }
            }
        }
    }

    /// A line to the office that goes along with an answer.
    pub(super) fn comment(&self) -> Markup {
        html! {
            label for="comment" { "A word to the office, if you like" }
            // Of several lines, so that the return key does not press the form's first button.
            textarea id="comment" name="comment" rows="2" maxlength=(limits::COMMENT_CHARS) {}
        }
    }
}

//! Whoever is aboard reads what was written to everyone, and writes to everyone.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::cascade::{Actor, AuditEvent, CharterState, Command, Fact};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CrewId;
use maud::{Markup, html};
use serde::Deserialize;

use super::pages::{News, OfferView};
use super::{caller, find, unknown_link, view};
use crate::app::{App, AppError};
use crate::times;
use crate::web::base::at;
use crate::web::error::CrewPageError;
use crate::web::{PageError, Web};
use crate::words;

/// Messages that the page shows, the latest.
const SHOWN: usize = 50;

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

/// Writes to everyone else aboard, and to the office; then the page is opened anew, so that it can be loaded again.
pub(in crate::web) async fn post_message(
    State(web): State<Web>,
    Form(form): Form<Message>,
) -> Result<Response, CrewPageError> {
    let Some((token, record)) = find(&web, &form.token).await? else { return Ok(unknown_link(&web)) };
    if form.key.is_empty() {
        return Err(PageError::BadRequest("The form was not whole. Open your link anew.".into()).into());
    }
    let unfit = |problem| PageError::BadRequest(format!("The message {problem}. Go back and change it."));
    let text = words::written(&form.text, limits::MESSAGE_CHARS).map_err(unfit)?;
    let post = Command::Post { text: text.clone() };
    match web.app.run_once(&record.charter_id, &post, &caller(&record), &form.key).await {
        Ok(_) => {
            let page = at(format_args!("/crew/accept?token={}&sent=1#messages", token.reveal()));
            Ok(Redirect::to(&page).into_response())
        }
        Err(AppError::Rejected(rejection)) => {
            let state = web.app.charter(&record.charter_id).await?;
            let draft = Draft { message: text, ..Draft::default() };
            view(&web, &state, record.offer, &token, Some(News::Refused(rejection)), draft).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What somebody had written, of which nothing came: it stands in its field again.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) message: String,
    pub(super) comment: String,
    /// They had ticked that they are off.
    pub(super) off: bool,
}

/// What was written to everyone aboard lately, in order.
pub(super) async fn messages(app: &App, state: &CharterState) -> Result<Vec<AuditEvent>, AppError> {
    if state.posted_at.is_empty() {
        return Ok(Vec::new());
    }
    let mut events = app.audit(&state.charter.charter_id).await?;
    events.retain(|event| matches!(event.fact, Fact::MessagePosted { .. }));
    let older = events.len().saturating_sub(SHOWN);
    Ok(events.split_off(older))
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
            section.thread id="messages" {
                h2 { "Messages" }
                @for message in self.messages {
                    div.message {
                        span.small { (words::actor(&message.by, self.names)) ", " (times::full(message.at, &self.operator.zone)) }
                        p.said { (words::said(message).unwrap_or_default()) }
                    }
                }
                form method="post" action=(at("/crew/message")) {
                    input type="hidden" name="token" value=(self.token);
                    input type="hidden" name="key" value=(self.key);
                    label for="text" { "Write to everyone aboard and the office" }
                    textarea id="text" name="text" rows="3" required maxlength=(limits::MESSAGE_CHARS) { (self.draft.message) }
                    button.big.quiet { "Send" }
                }
            }
        }
    }

    /// A line to the office that goes along with an answer.
    pub(super) fn comment(&self) -> Markup {
        html! {
            input type="hidden" name="key" value=(self.key);
            label for="comment" { "A word to the office, if you like" }
            // Of several lines, so that the return key does not press the form's first button.
            textarea id="comment" name="comment" rows="2" maxlength=(limits::COMMENT_CHARS) { (self.draft.comment) }
        }
    }
}

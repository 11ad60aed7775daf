//! The conversation of a charter, what was answered with a word, written and noted; and the log of all that happened.

use crewcall_dispatch::cascade::{AuditEvent, CharterState, Command};
use crewcall_dispatch::limits;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use crate::times;
use crate::web::PageError;
use crate::web::base::at;
use crate::words::{self, Names};

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Form {
    text: String,
    what: String,
    /// Sent twice, the form has one effect.
    pub(super) key: String,
}

impl Form {
    /// The command that the form stands for.
    pub(super) fn command(&self) -> Result<Command, PageError> {
        if self.key.is_empty() {
            return Err(PageError::BadRequest("The form was not whole. Open the page anew.".into()));
        }
        let text = words::written(&self.text, limits::MESSAGE_CHARS).map_err(|problem| {
            PageError::BadRequest(format!("The text {problem}. Go back and change it."))
        })?;
        match self.what.as_str() {
            "post" => Ok(Command::Post { text }),
            "note" => Ok(Command::Note { text }),
            _ => Err(PageError::BadRequest("Go back and press one of the buttons.".into())),
        }
    }
}

/// Where to write, and what there is to read.
pub(super) fn render(
    state: &CharterState,
    audit: &[AuditEvent],
    names: &Names,
    zone: &TimeZone,
    now: Timestamp,
    key: &str,
) -> Markup {
    let can_post = state.thread_is_open(now) && !state.aboard().is_empty();
    html! {
        h2 id="thread" { "Conversation" }
        form.write method="post" action=(at(format_args!("/charters/{}/thread", state.charter.charter_id))) {
            input type="hidden" name="key" value=(key);
            label for="text" { @if can_post { "Write to everyone aboard, or a note for the office" } @else { "A note for the office" } }
            textarea id="text" name="text" rows="2" required maxlength=(limits::MESSAGE_CHARS) {}
            div.controls {
                @if can_post { button name="what" value="post" { "Send to everyone aboard" } }
                button.quiet name="what" value="note" { "Keep as a note" }
            }
        }
        @let said: Vec<_> = audit.iter().rev().filter_map(|event| Some((event, words::said(event)?))).collect();
        @if !said.is_empty() {
            ol.history aria-label="Conversation, the newest first" {
                @for (event, said) in said {
                    li {
                        span.small { (times::near(event.at, zone)) " · " (words::actor(&event.by, names)) " · " (words::clause(event, state, names, zone)) }
                        p.said { (said) }
                    }
                }
            }
        }
        // An address that leads to one of its entries opens it.
        details.log {
            summary { h2 id="log" { "The log · " (audit.len()) } }
            p.small { "All that happened, the newest first; nothing is taken out of it. Times in " (zone.iana_name().unwrap_or("the operator's zone")) "." }
            ol.history {
                @for event in audit.iter().rev() {
                    li id={ "event-" (event.seq) } {
                        span.small { (times::log(event.at, zone)) " · " (words::actor(&event.by, names)) " · " (event.via) }
                        br;
                        (words::clause(event, state, names, zone))
                        @if let Some(said) = words::said(event) { p.said { (said) } }
                    }
                }
            }
        }
    }
}

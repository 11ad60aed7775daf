//! Before a call begins: what that does, and the very mail that leaves first.

use crewcall_dispatch::cascade::{CharterState, Command, Notice, Preview};
use crewcall_dispatch::model::CrewId;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::plan;
use crate::letters::{self, Beside};
use crate::mail::Mail;
use crate::plain::without_secrets;
use crate::times;
use crate::web::base::at;
use crate::web::error::refusal;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};
use crate::words::{self, Names};

/// A call as it would begin.
pub(super) struct Beginning {
    /// Mail goes into a directory, and to nobody.
    keeps_mail: bool,
    pub(super) state: CharterState,
    pub(super) preview: Preview,
    /// The first offer's mail, or why it could not be written; nothing where nobody would be asked.
    pub(super) mail: Option<Result<Mail, String>>,
    /// How many more like it leave at the same time.
    more: usize,
}

impl Beginning {
    /// Rehearses it. The mail has no live link: whoever reads it here is not the one who may answer.
    pub(super) async fn of(web: &Web, user: &OfficeUser, state: CharterState) -> Result<Self, PageError> {
        let preview = web.app.preview(&state, &Command::Start, &user.caller()).await?;
        let offers = preview.mails.iter().filter(|mail| matches!(mail, Notice::Offer { .. }));
        let offers: Vec<&Notice> = offers.collect();
        let mail = match offers.first() {
            None => None,
            Some(notice) => {
                let after = &preview.state;
                let ids: Vec<CrewId> = after.offers.iter().map(|offer| offer.crew_id.clone()).collect();
                let people = web.app.crew_members(&ids).await?;
                let (operator, now) = (&web.app.operator, web.app.clock.now());
                let mail =
                    letters::write(operator, after, &people, notice, &Beside::default(), "preview", now);
                Some(mail.map(|mail| Mail {
                    text: without_secrets(&mail.text),
                    html: without_secrets(&mail.html),
                    ..mail
                }))
            }
        };
        let more = offers.len().saturating_sub(1);
        Ok(Self { keeps_mail: web.keeps_mail, state, preview, mail, more })
    }
}

/// The page with the button that begins it.
pub(super) fn render(beginning: &Beginning, names: &Names, zone: &TimeZone) -> Markup {
    let Beginning { state, preview, .. } = beginning;
    let id = &state.charter.charter_id;
    let again = state.call.is_some();
    html! {
        h1 { @if again { "Ask again from the top?" } @else { "Start the call?" } }
        p { (state.charter.vessel) ", " (times::day(state.charter.departs_at, zone)) ". Nothing is changed yet." }
        div.controls {
            form method="post" action=(at(format_args!("/charters/{id}/start"))) { button { "Start calling" } }
            a href=(at(format_args!("/charters/{id}"))) { "Leave it as it is" }
        }
        h2 { "At once" }
        ul { @for line in words::at_once(preview, names, zone) { li { (times::capital(&line)) } } }
        (mail(beginning))
        (plan::render(&preview.state, &preview.after.clone().map_err(|rejection| refusal(&rejection)), names, zone))
    }
}

fn mail(beginning: &Beginning) -> Markup {
    let id = &beginning.state.charter.charter_id;
    html! {
        h2 { "The mail" }
        @match &beginning.mail {
            None => p { "No mail leaves: nobody is asked at once." },
            Some(Err(why)) => p.problem { "! It cannot be written: " (why) "." },
            Some(Ok(mail)) => {
                p {
                    "This is what " @if beginning.keeps_mail { "is written into the directory for mails; nobody gets it, until the settings name a mail server. It has" } @else { "leaves, with" } " a link of its own, which is made then, and whose secret only its reader has."
                    @match beginning.more {
                        0 => {},
                        1 => " One more leaves at the same time, with its reader's name.",
                        more => { " " (more) " more leave at the same time, each with its reader's name." }
                    }
                }
                dl.facts {
                    dt { "From" } dd { (mail.from) }
                    dt { "To" } dd { (mail.to) }
                    dt { "Subject" } dd { (mail.subject) }
                }
                iframe.mail title="The mail as it is read" src=(at(format_args!("/charters/{id}/start/mail"))) {}
                details {
                    summary { "As plain text" }
                    pre { (mail.text) }
                }
            }
        }
    }
}

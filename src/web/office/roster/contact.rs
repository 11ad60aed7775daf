//! Whether mail reaches somebody, and the link of their own page.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::model::CrewMember;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::{find, person_at};
use crate::app::PageMail;
use crate::times;
use crate::web::base::at;
use crate::web::office::frame;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

/// What the form about somebody's address says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Contact {
    mail: String,
}

/// Mail reaches somebody again, or does not; or they get the link of their own page.
pub(in crate::web) async fn contact(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(form): Form<Contact>,
) -> Result<Response, PageError> {
    let member = find(&web, &id).await?;
    let id = &member.crew_id;
    match form.mail.as_str() {
        "arrives" => web.app.reachable(id, &user.caller()).await?,
        "returns" => web.app.unreachable(&member, "the office found it returned", &user.caller()).await?,
        "page" | "new_page" => {
            let anew = form.mail == "new_page";
            let mailed = web.app.mail_own_page(id, anew, &user.caller()).await?;
            return Ok(frame(&web, &user, "Own page", page_mailed(&member, &mailed, anew)));
        }
        _ => return Err(PageError::BadRequest("Go back and press one of the buttons.".into())),
    };
    Ok(Redirect::to(&person_at(id)).into_response())
}

/// Since when mail is refused, if it is.
pub(super) fn refusal(refused: Option<&Refused>, zone: &TimeZone) -> Markup {
    html! {
        @if let Some(refused) = refused {
            br; strong.bad { "! mail is refused" }
            span.small { " since " (times::log(refused.at, zone)) ": " (refused.error) }
        }
    }
}

/// What can be done about somebody's mail.
pub(super) fn buttons(member: &CrewMember, is_refused: bool) -> Markup {
    html! {
        form method="post" action=(format!("{}/contact", person_at(&member.crew_id))) {
            @if is_refused {
                button.quiet name="mail" value="arrives" { "Mail arrives again" }
            } @else {
                button.quiet name="mail" value="returns" { "Mail comes back" }
            }
            @if !member.left {
                button.quiet name="mail" value="page" { "Mail the link of their own page" }
                button.quiet name="mail" value="new_page" { "End that link, and mail a new one" }
            }
        }
    }
}

/// What came of mailing somebody the link of their own page.
fn page_mailed(member: &CrewMember, mailed: &PageMail, anew: bool) -> Markup {
    let words = match mailed {
        PageMail::Queued(email) => {
            format!("The link of {}'s own page is on its way to {email}.", member.name)
        }
        // The office is not kept waiting.
        PageMail::Lately(_) => format!("{} had the link mailed a short while ago.", member.name),
        PageMail::NoAddress => format!("{} has no address to which it could be mailed.", member.name),
        PageMail::NoPage => format!("{} has left, and has no page.", member.name),
    };
    html! {
        h1 { "The link of an own page" }
        @if anew && *mailed != PageMail::NoPage { p { "The link before opens nothing any more, nor does the address of the calendar." } }
        p { (words) }
        p { a href=(at("/roster")) { "To the roster" } }
    }
}

//! The office's pages: the board, one charter, the roster, a month of pay.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::model::CrewId;
use jiff::SignedDuration;
use maud::Markup;

use super::base::at;
use super::session::OfficeUser;
use super::{PageError, Web, layout};
use crate::words::Names;

pub(super) mod account;
pub(super) mod board;
pub(super) mod charter;
pub(super) mod needs;
mod roster;
mod seats;
mod sheet;
pub(super) mod statements;
mod stopped;
pub(super) mod users;

/// Our own script, which asks our own pages; else as everywhere.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How long a sail stays on the board after its departure.
const KEPT_ON_BOARD: SignedDuration = SignedDuration::from_hours(24);

async fn names(web: &Web, mut ids: Vec<CrewId>) -> Result<Names, PageError> {
    ids.sort_unstable();
    ids.dedup();
    Ok(web.app.crew_names(&ids).await?)
}

/// A page on which things are changed.
fn frame(web: &Web, user: &OfficeUser, title: &str, body: Markup) -> Response {
    look(web, user, title, layout::for_changes(user, body))
}

/// A page whose buttons and fields are for everyone.
fn look(web: &Web, user: &OfficeUser, title: &str, body: Markup) -> Response {
    ([(CONTENT_SECURITY_POLICY, CONTENT_POLICY)], office_page(web, user, title, body)).into_response()
}

fn office_page(web: &Web, user: &OfficeUser, title: &str, body: Markup) -> Markup {
    let user = web.tryout.is_none().then_some(&user.0);
    let head = layout::Head { operator: &web.app.operator.name, user };
    layout::office(title, head, body)
}

/// Everyone, in the order of asking.
pub(super) async fn roster(State(web): State<Web>, user: OfficeUser) -> Result<Response, PageError> {
    let roster = web.app.roster().await?;
    let today = web.app.operator.zone.to_datetime(web.app.clock.now()).date();
    let refused = web.app.refused(&roster).await?;
    let body = roster::render(&roster, &refused, today, &web.app.operator.zone);
    Ok(frame(&web, &user, "Roster", body))
}

/// Mail reaches somebody again, or does not; or they get the link of their own page.
pub(super) async fn contact(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(form): Form<roster::Contact>,
) -> Result<Response, PageError> {
    let id: CrewId =
        id.parse().map_err(|problem| PageError::BadRequest(format!("The person's id {problem}.")))?;
    let Some(member) = web.app.member(&id).await? else {
        return Err(PageError::BadRequest(format!("{id} is not on the roster.")));
    };
    match form.mail.as_str() {
        "arrives" => web.app.reachable(&id, &user.caller()).await?,
        "returns" => web.app.unreachable(&member, "the office found it returned", &user.caller()).await?,
        "page" | "new_page" => {
            let anew = form.mail == "new_page";
            let mailed = web.app.mail_own_page(&id, anew, &user.caller()).await?;
            return Ok(frame(&web, &user, "Own page", roster::page_mailed(&member, &mailed, anew)));
        }
        _ => return Err(PageError::BadRequest("Go back and press one of the buttons.".into())),
    };
    Ok(Redirect::to(&at("/roster")).into_response())
}

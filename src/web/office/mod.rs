//! The office's pages: the board, what needs a person, one charter, the roster, a month of pay, the users.

use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::model::CrewId;
use jiff::SignedDuration;
use maud::Markup;

use super::session::OfficeUser;
use super::{PageError, Web, layout};
use crate::words::Names;

pub(super) mod account;
pub(super) mod add;
pub(super) mod board;
pub(super) mod charter;
pub(super) mod crew_needs;
mod filled;
pub(super) mod needs;
pub(super) mod roster;
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

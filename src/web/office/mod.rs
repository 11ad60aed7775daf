//! The office's pages: the board, one charter, the roster, a month of pay.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::cascade::{CharterState, Command, Plan, Preview};
use crewcall_dispatch::model::{CharterId, CrewId};
use jiff::SignedDuration;
use maud::{Markup, html};

use super::base::at;
use super::error::refusal;
use super::session::OfficeUser;
use super::{PageError, Web, layout};
use crate::app::AppError;
use crate::random;
use crate::words::{self, Names};

pub(super) mod account;
pub(super) mod add;
mod afterwards;
pub(super) mod board;
mod change;
mod charter;
mod controls;
mod filled;
mod plan;
mod reschedule;
pub(super) mod roster;
mod seats;
mod sheet;
pub(super) mod statements;
mod stopped;
mod thread;
pub(super) mod users;

use afterwards::Outcome;
use change::Change;

/// Our own script, which asks our own pages; else as everywhere.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How long a sail stays on the board after its departure.
const KEPT_ON_BOARD: SignedDuration = SignedDuration::from_hours(24);

/// Everyone whom a preview names; some more than once.
fn people(preview: &Preview) -> Vec<CrewId> {
    let events = words::people(&preview.state, &preview.events);
    preview.people().cloned().chain(events).collect()
}

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
    let user = web.tryout.is_none().then_some(&user.0);
    let head = layout::Head { operator: &web.app.operator.name, bar: web.bar(), user };
    ([(CONTENT_SECURITY_POLICY, CONTENT_POLICY)], layout::office(title, head, body)).into_response()
}

/// One charter: its seats, its offers, its history.
pub(super) async fn charter(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    charter_page(&web, &user, &parse(&id)?, None).await
}

/// The same with a form on it that was sent and has faults.
async fn charter_page(
    web: &Web,
    user: &OfficeUser,
    id: &CharterId,
    sent: Option<afterwards::Form>,
) -> Result<Response, PageError> {
    let (state, plan) = match web.app.plan(id, &user.caller()).await {
        Ok((state, plan)) => (state, Ok(plan)),
        Err(AppError::Rejected(rejection)) => (web.app.charter(id).await?, Err(refusal(&rejection))),
        Err(error) => return Err(error.into()),
    };
    let audit = web.app.audit(id).await?;
    let mut shown = words::people(&state, &audit);
    shown.extend(plan.iter().flat_map(Plan::people).cloned());
    let names = names(web, shown).await?;
    let (zone, now) = (&web.app.operator.zone, web.app.clock.now());
    let keys = (random::token::<10>()?, random::token::<10>()?);
    let sailed = now >= state.charter.departs_at && state.cancelled_at.is_none();
    let sent = sent.unwrap_or_else(|| afterwards::Form::of(&state));
    let way = web.app.mail_way().await?;
    let body = html! {
        (stopped::mail_stopped(&way, zone))
        (charter::render(&state, &plan, &names, &web.app.operator, now))
        @if sailed { (afterwards::render(&state, &sent, &names, &web.app.operator, &keys.1)) }
        (thread::render(&state, &audit, &names, zone, now, &keys.0))
    };
    Ok(frame(web, user, id.as_str(), body))
}

/// Begins to ask.
pub(super) async fn start(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    command(&web, &user, &id, &Command::Start).await
}

/// Shows what a change of the call would do.
pub(super) async fn preview(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(change): Query<Change>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    let command = change.command(&state, &web.app.operator.policy, web.app.clock.now())?;
    let preview = web.app.preview(&state, &command, &user.caller()).await?;
    let mut shown = people(&preview);
    shown.extend(change.person());
    let names = names(&web, shown).await?;
    let departed = web.app.clock.now() >= state.charter.departs_at;
    let body = change::render(&state, &change, &command, &preview, &names, &web.app.operator.zone, departed);
    Ok(frame(&web, &user, "Change the call", body))
}

/// Shows what a change of the charter would do.
pub(super) async fn preview_reschedule(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(form): Query<reschedule::Form>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    let command = reschedule_command(&web, &state, &form)?;
    let preview = web.app.preview(&state, &command, &user.caller()).await?;
    let names = names(&web, people(&preview)).await?;
    let body = reschedule::render(&state, &preview, &names, &web.app.operator.zone);
    Ok(frame(&web, &user, "Change the charter", body))
}

/// Makes a change of the charter.
pub(super) async fn reschedule(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(form): Form<reschedule::Form>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    command(&web, &user, &id, &reschedule_command(&web, &state, &form)?).await
}

fn reschedule_command(
    web: &Web,
    state: &CharterState,
    form: &reschedule::Form,
) -> Result<Command, PageError> {
    let command = form.command(&state.charter, &web.app.operator.zone)?;
    if let Command::Change { to, .. } = &command {
        web.app.check_ranks(to)?;
    }
    Ok(command)
}

/// Records what a sail came to; what is wrong with it is said beside the form.
pub(super) async fn record_figures(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let id = parse(&id)?;
    let state = web.app.charter(&id).await?;
    let mut form = afterwards::Form::sent(fields);
    let (status, form) = match form.command(&state) {
        None => (StatusCode::UNPROCESSABLE_ENTITY, form),
        Some(command) => {
            let done = web.app.run_once(&id, &command, &user.caller(), form.key()).await;
            match Outcome::of(form, done)? {
                Outcome::Done => {
                    return Ok(Redirect::to(&at(format_args!("/charters/{id}#figures"))).into_response());
                }
                Outcome::Again(form) => (StatusCode::CONFLICT, form),
            }
        }
    };
    Ok((status, charter_page(&web, &user, &id, Some(form)).await?).into_response())
}

/// Writes to everyone aboard, or a note for the office.
pub(super) async fn write(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(form): Form<thread::Form>,
) -> Result<Response, PageError> {
    let id = parse(&id)?;
    web.app.run_once(&id, &form.command()?, &user.caller(), &form.key).await?;
    Ok(Redirect::to(&at(format_args!("/charters/{id}#thread"))).into_response())
}

/// Makes a change of the call.
pub(super) async fn change(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(change): Form<Change>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    command(&web, &user, &id, &change.command(&state, &web.app.operator.policy, web.app.clock.now())?).await
}

async fn command(web: &Web, user: &OfficeUser, id: &str, command: &Command) -> Result<Response, PageError> {
    let id = parse(id)?;
    web.app.run(&id, command, &user.caller()).await?;
    Ok(Redirect::to(&at(format_args!("/charters/{id}"))).into_response())
}

fn parse(id: &str) -> Result<CharterId, PageError> {
    id.parse().map_err(|problem| PageError::BadRequest(format!("The charter's id {problem}.")))
}

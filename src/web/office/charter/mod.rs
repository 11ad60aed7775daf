//! The page of one charter, and all that is done with it there.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `page` | the facts, and what is done with the whole of it |
//! | `position` | of each position what was, what is and what comes |
//! | `plan` | what comes, as a table beside another |
//! | `start` | what it is to begin the call |
//! | `first_mail` | the very mail to whoever is asked first because of a change |
//! | `controls`, `change` | how the office steps in: the buttons; what a change would do, and the change |
//! | `reschedule` | another time, vessel, dock, other guests or seats |
//! | `afterwards` | what the sail came to |
//! | `thread` | the conversation, and all that happened |

mod afterwards;
mod change;
mod controls;
mod first_mail;
mod page;
mod plan;
mod position;
mod reschedule;
mod start;
mod thread;

use axum::Form;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::cascade::{CharterState, Command, Plan, Preview};
use crewcall_dispatch::model::{CharterId, CrewId};
use maud::html;

use super::board::watch;
use super::{frame, names, office_page, stopped};
use crate::app::AppError;
use crate::random;
use crate::web::base::at;
use crate::web::error::refusal;
use crate::web::layout::for_changes;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web, mail_frame};
use crate::words;

use afterwards::Outcome;
use change::{Change, Done};
use first_mail::FirstMail;
use position::Shown;

/// One charter: its seats, its offers, its history.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    charter_page(&web, &user, &parse(&id)?, done, None).await
}

/// The same with a form on it that was sent and has faults.
async fn charter_page(
    web: &Web,
    user: &OfficeUser,
    id: &CharterId,
    done: Done,
    sent: Option<afterwards::Form>,
) -> Result<Response, PageError> {
    let seen = web.live.seen();
    let (state, plan) = match web.app.plan(id, &user.caller()).await {
        Ok((state, plan)) => (state, Ok(plan)),
        Err(AppError::Rejected(rejection)) => (web.app.charter(id).await?, Err(refusal(&rejection))),
        Err(error) => return Err(error.into()),
    };
    let audit = web.app.audit(id).await?;
    let mut shown = words::people(&state, &audit);
    shown.extend(done.person());
    shown.extend(plan.iter().flat_map(Plan::people).cloned());
    let names = names(web, shown).await?;
    let bound = state.offers.iter().filter(|offer| offer.binds()).map(|offer| offer.crew_id.clone());
    let people = web.app.crew_members(&bound.collect::<Vec<_>>()).await?;
    let (zone, now) = (&web.app.operator.zone, web.app.clock.now());
    let keys = (random::token::<10>()?, random::token::<10>()?);
    let sailed = now >= state.charter.departs_at && state.cancelled_at.is_none();
    let roster = if sailed { web.app.roster().await? } else { Vec::new() };
    let sent = sent.unwrap_or_else(|| afterwards::Form::of(&state));
    let way = web.app.mail_way().await?;
    let opened = web.app.openings(&state.offers).await?;
    let (operator, plan) = (&web.app.operator, &plan);
    let (names, people) = (&names, &*people);
    let shown = Shown { state: &state, plan, audit: &audit, opened: &opened, names, people, operator, now };
    let body = html! {
        (watch(web, seen, Some(id)))
        (stopped::mail_stopped(&way, zone))
        @if let Some(done) = done.words(names) { p.news role="status" { "✓ Done: " (done) "." } }
        (page::render(&shown))
        @if sailed { (afterwards::render(&state, &sent, names, &roster, &web.app.operator, &keys.1)) }
        (thread::render(&state, &audit, names, zone, now, &keys.0))
    };
    Ok(frame(web, user, id.as_str(), body))
}

/// Shows what it is to begin to ask.
pub(in crate::web) async fn preview_start(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    let preview = web.app.preview(&state, &Command::Start, &user.caller()).await?;
    let mail = FirstMail::of(&web, &preview).await?;
    let names = names(&web, people(&preview)).await?;
    let body = start::render(&state, &preview, &mail, &names, &web.app.operator.zone);
    Ok(mail_frame::around(office_page(&web, &user, "Start the call", for_changes(&user, body))))
}

/// The mail to whoever would be asked first if the call began, by itself.
pub(in crate::web) async fn mail_of_start(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    mail_of(&web, &web.app.preview(&state, &Command::Start, &user.caller()).await?).await
}

/// The mail to whoever would be asked first because of a change, by itself.
pub(in crate::web) async fn mail_of_change(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(change): Query<Change>,
) -> Result<Response, PageError> {
    mail_of(&web, &Rehearsed::of(&web, &user, &id, change).await?.preview).await
}

async fn mail_of(web: &Web, preview: &Preview) -> Result<Response, PageError> {
    match FirstMail::of(web, preview).await?.mail {
        Some(Ok(mail)) => Ok(mail_frame::mail(&mail.html)),
        Some(Err(why)) => Err(PageError::BadRequest(format!("The mail cannot be written: {why}."))),
        None => Err(PageError::BadRequest("There is no mail to show: nobody would be asked at once.".into())),
    }
}

/// Begins to ask.
pub(in crate::web) async fn start(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    command(&web, &user, &id, &Command::Start, "start", None).await
}

/// Shows what a change of the call would do.
pub(in crate::web) async fn preview(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(change): Query<Change>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let rehearsed = Rehearsed::of(&web, &user, &id, change).await?;
    let mut shown = people(&rehearsed.preview);
    shown.extend(rehearsed.change.people());
    let names = names(&web, shown).await?;
    let first = FirstMail::of(&web, &rehearsed.preview).await?;
    let address = at(format_args!("/charters/{id}/change/mail?{}", query.unwrap_or_default()));
    let mail = first.mail.is_some().then(|| first.render(&address));
    let departed = web.app.clock.now() >= rehearsed.state.charter.departs_at;
    let body = change::render(&rehearsed, mail, &names, &web.app.operator.zone, departed);
    Ok(mail_frame::around(office_page(&web, &user, "Change the call", for_changes(&user, body))))
}

/// A change of the call, and what it would do.
struct Rehearsed {
    state: CharterState,
    change: Change,
    command: Command,
    preview: Preview,
}

impl Rehearsed {
    async fn of(web: &Web, user: &OfficeUser, id: &str, change: Change) -> Result<Self, PageError> {
        let id = parse(id)?;
        let (state, change) = if change.is_move() {
            let (state, plan) = web.app.plan(&id, &user.caller()).await?;
            let change = change.in_order(&state, &plan)?;
            (state, change)
        } else {
            (web.app.charter(&id).await?, change)
        };
        let command = change.command(&state, &web.app.operator.policy, web.app.clock.now())?;
        let preview = named(web, web.app.preview(&state, &command, &user.caller()).await).await?;
        Ok(Self { state, change, command, preview })
    }
}

/// Shows what a change of the charter would do.
pub(in crate::web) async fn preview_reschedule(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(form): Query<reschedule::Form>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let (state, preview) = rescheduled(&web, &user, &id, &form).await?;
    let first = FirstMail::of(&web, &preview).await?;
    let address = at(format_args!("/charters/{id}/reschedule/mail?{}", query.unwrap_or_default()));
    let mail = first.mail.is_some().then(|| first.render(&address));
    let names = names(&web, people(&preview)).await?;
    let body = reschedule::render(&state, &preview, mail, &names, &web.app.operator.zone);
    Ok(mail_frame::around(office_page(&web, &user, "Change the charter", for_changes(&user, body))))
}

/// The mail to whoever would be asked first because of a change of the charter, by itself.
pub(in crate::web) async fn mail_of_reschedule(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(form): Query<reschedule::Form>,
) -> Result<Response, PageError> {
    mail_of(&web, &rescheduled(&web, &user, &id, &form).await?.1).await
}

async fn rescheduled(
    web: &Web,
    user: &OfficeUser,
    id: &str,
    form: &reschedule::Form,
) -> Result<(CharterState, Preview), PageError> {
    let state = web.app.charter(&parse(id)?).await?;
    let command = reschedule_command(web, &state, form)?;
    let preview = named(web, web.app.preview(&state, &command, &user.caller()).await).await?;
    Ok((state, preview))
}

/// Where somebody stands in the way of something, that is said with their name.
async fn named<T>(web: &Web, done: Result<T, AppError>) -> Result<T, PageError> {
    match done {
        Err(AppError::Rejected(rejection)) => {
            let Some(id) = rejection.about().cloned() else {
                return Err(AppError::Rejected(rejection).into());
            };
            let names = names(web, vec![id.clone()]).await?;
            let words = refusal(&rejection).replacen(id.as_str(), names.get(&id), 1);
            Err(PageError::Refused(words))
        }
        done => Ok(done?),
    }
}

/// Makes a change of the charter.
pub(in crate::web) async fn reschedule(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(form): Form<reschedule::Form>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    command(&web, &user, &id, &reschedule_command(&web, &state, &form)?, "reschedule", None).await
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
pub(in crate::web) async fn record_figures(
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
                    return Ok(Redirect::to(&at(format_args!("/charters/{id}?done=figures#figures")))
                        .into_response());
                }
                Outcome::Again(form) => (StatusCode::CONFLICT, form),
            }
        }
    };
    Ok((status, charter_page(&web, &user, &id, Done::default(), Some(form)).await?).into_response())
}

/// Writes to everyone aboard, or a note for the office.
pub(in crate::web) async fn write(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(form): Form<thread::Form>,
) -> Result<Response, PageError> {
    let id = parse(&id)?;
    let command = form.command()?;
    let what = if matches!(command, Command::Post { .. }) { "post" } else { "note" };
    web.app.run_once(&id, &command, &user.caller(), &form.key).await?;
    Ok(Redirect::to(&at(format_args!("/charters/{id}?done={what}#thread"))).into_response())
}

/// Makes a change of the call.
pub(in crate::web) async fn change(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(change): Form<Change>,
) -> Result<Response, PageError> {
    let state = web.app.charter(&parse(&id)?).await?;
    let made = change.command(&state, &web.app.operator.policy, web.app.clock.now())?;
    command(&web, &user, &id, &made, change.what(), change.person().as_ref()).await
}

/// Runs it, and leads to the charter's page, which says that it is done.
async fn command(
    web: &Web,
    user: &OfficeUser,
    id: &str,
    command: &Command,
    what: &str,
    crew: Option<&CrewId>,
) -> Result<Response, PageError> {
    let id = parse(id)?;
    named(web, web.app.run(&id, command, &user.caller()).await).await?;
    let crew = crew.map_or_else(String::new, |crew| format!("&crew={crew}"));
    Ok(Redirect::to(&at(format_args!("/charters/{id}?done={what}{crew}"))).into_response())
}

/// Everyone whom a preview names; some more than once.
fn people(preview: &Preview) -> Vec<CrewId> {
    let events = words::people(&preview.state, &preview.events);
    preview.people().cloned().chain(events).collect()
}

fn parse(id: &str) -> Result<CharterId, PageError> {
    id.parse().map_err(|problem| PageError::BadRequest(format!("The charter's id {problem}.")))
}

//! The pages of a month of pay.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `month` | the month: its people and its charters |
//! | `needs` | what of it needs a look, on top |
//! | `adjustments` | bonuses and deductions, with their form |
//! | `mails` | how the mails stand, and the buttons that send them |
//! | `person` | one person's statement |
//! | `steps` | what the buttons do |
//! | `files` | the month as files |
//! | `refused` | why something was not done, and the way back |

mod adjustments;
mod files;
mod mails;
mod month;
mod needs;
mod person;
mod refused;
mod steps;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::model::{CrewId, Month};
use maud::{Markup, html};

use super::{frame, stopped};
use crate::random;
use crate::statement::{self, StatementError};
use crate::web::base::at;
use crate::web::error::sentence;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

pub(in crate::web) use files::{owner_file, payroll, person_file};
pub(in crate::web) use refused::refused;
pub(in crate::web) use steps::{approve, enter, send, settle, take_back};

/// The last month that is over, which is the one that is to be approved next.
pub(in crate::web) async fn latest(State(web): State<Web>, _: OfficeUser) -> Response {
    Redirect::to(&path(this_month(&web).plus(-1))).into_response()
}

/// One month: who is paid what, for which charters, and what needs a look.
pub(in crate::web) async fn month(
    State(web): State<Web>,
    user: OfficeUser,
    Path(month): Path<String>,
) -> Result<Response, PageError> {
    let month = parse(&month)?;
    let view = statement::month(&web.app, month).await?;
    let roster = if view.is_approved() { Vec::new() } else { web.app.roster().await? };
    let key = random::token::<10>()?;
    let shown = month::Shown {
        without_address: without_address(&web, &view).await?,
        unsent: statement::unsent(&web.app, &view),
        is_over: month < this_month(&web),
        roster: &roster,
        operator: &web.app.operator,
        view: &view,
        key: &key,
    };
    let way = web.app.mail_way().await?;
    let body = html! { (stopped::mail_stopped(&way, &web.app.operator.zone)) (shown.render()) };
    Ok(frame(&web, &user, &format!("Statements, {}", month.name()), body))
}

/// One person's statement, line by line.
pub(in crate::web) async fn person(
    State(web): State<Web>,
    user: OfficeUser,
    Path((month, crew_id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (month, crew_id) = (parse(&month)?, parse_person(&crew_id)?);
    let view = statement::month(&web.app, month).await?;
    let Some(of) = view.draft.of(&crew_id) else {
        return Err(StatementError::NoStatement { crew_id, month }.into());
    };
    let body = person::render(&view, of, &web.app.operator);
    Ok(frame(&web, &user, &format!("{}, {}", of.name, month.name()), body))
}

/// Those with a statement to whom no mail can go, as the roster is now. Whoever has theirs needs no address any more, and
/// of a mail that was tried it is told what came of it.
async fn without_address(web: &Web, view: &statement::MonthView) -> Result<Vec<CrewId>, PageError> {
    let ids: Vec<CrewId> = view
        .draft
        .statements
        .iter()
        .map(|statement| statement.crew_id.clone())
        .filter(|crew_id| !mails::was_tried(view, crew_id))
        .collect();
    let members = web.app.crew_members(&ids).await?;
    let reached =
        |crew_id: &CrewId| members.iter().any(|member| member.crew_id == *crew_id && member.email.is_some());
    Ok(ids.into_iter().filter(|crew_id| !reached(crew_id)).collect())
}

/// The month that it is where the operator is.
fn this_month(web: &Web) -> Month {
    Month::of(web.app.operator.zone.to_datetime(web.app.clock.now()).date())
}

/// Where the page of a month is.
fn path(month: Month) -> String {
    at(format_args!("/statements/{month}"))
}

fn charter(id: &crewcall_dispatch::model::CharterId, says: impl std::fmt::Display) -> Markup {
    html! { a href=(at(format_args!("/charters/{id}"))) { (says) } }
}

fn parse(month: &str) -> Result<Month, PageError> {
    month.parse().map_err(|problem: String| PageError::BadRequest(sentence(&problem)))
}

fn parse_person(id: &str) -> Result<CrewId, PageError> {
    id.parse().map_err(|problem| PageError::BadRequest(format!("The person's id {problem}.")))
}

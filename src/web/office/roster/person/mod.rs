//! One person of the roster: the record, what is ahead of them, leaving and coming back.

mod form;
mod page;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::model::{CrewId, CrewMember};
use serde::Deserialize;

use super::{find, person_at, today};
use crate::app::Edited;
use crate::web::office::filled::Filled;
use crate::web::office::frame;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};
use page::Person;

/// What a page is the answer to.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct After {
    saved: String,
}

/// What the form of leaving says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Leaving {
    left: String,
}

/// Somebody's page.
pub(in crate::web) async fn person(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Query(after): Query<After>,
) -> Result<Response, PageError> {
    let member = find(&web, &id).await?;
    let roster = web.app.roster().await?;
    let values = form::values_of(&member);
    let form = form::fill(&values, &values, &roster);
    view(&web, &user, &member, &roster, &form, !after.saved.is_empty()).await
}

async fn view(
    web: &Web,
    user: &OfficeUser,
    member: &CrewMember,
    roster: &[CrewMember],
    form: &Filled,
    is_saved: bool,
) -> Result<Response, PageError> {
    let sails = web.app.sails_of(&member.crew_id).await?;
    let refused = web.app.refused(std::slice::from_ref(member)).await?;
    let page = Person {
        operator: &web.app.operator,
        roster,
        member,
        refused: refused.get(&member.crew_id),
        sails: &sails,
        today: today(web),
        is_saved,
    };
    Ok(frame(web, user, &member.name, page.render(form)))
}

/// Takes what was changed of somebody's record.
pub(in crate::web) async fn save(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let member = find(&web, &id).await?;
    let roster = web.app.roster().await?;
    let mut form = Filled::sent(fields);
    let values = form::read(&mut form, &roster);
    let Some(edits) = form::edits(&form, &values) else {
        return Err(PageError::BadRequest("The form was not whole. Open the page anew.".into()));
    };
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if form.is_sound() {
        match web.app.edit_member(&member.crew_id, &edits, &user.caller()).await? {
            Edited::Done => {
                return Ok(Redirect::to(&format!("{}?saved=yes", person_at(&member.crew_id))).into_response());
            }
            Edited::Nobody => return Err(PageError::BadRequest(format!("{id} is not on the roster."))),
            Edited::Faults(faults) => form::refuse(&mut form, &faults),
            Edited::Meanwhile(meanwhile) => {
                status = StatusCode::CONFLICT;
                let member = find(&web, &id).await?;
                form = form::again(&edits, &meanwhile, &member, &roster);
            }
        }
    }
    let member = find(&web, &id).await?;
    Ok((status, view(&web, &user, &member, &roster, &form, false).await?).into_response())
}

/// Somebody leaves, or is back.
pub(in crate::web) async fn leave(
    State(web): State<Web>,
    user: OfficeUser,
    Path(id): Path<String>,
    Form(form): Form<Leaving>,
) -> Result<Response, PageError> {
    let member = find(&web, &id).await?;
    let left = match form.left.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(PageError::BadRequest("Go back and press one of the buttons.".into())),
    };
    web.app.mark_left(&member.crew_id, left, &user.caller()).await?;
    Ok(Redirect::to(&format!("{}?saved=yes", person_at(&member.crew_id))).into_response())
}

/// The form for somebody new.
pub(in crate::web) async fn blank(State(web): State<Web>, user: OfficeUser) -> Result<Response, PageError> {
    let roster = web.app.roster().await?;
    let body = page::new(&Filled::default(), &web.app.operator, &roster);
    Ok(frame(&web, &user, "Add a person", body))
}

/// Adds somebody.
pub(in crate::web) async fn add(
    State(web): State<Web>,
    user: OfficeUser,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let roster = web.app.roster().await?;
    let mut form = Filled::sent(fields);
    let values = form::read(&mut form, &roster);
    let id = form.given("crew_id").unwrap_or_else(|| form::id_of(form.get("name")));
    if form.is_sound() {
        match web.app.add_member(form::record_of(&id, &values), &user.caller()).await? {
            Ok(member) => {
                return Ok(Redirect::to(&format!("{}?saved=yes", person_at(&member.crew_id))).into_response());
            }
            Err(faults) => form::refuse(&mut form, &faults),
        }
    }
    let body = page::new(&form, &web.app.operator, &roster);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, frame(&web, &user, "Add a person", body)).into_response())
}

/// The order of asking.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Move {
    /// Two ids: the first is asked directly before the second.
    #[serde(rename = "move")]
    ids: String,
}

/// Has somebody asked before somebody else.
pub(in crate::web) async fn reorder(
    State(web): State<Web>,
    user: OfficeUser,
    Form(form): Form<Move>,
) -> Result<Response, PageError> {
    let pair =
        form.ids.split_once(' ').and_then(|(one, other)| Some((one.parse().ok()?, other.parse().ok()?)));
    let Some((one, other)): Option<(CrewId, CrewId)> = pair else {
        return Err(PageError::BadRequest("Go back and press one of the arrows.".into()));
    };
    if let Err(fault) = web.app.ask_before(&one, &other, &user.caller()).await? {
        return Err(PageError::BadRequest(format!(
            "{}. Open the roster anew.",
            crate::times::capital(&fault.problem)
        )));
    }
    Ok(Redirect::to(&crate::web::base::at(format_args!("/roster#crew-{one}"))).into_response())
}

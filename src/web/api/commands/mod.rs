//! `/charters/{id}/commands`: how the office steps in. `/preview` takes the same and changes nothing.

mod forms;
mod meaning;
mod request;

use axum::Json;
use axum::extract::State;

use super::Problem;
use super::body::Body;
use super::caller::{ApiCaller, CharterPath, Key};
use super::views::{CharterView, PreviewView};
use crate::app::Caller;
use crate::aside::aside;
use crate::web::Web;
use crate::words;
use request::CommandRequest;

/// Step in
///
/// What is due comes before what the command says. It is carried out as a whole or not at all. 409 where the rules
/// refuse it.
#[utoipa::path(
    post, path = "/charters/{charter_id}/commands", operation_id = "give_command", tag = "charters", request_body = CommandRequest,
    params(
        ("charter_id" = String, Path),
        Key
    ),
    responses(
        (status = 200, body = CharterView, description = "The charter as it is now"),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn give(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    CharterPath(id): CharterPath,
    Key(key): Key,
    Body { value, text }: Body<CommandRequest>,
) -> Result<Json<CharterView>, Problem> {
    let once = key.map(|key| web.app.once(&format!("commands/{id}"), &caller, &key, &text));
    let state = web.app.charter(&id).await?;
    // What a command means may have changed by its own effect, so this comes first.
    if let Some(once) = &once
        && web.app.was_carried_out(once).await?
    {
        return Ok(Json(CharterView::new(&state, &web.app)));
    }
    let caller = Caller { comment: value.comment(), ..caller };
    let command = value.command(&web, &state).await?;
    let state = web.app.run_under(once.as_ref(), &id, &command, &caller).await?;
    Ok(Json(CharterView::new(&state, &web.app)))
}

/// What a command would do
///
/// Nothing is changed and nobody is asked: the same command can be given afterwards.
#[utoipa::path(
    post, path = "/charters/{charter_id}/preview", operation_id = "preview_command", tag = "charters", request_body = CommandRequest,
    params(("charter_id" = String, Path)),
    responses(
        (status = 200, description = "What comes as it is, and with the command", body = PreviewView),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn preview(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    CharterPath(id): CharterPath,
    Body { value, .. }: Body<CommandRequest>,
) -> Result<Json<PreviewView>, Problem> {
    let state = web.app.charter(&id).await?;
    let caller = Caller { comment: value.comment(), ..caller };
    let command = value.command(&web, &state).await?;
    let preview = web.app.preview(&state, &command, &caller).await?;
    let names = web.app.crew_names(&words::people(&preview.state, &preview.events)).await?;
    Ok(Json(aside(|| PreviewView::new(state.status(), &preview, &names, &web.app.operator.zone))))
}

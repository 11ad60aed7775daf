//! `/charters/{id}/thread`: the conversation of a charter.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use crewcall_dispatch::cascade::{AuditEvent, Command};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::body::Body;
use super::caller::{ApiCaller, CharterPath, Key, Params};
use super::charters::limit;
use super::fields::{Message, page, word};
use super::views::{EventView, Thread};
use crate::web::Web;
use crate::words;

/// Events in one answer, unless fewer are asked for.
const PAGE: usize = 500;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ThreadQuery {
    /// Those after this `seq`; all of them if it is not given
    #[param(value_type = Option<i64>, minimum = 0)]
    after: Option<String>,
    #[param(required = false, schema_with = page::<PAGE>)]
    limit: Option<String>,
}

/// Everything that was mailed, answered, written, noted and done
#[utoipa::path(
    get, path = "/charters/{charter_id}/thread", operation_id = "read_thread", tag = "thread",
    params(("charter_id" = String, Path), ThreadQuery),
    responses(
        (status = 200, description = "The events, in order", body = Thread),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn read(
    State(web): State<Web>,
    _: ApiCaller,
    CharterPath(id): CharterPath,
    Params(which): Params<ThreadQuery>,
) -> Result<Json<Thread>, Problem> {
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, "after takes the seq of an event, a whole number.");
    // Bounded as the description says (int64).
    let after: i64 = which.after.as_deref().unwrap_or("0").parse().map_err(|_| wrong())?;
    let after = u64::try_from(after).map_err(|_| wrong())?;
    let limit = limit(which.limit.as_deref(), PAGE)?;
    let state = web.app.charter(&id).await?;
    let (events, more) = web.app.audit_page(&id, after, limit).await?;
    let names = web.app.crew_names(&words::people(&state, &events)).await?;
    let zone = &web.app.operator.zone;
    let events = events.iter().map(|event| EventView::new(event, &state, &names, zone)).collect();
    Ok(Json(Thread { events, more }))
}

/// Something to write.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    /// For whom it is
    #[serde(deserialize_with = "word")]
    to: To,
    /// What is to be said
    text: Message,
}

/// For whom a text is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum To {
    /// Everyone aboard: each gets it by mail
    Crew,
    /// The office alone, as a note
    Office,
}

/// Write to everyone aboard, or a note for the office
#[utoipa::path(
    post, path = "/charters/{charter_id}/thread", operation_id = "write_to_thread", tag = "thread", request_body = Text,
    params(
        ("charter_id" = String, Path),
        Key
    ),
    responses(
        (status = 200, body = EventView, description = "What stands in the conversation now"),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn write(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    CharterPath(id): CharterPath,
    Key(key): Key,
    Body { value, text }: Body<Text>,
) -> Result<Json<EventView>, Problem> {
    let words = value.text.0;
    let command = match value.to {
        To::Crew => Command::Post { text: words.clone() },
        To::Office => Command::Note { text: words.clone() },
    };
    let once = key.map(|key| web.app.once(&format!("thread/{id}"), &caller, &key, &text));
    let state = web.app.run_under(once.as_ref(), &id, &command, &caller).await?;
    // The last one of theirs that says that; sent again under its key, too.
    let written = |event: &AuditEvent| event.by == caller.by && words::said(event) == Some(&words);
    let event = web.app.last_event(&id, written).await?.ok_or_else(|| {
        let detail = "It was written, and cannot be shown; read the thread.";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    })?;
    let names = web.app.crew_names(&words::people(&state, std::slice::from_ref(&event))).await?;
    Ok(Json(EventView::new(&event, &state, &names, &web.app.operator.zone)))
}

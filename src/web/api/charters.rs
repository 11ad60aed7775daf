//! `/charters`: booking sails, and looking at them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use crewcall_dispatch::model::{Booking, Fault, PositionNeed};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::body::Body;
use super::caller::{ApiCaller, CharterPath, Key, Params};
use super::fields::{CharterId, Guests, Name, objects, page};
use super::views::{CharterView, Charters, PlanView, Position};
use super::{PATH, Problem};
use crate::aside::aside;
use crate::web::Web;

/// Charters in one answer, unless fewer are asked for.
const PAGE: usize = 100;
/// How long a sail is listed after its departure, unless `from` says otherwise.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Which charters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Departures from this instant on (RFC 3339); those of the last day and all to come if it is not given
    #[param(format = DateTime)]
    from: Option<String>,
    #[param(required = false, schema_with = page::<PAGE>)]
    limit: Option<String>,
    /// The `next` of the page before; `from` does not matter then
    after: Option<String>,
}

/// How many, as a query says it.
pub(super) fn limit(text: Option<&str>, most: usize) -> Result<usize, Problem> {
    let Some(text) = text else { return Ok(most) };
    let read = text.parse().ok().filter(|limit| (1..=most).contains(limit));
    let wrong = || Problem::new(StatusCode::BAD_REQUEST, format!("limit takes a number from 1 to {most}."));
    read.ok_or_else(wrong)
}

/// Charters by departure
#[utoipa::path(
    get, path = "/charters", operation_id = "list_charters", tag = "charters", params(ListQuery),
    responses(
        (status = 200, description = "The charters, the earliest first", body = Charters),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(web): State<Web>,
    _: ApiCaller,
    Params(which): Params<ListQuery>,
) -> Result<Json<Charters>, Problem> {
    let from = match which.from.as_deref().map(str::parse::<Timestamp>) {
        Some(Ok(from)) => from,
        None => web.app.clock.now() - KEPT,
        Some(Err(_)) => {
            let detail = "from takes an instant such as 2026-06-27T00:00:00-07:00.";
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
    };
    let limit = limit(which.limit.as_deref(), PAGE)?;
    let cursor = |after: &&str| {
        after.split_once('/').is_some_and(|(at, id)| at.parse::<i64>().is_ok() && !id.is_empty())
    };
    if which.after.as_deref().is_some_and(|after| !cursor(&after)) {
        let detail = "after takes the next of the page before, as it was.";
        return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
    }
    let (charters, next) = web.app.charters_page(from, which.after.as_deref(), limit).await?;
    Ok(Json(Charters {
        charters: charters.iter().map(|state| CharterView::new(state, &web.app)).collect(),
        next,
    }))
}

/// A charter to be crewed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "charter_id": "charter_5678", "vessel": "America", "departs_at": "2026-06-27T16:00:00-07:00",
    "returns_at": "2026-06-27T19:00:00-07:00", "call_time": "2026-06-27T15:15:00-07:00",
    "dock": "Shelter Island, pier 3", "guests": 6, "gross_revenue": "1450.00",
    "positions": [{ "position": "captain", "quantity": 1 }, { "position": "deckhand", "quantity": 2 }],
}))]
pub(super) struct NewCharter {
    /// The id that the booking gave it: letters, digits, `-`, `_`, `.`, `:` and `@`
    #[schema(value_type = CharterId)]
    charter_id: String,
    /// The boat
    #[schema(value_type = Name)]
    vessel: String,
    /// Departure: with an offset, or local time of the operator
    departs_at: String,
    /// Return, as `departs_at`
    returns_at: String,
    /// When the crew has to be aboard, as `departs_at`
    call_time: String,
    /// Where the crew boards
    #[schema(value_type = Name)]
    dock: String,
    /// Guests aboard
    #[serde(default)]
    #[schema(value_type = Guests)]
    guests: u32,
    /// What the booking brings in: `1450.00`
    gross_revenue: Option<String>,
    /// What whoever sold the charter keeps of that
    channel_fee: Option<String>,
    /// What the guests gave the crew with the booking
    gratuity: Option<String>,
    /// The charterer takes the boat without a crew
    #[serde(default)]
    bareboat: bool,
    /// The seats to fill: one captain, and the crew
    #[serde(deserialize_with = "objects")]
    positions: Vec<Position>,
}

/// Seats as the rules know them.
pub(super) fn needs(positions: Vec<Position>) -> Result<Vec<PositionNeed>, Problem> {
    let need = |(n, Position { position, quantity }): (usize, Position)| match position.parse() {
        Ok(position) => Ok(PositionNeed { position, quantity }),
        Err(problem) => Err(Problem::fault(&format!("positions[{n}].position"), problem)),
    };
    positions.into_iter().enumerate().map(need).collect()
}

impl NewCharter {
    fn booking(self) -> Result<Booking, Problem> {
        Ok(Booking {
            charter_id: self.charter_id,
            vessel: self.vessel,
            departs_at: self.departs_at,
            returns_at: self.returns_at,
            call_time: self.call_time,
            dock: self.dock,
            guests: self.guests,
            gross_revenue: self.gross_revenue,
            channel_fee: self.channel_fee,
            gratuity: self.gratuity,
            bareboat: self.bareboat,
            positions: needs(self.positions)?,
        })
    }
}

/// Book a charter
///
/// Nobody is asked before the command `start`. The same charter a second time changes nothing.
#[utoipa::path(
    post, path = "/charters", operation_id = "book_charter", tag = "charters", request_body = NewCharter,
    params(Key),
    responses(
        (status = 201, description = "The charter as it is booked", body = CharterView, headers(("Location" = String, description = "Where the charter is"))),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Another charter has that id, or the departure is past"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "A field is wrong"),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn book(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Key(key): Key,
    Body { value, text }: Body<NewCharter>,
) -> Result<impl IntoResponse, Problem> {
    let checked = value.booking()?.check(&web.app.operator.zone);
    let charter = checked.map_err(|faults: Vec<Fault>| Problem::faults(faults))?;
    let id = charter.charter_id.clone();
    let once = key.map(|key| web.app.once("charters", &caller, &key, &text));
    let state = match &once {
        Some(once) if web.app.was_carried_out(once).await? => web.app.charter(&id).await?,
        _ => web.app.book_under(once.as_ref(), charter, &caller).await?,
    };
    Ok((
        StatusCode::CREATED,
        [(LOCATION, format!("{PATH}/charters/{id}"))],
        Json(CharterView::new(&state, &web.app)),
    ))
}

/// One charter
#[utoipa::path(
    get, path = "/charters/{charter_id}", operation_id = "show_charter", tag = "charters",
    params(("charter_id" = String, Path)),
    responses(
        (status = 200, description = "The charter", body = CharterView),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show(
    State(web): State<Web>,
    _: ApiCaller,
    CharterPath(id): CharterPath,
) -> Result<Json<CharterView>, Problem> {
    Ok(Json(CharterView::new(&web.app.charter(&id).await?, &web.app)))
}

/// What the call will do if nobody answers
///
/// Who is asked when, who is passed over and why, and when the list is at its end. 409 where the call cannot be
/// started.
#[utoipa::path(
    get, path = "/charters/{charter_id}/plan", operation_id = "plan_call", tag = "charters",
    params(("charter_id" = String, Path)),
    responses(
        (status = 200, description = "The plan", body = PlanView),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn plan(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    CharterPath(id): CharterPath,
) -> Result<Json<PlanView>, Problem> {
    let (state, plan) = web.app.plan(&id, &caller).await?;
    Ok(Json(aside(|| PlanView::new(state.status(), &plan))))
}

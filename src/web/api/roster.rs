//! `/roster`: the people who are asked.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::model::{CrewId, CrewMember, Rank};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::body::Body;
use super::caller::{ApiCaller, Params};
use super::charters::limit;
use super::fields::{Note, page};
use crate::web::Web;

/// People in one answer, unless fewer are asked for.
const PAGE: usize = 100;

/// The people who can be asked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Roster {
    /// Rank by rank, in the order of asking
    people: Vec<Person>,
    /// Where there are more: the `after` of the next page
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RosterQuery {
    #[param(required = false, schema_with = page::<PAGE>)]
    limit: Option<String>,
    /// The `next` of the page before
    after: Option<String>,
}

/// Somebody who can be asked.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Person {
    /// The id: `dana-reyes`
    crew_id: String,
    /// The name
    name: String,
    /// As what they sail
    rank: String,
    /// Their mail came back, so that they are not asked
    #[serde(skip_serializing_if = "Option::is_none")]
    undeliverable: Option<Undeliverable>,
    /// The whole record, as `crewcall roster import` takes it
    #[schema(value_type = Object)]
    record: Map<String, Value>,
}

/// That mail to somebody was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Undeliverable {
    /// The address
    email: String,
    /// Since when
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// What the mail server said
    error: String,
}

impl Person {
    fn new(member: &CrewMember, refused: &BTreeMap<CrewId, Refused>) -> Self {
        Self {
            crew_id: member.crew_id.to_string(),
            name: member.name.clone(),
            rank: member.rank.to_string(),
            undeliverable: refused.get(&member.crew_id).map(|refused| Undeliverable {
                email: refused.email.to_string(),
                since: refused.at,
                error: refused.error.clone(),
            }),
            record: member.to_record(),
        }
    }
}

/// Everyone who can be asked
#[utoipa::path(
    get, path = "/roster", operation_id = "list_roster", tag = "roster", params(RosterQuery),
    responses(
        (status = 200, description = "The people, rank by rank in the order of asking", body = Roster),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(web): State<Web>,
    _: ApiCaller,
    Params(which): Params<RosterQuery>,
) -> Result<Json<Roster>, Problem> {
    let limit = limit(which.limit.as_deref(), PAGE)?;
    let place = |after: &&str| {
        let mut parts = after.splitn(3, '/');
        parts.next().is_some_and(|rank| rank.parse::<Rank>().is_ok())
            && parts.next().is_some_and(|place| place.parse::<u32>().is_ok())
            && parts.next().is_some_and(|id| id.parse::<CrewId>().is_ok())
    };
    if which.after.as_deref().is_some_and(|after| !place(&after)) {
        let detail = "after takes the next of the page before, as it was.";
        return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
    }
    let (roster, next) = web.app.roster_page(which.after.as_deref(), limit).await?;
    let refused = web.app.refused(&roster).await?;
    Ok(Json(Roster { people: roster.iter().map(|member| Person::new(member, &refused)).collect(), next }))
}

/// Whether mail to somebody arrives.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Contact {
    /// Whether it does
    mail_arrives: bool,
    /// If not: what the mail server said
    reason: Option<Note>,
}

/// Say whether mail to somebody arrives
///
/// Whoever it does not reach is not asked, on any sail, until it does or the address is another one.
#[utoipa::path(
    put, path = "/roster/{crew_id}/contact", operation_id = "set_contact", tag = "roster", request_body = Contact,
    params(("crew_id" = String, Path)),
    responses(
        (status = 200, description = "The person", body = Person),
        (status = "default", description = "It was not carried out: why, and what to do", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn contact(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(id): Path<String>,
    Body { value, .. }: Body<Contact>,
) -> Result<Json<Person>, Problem> {
    let no_such = || Problem::new(StatusCode::NOT_FOUND, format!("Nobody on the roster has the id {id:?}."));
    let crew_id: CrewId = id.parse().map_err(|_| no_such())?;
    let member = web.app.member(&crew_id).await?.ok_or_else(no_such)?;
    if value.mail_arrives {
        web.app.reachable(&crew_id, &caller).await?;
    } else if member.email.is_none() {
        return Err(Problem::fault("mail_arrives", "cannot be said of somebody without an address"));
    } else {
        let reason =
            value.reason.map_or_else(|| "the office found it returned".to_owned(), |reason| reason.0);
        web.app.unreachable(&member, &reason, &caller).await?;
    }
    let refused = web.app.refused(std::slice::from_ref(&member)).await?;
    Ok(Json(Person::new(&member, &refused)))
}

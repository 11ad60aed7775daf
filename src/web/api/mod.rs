//! The API, for other programs of the office: `/api/v1`, described at `/api/v1/openapi.json`.
//!
//! Each path is written once, beside its description. A program signs in with a token
//! (`Authorization: Bearer …`, RFC 6750) and acts in the name that the token has. An error is a problem document
//! (RFC 9457). A write may carry an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): sent again under
//! its key it is not carried out again.

mod body;
mod caller;
mod charters;
mod commands;
mod fields;
mod problem;
mod roster;
mod thread;
mod views;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::server::Server;
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Web;
pub(super) use problem::Problem;

/// Under this path is everything that programs use.
pub(super) const PATH: &str = "/api/v1";

/// What is said of the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "crewcall",
        description = "Crews boats: asks captains and crew in rank order by mail, and keeps the office told.\n\n\
            A token comes from `crewcall api-token new NAME` and is sent as `Authorization: Bearer …`. Instants in \
            answers are RFC 3339 in UTC. Unknown fields and parameters of a request are refused; answers may get further fields."
    ),
    security(("token" = [])),
    modifiers(&Token),
    tags(
        (name = "charters", description = "Booked sails, and the effort to crew each"),
        (name = "thread", description = "The conversation of a charter"),
        (name = "roster", description = "The people who are asked"),
    )
)]
struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("Made by `crewcall api-token new NAME`"))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// There is no such path under [`PATH`].
pub(super) fn no_such_path() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "The API has no such path; see openapi.json.")
}

/// All paths, each relative to [`PATH`], which is below `base`.
pub(super) fn router(base: &str) -> Router<Web> {
    let (routes, mut openapi) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(charters::list, charters::book))
        .routes(routes!(charters::show))
        .routes(routes!(charters::plan))
        .routes(routes!(commands::give))
        .routes(routes!(commands::preview))
        .routes(routes!(thread::read, thread::write))
        .routes(routes!(roster::list))
        .routes(routes!(roster::contact))
        .split_for_parts();
    openapi.servers = Some(vec![Server::new(format!("{base}{PATH}"))]);
    let openapi = openapi.to_json().unwrap_or_default();
    routes
        .route("/openapi.json", get(async move || ([(CONTENT_TYPE, "application/json")], openapi)))
        .fallback(async || no_such_path())
        .method_not_allowed_fallback(async || {
            let detail = "This path takes another method; the Allow header names those there are.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        })
}

//! Who asks, for what, and under which key: all that stands in the head of a request.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::model::CharterId;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::Problem;
use crate::app::Caller;
use crate::web::Web;

/// The longest key that is taken, in bytes.
const KEY_BYTES: usize = 255;

/// A program with a token; where the office is only tried out, anyone.
pub(super) struct ApiCaller(pub(super) Caller);

impl FromRequestParts<Web> for ApiCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let caller = |name: String| Self(Caller::new(Actor::Office(name), "API"));
        if let Some(tryout) = &web.tryout {
            return Ok(caller(tryout.user().to_owned()));
        }
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = given.and_then(|given| given.split_once(' '));
        let token =
            token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let known = match token {
            Some(token) => web.app.api_token(token).await?,
            None => None,
        };
        known.map(|known| caller(known.name)).ok_or_else(|| {
            let detail = "Send a token that works as Authorization: Bearer …; `crewcall api-token new NAME` makes one.";
            let problem = Problem::new(StatusCode::UNAUTHORIZED, detail);
            if token.is_some() { problem.invalid_token() } else { problem }
        })
    }
}

/// The charter that the path names.
pub(super) struct CharterPath(pub(super) CharterId);

impl FromRequestParts<Web> for CharterPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let id = Path::<String>::from_request_parts(parts, web).await.map(|Path(id)| id).unwrap_or_default();
        let no_such = |problem| Problem::new(StatusCode::NOT_FOUND, format!("The charter's id {problem}."));
        id.parse().map(Self).map_err(no_such)
    }
}

/// The parameters of the query, none of them misspelt.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Web> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Problem> {
        let read = Query::<T>::try_from_uri(&parts.uri);
        read.map(|Query(read)| Self(read)).map_err(|refused| {
            let said = refused.body_text();
            let said = said.rsplit_once("query string: ").map_or(said.as_str(), |(_, said)| said);
            let detail = format!("The parameters of the address cannot be read: {said}; see openapi.json.");
            Problem::new(StatusCode::BAD_REQUEST, detail)
        })
    }
}

/// What the request carries as its `Idempotency-Key`.
pub(super) struct Key(pub(super) Option<String>);

impl IntoParams for Key {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text =
            ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(KEY_BYTES));
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Sent again within a day, by the same caller, to the same path and with the same body, the request is not \
                 carried out again; the answer is the charter as it is then. With another body it is refused (422). A request \
                 that was refused is not remembered"))
            .schema(Some(text.build()));
        vec![key.build()]
    }
}

impl FromRequestParts<Web> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Problem> {
        let mut keys = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = keys.next() else { return Ok(Self(None)) };
        if keys.next().is_some() {
            let detail = "The request has more than one Idempotency-Key; send one.";
            return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
        }
        let key = value.to_str().ok().map(str::trim).filter(|key| (1..=KEY_BYTES).contains(&key.len()));
        key.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| {
            let detail =
                format!("Idempotency-Key takes 1 to {KEY_BYTES} visible ASCII characters, such as a UUID.");
            Problem::new(StatusCode::BAD_REQUEST, detail)
        })
    }
}

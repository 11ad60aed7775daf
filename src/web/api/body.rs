//! Reading what a request carries.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Problem;
use crate::import::json;
use crate::web::Web;
use crate::web::error::sentence;

/// A JSON object, read as strictly as files are.
pub(super) struct Body<T> {
    /// What it says.
    pub(super) value: T,
    /// The same without blanks and in a fixed order: by that a request is known again under its key.
    pub(super) text: String,
}

impl<T: Form> FromRequest<Web> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            let detail = "Send JSON, with the header Content-Type: application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let bytes = Bytes::from_request(request, web).await.map_err(|refused| {
            let detail = "The request is too large, or broke off. Send less at once.";
            Problem::new(refused.status(), detail)
        })?;
        let text = String::from_utf8(bytes.into()).map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "The request is not UTF-8; write it as JSON in UTF-8.")
        })?;
        let unreadable =
            |error: json::NotJson| Problem::new(StatusCode::BAD_REQUEST, sentence(&error.to_string()));
        let value = whole(json::parse(&text).map_err(unreadable)?);
        let text = value.to_string();
        let Value::Object(fields) = value else {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Send one JSON object."));
        };
        Ok(Self { value: T::read(fields)?, text })
    }
}

/// What is read from the fields of an object.
pub(super) trait Form: Sized {
    /// Reads it.
    fn read(fields: Map<String, Value>) -> Result<Self, Problem>;
}

impl<T: DeserializeOwned> Form for T {
    fn read(fields: Map<String, Value>) -> Result<Self, Problem> {
        serde_path_to_error::deserialize(Value::Object(fields))
            .map_err(|error| fault(&error.path().to_string(), &error.inner().to_string()))
    }
}

/// What is wrong with which field, from what serde says of which place.
fn fault(place: &str, said: &str) -> Problem {
    // What is missing has no place, and is named only by the words.
    if let Some(name) = said.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        let field = if place == "." { name.to_owned() } else { format!("{place}.{name}") };
        return Problem::fault(&field, "is missing");
    }
    let problem = if said.starts_with("invalid ") || said.starts_with("unknown ") {
        format!("is not as it should be: {said}")
    } else {
        said.to_owned()
    };
    Problem::fault(place, problem)
}

/// JSON Schema has 6.0 for the whole number that it is, so it is taken as 6.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            // The parser lets no number pass that is not kept exactly.
            Some(float) if number.is_f64() && float.fract() == 0.0 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(list) => list.into_iter().map(whole).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, whole(value))).collect(),
        other => other,
    }
}

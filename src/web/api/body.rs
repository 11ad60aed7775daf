//! Reading what a request carries.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

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

impl<T: DeserializeOwned> FromRequest<Web> for Body<T> {
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
        let value = json::parse(&text).map_err(unreadable)?;
        if !value.is_object() {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Send one JSON object."));
        }
        let text = value.to_string();
        let value = serde_path_to_error::deserialize(value).map_err(|error| {
            let (field, problem) = (error.path().to_string(), error.inner().to_string());
            match field.as_str() {
                "." => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence(&problem)),
                field => Problem::fault(field, format!("is not as it should be: {problem}")),
            }
        })?;
        Ok(Self { value, text })
    }
}

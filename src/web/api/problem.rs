//! What the API says when it does not do what was asked: problem documents (RFC 9457).

use std::borrow::Cow;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::cascade::Rejection;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::Fault;
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::app::AppError;
use crate::store::StoreError;
use crate::web::error::{refusal, sentence};

/// Characters of a sentence that are shown.
const DETAIL_CHARS: usize = 1_000;

/// Why a request was not carried out (RFC 9457). Nothing of it was done, unless `detail` says that this is not certain.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Problem {
    /// `about:blank`: `status` says which kind it is
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words
    title: &'static str,
    /// The HTTP status
    status: u16,
    /// What is wrong and what to do, in a sentence
    detail: String,
    /// Which kind it is, for programs
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    /// Which rule it is that refused it, where `code` is `rejected`
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection: Option<RejectionCode>,
    /// What is wrong with which field
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// Which kind of problem it is; there may be further ones: `rejected`, by the rules; `charter_exists` and is another one;
/// `charter_cancelled`, so that it is restored and not booked; `changed_meanwhile`, look again, then repeat; `key_used` by
/// another request; `store_failed`, repeat in a minute; `no_such_charter`; `field`, which `errors` has; `invalid_token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProblemCode)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    Rejected,
    CharterExists,
    CharterCancelled,
    ChangedMeanwhile,
    KeyUsed,
    StoreFailed,
    NoSuchCharter,
    Field,
    InvalidToken,
}

/// What a rejection by the rules is called.
#[derive(Debug, Serialize)]
pub(in crate::web::api) struct RejectionCode(&'static str);

impl From<&Rejection> for RejectionCode {
    fn from(rejection: &Rejection) -> Self {
        Self(rejection.code())
    }
}

impl PartialSchema for RejectionCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(Rejection::CODES.iter().copied()))
            .description(Some("What a rejection by the rules is called; there may be further ones"))
            .into()
    }
}

impl ToSchema for RejectionCode {
    fn name() -> Cow<'static, str> {
        "Rejection".into()
    }
}

/// What is wrong with a field.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FieldError {
    /// The field: `departs_at`
    field: String,
    /// What is wrong with it and what would be right
    problem: String,
}

impl Problem {
    /// A problem in one sentence.
    pub(in crate::web) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: shortened(detail.into()),
            code: None,
            rejection: None,
            errors: Vec::new(),
        }
    }

    /// A token came along, and is none that works (RFC 6750, section 3.1).
    pub(super) fn invalid_token(self) -> Self {
        self.coded(Code::InvalidToken)
    }

    /// The request can be read, and does not say what it should.
    pub(super) fn faults(faults: Vec<Fault>) -> Self {
        let words: Vec<String> =
            faults.iter().map(|fault| format!("`{}` {}", fault.field, fault.problem)).collect();
        let errors = faults.into_iter().map(|Fault { field, problem }| FieldError {
            field: shortened(field),
            problem: shortened(problem),
        });
        Self {
            errors: errors.take(limits::FAULTS_SHOWN).collect(),
            code: Some(Code::Field),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence(&words.join("; ")))
        }
    }

    fn coded(self, code: Code) -> Self {
        Self { code: Some(code), ..self }
    }

    /// The same for one field.
    pub(super) fn fault(field: &str, problem: impl Into<String>) -> Self {
        Self::faults(vec![Fault::new(field, problem.into())])
    }
}

/// What was sent is quoted, and may be long.
fn shortened(text: String) -> String {
    match text.char_indices().nth(DETAIL_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let (status, code) = match &error {
            AppError::NoSuchCharter(id) => {
                return Self::new(StatusCode::NOT_FOUND, format!("No charter has the id {id}."))
                    .coded(Code::NoSuchCharter);
            }
            AppError::UnknownRank(rank, known) => {
                return Self::fault(
                    "positions",
                    format!("name {rank}, which is no rank here; there are {known}"),
                );
            }
            AppError::Superseded(_) | AppError::Contended(_) => {
                let detail = "Others changed the same thing at this moment. Look at it again, then repeat the request.";
                return Self::new(StatusCode::CONFLICT, detail).coded(Code::ChangedMeanwhile);
            }
            AppError::Partly { why, .. } => {
                tracing::error!(error = %why, "what was to be written was written in part");
                let detail = format!("{} Repeat the request in a minute.", sentence(&error.to_string()));
                return Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).coded(Code::StoreFailed);
            }
            AppError::Store(inner) => {
                tracing::error!(error = %inner, "the store failed under the API");
                let saved = if inner.is_without_effect() {
                    "Nothing was saved."
                } else {
                    "It is not certain that it was saved."
                };
                let detail = format!(
                    "{saved} Repeat the request in a minute; if it changes something, under the same Idempotency-Key."
                );
                return Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).coded(Code::StoreFailed);
            }
            AppError::CharterCancelled(id) => {
                let detail =
                    format!("The charter {id} was cancelled; the command restore calls it on again.");
                return Self::new(StatusCode::CONFLICT, detail).coded(Code::CharterCancelled);
            }
            AppError::Rejected(rejection) => {
                let refused = Self::new(StatusCode::CONFLICT, refusal(rejection)).coded(Code::Rejected);
                return Self { rejection: Some(rejection.into()), ..refused };
            }
            AppError::CharterExists(_) => (StatusCode::CONFLICT, Code::CharterExists),
            AppError::KeyUsed => (StatusCode::UNPROCESSABLE_ENTITY, Code::KeyUsed),
        };
        Self::new(status, sentence(&error.to_string())).coded(code)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                let challenge = match self.code {
                    Some(Code::InvalidToken) => "Bearer realm=\"crewcall\", error=\"invalid_token\"",
                    _ => "Bearer realm=\"crewcall\"",
                };
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
            }
            _ => {}
        }
        (status, headers, Json(self)).into_response()
    }
}

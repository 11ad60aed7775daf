//! The one place where an error becomes a page. What is inside goes to the log, never to the page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::layout;
use crate::app::AppError;
use crate::store::StoreError;

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum PageError {
    /// Nobody is signed in.
    SignIn,
    /// The command was rejected, or there is no such thing.
    App(AppError),
    /// What was sent cannot be read: what it is, and what to do.
    BadRequest(String),
}

/// A page, or why there is none.
pub(crate) type Failure = PageError;

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title, words) = match self {
            Self::SignIn => return Redirect::to("/signin").into_response(),
            Self::BadRequest(words) => (StatusCode::BAD_REQUEST, "That could not be read", words),
            Self::App(error) => match &error {
                AppError::NoSuchCharter(id) => (
                    StatusCode::NOT_FOUND,
                    "There is no such charter",
                    format!("No charter has the id {id}."),
                ),
                AppError::Rejected(_) | AppError::CharterExists(_) | AppError::UnknownRank(..) => {
                    (StatusCode::CONFLICT, "That cannot be done", sentence(&error.to_string()))
                }
                AppError::Superseded(_) | AppError::Contended(_) => (
                    StatusCode::CONFLICT,
                    "Someone was faster",
                    "Others changed the same thing at this moment. Go back, look, and try again.".to_owned(),
                ),
                AppError::Store(inner) => {
                    tracing::error!(error = %inner, "the store failed under a page");
                    (
                        StatusCode::SERVICE_UNAVAILABLE,
                        "This did not work just now",
                        "It is not certain that it was saved. Open the page again in a minute: it shows what stands. If it goes on, ring the office."
                            .to_owned(),
                    )
                }
            },
        };
        (status, layout::plain(title, &words)).into_response()
    }
}

/// A clause as a sentence: capital first, full stop last.
pub(super) fn sentence(clause: &str) -> String {
    let mut sentence = crate::times::capital(clause);
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

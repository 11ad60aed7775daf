//! The one place where an error becomes a page. What is inside goes to the log, never to the page.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::cascade::Rejection;
use crewcall_dispatch::model::{CharterId, CrewId};
use maud::html;

use super::base::at;
use super::{layout, office, sign_in};
use crate::app::{AppError, UserError};
use crate::statement::StatementError;
use crate::store::StoreError;

tokio::task_local! {
    /// The page of the office from which a request came, most likely, and how a link to it is called.
    static WAY_BACK: Option<(String, &'static str)>;
}

/// Says where an error page leads back to, beside the board.
pub(super) async fn with_way_back(request: Request, next: Next) -> Response {
    let way = way_back(request.uri().path());
    WAY_BACK.scope(way, next.run(request)).await
}

fn way_back(path: &str) -> Option<(String, &'static str)> {
    let mut parts = path.split('/').skip(1);
    match (parts.next()?, parts.next(), parts.next()) {
        ("charters", Some(id), Some(_)) => {
            let id: CharterId = id.parse().ok()?;
            Some((format!("/charters/{id}"), "To the charter"))
        }
        ("roster", Some(_), _) => Some(("/roster".to_owned(), "To the roster")),
        ("users", ..) => Some(("/users".to_owned(), "To the users")),
        _ => None,
    }
}

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum PageError {
    /// Nobody is signed in; whoever signs in goes to that page then.
    SignIn { to: Option<String> },
    /// Whoever is signed in may look only.
    ReadOnly,
    /// The command was rejected, or there is no such thing.
    App(AppError),
    /// The rules say no, in these words.
    Refused(String),
    /// Nobody on the roster has that id.
    NoSuchPerson(CrewId),
    /// It cannot be done with a user of the office.
    User(UserError),
    /// It cannot be done with a month of pay.
    Statement(StatementError),
    /// What was sent cannot be read: what it is, and what to do.
    BadRequest(String),
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<UserError> for PageError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::Store(error) => error.into(),
            refused => Self::User(refused),
        }
    }
}

impl From<StatementError> for PageError {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::App(error) => Self::App(error),
            other => Self::Statement(other),
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.page(true)
    }
}

/// The same on the pages behind a crew link, from where no way leads to the office's.
#[derive(Debug)]
pub(super) struct CrewPageError(PageError);

impl<E: Into<PageError>> From<E> for CrewPageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for CrewPageError {
    fn into_response(self) -> Response {
        self.0.page(false)
    }
}

impl PageError {
    fn page(self, of_office: bool) -> Response {
        let mut month = None;
        let (status, title, words) = match self {
            Self::Statement(error) => {
                let refused = office::statements::refused(&error);
                month = refused.month;
                (refused.status, refused.title, refused.words)
            }
            Self::SignIn { to } => return Redirect::to(&sign_in::path(to.as_deref())).into_response(),
            Self::ReadOnly => (
                StatusCode::FORBIDDEN,
                "You can look, and not change",
                "Nothing was changed. Whoever may change things here can give you the role for it, under Users.".to_owned(),
            ),
            Self::NoSuchPerson(id) => {
                (StatusCode::NOT_FOUND, "There is no such person", format!("{id} is not on the roster."))
            }
            Self::User(error) => (StatusCode::CONFLICT, "That cannot be done", sentence(&error.to_string())),
            Self::Refused(words) => (StatusCode::CONFLICT, "That cannot be done", words),
            Self::BadRequest(words) => (StatusCode::BAD_REQUEST, "That could not be read", words),
            Self::App(error) => match &error {
                AppError::NoSuchCharter(id) => (
                    StatusCode::NOT_FOUND,
                    "There is no such charter",
                    format!("No charter has the id {id}."),
                ),
                AppError::Rejected(rejection) => {
                    (StatusCode::CONFLICT, "That cannot be done", refusal(rejection))
                }
                AppError::CharterExists(_) | AppError::CharterCancelled(_) | AppError::UnknownRank(..) => {
                    (StatusCode::CONFLICT, "That cannot be done", sentence(&error.to_string()))
                }
                AppError::Superseded(_) | AppError::Contended(_) | AppError::KeyUsed => (
                    StatusCode::CONFLICT,
                    "Someone was faster",
                    "Others changed the same thing at this moment. Go back, look, and try again.".to_owned(),
                ),
                AppError::Partly { written, of, why } => {
                    tracing::error!(error = %why, "what was to be written was written in part");
                    let words = format!(
                        "Of {of} people {written} are saved, and of the others it is not certain. Open the page again in a minute: \
                         it shows what stands; send once more what is missing."
                    );
                    (StatusCode::SERVICE_UNAVAILABLE, "Only some of it is saved", words)
                }
                AppError::Store(inner) => {
                    tracing::error!(error = %inner, "the store failed under a page");
                    let words = format!(
                        "{} Open the page again in a minute: it shows what stands. If it goes on, {}",
                        if inner.is_without_effect() {
                            "Nothing was saved."
                        } else {
                            "It is not certain that it was saved."
                        },
                        if of_office {
                            "its log says to whoever runs the server what to do."
                        } else {
                            "ring the office."
                        },
                    );
                    (StatusCode::SERVICE_UNAVAILABLE, "This did not work just now", words)
                }
            },
        };
        let body = html! {
            h1 { (title) }
            p { (words) }
            @if let Some(month) = month { p { a href=(at(format_args!("/statements/{month}"))) { "To " (month.name()) } } }
            @if of_office {
                @if let Some((to, label)) = WAY_BACK.try_with(Clone::clone).unwrap_or_default() { p { a href=(at(to)) { (label) } } }
                p { a href=(at("/")) { "To the board" } }
            }
        };
        (status, layout::page(title, body)).into_response()
    }
}

/// Why the rules say no, as a sentence.
pub(super) fn refusal(rejection: &Rejection) -> String {
    match rejection.about() {
        Some(_) => ended(rejection.to_string()),
        None => sentence(&rejection.to_string()),
    }
}

/// A clause as a sentence: capital first, full stop last.
pub(super) fn sentence(clause: &str) -> String {
    ended(crate::times::capital(clause))
}

fn ended(mut sentence: String) -> String {
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

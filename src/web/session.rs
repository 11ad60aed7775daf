//! Signing the office in: a one-time link on the terminal, then a cookie.

use std::sync::Arc;

use axum::Form;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

use super::base::{at, path_of};
use super::session_store::Sessions;
use super::{PageError, Web, layout};
use crate::app::{App, Caller};
use crate::random;
use crate::store::{CommitError, Expect, Record, StoreError, Table, Versioned, Write, read};
use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::model;

/// How long an unused setup link works.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// Setup links that work at the same time; one more ends the oldest.
const LINKS: usize = 4;
/// How long a browser stays signed in without being used.
const SESSION_DAYS: i64 = 30;
/// Under this name the session keeps who it is.
const NAME: &str = "name";
/// Under this name the session keeps the day (UTC) on which it was last used.
const USED: &str = "used";

/// Cookies that scripts cannot read and other sites' forms do not send, nor other paths of the same host get. The
/// beginnings of their names bind them to what they say of themselves (RFC 6265bis, 4.1.3).
pub(super) fn layer(app: &Arc<App>) -> SessionManagerLayer<Sessions> {
    let https = app.operator.public_url.starts_with("https://");
    let base = path_of(&app.operator.public_url);
    let name = match (https, base) {
        (true, "") => "__Host-crewcall",
        (true, _) => "__Secure-crewcall",
        (false, _) => "crewcall",
    };
    SessionManagerLayer::new(Sessions(app.clone()))
        .with_name(name)
        .with_path(if base.is_empty() { "/".to_owned() } else { base.to_owned() })
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::days(SESSION_DAYS)))
}

/// Someone of the office, signed in.
pub(super) struct OfficeUser {
    pub(super) name: String,
}

impl OfficeUser {
    /// As the giver of a command.
    pub(super) fn caller(&self) -> Caller {
        Caller::new(Actor::Office(self.name.clone()), "page")
    }
}

impl FromRequestParts<Web> for OfficeUser {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        if let Some(tryout) = &web.tryout {
            return Ok(Self { name: tryout.user().to_owned() });
        }
        let session = Session::from_request_parts(parts, web).await.map_err(|_| PageError::SignIn)?;
        let name: Option<String> = session.get(NAME).await.map_err(unreadable)?;
        let name = name.ok_or(PageError::SignIn)?;
        // A session that is written lives on from then. Once a day is enough: a page that only shows
        // something must not depend on the store's taking a write.
        let today = web.app.clock.now().to_string().chars().take(10).collect::<String>();
        if session.get::<String>(USED).await.map_err(unreadable)?.is_none_or(|used| used != today) {
            session.insert(USED, today).await.map_err(unreadable)?;
        }
        Ok(Self { name })
    }
}

/// The store failed under a session.
fn unreadable(error: tower_sessions::session::Error) -> PageError {
    StoreError::unavailable("reading a session", error).into()
}

/// The setup links that work at present, the newest last. There are several, because several servers may
/// run on one store, and each prints one when it starts.
#[derive(Debug, Default, Serialize, Deserialize)]
struct SetupLinks {
    links: Vec<SetupLink>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SetupLink {
    /// SHA-256 of the link's token, in hexadecimal.
    digest: String,
    expires_at: Timestamp,
}

impl SetupLinks {
    const ID: &str = "setup-links";

    /// Where among them a link stands that still works.
    fn place(&self, token: &str, now: Timestamp) -> Option<usize> {
        let digest = digest(token);
        self.links.iter().position(|link| {
            let same = link.digest.as_bytes().ct_eq(digest.as_bytes());
            bool::from(same) && now < link.expires_at
        })
    }
}

impl Record for SetupLinks {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        Self::ID.into()
    }
}

/// Makes a link that signs one browser in as the office, once, within a day.
///
/// # Errors
/// If the store fails, or the machine has no randomness.
pub async fn new_setup_link(app: &App) -> Result<String, StoreError> {
    let token = random::token::<32>()?;
    let now = app.clock.now();
    loop {
        let known = read::<SetupLinks>(&*app.store, SetupLinks::ID).await?;
        let expect = known.as_ref().map_or(Expect::Absent, Versioned::expected);
        let mut links = known.map(|known| known.value).unwrap_or_default();
        links.links.retain(|link| now < link.expires_at);
        let too_many = (links.links.len() + 1).saturating_sub(LINKS);
        links.links.drain(..too_many);
        links.links.push(SetupLink { digest: digest(&token), expires_at: now + LINK_LIFE });
        match app.store.commit(vec![Write::put(&links, expect)?]).await {
            Ok(()) => return Ok(format!("{}/setup?token={token}", app.operator.public_url)),
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error),
        }
    }
}

fn digest(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token))
}

/// What a setup link and its form carry.
#[derive(Deserialize)]
pub(super) struct Setup {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
}

/// Says how to sign in.
pub(super) async fn sign_in() -> Response {
    layout::plain(
        "Sign in",
        "This page is for the office. The server prints a link for signing in when it starts, and `crewcall setup-link` prints a new one. Open that link here.",
    )
    .into_response()
}

/// Shows the form. Opening the link uses nothing up.
pub(super) async fn show_setup(
    State(web): State<Web>,
    Query(setup): Query<Setup>,
) -> Result<Response, PageError> {
    let links = read::<SetupLinks>(&*web.app.store, SetupLinks::ID).await?;
    if links.and_then(|links| links.value.place(&setup.token, web.app.clock.now())).is_none() {
        return Ok(dead_link());
    }
    Ok(form(&setup.token, None).into_response())
}

fn form(token: &str, problem: Option<&str>) -> Markup {
    layout::page(
        "Sign in",
        html! {
            h1 { "Sign this browser in" }
            @if let Some(problem) = problem { p.problem role="alert" { "Your name " (problem) "." } }
            p { "Your name stands in the record of everything you do here." }
            form method="post" action=(at("/setup")) {
                input type="hidden" name="token" value=(token);
                label for="name" { "Your name" }
                input id="name" name="name" required maxlength="100" autocomplete="name" autofocus;
                button { "Sign in" }
            }
        },
    )
}

/// Uses the link up and signs the browser in.
pub(super) async fn set_up(
    State(web): State<Web>,
    session: Session,
    Form(setup): Form<Setup>,
) -> Result<Response, PageError> {
    let name = loop {
        let links = read::<SetupLinks>(&*web.app.store, SetupLinks::ID).await?;
        let Some(mut links) = links else { return Ok(dead_link()) };
        let Some(place) = links.value.place(&setup.token, web.app.clock.now()) else {
            return Ok(dead_link());
        };
        let name = match model::name(&setup.name) {
            Ok(name) => name,
            Err(problem) => {
                return Ok((StatusCode::BAD_REQUEST, form(&setup.token, Some(&problem))).into_response());
            }
        };
        links.value.links.remove(place);
        match web.app.store.commit(vec![Write::put(&links.value, links.expected())?]).await {
            Ok(()) => break name,
            // Another link was made or used; this one only if it is gone now.
            Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
    };
    let signed_in = async {
        session.cycle_id().await?;
        session.insert(NAME, name).await
    };
    signed_in.await.map_err(unreadable)?;
    Ok(Redirect::to(&at("/")).into_response())
}

/// Ends the session.
pub(super) async fn sign_out(session: Session) -> Response {
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "a session could not be ended");
    }
    Redirect::to(&at("/signin")).into_response()
}

fn dead_link() -> Response {
    let page = layout::plain(
        "This link no longer works",
        "It was used, is too old or not whole, or several newer ones were made. `crewcall setup-link` prints a new one.",
    );
    (StatusCode::GONE, page).into_response()
}

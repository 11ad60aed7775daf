//! Who is signed in, and in which browsers: a cookie, its session, and the user that it belongs to.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::Method;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::cascade::Actor;
use crewcall_dispatch::model::Email;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, Session, SessionManagerLayer};

use super::base::{at, path_of};
use super::session_store::Sessions;
use super::{PageError, Web};
use crate::app::{App, Caller, Role, User};
use crate::store::StoreError;

/// How long a browser stays signed in without being used.
const IDLE_DAYS: i64 = 14;
/// How long it stays signed in at the most.
pub(super) const LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Under this name the session keeps who it is.
pub(super) const WHO: &str = "who";
/// Under this name the session keeps the day, where the operator is, on which it was last used.
pub(super) const USED: &str = "used";

/// What a session keeps of whom it signs in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Who {
    pub(super) email: Email,
    /// Of the user's record: another one is somebody else.
    pub(super) user_since: Timestamp,
    pub(super) began_at: Timestamp,
    pub(super) browser: String,
}

/// Where a cookie of ours goes: nowhere but to the pages, and only encrypted if they are.
pub(super) struct Bounds {
    pub(super) path: String,
    pub(super) secure: bool,
    prefix: &'static str,
}

impl Bounds {
    pub(super) fn of(public_url: &str) -> Self {
        let (secure, base) = (public_url.starts_with("https://"), path_of(public_url));
        let prefix = match (secure, base) {
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
            (false, _) => "",
        };
        Self { path: if base.is_empty() { "/".to_owned() } else { base.to_owned() }, secure, prefix }
    }

    /// The beginnings of names bind cookies to what they say of themselves (RFC 6265bis, 4.1.3).
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// Cookies that scripts cannot read and other sites' forms do not send, nor other paths of the same host get.
pub(super) fn layer(app: &Arc<App>) -> SessionManagerLayer<Sessions> {
    let bounds = Bounds::of(&app.operator.public_url);
    SessionManagerLayer::new(Sessions(app.clone()))
        .with_name(bounds.name("crewcall"))
        .with_path(bounds.path.clone())
        .with_secure(bounds.secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::days(IDLE_DAYS)))
}

/// Somebody who is signed in, whatever they may do.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(super) name: String,
    pub(super) role: Role,
    /// Nothing where the office is only tried out: nobody signs in there.
    pub(super) email: Option<Email>,
}

impl SignedIn {
    pub(super) fn can_change(&self) -> bool {
        self.role == Role::Office
    }
}

impl FromRequestParts<Web> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        if let Some(tryout) = &web.tryout {
            return Ok(Self { name: tryout.user().to_owned(), role: Role::Office, email: None });
        }
        let sign_in = || PageError::SignIn { to: way_back(parts) };
        let Some(session) = parts.extensions.get::<Session>().cloned() else { return Err(sign_in()) };
        let who: Option<Who> = session.get(WHO).await.map_err(unreadable)?;
        let now = web.app.clock.now();
        let Some(who) = who.filter(|who| now < who.began_at + LIFE) else { return Err(sign_in()) };
        let user = web.app.user(&who.email).await?.filter(|user| user.since == who.user_since);
        let Some(user) = user else { return Err(sign_in()) };
        // A session that is written lives on from then. Once a day is enough: a page that only shows
        // something must not depend on the store's taking a write.
        let today = day(web, now);
        if session.get::<String>(USED).await.map_err(unreadable)?.is_none_or(|used| used != today) {
            session.insert(USED, today).await.map_err(unreadable)?;
        }
        Ok(Self { name: user.name, role: user.role, email: Some(user.email) })
    }
}

/// The day that it is where the operator is, as a session keeps it.
fn day(web: &Web, at: Timestamp) -> String {
    web.app.operator.zone.to_datetime(at).date().to_string()
}

/// Where whoever signs in goes then: to the page that they had opened.
fn way_back(parts: &Parts) -> Option<String> {
    let page = parts.uri.path_and_query()?.as_str();
    (parts.method == Method::GET && page != "/").then(|| page.to_owned())
}

/// Somebody of the office who may do what is asked for: whoever may only look is refused whatever changes something.
#[derive(Debug, Clone)]
pub(super) struct OfficeUser(pub(super) SignedIn);

impl std::ops::Deref for OfficeUser {
    type Target = SignedIn;
    fn deref(&self) -> &SignedIn {
        &self.0
    }
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
        let user = SignedIn::from_request_parts(parts, web).await?;
        match user.can_change() || parts.method.is_safe() {
            true => Ok(Self(user)),
            false => Err(PageError::ReadOnly),
        }
    }
}

/// The store failed under a session.
fn unreadable(error: tower_sessions::session::Error) -> PageError {
    StoreError::unavailable("reading a session", error).into()
}

/// What a browser calls itself, for whoever looks where they are signed in.
pub(super) struct Browser(String);

impl<S: Sync> FromRequestParts<S> for Browser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(browser(agent.unwrap_or_default())))
    }
}

/// `Firefox on Linux`: the rest of what browsers say of themselves is of no use to people.
fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Each of them says that it is those further down as well.
    let program = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "a browser".to_owned(),
    }
}

/// Signs a browser in, under an id that it did not have before.
pub(super) async fn begin(
    web: &Web,
    session: &Session,
    user: &User,
    browser: Browser,
) -> Result<(), PageError> {
    let now = web.app.clock.now();
    let who = Who { email: user.email.clone(), user_since: user.since, began_at: now, browser: browser.0 };
    let signed_in = async {
        session.cycle_id().await?;
        session.insert(USED, day(web, now)).await?;
        session.insert(WHO, who).await
    };
    signed_in.await.map_err(unreadable)
}

/// Ends the session.
pub(super) async fn sign_out(session: Session) -> Result<Response, PageError> {
    // Whoever leaves a desk that others use too has to know that they are signed in still.
    session.flush().await.map_err(|error| StoreError::unavailable("ending a session", error))?;
    Ok(Redirect::to(&at("/signin")).into_response())
}

/// Ends one of one's own sessions elsewhere.
pub(super) async fn end_session(
    State(web): State<Web>,
    user: SignedIn,
    Path(digest): Path<String>,
) -> Result<Response, PageError> {
    if let Some(email) = &user.email {
        Sessions(web.app.clone()).end(email, &digest).await?;
    }
    Ok(Redirect::to(&at("/account")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        for (agent, called) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.5.0", "a browser"),
            ("", "a browser"),
        ] {
            assert_eq!(browser(agent), called);
        }
    }
}

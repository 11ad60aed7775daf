//! Signing in with Google, or with whatever else the settings name ([`crate::openid`]), for whoever is a user already.
//!
//! The form posts to [`begin`], which leaves a cookie and sends the browser to the issuer's page. The issuer sends it back to
//! [`finish`]. Whatever goes wrong on the way is a page of its own, from which a way leads back to the mailed link.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tower_sessions::Session;
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

use super::{Ask, is_ours, onward, path};
use crate::openid::{Attempt, LIFE, OpenId, OpenIdError, PATH};
use crate::store::StoreError;
use crate::web::base::at;
use crate::web::session::{self, Bounds, Browser};
use crate::web::{PageError, Web, layout, no_such_page};

/// The name of the cookie, without what comes in front of it.
const COOKIE_NAME: &str = "crewcall-elsewhere";
/// Sends a browser on. A form may only lead to our own pages (`form-action`), and browsers take a redirect of its answer
/// for where it leads.
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// What stands below the form that asks for a link.
pub(super) fn button(openid: &OpenId, to: &str) -> Markup {
    html! {
        form.elsewhere method="post" action=(at(PATH)) {
            input type="hidden" name="to" value=(to);
            button.quiet { "Sign in with " (openid.name()) }
        }
    }
}

/// Begins a sign-in.
pub(in crate::web) async fn begin(
    State(web): State<Web>,
    Form(ask): Form<Ask>,
) -> Result<Response, PageError> {
    let Some(openid) = &web.openid else { return Ok(no_such_page()) };
    let attempt = Attempt::begin(web.app.clock.now(), Some(&*ask.to).filter(|to| is_ours(to)))?;
    let address = match openid.begin(&attempt).await {
        Ok(address) => address,
        Err(error) => return Ok(failed(openid, &error, attempt.to.as_deref())),
    };
    let refresh = HeaderValue::try_from(format!("0; url={address}"))
        .map_err(|error| StoreError::unavailable("writing an address", error))?;
    let page = layout::page(
        "On to the sign-in",
        html! {
            p.operator { (web.app.operator.name) }
            h1 { "On to " (openid.name()) }
            p { "You sign in there, and come back here." }
            p { a.to href=(address) { "Go on to " (openid.name()) } }
        },
    );
    let kept = cookie(&web, attempt.to_string(), LIFE.as_secs());
    Ok((AppendHeaders([(SET_COOKIE, kept)]), [(REFRESH, refresh)], page).into_response())
}

/// What the issuer sends a browser back with (RFC 6749, 4.1.2; RFC 9207).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Answer {
    code: Option<String>,
    state: String,
    error: Option<String>,
    iss: Option<String>,
}

/// Ends a sign-in.
///
/// That is a GET which signs somebody in, because the protocol has it so. It does nothing without the cookie that a POST from
/// our own page has left in the same browser, so nobody who only has the address can use it up: no scanner of mails,
/// and no other site.
pub(in crate::web) async fn finish(
    State(web): State<Web>,
    session: Session,
    browser: Browser,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, PageError> {
    let Some(openid) = &web.openid else { return Ok(no_such_page()) };
    let Some(attempt) = attempt_in(&web, &headers) else {
        return Ok(over(
            "It was finished already, began in another browser, or took longer than 10 minutes.",
            None,
        ));
    };
    let to = attempt.to.as_deref();
    if !openid.is_answer(&attempt, &answer.state) {
        // The attempt stays: whoever sends a browser here with something made up does not end it.
        let words = "This is the answer to another sign-in than the one that began last in this browser.";
        return Ok(over(words, to));
    }
    let page = match ended(&web, openid, &attempt, &answer).await? {
        Ended::SignedIn(user) => {
            session::begin(&web, &session, &user, browser).await?;
            tracing::info!(email = %user.email, issuer = openid.name(), "signed in elsewhere");
            onward(to.unwrap_or("/"))
        }
        Ended::Page(page) => page,
    };
    Ok((AppendHeaders([(SET_COOKIE, cookie(&web, String::new(), 0))]), page).into_response())
}

/// What an answer came to.
enum Ended {
    SignedIn(Box<crate::app::User>),
    Page(Response),
}

async fn ended(web: &Web, openid: &OpenId, attempt: &Attempt, answer: &Answer) -> Result<Ended, PageError> {
    let (to, issuer) = (attempt.to.as_deref(), openid.name());
    if attempt.is_over(web.app.clock.now()) {
        return Ok(Ended::Page(over("It took longer than 10 minutes.", to)));
    }
    if !openid.is_issuer(answer.iss.as_deref()) {
        return Ok(Ended::Page(over("The answer did not come from where you were sent to.", to)));
    }
    let code = match (&answer.error, &answer.code) {
        (None, Some(code)) => code,
        (error, _) => {
            let error = crate::plain::one_line(error.as_deref().unwrap_or("no code"));
            tracing::info!(error, issuer, "a sign-in elsewhere came to nothing");
            let title = format!("{issuer} did not sign you in");
            let words = "It was told no, or could not. Nothing was changed.".to_owned();
            return Ok(Ended::Page(refused(&title, &words, to)));
        }
    };
    match openid.finish(attempt, code).await {
        Ok(email) => match web.app.user(&email).await? {
            Some(user) => Ok(Ended::SignedIn(Box::new(user))),
            None => {
                // It is theirs, as the issuer says: they may know what is known of it.
                let words = format!(
                    "{issuer} says that you are {email}, and no user of this office has that address. Ask somebody of \
                     the office to add it under Users, or sign in with another account."
                );
                Ok(Ended::Page(refused("You are not a user here", &words, to)))
            }
        },
        Err(error) => Ok(Ended::Page(failed(openid, &error, to))),
    }
}

/// Why nobody is signed in. What is inside goes to the log.
fn failed(openid: &OpenId, error: &OpenIdError, to: Option<&str>) -> Response {
    let issuer = openid.name();
    let (status, title, words) = match error {
        OpenIdError::Code(_) => {
            tracing::info!(%error, issuer, "a sign-in elsewhere came to nothing");
            return over("It was finished already, or took too long.", to);
        }
        OpenIdError::Unverified(email) => (
            StatusCode::FORBIDDEN,
            format!("{issuer} does not vouch for your address"),
            format!(
                "{issuer} does not know that {email} is yours at present. Have a link mailed to you: that needs no \
                 {issuer}."
            ),
        ),
        OpenIdError::NoAddress => (
            StatusCode::FORBIDDEN,
            format!("{issuer} does not say who you are"),
            format!(
                "{issuer} gave no e-mail address of yours. Have a link mailed to you: that needs no {issuer}."
            ),
        ),
        OpenIdError::Unreached(_) => {
            tracing::warn!(%error, issuer, "the issuer of sign-ins is not reached");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                format!("{issuer} does not answer just now"),
                format!("Nothing was changed. Have a link mailed to you: that needs no {issuer}."),
            )
        }
        OpenIdError::Client(_) | OpenIdError::Untrusted(_) => {
            tracing::error!(%error, issuer, "signing in elsewhere does not work");
            (
                StatusCode::BAD_GATEWAY,
                format!("Signing in with {issuer} does not work"),
                format!(
                    "Nobody was signed in. Have a link mailed to you: that needs no {issuer}. The server's log says to \
                     whoever runs it what is wrong."
                ),
            )
        }
    };
    page(status, &title, &words, to)
}

/// The sign-in is no more; another one can begin.
fn over(why: &str, to: Option<&str>) -> Response {
    page(StatusCode::GONE, "This sign-in is over", &format!("{why} Nobody was signed in."), to)
}

fn refused(title: &str, words: &str, to: Option<&str>) -> Response {
    page(StatusCode::FORBIDDEN, title, words, to)
}

/// One way back is opened without end.
pub(in crate::web) fn too_often() -> Response {
    let words = "This sign-in is being finished without end, perhaps by a program. Wait a minute, or have a link mailed to you.";
    ([(RETRY_AFTER, "60")], page(StatusCode::TOO_MANY_REQUESTS, "Too often", words, None)).into_response()
}

fn page(status: StatusCode, title: &str, words: &str, to: Option<&str>) -> Response {
    let body = html! {
        h1 { (title) }
        p { (words) }
        p { a.to href=(path(to)) { "Sign in" } }
    };
    (status, layout::page(title, body)).into_response()
}

/// The cookie with an attempt. With `seconds` that are 0 the browser forgets it.
fn cookie(web: &Web, attempt: String, seconds: i64) -> String {
    let bounds = Bounds::of(&web.app.operator.public_url);
    // Lax: it has to come along when the issuer, another site, sends the browser back.
    Cookie::build((bounds.name(COOKIE_NAME), attempt))
        .path(bounds.path)
        .secure(bounds.secure)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(seconds))
        .build()
        .to_string()
}

/// The attempt that this browser began last.
fn attempt_in(web: &Web, headers: &HeaderMap) -> Option<Attempt> {
    let name = Bounds::of(&web.app.operator.public_url).name(COOKIE_NAME);
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| Cookie::split_parse(line).flatten());
    cookies.find(|cookie| cookie.name() == name)?.value().parse().ok()
}

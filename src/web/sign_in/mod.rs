//! Signing the office in: a link by mail, to whoever works here.
//!
//! Opening a link shows a page with a button: mail scanners open links, too, and must not use them up. Where the settings
//! say so, it can sign in [`elsewhere`] instead.

pub(super) mod elsewhere;
mod setup;

use std::time::Duration;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::link::Token;
use crewcall_dispatch::model::Email;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tower_sessions::Session;

use super::base::at;
use super::session::{self, Browser};
use super::{PageError, Web, layout};
use crate::app::{SIGN_IN_LIFE, User};

/// An answer to whoever asks for a link takes that long, so that nobody learns from it whether a mail was queued.
const ANSWER_TIME: Duration = Duration::from_millis(200);

pub use setup::new_setup_link;
pub(super) use setup::{set_up, show_setup};

/// The longest path that is kept for after the sign-in.
const WAY_BYTES: usize = 200;

/// The page to sign in on; then it goes on to the page of ours that was asked for.
pub(super) fn path(to: Option<&str>) -> String {
    match to.filter(|to| is_ours(to)) {
        Some(to) => at(format_args!("/signin?to={}", utf8_percent_encode(to, NON_ALPHANUMERIC))),
        None => at("/signin"),
    }
}

/// Whether a way leads to one of our own pages, and not to another site.
fn is_ours(to: &str) -> bool {
    to.starts_with('/')
        && !to[1..].starts_with(['/', '\\'])
        && to.len() <= WAY_BYTES
        && !to.chars().any(char::is_control)
        // `/../elsewhere` would leave the path below which our pages are.
        && !to.split(['/', '\\', '?', '#']).any(is_dots)
}

/// Whether a segment stands for this or the one above (WHATWG URL, "single-dot" and "double-dot URL path segment").
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

/// Where somebody goes who has signed in.
fn onward(to: &str) -> Response {
    Redirect::to(&at(if is_ours(to) { to } else { "/" })).into_response()
}

/// What the form carries.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    email: String,
    to: String,
}

/// The form that asks for a link.
pub(super) async fn show(State(web): State<Web>, Query(ask): Query<Ask>) -> Response {
    form(&web, &ask, None).into_response()
}

fn form(web: &Web, ask: &Ask, problem: Option<&str>) -> Markup {
    layout::page(
        "Sign in",
        html! {
            p.operator { (web.app.operator.name) }
            h1 { "Sign in" }
            @if let Some(problem) = problem { p.problem role="alert" { (problem) } }
            form method="post" action=(at("/signin")) {
                input type="hidden" name="to" value=(ask.to);
                label for="email" { "Your e-mail address at the office" }
                input id="email" name="email" type="email" value=(ask.email) required maxlength="254" autocomplete="email" autofocus;
                button { "Mail me a link" }
            }
            @if let Some(openid) = &web.openid { (elsewhere::button(openid, &ask.to)) }
            p.small { "This page is for the office. If you are crew, open the link in your mail." }
        },
    )
}

/// Mails a link, if the address is somebody's; the answer is the same if it is nobody's.
pub(super) async fn mail_link(State(web): State<Web>, Form(ask): Form<Ask>) -> Result<Response, PageError> {
    let email = match ask.email.parse::<Email>() {
        Ok(email) => email,
        Err(problem) => {
            let page = form(&web, &ask, Some(&format!("Your address {problem}.")));
            return Ok((StatusCode::BAD_REQUEST, page).into_response());
        }
    };
    let to = Some(&*ask.to).filter(|to| is_ours(to));
    let (mailed, ()) = tokio::join!(web.app.mail_sign_in_link(&email, to), tokio::time::sleep(ANSWER_TIME));
    mailed?;
    let way = web.app.mail_way().await?;
    let body = html! {
        p.operator { (web.app.operator.name) }
        h1 { "Look into your mail" }
        p { "If " strong { (email) } " is an address of the office, a link is on its way there. It works once, for " (SIGN_IN_LIFE.as_mins()) " minutes." }
        @if way.stopped().is_some() {
            p.problem role="alert" { "At present no mail leaves, so it may not arrive. Whoever runs the server can print a link with `crewcall setup-link`." }
        }
        p { "Nothing arrives? Look among the unwanted mail. If the address is not known here, ask a colleague to add you under Users; if nobody can, whoever runs the server prints a link with " code { "crewcall setup-link" } "." }
        p { a href=(path(Some(&ask.to))) { "Another address" } }
    };
    Ok(layout::page("Look into your mail", body).into_response())
}

/// What a mailed link carries.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Link {
    token: String,
}

/// Says whom the link would sign in, with the button that does. Opening it uses nothing up.
pub(super) async fn show_link(
    State(web): State<Web>,
    Query(link): Query<Link>,
) -> Result<Response, PageError> {
    let Ok(token) = link.token.parse::<Token>() else { return Ok(dead_link()) };
    Ok(match web.app.who_signs_in(&token).await? {
        Some(user) => confirm(&web, &token, &user).into_response(),
        None => dead_link(),
    })
}

fn confirm(web: &Web, token: &Token, user: &User) -> Markup {
    layout::page(
        "Sign in",
        html! {
            p.operator { (web.app.operator.name) }
            h1 { "Sign in as " (user.name) "?" }
            p { "This browser is signed in then, as " (user.email) "." }
            form method="post" action=(at("/signin/link")) {
                input type="hidden" name="token" value=(token.reveal());
                button.big { "Sign in" }
            }
            p.small { "Not you? Close this page: the link is theirs." }
        },
    )
}

/// Uses the link up, and signs the browser in.
pub(super) async fn use_link(
    State(web): State<Web>,
    session: Session,
    browser: Browser,
    Form(link): Form<Link>,
) -> Result<Response, PageError> {
    let Ok(token) = link.token.parse::<Token>() else { return Ok(dead_link()) };
    let Some((user, to)) = web.app.use_sign_in_link(&token).await? else { return Ok(dead_link()) };
    session::begin(&web, &session, &user, browser).await?;
    Ok(onward(to.as_deref().unwrap_or("/")))
}

fn dead_link() -> Response {
    let body = html! {
        h1 { "This link no longer works" }
        p { "It was used, is too old, or is not whole." }
        p { a href=(at("/signin")) { "Have another one mailed" } }
    };
    (StatusCode::GONE, layout::page("This link no longer works", body)).into_response()
}

//! The mailbox and the clock.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERER};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::Demo;
use crate::mail::mailbox::Arrived;
use crate::times;
use crate::web::{PageError, layout};

/// A mail as mail programs show it: its own styles, no scripts, links that open the whole window.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";
/// The mailbox shows such a mail in a frame.
const MAILBOX_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Answers only under a name of this machine. The demo knows no sign-in, and a page elsewhere could
/// otherwise have its own name lead here and read along.
pub(super) async fn from_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    match host {
        Some(host) if is_this_machine(host.host()) => next.run(request).await,
        _ => {
            let words = "The demo answers on this machine only. Open the address that it printed.";
            (StatusCode::MISDIRECTED_REQUEST, layout::plain("Not here", words)).into_response()
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The bar on top: the clock, the mailbox, and what this is.
pub(super) fn bar(demo: &Demo) -> Markup {
    let zone = &demo.operator().zone;
    html! {
        div.demo role="region" aria-label="Demo" {
            strong { (times::full(demo.time.now(), zone)) }
            form method="post" action="/demo/clock" {
                button name="move" value="15min" { "+15 min" } " "
                button name="move" value="1h" { "+1 h" } " "
                button name="move" value="1day" { "+1 day" } " "
                button name="move" value="next" { "To the next event" }
            }
            a href="/demo/mail" { "Mailbox (" (demo.mailbox.list().len()) ")" }
            a href="/" { "Board" }
            span.note { "A demo: nothing leaves this machine. Open the mailbox, read as the captain, press Accept." }
        }
    }
}

/// The mailbox with the newest mail open that asks someone; else with the newest.
pub(super) async fn newest(State(demo): State<Arc<Demo>>) -> Response {
    let mails = demo.mailbox.list();
    let asks = mails.iter().rfind(|arrived| arrived.mail.text.contains("/crew/accept?"));
    match asks.or(mails.last()).map(|arrived| arrived.number) {
        Some(number) => Redirect::to(&format!("/demo/mail/{number}")).into_response(),
        None => show(&demo, None),
    }
}

/// The mailbox with one mail open.
pub(super) async fn mail(State(demo): State<Arc<Demo>>, Path(number): Path<u64>) -> Response {
    show(&demo, demo.mailbox.get(number))
}

/// The HTML part of a mail, by itself.
pub(super) async fn mail_html(State(demo): State<Arc<Demo>>, Path(number): Path<u64>) -> Response {
    let html = demo.mailbox.get(number).map(|arrived| arrived.mail.html);
    // Links lead out of the frame, as they do in a mail program.
    let html = html.unwrap_or_default().replacen("<head>", "<head><base target=\"_top\">", 1);
    ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, MAIL_POLICY)], html)
        .into_response()
}

/// Which way to move the clock.
#[derive(Deserialize)]
pub(super) struct Move {
    #[serde(rename = "move", default)]
    by: String,
}

/// Moves the clock on.
pub(super) async fn move_clock(
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(form): Form<Move>,
) -> Result<Response, PageError> {
    match form.by.as_str() {
        "15min" => demo.time.advance(SignedDuration::from_mins(15)).await?,
        "1h" => demo.time.advance(SignedDuration::from_hours(1)).await?,
        "1day" => demo.time.advance(SignedDuration::from_hours(24)).await?,
        "next" => {
            if !demo.time.advance_to_next().await? {
                return Ok(nothing_waits(&demo, &back(&headers)));
            }
        }
        _ => return Err(PageError::BadRequest("Press one of the clock's buttons.".into())),
    }
    Ok(Redirect::to(&back(&headers)).into_response())
}

fn nothing_waits(demo: &Demo, back: &str) -> Response {
    let body = html! {
        h1 { "Nothing is waiting" }
        p { "Nobody is being asked, so there is no next event. Start a call on the " a href="/" { "board" } " first." }
        p { a href=(back) { "Back" } }
    };
    layout::office("Nothing is waiting", head(demo), body).into_response()
}

fn head(demo: &Demo) -> layout::Head<'_> {
    layout::Head { operator: &demo.operator().name, bar: Some(bar(demo)), user: None }
}

/// The page of ours that the button was pressed on.
fn back(headers: &HeaderMap) -> String {
    let from =
        headers.get(REFERER).and_then(|from| from.to_str().ok()).and_then(|from| from.parse::<Uri>().ok());
    let path = from.as_ref().and_then(Uri::path_and_query).map(ToString::to_string);
    path.filter(|path| path.starts_with('/') && !path.starts_with("//")).unwrap_or_else(|| "/".into())
}

fn show(demo: &Demo, open: Option<Arrived>) -> Response {
    let zone = &demo.operator().zone;
    let mails = demo.mailbox.list();
    let body = html! {
        h1 { "Mailbox" }
        @if mails.is_empty() {
            p { "No mail yet. Open a charter on the " a href="/" { "board" } " and start its call." }
        } @else {
            div.mailbox {
                ol aria-label="Mails, newest first" {
                    @for arrived in mails.iter().rev() { (entry(arrived, open.as_ref(), zone)) }
                }
                @match &open {
                    Some(arrived) => (message(arrived, zone)),
                    None => p { "This mail is no longer kept. Choose another." },
                }
            }
        }
    };
    let page = layout::office("Mailbox", head(demo), body);
    ([(CONTENT_SECURITY_POLICY, MAILBOX_POLICY)], page).into_response()
}

fn entry(arrived: &Arrived, open: Option<&Arrived>, zone: &TimeZone) -> Markup {
    let mail = &arrived.mail;
    let is_open = open.is_some_and(|open| open.number == arrived.number);
    let title = mail.text.lines().next().unwrap_or_default();
    html! {
        li {
            a href={ "/demo/mail/" (arrived.number) "#mail" } aria-current=[is_open.then_some("page")] {
                strong { (mail.to.name) } " " span.small { (times::log(mail.date, zone)) } br;
                (title)
            }
        }
    }
}

fn message(arrived: &Arrived, zone: &TimeZone) -> Markup {
    let mail = &arrived.mail;
    html! {
        article #mail {
            dl.facts {
                dt { "From" } dd { (mail.from) }
                dt { "To" } dd { (mail.to) }
                dt { "Subject" } dd { (mail.subject) }
                dt { "Date" } dd { (times::full(mail.date, zone)) }
            }
            iframe title="The mail" src={ "/demo/mail/" (arrived.number) "/html" } {}
            details { summary { "As plain text" } pre { (mail.text) } }
        }
    }
}

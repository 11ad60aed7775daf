//! The bar on top of every page: what this is, the clock, and what came of the last button of the demo.

use axum::Form;
use axum::extract::State;
use axum::http::header::REFERER;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use maud::{Markup, html};
use serde::Deserialize;

use super::news::{Mark, News};
use super::trouble::browser;
use super::{Demo, Desk};
use crate::app::AppError;
use crate::times;
use crate::web::PageError;
use crate::web::base::at;

/// Deadlines at which nothing happens and which "Next event" passes by, at most.
const PASSED_BY: usize = 50;

pub(super) fn bar(demo: &Demo) -> Markup {
    let zone = &demo.operator().zone;
    html! {
        div.demo role="region" aria-label="Demo" {
            strong { (times::full(demo.time.now(), zone)) }
            form method="post" action=(at("/demo/clock")) {
                button name="move" value="15min" { "+15 min" } " "
                button name="move" value="1h" { "+1 h" } " "
                button name="move" value="1day" { "+1 day" } " "
                button name="move" value="next" { "Next event" }
            }
            span.ways {
                a href=(at("/demo/mail")) { "Mailbox (" (demo.mailbox.len()) ")" }
                a href=(at("/")) { "Board" }
            }
            span.note { "A demo: nothing leaves this machine." }
            @if let Some(news) = demo.news() { (news.render()) }
        }
    }
}

/// Which way to move the clock.
#[derive(Deserialize)]
pub(super) struct Move {
    #[serde(rename = "move", default)]
    by: String,
}

/// Moves the clock on, and says what happened on the way.
pub(super) async fn move_clock(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(form): Form<Move>,
) -> Result<Response, PageError> {
    let demo = &desk.demo;
    let one_at_a_time = demo.pressing.lock().await;
    let (minutes, by) = match form.by.as_str() {
        "15min" => (15, "15 minutes"),
        "1h" => (60, "1 hour"),
        "1day" => (24 * 60, "1 day"),
        "next" => {
            let news = next_event(demo).await?;
            demo.tell(news);
            return Ok(back(&desk, &headers).await);
        }
        _ => return Err(PageError::BadRequest("Press one of the clock's buttons.".into())),
    };
    let mark = Mark::of(demo.app()).await?;
    let mails = demo.mailbox.arrived();
    demo.time.advance(SignedDuration::from_mins(minutes)).await?;
    let (happened, mails) = (mark.since(demo.app()).await?, demo.mailbox.arrived() - mails);
    demo.tell(match (happened.is_empty(), mails) {
        (true, 0) => News::new(format!("The clock moved on by {by}. Nothing was due in that time.")),
        _ => News::new(format!("The clock moved on by {by}. Mails that came: {mails}.")).happened(happened),
    });
    drop(one_at_a_time);
    Ok(back(&desk, &headers).await)
}

/// Goes from deadline to deadline until something has come of one.
async fn next_event(demo: &Demo) -> Result<News, AppError> {
    demo.time.work().await?;
    let mark = Mark::of(demo.app()).await?;
    let from = demo.time.now();
    for _ in 0..PASSED_BY {
        if !demo.time.advance_to_next().await? {
            break;
        }
        let happened = mark.since(demo.app()).await?;
        if !happened.is_empty() {
            let later = times::span(demo.time.now().duration_since(from));
            let now = times::full(demo.time.now(), &demo.operator().zone);
            return Ok(News::new(format!("The next event came after {later}: {now}.")).happened(happened));
        }
    }
    Ok(News::new(
        "No event is next: nobody is being asked, and no mail waits. Start a call on the board first.",
    )
    .look("Board", "/"))
}

/// Puts the news away.
pub(super) async fn noted(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    desk.demo.hush();
    back(&desk, &headers).await
}

/// To the page of ours that the button was pressed on. What came of a form stands at an address that need not be one of
/// a page: then to the page above.
pub(super) async fn back(desk: &Desk, headers: &HeaderMap) -> Response {
    let from =
        headers.get(REFERER).and_then(|from| from.to_str().ok()).and_then(|from| from.parse::<Uri>().ok());
    let from = from.as_ref().and_then(Uri::path_and_query).map(ToString::to_string);
    let mut path = from.filter(|path| path.starts_with('/') && !path.starts_with("//"));
    while let Some(tried) = path {
        // No form is sent to an address with a query that does not show a page as well; nor to one of the demo's.
        if tried.contains('?')
            || tried == at("/demo/mail")
            || browser::open(&desk.program, &tried).await.status.is_success()
        {
            return Redirect::to(&tried).into_response();
        }
        path = tried.rsplit_once('/').map(|(above, _)| above.to_owned()).filter(|above| !above.is_empty());
    }
    Redirect::to(&at("/demo/mail")).into_response()
}

//! The program's pages, opened as people and their mail scanners do.

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{Request, StatusCode};
use tower::ServiceExt;

/// A page is at most that long, in bytes.
const PAGE_BYTES: usize = 4 * 1024 * 1024;
/// Redirects that are followed.
const REDIRECTS: usize = 5;

/// What somebody saw.
pub(in crate::demo) struct Seen {
    pub(in crate::demo) status: StatusCode,
    /// The title of the page.
    pub(super) title: String,
    /// How many requests that took.
    pub(super) requests: usize,
}

/// Opens a page, and follows wherever it leads.
pub(in crate::demo) async fn open(program: &Router, path: &str) -> Seen {
    let mut path = path.to_owned();
    let mut requests = 0;
    loop {
        requests += 1;
        let (mut seen, leads_to) = ask(program, Request::get(&path).body(Body::empty())).await;
        match leads_to.filter(|_| requests <= REDIRECTS) {
            Some(to) => path = to,
            None => {
                seen.requests = requests;
                return seen;
            }
        }
    }
}

/// Presses a button on the page behind a crew link.
pub(super) async fn answer(program: &Router, token: &str, answer: &str) -> Seen {
    let form = format!("token={token}&answer={answer}");
    let request = Request::post("/crew/accept").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(program, request.body(Body::from(form))).await.0
}

/// What is seen, and where it leads.
async fn ask(program: &Router, request: Result<Request<Body>, axum::http::Error>) -> (Seen, Option<String>) {
    let Ok(request) = request else {
        let title = "No address at all".to_owned();
        return (Seen { status: StatusCode::BAD_REQUEST, title, requests: 1 }, None);
    };
    let Ok(answer) = program.clone().oneshot(request).await;
    let (status, location) = (answer.status(), answer.headers().get(LOCATION));
    let leads_to = location.and_then(|to| to.to_str().ok()).filter(|_| status.is_redirection());
    let leads_to = leads_to.map(str::to_owned);
    let page = axum::body::to_bytes(answer.into_body(), PAGE_BYTES).await.unwrap_or_default();
    (Seen { status, title: title(&String::from_utf8_lossy(&page)), requests: 1 }, leads_to)
}

/// The title without the program's name behind it.
fn title(page: &str) -> String {
    let title = page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    let title = title.map_or("", |(title, _)| title);
    title.split(" · ").next().unwrap_or(title).to_owned()
}

//! The demo, and a browser in front of it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use crewcall::app::App;
use crewcall::demo;
use crewcall_dispatch::cascade::{CharterState, OfferState};
use http_body_util::BodyExt;
use jiff::Timestamp;
use tower::ServiceExt;

/// A Saturday morning.
pub(super) const START: &str = "2026-06-20T09:00:00-07:00";
/// A demo, and a browser in front of it.
pub(super) struct Stand {
    pub(super) office: demo::Office,
}

impl Stand {
    pub(super) async fn open() -> Self {
        Self::open_at(START.parse().unwrap()).await
    }

    pub(super) async fn open_at(now: Timestamp) -> Self {
        Self { office: demo::open_at("http://127.0.0.1:8321", now).await.unwrap() }
    }

    pub(super) fn app(&self) -> &App {
        &self.office.time.outbox().app
    }

    pub(super) async fn charter(&self, id: &str) -> CharterState {
        self.app().charter(&id.parse().unwrap()).await.unwrap()
    }

    pub(super) async fn page(&self, path: &str) -> String {
        page(&self.office.pages, path).await
    }

    pub(super) async fn post(&self, path: &str, form: &str) -> (StatusCode, String) {
        post(&self.office.pages, path, form).await
    }

    /// A button of the demo; gives what it says then.
    pub(super) async fn press(&self, path: &str, form: &str) -> String {
        let (status, page) = self.post(path, form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path} {form}: {page}");
        self.told().await
    }

    pub(super) async fn trouble(&self, what: &str, who: &str) -> String {
        self.press("/demo/trouble", &format!("what={what}&who={who}")).await
    }

    /// What the bar says of the last button.
    pub(super) async fn told(&self) -> String {
        let page = self.page("/").await;
        between(&page, "role=\"status\">", "</div>").unwrap_or_default().to_owned()
    }

    /// What "Open as …" leads to.
    pub(super) async fn link(&self, who: &str) -> Option<String> {
        let page = self.page(&format!("/demo/mail?who={who}")).await;
        between(&page, "class=\"go\" href=\"", "\"").map(unescaped)
    }

    /// The person opens what they would open, and presses a button there.
    pub(super) async fn answer(&self, who: &str, answer: &str) -> (StatusCode, String) {
        let link = self.link(who).await.unwrap_or_else(|| panic!("{who} has no link"));
        let token = between(&link, "token=", "&").unwrap();
        self.post("/crew/accept", &format!("token={token}&answer={answer}")).await
    }

    pub(super) async fn standing(&self, id: &str, who: &str) -> Option<OfferState> {
        let state = self.charter(id).await;
        state.offers.iter().rfind(|offer| offer.crew_id.as_str() == who).map(|offer| offer.state)
    }
}

pub(super) async fn post(pages: &Router, path: &str, form: &str) -> (StatusCode, String) {
    let request = Request::post(path)
        .header("host", "127.0.0.1:8321")
        .header("origin", "http://127.0.0.1:8321")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form.to_owned()))
        .unwrap();
    let answer = pages.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let page = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(page.into()).unwrap())
}

pub(super) async fn page(pages: &Router, path: &str) -> String {
    let (status, page) = get(pages, path).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    page
}

pub(super) async fn get(pages: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("host", "127.0.0.1:8321").body(Body::empty()).unwrap();
    let answer = pages.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    (status, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().into()).unwrap())
}

pub(super) fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    text.split_once(from)?.1.split_once(to).map(|(found, _)| found)
}

pub(super) fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

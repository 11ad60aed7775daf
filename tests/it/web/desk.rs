//! A dispatcher at the page of one charter.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CharterId;

use super::sign_in::sign_in;
use crate::support::office::Office;

/// An office, its dispatcher's cookie, and a call whose first captain is being asked.
pub(super) struct Desk {
    pub(super) office: Office,
    pub(super) cookie: String,
    pub(super) id: CharterId,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let desk = Self::of(Office::new(Arc::new(MemoryStore::new())).await).await;
        desk.office.run(&desk.id, Command::Start).await.unwrap();
        desk.office.tick().await;
        desk
    }

    /// The same before the call was started.
    pub(super) async fn of(office: Office) -> Self {
        let cookie = sign_in(&office).await;
        let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        Self { office, cookie, id }
    }

    pub(super) async fn get(&self, query: &str) -> (StatusCode, String) {
        let path = format!("/charters/ch{query}");
        let request = Request::get(path).header(COOKIE, &self.cookie).body(Body::empty()).unwrap();
        self.office.request(request).await
    }

    pub(super) async fn board(&self) -> String {
        let request = Request::get("/").header(COOKIE, &self.cookie).body(Body::empty()).unwrap();
        self.office.request(request).await.1
    }

    /// Presses the button of a change, and looks at the charter then.
    pub(super) async fn make(&self, form: &str) -> String {
        self.post("change", form).await;
        self.get("").await.1
    }

    pub(super) async fn post(&self, what: &str, form: &str) {
        let (status, page) = self.send(what, form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{form}: {page}");
    }

    pub(super) async fn send(&self, what: &str, form: &str) -> (StatusCode, String) {
        let request = Request::post(format!("/charters/ch/{what}"))
            .header(COOKIE, &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.office.request(request).await
    }

    pub(super) async fn asked(&self) -> Vec<String> {
        let state = self.office.app.charter(&self.id).await.unwrap();
        state.open_offers().map(|offer| offer.crew_id.to_string()).collect()
    }
}

//! The API, as other programs of the office use it.

mod access;
mod charters;
mod commands;
mod fields;
mod keys;
mod rejections;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use crewcall::store::MemoryStore;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::office::Office;

/// An office, and a program with a token.
pub(super) struct Program {
    pub(super) office: Office,
    pub(super) token: String,
}

/// What a request is answered with.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    /// What it says, if all went well.
    #[track_caller]
    pub(super) fn done(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }

    /// What the problem is.
    #[track_caller]
    pub(super) fn problem(&self, status: u16) -> &str {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!((&self.body["status"], &self.body["type"]), (&json!(status), &json!("about:blank")));
        self.body["detail"].as_str().unwrap()
    }
}

impl Program {
    pub(super) async fn new() -> Self {
        Self::of(Office::new(Arc::new(MemoryStore::new())).await).await
    }

    pub(super) async fn of(office: Office) -> Self {
        let token = office.app.new_api_token("booking site").await.unwrap().unwrap();
        Self { office, token }
    }

    /// The same with a booked charter of one captain and one deckhand.
    pub(super) async fn with_charter() -> Self {
        let program = Self::new().await;
        program.office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
        program
    }

    pub(super) async fn send(&self, method: Method, path: &str, body: Option<&Value>, key: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request = request.header("authorization", format!("Bearer {}", self.token));
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.request(request.body(body).unwrap()).await
    }

    pub(super) async fn request(&self, request: Request<Body>) -> Answer {
        let answer = self.office.pages.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes);
        Answer { status, headers, body: body.unwrap_or_else(|_| panic!("{status}: no JSON: {bytes:?}")) }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, "").await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(&body), "").await
    }

    /// Gives a command to the charter, and says what it is then.
    pub(super) async fn give(&self, command: Value) -> Answer {
        self.post("/charters/ch/commands", command).await
    }

    /// Who is being asked.
    pub(super) async fn asked(&self) -> Vec<String> {
        let state = self.office.app.charter(&"ch".parse().unwrap()).await.unwrap();
        state.open_offers().map(|offer| offer.crew_id.to_string()).collect()
    }
}

//! What comes, on the charter's page.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::COOKIE;
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::sign_in::sign_in;
use crate::support::office::Office;

/// What the command line says of a plan stands on the page, too.
#[tokio::test]
async fn a_charters_page_shows_what_comes_if_nobody_answers() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    let id = office.book("ch", (16, 19), &[("captain", 1), ("deckhand", 1)]).await.unwrap();
    let page = async || {
        let request = Request::get("/charters/ch").header(COOKIE, &cookie).body(Body::empty()).unwrap();
        let answer = office.pages.clone().oneshot(request).await.unwrap();
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
    };
    let before = page().await;
    assert!(before.contains("What comes, if the call is started now and nobody answers"), "{before}");
    assert!(before.contains("If Dana Example says yes at once:"), "{before}");
    assert!(before.contains("Nobody is left to ask for captain from "), "{before}");
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    assert!(page().await.contains("What comes, if nobody answers"));
    office.run(&id, Command::Cancel).await.unwrap();
    assert!(!page().await.contains("What comes"));
}

//! Requests that are refused: from elsewhere, too large, not understood. Each answer is a page with a
//! sentence, and nothing is changed.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use crewcall::store::MemoryStore;
use crewcall_dispatch::cascade::Command;
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;

use crate::support::office::{Office, heading, token_of};

/// A way of asking wrongly: the request line and headers, the body, and the answer.
type Wrong = (&'static str, &'static [(&'static str, &'static str)], &'static str, u16);

const BROKEN: &[Wrong] = &[
    ("GET /nowhere", &[], "", 404),
    ("GET /crew", &[], "", 404),
    ("GET /crew/accept/", &[], "", 404),
    ("GET /crew/accept", &[], "", 404),
    ("GET /crew/accept?token=", &[], "", 404),
    ("GET /crew/accept?token=a&token=b", &[], "", 400),
    ("PUT /crew/accept", &[], "", 405),
    ("DELETE /", &[], "", 405),
    ("POST /", &[], "", 405),
    ("POST /crew/accept", &[], "", 415),
    ("POST /crew/accept", &[("content-type", "application/json")], "{}", 415),
    ("POST /crew/accept", &[("content-type", "text/plain")], "token=x", 415),
    ("POST /crew/accept", &[FORM], "", 404),
    ("POST /crew/accept", &[FORM], "token=TOKEN", 400),
    ("POST /crew/accept", &[FORM], "token=TOKEN&answer=maybe", 400),
    ("POST /crew/accept", &[FORM], "token=TOKEN&answer=accept&answer=decline", 422),
    ("POST /crew/accept", &[FORM], "token=%ff&answer=accept", 404),
    ("POST /crew/accept", &[FORM, ("origin", "https://evil.example")], "token=TOKEN&answer=accept", 403),
    ("POST /crew/accept", &[FORM, ("origin", "null")], "token=TOKEN&answer=accept", 403),
    ("POST /crew/accept", &[FORM, ("sec-fetch-site", "cross-site")], "token=TOKEN&answer=accept", 403),
    ("POST /crew/accept", &[FORM, ("sec-fetch-site", "same-site")], "token=TOKEN&answer=accept", 403),
    ("POST /charters/ch/start", &[("sec-fetch-site", "cross-site")], "", 403),
    ("POST /charters/ch/change", &[FORM], "what=cancel", 303),
    ("POST /charters/ch/thread", &[FORM], "what=note&text=x", 303),
    ("POST /roster/people/dana/contact", &[FORM], "mail=arrives", 303),
    ("POST /statements/2026-06/approve", &[FORM], "seen=x", 303),
    ("POST /statements/2026-06/approve", &[FORM, ("sec-fetch-site", "cross-site")], "seen=x", 403),
    ("POST /statements/2026-06/adjustments", &[FORM, ("origin", "https://evil.example")], "crew=dana", 403),
    ("PUT /statements/2026-06", &[], "", 405),
    ("GET /statements/2026-06/approve", &[], "", 405),
    ("GET /statements/june", &[], "", 303),
    ("POST /crew/message", &[FORM], "token=TOKEN", 400),
    ("POST /crew/message", &[FORM], "token=TOKEN&text=%E2%80%AE&key=k", 400),
    ("POST /crew/message", &[FORM], "token=TOKEN&text=x", 400),
    ("POST /crew/message", &[FORM, ("origin", "https://evil.example")], "token=TOKEN&text=x", 403),
    ("GET /charters/ch", &[], "", 303),
    ("GET /charters/a%20b", &[], "", 303),
    ("GET /roster", &[("cookie", "__Host-crewcall=forged")], "", 303),
];

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn office() -> Office {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    office.run(&id, Command::Start).await.unwrap();
    office.tick().await;
    office
}

#[tokio::test]
async fn every_broken_request_gets_a_sentence_and_changes_nothing() {
    let office = office().await;
    let link = office.newest_link("dana").unwrap();
    let before = office.app.charter(&"ch".parse().unwrap()).await.unwrap();
    for (line, headers, body, expected) in BROKEN {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("host", "crew.example.com");
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let body = body.replace("TOKEN", token_of(&link));
        let (status, page) = office.request(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(status.as_u16(), *expected, "{line} {headers:?}: {page}");
        if !status.is_redirection() {
            assert!(!heading(&page).is_empty(), "{line} {headers:?} {status}: no page, but {page:?}");
        }
        assert_eq!(
            office.app.charter(&"ch".parse().unwrap()).await.unwrap(),
            before,
            "{line} changed something"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let office = office().await;
    let request =
        Request::post("/crew/accept").header(FORM.0, FORM.1).body(Body::from("x".repeat(65 * 1024 + 1)));
    let (status, page) = office.request(request.unwrap()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(!heading(&page).is_empty(), "{page:?}");
}

// Time passes here only while everyone waits for it.
#[tokio::test(start_paused = true)]
async fn a_request_that_does_not_end_is_answered_in_words() {
    let office = office().await;
    let endless = || {
        Body::new(Full::from("token=").with_trailers(std::future::pending::<Option<Result<HeaderMap, _>>>()))
    };
    let request = Request::post("/crew/accept").header(FORM.0, FORM.1).body(endless()).unwrap();
    let (status, page) = office.request(request).await;
    assert_eq!((status, heading(&page)), (StatusCode::REQUEST_TIMEOUT, "This took too long to arrive"));
    let request = Request::post("/api/v1/charters").header("content-type", "application/json");
    let (status, problem) = office.request(request.body(endless()).unwrap()).await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert!(problem.contains("\"status\":408") && problem.contains("Nothing was changed"), "{problem}");
}

#[tokio::test]
async fn the_demo_answers_on_this_machine_only() {
    let demo = crewcall::demo::open("http://127.0.0.1:8321").await.unwrap();
    for (host, expected) in [
        ("127.0.0.1:8321", StatusCode::OK),
        ("localhost:8321", StatusCode::OK),
        ("[::1]:8321", StatusCode::OK),
        ("127.0.0.2:8321", StatusCode::OK),
        ("192.0.2.1:8321", StatusCode::MISDIRECTED_REQUEST),
        ("rebound.example:8321", StatusCode::MISDIRECTED_REQUEST),
        ("localhost.rebound.example", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        for path in ["/", "/demo/mail/1", "/roster"] {
            let request = Request::get(path).header("host", host).body(Body::empty()).unwrap();
            let status = demo.pages.clone().oneshot(request).await.unwrap().status();
            assert_eq!(status, expected, "{path} of {host:?}");
        }
    }
}

#[tokio::test]
async fn our_own_forms_are_not_refused() {
    let office = office().await;
    let link = office.newest_link("dana").unwrap();
    for headers in [
        vec![("sec-fetch-site", "same-origin")],
        vec![("origin", "https://crew.example.com"), ("host", "crew.example.com")],
        vec![],
    ] {
        let mut request = Request::post("/crew/accept").header(FORM.0, FORM.1);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = format!("token={}&answer=accept", token_of(&link));
        let (status, page) = office.request(request.body(Body::from(body)).unwrap()).await;
        assert_eq!((status, heading(&page)), (StatusCode::OK, "You're on"));
    }
}

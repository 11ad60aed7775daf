//! The office to try out, with its work going on beside whoever presses buttons.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use crewcall::demo;
use http_body_util::BodyExt;
use tokio::sync::watch;
use tower::ServiceExt;

async fn press(pages: &Router, path: &str, form: &'static str) {
    let request = Request::post(path)
        .header("host", "127.0.0.1:8321")
        .header("origin", "http://127.0.0.1:8321")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    assert_eq!(pages.clone().oneshot(request).await.unwrap().status(), StatusCode::SEE_OTHER);
}

async fn page(pages: &Router, path: &str) -> String {
    let request = Request::get(path).header("host", "127.0.0.1:8321").body(Body::empty()).unwrap();
    let answer = pages.clone().oneshot(request).await.unwrap();
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

/// Moved on while a mail was being handed over, the clock made the mail look abandoned.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn moving_the_clock_sends_no_mail_twice() {
    let office = demo::open("http://127.0.0.1:8321").await.unwrap();
    let (stop, stopping) = watch::channel(false);
    let time = office.time.clone();
    let dispatcher = tokio::spawn(async move { time.run(stopping).await });
    for _ in 0..12 {
        press(&office.pages, "/demo/clock", "move=1h").await;
    }
    stop.send(true).unwrap();
    dispatcher.await.unwrap();
    let charter = page(&office.pages, "/charters/charter_5678").await;
    assert!(charter.matches("did not answer in time").count() >= 5, "{charter}");
    assert!(!charter.contains("perhaps twice"), "{charter}");
}

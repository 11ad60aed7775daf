//! Ways back that nobody was sent on, or that are not for this browser.

use std::sync::Arc;

use axum::http::StatusCode;
use crewcall::store::MemoryStore;
use crewcall::web::serve;
use jiff::SignedDuration;
use tokio::net::TcpListener;

use super::desk::{Begun, Desk, Page, signs_in};
use crate::support::office::operator;
use crate::support::watched::Watched;

/// Nobody is signed in, a way leads back, and the issuer was not asked for anything.
fn is_over(page: &Page, desk: &Desk, case: &str) {
    assert_eq!((page.status, page.heading()), (StatusCode::GONE, "This sign-in is over"), "{case}");
    assert!(page.body.contains("href=\"/signin"), "{case}: {}", page.body);
    assert!(!signs_in(page), "{case}");
    assert_eq!(desk.issuer.count("/token"), 0, "{case}");
}

#[tokio::test]
async fn what_nobody_was_sent_back_with_signs_nobody_in_and_changes_nothing() {
    let store = Arc::new(Watched::new(Arc::new(MemoryStore::new())));
    let desk = Desk::on(store.clone(), operator()).await;
    let begun = desk.begin("/roster").await;
    desk.says(&desk.claims(&begun, "pat@example.com"));
    let before = store.rows().await;
    let (own, state) = (begun.way_back(), begun.asked("state").to_owned());
    let value = begun.cookie.split_once('=').unwrap().1;
    let began_at: i64 = value.split('.').next().unwrap().parse().unwrap();
    let moved_on = begun.cookie.replace(&began_at.to_string(), &(began_at + 300).to_string());
    let other = begun.cookie.replace("%2Froster", "%2Fusers");
    for (case, way, cookie) in [
        ("another browser", &*own, ""),
        ("another cookie", &own, "__Host-crewcall-elsewhere=1.a."),
        ("a cookie of no sense", &own, "__Host-crewcall-elsewhere=%00;=;;__Host-crewcall-elsewhere"),
        ("a cookie without its prefix", &own, &*format!("crewcall-elsewhere={value}")),
        ("a cookie that is younger than it was", &own, &moved_on),
        ("a cookie that leads elsewhere", &own, &other),
        ("no state", "/signin/google/callback?code=abc", &begun.cookie),
        ("another state", "/signin/google/callback?code=abc&state=x", &begun.cookie),
        ("half of the state", &*own[..own.len() - 1].to_owned(), &begun.cookie),
        ("nothing", "/signin/google/callback", &begun.cookie),
        ("an error without its state", "/signin/google/callback?error=access_denied", &begun.cookie),
        ("from another issuer", &*format!("{own}&iss=https%3A%2F%2Feve.example.com"), &begun.cookie),
    ] {
        is_over(&desk.come_back(way, cookie).await, &desk, case);
    }
    for way in
        ["state=a&state=b", "code=%ff&state=%fe", &"x".repeat(5_000), &format!("state={state}&code[]=x")]
    {
        let page = desk.come_back(&format!("/signin/google/callback?{way}"), &begun.cookie).await;
        assert!(page.status.is_client_error() && !signs_in(&page), "{way}: {}", page.status);
    }
    assert!(store.rows().await == before, "something was written");
    // After all of that whoever began ends it.
    assert_eq!(desk.come_back(&own, &begun.cookie).await.location(), Some("/roster"));
}

#[tokio::test]
async fn whoever_takes_longer_than_ten_minutes_begins_again() {
    let desk = Desk::open().await;
    let begun = desk.begin("").await;
    desk.says(&desk.claims(&begun, "pat@example.com"));
    desk.office.clock.move_to(desk.office.time.now() + SignedDuration::from_mins(10));
    let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
    is_over(&page, &desk, "late");
    assert!(page.body.contains("10 minutes"), "{}", page.body);
}

#[tokio::test]
async fn a_way_back_is_gone_once() {
    let desk = Desk::open().await;
    let begun = desk.begin("").await;
    desk.says(&desk.claims(&begun, "pat@example.com"));
    let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
    assert!(signs_in(&page));
    // The browser has been told to forget the cookie; and the issuer knows the code for used.
    let again = desk.come_back(&begun.way_back(), "").await;
    assert_eq!((again.status, again.heading()), (StatusCode::GONE, "This sign-in is over"));
    desk.issuer.says().refusal = Some(serde_json::json!({ "error": "invalid_grant" }));
    let again = desk.come_back(&begun.way_back(), &begun.cookie).await;
    assert_eq!((again.status, signs_in(&again)), (StatusCode::GONE, false));
}

#[tokio::test]
async fn the_answer_to_one_sign_in_is_none_to_another() {
    let desk = Desk::open().await;
    let (mine, theirs) = (desk.begin("").await, desk.begin("").await);
    desk.says(&desk.claims(&theirs, "pat@example.com"));
    // Somebody is sent to the way back of somebody else.
    is_over(&desk.come_back(&theirs.way_back(), &mine.cookie).await, &desk, "theirs");
    // And with a code of theirs in a way back of one's own.
    let page = desk.come_back(&mine.way_back(), &mine.cookie).await;
    assert_eq!((page.status, signs_in(&page)), (StatusCode::BAD_GATEWAY, false));
}

#[tokio::test]
async fn whoever_says_no_at_the_issuer_is_told_so() {
    let desk = Desk::open().await;
    let no = |begun: &Begun, error: &str| {
        format!(
            "/signin/google/callback?error={error}&error_description=%3Cb%3E&state={}",
            begun.asked("state")
        )
    };
    for error in ["access_denied", "server_error", "%3Cscript%3E"] {
        let begun = desk.begin("/roster").await;
        let page = desk.come_back(&no(&begun, error), &begun.cookie).await;
        assert_eq!((page.status, page.heading()), (StatusCode::FORBIDDEN, "Google did not sign you in"));
        assert!(page.body.contains("href=\"/signin?to=%2Froster\""), "{}", page.body);
        assert!(!page.body.contains("<b>") && !page.body.contains("<script>"), "{}", page.body);
        assert!(page.cookies()["__Host-crewcall-elsewhere"].starts_with("; "), "the cookie stays");
    }
    assert_eq!(desk.issuer.count("/token"), 0);
}

#[tokio::test]
async fn it_leads_to_no_other_site() {
    let desk = Desk::open().await;
    let sites = ["//eve.example.com", "https://eve.example.com", "/\\eve.example.com", "x"];
    // Nor to what another program has beside the path of our pages.
    let beside = ["/../other", "/%2e%2E/other", "/x/..\\..\\other", "/.%2e", "/x/../../other?y"];
    for elsewhere in sites.into_iter().chain(beside) {
        let begun = desk.begin(elsewhere).await;
        desk.says(&desk.claims(&begun, "pat@example.com"));
        let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
        assert_eq!(page.location(), Some("/"), "{elsewhere}");
    }
}

#[tokio::test]
async fn whoever_comes_back_without_end_is_held_off_and_nobody_else_is() {
    let desk = Desk::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, desk.office.pages.clone(), std::future::pending()));
    let client = reqwest::Client::new();
    let ask = async |path: &str, from: &str| {
        let request = client.get(format!("{origin}{path}")).header("x-forwarded-for", from);
        request.send().await.unwrap()
    };
    let back = "/signin/google/callback?state=stolen";
    let mut answered = 0;
    while ask(back, "203.0.113.7").await.status() != StatusCode::TOO_MANY_REQUESTS {
        answered += 1;
        assert!(answered < 500, "it is never held off");
    }
    assert!(answered >= 60, "{answered}");
    let held_off = ask(back, "203.0.113.8").await;
    assert_eq!(held_off.headers()["retry-after"], "60");
    assert!(held_off.text().await.unwrap().contains("have a link mailed to you"));
    // Whoever has another page open them from there keeps nobody from coming back.
    assert_eq!(ask("/signin", "203.0.113.7").await.status(), StatusCode::OK);
    assert_eq!(ask("/signin/google/callback?state=own", "203.0.113.9").await.status(), StatusCode::GONE);
}

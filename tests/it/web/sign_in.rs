//! Signing the office in, and out.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Request, Response, StatusCode};
use crewcall::store::{Expect, Key, MemoryStore, Table, Write};
use crewcall::web::new_setup_link;
use jiff::ToSpan;
use tower::ServiceExt;

use crate::support::faulty::{Fault, Faulty};
use crate::support::meanwhile::{Before, Meanwhile};
use crate::support::office::{Office, heading};

pub(crate) async fn send(office: &Office, request: Request<Body>) -> Response<Body> {
    office.pages.clone().oneshot(request).await.unwrap()
}

pub(super) fn form(path: &str, cookie: &str, body: String) -> Request<Body> {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header(COOKIE, cookie)
        .body(Body::from(body))
        .unwrap()
}

pub(crate) fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap()
}

pub(super) async fn setup_token(office: &Office) -> String {
    let link = new_setup_link(&office.app).await.unwrap();
    link.strip_prefix("https://crew.example.com/setup?token=").unwrap().to_owned()
}

/// Signs in and gives the cookie.
pub(crate) async fn sign_in(office: &Office) -> String {
    sign_in_as(office, "Pat Lane", "pat@example.com").await
}

/// The same of somebody else.
pub(super) async fn sign_in_as(office: &Office, name: &str, email: &str) -> String {
    let token = setup_token(office).await;
    let name = name.replace(' ', "+");
    let answer = send(office, form("/setup", "", format!("token={token}&name={name}&email={email}"))).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    for part in ["__Host-crewcall=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_office_sees_nothing_before_it_signs_in() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    for (path, way) in [
        ("/", "/signin"),
        ("/roster", "/signin?to=%2Froster"),
        ("/charters/ch", "/signin?to=%2Fcharters%2Fch"),
        ("/charters/none", "/signin?to=%2Fcharters%2Fnone"),
    ] {
        let answer = send(&office, get(path, "")).await;
        assert_eq!(
            (answer.status(), &answer.headers()[LOCATION]),
            (StatusCode::SEE_OTHER, &way.parse().unwrap())
        );
    }
    for path in ["/charters/ch/start", "/charters/ch/change"] {
        let answer = send(&office, form(path, "", String::new())).await;
        assert_eq!(answer.headers()[LOCATION], "/signin");
    }
    assert_eq!(office.app.charter(&id).await.unwrap().facts, 1);
}

#[tokio::test]
async fn a_setup_link_signs_one_browser_in_once() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    let cookie = sign_in(&office).await;
    assert_eq!(send(&office, get("/", &cookie)).await.status(), StatusCode::OK);
    let answer = send(&office, form("/charters/ch/start", &cookie, String::new())).await;
    assert_eq!(answer.headers()[LOCATION], "/charters/ch?done=start");
    let audit = serde_json::to_string(&office.app.audit(&id).await.unwrap()).unwrap();
    assert!(audit.contains("Pat Lane"), "{audit}");

    send(&office, form("/signout", &cookie, String::new())).await;
    assert_eq!(send(&office, get("/", &cookie)).await.status(), StatusCode::SEE_OTHER);
}

/// A page renews the session once a day, with its answer.
#[tokio::test]
async fn a_page_that_renews_the_session_first_does_not_keep_a_sign_out_from_happening() {
    let store = Arc::new(Faulty::counting(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let cookie = sign_in(&office).await;
    store.strike_next(Fault::Overtaken);
    send(&office, form("/signout", &cookie, String::new())).await;
    assert!(store.has_struck());
    assert_eq!(send(&office, get("/", &cookie)).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_could_not_be_signed_out_is_told_so() {
    let store = Arc::new(Faulty::counting(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let cookie = sign_in(&office).await;
    store.strike_next(Fault::Before);
    let answer = send(&office, form("/signout", &cookie, String::new())).await;
    assert!(store.has_struck() && answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", answer.status());
    assert_eq!(send(&office, get("/", &cookie)).await.status(), StatusCode::OK, "and is signed in");
    send(&office, form("/signout", &cookie, String::new())).await;
    assert_eq!(send(&office, get("/", &cookie)).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_page_that_was_under_way_does_not_sign_in_again_who_signed_out() {
    let store = Arc::new(Meanwhile::on(Arc::new(MemoryStore::new())));
    let office = Office::new(store.clone()).await;
    let cookie = sign_in(&office).await;
    office.advance("24h").await;
    let sign_out = office.pages.clone().oneshot(form("/signout", &cookie, String::new()));
    store.plan(Before::List, async { assert_eq!(sign_out.await.unwrap().status(), StatusCode::SEE_OTHER) });
    assert_eq!(send(&office, get("/", &cookie)).await.status(), StatusCode::OK, "the page had begun");
    assert!(store.has_happened());
    assert_eq!(send(&office, get("/", &cookie)).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_that_nobody_uses_ends_and_is_forgotten() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    let ends_at = office.app.store.next_due(Table::Session).await.unwrap().unwrap();
    let just_before = Office::on(office.app.store.clone(), ends_at - 1.second());
    just_before.tick().await;
    assert_eq!(send(&just_before, get("/signin", &cookie)).await.status(), StatusCode::OK);
    assert_eq!(office.app.store.next_due(Table::Session).await.unwrap(), Some(ends_at));
    // It is looked for once in an hour.
    let then = Office::on(office.app.store.clone(), ends_at + 1.hour());
    then.tick().await;
    assert_eq!(office.app.store.next_due(Table::Session).await.unwrap(), None);
    assert_eq!(send(&then, get("/", &cookie)).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn however_many_sessions_have_ended_all_are_forgotten_at_once() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    for n in 0..250 {
        let ended = Write::Put {
            key: Key::new(Table::Session, format!("{n:03}")),
            expect: Expect::Absent,
            body: "{}".into(),
            listing: None,
            due_at: Some(office.time.now() - 1.minute()),
        };
        office.app.store.commit(vec![ended]).await.unwrap();
    }
    office.tick().await;
    assert_eq!(office.app.store.next_due(Table::Session).await.unwrap(), None);
}

#[tokio::test]
async fn a_setup_link_is_not_used_up_by_looking_and_dies_by_use_and_age_and_when_there_are_many() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let token = setup_token(&office).await;
    let path = format!("/setup?token={token}");
    for _ in 0..3 {
        let (status, page) = office.get(&path).await;
        assert_eq!((status, heading(&page)), (StatusCode::OK, "Sign this browser in"));
    }
    let used = form("/setup", "", format!("token={token}&name=Pat&email=pat@example.com"));
    assert_eq!(send(&office, used).await.status(), StatusCode::SEE_OTHER);
    let again = form("/setup", "", format!("token={token}&name=Mallory&email=mallory@example.com"));
    assert_eq!(send(&office, again).await.status(), StatusCode::GONE);
    assert_eq!(office.get(&path).await.0, StatusCode::GONE);

    let old = setup_token(&office).await;
    let newer = setup_token(&office).await;
    // Two servers on one store print one each.
    assert_eq!(office.get(&format!("/setup?token={old}")).await.0, StatusCode::OK);
    for _ in 0..3 {
        setup_token(&office).await;
    }
    assert_eq!(office.get(&format!("/setup?token={old}")).await.0, StatusCode::GONE);
    assert_eq!(office.get(&format!("/setup?token={newer}")).await.0, StatusCode::OK);
    office.advance("24h").await;
    assert_eq!(office.get(&format!("/setup?token={newer}")).await.0, StatusCode::GONE);
    for guess in ["", "a", "setup-link", &"a".repeat(52)] {
        assert_eq!(office.get(&format!("/setup?token={guess}")).await.0, StatusCode::GONE);
    }
}

#[tokio::test]
async fn a_name_is_needed_and_has_to_be_a_name() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let token = setup_token(&office).await;
    for name in ["", "+++", "a%0Ab", &"x".repeat(101)] {
        let answer =
            send(&office, form("/setup", "", format!("token={token}&name={name}&email=pat@example.com")))
                .await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name:?}");
    }
    assert_eq!(office.get(&format!("/setup?token={token}")).await.0, StatusCode::OK, "the link was used up");
}

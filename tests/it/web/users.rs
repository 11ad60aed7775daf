//! Who works in the office, what they may do, and where they are signed in.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use crewcall::app::Role;
use crewcall::store::MemoryStore;

use super::mailed_link::{email, links, signed_in};
use super::sign_in::{form, get, send, setup_token, sign_in};
use crate::support::office::{Office, heading, token_of};

async fn page(office: &Office, path: &str, cookie: &str) -> (StatusCode, String) {
    office.request(get(path, cookie)).await
}

async fn post(office: &Office, path: &str, cookie: &str, body: &str) -> (StatusCode, String) {
    office.request(form(path, cookie, body.to_owned())).await
}

#[tokio::test]
async fn the_first_user_lets_others_in_and_what_they_do_is_theirs() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    let pat = sign_in(&office).await;
    let added = post(&office, "/users", &pat, "name=Kim+Cole&email=Kim%40example.com&role=office").await;
    assert_eq!(added.0, StatusCode::SEE_OTHER, "{}", added.1);
    let (_, users) = page(&office, "/users", &pat).await;
    for part in ["Pat Lane", "(you)", "kim@example.com", "by Pat Lane", "by a setup link"] {
        assert!(users.contains(part), "{part} is missing in {users}");
    }
    let kim = signed_in(&office, "kim@example.com").await;
    assert_eq!(post(&office, "/charters/ch/start", &kim, "").await.0, StatusCode::SEE_OTHER);
    let audit = serde_json::to_string(&office.app.audit(&id).await.unwrap()).unwrap();
    assert!(audit.contains("Kim Cole"), "{audit}");
}

#[tokio::test]
async fn whoever_may_only_look_sees_everything_and_changes_nothing() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let id = office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    sign_in(&office).await;
    office.app.put_user(&email("kim@example.com"), "Kim Cole", Role::ReadOnly, "test").await.unwrap();
    let kim = signed_in(&office, "kim@example.com").await;
    for (path, changes) in [
        ("/charters/ch", true),
        ("/new-charter", true),
        ("/roster", true),
        ("/roster/people/dana", true),
        ("/roster/new", true),
        ("/roster/days", true),
        ("/roster/import", true),
        ("/users", true),
        ("/statements/2026-06", true),
        // To search, and to sign a browser of one's own out, is for everyone.
        ("/", false),
        ("/account", false),
    ] {
        let (status, shown) = page(&office, path, &kim).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(shown.contains("href=\"/users\""), "{shown}");
        assert_eq!(shown.contains("<fieldset class=\"off\" disabled>"), changes, "{path}: {shown}");
    }
    let (status, said) = post(&office, "/charters/ch/start", &kim, "").await;
    assert_eq!((status, heading(&said)), (StatusCode::FORBIDDEN, "You can look, and not change"));
    assert_eq!(office.app.charter(&id).await.unwrap().facts, 1);
    // Nor gives herself the role.
    let raised = post(&office, "/users", &kim, "name=Kim&email=kim%40example.com&role=office").await;
    assert_eq!(raised.0, StatusCode::FORBIDDEN);
    // Her own sessions are hers to end.
    assert_eq!(post(&office, "/signout", &kim, "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(send(&office, get("/", &kim)).await.headers()[LOCATION], "/signin");
}

#[tokio::test]
async fn a_role_that_changes_counts_at_once_and_whoever_is_removed_is_out() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    office.book("ch", (16, 19), &[("captain", 1)]).await.unwrap();
    let pat = sign_in(&office).await;
    office.app.put_user(&email("kim@example.com"), "Kim Cole", Role::Office, "test").await.unwrap();
    let kim = signed_in(&office, "kim@example.com").await;
    let lower = "name=Kim+Cole&email=kim%40example.com&role=read-only&was_name=Kim+Cole&was_role=office";
    assert_eq!(post(&office, "/users", &pat, lower).await.0, StatusCode::SEE_OTHER);
    // Sent twice it is the same; from a page of before it gives nothing back, nor does adding her once more.
    assert_eq!(post(&office, "/users", &pat, lower).await.0, StatusCode::SEE_OTHER);
    let corrected = "name=Kim+Coal&email=kim%40example.com&role=office&was_name=Kim+Cole&was_role=office";
    let (status, said) = post(&office, "/users", &pat, corrected).await;
    assert!(status == StatusCode::CONFLICT && said.contains("changed meanwhile"), "{said}");
    // Nor does anybody take a name under which others' deeds stand.
    for other in [
        "name=pat+lane&email=x%40example.com&role=office",
        "name=PAT+LANE&email=kim%40example.com&role=read-only&was_name=Kim+Cole&was_role=read-only",
    ] {
        let (status, said) = post(&office, "/users", &pat, other).await;
        assert!(
            status == StatusCode::CONFLICT
                && said.contains("The name Pat Lane is that of pat@example.com, too"),
            "{said}"
        );
    }
    let (status, said) = post(&office, "/users", &pat, "name=Kim&email=Kim%40example.com&role=office").await;
    assert!(status == StatusCode::CONFLICT && said.contains("already, as Kim Cole"), "{said}");
    assert_eq!(post(&office, "/charters/ch/start", &kim, "").await.0, StatusCode::FORBIDDEN);
    office.app.mail_sign_in_link(&email("kim@example.com"), None).await.unwrap();
    office.tick().await;
    let link = links(&office, "kim@example.com").pop().unwrap();
    assert_eq!(
        post(&office, "/users/remove", &pat, "email=kim%40example.com").await.0,
        StatusCode::SEE_OTHER
    );
    assert_eq!(page(&office, "/", &kim).await.0, StatusCode::SEE_OTHER);
    // Added again, she is somebody new: the old browser stays out.
    office.advance("1min").await;
    office.app.put_user(&email("kim@example.com"), "Kim Cole", Role::Office, "test").await.unwrap();
    assert_eq!(page(&office, "/", &kim).await.0, StatusCode::SEE_OTHER);
    // And so does whoever has a link of before.
    let token = format!("token={}", token_of(&link));
    assert_eq!(post(&office, "/signin/link", "", &token).await.0, StatusCode::GONE);
}

/// The record names people by their names.
#[tokio::test]
async fn a_setup_link_gives_nobody_who_is_here_another_name() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    sign_in(&office).await;
    let setup = format!("token={}&name=Mallory&email=pat%40example.com", setup_token(&office).await);
    assert_eq!(post(&office, "/setup", "", &setup).await.0, StatusCode::SEE_OTHER);
    let users = office.app.users().await.unwrap();
    assert_eq!(users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["Pat Lane"]);
}

#[tokio::test]
async fn somebody_stays_who_may_change_things() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let pat = sign_in(&office).await;
    for (path, body) in [
        ("/users", "name=Pat&email=pat%40example.com&role=read-only&was_name=Pat+Lane&was_role=office"),
        ("/users", "name=X&email=x%40example.com&role=office&was_name=X&was_role=office"),
        ("/users/remove", "email=pat%40example.com"),
        ("/users/remove", "email=nobody%40example.com"),
    ] {
        let (status, said) = post(&office, path, &pat, body).await;
        assert_eq!((status, heading(&said)), (StatusCode::CONFLICT, "That cannot be done"), "{path} {body}");
    }
    for body in [
        "name=&email=a%40example.com&role=office",
        "name=A&email=a&role=office",
        "name=A&email=a%40example.com&role=owner",
    ] {
        assert_eq!(post(&office, "/users", &pat, body).await.0, StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(office.app.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn sessions_are_seen_and_ended_by_their_user_alone() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let here = sign_in(&office).await;
    let elsewhere = signed_in(&office, "pat@example.com").await;
    office.app.put_user(&email("kim@example.com"), "Kim Cole", Role::Office, "test").await.unwrap();
    let kim = signed_in(&office, "kim@example.com").await;

    let (_, shown) = page(&office, "/account", &here).await;
    let sessions: Vec<&str> =
        shown.split("/account/sessions/").skip(1).map(|rest| rest.split('/').next().unwrap()).collect();
    assert_eq!((sessions.len(), shown.matches("(this one)").count()), (2, 1), "{shown}");
    for session in &sessions {
        post(&office, &format!("/account/sessions/{session}/end"), &kim, "").await;
    }
    assert_eq!(page(&office, "/", &here).await.0, StatusCode::OK, "another user ended it");
    let (_, shown) = page(&office, "/account", &elsewhere).await;
    let other =
        shown.split("/account/sessions/").skip(1).find(|row| !row.starts_with(this_one(&shown))).unwrap();
    let other = other.split('/').next().unwrap();
    post(&office, &format!("/account/sessions/{other}/end"), &elsewhere, "").await;
    let stand = (page(&office, "/", &here).await.0, page(&office, "/", &elsewhere).await.0);
    assert_eq!(stand, (StatusCode::SEE_OTHER, StatusCode::OK));
}

/// The session of the browser that looks, on its page.
fn this_one(shown: &str) -> &str {
    let row = shown.split("(this one)").nth(1).unwrap();
    row.split_once("/account/sessions/").unwrap().1.split('/').next().unwrap()
}

#[tokio::test]
async fn a_session_ends_after_three_months_however_much_it_is_used() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let cookie = sign_in(&office).await;
    for _ in 0..8 {
        let (_, shown) = page(&office, "/account", &cookie).await;
        assert!(shown.contains("(this one)"), "{shown}");
        office.clock.move_to(office.time.now() + jiff::SignedDuration::from_hours(11 * 24));
        assert_eq!(page(&office, "/account", &cookie).await.0, StatusCode::OK);
    }
    office.clock.move_to(office.time.now() + jiff::SignedDuration::from_hours(2 * 24));
    assert_eq!(page(&office, "/account", &cookie).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_sign_in_gives_the_browser_another_cookie() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let first = sign_in(&office).await;
    office.app.mail_sign_in_link(&email("pat@example.com"), None).await.unwrap();
    office.tick().await;
    let mails = office.mailbox.list();
    let text = &mails.last().unwrap().mail.text;
    let token = text.split_once("/signin/link?token=").unwrap().1.lines().next().unwrap();
    let answer = send(&office, form("/signin/link", &first, format!("token={token}"))).await;
    let second = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(first, second);
    assert_eq!(page(&office, "/", &first).await.0, StatusCode::SEE_OTHER, "the old one works still");
    assert_eq!(page(&office, "/", &second).await.0, StatusCode::OK);
}

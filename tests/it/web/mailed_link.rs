//! Signing in by a link that is mailed: to whoever works here, and to nobody else.

use std::sync::Arc;

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{Response, StatusCode};
use crewcall::app::Role;
use crewcall::store::MemoryStore;
use crewcall_dispatch::model::Email;

use super::sign_in::{form, get, send};
use crate::support::office::{Office, heading};

pub(super) fn email(text: &str) -> Email {
    text.parse().unwrap()
}

async fn office() -> Office {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    office.app.put_user(&email("Pat@Example.com"), "Pat Lane", Role::Office, "test").await.unwrap();
    office
}

/// Asks for a link as somebody types it, and gives what the page says.
async fn ask(office: &Office, email: &str, to: &str) -> (StatusCode, String) {
    let body = format!("email={email}&to={to}").replace('@', "%40");
    office.request(form("/signin", "", body)).await
}

/// The links that were mailed to an address, in order.
pub(super) fn links(office: &Office, to: &str) -> Vec<String> {
    let mails = office.mailbox.list();
    let theirs = mails.iter().filter(|arrived| arrived.mail.to.email.as_str() == to);
    let links = theirs.filter_map(|arrived| {
        let line = arrived.mail.text.lines().find(|line| line.contains("/signin/link?token="))?;
        Some(line.strip_prefix("https://crew.example.com")?.to_owned())
    });
    links.collect()
}

fn token(link: &str) -> &str {
    link.split_once("token=").unwrap().1
}

async fn press(office: &Office, token: &str) -> Response<axum::body::Body> {
    send(office, form("/signin/link", "", format!("token={token}"))).await
}

/// Signs somebody in who is let in already, and gives the cookie.
pub(super) async fn signed_in(office: &Office, address: &str) -> String {
    office.app.mail_sign_in_link(&email(address), None).await.unwrap();
    office.tick().await;
    let answer = press(office, token(links(office, address).last().unwrap())).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_link_is_mailed_and_signs_in_once_and_leads_to_the_page_that_was_wanted() {
    let office = office().await;
    let answer = send(&office, get("/charters/ch?x=1", "")).await;
    let page = answer.headers()[LOCATION].to_str().unwrap();
    assert_eq!(page, "/signin?to=%2Fcharters%2Fch%3Fx%3D1");
    let (_, form_page) = office.get(page).await;
    assert!(form_page.contains("value=\"/charters/ch?x=1\""), "{form_page}");

    let (status, said) = ask(&office, "PAT@example.com", "/charters/ch?x=1").await;
    assert_eq!((status, heading(&said)), (StatusCode::OK, "Look into your mail"));
    assert_eq!(links(&office, "pat@example.com").len(), 0, "a page mails nothing itself");
    office.tick().await;
    let link = links(&office, "pat@example.com").pop().unwrap();

    for secret in [&link, "/setup?token=x"] {
        assert_eq!(send(&office, get(secret, "")).await.headers()["referrer-policy"], "strict-origin");
    }
    // Scanners open it, as often as they like.
    for _ in 0..3 {
        let (status, page) = office.get(&link).await;
        assert_eq!((status, heading(&page)), (StatusCode::OK, "Sign in as Pat Lane?"));
    }
    let answer = press(&office, token(&link)).await;
    assert_eq!(
        (answer.status(), &answer.headers()[LOCATION]),
        (StatusCode::SEE_OTHER, &"/charters/ch?x=1".parse().unwrap())
    );
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let (status, board) = office.request(get("/", &cookie)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(board.contains("Pat Lane"), "{board}");

    assert_eq!(press(&office, token(&link)).await.status(), StatusCode::GONE);
    assert_eq!(office.get(&link).await.0, StatusCode::GONE);
}

#[tokio::test]
async fn who_works_here_cannot_be_found_out_and_strangers_get_no_mail() {
    let office = office().await;
    let (_, known) = ask(&office, "pat@example.com", "").await;
    let (_, stranger) = ask(&office, "eve@example.com", "").await;
    assert_eq!(known.replace("pat@", "eve@"), stranger);
    office.tick().await;
    assert_eq!(office.mailbox.list().len(), 1);
    assert_eq!(ask(&office, "nonsense", "").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_link_ends_after_a_while_and_with_its_user() {
    let office = office().await;
    ask(&office, "pat@example.com", "").await;
    office.tick().await;
    let link = links(&office, "pat@example.com").pop().unwrap();
    office.advance("15min").await;
    assert_eq!(press(&office, token(&link)).await.status(), StatusCode::GONE);

    office.app.put_user(&email("kim@example.com"), "Kim Cole", Role::ReadOnly, "test").await.unwrap();
    ask(&office, "kim@example.com", "").await;
    office.tick().await;
    let link = links(&office, "kim@example.com").pop().unwrap();
    office.app.remove_user(&email("kim@example.com"), "test").await.unwrap();
    assert_eq!(office.get(&link).await.0, StatusCode::GONE);
    assert_eq!(press(&office, token(&link)).await.status(), StatusCode::GONE);
}

#[tokio::test]
async fn a_link_that_nobody_can_use_any_more_is_not_mailed() {
    let office = office().await;
    ask(&office, "pat@example.com", "").await;
    // The mail server was away meanwhile.
    office.clock.move_to(office.time.now() + jiff::SignedDuration::from_mins(16));
    office.tick().await;
    assert_eq!(office.mailbox.list().len(), 0);
    assert_eq!(office.app.next_due().await.unwrap(), None, "the row is gone");
}

#[tokio::test]
async fn whoever_asks_for_links_without_end_fills_no_mailbox_and_keeps_nobody_out() {
    let office = office().await;
    for _ in 0..20 {
        assert_eq!(ask(&office, "pat@example.com", "").await.0, StatusCode::OK);
        office.tick().await;
    }
    let links = links(&office, "pat@example.com");
    assert_eq!(links.len(), 3);
    // Each of them works still.
    for link in &links {
        assert_eq!(press(&office, token(link)).await.status(), StatusCode::SEE_OTHER);
    }
    ask(&office, "pat@example.com", "").await;
    office.tick().await;
    assert_eq!(self::links(&office, "pat@example.com").len(), 4, "and then the next one comes");
}

#[tokio::test]
async fn half_a_link_or_a_made_up_one_opens_nothing() {
    let office = office().await;
    ask(&office, "pat@example.com", "").await;
    office.tick().await;
    let link = links(&office, "pat@example.com").pop().unwrap();
    let whole = token(&link);
    let (public, secret) = whole.split_once('.').unwrap();
    let forged = format!("{public}.{}", "a".repeat(secret.len()));
    for wrong in ["", public, &format!("{public}."), &forged, &whole[..whole.len() - 1], "a.b"] {
        assert_eq!(office.get(&format!("/signin/link?token={wrong}")).await.0, StatusCode::GONE, "{wrong}");
        assert_eq!(press(&office, wrong).await.status(), StatusCode::GONE, "{wrong}");
    }
    assert_eq!(press(&office, whole).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn after_the_sign_in_no_way_leads_to_another_site() {
    let office = office().await;
    for to in [
        "https://evil.example/",
        "//evil.example/",
        "/%5Cevil.example",
        "evil",
        "/%0d%0aX: y",
        "",
        &format!("/{}", "a".repeat(300)),
    ] {
        let (_, page) = ask(&office, "pat@example.com", to).await;
        assert_eq!(heading(&page), "Look into your mail");
        office.tick().await;
        let link = links(&office, "pat@example.com").pop().unwrap();
        let answer = press(&office, token(&link)).await;
        assert_eq!(answer.headers()[LOCATION], "/", "{to}");
    }
}

//! Signing in at an issuer of OpenID Connect: who is let in, and who and what is not.

mod desk;
mod hostile;
mod issuer;
mod tokens;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use crewcall::app::Role;
use crewcall::operator::Operator;
use crewcall::store::MemoryStore;
use data_encoding::BASE64URL_NOPAD;
use oauth2::url::form_urlencoded;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::mailed_link::email;
use super::sign_in::{get, send, sign_in};
use crate::support::office::{Office, operator};
use desk::{Desk, signs_in};
use issuer::{EcKey, token};

#[tokio::test]
async fn a_user_signs_in_and_comes_to_the_page_that_was_wanted() {
    let desk = Desk::open().await;
    let (_, shown) = desk.office.get("/signin?to=%2Froster").await;
    for part in ["action=\"/signin/google\"", "Sign in with Google", "value=\"/roster\"", "Mail me a link"] {
        assert!(shown.contains(part), "{part} is missing in {shown}");
    }
    let begun = desk.begin("/roster").await;
    let kept = begun.page.headers[SET_COOKIE].to_str().unwrap();
    for part in ["__Host-crewcall-elsewhere=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=600"]
    {
        assert!(kept.contains(part), "{part} is missing in {kept}");
    }
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "crewcall-test"),
        ("redirect_uri", "https://crew.example.com/signin/google/callback"),
        ("scope", "openid email"),
        ("code_challenge_method", "S256"),
        ("prompt", ""),
    ] {
        assert_eq!(begun.asked(name), value, "{name}");
    }
    desk.says(&desk.claims(&begun, "Pat@Example.com"));
    let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, Some("/roster")), "{}", page.body);
    let cookies = page.cookies();
    assert!(cookies["__Host-crewcall-elsewhere"].starts_with("; "), "it is kept: {cookies:?}");
    let signed_in = format!("__Host-crewcall={}", cookies["__Host-crewcall"].split(';').next().unwrap());
    let (status, roster) = desk.office.request(get("/roster", &signed_in)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(roster.contains("Pat Lane"), "{roster}");

    // The code was redeemed as whoever began, and as the client.
    let says = desk.issuer.says();
    let (_, redeemed) = says.asked.iter().find(|(path, _)| path == "/token").unwrap();
    let redeemed: Vec<(String, String)> = form_urlencoded::parse(redeemed.as_bytes()).into_owned().collect();
    let sent = |name: &str| redeemed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
    assert_eq!((sent("code"), sent("redirect_uri")), ("abc", begun.asked("redirect_uri")));
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(sent("code_verifier")));
    assert_eq!(challenge, begun.asked("code_challenge"));
}

#[tokio::test]
async fn a_sign_in_gives_the_browser_another_cookie_as_a_link_does() {
    let desk = Desk::open().await;
    let first = sign_in(&desk.office).await;
    let begun = desk.begin("").await;
    desk.says(&desk.claims(&begun, "pat@example.com"));
    let page = desk.come_back(&begun.way_back(), &format!("{first}; {}", begun.cookie)).await;
    assert_eq!(page.location(), Some("/"), "{}", page.body);
    let second = format!("__Host-crewcall={}", page.cookies()["__Host-crewcall"].split(';').next().unwrap());
    assert_ne!(first, second);
    assert_eq!(send(&desk.office, get("/", &first)).await.status(), StatusCode::SEE_OTHER, "it works still");
    assert_eq!(send(&desk.office, get("/", &second)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_one_server_began_another_ends() {
    let desk = Desk::open().await;
    let begun = desk.begin("/roster").await;
    desk.says(&desk.claims(&begun, "pat@example.com"));
    let desk = desk.in_another_process();
    let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
    assert_eq!((page.location(), signs_in(&page)), (Some("/roster"), true), "{}", page.body);
}

#[tokio::test]
async fn whoever_is_no_user_is_told_so_and_gets_no_account() {
    let desk = Desk::open().await;
    desk.office.app.put_user(&email("kim@example.com"), "Kim", Role::ReadOnly, "test").await.unwrap();
    desk.office.app.remove_user(&email("kim@example.com"), "test").await.unwrap();
    for stranger in ["eve@example.com", "kim@example.com", "pat@example.com.example.org"] {
        let page = desk.sign_in(stranger).await;
        assert_eq!((page.status, page.heading()), (StatusCode::FORBIDDEN, "You are not a user here"));
        assert!(page.body.contains(stranger) && page.body.contains("href=\"/signin\""), "{}", page.body);
        assert!(!signs_in(&page));
    }
    assert_eq!(desk.office.app.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_that_the_issuer_does_not_vouch_for_signs_nobody_in() {
    let desk = Desk::open().await;
    for verified in [json!(false), json!(null), json!("true"), json!(1)] {
        let begun = desk.begin("/roster").await;
        let mut claims = desk.claims(&begun, "pat@example.com");
        claims["email_verified"] = verified;
        desk.says(&claims);
        let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
        let said = (page.status, page.heading());
        assert_eq!(said, (StatusCode::FORBIDDEN, "Google does not vouch for your address"));
        assert!(page.body.contains("href=\"/signin?to=%2Froster\""), "{}", page.body);
        assert!(!signs_in(&page));
    }
    // Nor does it where it keeps the rest.
    desk.issuer.says().userinfo = json!({ "sub": "1" });
    for nothing in [json!(null), json!(""), json!("pat"), json!("pat@example.com\nx")] {
        let begun = desk.begin("").await;
        let mut claims = desk.claims(&begun, "");
        claims["email"] = nothing;
        desk.says(&claims);
        let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
        assert_eq!((page.status, page.heading()), (StatusCode::FORBIDDEN, "Google does not say who you are"));
    }
}

/// OpenID Connect Core 1.0, 5.4: with a code, what is asked for by scope may be had from the userinfo endpoint alone.
#[tokio::test]
async fn an_address_may_stand_where_the_issuer_keeps_it() {
    let desk = Desk::open().await;
    for (sub, verified, status) in [
        ("1", true, StatusCode::SEE_OTHER),
        ("1", false, StatusCode::FORBIDDEN),
        // Somebody else's address.
        ("2", true, StatusCode::BAD_GATEWAY),
    ] {
        let begun = desk.begin("").await;
        let mut claims = desk.claims(&begun, "");
        claims.as_object_mut().unwrap().remove("email");
        desk.says(&claims);
        let said = json!({ "sub": sub, "email": "pat@example.com", "email_verified": verified });
        desk.issuer.says().userinfo = said;
        let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
        assert_eq!(page.status, status, "{}", page.body);
        assert_eq!(signs_in(&page), status == StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn keys_that_the_issuer_changes_are_found_and_are_not_asked_for_each_time() {
    let desk = Desk::open().await;
    for _ in 0..3 {
        assert_eq!(desk.sign_in("pat@example.com").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!((desk.issuer.count("/keys"), desk.issuer.count("/.well-known/openid-configuration")), (1, 1));
    let key = EcKey::new();
    desk.issuer.says().keys = vec![key.public("second")];
    let begun = desk.begin("").await;
    let header = json!({ "alg": "ES256", "kid": "second" });
    let claims = desk.claims(&begun, "pat@example.com");
    desk.issuer.says().id_token = token(&header, &claims, |text| key.sign(text));
    let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    assert_eq!(desk.issuer.count("/keys"), 2);
    // What was signed by the key before is not taken any more.
    assert_eq!(desk.sign_in("pat@example.com").await.status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn while_the_issuer_is_away_links_are_mailed_as_ever() {
    let desk = Desk::open().await;
    desk.issuer.says().is_down = true;
    let page = desk.press("/roster", "").await;
    let said = (page.status, page.heading());
    assert_eq!(said, (StatusCode::SERVICE_UNAVAILABLE, "Google does not answer just now"));
    assert!(page.body.contains("Have a link mailed to you") && !page.headers.contains_key(SET_COOKIE));
    assert!(page.body.contains("href=\"/signin?to=%2Froster\""), "{}", page.body);
    assert_eq!(desk.office.get("/signin").await.0, StatusCode::OK);
    super::mailed_link::signed_in(&desk.office, "pat@example.com").await;
    // It is not asked again for each who presses the button, and is again after a while.
    desk.press("", "").await;
    assert_eq!(desk.issuer.says().asked.len(), 1);
    desk.issuer.says().is_down = false;
    desk.office.clock.move_to(desk.office.time.now() + jiff::SignedDuration::from_secs(10));
    let begun = desk.begin("").await;
    desk.says(&desk.claims(&begun, "pat@example.com"));
    // And goes away while somebody is there.
    desk.issuer.says().is_down = true;
    let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
    assert_eq!((page.status, signs_in(&page)), (StatusCode::SERVICE_UNAVAILABLE, false));
}

#[tokio::test]
async fn where_no_issuer_is_named_there_is_nothing_of_it() {
    let office = Office::new(Arc::new(MemoryStore::new())).await;
    let (_, shown) = office.get("/signin").await;
    assert!(!shown.contains("google"), "{shown}");
    assert_eq!(office.get("/signin/google/callback?code=a&state=b").await.0, StatusCode::NOT_FOUND);
    let begun = super::sign_in::form("/signin/google", "", "to=".into());
    assert_eq!(office.request(begun).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn below_a_path_it_stays_below_that_path() {
    let operator = Operator { public_url: "https://example.com/boats".into(), ..operator() };
    let desk = Desk::on(Arc::new(MemoryStore::new()), operator).await;
    let request = super::sign_in::form("/boats/signin/google", "", "to=%2Froster".into());
    let page = desk.ask(request).await;
    let kept = page.headers[SET_COOKIE].to_str().unwrap();
    assert!(kept.starts_with("__Secure-crewcall-elsewhere=") && kept.contains("Path=/boats"), "{kept}");
    let way = page.headers["refresh"].to_str().unwrap();
    assert!(
        way.contains("redirect_uri=https%3A%2F%2Fexample.com%2Fboats%2Fsignin%2Fgoogle%2Fcallback"),
        "{way}"
    );
    let page = desk.come_back("/boats/signin/google/callback?code=a&state=b", kept).await;
    assert!(page.body.contains("href=\"/boats/signin?to=%2Froster\""), "{}", page.body);
}

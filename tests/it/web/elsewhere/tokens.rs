//! ID tokens that do not hold, and issuers that are not what the settings name.

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD;
use ring::hmac;
use serde_json::{Value, json};

use super::desk::{Begun, Desk, signs_in};
use super::issuer::{CLIENT, EcKey, RsaKey, token};

fn rs256(text: &[u8]) -> Vec<u8> {
    RsaKey::own().sign(text)
}

fn hs256(secret: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text).as_ref().to_vec()
}

/// Comes back, and is not signed in.
async fn is_distrusted(desk: &Desk, begun: &Begun, case: &str) {
    let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{case}: {}", page.body);
    assert_eq!(page.heading(), "Signing in with Google does not work", "{case}");
    assert!(
        page.body.contains("Have a link mailed to you") && page.body.contains("href=\"/signin\""),
        "{case}"
    );
    assert!(!signs_in(&page), "{case}");
}

#[tokio::test]
async fn claims_that_are_of_something_else_sign_nobody_in() {
    let desk = Desk::open().await;
    let now = desk.office.time.now().as_second();
    for (case, name, value) in [
        ("another issuer", "iss", json!("https://accounts.example.com")),
        ("several issuers", "iss", json!([desk.issuer.url, "https://accounts.example.com"])),
        ("another client", "aud", json!("other")),
        ("another client beside us", "aud", json!([CLIENT, "other"])),
        ("no client", "aud", json!([])),
        ("of another client", "azp", json!("other")),
        ("of another sign-in", "nonce", json!("guess")),
        ("of no sign-in", "nonce", Value::Null),
        ("ended", "exp", json!(now - 60)),
        ("ended long ago", "exp", json!(0)),
        ("without an end", "exp", Value::Null),
        ("with an end that is none", "exp", json!("never")),
        ("of nobody", "sub", Value::Null),
    ] {
        let begun = desk.begin("").await;
        let mut claims = desk.claims(&begun, "pat@example.com");
        claims[name] = value;
        desk.says(&claims);
        is_distrusted(&desk, &begun, case).await;
    }
    // As it is signed otherwise.
    let begun = desk.begin("").await;
    let mut claims = desk.claims(&begun, "pat@example.com");
    claims["aud"] = json!([CLIENT]);
    claims["exp"] = json!(now - 59);
    desk.says(&claims);
    assert!(signs_in(&desk.come_back(&begun.way_back(), &begun.cookie).await));
}

#[tokio::test]
async fn tokens_that_the_issuer_has_not_signed_sign_nobody_in() {
    let desk = Desk::open().await;
    let (own, foreign) = (EcKey::new(), EcKey::new());
    desk.issuer.says().keys.extend([own.public("curve"), EcKey::new().public("curve-2")]);
    let public = RsaKey::own().public("first");
    let modulus = BASE64URL_NOPAD.decode(public["n"].as_str().unwrap().as_bytes()).unwrap();
    let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid });
    let begun = desk.begin("").await;
    let claims = desk.claims(&begun, "pat@example.com");
    let good = token(&header("RS256", "first"), &claims, rs256);
    let other = token(&header("RS256", "first"), &desk.claims(&begun, "eve@example.com"), rs256);
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let swapped = format!("{}.{}.{}", parts(&good)[0], parts(&good)[1], parts(&other)[2]);
    for (case, id_token) in [
        ("by nobody", token(&header("none", "first"), &claims, |_| Vec::new())),
        ("by nobody, in capitals", token(&header("NONE", "first"), &claims, |_| Vec::new())),
        ("without a signature", token(&header("RS256", "first"), &claims, |_| Vec::new())),
        ("with the signature of another", swapped),
        ("by a key of somebody else", token(&header("ES256", "curve"), &claims, |text| foreign.sign(text))),
        ("by a key that there is not", token(&header("ES256", "other"), &claims, |text| foreign.sign(text))),
        ("by one of two", token(&json!({ "alg": "ES256" }), &claims, |text| own.sign(text))),
        ("by the other key", token(&header("RS256", "curve"), &claims, rs256)),
        ("by another kind than it says", token(&header("ES256", "first"), &claims, |text| own.sign(text))),
        (
            "with the client's id",
            token(&header("HS256", "first"), &claims, |text| hs256(CLIENT.as_bytes(), text)),
        ),
        ("with the client's secret", token(&header("HS256", "first"), &claims, |text| hs256(b"hush", text))),
        ("with the public key", token(&header("HS256", "first"), &claims, |text| hs256(&modulus, text))),
        ("as no key is meant", token(&header("RS512", "first"), &claims, rs256)),
        (
            "with a key that it brings",
            token(
                &json!({ "alg": "ES256", "kid": "mine", "jwk": foreign.public("mine") }),
                &claims,
                |text| foreign.sign(text),
            ),
        ),
        ("cut off", good[..good.len() - 10].to_owned()),
        ("half of it", good.split_once('.').unwrap().0.to_owned()),
        ("nothing", String::new()),
        ("nonsense", "a.b.c".into()),
        ("too long", format!("{good}{}", "A".repeat(20_000))),
    ] {
        desk.issuer.says().id_token = id_token;
        is_distrusted(&desk, &begun, case).await;
    }
    desk.issuer.says().id_token = token(&json!({ "alg": "RS256" }), &claims, rs256);
    assert!(signs_in(&desk.come_back(&begun.way_back(), &begun.cookie).await), "by the only one");
}

#[tokio::test]
async fn a_key_that_is_not_for_signatures_counts_for_none() {
    let desk = Desk::open().await;
    desk.issuer.says().keys[0]["use"] = json!("enc");
    let page = desk.sign_in("pat@example.com").await;
    assert_eq!((page.status, signs_in(&page)), (StatusCode::BAD_GATEWAY, false));
}

#[tokio::test]
async fn an_issuer_that_is_another_one_or_leads_into_the_open_is_not_used() {
    for (name, value) in [
        ("issuer", "https://accounts.example.com"),
        ("authorization_endpoint", "http://accounts.example.com/auth"),
        ("token_endpoint", "http://accounts.example.com/token"),
        ("jwks_uri", "ftp://accounts.example.com/keys"),
        ("userinfo_endpoint", "x"),
    ] {
        let desk = Desk::open().await;
        desk.issuer.says().metadata[name] = json!(value);
        let page = desk.press("", "").await;
        assert_eq!(
            (page.status, page.heading()),
            (StatusCode::BAD_GATEWAY, "Signing in with Google does not work")
        );
    }
    let desk = Desk::open().await;
    desk.issuer.says().metadata = json!("nonsense");
    assert_eq!(desk.press("", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_client_that_the_issuer_does_not_take_is_the_servers_to_mend() {
    let desk = Desk::open().await;
    for (refusal, status) in [
        (json!({ "error": "invalid_client", "error_description": "hush" }), StatusCode::BAD_GATEWAY),
        (json!({ "error": "redirect_uri_mismatch" }), StatusCode::BAD_GATEWAY),
        (json!({ "error": "temporarily_unavailable" }), StatusCode::SERVICE_UNAVAILABLE),
        (json!({ "error": "invalid_grant" }), StatusCode::GONE),
        (json!("nonsense"), StatusCode::BAD_GATEWAY),
    ] {
        let begun = desk.begin("").await;
        desk.issuer.says().refusal = Some(refusal.clone());
        let page = desk.come_back(&begun.way_back(), &begun.cookie).await;
        assert_eq!((page.status, signs_in(&page)), (status, false), "{refusal}: {}", page.body);
        assert!(!page.body.contains("hush"), "{}", page.body);
    }
    // Whoever prefers to be told of a client in the form is told of it there.
    let desk = Desk::open().await;
    desk.issuer.says().metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    assert_eq!(desk.sign_in("pat@example.com").await.status, StatusCode::SEE_OTHER);
    let says = desk.issuer.says();
    let (_, form) = says.asked.iter().find(|(path, _)| path == "/token").unwrap();
    assert!(form.contains("client_secret=hush") && form.contains("client_id=crewcall-test"), "{form}");
}

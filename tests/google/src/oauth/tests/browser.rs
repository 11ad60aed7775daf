//! Signing in at the browser, and what the code is good for.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::testing::{ACCOUNT, Desk, Got, SEND, SPREADSHEETS, query, text};
use crate::{Call, Consent};

const BACK: &str = "http://127.0.0.1:8765/";
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rfc-0123456789";

impl Desk {
    /// Opens the page, with these parameters in the place of the usual ones; an empty one is left out.
    fn open(&self, other: &[(&str, &str)]) -> Got {
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER));
        let scope = format!("{SEND} {SPREADSHEETS}");
        let mut parameters = BTreeMap::from([
            ("client_id", self.client.id.as_str()),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("scope", &scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("state", "a state"),
            ("access_type", "offline"),
        ]);
        parameters.extend(other.iter().copied());
        parameters.retain(|_, value| !value.is_empty());
        let parameters: Vec<_> = parameters.into_iter().collect();
        self.send("GET", &format!("/o/oauth2/v2/auth?{}", query(&parameters)), &[], b"").unwrap()
    }

    /// What comes back to the program.
    fn back(&self, other: &[(&str, &str)]) -> BTreeMap<String, String> {
        let got = self.open(other);
        assert_eq!(got.status, 302, "{}", got.text());
        let parameters =
            got.header("location").unwrap().strip_prefix(BACK).unwrap().strip_prefix('?').unwrap();
        form_urlencoded::parse(parameters.as_bytes()).into_owned().collect()
    }

    fn exchange(&self, code: &str, verifier: &str) -> Got {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", verifier),
        ];
        self.token(&fields)
    }

    fn sign_in(&self, other: &[(&str, &str)]) -> Value {
        let got = self.exchange(&self.back(other)["code"], VERIFIER);
        assert_eq!(got.status, 200, "{}", got.text());
        got.json()
    }
}

#[test]
fn whoever_allows_comes_back_with_a_code_for_tokens() {
    let desk = Desk::new();
    let back = desk.back(&[]);
    assert_eq!(
        (back["state"].as_str(), back["scope"].clone()),
        ("a state", format!("{SEND} {SPREADSHEETS}"))
    );
    let got = desk.exchange(&back["code"], VERIFIER);
    assert!(got.header("cache-control").unwrap().contains("no-store"));
    let tokens = got.json();
    assert_eq!((&tokens["expires_in"], &tokens["token_type"]), (&json!(3599), &json!("Bearer")));
    assert_eq!((tokens.get("id_token"), tokens.get("refresh_token_expires_in")), (None, None));
    assert_eq!(desk.refresh(&text(&tokens["refresh_token"])).status, 200);
    assert_eq!((desk.google.count(Call::CodeExchange), desk.google.count(Call::Token)), (1, 1));
}

#[test]
fn a_refresh_token_comes_with_the_first_sign_in_or_when_asked_again() {
    let desk = Desk::new();
    let has = |other: &[(&str, &str)]| desk.sign_in(other).get("refresh_token").is_some();
    assert!(!has(&[("access_type", "")]));
    assert!(has(&[]));
    assert!(!has(&[]));
    assert!(has(&[("prompt", "consent")]));
}

#[test]
fn who_somebody_is_stands_in_the_id_token() {
    let desk = Desk::new();
    let tokens = desk.sign_in(&[("scope", "email")]);
    assert_eq!(tokens["scope"], "https://www.googleapis.com/auth/userinfo.email openid");
    let claims = text(&tokens["id_token"]).split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap()).unwrap();
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&json!("https://accounts.google.com"), &json!(desk.client.id))
    );
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!(ACCOUNT), &json!(true)));
    assert!(claims["sub"].as_str().unwrap().len() == 21 && claims["exp"].as_i64() > claims["iat"].as_i64());
}

#[test]
fn somebody_may_tick_less_or_nothing() {
    let desk = Desk::new();
    desk.google.account("dana@example.com");
    let ticked = Some(vec![SEND.to_owned()]);
    desk.google.consent(Consent::Allow { account: "dana@example.com".to_owned(), scopes: ticked });
    assert_eq!(desk.sign_in(&[])["scope"], SEND);
    desk.google.consent(Consent::Deny);
    let back = desk.back(&[]);
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "a state"));
    assert!(!back.contains_key("code"));
}

#[test]
fn what_is_wrong_with_the_page_sends_nobody_anywhere() {
    let desk = Desk::new();
    for (name, value, status, error) in [
        ("client_id", "somebody", 401, "invalid_client"),
        ("client_id", "", 400, "invalid_request"),
        ("redirect_uri", "", 400, "invalid_request"),
        ("redirect_uri", "http://example.com/", 400, "redirect_uri_mismatch"),
        ("redirect_uri", "https://127.0.0.1:8765/", 400, "redirect_uri_mismatch"),
        ("redirect_uri", "http://127.0.0.1.example.com/", 400, "redirect_uri_mismatch"),
        ("redirect_uri", "http://127.0.0.1:87650/", 400, "redirect_uri_mismatch"),
        ("redirect_uri", "http://127.0.0.1:8765/#here", 400, "redirect_uri_mismatch"),
        ("response_type", "token", 400, "unsupported_response_type"),
        ("scope", "", 400, "invalid_request"),
        ("scope", "gmail.send", 400, "invalid_scope"),
        ("code_challenge_method", "plain", 400, "invalid_request"),
        ("code_challenge", "short", 400, "invalid_request"),
    ] {
        let got = desk.open(&[(name, value)]);
        assert_eq!((got.status, got.header("location")), (status, None), "{name}={value}");
        assert!(got.text().contains(&format!("Error {status}: {error}")), "{name}={value}: {}", got.text());
    }
    for right in ["http://localhost:8765", "http://[::1]:8765/back?from=google", "http://127.0.0.1"] {
        assert_eq!(desk.open(&[("redirect_uri", right)]).status, 302, "{right}");
    }
}

#[test]
fn a_code_is_for_whoever_asked_for_it() {
    let desk = Desk::new();
    let code = desk.back(&[])["code"].clone();
    assert_eq!(desk.exchange("4/0Anothing", VERIFIER).why(), (400, "invalid_grant".to_owned()));
    let got = desk.exchange(&code, "another");
    assert_eq!(got.json()["error_description"], "Invalid code verifier.");
    let without = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK)];
    assert_eq!(desk.token(&without).json()["error_description"], "Missing code verifier.");
    let elsewhere =
        [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", "http://localhost")];
    assert_eq!(desk.token(&elsewhere).why(), (400, "redirect_uri_mismatch".to_owned()));
    let stranger = Desk { client: desk.google.client(), ..desk };
    assert_eq!(stranger.exchange(&code, VERIFIER).why(), (400, "invalid_grant".to_owned()));
}

#[test]
fn a_code_is_for_once_and_its_second_use_ends_what_came_of_the_first() {
    let desk = Desk::new();
    let code = desk.back(&[])["code"].clone();
    let tokens = desk.exchange(&code, VERIFIER).json();
    assert_eq!(desk.exchange(&code, VERIFIER).why(), (400, "invalid_grant".to_owned()));
    assert_eq!(desk.refresh(&text(&tokens["refresh_token"])).why(), (400, "invalid_grant".to_owned()));
    assert_eq!(desk.get("/v4/spreadsheets/x", &text(&tokens["access_token"])).status, 401);
}

#[test]
fn a_code_is_for_ten_minutes() {
    let desk = Desk::new();
    let code = desk.back(&[])["code"].clone();
    desk.google.set_clock_offset(SignedDuration::from_mins(11));
    assert_eq!(desk.exchange(&code, VERIFIER).why(), (400, "invalid_grant".to_owned()));
}

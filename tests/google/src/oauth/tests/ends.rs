//! Refreshing, and how tokens end.

use data_encoding::BASE64;
use jiff::SignedDuration;

use crate::testing::{ACCOUNT, Desk, SEND, SPREADSHEETS, query, text};

const SCOPES: &[&str] = &[SEND, SPREADSHEETS];

#[track_caller]
fn is_dead(desk: &Desk, refresh: &str) {
    let got = desk.refresh(refresh);
    assert_eq!(got.why(), (400, "invalid_grant".to_owned()));
    assert_eq!(got.json()["error_description"], "Token has been expired or revoked.");
}

#[test]
fn a_refresh_gives_an_access_token_and_no_other_refresh_token() {
    let desk = Desk::new();
    let refresh = desk.google.grant(&desk.client, ACCOUNT, SCOPES);
    let tokens = desk.refresh(&refresh).json();
    assert_eq!(tokens["scope"], SCOPES.join(" "));
    assert_eq!(tokens.get("refresh_token"), None);
    assert_eq!(desk.get("/v4/spreadsheets/x", &text(&tokens["access_token"])).status, 404);
    let less = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", SEND)];
    let less = desk.token(&less).json();
    assert_eq!(less["scope"], SEND);
    assert_eq!(desk.get("/v4/spreadsheets/x", &text(&less["access_token"])).status, 403);
    let more = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", "email")];
    assert_eq!(desk.token(&more).why(), (400, "invalid_scope".to_owned()));
}

#[test]
fn the_endpoint_takes_forms_of_known_clients() {
    let desk = Desk::new();
    let refresh = desk.google.grant(&desk.client, ACCOUNT, SCOPES);
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let why = |fields: &[(&str, &str)]| desk.form("/token", fields).why();
    let client = ("client_id", desk.client.id.as_str());
    assert_eq!(why(&fields), (400, "invalid_request".to_owned()));
    assert_eq!(why(&[&fields[..], &[client]].concat()), (400, "invalid_request".to_owned()));
    assert_eq!(
        why(&[&fields[..], &[client, ("client_secret", "x")]].concat()),
        (401, "invalid_client".to_owned())
    );
    assert_eq!(why(&[&fields[..], &[("client_id", "x")]].concat()), (401, "invalid_client".to_owned()));
    assert_eq!(desk.token(&[("grant_type", "password")]).why(), (400, "unsupported_grant_type".to_owned()));
    assert_eq!(desk.token(&[("grant_type", "refresh_token")]).why(), (400, "invalid_request".to_owned()));
    assert_eq!(desk.refresh("something").json()["error_description"], "Bad Request");
    assert_eq!(
        desk.posted("/token", "", &serde_json::json!({ "grant_type": "refresh_token" })).unwrap().status,
        400
    );

    let basic = BASE64.encode(format!("{}:{}", desk.client.id, desk.client.secret).as_bytes());
    let basic = format!("Basic {basic}");
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/x-www-form-urlencoded;charset=UTF-8"),
    ];
    assert_eq!(desk.send("POST", "/token", &headers, query(&fields).as_bytes()).unwrap().status, 200);
    assert_eq!(desk.send("GET", "/token", &[], b"").unwrap().status, 404);
    let stranger = Desk { client: desk.google.client(), ..desk };
    assert_eq!(stranger.refresh(&refresh).why(), (401, "unauthorized_client".to_owned()));
}

#[test]
fn a_sign_in_is_revoked_by_its_owner_or_by_the_program() {
    let desk = Desk::new();
    let refresh = desk.google.grant(&desk.client, ACCOUNT, SCOPES);
    let access = text(&desk.refresh(&refresh).json()["access_token"]);
    desk.google.revoke(&refresh);
    is_dead(&desk, &refresh);
    assert_eq!(desk.get("/v4/spreadsheets/x", &access).status, 401);

    let refresh = desk.google.grant(&desk.client, ACCOUNT, SCOPES);
    let access = text(&desk.refresh(&refresh).json()["access_token"]);
    assert_eq!(desk.form("/revoke", &[("token", &access)]).status, 200);
    is_dead(&desk, &refresh);
    assert_eq!(desk.form("/revoke", &[("token", "x")]).why(), (400, "invalid_token".to_owned()));
}

#[test]
fn an_access_token_ends_by_its_time_or_by_the_hand_of_a_test() {
    let desk = Desk::new();
    desk.google.set_expires_in(60);
    let access = desk.access(SCOPES);
    assert_eq!(desk.get("/v4/spreadsheets/x", &access).status, 404);
    desk.google.set_clock_offset(SignedDuration::from_secs(61));
    let got = desk.get("/v4/spreadsheets/x", &access);
    assert_eq!(got.why(), (401, "UNAUTHENTICATED".to_owned()));
    assert!(got.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    let access = desk.access(SCOPES);
    desk.google.end_access_tokens();
    assert_eq!(desk.get("/v4/spreadsheets/x", &access).status, 401);
}

#[test]
fn in_testing_a_sign_in_ends_after_seven_days() {
    let desk = Desk::new();
    desk.google.testing_mode(&desk.client);
    let refresh = desk.google.grant(&desk.client, ACCOUNT, SCOPES);
    assert_eq!(desk.refresh(&refresh).json()["refresh_token_expires_in"], 604_799);
    desk.google.set_clock_offset(SignedDuration::from_hours(24 * 7));
    is_dead(&desk, &refresh);
}

#[test]
fn what_nobody_uses_for_six_months_is_dead() {
    let desk = Desk::new();
    let refresh = desk.google.grant(&desk.client, ACCOUNT, SCOPES);
    desk.google.set_clock_offset(SignedDuration::from_hours(24 * 180));
    assert_eq!(desk.refresh(&refresh).status, 200);
    desk.google.set_clock_offset(SignedDuration::from_hours(24 * 360));
    assert_eq!(desk.refresh(&refresh).status, 200);
    desk.google.set_clock_offset(SignedDuration::from_hours(24 * 544));
    is_dead(&desk, &refresh);
}

#[test]
fn of_more_than_a_hundred_the_oldest_dies() {
    let desk = Desk::new();
    let other = desk.google.grant(&desk.google.client(), ACCOUNT, SCOPES);
    let tokens: Vec<_> = (0..101).map(|_| desk.google.grant(&desk.client, ACCOUNT, SCOPES)).collect();
    is_dead(&desk, &tokens[0]);
    assert_eq!((desk.refresh(&tokens[1]).status, desk.refresh(&tokens[100]).status), (200, 200));
    assert_eq!(desk.refresh(&other).status, 401, "another client's");
}

#[test]
fn with_rotation_the_old_one_dies_soon() {
    let desk = Desk::new();
    let old = desk.google.grant(&desk.client, ACCOUNT, SCOPES);
    desk.google.rotate(true);
    let new = text(&desk.refresh(&old).json()["refresh_token"]);
    assert_ne!(new, old);
    desk.google.rotate(false);
    assert_eq!(desk.refresh(&old).status, 200, "the answer may have been lost");
    desk.google.set_clock_offset(SignedDuration::from_secs(61));
    is_dead(&desk, &old);
    assert_eq!(desk.refresh(&new).status, 200);
}

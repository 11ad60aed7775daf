//! Service accounts.

use data_encoding::{BASE64_MIME_PERMISSIVE, BASE64URL_NOPAD};
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::testing::{Desk, Got, SPREADSHEETS, text};

const ROBOT: &str = "robot@project.example.com";

/// An assertion with this in the place of the usual claims.
fn assertion(file: &Value, other: Value) -> String {
    let now = Timestamp::now().as_second();
    let mut claims = json!({
        "iss": file["client_email"], "scope": SPREADSHEETS, "aud": file["token_uri"], "iat": now, "exp": now + 3_600,
    });
    claims.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    let part = |part: &Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
    let signed = format!("{}.{}", part(&json!({ "alg": "RS256", "typ": "JWT" })), part(&claims));
    let lines = text(&file["private_key"]);
    let lines: String = lines.lines().filter(|line| !line.starts_with('-')).collect();
    let pair = RsaKeyPair::from_pkcs8(&BASE64_MIME_PERMISSIVE.decode(lines.as_bytes()).unwrap()).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
}

impl Desk {
    fn robot(&self) -> Value {
        serde_json::from_str(&self.google.service_account(ROBOT)).unwrap()
    }

    fn asserted(&self, assertion: &str) -> Got {
        let kind = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        self.form("/token", &[("grant_type", kind), ("assertion", assertion)])
    }
}

#[test]
fn an_assertion_gives_a_token_for_what_is_shared() {
    let desk = Desk::new();
    let got = desk.asserted(&assertion(&desk.robot(), json!({}))).json();
    assert_eq!(
        got.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["access_token", "expires_in", "token_type"]
    );
    let sheet = desk.google.spreadsheet(crate::testing::ACCOUNT, "Crew");
    let path = format!("/v4/spreadsheets/{}?fields=properties.title", sheet.id());
    let access = text(&got["access_token"]);
    assert_eq!(desk.get(&path, &access).why(), (403, "PERMISSION_DENIED".to_owned()));
    sheet.share(ROBOT);
    assert_eq!(desk.get(&path, &access).json()["properties"]["title"], "Crew");
}

#[test]
fn what_is_wrong_with_an_assertion() {
    let desk = Desk::new();
    let file = desk.robot();
    let now = Timestamp::now().as_second();
    for (claims, error, said) in [
        (json!({ "iss": "nobody@example.com" }), "invalid_grant", "account not found"),
        (json!({ "aud": "https://example.com/token" }), "invalid_grant", "audience"),
        (json!({ "exp": now + 3_700 }), "invalid_grant", "short-lived token (60 minutes)"),
        (json!({ "iat": now - 7_200, "exp": now - 3_600 }), "invalid_grant", "reasonable timeframe"),
        (json!({ "iat": now + 600, "exp": now + 1_200 }), "invalid_grant", "reasonable timeframe"),
        (json!({ "iat": null }), "invalid_grant", "reasonable timeframe"),
        (json!({ "sub": "crew@example.com" }), "unauthorized_client", "not authorized"),
        (json!({ "scope": "everything" }), "invalid_scope", "Invalid OAuth scope"),
        (json!({ "scope": null }), "invalid_scope", "Invalid OAuth scope"),
    ] {
        let got = desk.asserted(&assertion(&file, claims.clone())).json();
        assert_eq!(got["error"], error, "{claims}: {got}");
        assert!(text(&got["error_description"]).contains(said), "{claims}: {got}");
    }
    let mut forged = assertion(&file, json!({}));
    let place = forged.len() - 5..forged.len() - 4;
    let another = if &forged[place.clone()] == "A" { "B" } else { "A" };
    forged.replace_range(place, another);
    assert_eq!(desk.asserted(&forged).json()["error_description"], "Invalid JWT Signature.");
    assert_eq!(desk.asserted("x").why(), (400, "invalid_grant".to_owned()));
}

#[test]
fn with_a_wrong_clock_no_assertion_is_good() {
    let desk = Desk::new();
    let file = desk.robot();
    desk.google.set_clock_offset(SignedDuration::from_mins(4));
    assert_eq!(desk.asserted(&assertion(&file, json!({}))).status, 200);
    for hours in [-2, 2] {
        desk.google.set_clock_offset(SignedDuration::from_hours(hours));
        let got = desk.asserted(&assertion(&file, json!({})));
        assert!(text(&got.json()["error_description"]).contains("reasonable timeframe"), "{hours}");
    }
}

#[test]
fn it_has_no_mailbox() {
    let desk = Desk::new();
    let access = desk.asserted(&assertion(&desk.robot(), json!({ "scope": crate::testing::SEND }))).json();
    let got = desk.mail(&text(&access["access_token"]), "To: dana@example.com\n\nHello", None);
    assert_eq!(got.why(), (400, "failedPrecondition".to_owned()));
}

use super::*;

/// As `google_refresh.json` has it, which Google's Python library wrote.
pub(super) const PYTHON: &str = r#"{"token": "ya29.canary-access", "refresh_token": "1//canary-refresh", "token_uri":
    "https://oauth2.googleapis.com/token", "client_id": "42.apps.googleusercontent.com", "client_secret": "canary-secret",
    "scopes": ["https://www.googleapis.com/auth/gmail.send"], "universe_domain": "googleapis.com", "account": "",
    "expiry": "2026-06-20T17:00:00Z"}"#;

pub(super) fn user(text: &str) -> AuthorizedUser {
    match parse(text.as_bytes()) {
        Ok(Credentials::User(user)) => *user,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_gcloud_wrote_is_taken_too() {
    let text = r#"{"client_id": "42", "client_secret": "s", "quota_project_id": "p", "refresh_token": "1//r", "type":
        "authorized_user"}"#;
    assert_eq!(user(text).other["quota_project_id"], "p");
}

#[test]
fn what_cannot_be_used_is_told_without_a_word_of_it() {
    for (text, told) in [
        ("", "is not JSON"),
        ("canary", "is not JSON"),
        ("[]", "has no usable client_id"),
        (
            r#"{"type": "authorized_user", "client_id": "1", "refresh_token": "canary"}"#,
            "no usable client_secret",
        ),
        (r#"{"client_id": "1", "client_secret": "canary", "refresh_token": 7}"#, "no usable refresh_token"),
        (r#"{"client_id": "1", "client_secret": "canary", "refresh_token": ""}"#, "has an empty"),
        (r#"{"installed": {"client_secret": "canary"}}"#, "google.client_file"),
        (r#"{"type": "external_account", "x": "canary"}"#, "of a type that is not used"),
        (r#"{"type": "service_account", "client_email": "robot@example.com"}"#, "no usable private_key"),
    ] {
        let problem = parse(text.as_bytes()).unwrap_err();
        assert!(problem.contains(told) && !problem.contains("canary"), "{text}: {problem}");
    }
}

#[test]
fn nothing_secret_shows_itself() {
    let user = user(PYTHON);
    let shown = format!("{user:?} {:?} {}", Credentials::User(Box::new(user.clone())), user.account);
    assert!(!shown.contains("canary-refresh") && !shown.contains("canary-secret"), "{shown}");
    let fingerprint = Credentials::User(Box::new(user)).fingerprint();
    assert_eq!(fingerprint.len(), 12);
    assert!(!fingerprint.contains("canary"));
}

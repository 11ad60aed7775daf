use super::*;
use crate::google::standard;

fn login(scopes: &[Scope]) -> Login {
    let endpoints = Endpoints {
        auth_uri: standard::AUTH_URI.into(),
        token_uri: standard::TOKEN_URI.into(),
        gmail: standard::GMAIL.into(),
        sheets: standard::SHEETS.into(),
    };
    let client = OAuthClient { client_id: "42".into(), client_secret: Secret::new("canary-secret") };
    Login::new(endpoints, client, scopes.to_vec(), Patience::SHORT).unwrap()
}

fn consent() -> Consent {
    login(&[Scope::SendMail]).consent("http://127.0.0.1:4711/", Some("crew@example.com")).unwrap()
}

fn asked(consent: &Consent) -> std::collections::BTreeMap<String, String> {
    Url::parse(&consent.url).unwrap().query_pairs().into_owned().collect()
}

#[test]
fn the_page_is_asked_for_what_is_switched_on_and_no_more() {
    let (first, second) = (consent(), consent());
    let asked_first = asked(&first);
    assert!(first.url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"), "{}", first.url);
    let scopes =
        "https://www.googleapis.com/auth/gmail.send openid https://www.googleapis.com/auth/userinfo.email";
    for (name, value) in [
        ("scope", scopes),
        ("response_type", "code"),
        ("client_id", "42"),
        ("redirect_uri", "http://127.0.0.1:4711/"),
        ("code_challenge_method", "S256"),
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("login_hint", "crew@example.com"),
    ] {
        assert_eq!(asked_first.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!first.url.contains("canary-secret"));
    // Both are used once.
    assert_ne!(asked_first["state"], asked(&second)["state"]);
    assert_ne!(asked_first["code_challenge"], asked(&second)["code_challenge"]);
}

#[test]
fn the_answer_is_taken_in_each_form_in_which_people_bring_it() {
    let consent = consent();
    let state = asked(&consent)["state"].clone();
    let query = format!("state={state}&code=4%2F0Ab_cd&scope=x");
    for answer in [
        format!("http://127.0.0.1:4711/?{query}"),
        format!("  http://localhost:4711/?{query}\r\n"),
        format!("?{query}"),
        format!("/?{query}"),
        query.clone(),
    ] {
        assert_eq!(consent.code(&answer).unwrap(), "4/0Ab_cd", "{answer}");
    }
}

#[test]
fn another_answer_is_none() {
    let consent = consent();
    let state = asked(&consent)["state"].clone();
    let denied = consent.code(&format!("?error=access_denied&state={state}")).unwrap_err();
    assert!(matches!(denied, LoginError::Denied(_)), "{denied}");
    for answer in [
        String::new(),
        "4/0Abcd".into(),
        "?code=4/0Abcd".into(),
        format!("?state={state}"),
        format!("?state={state}&code="),
        "?state=another&code=4/0Abcd".into(),
        "?state=another&error=access_denied".into(),
        "?error=access_denied".into(),
        "https://accounts.google.com/signin".into(),
        "🦀".repeat(5_000),
    ] {
        let error = consent.code(&answer).unwrap_err();
        let ours = matches!(error, LoginError::NoAnswer(_));
        assert!(
            ours && error.to_string().to_lowercase().ends_with("nothing was changed"),
            "{answer}: {error}"
        );
    }
}

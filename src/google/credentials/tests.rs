use std::os::unix::fs::PermissionsExt;

use super::*;

/// As `google_refresh.json` has it, which Google's Python library wrote.
const PYTHON: &str = r#"{"token": "ya29.canary-access", "refresh_token": "1//canary-refresh", "token_uri":
    "https://oauth2.googleapis.com/token", "client_id": "42.apps.googleusercontent.com", "client_secret": "canary-secret",
    "scopes": ["https://www.googleapis.com/auth/gmail.send"], "universe_domain": "googleapis.com", "account": "",
    "expiry": "2026-06-20T17:00:00Z"}"#;

fn user(text: &str) -> AuthorizedUser {
    match parse(text.as_bytes()) {
        Ok(Credentials::User(user)) => *user,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_googles_library_wrote_is_taken_as_it_is_and_stays_whole() {
    let user = user(PYTHON);
    assert_eq!(user.refresh_token.reveal(), "1//canary-refresh");
    assert_eq!(user.scopes.as_deref(), Some(&["https://www.googleapis.com/auth/gmail.send".to_owned()][..]));
    assert_eq!((user.issued_at, user.kind.as_str()), (None, "authorized_user"));
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("secrets").join("google_refresh.json");
    user.save(&path).unwrap();
    let again: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let before: Value = serde_json::from_str(PYTHON).unwrap();
    for (name, value) in before.as_object().unwrap() {
        // An account without a name is none.
        let empty = name == "account";
        assert!(empty || again.get(name) == Some(value), "{name}");
    }
    assert_eq!(Credentials::read(&path).unwrap(), Credentials::User(Box::new(user)));
}

#[test]
fn what_gcloud_wrote_is_taken_too() {
    let text = r#"{"client_id": "42", "client_secret": "s", "quota_project_id": "p", "refresh_token": "1//r", "type":
        "authorized_user"}"#;
    assert_eq!(user(text).other["quota_project_id"], "p");
}

#[test]
fn a_file_is_replaced_whole_and_for_this_user_only() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("google_refresh.json");
    fs::write(&path, "something else").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let before = Stamp::of(&path);
    user(PYTHON).save(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "no file is left beside it");
    assert_ne!(Stamp::of(&path), before);
    // A name that leads elsewhere goes on doing so.
    let link = home.path().join("link.json");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    user(&PYTHON.replace("canary-refresh", "another")).save(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&path).unwrap().contains("1//another"));
}

#[test]
fn where_it_cannot_be_written_the_old_one_stays() {
    let home = tempfile::tempdir().unwrap();
    let taken = home.path().join("taken");
    fs::write(&taken, "a file").unwrap();
    let error = user(PYTHON).save(&taken.join("google_refresh.json")).unwrap_err().to_string();
    assert!(error.contains("check its name, its directory and its rights"), "{error}");
    assert_eq!(fs::read_to_string(&taken).unwrap(), "a file");
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
    let missing = Credentials::read(Path::new("/nowhere/at/all.json")).unwrap_err();
    assert!(matches!(missing, CredentialsError::Missing(_)), "{missing}");
}

#[test]
fn what_nobody_could_get_back_is_not_written_over() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for (text, kept) in [
        (r#"{"type": "service_account", "private_key": "x"}"#, true),
        (r#"{"installed": {}}"#, true),
        (r#"{"type": "external_account"}"#, true),
        (PYTHON, false),
        ("{", false),
        ("", false),
    ] {
        fs::write(file.path(), text).unwrap();
        assert_eq!(check_replaceable(file.path()).is_err(), kept, "{text}");
        assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
    }
    check_replaceable(&file.path().with_extension("other")).unwrap();
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

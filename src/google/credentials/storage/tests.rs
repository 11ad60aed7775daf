use std::os::unix::fs::PermissionsExt;

use super::super::tests::{PYTHON, user};
use super::*;

fn file(path: impl Into<PathBuf>) -> SecretPlace {
    SecretPlace::File(path.into())
}

#[tokio::test]
async fn what_googles_library_wrote_is_taken_as_it_is_and_stays_whole() {
    let user = user(PYTHON);
    assert_eq!(user.refresh_token.reveal(), "1//canary-refresh");
    assert_eq!(user.scopes.as_deref(), Some(&["https://www.googleapis.com/auth/gmail.send".to_owned()][..]));
    assert_eq!((user.issued_at, user.kind.as_str()), (None, "authorized_user"));
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("secrets").join("google_refresh.json");
    user.save(&file(&path)).await.unwrap();
    let again: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let before: Value = serde_json::from_str(PYTHON).unwrap();
    for (name, value) in before.as_object().unwrap() {
        // An account without a name is none.
        let empty = name == "account";
        assert!(empty || again.get(name) == Some(value), "{name}");
    }
    assert_eq!(Credentials::read(&file(&path)).await.unwrap(), Credentials::User(Box::new(user)));
}

#[tokio::test]
async fn a_file_is_replaced_whole_and_for_this_user_only() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("google_refresh.json");
    fs::write(&path, "something else").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let before = Stamp::of_file(&path);
    user(PYTHON).save(&file(&path)).await.unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "no file is left beside it");
    assert_ne!(Stamp::of_file(&path), before);
    // A name that leads elsewhere goes on doing so.
    let link = home.path().join("link.json");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    user(&PYTHON.replace("canary-refresh", "another")).save(&file(&link)).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&path).unwrap().contains("1//another"));
}

#[tokio::test]
async fn where_it_cannot_be_written_the_old_one_stays() {
    let home = tempfile::tempdir().unwrap();
    let taken = home.path().join("taken");
    fs::write(&taken, "a file").unwrap();
    let error = user(PYTHON).save(&file(taken.join("google_refresh.json"))).await.unwrap_err().to_string();
    assert!(error.contains("check its name, its directory and its rights"), "{error}");
    assert_eq!(fs::read_to_string(&taken).unwrap(), "a file");
}

#[tokio::test]
async fn what_nobody_could_get_back_is_not_written_over() {
    let place = tempfile::NamedTempFile::new().unwrap();
    for (text, kept) in [
        (r#"{"type": "service_account", "private_key": "x"}"#, true),
        (r#"{"installed": {}}"#, true),
        (r#"{"type": "external_account"}"#, true),
        (PYTHON, false),
        ("{", false),
        ("", false),
    ] {
        fs::write(place.path(), text).unwrap();
        assert_eq!(check_replaceable(&file(place.path())).await.is_err(), kept, "{text}");
        assert_eq!(fs::read_to_string(place.path()).unwrap(), text);
    }
    check_replaceable(&file(place.path().with_extension("other"))).await.unwrap();
    let missing = Credentials::read(&file("/nowhere/at/all.json")).await.unwrap_err();
    assert!(matches!(missing, CredentialsError::Missing(_)), "{missing}");
}

//! This Google, driven by clients of Google's that others wrote, and compared with Google's own documents. `scripts/peers`
//! installs the clients.

use std::path::{Path, PathBuf};
use std::process::Command;

use crewcall_google_peer::Google;
use serde_json::Value;

const ACCOUNT: &str = "crew@example.com";
const SPREADSHEETS: &str = "https://www.googleapis.com/auth/spreadsheets";

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Python, in the environment of Google's clients.
fn python() -> Command {
    Command::new(at("../../target/peers/venv-google/bin/python"))
}

/// What a program says at its end.
#[track_caller]
fn done(command: &mut Command) -> String {
    let output = command.output().expect("scripts/peers installs it");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    out.into_owned()
}

/// A story that starts this Google as a program of its own.
#[track_caller]
fn story(script: &str) -> Value {
    let program = env!("CARGO_BIN_EXE_crewcall-google-peer");
    let said = done(python().arg(at("clients").join(script)).arg(program));
    serde_json::from_str(said.lines().last().expect("a line")).expect("JSON")
}

#[test]
fn google_auth_signs_in() {
    println!("{}", story("sign_in.py"));
}

#[test]
fn google_auth_oauthlib_signs_somebody_in_by_the_browser() {
    println!("{}", story("installed_app.py"));
}

#[test]
fn google_api_python_client_sends_mail_and_is_refused() {
    println!("{}", story("mail.py"));
}

/// As a person and as a service account.
#[test]
fn gspread_does_its_ordinary_work() {
    let google = Google::start();
    google.account(ACCOUNT);
    let client = google.client();
    let home = std::env::temp_dir().join(format!("crewcall-google-{}", std::process::id()));
    std::fs::create_dir_all(&home).unwrap();
    let person = serde_json::json!({
        "type": "authorized_user", "client_id": client.id, "client_secret": client.secret,
        "token_uri": google.token_uri(), "refresh_token": google.grant(&client, ACCOUNT, &[SPREADSHEETS]),
    });
    let robot = google.service_account("robot@project.example.com");
    for (name, credentials) in [("person.json", person.to_string()), ("robot.json", robot)] {
        let file = home.join(name);
        std::fs::write(&file, credentials).unwrap();
        let said = done(python().arg(at("clients/gspread_story.py")).arg(google.url()).arg(&file));
        println!("{name}: {said}");
    }
    std::fs::remove_dir_all(&home).unwrap();
}

/// Google's documents ship with its client for Python.
#[test]
fn its_documents_are_googles() {
    let documents =
        "import googleapiclient.discovery_cache as cache; print(cache.__path__[0] + '/documents')";
    let found = done(python().args(["-c", documents]));
    println!("{}", done(python().arg(at("discovery/reduce.py")).arg(found.trim()).arg("--check")));
}

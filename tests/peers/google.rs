//! The sign-in as a file: google-auth reads what crewcall wrote, and crewcall what google-auth wrote.

use std::path::Path;
use std::process::Command;

use crewcall_google_peer::Google;
use serde_json::Value;

use crate::home::Home;

const ACCOUNT: &str = "crew@example.com";

#[test]
fn the_file_of_a_sign_in_is_googles_own() {
    let google = Google::start();
    google.account(ACCOUNT);
    let client = google.client();
    let home = Home::empty();
    let (token_uri, gmail) = (google.token_uri(), google.gmail_base_url());
    let settings = crate::home::SETTINGS.replace("\"file\"", "\"gmail\"");
    home.write(
        "crewcall.toml",
        format!(
            "{settings}[google]\ncredentials_file = \"google_refresh.json\"\ntoken_uri = \"{token_uri}\"\n\
             gmail_base_url = \"{gmail}\"\n"
        ),
    );
    // As an operator has it who moves here from a script in Python.
    let before = serde_json::json!({
        "client_id": client.id, "client_secret": client.secret, "token_uri": token_uri, "universe_domain": "googleapis.com",
        "refresh_token": google.grant(&client, ACCOUNT, &["https://www.googleapis.com/auth/gmail.send"]),
        "scopes": ["https://www.googleapis.com/auth/gmail.send"], "account": ACCOUNT,
        "token": "ya29.old", "expiry": "2026-06-20T17:00:00.000000Z",
    });
    let file = home.write("google_refresh.json", before.to_string());
    home.run(&["mail", "test", "--to", "office@example.com"]).done();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(root.join("target/peers/venv-google/bin/python"))
        .arg(root.join("tests/peers/google_file.py"))
        .args([&file, &file])
        .arg(&token_uri)
        .output()
        .expect("scripts/peers installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["account"], ACCOUNT);
    home.run(&["mail", "test", "--to", "office@example.com"]).done();
    let status = home.run(&["google", "status", "--json"]).json();
    assert_eq!((&status["works"], &status["account"]), (&true.into(), &ACCOUNT.into()));
    assert_eq!(google.sent(ACCOUNT).len(), 2);
}

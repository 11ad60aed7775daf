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

/// What stands in the sheet after the office has done something by gspread.
fn by_gspread(google: &Google, home: &Home, id: &str, what: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(root.join("target/peers/venv-google/bin/python"))
        .arg(root.join("tests/google/clients/office_sheet.py"))
        .arg(google.url())
        .arg(home.path().join("google.json"))
        .args([id, what])
        .output()
        .expect("scripts/peers installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn gspread_reads_what_was_written_and_its_edits_are_taken_up() {
    let google = Google::start();
    google.account(ACCOUNT);
    let client = google.client();
    let token = google.grant(&client, ACCOUNT, &["https://www.googleapis.com/auth/spreadsheets"]);
    let home = Home::empty();
    home.write("google.json", client.authorized_user(ACCOUNT, &token));
    let sheet = google.spreadsheet(ACCOUNT, "Harbor Sails");
    let (token_uri, base, id) = (google.token_uri(), google.sheets_base_url(), sheet.id());
    let settings = crate::home::SETTINGS;
    home.write(
        "crewcall.toml",
        format!(
            "{settings}[google]\ncredentials_file = \"google.json\"\ntoken_uri = \"{token_uri}\"\n\
             sheets_base_url = \"{base}\"\n[sheets]\nspreadsheet_id = \"{id}\"\n"
        ),
    );
    by_gspread(&google, &home, id, "fill");
    home.run(&["sheets", "sync"]).done();
    let csv = "crew_id,2099-06-26\nlee-park,unavailable\n";
    home.write("days.csv", csv);
    home.run(&["roster", "import", "days.csv"]).done();
    home.run(&["sheets", "sync"]).done();
    let read = by_gspread(&google, &home, id, "read");
    assert_eq!(
        read["June 2099"][2],
        serde_json::json!(["Lee Park", "unavailable", "Y", "AM only", "lee-park"])
    );
    assert_eq!(
        read["Roster"][1],
        serde_json::json!(["Dana Reyes", "dana@example.com", "Captain", "1", "dana-reyes"])
    );
    by_gspread(&google, &home, id, "edit");
    home.run(&["sheets", "sync"]).done();
    let roster = home.run(&["roster", "export"]).json();
    let of =
        |id: &str| roster.as_array().unwrap().iter().find(|member| member["crew_id"] == id).unwrap().clone();
    assert_eq!(of("dana-reyes")["availability"]["2099-06-28"], "Y");
    assert_eq!(of("lee-park")["availability"]["2099-06-26"], "unavailable");
    assert_eq!(
        (&of("kim-vale")["rank"], &of("kim-vale")["email"]),
        (&"mate".into(), &"kim@example.com".into())
    );
    let read = by_gspread(&google, &home, id, "read");
    // Sorted without the ids, and put right.
    assert_eq!(
        read["June 2099"][2],
        serde_json::json!(["Lee Park", "unavailable", "Y", "AM only", "lee-park"])
    );
    assert_eq!(read["June 2099"][3][4], "dana-reyes");
}

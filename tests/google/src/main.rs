//! A Google for clients in other languages: one account, one client that it has signed in with, one service account and one
//! spreadsheet, which both may open. Prints a line of JSON with all of them, and stops when its standard input ends.

use std::io::Write;

use crewcall_google_peer::Google;
use serde_json::{Value, json};

const ACCOUNT: &str = "crew@example.com";
const ROBOT: &str = "robot@project.example.com";
const SCOPES: [&str; 2] =
    ["https://www.googleapis.com/auth/gmail.send", "https://www.googleapis.com/auth/spreadsheets"];

fn main() -> std::io::Result<()> {
    let google = Google::start();
    google.account(ACCOUNT);
    let client = google.client();
    let refresh_token = google.grant(&client, ACCOUNT, &SCOPES);
    let key: Value = serde_json::from_str(&google.service_account(ROBOT))?;
    let spreadsheet = google.spreadsheet(ACCOUNT, "Crew");
    spreadsheet.share(ROBOT);
    let said = json!({
        "url": google.url(),
        "auth_uri": google.auth_uri(),
        "token_uri": google.token_uri(),
        "revoke_uri": google.revoke_uri(),
        "account": ACCOUNT,
        "client": serde_json::from_str::<Value>(&client.json())?,
        "scopes": SCOPES,
        "refresh_token": refresh_token,
        "authorized_user": {
            "type": "authorized_user",
            "client_id": client.id,
            "client_secret": client.secret,
            "refresh_token": refresh_token,
        },
        "service_account": key,
        "spreadsheet_id": spreadsheet.id(),
    });
    let mut out = std::io::stdout().lock();
    writeln!(out, "{said}")?;
    out.flush()?;
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}

//! `crewcall google …`, `doctor`, and what other commands say of a sign-in that has ended: the real program.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use crewcall::google::Scope;
use crewcall_google_peer::{Call, Client, Consent, Google as Peer};
use serde_json::Value;

use super::harbor::{ACCOUNT, browse};
use crate::cli::home::{AWS_CONFIG, Home, Ran};

/// An operator's directory, and the Google that its settings name.
pub(super) struct Desk {
    pub(super) home: Home,
    pub(super) peer: Peer,
    pub(super) client: Client,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let peer = Peer::start();
        peer.account(ACCOUNT);
        let client = peer.client();
        let home = Home::empty();
        std::fs::create_dir(home.path().join("secrets")).unwrap();
        home.write("secrets/client.json", client.json());
        let desk = Self { home, peer, client };
        desk.settings("");
        desk
    }

    pub(super) fn settings(&self, more: &str) {
        let (auth_uri, token_uri) = (self.peer.auth_uri(), self.peer.token_uri());
        let (gmail, sheets) = (self.peer.gmail_base_url(), self.peer.sheets_base_url());
        self.home.write(
            "crewcall.toml",
            format!(
                r#"[operator]
name = "Harbor Sails"
time_zone = "America/Los_Angeles"
[server]
public_url = "https://crew.example.com"
[mail]
transport = "gmail"
from = "Harbor Sails <{ACCOUNT}>"
office = "office@example.com"
[google]
client_file = "secrets/client.json"
auth_uri = "{auth_uri}"
token_uri = "{token_uri}"
gmail_base_url = "{gmail}"
sheets_base_url = "{sheets}"
{more}"#
            ),
        );
    }

    fn kept(&self) -> Value {
        let file = self.home.path().join("secrets/google_refresh.json");
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
    }

    pub(super) fn signed_in(self) -> Self {
        sign_in_elsewhere(&self).done();
        self
    }
}

/// A command that goes on while something else happens.
struct Running {
    child: Child,
    errors: BufReader<std::process::ChildStderr>,
    said: String,
}

impl Running {
    fn start(desk: &Desk, args: &[&str], path: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_crewcall"))
            .args(args)
            .current_dir(desk.home.path())
            .env("AWS_CONFIG_FILE", desk.home.path().join(AWS_CONFIG))
            // What passes through is told in full, of our own and of the libraries below: see `secrets`.
            .env("RUST_LOG", "trace")
            .env("PATH", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self { child, errors, said: String::new() }
    }

    /// The page that it names.
    fn page(&mut self) -> String {
        loop {
            let mut line = String::new();
            assert!(self.errors.read_line(&mut line).unwrap() > 0, "it said: {}", self.said);
            self.said.push_str(&line);
            if line.trim_start().starts_with("http") {
                return line.trim().to_owned();
            }
        }
    }

    fn answer(&mut self, text: &str) {
        self.child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn end(mut self) -> Ran {
        self.errors.read_to_string(&mut self.said).unwrap();
        let output = self.child.wait_with_output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        Ran { code: output.status.code().unwrap(), out, err: self.said }
    }
}

/// On a machine without a browser: the person opens the page elsewhere and brings the address at which it ended.
pub(super) fn sign_in_elsewhere(desk: &Desk) -> Ran {
    let mut running = Running::start(desk, &["google", "login", "--no-browser"], "/usr/bin:/bin");
    let (status, ended_at) = browse(&running.page());
    assert_eq!(status, 302, "{ended_at}");
    running.answer(&format!("{ended_at}\n"));
    running.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_on_a_machine_without_a_browser() {
    let desk = Desk::new().await;
    let said = sign_in_elsewhere(&desk).done();
    assert!(said.contains("Signed in at Google as crew@example.com"), "{said}");
    let kept = desk.kept();
    assert_eq!(kept["type"], "authorized_user");
    assert_eq!(kept["account"], ACCOUNT);
    assert!(kept["scopes"].as_array().unwrap().iter().any(|scope| scope == Scope::SendMail.as_str()));
    assert!(!kept["scopes"].to_string().contains("spreadsheets"), "the sheet is not switched on");
    let file = desk.home.path().join("secrets/google_refresh.json");
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    desk.home.run(&["mail", "test", "--to", "office@example.com"]).done();
    assert_eq!(desk.peer.sent(ACCOUNT).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_in_by_the_browser_of_this_machine() {
    let desk = Desk::new().await;
    // The browser of this machine only writes down what it is to open.
    let opened = desk.home.path().join("opened");
    let browser =
        desk.home.write("xdg-open", format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", opened.display()));
    std::fs::set_permissions(browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = desk.home.path().display().to_string();
    let mut running = Running::start(&desk, &["google", "login", "--json"], &path);
    let page = running.page();
    while std::fs::read_to_string(&opened).unwrap_or_default() != page {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let (_, ends_at) = browse(&page);
    // Others knock at the same door.
    let door = ends_at.split('?').next().unwrap();
    assert_eq!(browse(&format!("{door}?state=guessed&code=4/0Abc")).0, 400);
    assert_eq!(browse(&format!("{door}favicon.ico")).0, 404);
    let (status, thanks) = browse(&ends_at);
    assert_eq!(status, 200);
    assert!(thanks.contains("Thank you"), "{thanks}");
    let signed_in = running.end().json();
    assert_eq!(signed_in["account"], ACCOUNT);
    assert_eq!(desk.kept()["account"], ACCOUNT);
}

#[cfg(not(feature = "aws"))]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_build_without_aws_refuses_a_secret_there_at_once() {
    let desk = Desk::new().await;
    desk.settings("credentials_secret = \"crewcall/google\"\n");
    for command in [&["serve"][..], &["google", "login"], &["tick"]] {
        let said = desk.home.run(command).failed(1);
        assert!(said.contains("google.credentials_secret: names a secret in AWS"), "{said}");
        assert!(said.contains("or name a file in google.credentials_file"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_and_half_a_yes_change_nothing() {
    let desk = Desk::new().await.signed_in();
    let before = desk.kept();
    desk.peer.consent(Consent::Deny);
    let denied = sign_in_elsewhere(&desk);
    assert_eq!(denied.code, 1);
    assert!(denied.err.contains("without a consent (access_denied); nothing was changed"), "{denied:?}");
    desk.peer.consent(Consent::Allow { account: ACCOUNT.into(), scopes: Some(vec!["openid".into()]) });
    let half = sign_in_elsewhere(&desk);
    assert_eq!(half.code, 1);
    assert!(half.err.contains("not everything was consented to: to send mail"), "{half:?}");
    let mut running = Running::start(&desk, &["google", "login", "--no-browser"], "/usr/bin:/bin");
    running.page();
    running.answer("4/0Abcdef\n");
    let wrong = running.end();
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("That is not the address at which the browser ended"), "{wrong:?}");
    desk.peer.account("boss@example.com");
    desk.peer.consent(Consent::Allow { account: "boss@example.com".into(), scopes: None });
    let other = sign_in_elsewhere(&desk);
    assert_eq!(other.code, 1);
    assert!(
        other.err.contains("that was the account boss@example.com, and not crew@example.com"),
        "{other:?}"
    );
    assert_eq!(desk.kept(), before);
    let robot = desk.peer.service_account("robot@harbor.example.com");
    desk.home.write("secrets/google_refresh.json", &robot);
    let said = desk.home.run(&["google", "login", "--no-browser"]).failed(1);
    assert!(said.contains("is the key of a service account, which is not written over"), "{said}");
    let ran = desk.home.run(&["google", "status"]);
    assert!(ran.err.contains("has no mailbox to send from") && ran.err.contains("by SMTP"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_in_testing_is_told_at_once_and_by_doctor() {
    let desk = Desk::new().await;
    desk.peer.testing_mode(&desk.client);
    let said = sign_in_elsewhere(&desk).done();
    assert!(said.contains("the consent screen of the project is in Testing"), "{said}");
    let found: Value = serde_json::from_str(&desk.home.run(&["doctor", "--json"]).out).unwrap();
    let warned = found.as_array().unwrap().iter().any(|finding| {
        finding["about"] == "google"
            && finding["verdict"] == "warning"
            && finding["says"].as_str().unwrap().contains("projects that are in Testing")
    });
    assert!(warned, "{found}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_finds_a_healthy_office_and_warns_of_the_seventh_day() {
    let desk = Desk::new().await.signed_in();
    desk.home.write("roster.json", crate::cli::home::ROSTER);
    desk.home.run(&["roster", "import", "roster.json"]).done();
    let said = desk.home.run(&["doctor"]).done();
    for words in [
        "the sign-in of crew@example.com holds",
        "nobody knows yet whether the sign-in outlives",
        "opens, and its link key is there",
        "should the sign-in at Google end, no mail can say so",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_has_ended_is_told_by_every_command_that_needs_it() {
    let desk = Desk::new().await.signed_in();
    desk.home.write("roster.json", crate::cli::home::ROSTER);
    desk.home.run(&["roster", "import", "roster.json"]).done();
    desk.home.feed(&["charter", "add"], crate::cli::home::CHARTER).done();
    desk.home.run(&["call", "start", "charter_5678"]).done();
    desk.peer.revoke(desk.kept()["refresh_token"].as_str().unwrap());
    desk.peer.end_access_tokens();
    let config = desk.home.path().join("crewcall.toml").display().to_string();
    for (args, login) in [
        (vec!["tick"], "`crewcall google login`".to_owned()),
        (vec!["mail", "test"], "`crewcall google login`".to_owned()),
        (vec!["google", "status"], "`crewcall google login`".to_owned()),
        (vec!["doctor"], "`crewcall google login`".to_owned()),
        (vec!["--config", &config, "tick"], format!("`crewcall --config {config} google login`")),
    ] {
        let ran = desk.home.run(&args);
        let said = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, 1, "{args:?}: {said}");
        for words in [
            "Google has ended the sign-in (invalid_grant: Token has been expired or revoked)",
            "password",
            &login,
        ] {
            assert!(said.contains(words), "{args:?}, {words}: {said}");
        }
    }
    assert_eq!(desk.peer.sent(ACCOUNT).len(), 0);
    desk.home.feed(&["charter", "add"], crate::cli::home::CHARTER.replace("5678", "5679")).done();
    let said = desk.home.run(&["call", "plan", "charter_5679"]).done();
    assert!(said.contains("to look at: no mail leaves (Google has ended the sign-in"), "{said}");
    let said = desk.home.run(&["call", "start", "charter_5679"]).done();
    assert!(said.contains("No mail leaves: Google has ended the sign-in"), "{said}");
    desk.home.run(&["charter", "cancel", "charter_5679"]).done();
    sign_in_elsewhere(&desk).done();
    desk.home.run(&["tick"]).done();
    assert_eq!(
        desk.peer.sent(ACCOUNT).len(),
        3,
        "Dana is asked; the office has its copy, and hears that a sail is off"
    );
    desk.home.run(&["google", "status"]).done();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn status_shows_how_the_sign_in_stands() {
    let desk = Desk::new().await.signed_in();
    let status = desk.home.run(&["google", "status", "--json"]).json();
    assert_eq!((&status["works"], &status["account"]), (&true.into(), &ACCOUNT.into()));
    assert!(status["issued_at"].is_string() && status["next_refresh_at"].is_string(), "{status}");
    let said = desk.home.run(&["google", "status"]).done();
    for words in
        ["Account:      crew@example.com", "Age:          less than a day", "Next refresh:", "gmail.send"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    desk.peer.inject(
        Call::Token,
        crewcall_google_peer::Fault::ServerError { code: 503, after_effect: false },
        1,
    );
    let ran = desk.home.run(&["google", "status"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("Google could not be asked"), "{ran:?}");
    assert!(ran.out.contains("Last error:"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_google_there_is_nothing_to_sign_in_to_and_without_a_client_no_way() {
    let home = Home::new();
    let said = home.run(&["google", "login"]).failed(1);
    assert!(said.contains("nothing of Google is switched on"), "{said}");
    assert!(home.run(&["google", "status"]).done().starts_with("Nothing of Google is switched on"));
    assert_eq!(home.run(&["google", "status", "--json"]).json()["used"], false);
    let desk = Desk::new().await;
    std::fs::remove_file(desk.home.path().join("secrets/client.json")).unwrap();
    let said = desk.home.run(&["google", "login", "--no-browser"]).failed(1);
    assert!(said.contains("google.client_file"), "{said}");
    desk.home.write("secrets/client.json", "{\"web\": {}}");
    let said = desk.home.run(&["google", "login", "--no-browser"]).failed(1);
    assert!(said.contains("of the type \"Desktop app\""), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sheet_is_asked_for_once_it_is_named_and_a_service_account_opens_it() {
    let desk = Desk::new().await.signed_in();
    let sheet = desk.peer.spreadsheet(ACCOUNT, "Harbor Sails crew");
    desk.settings(&format!("[sheets]\nspreadsheet_id = \"{}\"\n", sheet.id()));
    let ran = desk.home.run(&["google", "status"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("does not go far enough: https://www.googleapis.com/auth/spreadsheets"),
        "{ran:?}"
    );
    sign_in_elsewhere(&desk).done();
    let status = desk.home.run(&["google", "status", "--json"]).json();
    assert_eq!(status["spreadsheet"], "Harbor Sails crew");

    // Mail by a file, the sheet by a robot.
    let settings = std::fs::read_to_string(desk.home.path().join("crewcall.toml")).unwrap();
    desk.home.write("crewcall.toml", settings.replace("transport = \"gmail\"", "transport = \"file\""));
    let robot = "robot@harbor.example.com";
    desk.home.write("secrets/google_refresh.json", desk.peer.service_account(robot));
    let ran = desk.home.run(&["google", "status"]);
    assert!(ran.code == 1 && ran.err.contains("the spreadsheet cannot be read"), "{ran:?}");
    sheet.share(robot);
    let status = desk.home.run(&["google", "status", "--json"]).json();
    assert_eq!((&status["account"], &status["spreadsheet"]), (&robot.into(), &"Harbor Sails crew".into()));
}

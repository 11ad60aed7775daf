//! Mail by Gmail on AWS: the office signs in once the stack is there, and again when that has ended.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crewcall_google_peer::Google;
use serde_json::Value;

use super::super::http::get;
use super::super::{PATIENCE, until};
use super::{KEY, Operator, PASSWORD};

const ACCOUNT: &str = "crew@example.com";

impl Operator {
    /// Signs in, in a browser on another machine.
    fn sign_in(&self) -> String {
        let script =
            format!(". ./crewcall.env && {} google login --no-browser", env!("CARGO_BIN_EXE_crewcall"));
        let mut login = self.program("/bin/sh");
        login.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut login = login.spawn().unwrap();
        // It goes on to speak after that.
        let mut lines = BufReader::new(login.stderr.take().unwrap()).lines().map(Result::unwrap);
        let page = lines.by_ref().map(|line| line.trim().to_owned()).find(|line| line.starts_with("http"));
        let page = page.expect("it names a page");
        let (address, path) = page.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let sent_on = get(address, &format!("/{path}")).unwrap();
        let answer = format!("{}\n", sent_on.header("location").unwrap());
        login.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        let done = login.wait_with_output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// The refresh token in the secret of the stack.
    fn refresh_token(&self) -> String {
        let secret = self.stack(&["output", "GoogleSecret"]);
        let read = ["secretsmanager", "get-secret-value", "--secret-id", &secret, "--query", "SecretString"];
        let kept: Value = serde_json::from_str(&self.aws(&read)).unwrap();
        kept["refresh_token"].as_str().unwrap().to_owned()
    }
}

#[test]
fn on_the_stack_mail_leaves_by_gmail_and_the_office_hears_by_the_mail_server_when_it_does_not() {
    let google = Google::start();
    google.account(ACCOUNT);
    let sheet = google.spreadsheet(ACCOUNT, "Harbor Sails");
    for (cell, text) in [("A1", "Name"), ("B1", "E-mail"), ("C1", "Rank"), ("A2", "Ana Cole"), ("C2", "Mate")]
    {
        sheet.edit(&format!("Sheet1!{cell}"), text);
    }
    let office = Operator::new();
    office.home.write("client.json", google.client().json());
    office.home.write(
        "crewcall.toml",
        format!(
            "[google]\nclient_file = \"client.json\"\nauth_uri = \"{}\"\ntoken_uri = \"{}\"\ngmail_base_url = \"{}\"\n\
             sheets_base_url = \"{}\"\n",
            google.auth_uri(),
            google.token_uri(),
            google.gmail_base_url(),
            google.sheets_base_url()
        ),
    );
    office.build(&["crewcall.toml"]);
    let key = office.secret("link-key", KEY);
    office.secret("smtp", PASSWORD);
    office.aws(&["s3", "mb", "s3://builds"]);
    office.stack(&["package", "builds"]);
    let (key, spreadsheet) = (format!("LinkKeySecretArn={key}"), format!("SpreadsheetId={}", sheet.id()));
    office.deploy(&[&key, "MailTransport=gmail", "MailFallback=smtp", &spreadsheet, "SheetSync=on"]);
    std::fs::write(office.at("crewcall.env"), office.stack(&["settings"])).unwrap();
    office.start_a_call();

    let tick = office.tick();
    assert_eq!(tick["failed"], 0, "{tick}");
    let alert = office.mail.wait_for("office", |letter| letter.header("Subject").contains("No mail leaves"));
    assert!(alert.text.contains("nobody has signed in at Google yet"), "{}", alert.text);
    assert!(alert.text.contains("crewcall google login"), "{}", alert.text);
    assert_eq!(google.sent(ACCOUNT).len(), 0);

    let said = office.sign_in();
    assert!(
        said.contains("Signed in at Google as crew@example.com. The sign-in is in the secret "),
        "{said}"
    );
    let mail_to = |whom: &str| {
        until(&format!("a mail to {whom}"), PATIENCE, || {
            office.tick();
            let to = format!("<{whom}@example.com>");
            let sent = google.sent(ACCOUNT).into_iter().map(|sent| String::from_utf8(sent.given).unwrap());
            sent.into_iter().find(|mail| mail.contains(&to))
        })
    };
    mail_to("dana");
    // The same sign-in keeps the sheet: whoever is on the roster is in it, and whoever is in it is on the roster.
    let names = until("the sheet in step", PATIENCE, || {
        office.tick();
        let names = sheet.read("Sheet1!A2:D9").concat().join("|");
        names.contains("dana-reyes").then_some(names)
    });
    assert!(names.starts_with("Ana Cole||Mate|ana-cole|"), "{names}");
    office.crewcall("sheets history");

    // It ends, and a captain answers by telephone meanwhile.
    google.revoke(&office.refresh_token());
    google.end_access_tokens();
    office.crewcall("call answer charter_5678 dana-reyes yes --by Pat");
    until("a 503", PATIENCE, || {
        office.tick();
        (office.ask("GET", "/health/ready", "").status == 503).then_some(())
    });
    let ended = "Google has ended the sign-in";
    until("the alert", PATIENCE, || {
        office.tick();
        office.mail.all().into_iter().find(|letter| letter.to == "office" && letter.text.contains(ended))
    });
    let status = format!(". ./crewcall.env && {} google status", env!("CARGO_BIN_EXE_crewcall"));
    let status = office.program("/bin/sh").args(["-c", &status]).output().unwrap();
    assert_eq!(status.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&status.stderr).contains(ended), "{status:?}");
    office.sign_in();
    mail_to("lee");
    assert_eq!(office.ask("GET", "/health/ready", "").status, 200);
}

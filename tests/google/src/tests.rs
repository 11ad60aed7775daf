//! Calls from end to end: what goes wrong on purpose, and what is written down of it.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::testing::{ACCOUNT, Desk, SEND, SEND_PATH, SPREADSHEETS, body, text};
use crate::{Call, Fault, Google, RetryAfter};

const MAIL: &str = "To: dana@example.com\nSubject: Sail\n\nCan you?\n";

/// What came of one mail that met this: the status, if there was one, and how many mails there are.
fn send(desk: &Desk, access: &str, fault: Fault) -> (Option<u16>, usize) {
    let before = desk.google.sent(ACCOUNT).len();
    desk.google.inject(Call::Send, fault, 1);
    let got = desk.posted(SEND_PATH, access, &body(MAIL, None));
    (got.map(|got| got.status), desk.google.sent(ACCOUNT).len() - before)
}

#[test]
fn each_fault_does_what_it_says() {
    let mut desk = Desk::new();
    let usual = desk.patience;
    let access = desk.access(&[SEND]);
    for (fault, status, left) in [
        (Fault::Unauthorized, Some(401), 0),
        (Fault::Forbidden { reason: "dailyLimitExceeded" }, Some(403), 0),
        (Fault::TooMany { retry_after: None }, Some(429), 0),
        (Fault::ServerError { code: 503, after_effect: false }, Some(503), 0),
        (Fault::ServerError { code: 500, after_effect: true }, Some(500), 1),
        (Fault::Hang { after_effect: false }, None, 0),
        (Fault::Hang { after_effect: true }, None, 1),
        (Fault::Reset { after_effect: false }, None, 0),
        (Fault::Reset { after_effect: true }, None, 1),
        (Fault::Garbage { after_effect: false }, Some(200), 0),
        (Fault::Garbage { after_effect: true }, Some(200), 1),
        (Fault::SlowDrip { pause: Duration::from_millis(1) }, Some(200), 1),
        (Fault::Truncated, Some(200), 1),
        (Fault::Quoted, Some(400), 0),
        (Fault::Redirect { to: "http://127.0.0.1:1/".to_owned() }, Some(302), 0),
    ] {
        let hangs = matches!(fault, Fault::Hang { .. });
        desk.patience = if hangs { Duration::from_millis(200) } else { usual };
        assert_eq!(send(&desk, &access, fault.clone()), (status, left), "{fault:?}");
        desk.patience = usual;
        let last = desk.google.requests().pop().unwrap();
        assert_eq!(
            (last.call, last.status, last.path.as_str()),
            (Call::Send, status, SEND_PATH),
            "{fault:?}"
        );
        assert_eq!(desk.mail(&access, MAIL, None).status, 200, "after {fault:?}");
    }
}

#[test]
fn an_answer_that_is_broken_is_broken() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let got = |fault: Fault| {
        desk.google.inject(Call::Send, fault, 1);
        desk.mail(&access, MAIL, None)
    };
    let whole = desk.mail(&access, MAIL, None);
    let cut = got(Fault::Truncated);
    assert!(
        cut.body.len() < whole.body.len() && cut.header("content-length") == whole.header("content-length")
    );
    let begun = Instant::now();
    let slow = got(Fault::SlowDrip { pause: Duration::from_millis(1) });
    assert!(begun.elapsed() > Duration::from_millis(100) && slow.json()["id"].is_string());
    let garbage = got(Fault::Garbage { after_effect: false });
    assert!(serde_json::from_slice::<Value>(&garbage.body).is_err());
    assert!(got(Fault::Quoted).message().contains(&access));
    let to = "http://127.0.0.1:1/".to_owned();
    assert_eq!(got(Fault::Redirect { to: to.clone() }).header("location"), Some(to.as_str()));
}

#[test]
fn bytes_that_travel_are_counted() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let asked = body(MAIL, None).to_string().len();
    for fault in [None, Some(Fault::Truncated), Some(Fault::TooMany { retry_after: None })] {
        fault.into_iter().for_each(|fault| desk.google.inject(Call::Send, fault, 1));
        let answered = desk.mail(&access, MAIL, None).body.len();
        assert_eq!(desk.google.requests().pop().unwrap().bytes, asked + answered);
    }
}

#[test]
fn when_to_come_back_is_said_in_both_forms() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let after = |retry_after: RetryAfter| {
        desk.google.inject(Call::Send, Fault::TooMany { retry_after: Some(retry_after) }, 1);
        desk.mail(&access, MAIL, None)
    };
    assert_eq!(after(RetryAfter::Seconds(40)).header("retry-after"), Some("40"));
    let got = after(RetryAfter::Date(40));
    let (at, date) = (got.header("retry-after").unwrap(), got.header("date").unwrap());
    assert!(at.ends_with(" GMT") && date.ends_with(" GMT") && at != date, "{at} {date}");
}

#[test]
fn tokens_die_in_the_middle_of_the_work() {
    let desk = Desk::new();
    let refresh = desk.google.grant(&desk.client, ACCOUNT, &[SEND]);
    let access = || text(&desk.refresh(&refresh).json()["access_token"]);
    let dead = access();
    assert_eq!(send(&desk, &dead, Fault::DeadToken), (Some(401), 0));
    assert_eq!(desk.mail(&dead, MAIL, None).status, 401);
    assert_eq!(desk.mail(&access(), MAIL, None).status, 200);
    assert_eq!(send(&desk, &access(), Fault::Revoked), (Some(401), 0));
    assert_eq!(desk.refresh(&refresh).why(), (400, "invalid_grant".to_owned()));

    let refresh = desk.google.grant(&desk.client, ACCOUNT, &[SEND]);
    desk.google.inject(Call::Token, Fault::DeadToken, 1);
    assert_eq!(desk.refresh(&refresh).why(), (400, "invalid_grant".to_owned()));
}

#[test]
fn a_fault_is_for_its_calls_and_for_so_many() {
    let desk = Desk::new();
    let access = desk.access(&[SEND, SPREADSHEETS]);
    let sheet = desk.google.spreadsheet(ACCOUNT, "Crew");
    let busy = || Fault::ServerError { code: 503, after_effect: false };
    let read = || desk.get(&format!("/v4/spreadsheets/{}/values/A1", sheet.id()), &access).status;
    let write = || {
        let path = format!("/v4/spreadsheets/{}/values/A1:append?valueInputOption=RAW", sheet.id());
        desk.post(&path, &access, &json!({ "values": [["Dana"]] })).status
    };
    desk.google.inject(Call::SheetsWrite, busy(), 2);
    assert_eq!((read(), write(), write(), write(), read()), (200, 503, 503, 200, 200));
    desk.google.inject(Call::SheetsRead, busy(), 1);
    assert_eq!((write(), read(), read()), (200, 503, 200));
    desk.google.inject(Call::Any, busy(), 1);
    assert_eq!((write(), write()), (503, 200));
    assert_eq!((desk.google.count(Call::SheetsRead), desk.google.count(Call::SheetsWrite)), (4, 6));
    assert_eq!(sheet.read("A1:A3"), [["Dana"], ["Dana"], ["Dana"]]);
}

#[test]
fn at_the_token_endpoint_errors_are_oauths() {
    let desk = Desk::new();
    let refresh = desk.google.grant(&desk.client, ACCOUNT, &[SEND]);
    for (fault, status, error) in [
        (Fault::Unauthorized, 401, "invalid_client"),
        (Fault::Forbidden { reason: "access_denied" }, 403, "access_denied"),
        (Fault::TooMany { retry_after: None }, 429, "rate_limit_exceeded"),
        (Fault::ServerError { code: 500, after_effect: false }, 500, "internal_failure"),
    ] {
        desk.google.inject(Call::Token, fault, 1);
        assert_eq!(desk.refresh(&refresh).why(), (status, error.to_owned()));
    }
    assert_eq!(desk.refresh(&refresh).status, 200);
}

#[test]
fn a_call_is_one_of_a_known_method_with_json() {
    let desk = Desk::new();
    let access = desk.access(&[SEND, SPREADSHEETS]);
    assert_eq!(desk.get("/v4/nowhere", &access).message(), "Method not found.");
    assert!(desk.get("/nowhere", &access).text().contains("Error 404 (Not Found)!!1"));
    let authorization = format!("Bearer {access}");
    let as_form = [("authorization", authorization.as_str()), ("content-type", "text/plain")];
    let got = desk.send("POST", SEND_PATH, &as_form, b"{}").unwrap();
    assert!(got.message().contains("Cannot bind query parameter"), "{}", got.text());
    let as_json = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let got = desk.send("POST", SEND_PATH, &as_json, b"{").unwrap();
    assert!(got.message().starts_with("Invalid JSON payload received."), "{}", got.text());
    let sheet = desk.google.spreadsheet(ACCOUNT, "Crew");
    let path = format!("/v4/spreadsheets/{}", sheet.id());
    let got = desk.get(&format!("{path}?fields=properties.title&prettyPrint=false"), &access);
    assert_eq!(got.text(), "{\"properties\":{\"title\":\"Crew\"}}");
    assert_eq!(desk.get(&format!("{path}?alt=proto"), &access).status, 501);
    assert_eq!(desk.get(&format!("{path}?access_token=x"), &access).status, 200, "the header counts");
    assert_eq!(desk.send("GET", &path, &[], b"").unwrap().status, 401);
    let by_query = format!("{path}?access_token={access}");
    assert_eq!(desk.send("GET", &by_query, &[], b"").unwrap().status, 200);
}

#[test]
fn its_clock_is_the_one_that_a_test_sets() {
    let desk = Desk::new();
    desk.google.set_clock_offset(SignedDuration::from_hours(-24 * 365));
    let got = desk.send("GET", "/nowhere", &[], b"").unwrap();
    let year = (Timestamp::now() - SignedDuration::from_hours(24 * 365)).strftime("%Y").to_string();
    assert!(got.header("date").unwrap().contains(&year), "{}", got.head);
}

#[test]
fn whatever_was_given_out_is_known() {
    let desk = Desk::new();
    let refresh = desk.google.grant(&desk.client, ACCOUNT, &[SEND]);
    let access = text(&desk.refresh(&refresh).json()["access_token"]);
    assert_eq!(desk.google.secrets(), [desk.client.secret.clone(), refresh, access]);
}

#[test]
fn what_is_wrong_with_it_fails_the_test_that_drops_it() {
    let google = Google::start();
    google.shared.lock().failures.push("an answer".to_owned());
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(google))).is_err());
    let google = Google::start();
    google.shared.lock().failures.push("an answer".to_owned());
    assert_eq!(google.failures(), ["an answer"]);
}

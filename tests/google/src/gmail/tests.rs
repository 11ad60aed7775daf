use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Quota;
use crate::testing::{ACCOUNT, Desk, Got, SEND, SEND_PATH, SPREADSHEETS, body, text};

const MAIL: &str = "From: Crew <crew@example.com>\nTo: Dana <dana@example.com>\nSubject: Sail\n\nCan you?\n";

fn sent(desk: &Desk) -> Vec<String> {
    desk.google.sent(ACCOUNT).iter().map(|sent| String::from_utf8(sent.raw.clone()).unwrap()).collect()
}

#[track_caller]
fn id(got: &Got) -> (String, String) {
    assert_eq!(got.status, 200, "{}", got.text());
    (text(&got.json()["id"]), text(&got.json()["threadId"]))
}

#[test]
fn a_mail_is_kept_and_delivered_with_gmails_own_id() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let mail = "Message-ID: <1@crewcall>\nFrom: Crew <crew@example.com>\nTo: Dana <dana@example.com>,\n \
                gene@example.com\nBcc: office@example.com\nSubject: Sail\n\nCan you?\n";
    let got = desk.mail(&access, mail, None);
    let (id, thread) = id(&got);
    assert_eq!((got.json()["labelIds"].clone(), &thread), (json!(["SENT"]), &id));
    let kept = desk.google.sent(ACCOUNT).remove(0);
    assert_eq!(kept.recipients, ["dana@example.com", "gene@example.com", "office@example.com"]);
    assert_eq!(String::from_utf8(kept.given).unwrap().replace("\r\n", "\n"), mail);
    let raw = String::from_utf8(kept.raw).unwrap();
    assert_eq!(raw.matches("Message-ID:").count(), 1);
    assert!(raw.contains("@mail.gmail.com>\r\n") && !raw.contains("<1@crewcall>"), "{raw}");
    assert!(raw.contains("Date: ") && raw.ends_with("\r\n\r\nCan you?\r\n"), "{raw}");
    let received = String::from_utf8(desk.google.received("Office@example.com").remove(0).raw).unwrap();
    assert!(!received.contains("Bcc") && received.contains("gene@example.com\r\nSubject"), "{received}");
}

#[test]
fn the_sender_is_the_account_or_one_of_its_other_addresses() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    desk.google.alias(ACCOUNT, "sails@example.com");
    for (given, kept) in [
        ("From: Crew <crew@example.com>\n", "From: Crew <crew@example.com>\r\n"),
        ("From: \"Harbor, Sails\" <boss@example.com>\n", "From: \"Harbor, Sails\" <crew@example.com>\r\n"),
        (
            "From: =?utf-8?q?Zo=C3=AB?=\n <sails@example.com>\n",
            "From: =?utf-8?q?Zo=C3=AB?=\r\n <sails@example.com>\r\n",
        ),
        ("From: a@example.com, b@example.com\n", "From: crew@example.com\r\n"),
        ("", "From: crew@example.com\r\n"),
    ] {
        id(&desk.mail(&access, &format!("{given}To: dana@example.com\n\nHello\n"), None));
        assert!(sent(&desk).last().unwrap().contains(kept), "{given}: {:?}", sent(&desk).last());
    }
}

#[test]
fn what_gmail_refuses_it_refuses() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let many: Vec<_> = (0..101).map(|number| format!("crew{number}@example.com")).collect();
    let many = format!("To: {}\n\nHello", many.join(",\n "));
    for (mail, message) in [
        ("Subject: Sail\n\nHello", "Recipient address required"),
        ("To: \n\nHello", "Recipient address required"),
        ("To: undisclosed-recipients:;\n\nHello", "Recipient address required"),
        ("To: Dana\n\nHello", "Invalid To header"),
        ("To: dana@example.com, gene@\n\nHello", "Invalid To header"),
        ("To: \"dana reyes\"@example.com\n\nHello", "Invalid To header"),
        ("To: dana@example.com\nCc: gene@@example.com\n\nHello", "Invalid Cc header"),
        (many.as_str(), "Too many recipients"),
    ] {
        let got = desk.mail(&access, mail, None);
        assert_eq!(
            (got.why(), got.message()),
            ((400, "invalidArgument".to_owned()), message.to_owned()),
            "{mail}"
        );
    }
    let got = desk.post(SEND_PATH, &access, &json!({ "threadId": "1" }));
    assert!(got.message().contains("'raw' RFC822 payload"), "{}", got.text());
    let got = desk.post("/gmail/v1/users/dana%40example.com/messages/send", &access, &body(MAIL, None));
    assert_eq!((got.status, got.message().as_str()), (403, "Delegation denied for crew@example.com"));
    let path = "/gmail/v1/users/Crew%40Example.com/messages/send";
    assert_eq!(desk.post(path, &access, &body(MAIL, None)).status, 200);
    assert_eq!(desk.google.sent(ACCOUNT).len(), 1);
}

#[test]
fn a_mail_is_no_larger_than_35_megabytes() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let authorization = format!("Bearer {access}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "message/rfc822")];
    let status = |bytes: usize| {
        let large = format!("{MAIL}{}", "a".repeat(bytes - MAIL.len()));
        let path = format!("/upload{SEND_PATH}?uploadType=media");
        desk.send("POST", &path, &headers, large.as_bytes()).unwrap().status
    };
    assert_eq!((status(36_700_160), status(36_700_161)), (200, 413));
}

#[test]
fn a_token_goes_as_far_as_its_scopes() {
    let desk = Desk::new();
    let got = desk.mail(&desk.access(&[SPREADSHEETS]), MAIL, None);
    assert_eq!(got.why(), (403, "insufficientPermissions".to_owned()));
    assert_eq!(got.json()["error"]["details"][0]["reason"], "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    assert!(got.header("www-authenticate").unwrap().contains("insufficient_scope"));
    assert_eq!(desk.mail("x", MAIL, None).why(), (401, "authError".to_owned()));
    let access = desk.access(&["https://mail.google.com/"]);
    assert_eq!(desk.get("/gmail/v1/users/me/profile", &access).json()["emailAddress"], ACCOUNT);
}

#[test]
fn a_thread_is_kept_by_headers_and_subject() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let (first, thread) = id(&desk.mail(&access, MAIL, None));
    let answer = |headers: &str| format!("To: dana@example.com\n{headers}\nHello\n");
    let threads = |headers: &str| id(&desk.mail(&access, &answer(headers), Some(&thread))).1 == thread;
    assert!(threads("Subject: Sail\nIn-Reply-To: <1@example.com>\n"));
    assert!(threads("Subject: Re: RE: sail\nReferences: <1@example.com>\n".replace("sail", "Sail").as_str()));
    assert!(!threads("Subject: Sail\n"));
    assert!(!threads("Subject: Another sail\nReferences: <1@example.com>\n"));
    assert!(!threads("References: <1@example.com>\n"));
    assert_eq!(first, thread);
    let got = desk.mail(&access, MAIL, Some("1badc0de"));
    assert_eq!(
        (got.why(), got.message().as_str()),
        ((404, "notFound".to_owned()), "Requested entity was not found.")
    );
    assert_eq!(desk.mail(&access, MAIL, Some("no thread")).why(), (400, "invalidArgument".to_owned()));
}

#[test]
fn sixty_mails_a_minute_are_the_quota_of_a_new_project() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    for _ in 0..60 {
        id(&desk.mail(&access, MAIL, None));
    }
    let got = desk.mail(&access, MAIL, None);
    assert_eq!(got.why(), (429, "rateLimitExceeded".to_owned()));
    assert!(got.message().starts_with("Quota exceeded for quota metric 'Queries'"), "{}", got.message());
    assert_eq!(got.json()["error"]["details"][0]["reason"], "RATE_LIMIT_EXCEEDED");
    desk.google.set_clock_offset(SignedDuration::from_secs(60));
    id(&desk.mail(&access, MAIL, None));
    assert_eq!(desk.google.sent(ACCOUNT).len(), 61);
}

#[test]
fn a_days_mails_block_until_the_oldest_is_a_day_old() {
    let desk = Desk::new();
    desk.google.set_expires_in(1_000_000);
    let access = desk.access(&[SEND]);
    desk.google.set_quota(Quota { messages_a_day: 3, ..Quota::default() });
    for hours in [0, 1, 2] {
        desk.google.set_clock_offset(SignedDuration::from_hours(hours));
        id(&desk.mail(&access, MAIL, None));
    }
    let got = desk.mail(&access, MAIL, None);
    assert_eq!(got.why(), (429, "rateLimitExceeded".to_owned()));
    let message = got.message();
    let until = message.strip_prefix("User-rate limit exceeded.  Retry after ").unwrap();
    let until: Timestamp = until.parse().unwrap();
    let oldest = desk.google.sent(ACCOUNT)[0].at;
    assert!(
        (until.duration_since(oldest) - SignedDuration::from_hours(24)).abs() < SignedDuration::from_secs(1)
    );
    desk.google.set_clock_offset(SignedDuration::from_hours(24));
    id(&desk.mail(&access, MAIL, None));
    assert_eq!(desk.mail(&access, MAIL, None).status, 429);
    desk.google.set_quota(Quota::UNLIMITED);
    id(&desk.mail(&access, MAIL, None));
}

#[test]
fn a_mail_may_come_as_it_is() {
    let desk = Desk::new();
    let access = desk.access(&[SEND]);
    let authorization = format!("Bearer {access}");
    let upload = |query: &str, kind: &str, body: &str| {
        let path = format!("/upload{SEND_PATH}?{query}");
        let headers = [("authorization", authorization.as_str()), ("content-type", kind)];
        desk.send("POST", &path, &headers, body.as_bytes()).unwrap()
    };
    let mail = MAIL.replace('\n', "\r\n");
    let (_, thread) = id(&upload("uploadType=media", "message/rfc822", &mail));
    let json = |body: Value| {
        format!(
            "--b\r\nContent-Type: application/json\r\n\r\n{body}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             Subject: Sail\r\nReferences: <1@example.com>\r\nTo: gene@example.com\r\n\r\nHello\r\n--b--\r\n"
        )
    };
    let kind = "multipart/related; boundary=\"b\"";
    let got = upload("uploadType=multipart", kind, &json(json!({ "threadId": thread })));
    assert_eq!(id(&got).1, thread);
    assert!(desk.google.sent(ACCOUNT)[1].given.ends_with(b"\r\n\r\nHello"));
    assert!(
        upload("uploadType=multipart", kind, &json(json!({ "thread": 1 })))
            .message()
            .contains("Unknown name")
    );
    assert_eq!(upload("uploadType=multipart", kind, "--b\r\n").status, 400);
    assert_eq!(upload("uploadType=media", "text/plain", &mail).why(), (400, "badContent".to_owned()));
    assert_eq!(upload("uploadType=resumable", "message/rfc822", &mail).status, 501);
    assert_eq!(upload("", "message/rfc822", &mail).status, 400);
}

//! Mail to aiosmtpd, read back by Python's own mail parser.

pub(crate) mod certificates;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crewcall::mail::smtp::{Smtp, SmtpConfig, Timeouts, Tls};
use crewcall::mail::{Address, Mail, MessageId, Purpose, SendError, Transport};
use crewcall::secret::Secret;
use serde_json::{Value, json};

use crate::support::PythonPeer;
use certificates::Certificates;

fn sink(tls: &str, certificates: Option<&Certificates>, sign_in: bool) -> PythonPeer {
    let mut arguments = vec!["--tls".to_owned(), tls.to_owned()];
    arguments.extend(certificates.into_iter().flat_map(Certificates::arguments));
    if sign_in {
        arguments.extend(["--user", "crew", "--password", "s3cret word"].map(str::to_owned));
    }
    PythonPeer::start("smtp_sink.py", &arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

fn config(sink: &PythonPeer, tls: Tls) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".into(),
        port: u16::try_from(sink.ready["port"].as_u64().unwrap()).unwrap(),
        tls,
        username: None,
        password: None,
        ca_file: None,
        hello_name: None,
    }
}

/// With the patience of a test: nothing here takes minutes unless it hangs.
fn smtp(config: SmtpConfig) -> Smtp {
    let long = Duration::from_secs(20);
    Smtp::with_timeouts(
        config,
        Timeouts { announce: 10 * long, connect: long, command: long, body: long, idle: long },
    )
    .unwrap()
}

fn trusting(certificates: &Certificates, config: SmtpConfig) -> SmtpConfig {
    SmtpConfig { ca_file: Some(certificates.path("ca.pem")), ..config }
}

fn signing_in(password: &str, config: SmtpConfig) -> SmtpConfig {
    SmtpConfig { username: Some("crew".into()), password: Some(Secret::new(password)), ..config }
}

fn mail(number: u32) -> Mail {
    let from = Address { name: "Harbor Sails".into(), email: "crew@example.com".parse().unwrap() };
    let key = format!("offer-{number}");
    Mail {
        to: Address {
            name: "Dana Reyes".into(),
            email: format!("dana{number}@example.org").parse().unwrap(),
        },
        subject: format!("Sail {number}"),
        text: format!("Can you take sail {number}?\n"),
        html: format!("<p>Can you take sail {number}?</p>\n"),
        message_id: MessageId::for_key(&key, &from.email),
        thread_root: None,
        date: "2026-06-20T17:00:00Z".parse().unwrap(),
        purpose: Purpose::Charter,
        attachments: Vec::new(),
        thread_id: None,
        key,
        from,
    }
}

async fn unavailable(config: SmtpConfig) -> String {
    let smtp = smtp(config);
    let checked = smtp.check().await;
    match smtp.send(&mail(1)).await {
        Err(SendError::Unavailable { reason }) => {
            assert!(matches!(checked, Err(SendError::Unavailable { .. })), "the check said {checked:?}");
            reason
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn mail_goes_through_in_the_open_on_this_machine() {
    let sink = sink("none", None, false);
    let smtp = smtp(config(&sink, Tls::None));
    smtp.check().await.unwrap();
    assert_eq!(smtp.send(&mail(1)).await.unwrap().at_peer, "250 2.0.0 taken");
    let taken = sink.next();
    assert_eq!(taken["mail_from"], "crew@example.com");
    assert_eq!(taken["rcpt_tos"], json!(["dana1@example.org"]));
    assert_eq!(taken["encrypted"], false);
    assert_eq!(sink.finish(), Vec::<Value>::new());
}

#[tokio::test]
async fn mail_goes_through_by_starttls_with_a_sign_in() {
    let certificates = Certificates::for_server("127.0.0.1");
    let sink = sink("starttls", Some(&certificates), true);
    let config = signing_in("s3cret word", trusting(&certificates, config(&sink, Tls::Starttls)));
    let smtp = smtp(config);
    smtp.check().await.unwrap();
    for number in 0..2 {
        smtp.send(&mail(number)).await.unwrap();
        let taken = sink.next();
        assert_eq!((&taken["encrypted"], &taken["authenticated"]), (&json!(true), &json!(true)));
    }
}

#[tokio::test]
async fn mail_goes_through_encrypted_from_the_first_byte() {
    let certificates = Certificates::for_server("localhost");
    let sink = sink("tls", Some(&certificates), true);
    let config = SmtpConfig { host: "localhost".into(), ..config(&sink, Tls::Tls) };
    let smtp = smtp(signing_in("s3cret word", trusting(&certificates, config)));
    smtp.send(&mail(1)).await.unwrap();
    let taken = sink.next();
    assert_eq!((&taken["encrypted"], &taken["authenticated"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn a_server_that_cannot_prove_itself_gets_nothing() {
    let certificates = Certificates::for_server("127.0.0.1");
    let others = Certificates::for_server("127.0.0.1");
    let elsewhere = Certificates::for_server("mail.example.com");
    for (name, tls) in [("starttls", Tls::Starttls), ("tls", Tls::Tls)] {
        let honest = sink(name, Some(&certificates), true);
        let config_of = |sink: &PythonPeer| signing_in("s3cret word", config(sink, tls));
        unavailable(config_of(&honest)).await;
        unavailable(trusting(&others, config_of(&honest))).await;
        assert_eq!(honest.finish(), Vec::<Value>::new());

        let misnamed = sink(name, Some(&elsewhere), true);
        unavailable(trusting(&elsewhere, config_of(&misnamed))).await;
        assert_eq!(misnamed.finish(), Vec::<Value>::new());
    }
}

#[tokio::test]
async fn a_wrong_or_missing_sign_in_is_no_fault_of_the_recipient() {
    let certificates = Certificates::for_server("127.0.0.1");
    let sink = sink("starttls", Some(&certificates), true);
    let config = trusting(&certificates, config(&sink, Tls::Starttls));
    let reason = unavailable(signing_in("wrong", config.clone())).await;
    assert!(reason.contains("535"), "{reason}");
    let smtp = smtp(config);
    let unsigned = smtp.send(&mail(1)).await;
    assert!(matches!(unsigned, Err(SendError::Unavailable { .. })), "{unsigned:?}");
    assert_eq!(sink.finish(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_mail_is_read_as_it_was_written() {
    let sink = sink("none", None, false);
    let mut sent = mail(7);
    sent.from.name = "Harbor Sails, \"the\" crew".into();
    sent.to.name = "Zoë 船長 ⛵".into();
    sent.subject = format!("America ⛵ {} =?utf-8?q?not_encoded?=", "long ".repeat(30).trim());
    sent.text =
        format!("⛵ Zoë\n.\n..\nFrom here\r\nand\rthere\n{}\nspaces   \n\ttab\n=3D =\n.", "x".repeat(5000));
    sent.html = format!("<p title=\"{}\">\n.\n⛵</p>", "y".repeat(3000));
    let root = MessageId::for_key("root", &sent.from.email);
    sent.thread_root = Some(root.clone());
    smtp(config(&sink, Tls::None)).send(&sent).await.unwrap();

    let taken = sink.next();
    assert_eq!(taken["defects"], json!([]));
    assert_eq!(taken["type"], "multipart/alternative");
    let headers: Vec<(String, String)> = serde_json::from_value(taken["headers"].clone()).unwrap();
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "In-Reply-To",
            "References",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "MIME-Version",
            "Content-Type"
        ]
    );
    let header = |name: &str| &headers.iter().find(|(own, _)| own == name).unwrap().1;
    assert_eq!(taken["display_names"], json!([sent.from.name, sent.to.name]));
    assert_eq!(header("Subject"), &sent.subject);
    assert_eq!(header("Date"), "Sat, 20 Jun 2026 17:00:00 +0000");
    assert_eq!(header("Message-ID"), &sent.message_id.to_string());
    assert_eq!(header("In-Reply-To"), &root.to_string());
    assert_eq!(header("References"), &root.to_string());
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    // Line ends travel as CRLF.
    let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    assert_eq!(
        taken["parts"],
        json!([
            { "type": "text/plain", "text": lines(&sent.text) },
            { "type": "text/html", "text": lines(&sent.html) },
        ])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_mails_at_once_all_arrive_once() {
    let sink = sink("none", None, false);
    let smtp = Arc::new(smtp(config(&sink, Tls::None)));
    let sends: Vec<_> = (0..200)
        .map(|number| {
            let smtp = smtp.clone();
            tokio::spawn(async move { smtp.send(&mail(number)).await })
        })
        .collect();
    for send in sends {
        send.await.unwrap().unwrap();
    }
    let mut arrived = BTreeMap::new();
    for taken in sink.finish() {
        let to = taken["rcpt_tos"][0].as_str().unwrap().to_owned();
        *arrived.entry(to).or_insert(0) += 1;
    }
    let expected: BTreeMap<_, _> = (0..200).map(|number| (format!("dana{number}@example.org"), 1)).collect();
    assert_eq!(arrived, expected);
}

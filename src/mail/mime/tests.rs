use mail_parser::{HeaderValue, MessageParser, MimeHeaders};
use proptest::prelude::*;

use super::*;
use crate::mail::{Address, Attachment, MessageId, Purpose};

/// A mail with something of everything.
pub(crate) fn sample() -> Mail {
    let from = Address { name: "Harbor Sails".into(), email: "crew@example.com".parse().unwrap() };
    Mail {
        key: "offer-7".into(),
        to: Address { name: "Zoë \"Z\" Reyes".into(), email: "zoe@example.org".parse().unwrap() },
        subject: "America on Sat 27 Jun, 16:00: can you take her out? ⛵".into(),
        text: "Hello Zoë,\n\nanswer here: https://crew.example.com/?a=1&b=2\n.\n. dots\nFrom now on\r\n"
            .into(),
        html: "<p>Hello Zoë,</p>\n<p><a href=\"https://crew.example.com/?a=1&amp;b=2\">answer</a></p>\n"
            .into(),
        message_id: MessageId::for_key("offer-7", &from.email),
        thread_root: Some(MessageId::for_key("root", &from.email)),
        date: "2026-06-20T17:00:00Z".parse().unwrap(),
        purpose: Purpose::Charter,
        attachments: Vec::new(),
        thread_id: None,
        from,
    }
}

#[test]
fn a_mail_reads_as_it_should() {
    let built = String::from_utf8(build(&sample()).unwrap()).unwrap();
    assert_eq!(built, include_str!("testdata/sample.eml").replace('\n', "\r\n"));
}

#[test]
fn attachments_arrive_as_they_were_whatever_is_in_them() {
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let attached = |name: &str, media_type, bytes: &[u8]| Attachment {
        name: name.into(),
        media_type,
        bytes: bytes.to_vec(),
    };
    let mail = Mail {
        attachments: vec![
            attached("Statement June – Zoë\r\nX-Evil: 1.xlsx", "application/vnd.ms-excel", &bytes),
            attached("lines.csv", "text/csv", b"a,b\n.\n=_boundary\r\rc"),
        ],
        ..sample()
    };
    let built = build(&mail).unwrap();
    assert!(built.is_ascii() && !String::from_utf8_lossy(&built).replace("\r\n", "").contains(['\r', '\n']));
    let message = MessageParser::new().parse(&built).unwrap();
    let found: Vec<_> =
        message.attachments().map(|part| (part.attachment_name().unwrap(), part.contents())).collect();
    let (first, second) = (&mail.attachments[0].bytes, &mail.attachments[1].bytes);
    assert_eq!(found, [("Statement June – Zoë X-Evil: 1.xlsx", &first[..]), ("lines.csv", &second[..])]);
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), sample().text.replace("\r\n", "\n"));
    assert!(message.body_html(0).unwrap().contains("Hello Zoë"));
}

#[test]
fn what_is_too_large_or_undatable_is_refused() {
    let large = Mail { html: "x".repeat(BODY_BYTES + 1), ..sample() };
    assert_eq!(build(&large), Err(BuildError::TooLarge { bytes: BODY_BYTES + 1 }));
    let bytes = vec![0; ATTACHED_BYTES + 1];
    let attachments = vec![Attachment { name: "a".into(), media_type: "text/csv", bytes }];
    let heavy = Mail { attachments, ..sample() };
    assert_eq!(build(&heavy), Err(BuildError::TooMuchAttached { bytes: ATTACHED_BYTES + 1 }));
    let early = Mail { date: jiff::Timestamp::MIN, ..sample() };
    assert_eq!(build(&early), Err(BuildError::Date { date: jiff::Timestamp::MIN }));
}

/// Strings with a taste for trouble: line ends, dots, commands, headers, encoded words, anything.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\n.\r\nMAIL FROM:<x@example.com>\r\n".to_owned()),
        Just("\r\nBcc: x@example.com\r\n\r\n".to_owned()),
        Just("\n.\n".to_owned()),
        Just("\r.\r".to_owned()),
        Just("\r".to_owned()),
        Just(" \t \n".to_owned()),
        Just("=?utf-8?q?=0D=0ABcc:_x?=".to_owned()),
        Just("--=_boundary--".to_owned()),
        Just("\\\"<x@example.com>,;:()".to_owned()),
        Just("⛵ Zoë 船".to_owned()),
        Just("x".repeat(1200)),
        "\\PC{0,40}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_gets_out_of_its_place(
        key in hostile(), from in hostile(), to in hostile(), subject in hostile(), text in hostile(), html in hostile(),
    ) {
        let mut mail = sample();
        mail.message_id = MessageId::for_key(&key, &mail.from.email);
        mail.key = key;
        mail.from.name = from;
        mail.to.name = to;
        mail.subject = subject;
        mail.text = text;
        mail.html = html;
        let built = build(&mail).unwrap();

        prop_assert!(built.is_ascii());
        let raw = String::from_utf8(built.clone()).unwrap();
        prop_assert!(!raw.replace("\r\n", "").contains(['\r', '\n']), "a bare line end");
        prop_assert!(raw.split("\r\n").all(|line| line.len() <= 250), "a long line");
        prop_assert_eq!(build(&mail).unwrap(), built.clone());

        let parsed = MessageParser::default().parse(&built).unwrap();
        let names: Vec<_> = parsed.headers().iter().map(|header| header.name().to_string()).collect();
        prop_assert_eq!(names, [
            "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
            "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
        ]);
        for (ours, theirs) in [(&mail.from, parsed.from()), (&mail.to, parsed.to())] {
            let theirs = theirs.unwrap().as_list().unwrap();
            prop_assert_eq!(theirs.len(), 1);
            prop_assert_eq!(theirs[0].address().unwrap(), ours.email.as_str());
            prop_assert_eq!(theirs[0].name().unwrap_or_default(), header::readable(&ours.name));
        }
        prop_assert_eq!(parsed.subject().unwrap_or_default(), header::readable(&mail.subject));
        prop_assert_eq!(parsed.message_id().unwrap(), mail.message_id.as_str());
        prop_assert_eq!(parsed.references(), &HeaderValue::Text(mail.thread_root.as_ref().unwrap().as_str().into()));
        prop_assert_eq!((parsed.text_body_count(), parsed.html_body_count(), parsed.attachment_count()), (1, 1, 0));
        prop_assert_eq!(parsed.parts.len(), 3);
        prop_assert_eq!(parsed.parts[1].text_contents().unwrap(), with_crlf(&mail.text));
        prop_assert_eq!(parsed.parts[2].text_contents().unwrap(), with_crlf(&mail.html));
    }
}

//! No text of a mail may become a command, not even at a server that takes bare line feeds.

use crewcall::mail::Transport;

use super::peer::Peer;
use super::{mail, smtp};

const HOSTILE: [&str; 7] = [
    "\r\n.\r\nMAIL FROM:<x@example.com>\r\nRCPT TO:<y@example.com>\r\nDATA\r\n",
    "\n.\nMAIL FROM:<x@example.com>\nRCPT TO:<y@example.com>\nDATA\n",
    "\r.\rMAIL FROM:<x@example.com>\r",
    "\r\n.\nMAIL FROM:<x@example.com>\n",
    "\n.\r\nMAIL FROM:<x@example.com>\r\n",
    ".\r\n..\r\n...\r\n.x\r\n.",
    "\r\nBcc: x@example.com\r\n\r\n",
];

#[tokio::test]
async fn hostile_text_stays_text() {
    for text in HOSTILE {
        let peer = Peer::good().await;
        let mut hostile = mail(1);
        for field in [
            &mut hostile.key,
            &mut hostile.from.name,
            &mut hostile.to.name,
            &mut hostile.subject,
            &mut hostile.text,
            &mut hostile.html,
        ] {
            field.push_str(text);
        }
        smtp(&peer).send(&hostile).await.unwrap();

        for verb in ["MAIL", "RCPT", "DATA"] {
            assert_eq!(peer.count(verb), 1, "{text:?}: {verb}");
        }
        let bytes = peer.heard(|heard| String::from_utf8(heard.bytes.clone()).unwrap());
        assert!(!bytes.replace("\r\n", "").contains(['\r', '\n']), "{text:?} left a bare line end");
        let header =
            peer.heard(|heard| heard.bodies[0].split("\r\n\r\n").next().unwrap_or_default().to_owned());
        assert!(!header.contains("\r\nBcc:"), "{text:?} became a header");
    }
}

#[tokio::test]
async fn lines_of_dots_arrive_as_they_are() {
    let peer = Peer::good().await;
    let mut dots = mail(1);
    dots.text = ".\n..\n...\n.x\n.".into();
    smtp(&peer).send(&dots).await.unwrap();
    let body = peer.heard(|heard| heard.bodies[0].clone());
    assert!(body.contains("\r\n\r\n.\r\n..\r\n...\r\n.x\r\n.\r\n--="), "{body}");
    assert_eq!(body.as_bytes(), crewcall::mail::mime::build(&dots).unwrap());
}

//! Greeting, encryption and sign-in.

use std::time::{Duration, Instant};

use crewcall::mail::smtp::{Smtp, SmtpConfig, Tls};
use crewcall::mail::{SendError, Transport};
use crewcall::secret::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::peer::Act::Say;
use super::peer::Peer;
use super::{TIMEOUTS, config, mail};

fn with_sign_in(config: SmtpConfig) -> SmtpConfig {
    SmtpConfig { username: Some("crew".into()), password: Some(Secret::new("s3cret")), ..config }
}

fn is_unavailable<T: std::fmt::Debug>(outcome: Result<T, SendError>) -> String {
    match outcome {
        Err(SendError::Unavailable { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_check_signs_in_and_says_goodbye() {
    let peer = Peer::good().await;
    let smtp = Smtp::with_timeouts(with_sign_in(config(&peer)), TIMEOUTS).unwrap();
    smtp.check().await.unwrap();
    assert_eq!((peer.count("AUTH PLAIN"), peer.count("QUIT"), peer.count("MAIL")), (1, 1, 0));
}

#[tokio::test]
async fn a_failed_sign_in_is_unavailable_and_does_not_tell_the_password() {
    for answer in ["535 5.7.8 wrong", "454 later", "354 what", "334 Zm9v"] {
        let peer = Peer::that("AUTH", Say(answer)).await;
        let smtp = Smtp::with_timeouts(with_sign_in(config(&peer)), TIMEOUTS).unwrap();
        let reason = is_unavailable(smtp.send(&mail(1)).await);
        assert!(!reason.contains("s3cret") && !reason.contains("czNjcmV0"), "{reason}");
        assert_eq!(peer.count("MAIL"), 0, "{answer}");
    }
}

#[tokio::test]
async fn a_server_without_sign_in_is_not_used_without() {
    let peer = Peer::that("EHLO", Say("250 peer")).await;
    let smtp = Smtp::with_timeouts(with_sign_in(config(&peer)), TIMEOUTS).unwrap();
    is_unavailable(smtp.send(&mail(1)).await);
    assert_eq!(peer.count("MAIL"), 0);
}

#[tokio::test]
async fn a_server_without_starttls_is_not_used_in_the_open() {
    let peer = Peer::that("EHLO", Say("250-peer\r\n250 AUTH PLAIN")).await;
    let starttls = SmtpConfig { tls: Tls::Starttls, ..with_sign_in(config(&peer)) };
    let smtp = Smtp::with_timeouts(starttls, TIMEOUTS).unwrap();
    let reason = is_unavailable(smtp.send(&mail(1)).await);
    assert!(reason.contains("does not offer STARTTLS"), "{reason}");
    assert_eq!((peer.count("AUTH"), peer.count("MAIL")), (0, 0));
}

#[tokio::test]
async fn a_server_that_goes_on_in_the_open_hears_nothing_of_ours() {
    for tls in [Tls::Starttls, Tls::Tls] {
        let peer = Peer::that("STARTTLS", Say("220 go\r\n250-peer\r\n250 AUTH PLAIN\r\n235 welcome")).await;
        let smtp = Smtp::with_timeouts(SmtpConfig { tls, ..with_sign_in(config(&peer)) }, TIMEOUTS).unwrap();
        is_unavailable(smtp.send(&mail(1)).await);
        let said = peer.heard(|heard| String::from_utf8_lossy(&heard.bytes).into_owned());
        assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
    }
}

/// Somebody on the way adds words behind the open answer to STARTTLS. They must reach the TLS
/// handshake, which fails on them at once, and must not wait to be read as if they were encrypted.
#[tokio::test]
async fn words_slipped_in_before_encryption_are_not_believed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = [0; 1024];
        for answer in
            ["220 peer\r\n", "250-peer\r\n250 STARTTLS\r\n", "220 go\r\n250-evil\r\n250 AUTH LOGIN\r\n"]
        {
            stream.write_all(answer.as_bytes()).await.unwrap();
            let _ = stream.read(&mut heard).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    let config = SmtpConfig {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::Starttls,
        username: None,
        password: None,
        ca_file: None,
        hello_name: None,
    };
    let smtp = Smtp::with_timeouts(config, super::Timeouts { command: Duration::from_secs(60), ..TIMEOUTS })
        .unwrap();
    let begun = Instant::now();
    let reason = is_unavailable(smtp.check().await);
    assert!(begun.elapsed() < Duration::from_secs(20), "it waited for a handshake: {reason}");
}

//! What becomes of a mail, by the step at which it fails.

use crewcall::mail::{SendError, Transport};

use super::peer::Act::{HangUp, Say, SayAndHangUp, StaySilent};
use super::peer::{Act, Peer, Script};
use super::{config, mail, smtp};

/// How a send ended, as one word.
fn kind(outcome: &Result<crewcall::mail::Receipt, SendError>) -> &'static str {
    match outcome {
        Ok(_) => "taken",
        Err(SendError::Refused { .. }) => "refused",
        Err(SendError::Deferred { .. }) => "deferred",
        Err(SendError::Unavailable { .. }) => "unavailable",
        Err(SendError::Ambiguous { .. }) => "ambiguous",
    }
}

async fn check(what: &'static str, act: Act, expected: &str) {
    let peer = Peer::that(what, act).await;
    let outcome = smtp(&peer).send(&mail(1)).await;
    assert_eq!(kind(&outcome), expected, "at {what}: {act:?} gave {outcome:?}");
    if let (Err(error), Say(answer)) = (&outcome, act) {
        assert!(error.to_string().contains(&answer[..3]), "{error} does not tell {answer}");
    }
}

#[tokio::test]
async fn a_taken_mail_has_the_answer_on_its_receipt() {
    let peer = Peer::good().await;
    let receipt = smtp(&peer).send(&mail(1)).await.unwrap();
    assert_eq!(receipt.at_peer, "250 queued [2J as 7");
    assert_eq!(peer.count("MAIL FROM:<crew@example.com>"), 1);
    assert_eq!(peer.count("RCPT TO:<dana1@example.org>"), 1);
    assert_eq!(peer.count("EHLO crew.example.com"), 1);
}

#[tokio::test]
async fn before_the_mail_is_announced_nobody_is_to_blame() {
    for what in ["connect", "EHLO", "MAIL"] {
        check(what, Say("550 go away"), "unavailable").await;
        check(what, SayAndHangUp("554 go away"), "unavailable").await;
        check(what, HangUp, "unavailable").await;
        check(what, StaySilent, "unavailable").await;
        check(what, Say("what?"), "unavailable").await;
    }
    check("connect", Say("421 busy"), "unavailable").await;
    check("EHLO", Say("451 busy"), "unavailable").await;
    check("MAIL", Say("450 4.7.1 rate limit exceeded"), "unavailable").await;
    check("MAIL", SayAndHangUp("421 too much"), "unavailable").await;
}

#[tokio::test]
async fn a_clear_no_to_the_recipient_or_the_mail_is_final() {
    check("RCPT", Say("550 5.1.1 no such user"), "refused").await;
    check("RCPT", Say("550-5.1.1 no\r\n550 such user"), "refused").await;
    check("RCPT", SayAndHangUp("553 no such user"), "refused").await;
    let postfix =
        "550 5.1.1 <dana@example.com>: Recipient address rejected: User unknown in relay recipient table";
    check("RCPT", Say(postfix), "refused").await;
    check("RCPT", Say("550 no such user at relayboats.example"), "refused").await;
    check("DATA", Say("554 no valid recipients"), "refused").await;
    check(".", Say("554 spam"), "refused").await;
    check(".", SayAndHangUp("552 too big"), "refused").await;
}

#[tokio::test]
async fn a_no_to_us_is_not_taken_for_a_no_to_the_recipient() {
    check("RCPT", Say("530 5.7.0 authentication required"), "unavailable").await;
    check("RCPT", Say("554 5.7.1 <dana1@example.org>: Relay access denied"), "unavailable").await;
    check("RCPT", Say("550 5.7.54 Unable to relay recipient"), "unavailable").await;
    check("RCPT", Say("550 relay not permitted"), "unavailable").await;
    check("RCPT", Say("550 5.7.1 <dana1@example.org>... Relaying denied"), "unavailable").await;
    check("DATA", Say("503 bad sequence"), "unavailable").await;
}

#[tokio::test]
async fn not_now_is_not_never() {
    for what in ["RCPT", "DATA", "."] {
        check(what, Say("451 try again later"), "deferred").await;
        check(what, SayAndHangUp("421 shutting down"), "deferred").await;
    }
}

#[tokio::test]
async fn silence_before_the_body_is_safe_to_repeat() {
    for what in ["RCPT", "DATA"] {
        check(what, HangUp, "unavailable").await;
        check(what, StaySilent, "unavailable").await;
        check(what, Say("999 what?"), "unavailable").await;
    }
    check("DATA", Say("250 not what DATA asks for"), "unavailable").await;
    check("RCPT", Say("354 not what RCPT asks for"), "unavailable").await;
}

#[tokio::test]
async fn silence_after_the_body_is_ambiguous() {
    check(".", HangUp, "ambiguous").await;
    check(".", StaySilent, "ambiguous").await;
    check(".", Say("354 still waiting"), "ambiguous").await;
    check(".", Say("sorry?"), "ambiguous").await;
    check(".", SayAndHangUp("250-and the rest is lost"), "ambiguous").await;
}

#[tokio::test]
async fn an_ambiguous_mail_is_not_sent_again_by_itself() {
    let peer = Peer::start(Script { on: vec![(".", HangUp)], ..Script::default() }).await;
    assert_eq!(kind(&smtp(&peer).send(&mail(1)).await), "ambiguous");
    assert_eq!(peer.heard(|heard| (heard.connections, heard.bodies.len())), (1, 1));
}

#[tokio::test]
async fn a_mail_that_cannot_be_built_never_connects() {
    let peer = Peer::good().await;
    let mut large = mail(1);
    large.text = "x".repeat(crewcall::mail::mime::BODY_BYTES + 1);
    assert_eq!(kind(&smtp(&peer).send(&large).await), "refused");
    assert_eq!(peer.heard(|heard| heard.connections), 0);
}

#[tokio::test]
async fn nobody_listening_is_unavailable() {
    let peer = Peer::good().await;
    let mut config = config(&peer);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    config.port = free.local_addr().unwrap().port();
    drop(free);
    let smtp = crewcall::mail::smtp::Smtp::new(config).unwrap();
    let outcome = smtp.send(&mail(1)).await;
    assert_eq!(kind(&outcome), "unavailable");
    assert!(outcome.unwrap_err().to_string().contains("127.0.0.1"));
    assert!(matches!(smtp.check().await, Err(SendError::Unavailable { .. })));
}

//! Connections that serve more than one mail.

use std::sync::Arc;
use std::time::Duration;

use crewcall::mail::Transport;
use crewcall::mail::smtp::{CONNECTIONS, Smtp, Timeouts};

use super::peer::Act::{HangUp, Say, SayAndHangUp};
use super::peer::{Act, Peer, Script};
use super::{TIMEOUTS, config, mail, smtp};

#[tokio::test]
async fn mails_in_a_row_share_a_connection() {
    let peer = Peer::good().await;
    let smtp = smtp(&peer);
    for number in 0..3 {
        smtp.send(&mail(number)).await.unwrap();
    }
    assert_eq!(peer.heard(|heard| (heard.connections, heard.bodies.len())), (1, 3));
}

async fn second_mail_after(act: Act) {
    let peer = Peer::start(Script { after_first_mail: Some(act), ..Script::default() }).await;
    let smtp = smtp(&peer);
    smtp.send(&mail(1)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    smtp.send(&mail(2)).await.unwrap();
    assert_eq!(peer.heard(|heard| (heard.connections, heard.bodies.len())), (2, 2), "{act:?}");
}

#[tokio::test]
async fn a_connection_that_died_while_waiting_is_replaced_in_silence() {
    second_mail_after(HangUp).await;
    second_mail_after(SayAndHangUp("421 you waited too long")).await;
    second_mail_after(Say("421 you waited too long")).await;
}

#[tokio::test]
async fn a_connection_over_which_a_mail_failed_is_not_used_again() {
    let peer = Peer::that("RCPT", Say("550 no such user")).await;
    let smtp = smtp(&peer);
    for number in 0..2 {
        smtp.send(&mail(number)).await.unwrap_err();
    }
    assert_eq!((peer.heard(|heard| heard.connections), peer.count("QUIT")), (2, 2));
}

#[tokio::test]
async fn a_waiting_connection_is_closed_with_a_goodbye_in_time() {
    let peer = Peer::good().await;
    let timeouts = Timeouts { idle: Duration::from_millis(100), ..TIMEOUTS };
    let smtp = Smtp::with_timeouts(config(&peer), timeouts).unwrap();
    for round in 1..=2 {
        smtp.send(&mail(round)).await.unwrap();
        for _ in 0..100 {
            if peer.count("QUIT") == round as usize {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(peer.count("QUIT"), round as usize);
    }
    assert_eq!(peer.heard(|heard| heard.connections), 2);
}

#[tokio::test]
async fn many_mails_at_once_share_a_few_connections() {
    let peer = Peer::good().await;
    let timeouts = Timeouts { command: Duration::from_secs(20), body: Duration::from_secs(20), ..TIMEOUTS };
    let smtp = Arc::new(Smtp::with_timeouts(config(&peer), timeouts).unwrap());
    let sends: Vec<_> = (0..40)
        .map(|number| {
            let smtp = smtp.clone();
            tokio::spawn(async move { smtp.send(&mail(number)).await })
        })
        .collect();
    for send in sends {
        send.await.unwrap().unwrap();
    }
    assert_eq!(peer.heard(|heard| heard.bodies.len()), 40);
    assert!(peer.heard(|heard| heard.connections) <= CONNECTIONS);
}

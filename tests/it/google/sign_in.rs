//! Access tokens: one refresh at a time, ahead of time, and what a sign-in survives.

use std::time::Duration;

use crewcall::google::{Ended, Scope, SignInError};
use crewcall_google_peer::{Call, Fault, RetryAfter};
use jiff::SignedDuration;
use serde_json::Value;

use super::harbor::{ACCOUNT, Harbor};

fn ended(error: SignInError) -> Ended {
    match error {
        SignInError::Ended(ended) => ended,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn fifty_tasks_that_need_a_token_at_once_make_one_refresh() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail]);
    let asking: Vec<_> = (0..50)
        .map(|_| {
            let google = google.clone();
            tokio::spawn(async move { google.sign_in().token().await.unwrap().reveal().to_owned() })
        })
        .collect();
    let mut tokens = Vec::new();
    for asking in asking {
        tokens.push(asking.await.unwrap());
    }
    tokens.dedup();
    assert_eq!((tokens.len(), harbor.peer.count(Call::Token)), (1, 1));
}

#[tokio::test]
async fn fifty_tasks_at_a_busy_endpoint_do_not_storm_it() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail]);
    let busy = Fault::TooMany { retry_after: Some(RetryAfter::Seconds(300)) };
    harbor.peer.inject(Call::Token, busy, 1_000);
    let asking: Vec<_> = (0..50)
        .map(|_| {
            let google = google.clone();
            tokio::spawn(async move { google.sign_in().token().await.unwrap_err() })
        })
        .collect();
    for asking in asking {
        assert!(matches!(asking.await.unwrap(), SignInError::Unavailable { .. }));
    }
    assert_eq!(harbor.peer.count(Call::Token), 1);
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail]);
    let first = google.sign_in().token().await.unwrap();
    harbor.clock.step(50 * 60);
    assert_eq!(google.sign_in().token().await.unwrap(), first);
    harbor.clock.step(6 * 60);
    assert_ne!(google.sign_in().token().await.unwrap(), first);
    assert_eq!(harbor.peer.count(Call::Token), 2);
    let standing = google.sign_in().standing();
    assert_eq!((standing.account.as_deref(), standing.ended), (Some(ACCOUNT), None));
    let next = standing.next_refresh_at.unwrap().duration_since(standing.refreshed_at.unwrap());
    assert_eq!(next.as_mins(), 54);
}

#[tokio::test]
async fn a_short_lived_token_is_not_refreshed_at_every_call() {
    let harbor = Harbor::new().await;
    harbor.peer.set_expires_in(60);
    let google = harbor.google(&[Scope::SendMail]);
    for _ in 0..10 {
        google.sign_in().token().await.unwrap();
    }
    assert_eq!(harbor.peer.count(Call::Token), 1);
}

#[tokio::test]
async fn while_the_endpoint_fails_the_old_token_is_used_for_as_long_as_it_holds() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail]);
    let first = google.sign_in().token().await.unwrap();
    let busy = Fault::TooMany { retry_after: Some(RetryAfter::Seconds(300)) };
    harbor.peer.inject(Call::Token, busy, 1_000);
    harbor.clock.step(57 * 60);
    for _ in 0..20 {
        assert_eq!(google.sign_in().token().await.unwrap(), first);
    }
    assert_eq!(harbor.peer.count(Call::Token), 2, "it is left alone after a failure");
    assert!(google.sign_in().standing().last_error.is_some());
    harbor.clock.step(4 * 60);
    assert!(matches!(google.sign_in().token().await, Err(SignInError::Unavailable { .. })));
}

#[tokio::test]
async fn how_long_the_endpoint_wants_to_be_left_alone_is_how_long_it_is() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail]);
    harbor.peer.inject(Call::Token, Fault::TooMany { retry_after: Some(RetryAfter::Seconds(40)) }, 1);
    match google.sign_in().token().await.unwrap_err() {
        SignInError::Unavailable { wait, .. } => assert_eq!(wait, Duration::from_secs(40)),
        other => panic!("{other}"),
    }
    assert!(google.sign_in().token().await.is_err());
    assert_eq!(harbor.peer.count(Call::Token), 1);
}

#[tokio::test]
async fn an_answer_without_a_refresh_token_keeps_the_old_one() {
    let harbor = Harbor::new().await;
    let before = std::fs::read(harbor.file()).unwrap();
    let google = harbor.google(&[Scope::SendMail]);
    google.sign_in().token().await.unwrap();
    harbor.clock.step(3_600);
    google.sign_in().token().await.unwrap();
    assert_eq!(harbor.peer.count(Call::Token), 2);
    assert_eq!(std::fs::read(harbor.file()).unwrap(), before);
}

#[tokio::test]
async fn another_refresh_token_is_kept_and_found_by_other_processes() {
    let harbor = Harbor::new().await;
    let (one, other) = (harbor.google(&[Scope::SendMail]), harbor.google(&[Scope::SendMail]));
    let first = harbor.refresh_token();
    other.sign_in().token().await.unwrap();
    harbor.peer.rotate(true);
    one.sign_in().token().await.unwrap();
    let kept: Value = serde_json::from_slice(&std::fs::read(harbor.file()).unwrap()).unwrap();
    assert_ne!(kept["refresh_token"].as_str(), Some(first.as_str()));
    assert_eq!(kept["client_id"].as_str(), Some(harbor.client.id.as_str()), "the rest of it stays");
    // The old one dies soon after.
    harbor.peer.set_clock_offset(SignedDuration::from_mins(2));
    harbor.clock.step(3_600);
    other.sign_in().token().await.unwrap();
    one.sign_in().token().await.unwrap();
}

/// Google gives another refresh token to a sign-in over which somebody signs in at that moment: the new one stays.
#[tokio::test]
async fn who_signs_in_under_a_refresh_is_not_written_over() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail]);
    let before = harbor.refresh_token();
    harbor.peer.rotate(true);
    harbor.peer.inject(Call::Token, Fault::SlowDrip { pause: Duration::from_millis(2) }, 1);
    let refreshing = tokio::spawn({
        let google = google.clone();
        async move { google.sign_in().token().await }
    });
    while harbor.peer.count(Call::Token) == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    harbor.sign_in_again(&[Scope::SendMail.as_str()]);
    let new = harbor.refresh_token();
    refreshing.await.unwrap().unwrap();
    assert_ne!(new, before);
    assert_eq!(harbor.refresh_token(), new);
    // That is also the one to go on with.
    harbor.peer.rotate(false);
    harbor.peer.revoke(&before);
    google.sign_in().token().await.unwrap();
    assert_eq!(harbor.refresh_token(), new);
}

#[tokio::test]
async fn an_ended_sign_in_is_left_alone_until_somebody_signs_in_again() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail]);
    google.sign_in().token().await.unwrap();
    harbor.peer.revoke(&harbor.refresh_token());
    harbor.clock.step(3_600);
    for _ in 0..20 {
        let ended = ended(google.sign_in().token().await.unwrap_err());
        assert!(matches!(&ended, Ended::Grant { said, .. } if said.contains("invalid_grant")), "{ended}");
        assert!(ended.causes().iter().any(|cause| cause.contains("seven days")));
    }
    assert_eq!(harbor.peer.count(Call::Token), 2);
    harbor.sign_in_again(&[Scope::SendMail.as_str()]);
    google.sign_in().token().await.unwrap();
    assert_eq!(google.sign_in().standing().ended, None);
}

#[tokio::test]
async fn what_was_not_consented_to_is_named() {
    let harbor = Harbor::new().await;
    let google = harbor.google(&[Scope::SendMail, Scope::Spreadsheets]);
    google.sign_in().token_for(Scope::SendMail).await.unwrap();
    let missing = ended(google.sign_in().token_for(Scope::Spreadsheets).await.unwrap_err());
    assert_eq!(missing, Ended::Scopes { missing: vec![Scope::Spreadsheets.as_str().to_owned()] });
    harbor.sign_in_again(&[Scope::SendMail.as_str(), Scope::Spreadsheets.as_str()]);
    google.sign_in().token_for(Scope::Spreadsheets).await.unwrap();
}

#[tokio::test]
async fn without_a_sign_in_nobody_is_asked_and_the_first_one_is_noticed() {
    let harbor = Harbor::new().await;
    std::fs::remove_file(harbor.file()).unwrap();
    let google = harbor.google(&[Scope::SendMail]);
    assert_eq!(ended(google.sign_in().token().await.unwrap_err()), Ended::Never);
    std::fs::write(harbor.file(), "{").unwrap();
    let ended = ended(google.sign_in().token().await.unwrap_err());
    assert!(matches!(&ended, Ended::Unusable { why } if why.contains("is not JSON")), "{ended}");
    assert_eq!(harbor.peer.count(Call::Token), 0);
    harbor.sign_in_again(&[Scope::SendMail.as_str()]);
    google.sign_in().token().await.unwrap();
}

#[tokio::test]
async fn a_service_account_signs_its_own_word() {
    let harbor = Harbor::new().await;
    std::fs::write(harbor.file(), harbor.peer.service_account("robot@harbor.example.com")).unwrap();
    let google = harbor.google(&[Scope::Spreadsheets]);
    google.sign_in().token().await.unwrap();
    assert_eq!(google.sign_in().standing().account.as_deref(), Some("robot@harbor.example.com"));
    // A clock that is an hour and a half ahead signs for a time that is not there yet.
    harbor.clock.step(90 * 60);
    let ended = ended(google.sign_in().token().await.unwrap_err());
    assert!(matches!(ended, Ended::ServiceAccount { .. }), "{ended}");
    assert!(ended.causes().iter().any(|cause| cause.contains("clock")));
}

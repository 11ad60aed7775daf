//! Each fault of Google at each call: what it means for a mail, and that the way is open again afterwards.

use std::future::Future;
use std::time::Duration;

use crewcall::google::{Scope, Sheets, SignInError};
use crewcall::mail::{SendError, Transport};
use crewcall_google_peer::{Call, Fault, RetryAfter};

use tokio::task::JoinSet;

use super::harbor::{ACCOUNT, Harbor, NOT_LONG, mail};

/// What comes of one mail while a call has a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// It leaves all the same.
    Leaves,
    /// It has not left, and is tried again.
    NotYet,
    /// Nobody knows. `left` is what the peer knows.
    Unknown { left: bool },
    /// Nothing leaves until somebody signs in.
    Ends,
    /// It never will.
    Refused,
    /// The office is told, and it is tried again.
    Shut,
}

fn faults() -> Vec<(Fault, Expected, Expected)> {
    use Expected::{Ends, Leaves, NotYet, Refused, Shut, Unknown};
    let forbidden = |reason| Fault::Forbidden { reason };
    let server = |code, after_effect| Fault::ServerError { code, after_effect };
    // At the token endpoint nothing is ambiguous: a token more or less does not matter.
    vec![
        (Fault::Unauthorized, Ends, Leaves),
        (forbidden("rateLimitExceeded"), NotYet, NotYet),
        (forbidden("userRateLimitExceeded"), NotYet, NotYet),
        (forbidden("dailyLimitExceeded"), NotYet, NotYet),
        (forbidden("accessNotConfigured"), Ends, Shut),
        (forbidden("insufficientPermissions"), Ends, Ends),
        (Fault::TooMany { retry_after: Some(RetryAfter::Seconds(1)) }, NotYet, NotYet),
        (Fault::TooMany { retry_after: None }, NotYet, NotYet),
        (server(500, false), NotYet, Unknown { left: false }),
        (server(500, true), NotYet, Unknown { left: true }),
        (server(502, false), NotYet, Unknown { left: false }),
        (server(503, false), NotYet, NotYet),
        (server(504, true), NotYet, Unknown { left: true }),
        (Fault::Hang { after_effect: false }, NotYet, Unknown { left: false }),
        (Fault::Hang { after_effect: true }, NotYet, Unknown { left: true }),
        (Fault::SlowDrip { pause: Duration::from_millis(300) }, NotYet, Unknown { left: true }),
        (Fault::Reset { after_effect: false }, NotYet, Unknown { left: false }),
        (Fault::Reset { after_effect: true }, NotYet, Unknown { left: true }),
        (Fault::Garbage { after_effect: false }, NotYet, Unknown { left: false }),
        (Fault::Garbage { after_effect: true }, NotYet, Unknown { left: true }),
        (Fault::Truncated, NotYet, Unknown { left: true }),
        (Fault::Redirect { to: "http://127.0.0.1:1/".into() }, NotYet, NotYet),
        (Fault::Quoted, Ends, Refused),
        (Fault::DeadToken, Ends, Leaves),
        (Fault::Revoked, Ends, Ends),
    ]
}

/// What hangs is given up some time.
async fn harbor_for(fault: &Fault) -> Harbor {
    let hangs = matches!(fault, Fault::Hang { .. } | Fault::SlowDrip { .. });
    let mut harbor = Harbor::new().await;
    if hangs {
        harbor.patience = NOT_LONG;
    }
    harbor
}

/// Goes through all of them, a few at a time: a machine that is too busy would find other faults.
async fn each<F: Future<Output = ()> + Send + 'static>(checks: impl Iterator<Item = F>) {
    const AT_ONCE: usize = 4;
    let mut running = JoinSet::new();
    for check in checks {
        if running.len() == AT_ONCE {
            running.join_next().await.unwrap().unwrap();
        }
        running.spawn(check);
    }
    while let Some(checked) = running.join_next().await {
        checked.unwrap();
    }
}

async fn check(call: Call, fault: Fault, expected: Expected) {
    let case = format!("{call:?} {fault:?}");
    let harbor = harbor_for(&fault).await;
    let gmail = harbor.gmail();
    harbor.peer.inject(call, fault, 1);
    let sent = gmail.send(&mail(1)).await;
    let arrived = harbor.peer.sent(ACCOUNT).len();
    match (expected, sent) {
        (Expected::Leaves, Ok(_)) => assert_eq!(arrived, 1, "{case}"),
        (Expected::NotYet | Expected::Ends | Expected::Shut, Err(SendError::Unavailable { .. })) => {
            assert_eq!(arrived, 0, "{case}")
        }
        (Expected::Refused, Err(SendError::Refused { bad_address: false, .. })) => {
            assert_eq!(arrived, 0, "{case}")
        }
        (Expected::Unknown { left }, Err(SendError::Ambiguous { .. })) => {
            assert_eq!(arrived, usize::from(left), "{case}");
        }
        (expected, sent) => panic!("{case}: {expected:?}, and {sent:?}"),
    }
    let stopped = gmail.ready().await.stopped;
    let stops = matches!(expected, Expected::Ends | Expected::Shut);
    assert_eq!(stopped.is_some(), stops, "{case}: {stopped:?}");
    if expected == Expected::Ends {
        harbor.sign_in_again(&[Scope::SendMail.as_str()]);
    }
    // The pause after trouble is over within seconds; then the next mail leaves.
    gmail.turn(crewcall::mail::Purpose::Charter).await;
    gmail.send(&mail(2)).await.unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(harbor.peer.sent(ACCOUNT).len(), arrived + 1, "{case}");
    assert_eq!(gmail.ready().await.stopped, None, "{case}");
}

#[tokio::test]
async fn each_fault_of_the_token_endpoint() {
    each(faults().into_iter().map(|(fault, at_token, _)| check(Call::Token, fault, at_token))).await;
}

#[tokio::test]
async fn each_fault_of_gmail() {
    each(faults().into_iter().map(|(fault, _, at_send)| check(Call::Send, fault, at_send))).await;
}

/// Reading is repeated as often as it takes, so all that matters is that nothing ends by it which would hold.
#[tokio::test]
async fn each_fault_of_the_sheets_api() {
    let checks = faults().into_iter().map(|(fault, _, at_send)| async move {
        let case = format!("{fault:?}");
        let harbor = harbor_for(&fault).await;
        harbor.sign_in_again(&[Scope::Spreadsheets.as_str()]);
        let sheet = harbor.peer.spreadsheet(ACCOUNT, "Harbor Sails crew");
        let google = harbor.google(&[Scope::Spreadsheets]);
        harbor.peer.inject(Call::SheetsRead, fault, 1);
        let read = Sheets(&google).title(sheet.id()).await;
        assert_eq!(read.is_ok(), at_send == Expected::Leaves, "{case}: {read:?}");
        let ended =
            matches!(google.sign_in().token_for(Scope::Spreadsheets).await, Err(SignInError::Ended(_)));
        assert_eq!(ended, at_send == Expected::Ends, "{case}");
        if at_send == Expected::Ends {
            harbor.sign_in_again(&[Scope::Spreadsheets.as_str()]);
        }
        assert_eq!(Sheets(&google).title(sheet.id()).await.unwrap(), "Harbor Sails crew", "{case}");
    });
    each(checks).await;
}

/// A sign-in comes of it or none does, and the next one does.
#[tokio::test]
async fn each_fault_of_the_exchange_of_a_code() {
    // There is no token yet of which these could be said.
    let of_tokens = [Fault::DeadToken, Fault::Revoked];
    let faults = faults().into_iter().map(|(fault, _, _)| fault).filter(|fault| !of_tokens.contains(fault));
    let checks = faults.map(|fault| async move {
        let case = format!("{fault:?}");
        let harbor = harbor_for(&fault).await;
        harbor.peer.inject(Call::CodeExchange, fault, 1);
        let failed = harbor.log_in().await.unwrap_err().to_string();
        assert!(failed.to_lowercase().ends_with("nothing was changed"), "{case}: {failed}");
        let user = harbor.log_in().await.unwrap();
        assert_eq!(user.account, ACCOUNT, "{case}");
    });
    each(checks).await;
}

#[tokio::test]
async fn nobody_there_is_no_lost_mail() {
    let harbor = Harbor::new().await;
    let gmail = harbor.gmail();
    gmail.send(&mail(1)).await.unwrap();
    let Harbor { peer, .. } = harbor;
    drop(peer);
    let error = gmail.send(&mail(2)).await.unwrap_err();
    assert!(matches!(error, SendError::Unavailable { .. } | SendError::Ambiguous { .. }), "{error}");
    // By then there is no connection any more on which it could have left.
    let error = gmail.send(&mail(3)).await.unwrap_err();
    assert!(matches!(error, SendError::Unavailable { .. }), "{error}");
}

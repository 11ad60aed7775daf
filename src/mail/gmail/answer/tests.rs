use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::*;

fn answer(status: u16, body: &str, headers: HeaderMap) -> Next {
    let status = StatusCode::from_u16(status).unwrap();
    let answer = Answer { status, headers, body: body.as_bytes().to_vec() };
    let refused = |answer: &Answer| Refusal::of(answer, "2026-06-27T15:00:00Z".parse().unwrap()).into();
    meaning(if status == StatusCode::OK { Ok(answer) } else { Err(refused(&answer)) }, false)
}

fn error(status: u16, reason: &str, message: &str) -> Next {
    let body = format!(r#"{{"error": {{"message": "{message}", "errors": [{{"reason": "{reason}"}}]}}}}"#);
    answer(status, &body, HeaderMap::new())
}

#[test]
fn a_mail_that_is_taken_has_its_thread() {
    let taken = answer(200, r#"{"id": "18c1", "threadId": "18c0", "labelIds": ["SENT"]}"#, HeaderMap::new());
    let receipt = Receipt { at_peer: "Gmail keeps it as 18c1".into(), thread_id: Some("18c0".into()) };
    assert_eq!(taken, Next::Taken(receipt));
}

#[test]
fn only_what_cannot_have_been_done_is_repeated_freely() {
    let kind = |next: Next| match next {
        Next::Failed { error: SendError::Ambiguous { .. }, .. } => "ambiguous",
        Next::Failed { error: SendError::Unavailable { .. }, trouble: Some(_) } => "unavailable",
        Next::Failed { error: SendError::Refused { bad_address: true, .. }, trouble: None } => "bad address",
        Next::Failed { error: SendError::Refused { .. }, trouble: None } => "refused",
        Next::Shut { error: SendError::Unavailable { .. }, .. } => "shut",
        other => panic!("{other:?}"),
    };
    for (status, reason, wanted) in [
        (500, "backendError", "ambiguous"),
        (502, "", "ambiguous"),
        (504, "", "ambiguous"),
        (503, "backendError", "unavailable"),
        (429, "rateLimitExceeded", "unavailable"),
        (403, "userRateLimitExceeded", "unavailable"),
        (403, "accessNotConfigured", "shut"),
        (400, "failedPrecondition", "shut"),
        (404, "notFound", "unavailable"),
        (400, "invalidArgument", "refused"),
        (413, "uploadTooLarge", "refused"),
        (401, "authError", "unavailable"),
        (403, "insufficientPermissions", "unavailable"),
    ] {
        assert_eq!(kind(error(status, reason, "No.")), wanted, "{status} {reason}");
    }
    assert_eq!(kind(error(400, "invalidArgument", "Invalid To header")), "bad address");
    for none in ["", "<html>", "{}", r#"{"id": 7}"#] {
        assert_eq!(kind(answer(200, none, HeaderMap::new())), "ambiguous", "{none}");
    }
    assert_eq!(kind(meaning(Err(NoAnswer::Lost("it hung up".into()).into()), true)), "ambiguous");
    assert_eq!(kind(meaning(Err(NoAnswer::NotSent("no such name".into()).into()), true)), "unavailable");
}

#[test]
fn the_wait_that_google_names_is_taken() {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, "77".parse().unwrap());
    let Next::Failed { trouble, .. } = answer(429, "", headers) else { panic!() };
    assert_eq!(trouble, Some(Some(Duration::from_secs(77))));
}

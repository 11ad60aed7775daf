use reqwest::header::{DATE, HeaderValue};

use super::*;

fn now() -> Timestamp {
    "2026-06-27T15:00:00Z".parse().unwrap()
}

fn refusal(status: u16, body: &str) -> Refusal {
    let status = StatusCode::from_u16(status).unwrap();
    Refusal::of(&Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }, now())
}

/// Gmail's older form.
fn reason(status: u16, reason: &str) -> Kind {
    refusal(
        status,
        &format!(
            r#"{{"error": {{"code": {status}, "message": "No.", "errors": [{{"domain": "global", "reason": "{reason}",
            "message": "No."}}]}}}}"#
        ),
    )
    .kind
}

#[test]
fn each_reason_has_its_meaning() {
    for (status, word, kind) in [
        (401, "authError", Kind::Token),
        (403, "rateLimitExceeded", Kind::Quota),
        (403, "userRateLimitExceeded", Kind::Quota),
        (403, "dailyLimitExceeded", Kind::Quota),
        (429, "rateLimitExceeded", Kind::Quota),
        (403, "insufficientPermissions", Kind::Scope),
        (403, "accessNotConfigured", Kind::Forbidden),
        (403, "domainPolicy", Kind::Forbidden),
        (400, "failedPrecondition", Kind::Forbidden),
        (400, "invalidArgument", Kind::Request),
        (404, "notFound", Kind::NotFound),
        (413, "uploadTooLarge", Kind::TooLarge),
        (500, "backendError", Kind::Broken),
        (502, "", Kind::Broken),
        (504, "", Kind::Broken),
        (503, "backendError", Kind::Busy),
        (302, "", Kind::Busy),
    ] {
        assert_eq!(reason(status, word), kind, "{status} {word}");
    }
    let newer = r#"{"error": {"code": 403, "message": "Insufficient", "status": "PERMISSION_DENIED", "details": [{"@type":
        "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "x"}]}}"#;
    assert_eq!(refusal(403, newer).kind, Kind::Scope);
}

#[test]
fn an_answer_in_another_form_still_has_its_status() {
    for body in ["", "<html>", "[]", "{}", r#"{"error": "x"}"#, r#"{"error": {"errors": {}}}"#] {
        assert_eq!(
            (refusal(503, body).kind, refusal(403, body).kind),
            (Kind::Busy, Kind::Forbidden),
            "{body}"
        );
    }
    assert_eq!(refusal(503, "<html>").said, "it answered 503 Service Unavailable");
}

#[test]
fn how_long_to_wait_is_read_in_every_form() {
    let headers = |name: &str, date: Option<&str>| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(name).unwrap());
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        retry_after(&headers, now()).map(|wait| wait.as_secs())
    };
    assert_eq!(headers("120", None), Some(120));
    assert_eq!(headers("Sat, 27 Jun 2026 15:01:00 GMT", None), Some(60));
    // A clock of ours that is wrong by an hour makes nobody wait an hour.
    assert_eq!(headers("Sat, 27 Jun 2026 16:01:00 GMT", Some("Sat, 27 Jun 2026 16:00:00 GMT")), Some(60));
    assert_eq!(headers("Sat, 27 Jun 2026 14:00:00 GMT", None), Some(0));
    assert_eq!(headers("soon", None), None);
    let said = r#"{"error": {"message": "User-rate limit exceeded.  Retry after 2026-06-27T16:00:00.000Z (Mail sending)"}}"#;
    assert_eq!(refusal(429, said).wait, Some(Duration::from_secs(3_600)));
    let far = r#"{"error": {"message": "Retry after 2036-06-27T16:00:00.000Z"}}"#;
    assert_eq!(refusal(429, far).wait, Some(LONGEST_WAIT));
}

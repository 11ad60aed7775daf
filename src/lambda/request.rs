//! A request of an HTTP API, payload format 2.0, and its answer
//! (<https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>).

use std::collections::BTreeMap;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use tower::ServiceExt;

use crate::web::Peer;

/// What cannot stand in a path as it is. The gateway hands paths out decoded; a percent sign may be one of ours.
const NOT_IN_A_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Bytes of an answer as Lambda hands it on, in JSON (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
const ANSWER_BYTES: usize = 6 * 1024 * 1024;
/// What is left of that for the body: headers have 10 KB at most at the gateway.
const BODY_BYTES: usize = ANSWER_BYTES - 64 * 1024;

/// What the gateway makes an answer of.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    headers: BTreeMap<String, String>,
    cookies: Vec<String>,
    body: String,
    is_base64_encoded: bool,
}

/// Lets the pages answer, which are below `base`.
pub(super) async fn answer(pages: Router, base: &str, asked: ApiGatewayV2httpRequest) -> Value {
    let answer = match request(base, asked) {
        Ok(request) => match pages.oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        },
        Err(Unreadable) => refusal(StatusCode::BAD_REQUEST, "The address or the body cannot be read.\n"),
    };
    serde_json::to_value(written(answer).await).unwrap_or_default()
}

/// The address or the body cannot be read.
#[derive(Debug)]
struct Unreadable;

fn request(base: &str, asked: ApiGatewayV2httpRequest) -> Result<Request, Unreadable> {
    let from = asked.request_context.http.source_ip.as_deref().and_then(|from| from.parse().ok());
    let path = asked.raw_path.unwrap_or_default();
    // The name of a stage may be in front though people do not see it, and the path of a custom domain's mapping may
    // be left out though they do.
    let stage = format!("/{}", asked.request_context.stage.unwrap_or_default());
    let (base, path) = match (below(base, &path).filter(|_| !base.is_empty()), below(&stage, &path)) {
        (Some(_), _) => ("", path.as_str()),
        (None, Some(rest)) => (base, rest),
        (None, None) => (base, path.as_str()),
    };
    let path = format!("{base}{}", utf8_percent_encode(path, NOT_IN_A_PATH));
    let uri: Result<Uri, _> = match asked.raw_query_string.as_deref().unwrap_or_default() {
        "" => path.parse(),
        query => format!("{path}?{query}").parse(),
    };
    let body = match (asked.body, asked.is_base64_encoded) {
        (Some(body), true) => BASE64.decode(body.as_bytes()).map_err(|_| Unreadable)?,
        (body, _) => body.unwrap_or_default().into_bytes(),
    };
    let mut headers = asked.headers;
    // The body's length is that of what is inside.
    headers.remove(CONTENT_LENGTH);
    let cookies = asked.cookies.unwrap_or_default().join("; ");
    if !cookies.is_empty() {
        headers.insert(COOKIE, HeaderValue::from_str(&cookies).map_err(|_| Unreadable)?);
    }
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = asked.request_context.http.method;
    *request.uri_mut() = uri.map_err(|_| Unreadable)?;
    *request.headers_mut() = headers;
    if let Some(from) = from {
        request.extensions_mut().insert(Peer(from));
    }
    Ok(request)
}

/// What follows a path that stands in front.
fn below<'a>(front: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(front).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// An answer of our own, where no page has one.
fn refusal(status: StatusCode, said: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store"), (X_CONTENT_TYPE_OPTIONS, "nosniff")], said).into_response()
}

async fn written(answer: Response) -> Answer {
    let (mut parts, body) = answer.into_parts();
    // Every page is there as a whole already, so that it can only be too long.
    let whole = axum::body::to_bytes(body, BODY_BYTES).await.ok();
    let (body, is_base64_encoded) = match whole.map(as_text).filter(|(text, _)| in_json(text) <= BODY_BYTES) {
        Some(body) => body,
        None => {
            tracing::error!("an answer is longer than what AWS Lambda hands on");
            let said = "This answer is too long. Ask for less of it at once.\n";
            parts = refusal(StatusCode::INTERNAL_SERVER_ERROR, said).into_parts().0;
            (said.to_owned(), false)
        }
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Answer {
        status_code: parts.status.as_u16(),
        headers: headers(&parts.headers, text),
        cookies: parts.headers.get_all(SET_COOKIE).iter().map(text).collect(),
        body,
        is_base64_encoded,
    }
}

/// A body as text, and whether that is base 64.
fn as_text(body: Bytes) -> (String, bool) {
    match String::from_utf8(body.into()) {
        Ok(text) => (text, false),
        Err(binary) => (BASE64.encode(binary.as_bytes()), true),
    }
}

/// Bytes of a text as a string of JSON, in which some characters take two and others six.
fn in_json(text: &str) -> usize {
    let extra = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..0x20 => 5,
        _ => 0,
    };
    text.len() + text.bytes().map(extra).sum::<usize>()
}

/// A name that comes several times has all its values in one line (RFC 9110, 5.3); cookies have a place of their own.
fn headers(all: &HeaderMap, text: impl Fn(&HeaderValue) -> String) -> BTreeMap<String, String> {
    let line = |name: &HeaderName| all.get_all(name).iter().map(&text).collect::<Vec<_>>().join(", ");
    let names = all.keys().filter(|name| **name != SET_COOKIE);
    names.map(|name| (name.as_str().to_owned(), line(name))).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_TYPE;
    use serde_json::json;

    use super::*;

    async fn written_of(body: impl Into<Body>) -> Value {
        let mut answer = Response::new(body.into());
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        answer.headers_mut().append(SET_COOKIE, HeaderValue::from_static("a=1"));
        answer.headers_mut().append(SET_COOKIE, HeaderValue::from_static("b=2"));
        answer.headers_mut().append(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer.headers_mut().append(CACHE_CONTROL, HeaderValue::from_static("private"));
        serde_json::to_value(written(answer).await).unwrap()
    }

    #[tokio::test]
    async fn what_is_no_text_goes_in_base_64() {
        let answer = written_of(vec![0xff, 0, 1]).await;
        assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("/wAB"), &json!(true)));
        let answer = written_of("Zoë ⚓").await;
        assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("Zoë ⚓"), &json!(false)));
        assert_eq!(answer["cookies"], json!(["a=1", "b=2"]));
        assert_eq!(
            answer["headers"],
            json!({ "content-type": "text/html", "cache-control": "no-store, private" })
        );
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_one_of_our_own() {
        // As it is, in base 64, and with what JSON makes of it.
        for (one, most) in [("x", BODY_BYTES), ("\u{1}", BODY_BYTES / 6), ("\"", BODY_BYTES / 2)] {
            let answer = written_of(one.repeat(most)).await;
            assert_eq!(answer["statusCode"], 200, "{one:?}");
            assert!(answer.to_string().len() <= ANSWER_BYTES, "{one:?}");
            let answer = written_of(one.repeat(most + 1)).await;
            assert_eq!((&answer["statusCode"], &answer["cookies"]), (&json!(500), &json!([])), "{one:?}");
            assert_eq!(answer["headers"]["content-type"], "text/plain; charset=utf-8", "{one:?}");
        }
        let bytes = BODY_BYTES / 4 * 3;
        assert_eq!(written_of(vec![0xff; bytes]).await["statusCode"], 200);
        assert_eq!(written_of(vec![0xff; bytes + 3]).await["statusCode"], 500);
    }
}

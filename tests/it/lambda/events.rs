//! Events as AWS documents their shapes, with a made-up account.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde_json::{Value, json};

fn shape(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The minute is over.
pub(super) fn schedule() -> Value {
    shape(include_str!("events/schedule.json"))
}

/// An authorizer asks in payload format 2.0, which has the simple answer.
pub(super) fn question(token: &str) -> Value {
    shape(&include_str!("events/question-2.0.json").replace("TOKEN", token))
}

/// An authorizer asks in payload format 1.0, as those of REST APIs do.
pub(super) fn old_question(token: &str) -> Value {
    shape(&include_str!("events/question-1.0.json").replace("TOKEN", token))
}

/// A browser opens a page.
pub(super) fn get(path: &str) -> Value {
    let mut event = shape(include_str!("events/request.json"));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    event["rawPath"] = json!(path);
    event["requestContext"]["http"]["path"] = json!(path);
    event["rawQueryString"] = json!(query);
    event
}

/// A browser sends a form, which the gateway hands on in base 64.
pub(super) fn post(path: &str, form: &str) -> Value {
    post_bytes(path, "application/x-www-form-urlencoded", form.as_bytes())
}

pub(super) fn post_bytes(path: &str, kind: &str, body: &[u8]) -> Value {
    let mut event = get(path);
    event["requestContext"]["http"]["method"] = json!("POST");
    event["headers"]["content-type"] = json!(kind);
    event["headers"]["content-length"] = json!(body.len().to_string());
    event["headers"]["origin"] = json!("https://crew.example.com");
    event["headers"]["sec-fetch-site"] = json!("same-origin");
    event["body"] = json!(BASE64.encode(body));
    event["isBase64Encoded"] = json!(true);
    event
}

/// The same request from a browser that has these cookies.
pub(super) fn with_cookies(mut event: Value, cookies: &[&str]) -> Value {
    event["cookies"] = json!(cookies);
    event
}

/// What the gateway makes of an answer.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) status: u64,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) cookies: Vec<String>,
    pub(super) body: String,
}

impl Page {
    #[track_caller]
    pub(super) fn of(answer: &Value) -> Self {
        let body = answer["body"].as_str().unwrap();
        let bytes = match answer["isBase64Encoded"].as_bool().unwrap() {
            true => BASE64.decode(body.as_bytes()).unwrap(),
            false => body.as_bytes().to_vec(),
        };
        let list = |value: &Value| serde_json::from_value(value.clone()).unwrap();
        Self {
            status: answer["statusCode"].as_u64().unwrap(),
            headers: serde_json::from_value(answer["headers"].clone()).unwrap(),
            cookies: list(&answer["cookies"]),
            body: String::from_utf8(bytes).unwrap(),
        }
    }
}

//! Forms, filled in and sent as a browser does it.

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};

use crate::support::office::Office;

/// Sends a form from a page of ours.
pub(super) async fn send(
    office: &Office,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String) {
    let coded = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let form: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect();
    let request = Request::post(path)
        .header(COOKIE, cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(form.join("&")))
        .unwrap();
    office.request(request).await
}

/// The value of the first hidden field of that name.
pub(super) fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let value = page.split_once(&field).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    value.split('"').next().unwrap().replace("&quot;", "\"")
}

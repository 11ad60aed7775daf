//! Forms, filled in and sent as a browser does it.

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};

use crate::support::office::Office;

/// Text as a field of a form or of an address, as browsers write it: no larger than it has to be.
pub(super) fn coded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => (byte as char).to_string(),
        b' ' => "+".to_owned(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Sends a form from a page of ours.
pub(super) async fn send(
    office: &Office,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String) {
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

/// What the fields of the form with that action have, as a browser would send them.
pub(super) fn filled(page: &str, action: &str) -> Vec<(String, String)> {
    let begin = format!("action=\"{action}\"");
    let form = page.split_once(&begin).unwrap_or_else(|| panic!("no form {action} in {page}")).1;
    let form = form.split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for (at, _) in form.match_indices('<') {
        let tag = form[at + 1..].split('>').next().unwrap();
        let name = || attribute(tag, "name").filter(|name| !name.is_empty());
        match tag.split(' ').next().unwrap() {
            "input" => {
                let (Some(name), kind) = (name(), attribute(tag, "type")) else { continue };
                let is_off =
                    matches!(kind.as_deref(), Some("checkbox" | "radio")) && !tag.ends_with(" checked");
                if !is_off && kind.as_deref() != Some("file") {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
            "select" => {
                let Some(name) = name() else { continue };
                let options: Vec<&str> =
                    form[at..].split("</select>").next().unwrap().split("<option").skip(1).collect();
                let tags = || options.iter().map(|option| option.split('>').next().unwrap());
                let chosen = tags().find(|tag| tag.ends_with(" selected")).or_else(|| tags().next());
                fields.push((name, chosen.and_then(|tag| attribute(tag, "value")).unwrap_or_default()));
            }
            _ => {}
        }
    }
    fields
}

/// The value of an attribute, without what stands for signs in HTML.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// Fills a form of a page in, and sends it.
pub(super) async fn fill_in(
    office: &Office,
    cookie: &str,
    page: &str,
    action: &str,
    said: &[(&str, &str)],
) -> (StatusCode, String) {
    let mut fields = filled(page, action);
    for (name, value) in said {
        match fields.iter_mut().find(|(field, _)| field == name) {
            Some(field) => field.1 = (*value).to_owned(),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    send(office, cookie, action, &fields).await
}

//! One call of an API: who calls, whether they may, whether the request is what the method takes; then the method itself,
//! and whether its answer is what the method gives.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::discovery::{self, Found};
use crate::gmail;
use crate::refusal::Refusal;
use crate::sheets;
use crate::state::State;

/// The longest body of a request with JSON; people who met it report this number.
const PAYLOAD_BYTES: usize = 10_485_760;

/// Carries out a call.
pub(crate) fn call(state: &mut State, asked: &Asked) -> Answer {
    let Some(found) = &asked.found else { return no_such_method(asked) };
    match carry_out(state, asked, found) {
        Ok(body) => {
            for violation in discovery::answer(found, &body) {
                state.failures.push(format!("the answer of {}: {}", found.id, violation.description));
            }
            let compact = asked.query.iter().any(|(name, value)| name == "prettyPrint" && value == "false");
            let mut answer = Answer::json(200, &body);
            if compact {
                answer.body = body.to_string().into_bytes();
            }
            answer
        }
        Err(refusal) => refusal.answer(found),
    }
}

fn carry_out(state: &mut State, asked: &Asked, found: &Found) -> Result<Value, Refusal> {
    let now = state.now();
    let token = asked.access_token();
    let access = token.and_then(|token| state.oauth.access(token, now));
    let access = access.ok_or_else(|| Refusal::unauthenticated(token, found))?;
    if !found.method.scopes.iter().any(|scope| access.scopes.contains(scope)) {
        return Err(Refusal::insufficient(found));
    }
    let account = access.account.clone();
    if found.id == "gmail.users.messages.send" {
        state.gmail.charge(&account, now).map_err(|units| Refusal::quota(units, found))?;
    }
    let params =
        discovery::params(found, &asked.query).map_err(|violations| Refusal::violations(&violations))?;
    only_json(&params)?;
    let (body, media) = match found.upload {
        true => gmail::upload(asked, found)?,
        false => (json_body(asked)?, None),
    };
    if !body.is_null() {
        match discovery::request(found, &body) {
            violations if violations.is_empty() => {}
            violations => return Err(Refusal::violations(&violations)),
        }
    }
    match found.document.is_gmail() {
        true => gmail::call(state, found.id, &account, &params, &body, media),
        false => sheets_call(state, found.id, &account, &params, &body),
    }
}

fn sheets_call(
    state: &mut State,
    method: &str,
    account: &str,
    params: &BTreeMap<String, Vec<String>>,
    body: &Value,
) -> Result<Value, Refusal> {
    let year = state.now().to_zoned(TimeZone::UTC).year();
    let books = &mut state.books;
    if let Some(id) = params.get("spreadsheetId").and_then(|ids| ids.first()) {
        if !books.exists(id) {
            return Err(Refusal::new(404, "NOT_FOUND", "Requested entity was not found."));
        }
        if !books.may(id, account) {
            return Err(Refusal::new(403, "PERMISSION_DENIED", "The caller does not have permission"));
        }
    }
    books.act_as(account);
    books.set_year(year);
    Ok(sheets::call(books, method, params, body)?)
}

/// The other ways to answer, which the documents have too, are not there.
fn only_json(params: &BTreeMap<String, Vec<String>>) -> Result<(), Refusal> {
    let other = params.get("alt").is_some_and(|alt| alt != &["json"]) || params.contains_key("callback");
    match other {
        true => Err(Refusal::new(501, "UNIMPLEMENTED", "This Google of the tests answers JSON only.")),
        false => Ok(()),
    }
}

/// The body of a request; an empty one is a message without fields.
fn json_body(asked: &Asked) -> Result<Value, Refusal> {
    if asked.method == "GET" {
        return match asked.body.is_empty() {
            true => Ok(Value::Null),
            false => Err(Refusal::invalid("Invalid JSON payload received. A GET request has no body.")),
        };
    }
    if asked.body.is_empty() {
        return Ok(json!({}));
    }
    if asked.body.len() > PAYLOAD_BYTES {
        let message = format!("Request payload size exceeds the limit: {PAYLOAD_BYTES} bytes.");
        return Err(Refusal::invalid(message));
    }
    if asked.content_type().as_deref() != Some("application/json") {
        let text = String::from_utf8_lossy(&asked.body);
        let message = format!(
            "Invalid JSON payload received. Unknown name \"{text}\": Cannot bind query parameter. Field '{text}' \
             could not be found in request message."
        );
        return Err(Refusal::invalid(message));
    }
    parsed(&asked.body)
}

/// Reads JSON.
pub(crate) fn parsed(text: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(text)
        .map_err(|error| Refusal::invalid(format!("Invalid JSON payload received. {error}")))
}

/// Under the paths of the APIs as their errors are, elsewhere as a page.
fn no_such_method(asked: &Asked) -> Answer {
    let of_api = ["/v4/", "/gmail/", "/upload/gmail/"].iter().any(|prefix| asked.path.starts_with(prefix));
    match of_api {
        true => {
            let error = json!({ "code": 404, "message": "Method not found.", "status": "NOT_FOUND" });
            Answer::json(404, &json!({ "error": error }))
        }
        false => {
            let text = format!("The requested URL {} was not found on this server.", asked.path);
            Answer::page(404, "Error 404 (Not Found)!!1", &text)
        }
    }
}

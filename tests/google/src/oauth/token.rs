//! The token endpoint: which client asks, and by what right; and taking a right back.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{OAuth, Scopes, code, jwt, refresh, robot, scopes};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::state::State;

/// Why no token is given (RFC 6749, 5.2).
#[derive(Debug)]
pub(super) struct Refused {
    status: u16,
    error: &'static str,
    description: String,
}

impl Refused {
    pub(super) fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status = if ["invalid_client", "unauthorized_client"].contains(&error) { 401 } else { 400 };
        Self { status, error, description: description.into() }
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::new("invalid_request", format!("Missing required parameter: {parameter}"))
    }
}

/// The fields of a request to the endpoint.
pub(super) type Form = BTreeMap<String, String>;

/// `POST /token`. A body that is no form has no fields, so it asks for nothing that is known.
pub(crate) fn token(state: &mut State, asked: &Asked) -> Answer {
    let mut form = asked.form();
    let given = match form.get("grant_type").map(String::as_str) {
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => robot::exchange(state, &form),
        Some(kind @ ("authorization_code" | "refresh_token")) => {
            let code = kind == "authorization_code";
            authenticate(&state.oauth, asked, &mut form).and_then(|client| match code {
                true => code::exchange(state, &client, &form),
                false => refresh::exchange(state, &client, &form),
            })
        }
        kind => {
            let text = format!("Invalid grant_type: {}", kind.unwrap_or_default());
            Err(Refused::new("unsupported_grant_type", text))
        }
    };
    answer(given)
}

/// `POST /revoke`; the token may stand in the query as well.
pub(crate) fn revoke(state: &mut State, asked: &Asked) -> Answer {
    let of_query = || asked.query.iter().find(|(name, _)| name == "token").map(|(_, token)| token.clone());
    answer(match asked.form().remove("token").or_else(of_query) {
        None => Err(Refused::missing("token")),
        Some(token) if state.oauth.revoke(&token) => Ok(json!({})),
        Some(_) => Err(Refused::new("invalid_token", "Token expired or revoked")),
    })
}

/// What every answer with an access token has.
pub(super) fn given(state: &State, token: &str, account: &str, client: &str, granted: &Scopes) -> Value {
    let mut given = json!({
        "access_token": token,
        "expires_in": state.oauth.expires_in,
        "scope": scopes::list(granted),
        "token_type": "Bearer",
    });
    if scopes::has_openid(granted) {
        let address = scopes::has_email(granted).then_some(account);
        given["id_token"] = jwt::about(account, address, client, state.now()).into();
    }
    given
}

fn answer(given: Result<Value, Refused>) -> Answer {
    let answer = match given {
        Ok(body) => Answer::json(200, &body),
        Err(Refused { status, error, description }) => {
            Answer::json(status, &json!({ "error": error, "error_description": description }))
        }
    };
    answer.with("cache-control", "no-cache, no-store, max-age=0, must-revalidate").with("pragma", "no-cache")
}

/// Which client asks: by the form, or by HTTP's own way.
fn authenticate(oauth: &OAuth, asked: &Asked, form: &mut Form) -> Result<String, Refused> {
    let basic = asked.header("authorization").and_then(basic);
    let (id, secret) = match basic {
        Some((id, secret)) => (Some(id), Some(secret)),
        None => (form.remove("client_id"), form.remove("client_secret")),
    };
    let id =
        id.ok_or_else(|| Refused::new("invalid_request", "Could not determine client ID from request."))?;
    let Some(client) = oauth.clients.get(&id) else {
        return Err(Refused::new("invalid_client", "The OAuth client was not found."));
    };
    match secret {
        None => Err(Refused::new("invalid_request", "client_secret is missing.")),
        Some(secret) if secret == client.secret => Ok(id),
        Some(_) => Err(Refused::new("invalid_client", "Unauthorized")),
    }
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, value) = header.split_once(' ')?;
    let value =
        BASE64.decode(value.trim().as_bytes()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) = std::str::from_utf8(&value).ok()?.split_once(':')?;
    let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((plain(id), plain(secret)))
}

//! A refresh token for an access token (RFC 6749, 6). The refresh token stays as it is, unless `rotate` is switched on.

use serde_json::Value;

use super::scopes;
use super::token::{Form, Refused, given};
use crate::state::State;

pub(super) fn exchange(state: &mut State, client: &str, form: &Form) -> Result<Value, Refused> {
    let now = state.now();
    let token = form.get("refresh_token").ok_or_else(|| Refused::missing("refresh_token"))?;
    let oauth = &mut state.oauth;
    let dead = || Refused::new("invalid_grant", "Token has been expired or revoked.");
    if !token.starts_with("1//") {
        return Err(Refused::new("invalid_grant", "Bad Request"));
    }
    let grant = oauth.use_refresh(token, now).ok_or_else(dead)?;
    let of = oauth.grant(grant);
    if of.client != client {
        return Err(Refused::new("unauthorized_client", "Unauthorized"));
    }
    let account = of.account.clone();
    let scopes = match form.get("scope") {
        None => of.scopes.clone(),
        // Less than was allowed may be asked for, never more.
        Some(list) => match scopes::parse(list) {
            Some(scopes) if scopes.is_subset(&of.scopes) => scopes,
            _ => return Err(Refused::new("invalid_scope", "Bad Request")),
        },
    };
    let dies_in = oauth.dies_in(of);
    let other = if oauth.rotate { oauth.replace_refresh(token, now) } else { None };
    let access = oauth.new_access(&account, scopes.clone(), Some(grant), now);
    let mut answer = given(state, &access, &account, client, &scopes);
    if let Some(other) = other {
        answer["refresh_token"] = other.into();
    }
    if let Some(seconds) = dies_in {
        answer["refresh_token_expires_in"] = seconds.into();
    }
    Ok(answer)
}

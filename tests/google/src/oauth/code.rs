//! A code for tokens (RFC 6749, 4.1.3), once, and only for whoever asked for it.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Scopes;
use super::token::{Form, Refused, given};
use crate::state::State;

/// What a code stands for.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) client: String,
    pub(super) redirect_uri: String,
    /// The digest of what only whoever asked for it knows.
    pub(super) challenge: Option<String>,
    pub(super) account: String,
    pub(super) scopes: Scopes,
    /// Whether a refresh token was asked for.
    pub(super) offline: bool,
    /// Whether the page was to be shown although everything was allowed before.
    pub(super) asks_again: bool,
    pub(super) expires_at: Timestamp,
    /// The grant that came of it.
    pub(super) used: Option<usize>,
}

pub(super) fn exchange(state: &mut State, client: &str, form: &Form) -> Result<Value, Refused> {
    let now = state.now();
    let token = form.get("code").ok_or_else(|| Refused::missing("code"))?;
    let redirect_uri = form.get("redirect_uri").ok_or_else(|| Refused::missing("redirect_uri"))?;
    let oauth = &mut state.oauth;
    let Some(code) = oauth.codes.get(token).cloned() else {
        return Err(Refused::new("invalid_grant", "Malformed auth code."));
    };
    if code.client != client || now >= code.expires_at {
        return Err(Refused::new("invalid_grant", "Bad Request"));
    }
    if let Some(grant) = code.used {
        // Somebody has it who should not: what came of it ends (RFC 6749, 4.1.2).
        oauth.revoke_grant(grant);
        return Err(Refused::new("invalid_grant", "Bad Request"));
    }
    if code.redirect_uri != *redirect_uri {
        return Err(Refused::new("redirect_uri_mismatch", "Bad Request"));
    }
    verify(code.challenge.as_deref(), form.get("code_verifier").map(String::as_str))?;

    let first = oauth.live(client, &code.account, now).is_empty();
    let grant = oauth.allow(client, &code.account, code.scopes.clone());
    oauth.codes.get_mut(token).expect("a code that was there").used = Some(grant);
    let refresh = (code.offline && (first || code.asks_again)).then(|| oauth.new_refresh(grant, now));
    let access = oauth.new_access(&code.account, code.scopes.clone(), Some(grant), now);
    let dies_in = oauth.dies_in(oauth.grant(grant));
    let mut answer = given(state, &access, &code.account, client, &code.scopes);
    if let Some(refresh) = refresh {
        answer["refresh_token"] = refresh.into();
        if let Some(seconds) = dies_in {
            answer["refresh_token_expires_in"] = seconds.into();
        }
    }
    Ok(answer)
}

/// RFC 7636, 4.6.
fn verify(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), Refused> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(Refused::new("invalid_grant", "Missing code verifier.")),
        (Some(challenge), Some(verifier))
            if BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes())) == challenge =>
        {
            Ok(())
        }
        _ => Err(Refused::new("invalid_grant", "Invalid code verifier.")),
    }
}

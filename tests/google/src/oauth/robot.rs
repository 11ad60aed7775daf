//! A service account: a key file, and an assertion that is signed with it for an access token
//! (<https://developers.google.com/identity/protocols/oauth2/service-account#httprest>, RFC 7523).

use data_encoding::{BASE64_MIME_PERMISSIVE, HEXLOWER};
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::token::{Form, Refused};
use super::{jwt, random, scopes};
use crate::state::State;

/// For tests only, and public.
const KEY: &str = include_str!("../../keys/robot.pem");
/// The name of the endpoint at Google's own host. Google's client for Python says this one, whatever its key file says.
const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";
/// How long an assertion may hold, in seconds.
const LONGEST: i64 = 3_600;
/// By how much its times may be off, in seconds.
const SKEW: i64 = 300;

/// The file that somebody downloads for a service account, with its addresses here.
pub(crate) fn key_file(address: &str, url: &str) -> String {
    let file = json!({
        "type": "service_account",
        "project_id": address.split_once('@').map_or("", |(_, host)| host.split('.').next().unwrap_or_default()),
        "private_key_id": HEXLOWER.encode(&random(20)),
        "private_key": KEY,
        "client_email": address,
        "client_id": jwt::subject(address),
        "auth_uri": format!("{url}/o/oauth2/v2/auth"),
        "token_uri": format!("{url}/token"),
        "universe_domain": "googleapis.com",
    });
    format!("{file:#}\n")
}

pub(super) fn exchange(state: &mut State, form: &Form) -> Result<Value, Refused> {
    let assertion = form.get("assertion").ok_or_else(|| Refused::missing("assertion"))?;
    let refused = |text: &str| Refused::new("invalid_grant", text);
    let (header, claims, signature, signed) = jwt::parts(assertion).ok_or_else(|| refused("Bad Request"))?;
    let claim = |name: &str| claims[name].as_str().unwrap_or_default();
    let address = claim("iss");
    if !state.oauth.robots.contains(address) {
        return Err(refused("Invalid grant: account not found"));
    }
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key());
    if header["alg"] != "RS256" || key.verify(signed.as_bytes(), &signature).is_err() {
        return Err(refused("Invalid JWT Signature."));
    }
    if ![TOKEN_URI, &format!("{}/token", state.url)].contains(&claim("aud")) {
        return Err(refused("Invalid JWT: Failed audience check."));
    }
    let now = state.now();
    let in_time = match (claims["iat"].as_i64(), claims["exp"].as_i64()) {
        (Some(made), Some(ends)) => {
            made <= now.as_second() + SKEW
                && ends > now.as_second() - SKEW
                && (1..=LONGEST).contains(&(ends - made))
        }
        _ => false,
    };
    if !in_time {
        return Err(refused(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your \
             iat and exp values in the JWT claim.",
        ));
    }
    // Acting for somebody else takes an administrator's leave, which nobody here gives.
    if !claim("sub").is_empty() && claim("sub") != address {
        let text = "Client is unauthorized to retrieve access tokens using this method, or client not authorized for \
                    any of the scopes requested.";
        return Err(Refused::new("unauthorized_client", text));
    }
    let scopes = scopes::parse(claim("scope")).filter(|scopes| !scopes.is_empty());
    let scopes = scopes
        .ok_or_else(|| Refused::new("invalid_scope", "Invalid OAuth scope or ID token audience provided."))?;
    let token = state.oauth.new_access(address, scopes, None, now);
    Ok(json!({ "access_token": token, "expires_in": state.oauth.expires_in, "token_type": "Bearer" }))
}

fn public_key() -> Vec<u8> {
    let pair = RsaKeyPair::from_pkcs8(&private_key()).expect("an RSA key");
    pair.public_key().as_ref().to_vec()
}

/// The key out of its PEM (RFC 7468).
fn private_key() -> Vec<u8> {
    let lines: String = KEY.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64_MIME_PERMISSIVE.decode(lines.as_bytes()).expect("base64")
}

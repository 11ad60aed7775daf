//! Whether an ID token holds (OpenID Connect Core 1.0, 3.1.3.7).

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;

use super::GOOGLE;
use super::issuer::Keys;

/// How far the issuer's clock may be ahead of ours.
const APART: SignedDuration = SignedDuration::from_mins(1);
/// The longest token that is looked at, in bytes.
const BYTES: usize = 16 * 1024;

/// What the token has to be of.
pub(super) struct Wanted<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// What an issuer says of somebody. No more of it is needed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    /// As whom the issuer knows them.
    pub(super) sub: String,
    #[serde(flatten)]
    pub(super) address: Address,
}

/// Their address.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Address {
    pub(super) email: Option<String>,
    /// Some issuers write it as a text, which is no yes.
    email_verified: Option<Value>,
    /// The Google Workspace of the account, if it is of one.
    hd: Option<Value>,
}

impl Address {
    /// Whether the issuer vouches for it. Google does for those of Gmail and of its Workspaces; any other one was its owner's
    /// when the account was made, and may be somebody else's by now
    /// (developers.google.com/identity/gsi/web/guides/verify-google-id-token).
    pub(super) fn is_vouched_for(&self, issuer: &str) -> bool {
        let email = self.email.as_deref().unwrap_or_default().to_ascii_lowercase();
        let is_known = issuer != GOOGLE
            || email.ends_with("@gmail.com")
            || self
                .hd
                .as_ref()
                .is_some_and(|domain| domain.as_str().is_some_and(|domain| !domain.is_empty()));
        is_known && self.email_verified == Some(Value::Bool(true))
    }
}

/// Whether that is how an issuer calls itself. Google's name has no scheme at times
/// (developers.google.com/identity/openid-connect/reference).
pub(super) fn is_name_of(issuer: &str, said: &str) -> bool {
    said == issuer || (issuer == GOOGLE && GOOGLE.strip_prefix("https://") == Some(said))
}

/// And of the token.
#[derive(Debug, Deserialize)]
struct Whole {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    nonce: Option<String>,
    #[serde(flatten)]
    claims: Claims,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    /// Whether it is for this client and for nobody else: of others nothing is known, so none is trusted.
    fn is_only(&self, client_id: &str) -> bool {
        match self {
            Self::One(one) => one == client_id,
            Self::Several(several) => !several.is_empty() && several.iter().all(|one| one == client_id),
        }
    }
}

/// Why what an issuer says is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Distrust {
    /// The token endpoint gave none.
    #[error("the issuer gave no ID token")]
    NoIdToken,
    /// It cannot be read.
    #[error("the issuer's ID token is none, or lacks what it has to have")]
    NoToken,
    /// Another signature than those that are taken, or none.
    #[error("the ID token is not signed by RS256 or ES256")]
    Algorithm,
    /// The key is not among those of the issuer.
    #[error("the ID token is signed by a key that is not among the issuer's")]
    NoSuchKey,
    /// Somebody else made or changed it.
    #[error("the signature of the ID token is wrong")]
    Signature,
    /// Somebody else's.
    #[error("the issuer calls itself otherwise than the settings do; check issuer under [sign_in.google]")]
    OtherIssuer,
    /// For somebody else.
    #[error("the ID token is for another client")]
    OtherClient,
    /// It has ended.
    #[error("the ID token has ended; check the clock of this machine")]
    Ended,
    /// Of another sign-in.
    #[error("the ID token is of another sign-in")]
    OtherSignIn,
    /// About somebody else.
    #[error("the issuer speaks of two people")]
    SomebodyElse,
    /// Secrets would go in the open.
    #[error("the issuer names an address over which secrets would go in the open")]
    InTheOpen,
}

/// What a token says, if it holds.
pub(super) fn check(token: &str, keys: &Keys, wanted: &Wanted<'_>) -> Result<Claims, Distrust> {
    if token.len() > BYTES {
        return Err(Distrust::NoToken);
    }
    // An algorithm that the library does not know, `none` among them, makes this fail.
    let header = decode_header(token).map_err(|_| Distrust::Algorithm)?;
    let key = key_of(header.kid.as_deref(), header.alg, keys)?;
    let mut validation = Validation::new(header.alg);
    // These go by the program's own clock and words, below.
    validation.validate_exp = false;
    validation.validate_aud = false;
    let whole: Whole = decode(token, &key, &validation)
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::InvalidSignature => Distrust::Signature,
            _ => Distrust::NoToken,
        })?
        .claims;
    if !is_name_of(wanted.issuer, &whole.iss) {
        return Err(Distrust::OtherIssuer);
    }
    let other_party = whole.azp.as_deref().is_some_and(|party| party != wanted.client_id);
    if !whole.aud.is_only(wanted.client_id) || other_party {
        return Err(Distrust::OtherClient);
    }
    if Timestamp::from_second(whole.exp).map_or(true, |end| end <= wanted.now - APART) {
        return Err(Distrust::Ended);
    }
    if whole.nonce.as_deref() != Some(wanted.nonce) {
        return Err(Distrust::OtherSignIn);
    }
    Ok(whole.claims)
}

/// The key by which a token says that it is signed, for the kind of signature that it says it has.
fn key_of(kid: Option<&str>, algorithm: Algorithm, keys: &Keys) -> Result<DecodingKey, Distrust> {
    let fits = |key: &&Jwk| match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256)
        | (AlgorithmParameters::EllipticCurve(_), Algorithm::ES256) => {
            let of_signatures = [None, Some(&PublicKeyUse::Signature)];
            of_signatures.contains(&key.common.public_key_use.as_ref())
        }
        _ => false,
    };
    if !matches!(algorithm, Algorithm::RS256 | Algorithm::ES256) {
        return Err(Distrust::Algorithm);
    }
    let mut fitting = keys.keys.iter().filter(fits);
    let found = match kid {
        Some(kid) => fitting.find(|key| key.common.key_id.as_deref() == Some(kid)),
        // It may say none where there is one only (OpenID Connect Core 1.0, 10.1).
        None => fitting.next().filter(|_| fitting.next().is_none()),
    };
    DecodingKey::from_jwk(found.ok_or(Distrust::NoSuchKey)?).map_err(|_| Distrust::NoSuchKey)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn google_vouches_for_addresses_that_it_gives_out() {
        let other = "https://id.example.com";
        for (said, by_google, by_another) in [
            (json!({ "email": "pat@gmail.com", "email_verified": true }), true, true),
            (json!({ "email": "Pat@Gmail.com", "email_verified": true }), true, true),
            (json!({ "email": "pat@example.com", "email_verified": true, "hd": "example.com" }), true, true),
            (json!({ "email": "pat@example.com", "email_verified": true }), false, true),
            (json!({ "email": "pat@example.com", "email_verified": true, "hd": "" }), false, true),
            (json!({ "email": "pat@notgmail.com", "email_verified": true }), false, true),
            (json!({ "email": "pat@gmail.com", "email_verified": false }), false, false),
            (json!({ "email": "pat@gmail.com", "email_verified": "true" }), false, false),
            (json!({ "email": "pat@gmail.com" }), false, false),
        ] {
            let address: Address = serde_json::from_value(said.clone()).unwrap();
            let vouched = (address.is_vouched_for(GOOGLE), address.is_vouched_for(other));
            assert_eq!(vouched, (by_google, by_another), "{said}");
        }
    }

    #[test]
    fn an_issuer_has_one_name_and_google_two() {
        for (issuer, said, same) in [
            (GOOGLE, "https://accounts.google.com", true),
            (GOOGLE, "accounts.google.com", true),
            (GOOGLE, "http://accounts.google.com", false),
            (GOOGLE, "https://accounts.google.com/", false),
            ("https://id.example.com", "https://id.example.com", true),
            ("https://id.example.com", "id.example.com", false),
        ] {
            assert_eq!(is_name_of(issuer, said), same, "{issuer} {said}");
        }
    }
}

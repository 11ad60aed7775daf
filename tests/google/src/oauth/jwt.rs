//! Tokens that say something themselves (RFC 7519).

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Header, claims, signature, and what is signed.
pub(super) fn parts(token: &str) -> Option<(Value, Value, Vec<u8>, &str)> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.trim_end_matches('=').as_bytes()).ok();
    let json = |part: &str| serde_json::from_slice(&decode(part)?).ok();
    Some((json(header)?, json(claims)?, decode(signature)?, signed))
}

/// An `id_token`: well formed, with a signature that nobody can check.
pub(super) fn about(account: &str, address: Option<&str>, client: &str, now: Timestamp) -> String {
    let mut claims = json!({
        "iss": "https://accounts.google.com",
        "aud": client,
        "azp": client,
        "sub": subject(account),
        "iat": now.as_second(),
        "exp": now.as_second() + 3_600,
    });
    if let Some(address) = address {
        claims["email"] = address.into();
        claims["email_verified"] = true.into();
    }
    let header = json!({ "alg": "RS256", "kid": "test", "typ": "JWT" });
    let part = |part: &Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
    format!("{}.{}.{}", part(&header), part(&claims), BASE64URL_NOPAD.encode(&[0; 256]))
}

/// The number that stands for an account.
pub(super) fn subject(account: &str) -> String {
    let digest = Sha256::digest(account.as_bytes());
    let number = u64::from_be_bytes(digest[..8].try_into().expect("eight bytes"));
    format!("1{number:020}")
}

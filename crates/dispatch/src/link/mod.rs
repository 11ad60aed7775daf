//! The tokens in crew links: those of one offer, and those of a person ([`Own`]).
//!
//! A token reads `jada_crew_k3v9….SECRET`. The half before the dot is public: it is the key of the
//! stored record, it is what people quote and what the audit shows. Of the secret half only a
//! digest is stored. Both halves are derived from the operator's link key and from what the link is
//! for, so a mail that is sent again carries the same link, and no secret waits in the outbox.

mod personal;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use personal::{Own, OwnRecord};

use crate::cascade::{Offer, OfferNo};
use crate::model::{CharterId, CrewId};

/// The operator's secret from which links are derived: 32 bytes, kept outside of the store.
#[derive(Clone)]
pub struct LinkKey {
    key: [u8; 32],
    prefix: String,
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(hidden)")
    }
}

/// The public half of a token: `jada_crew_` and 16 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenId(Arc<str>);

impl TokenId {
    /// The id as it stands in a link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A whole token, as it stands in a link. Its secret half is shown by [`Token::reveal`] only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The public half.
    pub id: TokenId,
    secret: String,
}

impl Token {
    /// The text for the link: both halves.
    pub fn reveal(&self) -> String {
        format!("{}.{}", self.id, self.secret)
    }

    /// What is stored of the secret half: SHA-256, in hexadecimal.
    pub fn digest(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.secret.as_bytes()))
    }

    /// Whether it is the token of this public half and this digest. Takes the same time whatever the answer is, so
    /// that a digest cannot be guessed byte by byte.
    fn has(&self, id: &TokenId, digest: &str) -> bool {
        *id == self.id && bool::from(digest.as_bytes().ct_eq(self.digest().as_bytes()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, secret hidden)", self.id)
    }
}

/// What a link is made for. The charter and the number would name the offer; but in a store that was
/// restored from a backup another person may get an offer of that number, and an old link must not
/// answer for them.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The charter.
    pub charter_id: &'a CharterId,
    /// The offer's number.
    pub offer: OfferNo,
    /// Who is asked.
    pub crew_id: &'a CrewId,
    /// When the offer was made.
    pub made_at: Timestamp,
}

/// The text is no token at all: cut off, or not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a whole crew link")]
pub struct NotAToken;

impl FromStr for Token {
    type Err = NotAToken;
    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
        match text.trim().split_once('.') {
            Some((id, secret))
                if (1..=100).contains(&id.len())
                    && (1..=100).contains(&secret.len())
                    && id.bytes().all(plain)
                    && secret.bytes().all(plain) =>
            {
                Ok(Self { id: TokenId(id.into()), secret: secret.to_owned() })
            }
            _ => Err(NotAToken),
        }
    }
}

impl LinkKey {
    /// A key with the operator's `link_prefix` (`jada` makes `jada_crew_…`).
    pub fn new(key: [u8; 32], prefix: impl Into<String>) -> Self {
        Self { key, prefix: prefix.into() }
    }

    /// The public half of the link for an offer that is about to be made.
    pub fn new_token_id(&self, ask: &Ask<'_>) -> TokenId {
        self.token_id("crew", &self.derive(&ask.about("id")))
    }

    fn token_id(&self, kind: &str, derived: &str) -> TokenId {
        TokenId(format!("{}_{kind}_{}", self.prefix, &derived[..16]).into())
    }

    /// The link for one offer. The same offer always has the same link, under the prefix that it was made
    /// with.
    pub fn offer_token(&self, charter_id: &CharterId, offer: &Offer) -> Token {
        let Offer { no, crew_id, made_at, token_id, .. } = offer;
        let ask = Ask { charter_id, offer: *no, crew_id, made_at: *made_at };
        Token { id: token_id.clone(), secret: self.derive(&ask.about("secret")) }
    }

    /// The public half of a link that signs somebody of the office in; `random` is letters and digits that no other
    /// such link has.
    pub fn new_sign_in_id(&self, random: &str) -> TokenId {
        TokenId(format!("{}_office_{random}", self.prefix).into())
    }

    /// The sign-in link with that public half.
    pub fn sign_in_token(&self, id: &TokenId) -> Token {
        Token { id: id.clone(), secret: self.derive(&format!("sign-in\n{id}")) }
    }

    /// A text that goes with a sign-in elsewhere, and that only the key's owner can make: `what` it is for, and what the
    /// browser has that `began` it.
    pub fn elsewhere(&self, what: &str, began: &str) -> String {
        self.derive(&format!("elsewhere\n{what}\n{began}"))
    }

    /// 256 bits that only the key's owner can compute from what a link is for, as lower-case base 32.
    fn derive(&self, of: &str) -> String {
        // HMAC pads its key with zeros to the hash's block (RFC 2104, 2).
        let mut block = [0; 64];
        block[..self.key.len()].copy_from_slice(&self.key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(of.as_bytes());
        BASE32_NOPAD.encode(&mac.finalize().into_bytes()).to_ascii_lowercase()
    }
}

impl Ask<'_> {
    /// What a half is derived from. The separator cannot occur in an id, so no two of these read alike.
    fn about(&self, half: &str) -> String {
        let Ask { charter_id, offer, crew_id, made_at } = self;
        format!("accept\n{half}\n{charter_id}\n{offer}\n{crew_id}\n{made_at}")
    }
}

/// What a link may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Answer one offer, and take an accept back for a few minutes.
    Accept,
    /// Open one's own page.
    MyPage,
    /// Read one's own calendar, and nothing else: calendar programs hand the address to servers of their own.
    Calendar,
}

/// The stored record of the link of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenRecord {
    /// The public half; the record's key.
    pub token_id: TokenId,
    /// SHA-256 of the secret half, in hexadecimal.
    pub digest: String,
    /// What the link is for.
    pub purpose: Purpose,
    /// Whom it is bound to.
    pub crew_id: CrewId,
    /// The charter it is about.
    pub charter_id: CharterId,
    /// The offer it answers.
    pub offer: OfferNo,
    /// When the offer stops waiting; unknown until the mail was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When the person answered; empty again after an undo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

impl TokenRecord {
    /// Whether `token` is the link that this record was made for.
    pub fn matches(&self, token: &Token) -> bool {
        token.has(&self.token_id, &self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> LinkKey {
        LinkKey::new([byte; 32], "jada")
    }

    fn offer(key: &LinkKey, charter_id: &CharterId, no: u32, crew_id: &str, made_at: &str) -> Offer {
        let (crew_id, made_at) = (crew_id.parse().unwrap(), made_at.parse().unwrap());
        let ask = Ask { charter_id, offer: OfferNo(no), crew_id: &crew_id, made_at };
        let token_id = key.new_token_id(&ask);
        serde_json::from_value(serde_json::json!({
            "no": no, "seat": { "position": "captain", "number": 1 }, "crew_id": crew_id, "round": 1, "revision": 1,
            "token_id": token_id, "state": "queued", "made_at": made_at,
        }))
        .unwrap()
    }

    #[test]
    fn an_offer_has_one_link_and_no_other_offer_shares_it() {
        let (a, b) = ("a".parse().unwrap(), "b".parse().unwrap());
        let (noon, later) = ("2026-06-20T12:00:00Z", "2026-06-20T12:00:01Z");
        let token = |key: u8, charter: &CharterId, no, who, at| {
            self::key(key).offer_token(charter, &offer(&self::key(key), charter, no, who, at))
        };
        let first = token(1, &a, 1, "dana", noon);
        assert_eq!(first, token(1, &a, 1, "dana", noon));
        assert!(first.id.as_str().starts_with("jada_crew_"));
        for other in [
            token(1, &a, 2, "dana", noon),
            token(1, &b, 1, "dana", noon),
            token(2, &a, 1, "dana", noon),
            token(1, &a, 1, "gene", noon),
            token(1, &a, 1, "dana", later),
        ] {
            assert_ne!(first.id, other.id);
            assert_ne!(first.secret, other.secret);
        }
    }

    #[test]
    fn a_link_keeps_the_prefix_that_it_was_made_with() {
        let a = "a".parse().unwrap();
        let made = offer(&key(1), &a, 1, "dana", "2026-06-20T12:00:00Z");
        let renamed = LinkKey::new([1; 32], "harbor");
        assert_eq!(renamed.offer_token(&a, &made), key(1).offer_token(&a, &made));
    }

    #[test]
    fn a_sign_in_link_is_its_own() {
        let id = key(1).new_sign_in_id("abc");
        assert_eq!(id.as_str(), "jada_office_abc");
        assert_eq!(key(1).sign_in_token(&id), key(1).sign_in_token(&id));
        let secret = key(1).sign_in_token(&id).secret;
        assert_ne!(secret, key(2).sign_in_token(&id).secret);
        assert_ne!(secret, key(1).sign_in_token(&key(1).new_sign_in_id("abd")).secret);
    }

    #[test]
    fn a_token_reads_back_and_only_the_whole_one_matches() {
        let charter: CharterId = "charter_5678".parse().unwrap();
        let made = offer(&key(1), &charter, 1, "dana-reyes", "2026-06-20T12:00:00Z");
        let token = key(1).offer_token(&charter, &made);
        let record = TokenRecord {
            token_id: token.id.clone(),
            digest: token.digest(),
            purpose: Purpose::Accept,
            crew_id: "dana-reyes".parse().unwrap(),
            charter_id: charter.clone(),
            offer: OfferNo(1),
            expires_at: None,
            used_at: None,
        };
        let read: Token = token.reveal().parse().unwrap();
        assert!(record.matches(&read));
        let forged: Token = format!("{}.{}", token.id, "a".repeat(52)).parse().unwrap();
        assert!(!record.matches(&forged));
        assert!(!format!("{token:?} {:?}", key(1)).contains(&read.secret));
        for bad in ["", ".", "abc", "abc.", ".abc", "a b.c", "a.b\n c", "a.b.c", &"x".repeat(300)] {
            assert!(bad.parse::<Token>().is_err(), "{bad:?} was taken");
        }
    }
}

//! The tokens in crew links.
//!
//! A token reads `jada_crew_k3v9….SECRET`. The half before the dot is public: it is the key of the
//! stored record, it is what people quote and what the audit shows. Of the secret half only a
//! digest is stored. Both halves are derived from the operator's link key and from what the link is
//! for, so a mail that is sent again carries the same link, and no secret waits in the outbox.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::cascade::OfferNo;
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
pub struct TokenId(String);

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
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, secret hidden)", self.id)
    }
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
                Ok(Self { id: TokenId(id.to_owned()), secret: secret.to_owned() })
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

    /// The public half of the link for one offer.
    pub fn offer_token_id(&self, charter_id: &CharterId, offer: OfferNo) -> TokenId {
        let id = self.derive("id", charter_id, offer);
        TokenId(format!("{}_crew_{}", self.prefix, &id[..16]))
    }

    /// The link for one offer. The same offer always has the same link.
    pub fn offer_token(&self, charter_id: &CharterId, offer: OfferNo) -> Token {
        Token { id: self.offer_token_id(charter_id, offer), secret: self.derive("secret", charter_id, offer) }
    }

    /// 256 bits that only the key's owner can compute, as lower-case base 32. The separator cannot
    /// occur in an id, so no two inputs read alike.
    fn derive(&self, half: &str, charter_id: &CharterId, offer: OfferNo) -> String {
        // HMAC pads its key with zeros to the hash's block (RFC 2104, 2).
        let mut block = [0; 64];
        block[..self.key.len()].copy_from_slice(&self.key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(format!("accept\n{half}\n{charter_id}\n{offer}").as_bytes());
        BASE32_NOPAD.encode(&mac.finalize().into_bytes()).to_ascii_lowercase()
    }
}

/// What a link may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Answer one offer, and take an accept back for a few minutes.
    Accept,
}

/// The stored record of one link.
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
    /// Whether `token` is the link that this record was made for. Takes the same time whatever the
    /// answer is, so that a digest cannot be guessed byte by byte.
    pub fn matches(&self, token: &Token) -> bool {
        self.token_id == token.id && bool::from(self.digest.as_bytes().ct_eq(token.digest().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> LinkKey {
        LinkKey::new([byte; 32], "jada")
    }

    #[test]
    fn an_offer_has_one_link_and_no_other_offer_shares_it() {
        let (a, b) = ("a".parse().unwrap(), "b".parse().unwrap());
        let token = key(1).offer_token(&a, OfferNo(1));
        assert_eq!(token, key(1).offer_token(&a, OfferNo(1)));
        assert!(token.id.as_str().starts_with("jada_crew_"));
        for other in [
            key(1).offer_token(&a, OfferNo(2)),
            key(1).offer_token(&b, OfferNo(1)),
            key(2).offer_token(&a, OfferNo(1)),
        ] {
            assert_ne!(token.reveal(), other.reveal());
        }
    }

    #[test]
    fn a_token_reads_back_and_only_the_whole_one_matches() {
        let charter: CharterId = "charter_5678".parse().unwrap();
        let token = key(1).offer_token(&charter, OfferNo(1));
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

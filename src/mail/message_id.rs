//! The ids that mails are threaded by.

use std::fmt;
use std::str::FromStr;

use crewcall_dispatch::model::Email;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The longest message id that is taken, in bytes: it must fit on one header line (RFC 5322,
/// 2.1.1: 998), and no real one comes near.
const ID_BYTES: usize = 250;

/// A message id (RFC 5322, 3.6.4) without its angle brackets, fit to stand in a header as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

impl MessageId {
    /// The id of the mail with this outbox key, under the sender's domain. The same key gives the
    /// same id, so a mail that is sent again is recognised by mailboxes as the one they have.
    pub fn for_key(key: &str, sender: &Email) -> Self {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(key)[..16]);
        Self(format!("{digest}@{}", sender.domain()))
    }

    /// The id without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageId {
    type Err = String;

    /// Reads an id with or without its angle brackets.
    fn from_str(text: &str) -> Result<Self, String> {
        let bare = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
        let fits = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !b"<>()\",;\\@".contains(&b))
        };
        match bare.split_once('@') {
            Some((left, right)) if fits(left) && fits(right) && bare.len() <= ID_BYTES => {
                Ok(Self(bare.to_owned()))
            }
            _ => Err(format!("is {text:?}; a message id reads <something@example.com>")),
        }
    }
}

impl TryFrom<String> for MessageId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> Self {
        id.0
    }
}

impl fmt::Display for MessageId {
    /// With angle brackets, as headers have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_carry_a_header() {
        assert_eq!(
            "<a.b+c=d@mail.example.com>".parse::<MessageId>().unwrap().as_str(),
            "a.b+c=d@mail.example.com"
        );
        let long = format!("{}@example.com", "a".repeat(ID_BYTES));
        for bad in [
            "",
            "<>",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "<a@b> <c@d>",
            "a@b\r\nBcc: x@example.com",
            "ä@b",
            "a b@c",
            &long,
        ] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_key_has_one_id_and_another_key_another() {
        let sender: Email = "crew@example.com".parse().unwrap();
        let id = MessageId::for_key("offer/7\r\nBcc: x", &sender);
        assert_eq!(id, MessageId::for_key("offer/7\r\nBcc: x", &sender));
        assert_ne!(id, MessageId::for_key("offer/8", &sender));
        assert_eq!(id.to_string().parse::<MessageId>().unwrap(), id);
    }
}

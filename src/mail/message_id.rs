//! The ids that mails are threaded by.

use std::fmt;

use crewcall_dispatch::model::Email;
use sha2::{Digest, Sha256};

/// A message id (RFC 5322, 3.6.4) without its angle brackets, fit to stand in a header as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    fn a_key_has_one_id_and_another_key_another() {
        let sender: Email = "crew@example.com".parse().unwrap();
        let id = MessageId::for_key("offer/7\r\nBcc: x", &sender);
        assert_eq!(id, MessageId::for_key("offer/7\r\nBcc: x", &sender));
        assert_ne!(id, MessageId::for_key("offer/8", &sender));
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"<>@.".contains(&b);
        assert!(id.to_string().bytes().all(plain), "{id} could carry more than an id");
    }
}

//! Links of a person, bound to no charter: to their own page, and to their calendar.
//!
//! They are good until they are ended. Then the person has links of the next number, so that whoever was shown an
//! old one has nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{LinkKey, Purpose, Token, TokenId};
use crate::model::{CharterId, CrewId};

/// What a person's link is made for. In a store that was restored from a backup a number may come a second time; a
/// link that was ended must not live again by that, so the instant belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// What it opens: [`Purpose::MyPage`] or [`Purpose::Calendar`].
    pub purpose: Purpose,
    /// Whose it is.
    pub crew_id: &'a CrewId,
    /// How many of that purpose the person had before, and one.
    pub number: u32,
    /// When it was made.
    pub made_at: Timestamp,
}

impl LinkKey {
    /// The public half of a person's link that is about to be made.
    pub fn new_own_id(&self, own: &Own<'_>) -> TokenId {
        let kind = match own.purpose {
            Purpose::Accept => "crew",
            Purpose::MyPage => "page",
            Purpose::Calendar => "calendar",
        };
        self.token_id(kind, &own.derived(self, "id"))
    }

    /// The id of somebody's entry for a charter in their calendar: always the same, and never another operator's.
    pub fn calendar_uid(&self, charter_id: &CharterId, crew_id: &CrewId) -> String {
        format!("{}@crewcall", &self.derive(&format!("calendar-entry\n{charter_id}\n{crew_id}"))[..32])
    }

    /// A person's link, under the public half that it was made with.
    pub fn own_token(&self, token_id: TokenId, own: &Own<'_>) -> Token {
        Token { id: token_id, secret: own.derived(self, "secret") }
    }
}

impl Own<'_> {
    fn derived(&self, key: &LinkKey, half: &str) -> String {
        let Own { purpose, crew_id, number, made_at } = self;
        let purpose = match purpose {
            Purpose::Accept => "accept",
            Purpose::MyPage => "my-page",
            Purpose::Calendar => "calendar",
        };
        key.derive(&format!("{purpose}\n{half}\n{crew_id}\n{number}\n{made_at}"))
    }
}

/// The stored record of a person's link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OwnRecord {
    /// The public half; the record's key.
    pub token_id: TokenId,
    /// SHA-256 of the secret half, in hexadecimal.
    pub digest: String,
    /// What the link opens.
    pub purpose: Purpose,
    /// Whose it is.
    pub crew_id: CrewId,
    /// Which of the person's it is; it ends when there is one of a later number.
    pub number: u32,
    /// When it was made.
    pub made_at: Timestamp,
}

impl OwnRecord {
    /// The record of a link.
    pub fn new(token: &Token, own: &Own<'_>) -> Self {
        let Own { purpose, crew_id, number, made_at } = *own;
        let (token_id, digest) = (token.id.clone(), token.digest());
        Self { token_id, digest, purpose, crew_id: crew_id.clone(), number, made_at }
    }

    /// Whether `token` is the link that this record was made for.
    pub fn matches(&self, token: &Token) -> bool {
        token.has(&self.token_id, &self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(key: u8, purpose: Purpose, crew_id: &str, number: u32, made_at: &str) -> (Token, OwnRecord) {
        let key = LinkKey::new([key; 32], "jada");
        let (crew_id, made_at) = (crew_id.parse().unwrap(), made_at.parse().unwrap());
        let own = Own { purpose, crew_id: &crew_id, number, made_at };
        let token = key.own_token(key.new_own_id(&own), &own);
        let record = OwnRecord::new(&token, &own);
        (token, record)
    }

    #[test]
    fn a_link_is_one_persons_for_one_purpose_and_one_number() {
        let noon = "2026-06-20T12:00:00Z";
        let (first, record) = token(1, Purpose::MyPage, "dana", 1, noon);
        assert!(first.id.as_str().starts_with("jada_page_"));
        assert_eq!(
            first,
            token(1, Purpose::MyPage, "dana", 1, noon).0,
            "a mail that is repeated has the same"
        );
        assert!(record.matches(&first.reveal().parse().unwrap()));
        for (other, _) in [
            token(2, Purpose::MyPage, "dana", 1, noon),
            token(1, Purpose::Calendar, "dana", 1, noon),
            token(1, Purpose::MyPage, "gene", 1, noon),
            token(1, Purpose::MyPage, "dana", 2, noon),
            token(1, Purpose::MyPage, "dana", 1, "2026-06-20T12:00:01Z"),
        ] {
            assert_ne!(first.id, other.id);
            assert_ne!(first.secret, other.secret);
            assert!(!record.matches(&other));
            let forged = Token { id: first.id.clone(), secret: other.secret };
            assert!(!record.matches(&forged));
        }
    }
}

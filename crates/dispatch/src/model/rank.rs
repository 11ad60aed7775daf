//! Ranks of people, which are also the positions on a charter: a deckhand fills a deckhand's seat.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::limits;

/// A rank or position: a lower-case word such as `captain`, `mate`, `deckhand`, `host`.
///
/// Which words an operator uses is a setting; here only the form is checked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Rank(Arc<str>);

impl Rank {
    /// The one rank that every charter needs, and that is asked first.
    pub const CAPTAIN: &str = "captain";

    /// The captain's rank.
    pub fn captain() -> Self {
        Self(Self::CAPTAIN.into())
    }

    /// Whether this is the captain's rank.
    pub fn is_captain(&self) -> bool {
        *self.0 == *Self::CAPTAIN
    }

    /// The word itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Rank {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let word = word.trim().to_ascii_lowercase();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if word.is_empty() {
            return Err("is empty; give a rank such as captain, mate, deckhand or host".into());
        }
        if word.len() > limits::RANK_CHARS || !word.chars().all(plain) {
            return Err(format!(
                "is {word:?}; a rank is one word of letters, digits and hyphens, at most {} characters",
                limits::RANK_CHARS
            ));
        }
        Ok(Self(word.into()))
    }
}

impl TryFrom<String> for Rank {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        word.parse()
    }
}

impl From<Rank> for String {
    fn from(rank: Rank) -> String {
        rank.0.as_ref().to_owned()
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

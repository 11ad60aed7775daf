//! Ids of charters and crew members, as the operator's other tools write them.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::limits;

/// Ids stand in URLs, mail headers, keys of the store and file names: letters, digits and `-_.:@`.
fn check(id: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err("is empty; give an id such as \"dana-reyes\"".into());
    }
    let length = id.chars().count();
    if length > limits::ID_CHARS {
        return Err(format!("has {length} characters; an id has at most {}", limits::ID_CHARS));
    }
    if let Some(c) = id.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_.:@".contains(*c))) {
        return Err(format!("has the character {c:?}; an id is made of letters, digits and - _ . : @"));
    }
    // In a URL, `.` and `..` lead elsewhere.
    if !id.contains(|c: char| c.is_ascii_alphanumeric()) {
        return Err(format!("is {id:?}; an id has at least one letter or digit"));
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        // Shared, because a charter's state is copied for every decision, and has hundreds of them.
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = String;
            fn from_str(id: &str) -> Result<Self, String> {
                check(id).map(|()| Self(id.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(id: String) -> Result<Self, String> {
                check(&id).map(|()| Self(id.into()))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// One charter: `charter_5678`.
    CharterId
}

id! {
    /// One crew member: `dana-reyes`.
    CrewId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_plain_and_short() {
        assert_eq!("charter_5678".parse::<CharterId>().unwrap().as_str(), "charter_5678");
        for bad in ["", "a b", "a/b", "a\nb", "ä", "a#1", ".", "..", "-", &"x".repeat(65)] {
            assert!(bad.parse::<CrewId>().is_err(), "{bad:?} was taken");
        }
    }
}

//! Licences and other papers of one person.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// One paper, and until when it holds. What it is called is the key under which it stands:
/// `oupv`, `master`, `medical`, `drug_program`, or a word of the operator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credential(Option<Date>);

impl Credential {
    /// The last day on which it is valid; `None` if it has no end.
    pub fn expires(self) -> Option<Date> {
        self.0
    }
}

impl FromStr for Credential {
    type Err = String;
    fn from_str(words: &str) -> Result<Self, String> {
        match words {
            "valid" => Ok(Self(None)),
            _ => super::fields::date_of(words)
                .map(|date| Self(Some(date)))
                .map_err(|problem| format!("{problem}; or \"valid\" if it has no end")),
        }
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(date) => write!(f, "{date}"),
            None => f.write_str("valid"),
        }
    }
}

//! How a person is reached.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits;

/// An e-mail address that can stand in a mail header and an SMTP command as it is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || format!("is {text:?}; write one address such as dana@example.com");
        if text.len() > limits::EMAIL_CHARS {
            return Err(format!(
                "has {} characters; an address has at most {}",
                text.len(),
                limits::EMAIL_CHARS
            ));
        }
        // Quoted local parts and domain literals are legal, unused, and a way to smuggle text.
        if !text.is_ascii() || text.bytes().any(|b| b.is_ascii_control() || b" \"()<>[],;:\\".contains(&b)) {
            return Err(wrong());
        }
        let options = email_address::Options::default().with_required_tld().without_display_text();
        email_address::EmailAddress::parse_with_options(text, options).map_err(|_| wrong())?;
        Ok(Self(text.to_owned()))
    }
}

/// A phone number as people write it. Kept as written; only its characters are checked.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl Phone {
    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Phone {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = |c: char| c.is_ascii_digit() || "+-() ./x".contains(c);
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits < 3 || text.len() > limits::PHONE_CHARS || !text.chars().all(plain) {
            return Err(format!("is {text:?}; write a number such as +1-619-555-0142"));
        }
        Ok(Self(text.to_owned()))
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
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
as_text!(Email);
as_text!(Phone);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_carry_a_header_or_a_command() {
        assert_eq!("dana@example.com".parse::<Email>().unwrap().domain(), "example.com");
        for bad in [
            "",
            "dana",
            "dana@",
            "@example.com",
            "dana@example",
            "a b@example.com",
            "dana@example.com\r\nBcc: x@example.com",
            "dana@example.com>",
            "\"a b\"@example.com",
            "dana@[127.0.0.1]",
            "Dana <dana@example.com>",
            "a@example.com,b@example.com",
            "däna@example.com",
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn a_phone_number_is_kept_as_written() {
        assert_eq!("+1-619-555-0142".parse::<Phone>().unwrap().as_str(), "+1-619-555-0142");
        assert!("call Dana".parse::<Phone>().is_err());
        assert!("+1\n555".parse::<Phone>().is_err());
    }
}

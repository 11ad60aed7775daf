//! Why a sign-in no longer holds, and what usually brings that about.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Scope;

/// How long a sign-in lives in a project whose consent screen is external and in testing.
pub(crate) const TESTING: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So near to that an end is taken for it.
const ABOUT: SignedDuration = SignedDuration::from_hours(12);

/// A sign-in that no longer holds: somebody has to do something. Displayed as a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum Ended {
    /// Nobody has signed in yet.
    Never,
    /// What somebody signed in with cannot be used.
    Unusable {
        /// Why.
        why: String,
    },
    /// What somebody signed in with cannot be read.
    Unreadable {
        /// Why, and what to look at.
        why: String,
    },
    /// It is a service account's, and mail is to leave by it.
    NoMailbox,
    /// Google no longer takes it (`invalid_grant`).
    Grant {
        /// What Google said.
        said: String,
        /// How long it had lived, if that is known.
        lived: Option<SignedDuration>,
    },
    /// Google no longer takes the key of a service account (`invalid_grant`).
    ServiceAccount {
        /// What Google said.
        said: String,
    },
    /// Google no longer knows the OAuth client.
    Client {
        /// What Google said.
        said: String,
    },
    /// Google refuses it for another reason.
    Refused {
        /// What Google said.
        said: String,
    },
    /// It does not go far enough.
    Scopes {
        /// What is missing, as Google writes it.
        missing: Vec<String>,
    },
}

impl Ended {
    pub(super) fn lacks(scopes: &[Scope]) -> Self {
        Self::Scopes { missing: scopes.iter().map(|scope| scope.as_str().to_owned()).collect() }
    }

    /// Which of them it is: two in a row are told one by one.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Unusable { .. } => "unusable",
            Self::Unreadable { .. } => "unreadable",
            Self::NoMailbox => "no-mailbox",
            Self::Grant { .. } => "grant",
            Self::ServiceAccount { .. } => "assertion",
            Self::Client { .. } => "client",
            Self::Refused { .. } => "refused",
            Self::Scopes { .. } => "scopes",
        }
    }

    /// What usually brings it about, the likeliest first
    /// (developers.google.com/identity/protocols/oauth2#expiration).
    pub fn causes(&self) -> Vec<&'static str> {
        const IN_TESTING: &str = "the consent screen of the project is External and in Testing, where a sign-in ends after seven \
             days: publish it, or make it Internal, before you sign in again";
        const OTHERS: [&str; 4] = [
            "the password of the account was changed",
            "the access was taken back at myaccount.google.com/connections, or by an administrator",
            "it was not used for six months",
            "the account has more than 100 sign-ins for this client, of which the oldest end",
        ];
        match self {
            Self::Never | Self::Unusable { .. } | Self::Unreadable { .. } | Self::NoMailbox => Vec::new(),
            Self::Grant { lived, .. } => {
                // A day old it did not die of age, years old neither.
                let old = lived.is_some_and(|lived| lived > TESTING + ABOUT);
                let testing = [IN_TESTING].into_iter().filter(|_| !old);
                testing.chain(OTHERS).collect()
            }
            Self::ServiceAccount { .. } => vec![
                "the key or the account was deleted in Google's console",
                "the clock of this machine is wrong by more than a few minutes",
            ],
            Self::Client { .. } => vec![
                "the OAuth client was deleted, or its secret was changed, in Google's console",
                "google.client_file belongs to another project",
            ],
            Self::Refused { .. } => {
                vec!["an administrator of the account's domain does not let this program in"]
            }
            Self::Scopes { .. } => {
                vec![
                    "a box was left unticked on Google's page",
                    "something was switched on after the last sign-in",
                ]
            }
        }
    }

    /// What to do about it: a clause. `login` is the command that signs in.
    pub fn remedy(&self, login: &str) -> String {
        match self {
            Self::Never => format!("sign in with `{login}`"),
            Self::Unreadable { .. } => "see to that".into(),
            Self::NoMailbox => format!(
                "have mail leave by SMTP ([mail] transport), or name another place in [google] and sign in as a person with \
                 `{login}`"
            ),
            Self::ServiceAccount { .. } => {
                "make a new key for the account in Google's console and put it where the old one stands"
                    .into()
            }
            Self::Client { .. } => format!(
                "see to the client in Google's console, name its file in google.client_file, and sign in again with \
                 `{login}`"
            ),
            Self::Unusable { .. } | Self::Grant { .. } | Self::Refused { .. } | Self::Scopes { .. } => {
                format!("sign in again with `{login}`")
            }
        }
    }

    /// All of it, as a command tells it.
    pub fn told(&self, login: &str) -> String {
        told(&self.to_string(), &self.causes(), &self.remedy(login))
    }

    /// Whether it ended just when sign-ins of a project in testing do.
    pub fn at_seven_days(&self) -> bool {
        matches!(self, Self::Grant { lived: Some(lived), .. } if (*lived - TESTING).abs() <= ABOUT)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => write!(f, "nobody has signed in at Google yet"),
            Self::Unusable { why } => write!(f, "there is no sign-in at Google that can be used: {why}"),
            Self::Unreadable { why } => write!(f, "the sign-in at Google cannot be read: {why}"),
            Self::NoMailbox => {
                write!(
                    f,
                    "what stands in [google] is the key of a service account, which has no mailbox to send from"
                )
            }
            Self::Grant { said, .. } if self.at_seven_days() => {
                write!(f, "Google has ended the sign-in, after seven days ({said})")
            }
            Self::Grant { said, .. } => write!(f, "Google has ended the sign-in ({said})"),
            Self::ServiceAccount { said } => {
                write!(f, "Google does not take the key of the service account ({said})")
            }
            Self::Client { said } => write!(f, "Google does not take the OAuth client ({said})"),
            Self::Refused { said } => write!(f, "Google refuses the sign-in ({said})"),
            Self::Scopes { missing } => {
                write!(
                    f,
                    "the sign-in at Google does not go far enough: {} is missing",
                    missing.join(" and ")
                )
            }
        }
    }
}

/// What happened, what usually brings it about, and the way out, as a command tells it.
pub(crate) fn told(why: &str, causes: &[impl AsRef<str>], remedy: &str) -> String {
    let causes: Vec<&str> = causes.iter().map(AsRef::as_ref).collect();
    let causes = match causes.as_slice() {
        [] => String::new(),
        causes => format!(" What usually brings that about: {}.", causes.join("; ")),
    };
    format!("{why}.{causes} Nothing that is queued is lost: {remedy}, and everything goes on by itself")
}

/// How long a sign-in has lived by now.
pub(super) fn lived(issued_at: Option<Timestamp>, now: Timestamp) -> Option<SignedDuration> {
    issued_at.map(|at| now.duration_since(at)).filter(|lived| lived.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_days_are_named_first_unless_they_are_long_over() {
        let ended = |hours| Ended::Grant {
            said: "invalid_grant: Token has been expired or revoked".into(),
            lived: Some(SignedDuration::from_hours(hours)),
        };
        for (hours, at_seven_days, first) in [
            (168, true, "consent screen"),
            (160, true, "consent screen"),
            (20, false, "consent screen"),
            (400, false, "password"),
        ] {
            let ended = ended(hours);
            assert_eq!(ended.at_seven_days(), at_seven_days, "{hours}");
            assert!(ended.causes()[0].contains(first), "{hours}");
        }
        assert_eq!(
            ended(168).to_string(),
            "Google has ended the sign-in, after seven days (invalid_grant: Token has been expired or revoked)"
        );
    }
}

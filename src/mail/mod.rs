//! Mail as a thing to hand over: what one mail is, and the ways it can go wrong.
//!
//! A [`Transport`] hands one [`Mail`] to a peer and says what became of it. The four kinds of
//! [`SendError`] are the whole point: they decide whether a person counts as unreachable, whether
//! the mail is repeated, and whether a human has to look. What the mails say is written elsewhere.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`mime`] | a mail as the bytes that travel |
//! | [`smtp`] | hand-over to an SMTP server |
//! | [`file`](mod@file) | hand-over to a folder, one `.eml` each |
//! | [`gmail`] | hand-over to Gmail's API |
//! | [`paced`] | so many mails a minute |
//! | [`ways`] | the way that mail takes, and another one for alerts |
//! | [`mailbox`] | hand-over to memory: the demo's inbox, and the tests' |

pub mod file;
pub mod gmail;
pub mod mailbox;
mod message_id;
pub mod mime;
pub mod paced;
pub mod smtp;
pub mod ways;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use crewcall_dispatch::model::Email;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use message_id::MessageId;

use crate::google::{Standing, told};
use crate::plain::one_line;

/// One end of a mail: `Dana Reyes <dana@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What people read. Free text: [`mime`] makes sure that it stays a name.
    pub name: String,
    /// Where the mail goes.
    pub email: Email,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            write!(f, "{}", self.email)
        } else {
            write!(f, "{} <{}>", self.name, self.email)
        }
    }
}

impl FromStr for Address {
    type Err = String;

    /// Reads `dana@example.com` and `Dana Reyes <dana@example.com>`, as settings have them.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let Some((name, rest)) = text.rsplit_once('<') else {
            return Ok(Self { name: String::new(), email: text.parse()? });
        };
        let email = rest.strip_suffix('>').ok_or("has a < without its >; write Name <name@example.com>")?;
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
        Ok(Self { name: name.to_owned(), email: email.parse()? })
    }
}

/// One mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The deterministic key of its outbox row: the same key is the same mail.
    pub key: String,
    /// Who it is from, in the header and in the envelope.
    pub from: Address,
    /// The one person it goes to.
    pub to: Address,
    /// One line of free text.
    pub subject: String,
    /// The text for readers without HTML; any line ends.
    pub text: String,
    /// The same as an HTML page; any line ends.
    pub html: String,
    /// Its own id. The same at every try, so that mailboxes can tell a repeated mail.
    pub message_id: MessageId,
    /// The first mail of the thread_id: `In-Reply-To` and `References`.
    pub thread_root: Option<MessageId>,
    /// The time in its `Date` header.
    pub date: Timestamp,
    /// What it is for: which goes first where not all can leave.
    pub purpose: Purpose,
    /// What comes with it.
    pub attachments: Vec<Attachment>,
    /// The thread in the sender's own mailbox to which it belongs, by the peer's name for it: what the
    /// [`Receipt`] of an earlier mail had.
    pub thread_id: Option<String>,
}

/// What a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The office has to hear that something needs a person. Takes another way where the first is shut.
    Alert,
    /// A question to crew, or news of a charter.
    Charter,
    /// A statement: it can wait until the others are through.
    Statement,
    /// A link by which somebody signs in. Anybody can ask for one, so it takes no more than half of the mails of a day. Takes
    /// another way, as an alert does.
    SignIn,
}

impl Purpose {
    /// Whether it takes another way where the first is shut.
    pub fn takes_another_way(self) -> bool {
        matches!(self, Self::Alert | Self::SignIn)
    }
}

/// A file that comes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, as people save it.
    pub name: String,
    /// Its media type, such as `text/csv`.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Whether a mail may leave now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// At once.
    Now,
    /// Now, after a while in which other things may have happened.
    Waited,
    /// Not before that time, and why.
    Later(Timestamp, String),
}

/// That no mail leaves until somebody does something, or the peer is well again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// The same trouble has the same key.
    pub key: String,
    /// What happened: a clause that may be the beginning of a sentence.
    pub why: String,
    /// What usually brings it about.
    pub causes: Vec<String>,
    /// What to do about it: a clause.
    pub remedy: String,
    /// What shows that it is over.
    #[serde(default)]
    pub over: Over,
}

/// What shows that a trouble is over, to whoever looks and does not find it: another process may have found it, or this one
/// before it began anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// That it is not found.
    #[default]
    NotFound,
    /// An access token that was had since, or another sign-in than the one with this fingerprint.
    Token {
        /// See [`crate::google::Standing::fingerprint`].
        fingerprint: String,
    },
    /// A mail that left since, or another sign-in than the one with this fingerprint.
    Mail {
        /// The same.
        fingerprint: String,
    },
}

impl Stopped {
    /// All of it, as a command tells it.
    pub fn told(&self) -> String {
        told(&format!("no mail leaves: {}", self.why), &self.causes, &self.remedy)
    }
}

/// What became of a mail, as far as it says something of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Last {
    /// The way is open.
    Left,
    /// It did not leave, and why.
    Failed(String),
}

/// How a way to send stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Why nothing leaves until somebody does something.
    pub stopped: Option<Stopped>,
    /// It could not be found out whether that is over: what was known before still counts.
    pub unknown: bool,
    /// Why alerts could not take the other way.
    pub fallback: Option<Stopped>,
    /// Why no mail could leave at present, found without one; it may pass.
    pub failing: Option<String>,
    /// What became of the last mail that this process tried to send, and how long ago that was.
    pub last: Option<(Last, Duration)>,
    /// The sign-in at Google by which mail leaves, where there is one.
    pub sign_in: Option<Standing>,
    /// The one by which alerts leave.
    pub fallback_sign_in: Option<Standing>,
}

/// A way to hand mail over.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Hands one mail over. `Ok` means that the peer has taken it and answers for it from then on.
    ///
    /// # Errors
    /// See [`SendError`]: each kind asks for something else.
    async fn send(&self, mail: &Mail) -> Result<Receipt, SendError>;

    /// Whether no mail of that purpose leaves until somebody does something: then it is not worth a look.
    async fn is_stopped(&self, _purpose: Purpose) -> bool {
        false
    }

    /// Waits until one more mail of that purpose may leave, where so many a minute may. What would take long is not
    /// waited for.
    async fn turn(&self, _purpose: Purpose) -> Turn {
        Turn::Now
    }

    /// Whether the peer keeps what was sent in threads, and tells them in its [`Receipt`].
    fn keeps_threads(&self) -> bool {
        false
    }

    /// How many mails may leave in 24 hours, where the peer takes no more.
    fn per_day(&self) -> Option<u32> {
        None
    }

    /// Another way, which alerts take while this one is shut.
    fn other_way(&self) -> Option<Arc<dyn Transport>> {
        None
    }

    /// Has whatever a mail needs before it leaves, and says how things stand. Called now and then also while there is no
    /// mail, so that a sign-in that has ended is noticed before the mail that needs it.
    async fn ready(&self) -> Readiness {
        Readiness::default()
    }

    /// No mail comes for a while: whatever is kept open for the next one is closed.
    async fn rest(&self) {}

    /// Tries everything short of a mail: the connection, its encryption, the sign-in.
    ///
    /// # Errors
    /// [`SendError::Unavailable`], with what to look at.
    async fn check(&self) -> Result<(), SendError>;
}

/// That a mail was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The peer's answer, often with its queue number, as one line that can be logged.
    pub at_peer: String,
    /// The thread in which the peer keeps it, if it does.
    pub thread_id: Option<String>,
}

impl Receipt {
    /// A receipt with the peer's answer, whatever it contains.
    pub fn new(answer: &str) -> Self {
        Self { at_peer: one_line(answer), thread_id: None }
    }
}

/// Why a mail was not handed over, by what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// A definite no to this recipient or to this mail: as it is, it will never go out.
    #[error("the mail was refused for good: {reason}")]
    Refused {
        /// Who said what, for the operator.
        reason: String,
        /// The address itself is at fault: no mail will arrive there. Else it may be this mail, or its sender.
        bad_address: bool,
    },
    /// A definite "not now" once the mail had been announced: try this mail again later.
    #[error("the mail was put off, and can be tried again later: {reason}")]
    Deferred {
        /// Who said what, for the operator.
        reason: String,
    },
    /// The mail was never handed over, and not because of its recipient: no name, no connection,
    /// no encryption, no sign-in, or our sender not wanted. Safe to repeat; nobody is unreachable.
    #[error("mail cannot be sent at present: {reason}")]
    Unavailable {
        /// What failed and where to look, for the operator.
        reason: String,
    },
    /// The mail was sent and no answer came. It may have been taken, and only people can tell.
    #[error("the mail may or may not have arrived: {reason}")]
    Ambiguous {
        /// What was missing, for the operator.
        reason: String,
    },
}

impl SendError {
    /// The part of the sentence that is particular to this case.
    pub fn reason(&self) -> &str {
        match self {
            Self::Refused { reason, .. }
            | Self::Deferred { reason }
            | Self::Unavailable { reason }
            | Self::Ambiguous { reason } => reason,
        }
    }
}

#[cfg(test)]
mod tests;

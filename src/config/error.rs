//! What can be wrong with settings.

use std::fmt;
use std::path::PathBuf;

use super::LinkKeyError;
use crate::import::input::InputError;
use crate::secret::SecretError;
use crate::store::StoreError;

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is neither a file nor a variable.
    #[error(
        "there is no {} here; `crewcall init` writes one, and `crewcall --config FILE` names another",
        .0.display()
    )]
    None(PathBuf),
    /// The file cannot be read.
    #[error("the settings cannot be read: {0}")]
    File(#[from] InputError),
    /// The file is not TOML.
    #[error("{} is not TOML: {problem}; correct it there", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What the parser found, with the line.
        problem: String,
    },
    /// Single keys are wrong.
    #[error("the settings have {} faults", .0.len())]
    Faults(Vec<ConfigFault>),
    /// A secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Google cannot be spoken to at all.
    #[error(transparent)]
    Google(#[from] crate::google::HttpError),
    /// The SMTP settings do not go together.
    #[error("{place}: {source}")]
    Smtp {
        /// The file, or the variable.
        place: String,
        /// What is wrong.
        source: crate::mail::smtp::ConfigError,
    },
}

/// What is wrong with one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// The file, or the variable in the environment.
    pub place: String,
    /// The key, with its section: `mail.from`.
    pub key: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.place, self.key, self.problem)
    }
}

/// Why the program cannot start on its settings.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// This build does without DynamoDB.
    #[error(
        "this build of crewcall has no DynamoDB; build it with `cargo install --path . --features aws`, or set \
         store.kind to \"sqlite\""
    )]
    NotBuilt,
    /// Files do not last where the program runs.
    #[error("on AWS Lambda no file lasts, so that it cannot be the store; set store.kind to \"dynamodb\"")]
    Vanishes,
    /// The store is half of another one.
    #[error(
        "the store is the unfinished copy of {0}; give the `crewcall store copy` that makes it once more: it goes on \
         from where it was broken off"
    )]
    UnfinishedCopy(String),
    /// There is no link key.
    #[error(transparent)]
    LinkKey(#[from] LinkKeyError),
    /// Those at whom the office signs in cannot be spoken to at all.
    #[error(transparent)]
    Issuer(#[from] crate::google::HttpError),
}

//! What can go wrong between a command and its commit.

use crewcall_dispatch::cascade::Rejection;
use crewcall_dispatch::model::{CharterId, Rank};

use crate::store::{CommitError, Key, StoreError};

/// Why a command was not carried out. Nothing of it was written, unless the store itself failed:
/// then the same command can be given again, and finds out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppError {
    /// There is no such charter.
    #[error("there is no charter {0}")]
    NoSuchCharter(CharterId),
    /// A charter of that id is there already, and is another one.
    #[error("charter {0} exists already and differs; use another id")]
    CharterExists(CharterId),
    /// A charter of that id is there, and is off.
    #[error("the charter {0} was cancelled")]
    CharterCancelled(CharterId),
    /// The operator's settings do not know this rank.
    #[error("{0} is no rank here; [operator] ranks in crewcall.toml lists them: {1}")]
    UnknownRank(Rank, String),
    /// The rules say no.
    #[error("{0}")]
    Rejected(#[from] Rejection),
    /// Someone else finished the same piece of work.
    #[error("{0} was changed elsewhere in the meantime; look at it again, then repeat the command")]
    Superseded(Key),
    /// A key of another request.
    #[error("another request was sent under this key; give each request a key of its own")]
    KeyUsed,
    /// What is too much for one commit was written in part, and then something went wrong.
    #[error("only {written} of {of} people are written; do it once more, and the rest is written")]
    Partly {
        /// Whose records are written.
        written: usize,
        /// How many were to be.
        of: usize,
        /// What went wrong. Of whoever came next it may be uncertain.
        #[source]
        why: Box<AppError>,
    },
    /// Others were faster every time.
    #[error("others changed charter {0} at the same time, again and again; try once more")]
    Contended(CharterId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CommitError> for AppError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(key) => Self::Superseded(key),
            CommitError::Store(error) => Self::Store(error),
        }
    }
}

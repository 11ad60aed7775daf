//! A command under a key of its sender's choosing: sent again, it is not carried out again.

use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::CharterId;
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{App, AppError, Caller};
use crate::store::{Expect, Record, Table, Write, read};

/// For how long a key is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// The key of a command that was carried out.
#[derive(Debug, Serialize, Deserialize)]
struct Once {
    id: String,
    forget_at: Timestamp,
}

impl Record for Once {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn due_at(&self) -> Option<Timestamp> {
        Some(self.forget_at)
    }
}

impl App {
    /// As [`App::run`], but the same a second time under the same key does nothing. A key counts for one person, one
    /// charter and one command, and is forgotten after a day.
    ///
    /// # Errors
    /// As [`App::run`].
    pub async fn run_once(
        &self,
        id: &CharterId,
        command: &Command,
        caller: &Caller,
        key: &str,
    ) -> Result<CharterState, AppError> {
        let whole = format!("{id}\n{:?}\n{:?}\n{command:?}\n{key}", caller.by, caller.comment);
        let once = Once {
            id: format!("once-{}", HEXLOWER.encode(&Sha256::digest(whole))),
            forget_at: self.clock.now() + REMEMBERED,
        };
        if read::<Once>(&*self.store, &once.id).await?.is_some() {
            return self.charter(id).await;
        }
        match self.run_with(id, command, caller, vec![Write::put(&once, Expect::Absent)?]).await {
            Err(AppError::Superseded(_)) => self.charter(id).await,
            other => other,
        }
    }
}

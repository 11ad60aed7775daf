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

/// What a request was that came under a key. A key counts for one caller and one thing that is asked for, for a day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Once {
    id: String,
    /// The digest of the request.
    request: String,
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

fn digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text))
}

impl App {
    /// The mark of a request that may be sent again under its key; `of` is what is asked for: `commands/ch`.
    pub fn once(&self, of: &str, caller: &Caller, key: &str, request: &str) -> Once {
        Once {
            id: format!("once-{}", digest(&format!("{of}\n{:?}\n{key}", caller.by))),
            request: digest(request),
            forget_at: self.clock.now() + REMEMBERED,
        }
    }

    /// Whether the request was carried out already.
    ///
    /// # Errors
    /// [`AppError::KeyUsed`] if it was another one that had this key, or a failing store.
    pub async fn was_carried_out(&self, once: &Once) -> Result<bool, AppError> {
        match read::<Once>(&*self.store, &once.id).await? {
            Some(known) if known.value.request == once.request => Ok(true),
            Some(_) => Err(AppError::KeyUsed),
            None => Ok(false),
        }
    }

    /// The same of a request that may have no key.
    pub(super) async fn is_done(&self, once: Option<&Once>) -> Result<bool, AppError> {
        match once {
            Some(once) => self.was_carried_out(once).await,
            None => Ok(false),
        }
    }

    /// As [`App::run`], unless it is a request that was carried out already.
    ///
    /// # Errors
    /// As [`App::run`] and [`App::was_carried_out`].
    pub async fn run_under(
        &self,
        once: Option<&Once>,
        id: &CharterId,
        command: &Command,
        caller: &Caller,
    ) -> Result<CharterState, AppError> {
        let Some(once) = once else { return self.run(id, command, caller).await };
        if self.was_carried_out(once).await? {
            return self.charter(id).await;
        }
        let done = self.run_with(id, command, caller, vec![Write::put(once, Expect::Absent)?]).await;
        match done {
            // The same came in between, or the store has it though its answer was lost.
            Err(_) if self.was_carried_out(once).await.is_ok_and(|done| done) => self.charter(id).await,
            done => done,
        }
    }

    /// As [`App::run`], for a form: the same a second time under the same key does nothing. With other words it is
    /// another one, as when somebody goes back, corrects the text, and sends it.
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
        let whole = format!("{:?}\n{command:?}", caller.comment);
        let once = self.once(id.as_str(), caller, &format!("{key}\n{whole}"), &whole);
        self.run_under(Some(&once), id, command, caller).await
    }
}

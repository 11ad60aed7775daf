//! Signs of life, from which an outage is known after the fact.

use std::sync::RwLock;

use crewcall_dispatch::policy::Outage;
use jiff::{SignedDuration, Timestamp};

use super::App;
use super::records::Heartbeat;
use crate::store::{CommitError, Expect, Store, StoreError, Table, Write, read};

/// How often a sign of life is written, at the most.
const BEAT_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// Without a sign of life for this long, the program was down: nobody could answer an offer.
const DOWN_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// The last outage, as last read from the store.
#[derive(Debug, Default)]
pub(super) struct LastOutage(RwLock<Option<Outage>>);

impl LastOutage {
    pub(super) fn get(&self) -> Option<Outage> {
        *self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn set(&self, outage: Option<Outage>) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = outage;
    }
}

impl App {
    /// Leaves a sign of life, and notices if there was none for a while. Called before anything that
    /// is due is looked at.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let last = read::<Heartbeat>(&*self.store, Heartbeat::ID).await?;
        let (beat, expect) = match last {
            None => (Heartbeat { at: now, outage: None }, Expect::Absent),
            Some(last) if now.duration_since(last.value.at) >= DOWN_AFTER => {
                let outage = Outage { from: last.value.at, until: now };
                tracing::warn!(from = %outage.from, until = %outage.until, "no sign of life for a while: open offers wait longer");
                (Heartbeat { at: now, outage: Some(outage) }, last.expect())
            }
            Some(last) if now.duration_since(last.value.at) >= BEAT_EVERY => {
                (Heartbeat { at: now, outage: last.value.outage }, last.expect())
            }
            Some(last) => {
                self.outage.set(last.value.outage);
                return Ok(());
            }
        };
        match self.store.commit(vec![Write::put(&beat, expect)?]).await {
            Ok(()) => {
                self.outage.set(beat.outage);
                self.forget_ended_sessions().await?;
            }
            // Another process was alive at the same moment, and its word stands.
            Err(CommitError::Conflict(_)) => {
                let stands = read::<Heartbeat>(&*self.store, Heartbeat::ID).await?;
                self.outage.set(stands.and_then(|read| read.value.outage));
            }
            Err(CommitError::Store(error)) => return Err(error),
        }
        Ok(())
    }

    /// Deletes sessions of the office that have ended. As often as a sign of life is often enough.
    async fn forget_ended_sessions(&self) -> Result<(), StoreError> {
        for row in self.store.due(Table::Session, self.clock.now(), 100).await? {
            let delete = Write::Delete { key: row.key, expect: Expect::Version(row.version) };
            match self.store.commit(vec![delete]).await {
                // Used at this very moment, or deleted by another process.
                Ok(()) | Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// The last sign of life of any process on this store.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn last_beat(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(read::<Heartbeat>(&*self.store, Heartbeat::ID).await?.map(|read| read.value.at))
    }
}

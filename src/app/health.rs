//! Signs of life, from which an outage is known after the fact.

use std::sync::RwLock;

use crewcall_dispatch::policy::Outage;
use jiff::{SignedDuration, Timestamp};

use super::App;
use super::records::Heartbeat;
use crate::store::{CommitError, Expect, StoreError, Write, read};

/// How often a sign of life is written, at the most.
const BEAT_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// Without a sign of life for this long, the program was down: nobody could answer an offer.
const DOWN_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// The last outage, as last read from the store.
#[derive(Debug, Default)]
pub(super) struct LastOutage(RwLock<Reading>);

/// What was read so far.
#[derive(Debug, Default, Clone, Copy)]
enum Reading {
    #[default]
    Unread,
    Read(Option<Outage>),
}

impl LastOutage {
    pub(super) fn get(&self) -> Option<Outage> {
        match *self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner) {
            Reading::Unread => None,
            Reading::Read(outage) => outage,
        }
    }

    fn is_unread(&self) -> bool {
        matches!(*self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner), Reading::Unread)
    }

    fn set(&self, outage: Option<Outage>) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Reading::Read(outage);
    }
}

impl App {
    /// Leaves a sign of life, unless there has just been one, and notices if there was none for a while.
    /// Called before anything that is due is looked at. Says whether it left one.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let last = read::<Heartbeat>(&*self.store, Heartbeat::ID).await?;
        let (beat, expect) = match last {
            None => (Heartbeat { at: now, outage: None }, Expect::Absent),
            Some(last) if now.duration_since(last.value.at) >= DOWN_AFTER => {
                let outage = Outage { from: last.value.at, until: now };
                tracing::warn!(from = %outage.from, until = %outage.until, "no sign of life for a while: open offers wait longer");
                (Heartbeat { at: now, outage: Some(outage) }, last.expected())
            }
            // Late by a beat; or in the future, because a clock was wrong.
            Some(last) if now.duration_since(last.value.at).abs() >= BEAT_EVERY => {
                (Heartbeat { at: now, outage: last.value.outage }, last.expected())
            }
            Some(last) => {
                self.outage.set(last.value.outage);
                return Ok(false);
            }
        };
        match self.store.commit(vec![Write::put(&beat, expect)?]).await {
            Ok(()) => {
                self.outage.set(beat.outage);
                Ok(true)
            }
            // Another process was alive at the same moment, and its word stands.
            Err(CommitError::Conflict(_)) => {
                let stands = read::<Heartbeat>(&*self.store, Heartbeat::ID).await?;
                self.outage.set(stands.and_then(|read| read.value.outage));
                Ok(false)
            }
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// Reads once when the program was last down, for whoever runs without a dispatcher.
    pub(super) async fn know_outage(&self) -> Result<(), StoreError> {
        if self.outage.is_unread() {
            let last = read::<Heartbeat>(&*self.store, Heartbeat::ID).await?;
            let now = self.clock.now();
            // Nobody has said yet that it is up again: this command is the first sign of life.
            let outage = last.and_then(|last| {
                let down = now.duration_since(last.value.at) >= DOWN_AFTER;
                if down { Some(Outage { from: last.value.at, until: now }) } else { last.value.outage }
            });
            self.outage.set(outage);
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

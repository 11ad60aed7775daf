//! Signs of life in the store; what they mean is said in the rules.

use std::sync::{PoisonError, RwLock};

use crewcall_dispatch::policy::Outage;
use crewcall_dispatch::signs::Heartbeat;
use jiff::Timestamp;

use super::App;
use super::records::HEARTBEAT;
use crate::store::{CommitError, Expect, StoreError, Versioned, Write, read};

/// What was last read of the signs of life.
#[derive(Debug, Default)]
pub(super) struct Signs(RwLock<Option<Reading>>);

/// What the rules need to know of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Reading {
    pub(super) outage: Option<Outage>,
    /// No process serves the pages at present, as far as is known.
    pub(super) pages_down: bool,
}

impl Signs {
    pub(super) fn get(&self) -> Option<Reading> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(feature = "aws")]
    fn forget(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn set(&self, outage: Option<Outage>, pages_down: bool) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Reading { outage, pages_down });
    }
}

/// That a sign of life was looked after: left, or not needed because there has just been one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beat {
    /// It was left, by this process and no other, and is the first in its hour.
    pub first_of_hour: bool,
}

impl Beat {
    fn after(last: Option<&Heartbeat>, beat: &Heartbeat) -> Self {
        let hour = |beat: &Heartbeat| beat.at.as_second().div_euclid(3_600);
        Self { first_of_hour: last.is_none_or(|last| hour(last) != hour(beat)) }
    }
}

impl App {
    /// Leaves the sign of life of a process that serves the pages, unless there has just been one, and
    /// notices if there was none for a while. Called before anything that is due is looked at.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat(&self) -> Result<Beat, StoreError> {
        let last = self.last_sign().await?;
        let known = last.as_ref().map(|last| &last.value);
        let Some(beat) = Heartbeat::serving(known, self.clock.now()) else {
            self.signs.set(known.and_then(|last| last.outage), false);
            return Ok(Beat::default());
        };
        if let Some(outage) = beat.outage.filter(|outage| known.and_then(|last| last.outage) != Some(*outage))
        {
            tracing::warn!(from = %outage.from, until = %outage.until, "no pages for a while: open offers wait longer");
        }
        let left = Beat::after(known, &beat);
        Ok(if self.leave(beat, last).await? { left } else { Beat::default() })
    }

    /// The same for time that was passed over and not lived through: a clock that is moved on is no outage.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat_through(&self) -> Result<(), StoreError> {
        let last = self.last_sign().await?;
        let beat = Heartbeat::through(last.as_ref().map(|last| &last.value), self.clock.now());
        self.leave(beat, last).await?;
        Ok(())
    }

    /// Leaves the sign of life of a process that does what is due and serves no pages.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat_without_pages(&self) -> Result<Beat, StoreError> {
        let now = self.clock.now();
        let last = self.last_sign().await?;
        let known = last.as_ref().map(|last| last.value.clone());
        let outage = known.as_ref().and_then(|known| known.outage);
        let pages_down = known.as_ref().is_some_and(|known| known.pages_are_down(now));
        let mut done = Beat::default();
        if let Some(beat) = Heartbeat::without_pages(known.as_ref(), now) {
            let left = Beat::after(known.as_ref(), &beat);
            if self.leave(beat, last).await? {
                done = left;
            }
        }
        if pages_down {
            tracing::warn!("no process serves the pages: nobody can answer, and no offer lapses meanwhile");
        }
        self.signs.set(outage, pages_down);
        Ok(done)
    }

    /// Says whether it stands: another process may have been faster.
    async fn leave(&self, beat: Heartbeat, last: Option<Versioned<Heartbeat>>) -> Result<bool, StoreError> {
        let expect = last.map_or(Expect::Absent, |last| last.expected());
        match self.store.commit(vec![Write::put(&beat, expect)?]).await {
            Ok(()) => {
                self.signs.set(beat.outage, false);
                Ok(true)
            }
            // Another process was alive at the same moment, and its word stands.
            Err(CommitError::Conflict(_)) => {
                let stands = self.last_sign().await?;
                self.signs.set(stands.and_then(|read| read.value.outage), false);
                Ok(false)
            }
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// Has the signs of life read anew when they are needed next, by a process that may have slept meanwhile.
    #[cfg(feature = "aws")]
    pub(crate) fn forget_signs(&self) {
        self.signs.forget();
    }

    /// Reads once how things stand, for whoever runs without a dispatcher.
    pub(super) async fn know_signs(&self) -> Result<(), StoreError> {
        if self.signs.get().is_none() {
            let now = self.clock.now();
            let last = self.last_sign().await?.map(|last| last.value);
            let down = last.as_ref().is_some_and(|last| last.pages_are_down(now));
            self.signs.set(last.and_then(|last| last.outage), down);
        }
        Ok(())
    }

    async fn last_sign(&self) -> Result<Option<Versioned<Heartbeat>>, StoreError> {
        read::<Heartbeat>(&*self.store, HEARTBEAT).await
    }

    /// The last sign of life of any process on this store.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn last_beat(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.last_sign().await?.map(|read| read.value.at))
    }
}

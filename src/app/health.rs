//! Signs of life in the store; what they mean is said in the rules.

use std::sync::{PoisonError, RwLock};

use crewcall_dispatch::policy::Outage;
use crewcall_dispatch::signs::{DOWN_AFTER, DOWN_AFTER_BY_SCHEDULE, Heartbeat};
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

/// What a process that does what is due knows of the pages, on which people answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// It serves them itself.
    Served,
    /// Another one does: it has just asked from outside, as it does once a minute.
    Reached,
    /// It has just asked in vain. Meanwhile no offer lapses.
    Unreached,
    /// It serves none, and has not asked. While nobody else has served any for a while, no offer lapses.
    NotAsked,
}

/// That a sign of life was looked after: left, or not needed because there has just been one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beat {
    /// It was left, by this process and no other, and is the first in its hour.
    pub first_of_hour: bool,
}

impl App {
    /// Leaves a sign of life, unless there has just been one, and notices if there was none for a while. Called before
    /// anything that is due is looked at.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat(&self, pages: Pages) -> Result<Beat, StoreError> {
        let now = self.clock.now();
        let last = self.last_sign().await?;
        let known = last.as_ref().map(|last| &last.value);
        let beat = match pages {
            Pages::Served => Heartbeat::serving(known, now, DOWN_AFTER),
            Pages::Reached => Heartbeat::serving(known, now, DOWN_AFTER_BY_SCHEDULE),
            Pages::Unreached | Pages::NotAsked => Heartbeat::without_pages(known, now),
        };
        let outage = known.and_then(|last| last.outage);
        if let Some(new) = beat.as_ref().and_then(|beat| beat.outage).filter(|new| outage != Some(*new)) {
            tracing::warn!(from = %new.from, until = %new.until, "no pages for a while: open offers wait longer");
        }
        let pages_down = match pages {
            Pages::Served | Pages::Reached => false,
            Pages::Unreached => true,
            Pages::NotAsked => known.is_some_and(|known| known.pages_are_down(now)),
        };
        if pages_down {
            tracing::warn!("no process serves the pages: nobody can answer, and no offer lapses meanwhile");
        }
        self.signs.set(outage, pages_down);
        let Some(beat) = beat else { return Ok(Beat::default()) };
        let hour = |at: Timestamp| at.as_second().div_euclid(3_600);
        let first_of_hour = known.is_none_or(|last| hour(last.at) != hour(now));
        let left = self.leave(beat, last, pages_down).await?;
        Ok(Beat { first_of_hour: first_of_hour && left })
    }

    /// The same for time that was passed over and not lived through: a clock that is moved on is no outage.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat_through(&self) -> Result<(), StoreError> {
        let last = self.last_sign().await?;
        let beat = Heartbeat::through(last.as_ref().map(|last| &last.value), self.clock.now());
        self.leave(beat, last, false).await?;
        Ok(())
    }

    /// Says whether it stands: another process may have been faster, and its word is taken then.
    async fn leave(
        &self,
        beat: Heartbeat,
        last: Option<Versioned<Heartbeat>>,
        pages_down: bool,
    ) -> Result<bool, StoreError> {
        let expect = last.map_or(Expect::Absent, |last| last.expected());
        match self.store.commit(vec![Write::put(&beat, expect)?]).await {
            Ok(()) => {
                self.signs.set(beat.outage, pages_down);
                Ok(true)
            }
            Err(CommitError::Conflict(_)) => {
                let stands = self.last_sign().await?;
                self.signs.set(stands.and_then(|read| read.value.outage), pages_down);
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

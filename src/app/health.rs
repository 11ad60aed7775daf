//! Signs of life, from which an outage is known after the fact.
//!
//! People answer on pages. So an outage is a time in which no process served them, whatever else ran: a
//! `crewcall tick` by cron keeps the mail going, but nobody can press a button there.

use std::sync::{PoisonError, RwLock};

use crewcall_dispatch::policy::Outage;
use jiff::{SignedDuration, Timestamp};

use super::App;
use super::records::Heartbeat;
use crate::store::{CommitError, Expect, StoreError, Versioned, Write, read};

/// How often a sign of life is written, at the most.
const BEAT_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// Without a sign of life for this long, the pages were down: nobody could answer an offer.
const DOWN_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// Down for longer than this they are not down but given up, and the calls go on without answers.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

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

    fn set(&self, outage: Option<Outage>, pages_down: bool) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Reading { outage, pages_down });
    }
}

impl Heartbeat {
    /// Whether the pages are down, seen by a process that does not serve them.
    fn pages_are_down(&self, now: Timestamp) -> bool {
        let away = self.served_at.map(|served_at| now.duration_since(served_at));
        away.is_some_and(|away| (DOWN_AFTER..GIVEN_UP_AFTER).contains(&away))
    }
}

impl App {
    /// Leaves the sign of life of a process that serves the pages, unless there has just been one, and
    /// notices if there was none for a while. Called before anything that is due is looked at. Says whether
    /// it left one.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let last = self.last_sign().await?;
        let served_at = last.as_ref().and_then(|last| last.value.served_at);
        let outage = match served_at {
            Some(from) if now.duration_since(from) >= DOWN_AFTER => {
                tracing::warn!(%from, until = %now, "no pages for a while: open offers wait longer");
                Some(Outage { from, until: now })
            }
            // Late by a beat; or in the future, because a clock was wrong.
            Some(at) if now.duration_since(at).abs() < BEAT_EVERY => {
                self.signs.set(last.and_then(|last| last.value.outage), false);
                return Ok(false);
            }
            _ => last.as_ref().and_then(|last| last.value.outage),
        };
        self.leave(Heartbeat { at: now, served_at: Some(now), outage }, last).await
    }

    /// The same for time that was passed over and not lived through: a clock that is moved on is no outage.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat_through(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let last = self.last_sign().await?;
        let outage = last.as_ref().and_then(|last| last.value.outage);
        self.leave(Heartbeat { at: now, served_at: Some(now), outage }, last).await.map(drop)
    }

    /// Leaves the sign of life of a process that does what is due and serves no pages.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn beat_without_pages(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let last = self.last_sign().await?;
        let known = last.as_ref().map(|last| last.value.clone());
        let (served_at, outage) =
            known.as_ref().map_or((None, None), |known| (known.served_at, known.outage));
        let pages_down = known.as_ref().is_some_and(|known| known.pages_are_down(now));
        if known.is_none_or(|known| now.duration_since(known.at).abs() >= BEAT_EVERY) {
            self.leave(Heartbeat { at: now, served_at, outage }, last).await?;
        }
        if pages_down {
            tracing::warn!("no process serves the pages: nobody can answer, and no offer lapses meanwhile");
        }
        self.signs.set(outage, pages_down);
        Ok(())
    }

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
        read::<Heartbeat>(&*self.store, Heartbeat::ID).await
    }

    /// The last sign of life of any process on this store.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn last_beat(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.last_sign().await?.map(|read| read.value.at))
    }
}

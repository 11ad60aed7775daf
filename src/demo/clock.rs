//! Moving the clock on, so that everything on the way happens in its time.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::app::Pages;
use crate::clock::{Clock, MovableClock};
use crate::outbox::Outbox;
use crate::store::StoreError;
use crate::tick::tick;

/// The longest pause between two looks at what is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The longest step.
const STEP: SignedDuration = SignedDuration::from_mins(5);

/// A clock and what has to be done as it moves: the demo's, and the tests'.
pub struct TimeMachine {
    clock: Arc<MovableClock>,
    outbox: Outbox,
    /// One at a time moves the clock or works. Moved on under somebody who hands a mail over, it would make
    /// their claim run out, and the mail would be sent a second time.
    working: tokio::sync::Mutex<()>,
}

impl TimeMachine {
    /// A time machine around an outbox whose app runs by `clock`.
    pub fn new(clock: Arc<MovableClock>, outbox: Outbox) -> Self {
        Self { clock, outbox, working: tokio::sync::Mutex::new(()) }
    }

    /// What the clock says.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What is worked on as the clock moves.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Does what is due as it becomes due, until told to stop.
    pub async fn run(&self, mut stopping: watch::Receiver<bool>) {
        while !*stopping.borrow() {
            let working = self.working.lock().await;
            if let Err(error) = tick(&self.outbox, Pages::Served).await {
                tracing::error!(%error, "what is due could not be looked at");
            }
            drop(working);
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.outbox.app.woken() => {}
                _ = stopping.changed() => {}
            }
        }
    }

    /// Does what is due now.
    ///
    /// # Errors
    /// If the store cannot be asked.
    pub async fn work(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.working.lock().await;
        tick(&self.outbox, Pages::Served).await.map(drop)
    }

    /// As long as this is held, nothing is done that is due, and the clock is not moved on.
    pub(super) async fn still(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.working.lock().await
    }

    /// Moves the clock on by `span`, and stops at everything that is due on the way.
    ///
    /// # Errors
    /// If the store cannot be asked.
    pub async fn advance(&self, span: SignedDuration) -> Result<(), StoreError> {
        let _one_at_a_time = self.working.lock().await;
        let until = self.clock.now() + span;
        self.move_to(until).await
    }

    /// Moves the clock on to the next thing that is due. Says `false` if nothing is.
    ///
    /// # Errors
    /// If the store cannot be asked.
    pub async fn advance_to_next(&self) -> Result<bool, StoreError> {
        let _one_at_a_time = self.working.lock().await;
        match self.outbox.app.next_due().await? {
            Some(next) => self.move_to(next).await.map(|()| true),
            None => Ok(false),
        }
    }

    async fn move_to(&self, until: Timestamp) -> Result<(), StoreError> {
        while self.clock.now() < until {
            let step = (self.clock.now() + STEP).min(until);
            let due = self.outbox.app.next_due().await?.filter(|due| *due > self.clock.now() && *due < step);
            self.clock.move_to(due.unwrap_or(step));
            self.outbox.app.beat_through().await?;
            tick(&self.outbox, Pages::Served).await?;
        }
        Ok(())
    }
}

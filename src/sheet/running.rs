//! Round after round, for as long as the program runs.

use tokio::sync::watch;

use super::pace::{Came, Pace};
use super::rounds::note_round;
use super::state::Remembered;
use super::{Sync, SyncError, Waits};
use crate::google::SheetsError;
use crate::plain::one_line;
use crate::random;

/// What is done with the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    Off,
    /// It is read, and what would be done is reported day by day.
    Shadow,
    /// It and the store are kept the same.
    On,
}

impl Sync {
    /// What is due in this mode, once; told in the log, and on the board where it fails.
    pub(crate) async fn once(&self, mode: Mode) -> Result<(), SyncError> {
        let came = self.due(mode).await;
        let told = match &came {
            // A sign-in that has ended is told on the board by itself, and a limit passes.
            Ok(()) | Err(SyncError::Sheets(SheetsError::SignIn(_) | SheetsError::Quota { .. })) => None,
            Err(error) => Some(one_line(&error.to_string())),
        };
        if mode != Mode::Off {
            self.note_failing(told).await?;
            if came.is_ok() {
                note_round(&*self.app.store, self.app.clock.now()).await?;
            }
        }
        came
    }

    async fn due(&self, mode: Mode) -> Result<(), SyncError> {
        match mode {
            Mode::Off => {}
            Mode::Shadow => {
                if let Some(day) = self.shadow().await? {
                    tracing::info!(
                        "the sheet, looked at only: {}; `crewcall sheets shadow` lists it",
                        day.summary()
                    );
                }
            }
            Mode::On => {
                let round = self.sync().await?;
                let (taken, written) = (round.plan.changes.len(), round.plan.edits.len());
                if taken + written > 0 {
                    tracing::info!(taken, written, overwrote = round.overwrote.len(), "the sheet");
                }
                if let Some(waits) = round.waits.filter(|waits| *waits != Waits::Room) {
                    tracing::warn!(?waits, "the sheet is not written at present");
                }
                for stop in round.plan.stops.iter().filter(|_| !round.known_stops) {
                    tracing::warn!("the sheet: {stop}");
                }
            }
        }
        Ok(())
    }

    /// Since when rounds fail; the first reason stays until one is done. Where somebody writes there at this moment, the
    /// next round notes it.
    async fn note_failing(&self, why: Option<String>) -> Result<(), SyncError> {
        let remembered = Remembered::read(&*self.app.store, &self.spreadsheet_id).await?;
        if remembered.state.last.failing.is_some() == why.is_some() {
            return Ok(());
        }
        let mut state = remembered.state.clone();
        state.last.failing = why.map(|why| (self.app.clock.now(), why));
        self.keep(&remembered, state, &remembered.memory).await?;
        Ok(())
    }
}

/// Keeps sheet and store the same, or looks at it, until told to stop; then finishes the round that it is at.
pub async fn run(sync: Sync, mode: Mode, mut stopping: watch::Receiver<bool>) {
    let mut pace = Pace::new();
    while !*stopping.borrow() {
        let came = sync.once(mode).await;
        let pause = pace.after(Came::of(&came), random::fraction());
        if let Err(error) = came {
            tracing::warn!(?pause, "the sheet is not in step: {error}");
        }
        let _ = tokio::time::timeout(pause, stopping.changed()).await;
    }
}

//! Round after round, for as long as the program runs.

use tokio::sync::watch;

use super::pace::{Came, Pace};
use super::{Sync, SyncError};
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
    /// What is due in this mode, once; told in the log.
    pub(crate) async fn once(&self, mode: Mode) -> Result<(), SyncError> {
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
                if let Some(waits) = round.waits {
                    tracing::warn!(?waits, "the sheet is not written at present");
                }
                for stop in round.plan.stops.iter().filter(|_| !round.known_stops) {
                    tracing::warn!("the sheet: {stop}");
                }
            }
        }
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

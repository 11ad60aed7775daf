//! Keeping what is remembered, while others write the same row: other processes, and the office, which answers questions.

use crewcall_dispatch::sheet::Memory;

use super::events::{self, SheetEvent};
use super::state::{Remembered, SheetState};
use super::{Sync, SyncError};
use crate::store::{BODY_BYTES, COMMIT_BYTES, CommitError, Write};

/// Rows in one commit: so many as are never too large for it, however full each is.
const ROWS_AT_ONCE: usize = COMMIT_BYTES / BODY_BYTES;
/// Attempts while the office answers one question after the other.
const ATTEMPTS: usize = 10;

impl Sync {
    /// Keeps this. `None` if somebody was faster.
    pub(super) async fn keep(
        &self,
        before: &Remembered,
        state: SheetState,
        memory: &Memory,
    ) -> Result<Option<Remembered>, SyncError> {
        self.commit(before, state, memory, &[]).await
    }

    /// Keeps this with its events while the row is claimed. What the office has answered meanwhile stays. `None` if another
    /// process has taken over.
    pub(super) async fn keep_claimed(
        &self,
        before: &Remembered,
        state: SheetState,
        memory: &Memory,
        events: &[SheetEvent],
    ) -> Result<Option<Remembered>, SyncError> {
        let events = events::rows(events)?;
        let (mut now, mut memory) = (before.clone(), memory.clone());
        for _ in 0..ATTEMPTS {
            if let Some(kept) = self.commit(&now, state.clone(), &memory, &events).await? {
                return Ok(Some(kept));
            }
            now = Remembered::read(&*self.app.store, &self.spreadsheet_id).await?;
            if now.state.busy_until != before.state.busy_until {
                return Ok(None);
            }
            memory.answers = now.memory.answers.clone();
            memory.accepted.extend(now.memory.accepted.difference(&before.memory.accepted));
        }
        Ok(None)
    }

    /// Nobody is at it any more, unless another process has taken over: until when a row is claimed says by whom, too.
    pub(super) async fn let_go(&self, claimed: &Remembered) -> Result<(), SyncError> {
        let remembered = Remembered::read(&*self.app.store, &self.spreadsheet_id).await?;
        if remembered.state.busy_until != claimed.state.busy_until {
            return Ok(());
        }
        let state = SheetState { busy_until: None, ..remembered.state.clone() };
        self.keep(&remembered, state, &remembered.memory).await?;
        Ok(())
    }

    async fn commit(
        &self,
        before: &Remembered,
        state: SheetState,
        memory: &Memory,
        events: &[Write],
    ) -> Result<Option<Remembered>, SyncError> {
        let writes = before.writes(state, memory)?;
        // In one commit, if it fits. If not, events come first: what is on record twice is better than what is not. What stands
        // in the rows before the row are things on which both sides agree, whoever writes them.
        let all = [events, &writes.before, &[writes.row], &writes.after].concat();
        let commits = all.chunks(ROWS_AT_ONCE).map(<[Write]>::to_vec);
        for commit in commits {
            match self.app.store.commit(commit).await {
                Ok(()) => {}
                Err(CommitError::Conflict(_)) => return Ok(None),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(Some(Remembered::read(&*self.app.store, &self.spreadsheet_id).await?))
    }
}

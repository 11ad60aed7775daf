//! Somebody leaves, or comes back.

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember};

use crate::app::{App, AppError, Caller};
use crate::store::{Write, read};

impl App {
    /// Notes that somebody has left, or is back; every call that asks them, or has them aboard, is looked at again. Says
    /// whether that is news.
    ///
    /// # Errors
    /// If the store fails, or others write the same person all the time.
    pub async fn mark_left(&self, crew_id: &CrewId, left: bool, caller: &Caller) -> Result<bool, AppError> {
        let mut attempts = 0;
        loop {
            let known = read::<CrewMember>(&*self.store, crew_id.as_str()).await?;
            let Some(known) = known.filter(|known| known.value.left != left) else { return Ok(false) };
            tracing::info!(%crew_id, left, by = ?caller.by, "on the roster");
            let member = CrewMember { left, ..known.value.clone() };
            attempts += 1;
            match self.write_records(vec![Write::put(&member, known.expected())?]).await {
                Err(AppError::Superseded(_)) if attempts < limits::COMMIT_ATTEMPTS => {}
                written => return written.map(|()| true),
            }
        }
    }
}

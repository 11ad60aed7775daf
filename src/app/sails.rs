//! The sails of one person.

use crewcall_dispatch::cascade::CharterState;
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::model::CrewId;
use jiff::Timestamp;

use super::App;
use crate::store::{StoreError, read, read_many};

impl App {
    /// The charters that somebody is asked for, aboard of, or still answers for, and that are not over; the earliest first.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sails_of(&self, crew_id: &CrewId) -> Result<Vec<CharterState>, StoreError> {
        let now = self.clock.now();
        let Some(commitments) = read::<Commitments>(&*self.store, crew_id.as_str()).await? else {
            return Ok(Vec::new());
        };
        let ahead = commitments.value.entries.iter().filter(|entry| entry.until > now);
        let ids: Vec<&str> = ahead.map(|entry| entry.charter_id.as_str()).collect();
        let charters = read_many::<CharterState>(&*self.store, &ids).await?;
        let mut charters: Vec<CharterState> = charters.into_iter().flatten().map(|read| read.value).collect();
        charters.retain(|state| state.bound(crew_id).is_some());
        charters.sort_by_key(|state| (state.charter.departs_at, state.charter.charter_id.clone()));
        Ok(charters)
    }

    /// The charters since `since` that somebody sailed on and that are over, and those that they are aboard of or answer
    /// for: what stands in their calendar.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn calendar_of(
        &self,
        crew_id: &CrewId,
        since: Timestamp,
    ) -> Result<Vec<CharterState>, StoreError> {
        let mut charters = self.charters_between(since, self.clock.now()).await?;
        let mut ahead = self.sails_of(crew_id).await?;
        charters.retain(|past| {
            let is_ahead = ahead.iter().any(|state| state.charter.charter_id == past.charter.charter_id);
            !is_ahead && past.bound(crew_id).is_some_and(|offer| offer.state.is_aboard())
        });
        ahead.retain(|state| state.bound(crew_id).is_some_and(|offer| !offer.state.is_open()));
        charters.extend(ahead);
        Ok(charters)
    }
}

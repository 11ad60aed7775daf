//! Since when a sail stands in somebody's calendar as it does.

use crewcall_dispatch::cascade::{CharterState, Fact, OfferNo};
use crewcall_dispatch::model::CrewId;
use jiff::Timestamp;

use super::App;
use crate::calendar::Stamp;
use crate::store::StoreError;

impl App {
    /// The last event of a charter, as it was read, that matters to the entry in somebody's calendar.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn calendar_stamp(&self, state: &CharterState, crew_id: &CrewId) -> Result<Stamp, StoreError> {
        let theirs: Vec<OfferNo> =
            state.offers.iter().filter(|offer| offer.crew_id == *crew_id).map(|offer| offer.no).collect();
        let matters = |fact: &Fact| match fact {
            Fact::CharterBooked { .. }
            | Fact::CharterChanged { .. }
            | Fact::CharterCancelled
            | Fact::CharterRestored => true,
            Fact::Assigned { offer, .. }
            | Fact::AskedAboard { offer, .. }
            | Fact::OfferAccepted { offer }
            | Fact::AcceptUndone { offer }
            | Fact::OfferDeclined { offer, .. }
            | Fact::Reconfirmed { offer, .. }
            | Fact::AsAgreed { offer, .. }
            | Fact::SeatChanged { offer, .. }
            | Fact::DroppedOut { offer, .. }
            | Fact::CameBack { offer }
            | Fact::Released { offer, .. }
            | Fact::TurnedUp { offer, .. } => theirs.contains(offer),
            _ => false,
        };
        let id = &state.charter.charter_id;
        let last = self.last_event(id, |event| event.seq <= state.facts && matters(&event.fact)).await?;
        // Each charter was booked.
        let none = Stamp { sequence: 0, at: Timestamp::UNIX_EPOCH };
        Ok(last.map_or(none, |event| Stamp { sequence: event.seq, at: event.at }))
    }
}

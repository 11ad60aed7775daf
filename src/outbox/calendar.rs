//! The file that comes with a mail to somebody who is aboard, or is not any more.

use crewcall_dispatch::cascade::{CharterState, Notice, Offer, OfferState};

use super::Outbox;
use crate::calendar::{Entry, Method, file};
use crate::letters::SailFile;
use crate::store::StoreError;

impl Outbox {
    /// The sail for its reader's calendar, once they are aboard; and what takes it out again, once nothing binds them. As
    /// things stand when the mail is written, which may be later than what it tells.
    pub(super) async fn sail_file(
        &self,
        state: &CharterState,
        notice: &Notice,
    ) -> Result<Option<SailFile>, StoreError> {
        let puts = match notice {
            Notice::CrewList { .. } | Notice::Assigned { .. } | Notice::AsAgreed { .. } => true,
            Notice::Released { .. } | Notice::Noted { .. } | Notice::Cancelled { .. } => false,
            _ => return Ok(None),
        };
        let Some(to) = notice.recipient(state) else { return Ok(None) };
        // Whoever is only asked has nothing in their calendar yet, or no more.
        let bound = state.bound(to).filter(|offer| !offer.state.is_open());
        let was_aboard = |offer: &&Offer| {
            let ended = matches!(notice, Notice::Noted { offer: no } if *no == offer.no)
                || matches!(offer.state, OfferState::DroppedOut | OfferState::Released);
            offer.crew_id == *to && (offer.state.is_aboard() || ended)
        };
        let (method, offer) = match bound {
            Some(offer) if puts && offer.state == OfferState::Accepted => (Method::Publish, offer),
            None if !puts => match state.offers.iter().rev().find(was_aboard) {
                Some(offer) => (Method::Cancel, offer),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let stamp = self.app.calendar_stamp(state, to).await?;
        let text = file(&self.app.operator, &Entry { state, offer, stamp }, method);
        Ok(Some(SailFile { method, text }))
    }
}

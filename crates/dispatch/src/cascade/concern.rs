//! What the office has to see to, as the charter stands.

use super::state::{Cascade, CharterState, Offer, OfferState};
use crate::model::Rank;

/// Something that the office has to see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern<'a> {
    /// Nobody is left to ask for a position.
    NobodyLeft(&'a Rank),
    /// Something speaks against somebody who is aboard.
    Conflict(&'a Offer),
    /// Somebody aboard did not confirm a change in time.
    Unconfirmed(&'a Offer),
    /// Somebody aboard has to confirm a change, and mail does not reach them.
    NotTold(&'a Offer),
    /// Mail to somebody was refused, and the call rests because of that.
    Undeliverable(&'a Offer),
}

impl CharterState {
    /// What the office has to see to, beside the mails that told it so.
    pub fn concerns(&self) -> Vec<Concern<'_>> {
        if self.cancelled_at.is_some() {
            return Vec::new();
        }
        let call = self.call.as_ref().filter(|call| call.filled_at.is_none());
        // The crew is asked anew once there is a captain.
        let asked_now = |position: &Rank| position.is_captain() || self.captain().is_some();
        let ran_dry = |cascade: &&Cascade| {
            let Cascade { position, exhausted, .. } = cascade;
            *exhausted && self.open_seats(position) > 0 && asked_now(position)
        };
        let dry = call.into_iter().flat_map(|call| &call.cascades).filter(ran_dry);
        let dry = dry.map(|cascade| Concern::NobodyLeft(&cascade.position));
        let aboard = self.offers.iter().filter(|offer| offer.state.is_aboard());
        let conflicts = aboard.filter(|offer| !offer.conflicts.is_empty()).map(Concern::Conflict);
        let late = |offer: &&Offer| offer.reply_by.is_some() && offer.closes_at.is_none();
        let unconfirmed = self.reconfirming().filter(late).map(Concern::Unconfirmed);
        let unaware = self.reconfirming().filter(|offer| offer.not_told).map(Concern::NotTold);
        // Where the settings let the call rest because of it, that is when it happened.
        let rests_since = self.call.as_ref().and_then(|call| call.paused_at);
        let stopped_it = move |offer: &&Offer| {
            offer.state == OfferState::Undeliverable && rests_since.is_some() && offer.ended_at == rests_since
        };
        let refused = self.offers.iter().filter(stopped_it).map(Concern::Undeliverable);
        dry.chain(conflicts).chain(unconfirmed).chain(unaware).chain(refused).collect()
    }
}

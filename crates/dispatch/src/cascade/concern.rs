//! What the office has to see to, as the charter stands.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::state::{CallStatus, Cascade, CharterState, Offer, OfferState};
use crate::eligibility::{Reason, Sail};
use crate::model::Rank;
use crate::policy::Policy;

/// Something that the office has to see to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern<'a> {
    /// Something speaks against the sail itself, so that its call cannot begin.
    CannotBegin(Reason),
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
    /// What the office has to see to, beside the mails that told it so; nothing once the boat has left.
    pub fn concerns(&self, zone: &TimeZone, policy: &Policy, now: Timestamp) -> Vec<Concern<'_>> {
        if self.cancelled_at.is_some() || self.charter.departs_at <= now {
            return Vec::new();
        }
        // Of a call that has begun that was looked at then, and at each change.
        let begins = self.status() == CallStatus::Draft;
        let sail = Sail { charter: &self.charter, zone, policy, overrides: &self.overrides };
        let against = if begins { sail.itself().against } else { Vec::new() };
        let cannot_begin = against.into_iter().map(Concern::CannotBegin);
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
        cannot_begin.chain(dry).chain(conflicts).chain(unconfirmed).chain(unaware).chain(refused).collect()
    }
}

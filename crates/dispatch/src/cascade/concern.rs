//! What the office has to see to, as the charter stands.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::state::{CallStatus, Cascade, CharterState, Offer, OfferState};
use crate::eligibility::{Reason, Sail};
use crate::limits;
use crate::model::{CrewId, Rank};
use crate::policy::{LateYes, Policy};

/// Something that the office has to see to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concern<'a> {
    /// Something speaks against the sail itself, so that its call cannot begin.
    CannotBegin(Reason),
    /// It leaves within [`limits::SOON_HOURS`], seats are free, and nobody is asked: the call has not begun, or rests.
    NobodyAsked(CallStatus),
    /// Nobody is left to ask for a position, or for one of its seats.
    NobodyLeft(&'a Rank),
    /// There is not enough time left to ask everyone for a position in turn.
    Urgent(&'a Rank),
    /// Somebody dropped out shortly before departure, or while the call rests, and nobody has the seat yet.
    DroppedOut(&'a Offer),
    /// Somebody was too late for a seat that is open, and the settings leave it to the office to take them.
    Standby(&'a Offer),
    /// Something speaks against somebody who is aboard.
    Conflict(&'a Offer),
    /// Somebody aboard did not confirm a change in time.
    Unconfirmed(&'a Offer),
    /// Somebody aboard has to confirm a change, and mail does not reach them.
    NotTold(&'a Offer),
    /// Mail to somebody was refused, and the call rests because of that.
    Undeliverable(&'a Offer),
}

impl Concern<'_> {
    /// Whom it is about, if it is about somebody.
    pub fn person(&self) -> Option<&CrewId> {
        match self {
            Self::DroppedOut(offer)
            | Self::Standby(offer)
            | Self::Conflict(offer)
            | Self::Unconfirmed(offer)
            | Self::NotTold(offer)
            | Self::Undeliverable(offer) => Some(&offer.crew_id),
            Self::CannotBegin(_) | Self::NobodyAsked(_) | Self::NobodyLeft(_) | Self::Urgent(_) => None,
        }
    }
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
        let asleep = self.nobody_asked(now);
        let seats = self.seats_without_people(policy, now);
        cannot_begin.chain(asleep).chain(seats).chain(self.people_in_doubt()).collect()
    }

    fn nobody_asked(&self, now: Timestamp) -> Option<Concern<'_>> {
        let status = self.status();
        let rests = matches!(status, CallStatus::Draft | CallStatus::Paused);
        let soon =
            self.charter.departs_at.duration_since(now) <= SignedDuration::from_hours(limits::SOON_HOURS);
        let is_free = self.charter.seats().any(|seat| self.holder(&seat).is_none());
        (rests && soon && is_free).then_some(Concern::NobodyAsked(status))
    }

    /// Seats that nobody has, and for which the call alone may not find anybody.
    fn seats_without_people(&self, policy: &Policy, now: Timestamp) -> Vec<Concern<'_>> {
        let call = self.call.as_ref().filter(|call| call.filled_at.is_none());
        // The crew is asked anew once there is a captain.
        let asked_now = |position: &Rank| position.is_captain() || self.captain().is_some();
        let runs = matches!(self.status(), CallStatus::Running | CallStatus::Exhausted);
        let ran_dry = |cascade: &Cascade| {
            // While a call runs, somebody is asked for every seat for which there is somebody.
            let short =
                runs && cascade.waiting_for.is_empty() && !self.vacant_seats(&cascade.position).is_empty();
            cascade.exhausted && self.open_seats(&cascade.position) > 0 || short
        };
        let missing = call.into_iter().flat_map(|call| &call.cascades).filter_map(move |cascade| {
            let Cascade { position, urgent, .. } = cascade;
            let open = self.open_seats(position) > 0 && (asked_now(position) || self.nobody_left(position));
            match open {
                true if ran_dry(cascade) => Some(Concern::NobodyLeft(position)),
                true if *urgent && runs => Some(Concern::Urgent(position)),
                _ => None,
            }
        });
        let rests = self.status() == CallStatus::Paused;
        let near = self.charter.departs_at.duration_since(now) <= policy.drop_out_cutoff;
        let empty = self.charter.seats().filter(move |seat| (near || rests) && self.holder(seat).is_none());
        let gone = empty
            .filter_map(|seat| self.offers.iter().rfind(|offer| offer.seat == seat && offer.dropped_out));
        let by_office = policy.late_yes == LateYes::Office && call.is_some();
        let waiting =
            self.standing_by().filter(move |offer| by_office && self.open_seats(&offer.seat.position) > 0);
        missing.chain(gone.map(Concern::DroppedOut)).chain(waiting.map(Concern::Standby)).collect()
    }

    /// Those aboard of whom it is open whether they can or will sail, and whose mail stopped the call.
    fn people_in_doubt(&self) -> Vec<Concern<'_>> {
        let aboard = self.offers.iter().filter(|offer| offer.state.is_aboard());
        let conflicts = aboard.filter(|offer| !offer.conflicts.is_empty()).map(Concern::Conflict);
        let unconfirmed =
            self.reconfirming().filter(|offer| offer.is_unconfirmed()).map(Concern::Unconfirmed);
        let unaware = self.reconfirming().filter(|offer| offer.not_told).map(Concern::NotTold);
        // Where the settings let the call rest because of it, that is when it happened.
        let rests_since = self
            .call
            .as_ref()
            .filter(|_| self.status() == CallStatus::Paused)
            .and_then(|call| call.paused_at);
        let stopped_it = move |offer: &&Offer| {
            offer.state == OfferState::Undeliverable && rests_since.is_some() && offer.ended_at == rests_since
        };
        let refused = self.offers.iter().filter(stopped_it).map(Concern::Undeliverable);
        conflicts.chain(unconfirmed).chain(unaware).chain(refused).collect()
    }
}

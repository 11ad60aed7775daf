//! The mails that a decision asks for. What they say is the program's matter; that they are sent,
//! to whom, and when they have ceased to be true, is decided here.

use serde::{Deserialize, Serialize};

use super::state::{CharterState, Offer, OfferNo, OfferState};
use super::why::RescindReason;
use crate::model::{CrewId, Rank};

/// One mail to one reader.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Notice {
    /// To the person who is asked: the offer with its live link.
    Offer {
        /// Which.
        offer: OfferNo,
    },
    /// To the office: the same offer without the live link.
    OfferCopy {
        /// Which.
        offer: OfferNo,
    },
    /// To one person aboard: who sails.
    CrewList {
        /// To whom.
        to: CrewId,
    },
    /// To the office: who sails.
    CrewListOffice,
    /// To one person aboard: somebody does not sail after all, so that a crew list no longer holds.
    Reopened {
        /// Who that is, by their offer.
        offer: OfferNo,
        /// To whom.
        to: CrewId,
    },
    /// To the office: the crew list no longer holds.
    ReopenedOffice {
        /// Who does not sail after all, by their offer.
        offer: OfferNo,
    },
    /// To the office: nobody is left to ask.
    Exhausted,
    /// To the office: there is not enough time left to ask everyone for this position in turn.
    Urgent {
        /// Which.
        position: Rank,
    },
    /// To the office, after that: nor for this position.
    PositionExhausted {
        /// Which.
        position: Rank,
    },
    /// To a person who was asked: no longer needed.
    Rescinded {
        /// Which offer.
        offer: OfferNo,
        /// Why.
        why: RescindReason,
    },
    /// To a person whom the office put aboard: the sail, and a link.
    Assigned {
        /// The offer that stands for it.
        offer: OfferNo,
    },
    /// To a person aboard: the sail has changed; a question whether they still sail.
    Changed {
        /// Which offer.
        offer: OfferNo,
        /// What the charter is by now.
        revision: u32,
    },
    /// To the office: somebody said yes when it was too late, and the seat is open.
    Standby {
        /// Whose offer.
        offer: OfferNo,
    },
    /// To the office: somebody aboard did not confirm the change in time.
    Unconfirmed {
        /// Whose offer.
        offer: OfferNo,
    },
    /// To a person aboard: the charter is again what they had said yes to.
    AsAgreed {
        /// Which offer.
        offer: OfferNo,
        /// What the charter is by now.
        revision: u32,
    },
    /// To the office: something speaks against somebody who is aboard.
    Conflict {
        /// Whose offer.
        offer: OfferNo,
    },
    /// To a person who was aboard: noted that they took their yes back or cannot sail, and their calendar forgets it;
    /// where they still answer for the seat, only if somebody else said so for them.
    Noted {
        /// Which offer.
        offer: OfferNo,
    },
    /// To the office: somebody who was aboard cannot sail after all.
    DroppedOut {
        /// Whose offer.
        offer: OfferNo,
    },
    /// To a person who was aboard: bound to the sail no more.
    Released {
        /// Which offer.
        offer: OfferNo,
    },
    /// To a person asked, aboard, responsible for a seat or standing by: the charter is off.
    Cancelled {
        /// To whom.
        to: CrewId,
    },
    /// To the office: the charter is off, and who was told.
    CancelledOffice,
    /// To one person aboard: what somebody wrote to everyone.
    Message {
        /// The number of the audit event that has the text.
        seq: u64,
        /// To whom.
        to: CrewId,
    },
    /// To the office: what somebody aboard wrote to everyone.
    MessageOffice {
        /// The number of the audit event that has the text.
        seq: u64,
    },
    /// To the office: what somebody said along with an answer.
    Comment {
        /// The number of the audit event that has the text.
        seq: u64,
    },
    /// To the office: this person could not be told how things stand.
    NotTold {
        /// Who.
        to: CrewId,
    },
    /// To the office: this person's mail was refused.
    Undeliverable {
        /// Which offer.
        offer: OfferNo,
    },
}

impl Notice {
    /// The crew member it goes to; `None` for the office.
    pub fn recipient<'a>(&'a self, state: &'a CharterState) -> Option<&'a CrewId> {
        match self {
            Self::Offer { offer }
            | Self::Assigned { offer }
            | Self::Rescinded { offer, .. }
            | Self::Changed { offer, .. }
            | Self::AsAgreed { offer, .. }
            | Self::Noted { offer }
            | Self::Released { offer } => state.offer(*offer).map(|offer| &offer.crew_id),
            Self::CrewList { to }
            | Self::Cancelled { to }
            | Self::Message { to, .. }
            | Self::Reopened { to, .. } => Some(to),
            Self::OfferCopy { .. }
            | Self::CrewListOffice
            | Self::ReopenedOffice { .. }
            | Self::DroppedOut { .. }
            | Self::Standby { .. }
            | Self::Unconfirmed { .. }
            | Self::Conflict { .. }
            | Self::MessageOffice { .. }
            | Self::Comment { .. }
            | Self::NotTold { .. }
            | Self::Exhausted
            | Self::PositionExhausted { .. }
            | Self::Urgent { .. }
            | Self::CancelledOffice
            | Self::Undeliverable { .. } => None,
        }
    }

    /// The number of the audit event whose words the mail quotes, if it does.
    pub fn quotes(&self) -> Option<u64> {
        match self {
            Self::Message { seq, .. } | Self::MessageOffice { seq } | Self::Comment { seq } => Some(*seq),
            _ => None,
        }
    }

    /// A short name for keys and logs.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Offer { .. } => "offer",
            Self::OfferCopy { .. } => "offer-copy",
            Self::CrewList { .. } => "crew-list",
            Self::CrewListOffice => "crew-list-office",
            Self::Reopened { .. } => "reopened",
            Self::ReopenedOffice { .. } => "reopened-office",
            Self::Message { .. } => "message",
            Self::MessageOffice { .. } => "message-office",
            Self::Comment { .. } => "comment",
            Self::NotTold { .. } => "not-told",
            Self::Exhausted => "exhausted",
            Self::PositionExhausted { .. } => "position-exhausted",
            Self::Urgent { .. } => "urgent",
            Self::Rescinded { .. } => "rescinded",
            Self::Assigned { .. } => "assigned",
            Self::Changed { .. } => "changed",
            Self::Standby { .. } => "standby",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Conflict { .. } => "conflict",
            Self::AsAgreed { .. } => "as-agreed",
            Self::Noted { .. } => "noted",
            Self::DroppedOut { .. } => "dropped-out",
            Self::Released { .. } => "released",
            Self::Cancelled { .. } => "cancelled",
            Self::CancelledOffice => "cancelled-office",
            Self::Undeliverable { .. } => "undeliverable",
        }
    }

    /// Why the mail must not go out any more, if it must not: things have moved on since it was
    /// decided.
    pub fn outdated(&self, state: &CharterState) -> Option<&'static str> {
        let cancelled = state.cancelled_at.is_some();
        match self {
            Self::Offer { offer } => match state.offer(*offer).map(|offer| offer.state) {
                Some(OfferState::Queued) if !cancelled => None,
                _ => Some("the offer is no longer open"),
            },
            Self::Assigned { offer } => {
                let aboard = state.offer(*offer).is_some_and(|offer| offer.state == OfferState::Accepted);
                (cancelled || !aboard).then_some("the person is not aboard any more, or asked anew")
            }
            Self::CrewList { to } => {
                let aboard = state.aboard().iter().any(|offer| offer.crew_id == *to);
                (cancelled || !aboard || !is_filled(state)).then_some("the crew has changed since")
            }
            Self::Message { to, .. } => {
                let aboard = state.aboard().iter().any(|offer| offer.crew_id == *to);
                match (cancelled, aboard) {
                    (true, _) => Some("the charter is off"),
                    (false, false) => Some("the person is not aboard any more"),
                    (false, true) => None,
                }
            }
            Self::CrewListOffice => (cancelled || !is_filled(state)).then_some("the crew has changed since"),
            Self::Reopened { offer, to } => {
                let aboard = state.aboard().iter().any(|offer| offer.crew_id == *to);
                let over = cancelled || is_filled(state) || is_aboard(state, *offer) || !aboard;
                over.then_some("the crew is complete again, another one or not needed any more")
            }
            Self::ReopenedOffice { offer } => {
                let over = cancelled || is_filled(state) || is_aboard(state, *offer);
                over.then_some("the crew is complete again or not needed any more")
            }
            Self::Exhausted => {
                let exhausted = state.call.as_ref().is_some_and(|call| call.exhausted_at.is_some());
                (cancelled || !exhausted || is_filled(state)).then_some("the asking went on since")
            }
            Self::Urgent { position } => {
                let urgent = state.cascade_of(position).is_some_and(|cascade| cascade.urgent);
                let over = cancelled || !urgent || state.open_seats(position) == 0;
                over.then_some("somebody was found since, or there is time again")
            }
            Self::PositionExhausted { position } => {
                let cascades = state.call.iter().flat_map(|call| &call.cascades);
                let exhausted = cascades.filter(|cascade| cascade.exhausted);
                let stands = exhausted.map(|cascade| &cascade.position).any(|known| known == position);
                let taken = state.open_seats(position) == 0;
                (cancelled || !stands || taken).then_some("the asking went on since")
            }
            Self::Changed { offer, revision } => {
                let asks = state.offer(*offer).is_some_and(|offer| offer.state == OfferState::Reconfirming);
                let same = state.revision == *revision;
                (cancelled || !asks || !same).then_some("there is nothing to confirm any more")
            }
            Self::Standby { offer } => {
                let stands = state.offer(*offer).filter(|offer| offer.stands_by && state.can_stand_by(offer));
                let open = stands.is_some_and(|offer| state.open_seats(&offer.seat.position) > 0);
                (cancelled || !open).then_some("the seat is taken, or the person would sail no more")
            }
            Self::Unconfirmed { offer } => {
                let late = state.offer(*offer).is_some_and(Offer::is_unconfirmed);
                (cancelled || !late).then_some("there is nothing to confirm any more, or time again")
            }
            // Whatever the charter is by now: the mail is written of how it stands then.
            Self::Conflict { offer } => {
                let against = state.offer(*offer).is_some_and(|offer| !offer.conflicts.is_empty());
                let stands = is_aboard(state, *offer) && against;
                (cancelled || !stands).then_some("nothing speaks against the person any more")
            }
            Self::AsAgreed { offer, revision } => {
                let stands = is_aboard(state, *offer) && state.revision == *revision;
                (cancelled || !stands).then_some("the charter is another one again")
            }
            Self::Noted { offer } => {
                let leaving = state.offer(*offer).is_some_and(|offer| offer.state == OfferState::DroppedOut);
                // By this offer again, or by a later one.
                let who = state.offer(*offer).map(|offer| &offer.crew_id);
                let aboard =
                    who.and_then(|id| state.in_force(id)).is_some_and(|offer| offer.state.is_aboard());
                let otherwise = aboard || (cancelled && leaving);
                otherwise.then_some("the person was told otherwise since")
            }
            Self::CancelledOffice => (!cancelled).then_some("the charter is on again"),
            Self::Cancelled { to } => {
                let asked = state.offers.iter().any(|offer| offer.crew_id == *to && offer.in_force());
                (!cancelled && asked).then_some("the charter is on again, and the person was asked anew")
            }
            Self::DroppedOut { offer } => {
                let found = state.offer(*offer).is_none_or(|offer| state.holder(&offer.seat).is_some());
                (cancelled || found).then_some("the seat is taken again or not needed any more")
            }
            Self::Rescinded { offer, .. } | Self::Released { offer } => {
                let who = state.offer(*offer).map(|offer| &offer.crew_id);
                // By a later mail that they have, or that is on its way in the same pass.
                let asked_again = state.offers.iter().any(|later| {
                    later.no > *offer && Some(&later.crew_id) == who && later.state != OfferState::Rescinded
                });
                // A charter cancelled since tells only those whom that mail had not gone to.
                asked_again.then_some("the person was told otherwise since")
            }
            Self::OfferCopy { .. }
            | Self::MessageOffice { .. }
            | Self::Comment { .. }
            | Self::NotTold { .. }
            | Self::Undeliverable { .. } => None,
        }
    }
}

fn is_aboard(state: &CharterState, offer: OfferNo) -> bool {
    state.offer(offer).is_some_and(|offer| offer.state.is_aboard())
}

fn is_filled(state: &CharterState) -> bool {
    state.call.as_ref().is_some_and(|call| call.filled_at.is_some())
}

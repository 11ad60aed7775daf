//! What a crew link shows: the state of one offer, seen by the person who was asked.

use jiff::Timestamp;

use super::Context;
use super::settle::closes_at;
use super::state::{CharterState, Offer, OfferNo, OfferState};

/// The page behind a crew link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferPage {
    /// The offer waits for an answer.
    Open {
        /// Until when; unknown while its mail is on the way.
        reply_by: Option<Timestamp>,
    },
    /// The person is aboard.
    Aboard {
        /// Until when the accept can be taken back; `None` once it cannot.
        undo_until: Option<Timestamp>,
    },
    /// The person is aboard a sail that has changed since, and is asked to confirm.
    Reconfirm {
        /// Until when; unknown while the mail is on the way.
        reply_by: Option<Timestamp>,
    },
    /// The person said no.
    Declined,
    /// The person cannot sail after all, and is responsible for the seat until somebody else has it.
    DroppedOut,
    /// The person was aboard, and is bound to the sail no more.
    Released,
    /// Nobody answered in time, or no mail arrived, and the seat is still open or being offered to others.
    Expired,
    /// The yes came too late; the person is asked first if the seat is open still or again.
    Standby {
        /// Somebody else has the seat.
        taken: bool,
    },
    /// Someone else has the seat by now.
    Taken,
    /// The offer has ended, and the same person has a newer one that waits.
    AskedAgain,
    /// The offer was taken back; the charter goes on.
    Rescinded,
    /// The charter is off.
    Cancelled,
    /// The sail has left without the person.
    Departed,
}

impl OfferPage {
    /// What the link of offer `no` shows now; `None` if there is no such offer.
    pub fn of(state: &CharterState, no: OfferNo, context: &Context<'_>) -> Option<Self> {
        let offer = state.offer(no)?;
        let now = context.now;
        if state.cancelled_at.is_some() {
            return Some(Self::Cancelled);
        }
        // An old mail is opened as easily as a new one. What counts is how the person stands now.
        let newer = state.offers.iter().find(|other| {
            other.no != no && other.crew_id == offer.crew_id && other.in_force() && !offer.in_force()
        });
        match newer.map(|newer| newer.state) {
            Some(OfferState::Accepted) => return Some(Self::Aboard { undo_until: None }),
            _ if now >= state.charter.departs_at && !offer.state.is_aboard() => {
                return Some(Self::Departed);
            }
            Some(_) => return Some(Self::AskedAgain),
            None => {}
        }
        let taken = state.open_seats(&offer.seat.position) == 0;
        let stands_by =
            |other: &Offer| other.crew_id == offer.crew_id && other.seat.position == offer.seat.position;
        if state.can_stand_by(offer) && state.standing_by().any(stands_by) {
            return Some(Self::Standby { taken });
        }
        let taken = state.holder(&offer.seat).is_some();
        let unanswered = || if taken { Self::Taken } else { Self::Expired };
        Some(match offer.state {
            OfferState::Queued | OfferState::Sent => match closes_at(offer, context) {
                Some(closes_at) if now >= closes_at => unanswered(),
                _ => Self::Open { reply_by: offer.reply_by },
            },
            OfferState::Accepted => {
                let until =
                    offer.ended_at.map(|at| (at + context.policy.undo_window).min(state.charter.departs_at));
                Self::Aboard {
                    undo_until: until.filter(|until| now < *until && !offer.undone && !offer.by_hand),
                }
            }
            OfferState::Reconfirming if now >= state.charter.departs_at => Self::Aboard { undo_until: None },
            OfferState::Reconfirming => Self::Reconfirm { reply_by: offer.reply_by },
            OfferState::Declined => Self::Declined,
            OfferState::DroppedOut => Self::DroppedOut,
            OfferState::Released => Self::Released,
            OfferState::Expired | OfferState::Undeliverable => unanswered(),
            OfferState::Rescinded if taken => Self::Taken,
            OfferState::Rescinded => Self::Rescinded,
        })
    }
}

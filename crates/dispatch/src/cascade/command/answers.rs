//! What the person who was asked answers.

use jiff::Timestamp;

use super::leaving::leave;
use super::mail::{sent, window_from_now};
use super::recheck::recheck_asked;
use super::standby::{no_more, stand_by};
use super::{Rejection, departed, find};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::judging::{may_sail, verdict_aboard};
use crate::cascade::seating::{pair, reopen, seat_taken};
use crate::cascade::settle::closes_at;
use crate::cascade::state::{CallStatus, Offer, OfferNo, OfferState};
use crate::cascade::why::RescindReason;
use crate::policy::Window;

/// An answer counts while the offer is open, in time, and of the current revision.
fn answerable(deciding: &Deciding<'_>, offer: &Offer) -> Result<(), Rejection> {
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled);
    }
    match offer.state {
        OfferState::Queued | OfferState::Sent => {}
        OfferState::Reconfirming => return Err(Rejection::SailChanged),
        OfferState::Accepted => return Err(Rejection::AlreadyAccepted),
        OfferState::Declined => return Err(Rejection::AlreadyDeclined),
        OfferState::Expired | OfferState::Undeliverable => return Err(Rejection::Expired),
        OfferState::Rescinded => return Err(Rejection::Rescinded),
        OfferState::DroppedOut => return Err(Rejection::DroppedOut),
        OfferState::Released => return Err(Rejection::Released),
    }
    if offer.revision != deciding.state.revision {
        return Err(Rejection::Rescinded);
    }
    departed(deciding)?;
    let now = deciding.context.now;
    let closed = closes_at(offer, deciding.context).is_some_and(|closes_at| now >= closes_at);
    // While the pages are down no offer lapses, and whoever phones is in time.
    if closed && deciding.context.can_answer {
        return Err(Rejection::Expired);
    }
    Ok(())
}

pub(super) fn accept(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    match answerable(deciding, &offer) {
        Err(Rejection::AlreadyAccepted) => return Ok(()),
        // Too late.
        Err(Rejection::Expired) => return stand_by(deciding, no),
        Err(Rejection::Rescinded) if offer.rescinded == Some(RescindReason::SeatTaken) => {
            return stand_by(deciding, no);
        }
        answer => answer?,
    }
    may_sail(deciding, &offer)?;
    arrived(deciding, &offer)?;
    deciding.record(Fact::OfferAccepted { offer: no })?;
    seat_taken(deciding, &offer.seat)?;
    pair(deciding, &offer, |_| true)
}

pub(super) fn decline(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    match answerable(deciding, &offer) {
        Err(Rejection::SailChanged) => return leave(deciding, &offer),
        // Nobody waits for the answer any more.
        Err(Rejection::AlreadyDeclined | Rejection::DroppedOut | Rejection::Released) => {
            return no_more(deciding, &offer.crew_id);
        }
        Err(Rejection::Expired) if !offer.state.is_open() => return no_more(deciding, &offer.crew_id),
        Err(Rejection::Rescinded) if offer.rescinded == Some(RescindReason::SeatTaken) => {
            return no_more(deciding, &offer.crew_id);
        }
        answer => answer?,
    }
    arrived(deciding, &offer)?;
    deciding.record(Fact::OfferDeclined { offer: no, was_aboard: false, tell_office: false })
}

/// An answer proves that the mail arrived, even if the word of that is lost or still on its way.
/// From then on the offer has an end of its own, should the answer be taken back.
fn arrived(deciding: &mut Deciding<'_>, offer: &Offer) -> Result<(), Stop> {
    if offer.state == OfferState::Queued { sent(deciding, offer.no, false) } else { Ok(()) }
}

/// The offer is open again. Without a captain nobody else is being asked; those who said yes stay.
pub(super) fn undo(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    let accepted_at = match (offer.state, offer.ended_at) {
        (OfferState::Accepted, Some(at)) => at,
        // Pressed twice: the offer is open again already, or was, and its time is over.
        (OfferState::Queued | OfferState::Sent | OfferState::Expired | OfferState::Rescinded, _)
            if deciding.state.cancelled_at.is_none() =>
        {
            return Ok(());
        }
        _ => return Err(Rejection::NothingToUndo.into()),
    };
    if deciding.state.status() == CallStatus::Cancelled {
        return Err(Rejection::Cancelled.into());
    }
    if !can_undo(deciding, &offer, accepted_at) {
        return Err(Rejection::UndoTooLate.into());
    }
    let was_filled = deciding.state.status() == CallStatus::Filled;
    deciding.record(Fact::AcceptUndone { offer: no })?;
    reopen(deciding, no, was_filled)?;
    let asked = find(deciding, no)?;
    if !asked.state.is_open() {
        return Ok(());
    }
    if asked.handed_over_at.is_some() && asked.closes_at.is_none() {
        // Its end went when a change asked them to confirm, even if that was taken back since.
        let Window { reply_by, closes_at, .. } = window_from_now(deciding, &asked);
        deciding.follows(Fact::OfferProlonged { offer: no, reply_by, closes_at })?;
    }
    if offer.conflicts.is_empty() {
        return Ok(());
    }
    // What would have been settled with them aboard keeps them from being asked.
    deciding.people.require([&asked.crew_id])?;
    let verdict = verdict_aboard(deciding, &asked.crew_id, &asked.seat.position)?;
    recheck_asked(deciding, &asked, verdict)
}

pub(super) fn can_undo(deciding: &Deciding<'_>, offer: &Offer, accepted_at: Timestamp) -> bool {
    let now = deciding.context.now;
    let in_time =
        now < accepted_at + deciding.context.policy.undo_window && now < deciding.state.charter.departs_at;
    in_time && !offer.undone && !offer.by_hand
}

//! What the person who was asked answers.

use jiff::Timestamp;

use super::leaving::{leave, reopen};
use super::mail::sent;
use super::recheck::{judge, recheck_asked};
use super::standby::stand_by;
use super::{Rejection, find};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::settle::closes_at;
use crate::cascade::state::{CallStatus, Offer, OfferNo, OfferState};
use crate::cascade::why::{ReleaseReason, RescindReason};
use crate::eligibility::Reason;
use crate::model::{Rank, Seat};

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

fn departed(deciding: &Deciding<'_>) -> Result<(), Rejection> {
    let left = deciding.context.now >= deciding.state.charter.departs_at;
    if left { Err(Rejection::Departed) } else { Ok(()) }
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

/// Other sails may have been accepted since this one was offered; what is only asked does not count.
pub(super) fn may_sail(deciding: &Deciding<'_>, offer: &Offer) -> Result<(), Stop> {
    let commitments = deciding.people.commitments(&offer.crew_id)?;
    let verdict = deciding.sail().commitments(commitments, &offer.seat.position);
    match verdict.against.into_iter().find(|reason| !reason.passes()) {
        Some(Reason::Assigned { charter_id }) => Err(Rejection::Overlap(charter_id).into()),
        Some(reason) => Err(Rejection::TooTired(reason).into()),
        None => Ok(()),
    }
}

/// The seat is taken: whoever else was being asked for it is told at once, and whoever dropped out of it is
/// free.
pub(super) fn seat_taken(deciding: &mut Deciding<'_>, seat: &Seat) -> Result<(), Stop> {
    let others: Vec<OfferNo> =
        deciding.state.open_offers().filter(|open| open.seat == *seat).map(|open| open.no).collect();
    for offer in others {
        deciding.follows(Fact::OfferRescinded { offer, why: RescindReason::SeatTaken })?;
    }
    match deciding.state.responsible(seat).map(|offer| offer.no) {
        Some(offer) => deciding.follows(Fact::Released { offer, why: ReleaseReason::Replaced }),
        None => Ok(()),
    }
}

/// Puts the captain's usual crew first, for each of these positions that still has an empty seat. Whoever is no
/// captain, or sails alone, has none.
pub(in crate::cascade) fn pair(
    deciding: &mut Deciding<'_>,
    captain: &Offer,
    which: impl Fn(&Rank) -> bool,
) -> Result<(), Stop> {
    if !captain.seat.position.is_captain() || deciding.state.charter.positions.len() == 1 {
        return Ok(());
    }
    let paired = match deciding.people.member(&captain.crew_id)? {
        Some(member) => member.paired_crew.clone(),
        None => Vec::new(),
    };
    deciding.people.require(&paired)?;
    let needs = deciding.state.charter.positions.clone();
    for position in needs.into_iter().map(|need| need.position).filter(|position| !position.is_captain()) {
        if !which(&position) {
            continue;
        }
        let mut of_position = Vec::new();
        for id in &paired {
            if deciding.people.member(id)?.is_some_and(|member| member.rank == position) {
                of_position.push(id.clone());
            }
        }
        // A seat that is taken may become empty under this captain.
        let known = deciding.state.cascade_of(&position).is_some_and(|cascade| cascade.paired == of_position);
        if deciding.state.open_seats(&position) > 0 || !known {
            deciding.follows(Fact::CrewPaired { position, paired: of_position })?;
        }
    }
    Ok(())
}

pub(super) fn decline(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    if offer.stands_by && deciding.state.cancelled_at.is_none() {
        return deciding.record(Fact::StandsByNoMore { offer: no });
    }
    match answerable(deciding, &offer) {
        Err(Rejection::AlreadyDeclined | Rejection::DroppedOut | Rejection::Released) => return Ok(()),
        Err(Rejection::SailChanged) => return leave(deciding, &offer),
        // Nobody waits for the answer any more.
        Err(Rejection::Expired) if !offer.state.is_open() => return Ok(()),
        Err(Rejection::Rescinded) if offer.rescinded == Some(RescindReason::SeatTaken) => return Ok(()),
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
    if offer.conflicts.is_empty() || !asked.state.is_open() {
        return Ok(());
    }
    // What would have been settled with them aboard keeps them from being asked.
    deciding.people.require([&asked.crew_id])?;
    let verdict = judge(deciding, &asked.crew_id, &asked.seat.position)?;
    recheck_asked(deciding, &asked, verdict)
}

pub(super) fn can_undo(deciding: &Deciding<'_>, offer: &Offer, accepted_at: Timestamp) -> bool {
    let now = deciding.context.now;
    let in_time =
        now < accepted_at + deciding.context.policy.undo_window && now < deciding.state.charter.departs_at;
    in_time && !offer.undone && !offer.by_hand
}

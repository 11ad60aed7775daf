//! Who is aboard leaves: by their own word, or by the office's.

use super::answers::{can_undo, decline};
use super::recheck::recheck_aboard;
use super::standby::no_more;
use super::{Rejection, departed, find, said, sails};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::event::Actor;
use crate::cascade::fact::Fact;
use crate::cascade::judging::{verdict, verdict_aboard};
use crate::cascade::seating::{pair, reopen, seat_taken};
use crate::cascade::state::{CallStatus, Offer, OfferNo, OfferState};
use crate::cascade::why::ReleaseReason;
use crate::eligibility::Reason;
use crate::model::CrewId;
use crate::policy::DropOuts;

/// Somebody cannot sail. Who is not aboard any more, or never was, has nothing to leave; that is no fault.
pub(super) fn drop_out(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    sails(deciding)?;
    let accepted_at = match (offer.state, offer.ended_at) {
        (OfferState::Accepted, Some(at)) => at,
        (OfferState::Queued | OfferState::Sent, _) => return decline(deciding, no),
        (OfferState::Reconfirming, _) => return leave(deciding, &offer),
        _ => return no_more(deciding, &offer.crew_id),
    };
    let was_filled = deciding.state.status() == CallStatus::Filled;
    if can_undo(deciding, &offer, accepted_at) {
        let tell_office = is_for_the_office(deciding);
        deciding.record(Fact::AcceptUndone { offer: no })?;
        deciding.record(Fact::OfferDeclined { offer: no, was_aboard: true, tell_office })?;
        return reopen(deciding, no, was_filled);
    }
    let tell_office = is_for_the_office(deciding);
    deciding.record(Fact::DroppedOut { offer: no, tell_office })?;
    reopen(deciding, no, was_filled)?;
    match deciding.context.policy.drop_outs {
        DropOuts::Responsible => Ok(()),
        DropOuts::Free => deciding.follows(Fact::Released { offer: no, why: ReleaseReason::Free }),
    }
}

/// Somebody aboard says no to what has become of the sail: that costs nothing.
pub(super) fn leave(deciding: &mut Deciding<'_>, offer: &Offer) -> Result<(), Stop> {
    sails(deciding)?;
    let tell_office = is_for_the_office(deciding);
    deciding.record(Fact::OfferDeclined { offer: offer.no, was_aboard: true, tell_office })?;
    reopen(deciding, offer.no, false)
}

/// The sail is near, or nobody is asked while the call rests.
fn is_for_the_office(deciding: &Deciding<'_>) -> bool {
    let left = deciding.state.charter.departs_at.duration_since(deciding.context.now);
    let rests = deciding.state.call.as_ref().is_some_and(|call| call.paused_at.is_some());
    left <= deciding.context.policy.drop_out_cutoff || rests
}

/// Whoever dropped out is the first whom the office wants back. Whoever else is being asked is told.
pub(super) fn come_back(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    sails(deciding)?;
    match offer.state {
        OfferState::DroppedOut if offer.revision == deciding.state.revision => {}
        OfferState::Accepted => return Ok(()),
        OfferState::Released => return Err(Rejection::Released.into()),
        _ => return Err(Rejection::NothingToUndo.into()),
    }
    // Each time others are asked for nothing, and every offer of the charter counts: the office may see a reason.
    if offer.came_back && !matches!(deciding.context.by, Actor::Office(_)) {
        return Err(Rejection::CameBackBefore.into());
    }
    let judged = verdict(deciding, &offer.crew_id, &offer.seat.position)?;
    if judged.against.iter().any(|reason| matches!(reason, Reason::DoNotPair { .. })) {
        return Err(Rejection::OthersAboard.into());
    }
    deciding.record(Fact::CameBack { offer: no })?;
    // What the office knew of them went when they did.
    let (back, verdict) =
        (find(deciding, no)?, verdict_aboard(deciding, &offer.crew_id, &offer.seat.position)?);
    recheck_aboard(deciding, &back, verdict)?;
    seat_taken(deciding, &offer.seat)?;
    pair(deciding, &offer, |_| true)
}

pub(super) fn release(deciding: &mut Deciding<'_>, crew_id: &CrewId, reason: &str) -> Result<(), Stop> {
    let reason = said(reason)?;
    sails(deciding)?;
    let mut theirs = deciding.state.offers.iter().filter(|offer| offer.crew_id == *crew_id);
    let bound = theirs.clone().any(|offer| offer.binds() && !offer.state.is_open());
    if !bound && theirs.next_back().is_some_and(|latest| latest.state == OfferState::Released) {
        return Ok(());
    }
    let_go(deciding, crew_id, ReleaseReason::ByOffice { reason })
}

/// By the office's word. The seat is called again, if the boat is still there.
pub(super) fn let_go(deciding: &mut Deciding<'_>, crew_id: &CrewId, why: ReleaseReason) -> Result<(), Stop> {
    let mut theirs = deciding.state.offers.iter().filter(|offer| offer.crew_id == *crew_id);
    let bound = theirs.find(|offer| offer.binds() && !offer.state.is_open()).map(|offer| offer.no);
    let offer = bound.ok_or_else(|| Rejection::NotAboard(crew_id.clone()))?;
    let was_filled = deciding.state.status() == CallStatus::Filled;
    deciding.record(Fact::Released { offer, why })?;
    if departed(deciding).is_ok() { reopen(deciding, offer, was_filled) } else { Ok(()) }
}

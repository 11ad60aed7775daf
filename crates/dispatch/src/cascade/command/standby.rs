//! A yes that comes too late: the person stands by, should the seat be open still or again.

use super::{Rejection, find, sails};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::judging::may_sail;
use crate::cascade::settle::lapse;
use crate::cascade::state::{CharterState, Offer, OfferNo, OfferState};
use crate::cascade::why::RescindReason;
use crate::limits;

use crate::policy::LateYes;

/// The yes does not win the seat; who is being asked for it has their time. The office hears of it, where the seat
/// is open and the settings leave it to the office.
pub(super) fn stand_by(deciding: &mut Deciding<'_>, no: OfferNo) -> Result<(), Stop> {
    sails(deciding)?;
    find(deciding, no)?;
    lapse(deciding)?;
    let offer = find(deciding, no)?;
    // Asked anew, or aboard, they have another offer to answer.
    if deciding.state.offers.iter().any(|other| other.crew_id == offer.crew_id && other.binds()) {
        return Ok(());
    }
    // By the newest link that still can, whichever they opened: they may have those of several rounds.
    let same = |other: &&Offer| other.crew_id == offer.crew_id && other.seat.position == offer.seat.position;
    let newest = deciding.state.offers.iter().filter(same).rfind(|other| deciding.state.can_stand_by(other));
    let offer = newest.unwrap_or(&offer).clone();
    if !deciding.state.can_stand_by(&offer) {
        return Err(match offer.state {
            OfferState::Rescinded | OfferState::Released => Rejection::Rescinded,
            _ => Rejection::Expired,
        }
        .into());
    }
    if offer.stands_by {
        return Ok(());
    }
    may_sail(deciding, &offer)?;
    let open = deciding.state.open_seats(&offer.seat.position) > 0;
    let tell_office = open && deciding.context.policy.late_yes == LateYes::Office;
    deciding.record(Fact::StandsBy { offer: offer.no, tell_office })
}

/// By which of their offers somebody stands by who answers by this one.
pub(super) fn stands_by(state: &CharterState, answered: &Offer) -> Option<OfferNo> {
    let counts = state.cancelled_at.is_none() && state.can_stand_by(answered);
    let mut waiting = state.standing_by().filter(|_| counts);
    waiting.find(|offer| offer.crew_id == answered.crew_id).map(|offer| offer.no)
}

/// The sail becomes another one, and whoever stood by for what it was hears of that.
pub(super) fn stand_down(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    let waiting = deciding.state.standing_by().take(limits::STANDBYS_TOLD).map(|offer| offer.no);
    for offer in waiting.collect::<Vec<_>>() {
        let why = Some(RescindReason::CharterChanged);
        deciding.follows(Fact::StandsByNoMore { offer, why })?;
    }
    Ok(())
}

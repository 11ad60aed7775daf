//! A yes that comes too late: the person stands by, should the seat be open still or again.

use super::{Rejection, find, sails};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::judging::may_sail;
use crate::cascade::settle::lapse;
use crate::cascade::state::{Offer, OfferNo, OfferState};
use crate::cascade::why::RescindReason;
use crate::limits;

use crate::model::CrewId;
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
    // Whoever sails no more may have old links still.
    deciding.people.require([&offer.crew_id])?;
    if deciding.people.member(&offer.crew_id)?.is_none_or(|member| member.left) {
        return Err(Rejection::NotOnRoster.into());
    }
    if offer.remarks >= limits::REMARKS {
        return Err(Rejection::TooManyRemarks.into());
    }
    may_sail(deciding, &offer)?;
    let open = deciding.state.open_seats(&offer.seat.position) > 0;
    let tell_office = open && deciding.context.policy.late_yes == LateYes::Office;
    deciding.record(Fact::StandsBy { offer: offer.no, tell_office })
}

/// A no of somebody who has nothing to answer: if they stand by, they do no more, by whichever link they said so.
pub(super) fn no_more(deciding: &mut Deciding<'_>, crew_id: &CrewId) -> Result<(), Stop> {
    let offer = deciding.state.standing_by().find(|offer| offer.crew_id == *crew_id).map(|offer| offer.no);
    offer.map_or(Ok(()), |offer| deciding.record(Fact::StandsByNoMore { offer, why: None }))
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

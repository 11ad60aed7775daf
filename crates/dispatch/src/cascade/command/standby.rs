//! A yes that comes too late: the person stands by, should the seat be open still or again.

use super::{Rejection, find, sails};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::judging::may_sail;
use crate::cascade::settle::lapse;
use crate::cascade::state::{Offer, OfferNo, OfferState};
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
    // By the link of another round they may have said so before.
    let theirs = |other: &Offer| other.crew_id == offer.crew_id && other.seat.position == offer.seat.position;
    let known = deciding.state.standing_by().any(theirs);
    let tell_office = open && !known && deciding.context.policy.late_yes == LateYes::Office;
    deciding.record(Fact::StandsBy { offer: no, tell_office })
}

//! A yes that comes too late: the person stands by, should the seat be open still or again.

use super::answers::{may_sail, pair, seat_taken};
use super::leaving::sails;
use super::{Rejection, find};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::settle::{lapse, verdict};
use crate::cascade::state::{Offer, OfferNo, OfferState};
use crate::limits;
use crate::model::Seat;
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

/// Gives an empty seat to the first who stands by for it and can sail, if the settings say so.
pub(in crate::cascade) fn take_standby(deciding: &mut Deciding<'_>, seat: &Seat) -> Result<bool, Stop> {
    if deciding.context.policy.late_yes != LateYes::Take {
        return Ok(false);
    }
    let of_position = deciding.state.standing_by().filter(|offer| offer.seat.position == seat.position);
    let waiting: Vec<Offer> = of_position.cloned().collect();
    for Offer { crew_id, .. } in waiting {
        deciding.people.require([&crew_id])?;
        let mut judged = verdict(deciding, &crew_id, &seat.position)?;
        judged.warnings.truncate(limits::REASONS);
        // As with any yes, what they are only being asked for does not count.
        if judged.against.iter().any(|reason| !reason.passes()) {
            continue;
        }
        let Some((offer, token_id)) = deciding.next_offer(&crew_id) else { return Ok(false) };
        let (on, reason, warnings) = (seat.clone(), "stood by".to_owned(), judged.warnings);
        deciding.follows(Fact::Assigned { offer, seat: on, crew_id, token_id, reason, warnings })?;
        seat_taken(deciding, seat)?;
        let aboard = find(deciding, offer)?;
        pair(deciding, &aboard, |_| true)?;
        return Ok(true);
    }
    Ok(false)
}

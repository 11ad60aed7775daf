//! Seats that are taken and become empty again, and what comes with it.

use super::Stop;
use super::deciding::Deciding;
use super::fact::Fact;
use super::judging::verdict;
use super::state::{Offer, OfferNo};
use super::why::{ReleaseReason, RescindReason};
use crate::limits;
use crate::model::{Rank, Seat};
use crate::policy::LateYes;

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
pub(super) fn pair(
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

/// A seat is empty again. Without a captain nobody else is being asked; those who said yes stay.
pub(super) fn reopen(deciding: &mut Deciding<'_>, no: OfferNo, was_filled: bool) -> Result<(), Stop> {
    if was_filled {
        deciding.follows(Fact::CallReopened { offer: no })?;
    }
    if deciding.state.captain().is_none() {
        let crew = deciding.state.open_offers().filter(|open| !open.seat.position.is_captain());
        for open in crew.map(|open| open.no).collect::<Vec<_>>() {
            deciding.follows(Fact::OfferRescinded { offer: open, why: RescindReason::CaptainWithdrew })?;
        }
    }
    Ok(())
}

/// Gives an empty seat to the first who stands by for it and can sail, if the settings say so.
pub(super) fn take_standby(deciding: &mut Deciding<'_>, seat: &Seat) -> Result<bool, Stop> {
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
        let aboard = deciding.offer(offer).clone();
        pair(deciding, &aboard, |_| true)?;
        return Ok(true);
    }
    Ok(false)
}

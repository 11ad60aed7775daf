//! What is only known once the sail has left, or is about to: who came, who did not, and what it came to.

use super::leaving::let_go;
use super::{Rejection, departed, said};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::settle::settle;
use crate::cascade::state::{CharterState, OfferState};
use crate::cascade::why::ReleaseReason;
use crate::eligibility::Reason;
use crate::limits;
use crate::model::{CrewId, Figures, Rank, Seat};

/// The new figures replace the old ones as a whole. Given twice, they say the same.
pub(super) fn record(
    deciding: &mut Deciding<'_>,
    figures: &Figures,
    from: Option<&Figures>,
) -> Result<(), Stop> {
    let state = &deciding.state;
    if state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    if state.figures == *figures {
        return Ok(());
    }
    if from.is_some_and(|from| *from != state.figures) {
        return Err(Rejection::ChangedMeanwhile.into());
    }
    let hours = figures.actual_hours.is_some() || !figures.hours_of.is_empty();
    if hours && departed(deciding).is_ok() {
        return Err(Rejection::HoursTooEarly.into());
    }
    let aboard = state.aboard();
    if let Some(id) = figures.hours_of.keys().find(|id| !aboard.iter().any(|offer| offer.crew_id == **id)) {
        return Err(Rejection::HoursOfNobody(id.clone()).into());
    }
    let revenue = figures.gross_revenue.or(state.charter.gross_revenue);
    if let (Some(fee), Some(revenue)) = (figures.channel_fee.or(state.charter.channel_fee), revenue)
        && fee > revenue
    {
        return Err(Rejection::FeeAboveRevenue(fee, revenue).into());
    }
    let was = state.figures.clone();
    deciding.record(Fact::FiguresRecorded { figures: figures.clone(), was })
}

/// Before the departure the seat is called again, as if the office had released them. After it the seat stays empty.
pub(super) fn no_show(deciding: &mut Deciding<'_>, crew_id: &CrewId, reason: &str) -> Result<(), Stop> {
    let reason = said(reason)?;
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    if deciding.context.now < deciding.state.charter.call_time {
        return Err(Rejection::BeforeCallTime.into());
    }
    if departed(deciding).is_err() {
        settle(deciding)?;
    }
    let mut theirs = deciding.state.offers.iter().filter(|offer| offer.crew_id == *crew_id);
    if theirs.next_back().is_some_and(|latest| latest.no_show) {
        return Ok(());
    }
    let_go(deciding, crew_id, ReleaseReason::NoShow { reason })
}

/// They sailed, so nothing that would have kept them ashore matters any more, but that nobody is on two boats. That is
/// known for as long as sails are remembered.
pub(super) fn turned_up(
    deciding: &mut Deciding<'_>,
    position: &Rank,
    crew_id: &CrewId,
    reason: &str,
) -> Result<(), Stop> {
    let reason = said(reason)?;
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    if departed(deciding).is_ok() {
        return Err(Rejection::NotDeparted.into());
    }
    // What the departure ends is over before somebody is found who was aboard.
    settle(deciding)?;
    let mut theirs = deciding.state.offers.iter().filter(|offer| offer.crew_id == *crew_id);
    let bound = theirs.rfind(|offer| offer.binds()).map(|offer| (offer.no, offer.state, &offer.seat));
    let dropped_out = match bound {
        Some((_, state, seat)) if state.is_aboard() && seat.position == *position => return Ok(()),
        Some((_, state, _)) if state.is_aboard() => return Err(Rejection::Aboard(crew_id.clone()).into()),
        Some((no, OfferState::DroppedOut, _)) => Some(no),
        _ => None,
    };
    if deciding.people.member(crew_id)?.is_none() {
        return Err(Rejection::CannotSail(crew_id.clone(), Reason::NotOnRoster).into());
    }
    let (charter, policy) = (deciding.state.charter.clone(), deciding.context.policy);
    let (from, until) = (charter.call_time, charter.returns_at);
    let elsewhere = {
        let commitments = deciding.commitments_of(crew_id)?;
        let mut near = commitments.overlapping(&charter.charter_id, from, until, policy);
        near.find(|other| other.kind.binds()).map(|other| other.charter_id.clone())
    };
    if let Some(other) = elsewhere {
        return Err(Rejection::SailedElsewhere(crew_id.clone(), other).into());
    }
    if let Some(offer) = dropped_out {
        let why = ReleaseReason::ByOffice { reason: reason.clone() };
        deciding.follows(Fact::Released { offer, why })?;
    }
    let seat = seat_of(&deciding.state, position)?;
    if let Some(offer) = deciding.state.responsible(&seat).map(|offer| offer.no) {
        deciding.follows(Fact::Released { offer, why: ReleaseReason::Replaced })?;
    }
    let (offer, token_id) = deciding.next_offer(crew_id).ok_or(Rejection::TooManyOffers)?;
    let crew_id = crew_id.clone();
    deciding.record(Fact::TurnedUp { offer, seat, crew_id, token_id, reason })
}

/// One that nobody has, if there is one for which nobody is responsible either; else one beyond those that were booked.
fn seat_of(state: &CharterState, position: &Rank) -> Result<Seat, Rejection> {
    let seats: Vec<Seat> = state.charter.seats().collect();
    let of_position = seats.iter().filter(|seat| seat.position == *position);
    let empty = of_position.clone().filter(|seat| state.holder(seat).is_none());
    if let Some(seat) = empty.min_by_key(|seat| state.responsible(seat).is_some()) {
        return Ok(seat.clone());
    }
    if let Some(captain) = state.captain_aboard().filter(|_| position.is_captain()) {
        return Err(Rejection::CaptainAboard(captain.crew_id.clone()));
    }
    let number = of_position.map(|seat| seat.number).max().unwrap_or(0) + 1;
    let full = seats.len() >= limits::SEATS as usize;
    if full || (number == 1 && state.charter.positions.len() >= limits::POSITIONS) {
        return Err(Rejection::TooManySeats);
    }
    Ok(Seat { position: position.clone(), number })
}

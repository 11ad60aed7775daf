//! How the office steps into a call: one that runs, or one that it prepares.

use jiff::Timestamp;

use super::{Rejection, find, said, sails};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::judging::verdict_by_mail;
use crate::cascade::seating::{pair, seat_taken};
use crate::cascade::settle::lapse;
use crate::cascade::start::{begin, ranking};
use crate::cascade::state::{CallStatus, CharterState, Offer, OfferNo, OfferState};
use crate::cascade::why::{RescindReason, Skipped};
use crate::eligibility::{Reason, Verdict};
use crate::limits;
use crate::model::{CrewId, Rank, Seat};

/// A call that can be stepped into: begun, not over. Whatever is due comes first: an offer whose time is
/// over is none that waits.
fn going_on(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    lapse(deciding)?;
    sails(deciding)?;
    match deciding.state.status() {
        CallStatus::Draft => Err(Rejection::NotStarted.into()),
        CallStatus::Filled => Err(Rejection::AlreadyFilled.into()),
        _ => Ok(()),
    }
}

/// A call that has not begun begins, and rests: so the office can settle who comes first before anybody is asked.
fn prepare(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.status() != CallStatus::Draft {
        return Ok(());
    }
    begin(deciding)?;
    deciding.follows(Fact::CallPaused)
}

/// Pressed twice, nothing has come of the new round yet, and it stays as it is.
pub(super) fn ask_again(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    going_on(deciding)?;
    if is_at_the_top(&deciding.state) && !others_could_come(deciding)? { Ok(()) } else { begin(deciding) }
}

/// Whether the order would have somebody else in it, were it fixed now.
fn others_could_come(deciding: &Deciding<'_>) -> Result<bool, Stop> {
    let Some(call) = &deciding.state.call else { return Ok(true) };
    for cascade in call.cascades.iter().filter(|one| deciding.state.open_seats(&one.position) > 0) {
        let (now, _) = ranking(deciding.people, &deciding.sail(), &cascade.position)?;
        if now.ranked.iter().any(|id| !cascade.order().any(|known| known == id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_at_the_top(state: &CharterState) -> bool {
    let Some(call) = &state.call else { return false };
    // What became of a list whose seats are all taken is no matter any more.
    let mut asking = call.cascades.iter().filter(|cascade| state.open_seats(&cascade.position) > 0);
    let fresh = asking.all(|cascade| {
        let mut of_round = state
            .offers
            .iter()
            .filter(|offer| offer.seat.position == cascade.position && offer.round == cascade.round);
        cascade.skipped.is_empty() && !cascade.exhausted && of_round.all(|offer| offer.in_force())
    });
    fresh && state.status() == CallStatus::Running && call.declined.is_empty() && call.skipped.is_empty()
}

pub(super) fn pause(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.status() == CallStatus::Draft {
        begin(deciding)?;
    }
    going_on(deciding)?;
    if deciding.state.status() == CallStatus::Paused { Ok(()) } else { deciding.record(Fact::CallPaused) }
}

pub(super) fn resume(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    going_on(deciding)?;
    if deciding.state.status() == CallStatus::Paused { deciding.record(Fact::CallResumed) } else { Ok(()) }
}

pub(super) fn stop(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    going_on(deciding)?;
    let open: Vec<OfferNo> = deciding.state.open_offers().map(|offer| offer.no).collect();
    if open.is_empty() && deciding.state.status() == CallStatus::Paused {
        return Ok(());
    }
    deciding.record(Fact::CallStopped)?;
    for offer in open {
        deciding.follows(Fact::OfferRescinded { offer, why: RescindReason::CallStopped })?;
    }
    Ok(())
}

pub(super) fn skip(deciding: &mut Deciding<'_>, crew_id: &CrewId, reason: &str) -> Result<(), Stop> {
    let why = said(reason)?;
    prepare(deciding)?;
    going_on(deciding)?;
    let state = &deciding.state;
    let skipped = state.call.as_ref().is_some_and(|call| call.skipped.contains(crew_id));
    // Whoever was asked all the same since can be skipped again.
    if skipped && state.in_force(crew_id).is_none() {
        return Ok(());
    }
    let asked = match state.in_force(crew_id) {
        Some(offer) if offer.state.is_aboard() => {
            return Err(Rejection::Aboard(crew_id.clone()).into());
        }
        offer => offer.map(|offer| (offer.no, offer.seat.position.clone())),
    };
    let position = match &asked {
        Some((_, position)) => position.clone(),
        None => {
            let mut positions = state.charter.positions.iter().map(|need| &need.position);
            let position = positions.find(|position| state.candidates(position).contains(crew_id));
            position.ok_or_else(|| Rejection::NotToCome(crew_id.clone()))?.clone()
        }
    };
    let skipped = Skipped::new(crew_id.clone(), vec![Reason::ByOffice { why }]);
    deciding.record(Fact::PersonSkipped { position, skipped })?;
    match asked {
        Some((offer, _)) => deciding.follows(Fact::OfferRescinded { offer, why: RescindReason::Skipped }),
        None => Ok(()),
    }
}

pub(super) fn extend(deciding: &mut Deciding<'_>, crew_id: &CrewId, until: Timestamp) -> Result<(), Stop> {
    let departs_at = deciding.state.charter.departs_at;
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    lapse(deciding)?;
    let open = deciding.state.open_offers().find(|offer| offer.crew_id == *crew_id);
    let offer = open.ok_or_else(|| Rejection::NotAsked(crew_id.clone()))?;
    let Some(reply_by) = offer.reply_by else { return Err(Rejection::MailOnItsWay(crew_id.clone()).into()) };
    if until == reply_by {
        return Ok(());
    }
    if until < reply_by || until <= deciding.context.now {
        return Err(Rejection::NotLonger.into());
    }
    if until > departs_at {
        return Err(Rejection::AfterDeparture.into());
    }
    let closes_at =
        (until + deciding.context.policy.grace).min(departs_at).max(offer.closes_at.unwrap_or(until));
    let offer = offer.no;
    deciding.record(Fact::OfferProlonged { offer, reply_by: until, closes_at })
}

/// Whom the office had skipped it can put into the order again.
pub(super) fn reorder(deciding: &mut Deciding<'_>, position: &Rank, first: &[CrewId]) -> Result<(), Stop> {
    prepare(deciding)?;
    going_on(deciding)?;
    let known = deciding.state.candidates(position);
    let back = deciding.state.skipped_of(first);
    let to_come = deciding.state.candidates_with(position, &back);
    if let Some(id) = first.iter().find(|id| !to_come.contains(id)) {
        return Err(Rejection::NotToCome(id.clone()).into());
    }
    let Some(cascade) = deciding.state.cascade_of(position) else { return Ok(()) };
    let mut in_order: Vec<CrewId> = Vec::with_capacity(to_come.len());
    for id in first.iter().chain(&to_come) {
        if !in_order.contains(id) {
            in_order.push(id.clone());
        }
    }
    if in_order == known {
        return Ok(());
    }
    let had_their_turn = cascade.order().filter(|id| !to_come.contains(id)).cloned();
    let ranked = had_their_turn.chain(in_order).collect();
    deciding.record(Fact::Reordered { position: position.clone(), ranked, back })
}

pub(super) fn ask_now(deciding: &mut Deciding<'_>, crew_id: &CrewId) -> Result<(), Stop> {
    prepare(deciding)?;
    going_on(deciding)?;
    match deciding.state.in_force(crew_id) {
        Some(offer) if offer.state.is_open() => return Ok(()),
        // Nobody fills two seats.
        Some(_) => return Err(Rejection::Aboard(crew_id.clone()).into()),
        None => not_leaving(&deciding.state, crew_id)?,
    }
    deciding.people.require([crew_id])?;
    let Some(member) = deciding.people.member(crew_id)? else {
        return Err(Rejection::CannotSail(crew_id.clone(), Reason::NotOnRoster).into());
    };
    let (position, time_zone) = (member.rank.clone(), member.time_zone.clone());
    if !position.is_captain() && deciding.state.captain().is_none() {
        return Err(Rejection::NoCaptain.into());
    }
    let warnings = may(deciding, crew_id, &position, Reason::yields_to_office)?;
    let (seat, asked) = empty_seat(&deciding.state, &position)?;
    if asked > 0 && (asked >= limits::ASKED_AT_ONCE || deciding.state.room_beside() == 0) {
        return Err(Rejection::TooManyAtOnce.into());
    }
    let (offer, token_id) = deciding.next_offer(crew_id).ok_or(Rejection::TooManyOffers)?;
    let crew_id = crew_id.clone();
    deciding.record(Fact::OfferMade { offer, seat, crew_id, token_id, time_zone, warnings })
}

pub(super) fn assign(
    deciding: &mut Deciding<'_>,
    position: &Rank,
    crew_id: &CrewId,
    reason: &str,
) -> Result<(), Stop> {
    let reason = said(reason)?;
    lapse(deciding)?;
    let asked = match deciding.state.in_force(crew_id).cloned() {
        Some(aboard) if aboard.state.is_aboard() => {
            let as_that = aboard.seat.position == *position;
            return if as_that {
                keep(deciding, &aboard, reason)
            } else {
                Err(Rejection::Aboard(crew_id.clone()).into())
            };
        }
        Some(asked) if asked.seat.position != *position => {
            return Err(Rejection::AskedAs(crew_id.clone(), asked.seat.position).into());
        }
        asked => asked,
    };
    not_leaving(&deciding.state, crew_id)?;
    prepare(deciding)?;
    going_on(deciding)?;
    deciding.people.require([crew_id])?;
    let warnings = may(deciding, crew_id, position, Reason::yields_to_assignment)?;
    let crew_id = crew_id.clone();
    let (offer, seat) = match asked {
        Some(asked) => {
            deciding.record(Fact::AskedAboard { offer: asked.no, reason, warnings })?;
            (asked.no, asked.seat)
        }
        None => {
            let (seat, _) = empty_seat(&deciding.state, position)?;
            let (offer, token_id) = deciding.next_offer(&crew_id).ok_or(Rejection::TooManyOffers)?;
            let on = seat.clone();
            deciding.record(Fact::Assigned { offer, seat: on, crew_id, token_id, reason, warnings })?;
            (offer, seat)
        }
    };
    seat_taken(deciding, &seat)?;
    let aboard = find(deciding, offer)?;
    pair(deciding, &aboard, |_| true)
}

/// Whoever is aboard stays, whatever came up against them; what the office cannot put somebody aboard past, it cannot
/// keep them past.
fn keep(deciding: &mut Deciding<'_>, aboard: &Offer, reason: String) -> Result<(), Stop> {
    if aboard.conflicts.is_empty() {
        return Ok(());
    }
    sails(deciding)?;
    if let Some(conflict) = aboard.conflicts.iter().find(|conflict| !conflict.yields_to_assignment()) {
        return Err(Rejection::CannotSail(aboard.crew_id.clone(), conflict.clone()).into());
    }
    deciding.record(Fact::ConflictSettled { offer: aboard.no, reason })
}

/// Nobody fills two seats, nor replaces themselves.
fn not_leaving(state: &CharterState, crew_id: &CrewId) -> Result<(), Rejection> {
    let leaving = |offer: &Offer| offer.crew_id == *crew_id && offer.state == OfferState::DroppedOut;
    if state.offers.iter().any(leaving) { Err(Rejection::Leaving(crew_id.clone())) } else { Ok(()) }
}

/// What the office has to look at, if the person can sail at all by its word.
fn may(
    deciding: &mut Deciding<'_>,
    crew_id: &CrewId,
    position: &Rank,
    yields: fn(&Reason) -> bool,
) -> Result<Vec<Reason>, Stop> {
    let Verdict { against, warnings } = verdict_by_mail(deciding, crew_id, position)?;
    if let Some(reason) = against.iter().find(|reason| !yields(reason)) {
        return Err(Rejection::CannotSail(crew_id.clone(), reason.clone()).into());
    }
    let mut warnings: Vec<Reason> = against.into_iter().chain(warnings).collect();
    warnings.truncate(limits::REASONS);
    Ok(warnings)
}

/// The empty seat for which the fewest people are being asked, and how many they are.
fn empty_seat(state: &CharterState, position: &Rank) -> Result<(Seat, usize), Rejection> {
    let seats = state.empty_seats(position).into_iter().min_by_key(|(_, asked)| *asked);
    seats.ok_or_else(|| Rejection::NoSeat(position.clone()))
}

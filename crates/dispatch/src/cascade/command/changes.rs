//! The charter itself changes: moved, another boat, another dock, other seats; or on again.

use super::recheck::conflicts;
use super::standby::stand_down;
use super::{Rejection, find, sails};
use crate::cascade::Stop;
use crate::cascade::deciding::{Context, Deciding};
use crate::cascade::fact::Fact;
use crate::cascade::judging::{may_sail, verdict_aboard, verdict_by_mail};
use crate::cascade::notice::Notice;
use crate::cascade::seating::{pair, seat_taken};
use crate::cascade::settle::lapse;
use crate::cascade::start::{begin, leave_out, ranking};
use crate::cascade::state::{CallStatus, CharterState, Offer, OfferNo, OfferState};
use crate::cascade::why::{ReleaseReason, RescindReason, Skipped};
use crate::eligibility::{Reason, Sail};
use crate::limits;
use crate::model::{Charter, CrewId, Rank, Seat};
use crate::policy::{Basis, Queue, Window};

/// Whoever is asked is asked anew, and whoever is aboard is asked to confirm, if people say yes to something else by
/// the change. Given twice, it says the same.
pub(super) fn reschedule(deciding: &mut Deciding<'_>, from: &Charter, new: &Charter) -> Result<(), Stop> {
    let now = deciding.context.now;
    if deciding.state.charter == *new {
        return Ok(());
    }
    if deciding.state.charter != *from {
        return Err(Rejection::ChangedMeanwhile.into());
    }
    // One that is off can be moved to a day on which it can be called again; and one that should have left can leave
    // later than was planned.
    let cancelled = deciding.state.cancelled_at.is_some();
    if deciding.state.charter.returns_at <= now && !cancelled {
        return Err(Rejection::Departed.into());
    }
    if new.departs_at <= now {
        return Err(Rejection::DepartsInThePast.into());
    }
    lapse(deciding)?;
    // Nobody is bound to one that is off.
    let moves = if cancelled { Vec::new() } else { seats_to_move(&deciding.state, new)? };
    let (before, after) = (from.terms(), new.terms());
    let (material, moved) = (before != after, !before.same_time(&after));
    let begun = deciding.state.call.is_some() && !cancelled;
    let about_the_sail = Sail { charter: new, ..deciding.sail() }.itself();
    if let (true, Some(reason)) = (begun, about_the_sail.against.into_iter().next()) {
        return Err(Rejection::Gate(reason).into());
    }
    let gone = |seat: &Seat| !new.seats().any(|kept| kept == *seat);
    let concerned = |offer: &&Offer| {
        offer.binds() && !cancelled && (material || (gone(&offer.seat) && !offer.state.is_aboard()))
    };
    let bound: Vec<Offer> = deciding.state.offers.iter().filter(concerned).cloned().collect();
    deciding.people.require(bound.iter().map(|offer| &offer.crew_id))?;

    if material && !cancelled {
        stand_down(deciding)?;
    }
    for offer in &bound {
        let no = offer.no;
        deciding.follows(match offer.state {
            OfferState::DroppedOut => Fact::Released { offer: no, why: ReleaseReason::CharterChanged },
            state if state.is_aboard() => {
                let accepted = offer.accepted.clone().unwrap_or_else(|| before.clone());
                Fact::ReconfirmAsked { offer: no, accepted }
            }
            _ => Fact::OfferRescinded { offer: no, why: RescindReason::CharterChanged },
        })?;
    }
    // One that was there before, and is again, is as good as new.
    let known = |position: &Rank| {
        let needs = &deciding.state.charter.positions;
        deciding.state.cascade_of(position).is_some() && needs.iter().any(|need| need.position == *position)
    };
    let positions = new.positions.iter().map(|need| &need.position);
    let added: Vec<Rank> = positions.clone().filter(|position| !known(position)).cloned().collect();
    let anew = positions.filter(|position| begun && (material || added.contains(position)));
    let (mut orders, mut left_out) = (Vec::new(), Vec::new());
    let sail = Sail { charter: new, ..deciding.sail() };
    for position in anew {
        let (mut ranking, skipped) = ranking(deciding.people, &sail, position)?;
        if let Some(cascade) = deciding.state.cascade_of(position)
            && cascade.basis == Basis::Office
        {
            // As the office ordered them; whoever was not among them comes after.
            let place = |id: &CrewId| cascade.ranked.iter().position(|ranked| ranked == id);
            ranking.ranked.sort_by_key(|id| place(id).unwrap_or(usize::MAX));
            ranking.basis = Basis::Office;
        }
        orders.push(ranking);
        left_out.push((position.clone(), skipped));
    }
    let (charter, was, warnings) = (new.clone(), Some(Box::new(from.clone())), about_the_sail.warnings);
    deciding.record(Fact::CharterChanged { charter, was, material, moved, orders, warnings })?;
    leave_out(deciding, left_out)?;
    for (offer, seat) in moves {
        deciding.follows(Fact::SeatChanged { offer, seat: seat.clone() })?;
        seat_taken(deciding, &seat)?;
    }
    // Who turned up on a sail that leaves later after all may be aboard one that nobody ever called.
    if material && !cancelled {
        as_agreed(deciding, &bound)?;
        conflicts(deciding)?;
        ask_captains_anew(deciding, &bound)?;
    }
    match deciding.state.captain_aboard().cloned() {
        Some(captain) if begun && !added.is_empty() => {
            deciding.people.require([&captain.crew_id])?;
            pair(deciding, &captain, |position| added.contains(position))
        }
        _ => Ok(()),
    }
}

/// Whoever is aboard on a seat that goes has another one of the position, if there is one.
fn seats_to_move(state: &CharterState, new: &Charter) -> Result<Vec<(OfferNo, Seat)>, Rejection> {
    let kept: Vec<Seat> = new.seats().collect();
    let mut empty: Vec<Seat> = kept.iter().filter(|seat| state.holder(seat).is_none()).cloned().collect();
    let mut moves = Vec::new();
    for seat in state.charter.seats().filter(|seat| !kept.contains(seat)) {
        let Some(holder) = state.holder(&seat) else { continue };
        let other = empty.iter().position(|free| free.position == seat.position);
        let other = other.ok_or_else(|| Rejection::SeatHeld(holder.crew_id.clone(), seat.clone()))?;
        moves.push((holder.no, empty.remove(other)));
    }
    Ok(moves)
}

/// Whoever is aboard what the charter is again, after a change that was none, need not confirm.
fn as_agreed(deciding: &mut Deciding<'_>, bound: &[Offer]) -> Result<(), Stop> {
    let terms = deciding.state.charter.terms();
    let agreed: Vec<OfferNo> = deciding
        .state
        .reconfirming()
        .filter(|offer| offer.accepted.as_ref() == Some(&terms))
        .map(|offer| offer.no)
        .collect();
    for offer in agreed {
        let theirs = find(deciding, offer)?;
        match may_sail(deciding, &theirs) {
            Ok(()) => {}
            // They have said yes to another sail meanwhile.
            Err(Stop::Rejected(_)) => continue,
            Err(need) => return Err(need),
        }
        // Whoever was put aboard may have had no mail of that, because it was not true any more.
        let asked = |known: &Offer| known.accepted.is_some() && (known.reply_by.is_some() || known.by_hand);
        let was_asked = bound.iter().any(|known| known.no == offer && asked(known));
        deciding.follows(Fact::AsAgreed { offer, was_asked })?;
    }
    Ok(())
}

/// The captains who were being asked are asked for what the sail is now; the crew once a captain has said yes to it.
/// Who cannot come then is passed over. While the call rests, they keep their turn.
fn ask_captains_anew(deciding: &mut Deciding<'_>, bound: &[Offer]) -> Result<(), Stop> {
    if deciding.state.status() != CallStatus::Running {
        return Ok(());
    }
    let captains = bound.iter().filter(|offer| offer.state.is_open() && offer.seat.position.is_captain());
    for Offer { crew_id, seat, time_zone, warnings: known, .. } in captains {
        let position = &seat.position;
        let judged = verdict_by_mail(deciding, crew_id, position)?;
        // What the office knew when it had them asked is no news.
        let (known, news): (Vec<Reason>, Vec<Reason>) = judged
            .against
            .into_iter()
            .partition(|reason| known.contains(reason) && reason.yields_to_office());
        if !news.is_empty() {
            let skipped = Skipped::new(crew_id.clone(), known.into_iter().chain(news).collect());
            deciding.follows(Fact::PersonSkipped { position: position.clone(), skipped })?;
            continue;
        }
        let Some((offer, token_id)) = deciding.next_offer(crew_id) else { return Ok(()) };
        let mut warnings: Vec<Reason> = known.into_iter().chain(judged.warnings).collect();
        warnings.truncate(limits::REASONS);
        let (seat, crew_id, time_zone) = (seat.clone(), crew_id.clone(), time_zone.clone());
        deciding.follows(Fact::OfferMade { offer, seat, crew_id, token_id, time_zone, warnings })?;
    }
    Ok(())
}

/// Somebody aboard sails as the charter is now. What the law or the vessel asks for is no matter of theirs.
pub(super) fn confirm(deciding: &mut Deciding<'_>, no: OfferNo, revision: u32) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    sails(deciding)?;
    match offer.state {
        OfferState::Reconfirming if revision == deciding.state.revision => {}
        OfferState::Reconfirming => return Err(Rejection::SailChanged.into()),
        OfferState::Accepted => return Ok(()),
        OfferState::Released => return Err(Rejection::Released.into()),
        _ => return Err(Rejection::Rescinded.into()),
    }
    may_sail(deciding, &offer)?;
    let position = &offer.seat.position;
    deciding.people.require([&offer.crew_id])?;
    let judged = verdict_aboard(deciding, &offer.crew_id, position)?;
    if let Some(reason) = judged.against.iter().find(|reason| reason.gate().is_some()) {
        return Err(Rejection::NotCleared(reason.clone()).into());
    }
    let mut warnings: Vec<Reason> = judged.against.into_iter().chain(judged.warnings).collect();
    warnings.truncate(limits::REASONS);
    deciding.record(Fact::Reconfirmed { offer: no, warnings })
}

/// The window of the question runs from now on.
pub(super) fn reconfirm_sent(
    deciding: &mut Deciding<'_>,
    no: OfferNo,
    revision: u32,
    ambiguous: bool,
) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    let waits = offer.state == OfferState::Reconfirming && offer.reply_by.is_none();
    if !waits || deciding.state.revision != revision {
        return deciding
            .follows(Fact::MailSent { notice: Notice::Changed { offer: no, revision }, ambiguous });
    }
    // Nobody waits behind somebody who is aboard; but the crew is asked once the captain has confirmed.
    let Context { policy, zone, find_zone, now, .. } = deciding.context;
    let zone = offer.zone(zone, *find_zone);
    let others_follow = deciding.state.others_follow(&offer.seat.position);
    let queue = Queue { people: 1, beside: 0, others_follow, zone: &zone };
    let Window { reply_by, closes_at, .. } = policy.window(&deciding.state.charter, *now, queue);
    deciding.follows(Fact::ReconfirmSent { offer: no, reply_by, closes_at, ambiguous })
}

/// Whoever is asked, aboard, responsible for a seat or standing by is told.
pub(super) fn cancel(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.cancelled_at.is_some() {
        return Ok(());
    }
    if deciding.state.charter.returns_at <= deciding.context.now {
        return Err(Rejection::Departed.into());
    }
    let open: Vec<OfferNo> = deciding.state.open_offers().map(|offer| offer.no).collect();
    let bound = deciding.state.offers.iter().filter(|offer| offer.binds());
    let people: Vec<CrewId> = bound.map(|offer| offer.crew_id.clone()).collect();
    deciding.people.require_commitments(&people)?;
    for offer in open {
        deciding.follows(Fact::OfferRescinded { offer, why: RescindReason::CharterCancelled })?;
    }
    deciding.record(Fact::CharterCancelled)
}

/// The charter is on again. Who was asked or aboard before has been told that it was off, and is asked anew; where
/// the office had let the call rest, once it says so.
pub(super) fn restore(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.cancelled_at.is_none() {
        return Ok(());
    }
    if deciding.state.charter.departs_at <= deciding.context.now {
        return Err(Rejection::Departed.into());
    }
    let Some(call) = &deciding.state.call else { return deciding.record(Fact::CharterRestored) };
    let rests = call.paused_at.is_some();
    deciding.record(Fact::CharterRestored)?;
    begin(deciding)?;
    if rests { deciding.follows(Fact::CallPaused) } else { Ok(()) }
}

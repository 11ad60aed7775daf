//! Whatever is due: offers lapse, the next are asked, the call is filled or exhausted.

use jiff::{SignedDuration, Timestamp};

use super::Stop;
use super::deciding::{Context, Deciding};
use super::fact::Fact;
use super::judging::verdict_by_mail;
use super::seating::take_standby;
use super::state::{CallStatus, Offer, OfferNo, OfferState};
use super::why::Skipped;
use crate::eligibility::{Reason, Verdict};
use crate::limits;
use crate::model::{CrewId, Rank, Seat};

/// People who are asked for at one go when the first in order cannot be asked.
pub(super) const LOOK_AHEAD: usize = 16;

/// Brings the call up to date. Harmless when repeated.
///
/// 1. Open offers whose time is over lapse, or are kept open if the pages were down meanwhile or are now. Of
///    whoever has not confirmed a change in time the office hears.
/// 2. Once the sail has left, nobody is asked any more.
/// 3. Without a captain, the next captain is asked, and nobody else.
/// 4. Whoever stands by for an empty seat has it, if the settings say so.
/// 5. With a captain, the next person is asked for each empty seat; once time runs out, several at once if the
///    policy says so. While the office lets the call rest, nobody is.
/// 6. If every seat is taken, the call is filled. If nobody is left for a position, and nobody is being
///    asked for it any more, the office hears of it: alerted the first time, then told of each further one.
pub(super) fn settle(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.cancelled_at.is_some() || deciding.state.call.is_none() {
        return Ok(());
    }
    lapse(deciding)?;
    if deciding.context.now >= deciding.state.charter.departs_at {
        if deciding.state.status() == CallStatus::Filled {
            // Who did not come after all is known to the office: it said so.
            return Ok(());
        }
        let missing = missing_positions(deciding);
        let missing = if missing.is_empty() { unconfirmed_positions(deciding) } else { missing };
        return if missing.is_empty() { Ok(()) } else { alert(deciding, missing, true) };
    }
    let mut exhausted = Vec::new();
    let paused = deciding.state.status() == CallStatus::Paused;
    let positions = deciding.state.charter.positions.iter().filter(|_| !paused);
    for position in positions.map(|need| need.position.clone()).collect::<Vec<_>>() {
        if !position.is_captain() && deciding.state.captain().is_none() {
            break;
        }
        for seat in deciding.state.seats_to_ask(&position, deciding.context.policy) {
            // Several are asked for one seat at once, and one who stood by may have it by now.
            if deciding.state.holder(&seat).is_some() {
                continue;
            }
            if !take_standby(deciding, &seat)? && !ask_next(deciding, seat)? {
                // Whoever is still being asked for another seat of it may say no, too.
                if !deciding.state.open_offers().any(|offer| offer.seat.position == position) {
                    exhausted.push(position);
                }
                break;
            }
        }
    }
    if !exhausted.is_empty() {
        return alert(deciding, exhausted, false);
    }
    let filled = deciding.state.call.as_ref().is_some_and(|call| call.filled_at.is_some());
    let confirmed = |seat| {
        let holder = deciding.state.holder(&seat);
        holder.is_some_and(|holder| holder.state == OfferState::Accepted)
    };
    if !filled && deciding.state.charter.seats().all(confirmed) {
        deciding.follows(Fact::CallFilled)?;
    }
    Ok(())
}

/// When an offer really closes: never before the person had a chance to answer. If the program was
/// down in the offer's time, it stays open for a while after that, at most until departure. Offers close in the order
/// in which they would have, spread over as long again, so that what follows comes in order, too, and not all at once.
pub(super) fn closes_at(offer: &Offer, context: &Context<'_>) -> Option<Timestamp> {
    let closes_at = offer.closes_at?;
    // Whoever was put aboard was not asked by mail before they had to confirm.
    let handed_over_at = offer.handed_over_at.unwrap_or(offer.made_at);
    let outage = context.outage.filter(|_| offer.extensions < limits::EXTENSIONS);
    match outage.filter(|outage| outage.from < closes_at && outage.until > handed_over_at) {
        Some(outage) => {
            let least = outage.until + context.policy.restart_grace;
            if closes_at >= least && offer.extensions > 0 {
                // Extended because of this outage, or with time enough all the same.
                return Some(closes_at);
            }
            Some(closes_at.max(least + apart(closes_at, outage.from, least, context.policy.restart_grace)))
        }
        None => Some(closes_at),
    }
}

/// How much later than `least` an offer closes that would have closed between `from` and then: from nothing to `most`.
fn apart(closes_at: Timestamp, from: Timestamp, least: Timestamp, most: SignedDuration) -> SignedDuration {
    let whole = least.duration_since(from).as_secs().max(1);
    let part = closes_at.duration_since(from).as_secs().clamp(0, whole);
    SignedDuration::from_secs(most.as_secs() * part / whole)
}

pub(super) fn lapse(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    let now = deciding.context.now;
    let departed = now >= deciding.state.charter.departs_at;
    if !departed && !deciding.context.can_answer {
        return Ok(());
    }
    let over = |offer: &&Offer| offer.closes_at.is_some_and(|closes_at| now >= closes_at);
    let open = deciding.state.open_offers().filter(|offer| departed || over(offer));
    // With the sail gone, the alert that says so speaks of them; unless there was one before.
    let alerted = deciding.state.call.as_ref().is_some_and(|call| call.exhausted_at.is_some());
    let waiting = |offer: &&Offer| offer.closes_at.is_some() && if departed { alerted } else { over(offer) };
    let unconfirmed = deciding.state.reconfirming().filter(waiting);
    let due: Vec<OfferNo> = open.chain(unconfirmed).map(|offer| offer.no).collect();
    for offer in due {
        let kept_until =
            closes_at(deciding.offer(offer), deciding.context).filter(|until| now < *until && !departed);
        match (kept_until, deciding.context.outage) {
            (Some(closes_at), Some(outage)) => {
                let closes_at = closes_at.min(deciding.state.charter.departs_at);
                deciding.follows(Fact::OfferExtended { offer, closes_at, outage })?;
            }
            _ if deciding.offer(offer).state == OfferState::Reconfirming => {
                deciding.follows(Fact::Unconfirmed { offer })?;
            }
            _ => deciding.follows(Fact::OfferExpired { offer })?,
        }
    }
    Ok(())
}

/// Asks the next person in order for `seat`. Says `false` if nobody is left; someone who may be
/// asked a little later counts as left.
fn ask_next(deciding: &mut Deciding<'_>, seat: Seat) -> Result<bool, Stop> {
    let position = seat.position.clone();
    let mut later = Vec::new();
    let candidates = deciding.state.candidates(&position);
    for (n, crew_id) in candidates.iter().enumerate() {
        // The first in order usually can be asked. If not, the next ones are looked at together.
        let together = if n == 0 { 1 } else { LOOK_AHEAD };
        deciding.people.require(candidates[n..].iter().take(together))?;
        let crew_id = crew_id.clone();
        let Verdict { against: reasons, mut warnings } = verdict_by_mail(deciding, &crew_id, &position)?;
        warnings.truncate(limits::REASONS);
        if reasons.is_empty() {
            let Some((offer, token_id)) = deciding.next_offer(&crew_id) else { return Ok(false) };
            for skipped in later {
                deciding.follows(Fact::PersonSkipped { position: position.clone(), skipped })?;
            }
            let member = deciding.people.member(&crew_id)?;
            let time_zone = member.and_then(|member| member.time_zone.clone());
            deciding.follows(Fact::OfferMade { offer, seat, crew_id, token_id, time_zone, warnings })?;
            return Ok(true);
        }
        let passes = reasons.iter().all(Reason::passes);
        let skipped = Skipped::new(crew_id, reasons);
        if passes {
            later.push(skipped);
        } else {
            deciding.follows(Fact::PersonSkipped { position: position.clone(), skipped })?;
        }
    }
    if later.is_empty() {
        return Ok(false);
    }
    let first = later.into_iter().map(|skipped| skipped.crew_id).take(limits::WAITING_FOR);
    wait(deciding, position, first.collect())?;
    Ok(true)
}

/// Notes that the asking stands still. Someone who was free for a moment, and was asked elsewhere
/// again before this charter looked, has forgotten that it waits, and is told again.
fn wait(deciding: &mut Deciding<'_>, position: Rank, waiting_for: Vec<CrewId>) -> Result<(), Stop> {
    let charter_id = deciding.state.charter.charter_id.clone();
    let mut known =
        deciding.state.cascade_of(&position).is_some_and(|cascade| cascade.waiting_for == waiting_for);
    for id in &waiting_for {
        known = known && deciding.commitments_of(id)?.waiting.contains(&charter_id);
        // Known or not, that they are still busy has to be true when this is committed: nobody would tell us else.
        deciding.relies_on(id);
    }
    if known { Ok(()) } else { deciding.follows(Fact::CascadeWaits { position, waiting_for }) }
}

fn missing_positions(deciding: &Deciding<'_>) -> Vec<Rank> {
    let needs = deciding.state.charter.positions.iter().map(|need| &need.position);
    needs.filter(|position| !deciding.state.vacant_seats(position).is_empty()).cloned().collect()
}

fn unconfirmed_positions(deciding: &Deciding<'_>) -> Vec<Rank> {
    let needs = deciding.state.charter.positions.iter().map(|need| &need.position);
    let waits =
        |position: &&Rank| deciding.state.reconfirming().any(|offer| offer.seat.position == **position);
    needs.filter(waits).cloned().collect()
}

/// Alerts the office once, and after that says which further positions have come to their end. Once the
/// sail has left there is nothing to add.
fn alert(deciding: &mut Deciding<'_>, positions: Vec<Rank>, departed: bool) -> Result<(), Stop> {
    if deciding.state.call.as_ref().is_some_and(|call| call.exhausted_at.is_none()) {
        return deciding.follows(Fact::CallExhausted { positions, departed });
    }
    let known = |position: &Rank| deciding.state.cascade_of(position).is_none_or(|cascade| cascade.exhausted);
    let news: Vec<Rank> = positions.into_iter().filter(|position| !departed && !known(position)).collect();
    for position in news {
        deciding.follows(Fact::PositionExhausted { position })?;
    }
    Ok(())
}

//! The charter itself changes: moved, another boat, another dock, other seats; or on again.

use super::answers::may_sail;
use super::mail::window;
use super::recheck::conflicts;
use super::{Rejection, find};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::{Fact, ReleaseReason, RescindReason, Skipped};
use crate::cascade::notice::Notice;
use crate::cascade::settle::{lapse, verdict};
use crate::cascade::start::{begin, leave_out, ranking};
use crate::cascade::state::{CallStatus, Offer, OfferNo, OfferState};
use crate::eligibility::Sail;
use crate::limits;
use crate::model::{Charter, Rank, Seat};
use crate::policy::Window;

/// Whoever is asked is asked anew, and whoever is aboard is asked to confirm, if people say yes to something else by
/// the change. Given twice, it says the same.
pub(super) fn reschedule(deciding: &mut Deciding<'_>, new: &Charter) -> Result<(), Stop> {
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    let now = deciding.context.now;
    if deciding.state.charter == *new {
        return Ok(());
    }
    if deciding.state.charter.departs_at <= now {
        return Err(Rejection::Departed.into());
    }
    if new.departs_at <= now {
        return Err(Rejection::DepartsInThePast.into());
    }
    lapse(deciding)?;
    let old = deciding.state.charter.clone();
    let gone: Vec<Seat> = old.seats().filter(|seat| !new.seats().any(|kept| kept == *seat)).collect();
    let held = |seat: &Seat| deciding.state.holder(seat).map(|offer| (offer.crew_id.clone(), seat.clone()));
    if let Some((crew_id, seat)) = gone.iter().find_map(held) {
        return Err(Rejection::SeatHeld(crew_id, seat).into());
    }
    let (before, after) = (old.terms(), new.terms());
    let (material, moved) = (before != after, !before.same_time(&after));
    let begun = deciding.state.call.is_some();
    let about_the_sail = Sail { charter: new, ..deciding.sail() }.itself();
    if let (true, Some(reason)) = (begun, about_the_sail.against.into_iter().next()) {
        return Err(Rejection::Gate(reason).into());
    }
    let concerned = |offer: &&Offer| offer.binds() && (material || gone.contains(&offer.seat));
    let bound: Vec<Offer> = deciding.state.offers.iter().filter(concerned).cloned().collect();
    deciding.people.require(bound.iter().map(|offer| &offer.crew_id))?;

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
    let ranked = |position: &Rank| deciding.state.cascade_of(position).is_some();
    let positions = new.positions.iter().map(|need| &need.position);
    let anew: Vec<Rank> =
        positions.filter(|position| begun && (material || !ranked(position))).cloned().collect();
    let (mut orders, mut left_out) = (Vec::new(), Vec::new());
    let sail = Sail { charter: new, ..deciding.sail() };
    for position in anew {
        let (ranking, skipped) = ranking(deciding.people, &sail, &position)?;
        orders.push(ranking);
        left_out.push((position, skipped));
    }
    let (charter, warnings) = (new.clone(), about_the_sail.warnings);
    deciding.record(Fact::CharterChanged { charter, material, moved, orders, warnings })?;
    leave_out(deciding, left_out)?;
    if material {
        conflicts(deciding)?;
        ask_captains_anew(deciding, &bound)?;
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
    for Offer { crew_id, seat, time_zone, .. } in captains {
        let position = &seat.position;
        let judged = verdict(deciding, crew_id, position)?;
        if !judged.against.is_empty() {
            let skipped = Skipped::new(crew_id.clone(), judged.against);
            deciding.follows(Fact::PersonSkipped { position: position.clone(), skipped })?;
            continue;
        }
        let Some((offer, token_id)) = deciding.next_offer(crew_id) else { return Ok(()) };
        let mut warnings = judged.warnings;
        warnings.truncate(limits::REASONS);
        let (seat, crew_id, time_zone) = (seat.clone(), crew_id.clone(), time_zone.clone());
        deciding.follows(Fact::OfferMade { offer, seat, crew_id, token_id, time_zone, warnings })?;
    }
    Ok(())
}

/// Somebody aboard sails as the charter is now.
pub(super) fn reconfirm(deciding: &mut Deciding<'_>, offer: &Offer) -> Result<(), Stop> {
    may_sail(deciding, offer)?;
    deciding.record(Fact::Reconfirmed { offer: offer.no })
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
    let Window { reply_by, closes_at, .. } = window(deciding, &offer);
    deciding.follows(Fact::ReconfirmSent { offer: no, reply_by, closes_at, ambiguous })
}

/// The charter is on again. Who was asked or aboard before has been told that it was off, and is asked anew.
pub(super) fn restore(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.cancelled_at.is_none() {
        return Ok(());
    }
    if deciding.state.charter.departs_at <= deciding.context.now {
        return Err(Rejection::Departed.into());
    }
    deciding.record(Fact::CharterRestored)?;
    if deciding.state.call.is_some() { begin(deciding) } else { Ok(()) }
}

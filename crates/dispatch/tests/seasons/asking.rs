//! Who is asked, in which order, and when the asking stands still or comes to its end.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Fact, Notice, Offer, OfferNo, RescindReason};
use crewcall_dispatch::model::{CharterId, CrewId};

use crate::rules::Step;
use crate::season::Season;
use crate::store::Job;

pub(crate) fn captain_first(step: &Step<'_>) -> bool {
    let crew = step.after().open_offers().any(|offer| !offer.seat.position.is_captain());
    !crew || step.after().captain().is_some()
}

/// Whoever was being asked for the sail as it was is asked for it as it is, and nobody else out of turn.
fn is_asked_anew(step: &Step<'_>, crew_id: &CrewId) -> bool {
    let changed = step.facts().any(|fact| matches!(fact, Fact::CharterChanged { .. }));
    changed && step.before.open_offers().any(|offer| offer.crew_id == *crew_id)
}

/// Whoever is being asked when everyone is asked anew has their turn by that.
pub(crate) fn asked_is_asked(step: &Step<'_>) -> bool {
    let begun = step.facts().any(|fact| matches!(fact, Fact::CallStarted { .. }));
    let asked_before = |offer: &&Offer| step.before.offer(offer.no).is_some();
    let has_their_turn = |offer: &Offer| {
        let mut cascades = step.after().call.iter().flat_map(|call| &call.cascades);
        let theirs = cascades.find(|cascade| cascade.position == offer.seat.position);
        theirs.is_some_and(|cascade| cascade.round == offer.round)
    };
    !begun || step.after().open_offers().filter(asked_before).all(has_their_turn)
}

pub(crate) fn nobody_twice(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferMade { offer, seat, crew_id, .. }
            if step.by_rules(crew_id) && !is_asked_anew(step, crew_id) =>
        {
            let made = step.after().offer(*offer).expect("it was just made");
            step.after().offers.iter().all(|other| {
                other.no >= *offer
                    || other.crew_id != *crew_id
                    || other.seat.position != seat.position
                    || other.round != made.round
                    || other.rescinded.is_some_and(RescindReason::keeps_the_turn)
            })
        }
        _ => true,
    })
}

pub(crate) fn no_is_no(step: &Step<'_>) -> bool {
    let anew = step
        .facts()
        .any(|fact| matches!(fact, Fact::CallStarted { .. } | Fact::CharterChanged { moved: true, .. }));
    let said_no = |id: &CrewId| step.before.call.as_ref().is_some_and(|call| call.declined.contains(id));
    anew || step.facts().all(|fact| match fact {
        Fact::OfferMade { crew_id, .. } => {
            !step.by_rules(crew_id) || is_asked_anew(step, crew_id) || !said_no(crew_id)
        }
        _ => true,
    })
}

/// Everyone before them in the order had a turn, was passed over, or is bound.
pub(crate) fn in_order(step: &Step<'_>) -> bool {
    let after = step.after();
    step.facts().all(|fact| match fact {
        Fact::OfferMade { offer, seat, crew_id, .. } if step.by_rules(crew_id) => {
            let Some(call) = &after.call else { return false };
            let cascade = call.cascades.iter().find(|cascade| cascade.position == seat.position);
            let Some(cascade) = cascade else { return false };
            let skipped_now = |id: &CrewId| {
                step.facts()
                    .any(|fact| matches!(fact, Fact::PersonSkipped { skipped, .. } if skipped.crew_id == *id))
            };
            let done = |id: &CrewId| {
                cascade.skipped.contains(id)
                    || call.declined.contains(id)
                    || call.skipped.contains(id)
                    || skipped_now(id)
                    || after.offers.iter().any(|other| {
                        let round = other.round == cascade.round && other.no < *offer;
                        other.crew_id == *id && (other.binds() || round)
                    })
            };
            is_asked_anew(step, crew_id) || cascade.order().take_while(|id| *id != crew_id).all(done)
        }
        _ => true,
    })
}

/// For each position with an empty seat somebody is being asked, or is waited for, or the office knows that nobody is
/// left. The crew is asked once there is a captain.
pub(crate) fn something_comes(step: &Step<'_>) -> bool {
    let after = step.after();
    let running = match after.status() {
        CallStatus::Running => true,
        CallStatus::Exhausted if step.clock < after.charter.departs_at => false,
        _ => return true,
    };
    let positions = after.charter.positions.iter().map(|need| &need.position);
    let asked_now = positions.filter(|position| position.is_captain() || after.captain().is_some());
    let comes = asked_now.filter(|position| !after.vacant_seats(position).is_empty()).all(|position| {
        let asked = after.open_offers().any(|offer| offer.seat.position == *position);
        let mut cascades = after.call.iter().flat_map(|call| &call.cascades);
        let cascade = cascades.find(|cascade| cascade.position == *position);
        asked || cascade.map_or(!running, |cascade| !cascade.waiting_for.is_empty() || cascade.exhausted)
    });
    comes && (!running || after.next_deadline().is_some())
}

/// 10: a call that only waits for somebody is told once they are free.
pub(crate) fn waits_in_vain(season: &Season) -> Option<String> {
    let nudged = |id: &CharterId| {
        season
            .store
            .outbox
            .values()
            .any(|row| matches!(&row.job, Job::Nudge(charters) if charters.contains(id)))
    };
    for (id, charter) in &season.store.charters {
        let state = &*charter.item;
        let call = state.call.iter().flat_map(|call| &call.cascades);
        let asked = state.open_offers().next().is_some() || state.reconfirming().next().is_some();
        if state.status() != CallStatus::Running || asked {
            continue;
        }
        let waiting: Vec<&CrewId> = call.flat_map(|cascade| &cascade.waiting_for).collect();
        let knows = |who: &&CrewId| season.store.people[*who].item.waiting.contains(id);
        if !waiting.iter().all(knows) && !nudged(id) {
            return Some(format!("10 {id} waits for {waiting:?}, and nobody will tell it"));
        }
    }
    None
}

/// Else nobody would look again before the boat leaves.
pub(crate) fn has_an_end(step: &Step<'_>) -> bool {
    step.after().open_offers().all(|offer| offer.handed_over_at.is_none() || offer.closes_at.is_some())
}

pub(crate) fn reasons_are_recorded(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::PersonSkipped { skipped, .. } => !skipped.reasons.is_empty(),
        Fact::PeopleLeftOut { skipped, .. } => skipped.iter().all(|one| !one.reasons.is_empty()),
        _ => true,
    })
}

/// A second time only if what it spoke of is no longer so.
pub(crate) fn one_alert(step: &Step<'_>) -> bool {
    let exhausted = step.facts().filter(|fact| matches!(fact, Fact::CallExhausted { .. })).count();
    let alerts = step.decision.mails.iter().filter(|mail| mail.notice == Notice::Exhausted).count();
    let known = step.before.call.as_ref().is_some_and(|call| call.exhausted_at.is_some());
    let seats = |state: &CharterState| state.charter.seats().collect::<Vec<_>>();
    let more = || seats(step.after()).iter().any(|seat| !seats(step.before).contains(seat));
    let was_captain = |no: &OfferNo| {
        let known = step.before.offer(*no);
        known.is_some_and(|offer| offer.state.is_aboard() && offer.seat.position.is_captain())
    };
    let anew = step.facts().any(|fact| match fact {
        // Another captain asks a crew anew.
        Fact::CallStarted { .. } | Fact::CrewPaired { .. } | Fact::CallReopened { .. } => true,
        Fact::CharterChanged { material, .. } => *material || more(),
        Fact::AcceptUndone { offer }
        | Fact::DroppedOut { offer, .. }
        | Fact::Released { offer, .. }
        | Fact::OfferDeclined { offer, .. } => was_captain(offer),
        _ => false,
    });
    exhausted == alerts && exhausted <= 1 && (exhausted == 0 || !known || anew)
}

pub(crate) fn rest_is_rest(step: &Step<'_>) -> bool {
    let rests = |state: &CharterState| state.status() == CallStatus::Paused;
    let made = step.facts().any(|fact| match fact {
        Fact::OfferMade { crew_id, .. } => step.by_rules(crew_id),
        _ => false,
    });
    !(rests(step.before) && rests(step.after()) && made)
}

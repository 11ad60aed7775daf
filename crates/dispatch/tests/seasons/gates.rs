//! What the papers of a boat ask for, said once more and in other words than the rules have.

use crewcall_dispatch::cascade::{CharterState, Fact, Offer};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::model::{Charter, CrewId, Rank};
use crewcall_dispatch::vessel::{Gate, Severity};
use jiff::{SignedDuration, Timestamp};

use crate::people::COURSE;
use crate::rules::Step;
use crate::season::Season;

/// Whether a gate keeps this person off this sail, if it is not met.
fn blocks(season: &Season, state: &CharterState, gate: Gate, crew_id: &CrewId) -> bool {
    let vessel = season.policy.vessel(&state.charter.vessel);
    let set_aside = state.overrides.iter().any(|known| {
        let about = known.crew_id.as_ref().is_none_or(|about| about == crew_id);
        known.gate == gate && about && !known.by.is_empty()
    });
    vessel.is_some_and(|vessel| vessel.severity(gate) == Severity::Block) && !set_aside
}

/// On the last day of the sail the course still counts. One that is back at midnight does not touch the next day.
pub(crate) fn papers(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferMade { seat, crew_id, .. } | Fact::Assigned { seat, crew_id, .. } => {
            has_papers(step, &seat.position, crew_id)
        }
        _ => true,
    })
}

/// Whether somebody has what the boat asks for, if it keeps anybody ashore.
pub(crate) fn has_papers(step: &Step<'_>, position: &Rank, crew_id: &CrewId) -> bool {
    if position.as_str() != "deckhand" || !blocks(step.season, step.after(), Gate::Credentials, crew_id) {
        return true;
    }
    let before_return = step.after().charter.returns_at - SignedDuration::from_secs(1);
    let last = step.season.zone.to_datetime(before_return).date();
    let member = step.season.store.roster.get(crew_id);
    let course = member.and_then(|member| member.credentials.get(COURSE));
    course.is_some_and(|course| course.expires().is_none_or(|expires| expires >= last))
}

/// Whether somebody is bound to a sail otherwise than by being asked.
pub(crate) fn is_aboard(state: &CharterState, crew_id: &CrewId) -> bool {
    let theirs = |offer: &Offer| offer.crew_id == *crew_id && offer.binds() && !offer.state.is_open();
    state.cancelled_at.is_none() && state.offers.iter().any(theirs)
}

/// Of the twelve hours before the boat leaves, six are not on duty on this or another sail (46 USC 8104(a)).
pub(crate) fn rest(step: &Step<'_>) -> bool {
    let mut newly = step.facts().filter_map(|fact| match fact {
        Fact::OfferAccepted { offer } | Fact::Assigned { offer, .. } | Fact::AskedAboard { offer, .. } => {
            step.after().offer(*offer)
        }
        _ => None,
    });
    newly.all(|offer| !too_tired(step.season, step.after(), &offer.seat.position, &offer.crew_id))
}

/// Whether somebody who takes the watch has too little rest before this sail, or before another because of this, and
/// that keeps them ashore.
pub(crate) fn too_tired(season: &Season, state: &CharterState, position: &Rank, crew_id: &CrewId) -> bool {
    let own = &state.charter;
    let watch = matches!(position.as_str(), "captain" | "mate");
    if !watch || !blocks(season, state, Gate::Rest, crew_id) {
        return false;
    }
    let others = season.store.charters.values().map(|charter| &*charter.item);
    let others =
        others.filter(|other| other.charter.charter_id != own.charter_id && is_aboard(other, crew_id));
    let others: Vec<&Charter> = others.map(|other| &other.charter).collect();
    let is_on = |sail: &Charter, at: Timestamp| sail.call_time <= at && at < sail.returns_at;
    // Only another sail within these hours can be at fault.
    let too_little_before = |leaves: Timestamp, at_fault: &[&Charter]| {
        let from = leaves - SignedDuration::from_hours(12);
        let near = at_fault.iter().any(|sail| sail.returns_at > from && sail.call_time < leaves);
        let on_duty = |at| is_on(own, at) || others.iter().any(|other| is_on(other, at));
        let minutes = (0..12 * 60).filter(|n| !on_duty(from + SignedDuration::from_mins(*n))).count();
        near && minutes < 6 * 60
    };
    too_little_before(own.departs_at, &others)
        || others.iter().any(|other| too_little_before(other.call_time, &[own]))
}

/// What the office has to settle about whoever is aboard: among what it has to look at, and no rule that only warns
/// or is set aside.
pub(crate) fn conflicts_stand(step: &Step<'_>) -> bool {
    let after = step.after();
    after.offers.iter().filter(|offer| !offer.conflicts.is_empty()).all(|offer| {
        let blocks = |gate| blocks(step.season, after, gate, &offer.crew_id);
        let stands = |reason: &Reason| offer.warnings.contains(reason) && reason.gate().is_none_or(blocks);
        offer.state.is_aboard() && offer.conflicts.iter().all(stands)
    })
}

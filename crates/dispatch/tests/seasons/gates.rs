//! What the papers of a boat ask for, said once more and in other words than the rules have.

use crewcall_dispatch::cascade::{Fact, Offer};
use crewcall_dispatch::model::{Charter, CrewId, Rank};
use crewcall_dispatch::vessel::{Gate, Severity};
use jiff::{SignedDuration, Timestamp};

use crate::people::COURSE;
use crate::rules::Step;

/// Whether a gate keeps this person off this sail, if it is not met.
fn blocks(step: &Step<'_>, gate: Gate, crew_id: &CrewId) -> bool {
    let state = step.after();
    let vessel = step.season.policy.vessel(&state.charter.vessel);
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
    if position.as_str() != "deckhand" || !blocks(step, Gate::Credentials, crew_id) {
        return true;
    }
    let before_return = step.after().charter.returns_at - SignedDuration::from_secs(1);
    let last = step.season.zone.to_datetime(before_return).date();
    let member = step.season.store.roster.get(crew_id);
    let course = member.and_then(|member| member.credentials.get(COURSE));
    course.is_some_and(|course| course.expires().is_none_or(|expires| expires >= last))
}

/// Of the twelve hours before the boat leaves, six are not on duty on this or another sail (46 USC 8104(a)).
pub(crate) fn rest(step: &Step<'_>) -> bool {
    let own = &step.after().charter;
    let newly = step.facts().filter_map(|fact| match fact {
        Fact::OfferAccepted { offer } | Fact::Assigned { offer, .. } | Fact::AskedAboard { offer, .. } => {
            step.after().offer(*offer)
        }
        _ => None,
    });
    let watch = |offer: &&Offer| matches!(offer.seat.position.as_str(), "captain" | "mate");
    newly.filter(watch).filter(|offer| blocks(step, Gate::Rest, &offer.crew_id)).all(|offer| {
        let others = step.season.store.charters.values().map(|charter| &*charter.item);
        let others = others.filter(|other| {
            let aboard =
                |theirs: &Offer| theirs.crew_id == offer.crew_id && theirs.binds() && !theirs.state.is_open();
            let elsewhere = other.charter.charter_id != own.charter_id && other.cancelled_at.is_none();
            elsewhere && other.offers.iter().any(aboard)
        });
        let others: Vec<&Charter> = others.map(|other| &other.charter).collect();
        let on_duty = |at: Timestamp| {
            let own_duty = own.call_time <= at;
            own_duty || others.iter().any(|other| other.call_time <= at && at < other.returns_at)
        };
        // Only another sail within these hours can be at fault.
        let from = own.departs_at - SignedDuration::from_hours(12);
        let near = others.iter().any(|other| other.returns_at > from && other.call_time < own.departs_at);
        let minutes = (0..12 * 60).filter(|n| !on_duty(from + SignedDuration::from_mins(*n))).count();
        !near || minutes >= 6 * 60
    })
}

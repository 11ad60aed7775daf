//! Who is asked, in which order, and who is not.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::{Fact, Offer, OfferNo, OfferState, RescindReason};
use crewcall_dispatch::model::{CrewId, Rank};
use crewcall_dispatch::vessel::{Gate, Override};

use super::Step;
use crate::actions::{Control, What};
use crate::roster::{self, NEEDED};

pub(super) fn in_order(step: &Step<'_>) -> bool {
    let out_of_turn = |id: &CrewId| step.held.job.what == What::Control(Control::Now(id.clone()));
    // Whoever was being asked for the sail as it was.
    let anew = |id: &CrewId| {
        let changed = step.facts().any(|fact| matches!(fact, Fact::CharterChanged { .. }));
        changed && step.old().open_offers().any(|offer| offer.crew_id == *id)
    };
    made(step).filter(|(_, id, _)| !out_of_turn(id) && !anew(id)).all(|(position, crew_id, no)| {
        let state = &step.decision().state;
        let round = state.offer(no).map(|offer| offer.round);
        let twice = state.offers.iter().any(|other| {
            other.no != no
                && other.crew_id == *crew_id
                && other.seat.position == *position
                && ((Some(other.round) == round && had_a_say(other)) || other.binds())
        });
        !twice && !said_no(step, crew_id) && passed_over(step, position, crew_id).is_empty()
    })
}

/// The offers that this decision makes.
fn made<'a>(step: &'a Step<'_>) -> impl Iterator<Item = (&'a Rank, &'a CrewId, OfferNo)> {
    step.facts().filter_map(|fact| match fact {
        Fact::OfferMade { offer, seat, crew_id, .. } => Some((&seat.position, crew_id, *offer)),
        _ => None,
    })
}

/// Whether the person said no to this charter since the call was last started, or dropped out and stayed away.
fn said_no(step: &Step<'_>, crew_id: &CrewId) -> bool {
    let events = step.after.history[step.held.job.charter].events();
    let forgets =
        |fact: &Fact| matches!(fact, Fact::CallStarted { .. } | Fact::CharterChanged { moved: true, .. });
    let since = events.iter().rev().take_while(|event| !forgets(&event.fact));
    let mut declined = since.filter_map(|event| match event.fact {
        Fact::OfferDeclined { offer, .. } => step.decision().state.offer(offer),
        Fact::DroppedOut { offer, .. } => {
            step.decision().state.offer(offer).filter(|offer| offer.state != OfferState::Accepted)
        }
        _ => None,
    });
    declined.any(|offer| offer.crew_id == *crew_id)
}

/// Those before `crew_id` in the order whom nobody asked, and of whom this round's audit does not
/// say why.
fn passed_over(step: &Step<'_>, position: &Rank, crew_id: &CrewId) -> Vec<CrewId> {
    let state = &step.decision().state;
    let cascades = state.call.iter().flat_map(|call| &call.cascades);
    let Some(cascade) = cascades.into_iter().find(|cascade| cascade.position == *position) else {
        return vec![crew_id.clone()];
    };
    let asked = |id: &CrewId| {
        let theirs = |offer: &&Offer| offer.crew_id == *id && offer.seat.position == *position;
        let asked = |offer: &Offer| (offer.round == cascade.round && had_a_say(offer)) || offer.binds();
        state.offers.iter().filter(theirs).any(asked)
    };
    let reason = |id: &CrewId| {
        step.facts().any(|fact| {
            matches!(fact, Fact::PersonSkipped { position: of, skipped }
                if of == position && skipped.crew_id == *id && !skipped.reasons.is_empty())
        })
    };
    let by_office = |id: &CrewId| state.call.as_ref().is_some_and(|call| call.skipped.contains(id));
    let skipped = |id: &CrewId| cascade.skipped.contains(id) || by_office(id);
    let before = cascade.order().take_while(|id| *id != crew_id);
    let without = before.filter(|id| !asked(id) && !skipped(id) && !said_no(step, id) && !reason(id));
    without.cloned().collect()
}

/// Not so if we took the offer back because somebody else was faster, or all offers with it.
fn had_a_say(offer: &Offer) -> bool {
    !offer.rescinded.is_some_and(RescindReason::keeps_the_turn)
}

/// By the records as they are when it is written, not as they were read.
pub(super) fn can_come(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferMade { crew_id, warnings, .. } | Fact::Assigned { crew_id, warnings, .. } => {
            let member = step.office.member(step.before, crew_id);
            !warnings.is_empty() || member.is_some_and(|member| roster::can_come(&member))
        }
        _ => true,
    })
}

/// At the start everyone of the rank is in the order or left out with a reason.
pub(super) fn reasons_are_recorded(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::CallStarted { orders, .. } => orders.iter().all(|order| {
            let of_rank = step.office.members.iter().filter(|member| member.rank == order.position);
            let roster: BTreeSet<&CrewId> = of_rank.map(|member| &member.crew_id).collect();
            let left_out = step.facts().filter_map(|fact| match fact {
                Fact::PeopleLeftOut { position, skipped } if *position == order.position => Some(skipped),
                _ => None,
            });
            let named = order.ranked.iter().chain(left_out.flatten().map(|skipped| &skipped.crew_id));
            named.collect::<BTreeSet<&CrewId>>() == roster
        }),
        Fact::PeopleLeftOut { skipped, .. } => skipped.iter().all(|skipped| !skipped.reasons.is_empty()),
        Fact::PersonSkipped { skipped, .. } => !skipped.reasons.is_empty(),
        _ => true,
    })
}

/// Whoever has refused mail is asked by the office's word alone.
pub(super) fn reachable(step: &Step<'_>) -> bool {
    let unreachable = |id: &CrewId| step.before.people[id].item.refused.is_some();
    step.facts().all(|fact| match fact {
        Fact::OfferMade { crew_id, .. } => {
            !unreachable(crew_id) || step.held.job.what == What::Control(Control::Now(crew_id.clone()))
        }
        _ => true,
    })
}

/// Neither asked nor put aboard without the papers, nor called without the crew that the vessel needs.
pub(super) fn gates_hold(step: &Step<'_>) -> bool {
    let state = &step.decision().state;
    let set_aside = |gate: Gate, crew_id: Option<&CrewId>| {
        state.overrides.iter().any(|known| {
            let about = known.crew_id.is_none() || known.crew_id.as_ref() == crew_id;
            known.gate == gate && about && !known.by.is_empty() && !known.reason.is_empty()
        })
    };
    let has_papers = |id: &CrewId| {
        let member = step.office.members.iter().find(|member| member.crew_id == *id);
        member.is_some_and(|member| !member.rank.is_captain() || member.credentials.contains_key(NEEDED))
    };
    let crewed = state.charter.seats().any(|seat| !seat.position.is_captain());
    !step.office.bounds.papers
        || step.facts().all(|fact| match fact {
            Fact::OfferMade { crew_id, .. } | Fact::Assigned { crew_id, .. } => {
                has_papers(crew_id) || set_aside(Gate::Credentials, Some(crew_id))
            }
            Fact::CallStarted { .. } => crewed || set_aside(Gate::Complement, None),
            _ => true,
        })
}

pub(super) fn overrides_stay(step: &Step<'_>) -> bool {
    let new = &step.decision().state.overrides;
    let still = |old: &Override| new.iter().any(|new| (new.gate, &new.crew_id) == (old.gate, &old.crew_id));
    step.old().overrides.iter().all(still)
}

/// Beside somebody who is being asked for the same seat, unless by the office's word.
pub(super) fn at_once(step: &Step<'_>) -> bool {
    let state = &step.decision().state;
    made(step).all(|(position, crew_id, no)| {
        let seat = state.offer(no).map(|offer| &offer.seat);
        let open = state.open_offers().filter(|offer| Some(&offer.seat) == seat).count();
        let cascades = state.call.iter().flat_map(|call| &call.cascades);
        let urgent = cascades.into_iter().any(|cascade| cascade.position == *position && cascade.urgent);
        let now = step.held.job.what == What::Control(Control::Now(crew_id.clone()));
        // Whom the office had asked beside others is asked so for the sail as it is now, too.
        let changed = matches!(step.held.job.what, What::Change { .. });
        let anew = changed && step.old().open_offers().any(|offer| offer.crew_id == *crew_id);
        open <= 1 || now || anew || (urgent && open <= step.office.bounds.at_once as usize)
    })
}

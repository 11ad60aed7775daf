//! Whom the roster lets the rules ask, and in which order, said once more and in other words than the rules have.
//!
//! A decision is held against the roster and the charters that it was taken from: however slow a server is, what it
//! decided was right when it did.

use std::iter;

use crewcall_dispatch::cascade::{Fact, OfferNo, Skipped};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{Availability, Charter, CrewId, CrewMember, Rank, Seat};
use crewcall_dispatch::policy::{Basis, Order, UnknownAvailability};
use jiff::{SignedDuration, Timestamp};

use crate::gates;
use crate::rules::Step;
use crate::season::{Season, local};
use crate::store::Job;

/// Whether somebody says of each quarter of an hour of the sail that they can. No sail begins or ends within one.
fn is_free(season: &Season, charter: &Charter, member: &CrewMember) -> bool {
    let quarter = SignedDuration::from_mins(15);
    let quarters = iter::successors(Some(charter.call_time), |at| Some(*at + quarter));
    quarters.take_while(|at| *at < charter.returns_at).all(|at| {
        let local = local(at);
        match member.availability.get(&local.date()).map(Availability::words) {
            Some("available") => true,
            Some("unavailable") => false,
            Some("after 12:00") => local.hour() >= 12,
            Some("until 17:00") => local.hour() < 17,
            _ => season.policy.unknown_availability == UnknownAvailability::Ask,
        }
    })
}

/// Whether somebody's record lets them sail as that.
fn can_come(season: &Season, charter: &Charter, crew_id: &CrewId, position: &Rank) -> bool {
    season.store.roster.get(crew_id).is_some_and(|member| {
        member.rank == *position && member.email.is_some() && is_free(season, charter, member)
    })
}

/// Whom the rules ask, or put aboard because they stand by; not whom the office names.
fn by_rules<'a>(step: &'a Step<'_>) -> impl Iterator<Item = (OfferNo, &'a Seat, &'a CrewId)> {
    step.facts().filter_map(|fact| match fact {
        Fact::OfferMade { offer, seat, crew_id, .. } | Fact::Assigned { offer, seat, crew_id, .. } => {
            step.by_rules(crew_id).then_some((*offer, seat, crew_id))
        }
        _ => None,
    })
}

pub(crate) fn record(step: &Step<'_>) -> bool {
    by_rules(step)
        .all(|(_, seat, crew_id)| can_come(step.season, &step.after().charter, crew_id, &seat.position))
}

/// It is enough if one of the two says so.
pub(crate) fn company(step: &Step<'_>) -> bool {
    let season = step.season;
    by_rules(step).all(|(no, _, crew_id)| {
        let before = step.after().offers.iter().filter(|other| other.no < no && other.in_force());
        before
            .map(|other| &other.crew_id)
            .all(|other| !keeps_away(season, crew_id, other) && !keeps_away(season, other, crew_id))
    })
}

/// Whoever is not asked though it would be their turn, unless the office skipped them or too many others come before.
pub(crate) fn passed_over(step: &Step<'_>) -> bool {
    let by_rules = |reason: &Reason| !matches!(reason, Reason::ByOffice { .. } | Reason::BeyondLimit { .. });
    let justified = |position: &Rank, skipped: &Skipped| {
        !skipped.reasons.iter().any(by_rules) || cannot_come(step, position, &skipped.crew_id)
    };
    step.facts().all(|fact| match fact {
        Fact::PersonSkipped { position, skipped } => justified(position, skipped),
        Fact::PeopleLeftOut { position, skipped } => skipped.iter().all(|one| justified(position, one)),
        _ => true,
    })
}

/// By the record, the papers, the address, the company or the other sails.
fn cannot_come(step: &Step<'_>, position: &Rank, crew_id: &CrewId) -> bool {
    let (season, state) = (step.season, step.after());
    let own = &state.charter;
    let others = season.store.charters.values().map(|charter| &*charter.item);
    let busy = others.filter(|other| other.charter.charter_id != own.charter_id).any(|other| {
        let theirs = other.offers.iter().any(|offer| offer.crew_id == *crew_id && offer.binds());
        let turnaround = season.policy.turnaround;
        let near = own.call_time < other.charter.returns_at + turnaround
            && other.charter.call_time < own.returns_at + turnaround;
        theirs && near && other.cancelled_at.is_none()
    });
    let aboard = [step.before, state].into_iter().flat_map(|state| &state.offers);
    let company = aboard.filter(|offer| offer.in_force()).map(|offer| &offer.crew_id);
    !can_come(season, own, crew_id, position)
        || !gates::has_papers(step, position, crew_id)
        || is_refused(season, crew_id)
        || busy
        || gates::too_tired(season, state, position, crew_id)
        || company
            .into_iter()
            .any(|other| keeps_away(season, crew_id, other) || keeps_away(season, other, crew_id))
}

fn keeps_away(season: &Season, one: &CrewId, other: &CrewId) -> bool {
    season.store.roster.get(one).is_some_and(|member| member.do_not_pair.contains(other))
}

fn is_refused(season: &Season, crew_id: &CrewId) -> bool {
    let refused = season.store.people[crew_id].item.refused.as_ref();
    let email = season.store.roster.get(crew_id).and_then(|member| member.email.as_ref());
    refused.is_some_and(|refused| Some(&refused.email) == email)
}

/// An address that refused mail is written to by the office's word alone.
pub(crate) fn reachable(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferMade { crew_id, .. } if step.by_rules(crew_id) => !is_refused(step.season, crew_id),
        _ => true,
    })
}

/// Nobody who can come is left out, and the order is that of the sails as the charters have them, not as the
/// commitments say that are there to know it.
pub(crate) fn turns(step: &Step<'_>) -> bool {
    let orders = step.facts().filter_map(|fact| match fact {
        Fact::CallStarted { orders, .. } | Fact::CharterChanged { orders, .. } => Some(orders),
        _ => None,
    });
    let roster = &step.season.store.roster;
    orders.flatten().all(|order| {
        let place = |id: &CrewId| {
            let cascade_order = roster.get(id).and_then(|member| member.cascade_order);
            (measure(step, &order.position, id), cascade_order.unwrap_or(u32::MAX), id.clone())
        };
        let can_come = |id: &&CrewId| {
            can_come(step.season, &step.after().charter, id, &order.position)
                && gates::has_papers(step, &order.position, id)
        };
        let able: Vec<&CrewId> = roster.keys().filter(can_come).collect();
        let everyone = able.len() == order.ranked.len() && able.iter().all(|id| order.ranked.contains(id));
        let reasons = match &order.basis {
            Basis::FewestSails(sails) => sails
                .iter()
                .zip(&order.ranked)
                .all(|(sails, id)| i64::from(*sails) == measure(step, &order.position, id)),
            _ => true,
        };
        let before = step.before.call.iter().flat_map(|call| &call.cascades);
        let before = before.into_iter().find(|cascade| cascade.position == order.position);
        let ordered = match (&order.basis, before) {
            // A move leaves it as the office ordered it.
            (Basis::Office, Some(before)) => {
                let known = |id: &CrewId| before.ranked.iter().position(|ranked| ranked == id);
                let place = |id: &CrewId| (known(id).unwrap_or(usize::MAX), place(id));
                before.basis == Basis::Office && order.ranked.iter().map(place).is_sorted()
            }
            (Basis::Office, None) => false,
            _ => order.ranked.iter().map(place).is_sorted(),
        };
        everyone && reasons && ordered
    })
}

/// What decides between two people; the less, the sooner is their turn.
fn measure(step: &Step<'_>, position: &Rank, crew_id: &CrewId) -> i64 {
    let Charter { charter_id, call_time, .. } = &step.after().charter;
    let day = |at: Timestamp| local(at).date();
    let charters = step.season.store.charters.values().map(|charter| &*charter.item);
    let sails = charters.filter(|other| {
        let aboard = other.offers.iter().any(|offer| offer.crew_id == *crew_id && offer.state.is_aboard());
        aboard && other.cancelled_at.is_none() && other.charter.charter_id != *charter_id
    });
    let days = sails.map(|other| day(other.charter.call_time));
    match step.season.policy.order(position) {
        Order::Fixed => 0,
        Order::LastSail => {
            days.max().map_or(0, |last| i64::from(last.year()) * 1_000 + i64::from(last.day_of_year()))
        }
        Order::FewestSails => {
            let month = |date: jiff::civil::Date| (date.year(), date.month());
            days.filter(|date| month(*date) == month(day(*call_time))).count() as i64
        }
    }
}

/// Once nobody has to look any more: whoever is being asked or aboard can come by what the roster says now, or it
/// stands with their offer why not, as the office was told.
pub(crate) fn known_to_the_office(season: &Season) -> Option<String> {
    let soon = season.now + SignedDuration::from_hours(3);
    for (id, charter) in &season.store.charters {
        let state = &*charter.item;
        let looked_for = season
            .store
            .outbox
            .values()
            .any(|row| matches!(&row.job, Job::Nudge(charters) if charters.contains(id)));
        // By the clock of a server that is ahead, the sail may have left.
        let over = state.cancelled_at.is_some() || state.charter.departs_at < soon;
        if over || looked_for {
            continue;
        }
        for offer in state.offers.iter().filter(|offer| offer.in_force()) {
            let known =
                offer.warnings.len() >= limits::REASONS || offer.warnings.iter().any(is_of_the_record);
            if !known && !can_come(season, &state.charter, &offer.crew_id, &offer.seat.position) {
                let crew_id = &offer.crew_id;
                return Some(format!(
                    "{id} counts on {crew_id}, who cannot come, and nobody knows: {offer:?}"
                ));
            }
        }
    }
    None
}

fn is_of_the_record(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::NotOnRoster
            | Reason::Left
            | Reason::OtherRank { .. }
            | Reason::NoContact
            | Reason::Unavailable { .. }
            | Reason::OutsideHours { .. }
            | Reason::UnknownAvailability { .. }
    )
}

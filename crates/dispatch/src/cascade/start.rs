//! The beginning of a round: who is asked, in which order, fixed from here on.

use super::Stop;
use super::command::Rejection;
use super::deciding::Deciding;
use super::fact::{Fact, Ranking};
use super::people::People;
use super::seating::pair;
use super::settle::LOOK_AHEAD;
use super::state::CallStatus;
use super::why::Skipped;
use crate::commitments::Commitments;
use crate::eligibility::{Reason, Sail};
use crate::limits;
use crate::model::{Charter, CrewId, CrewMember, Rank};
use crate::policy::{Basis, Order};

/// Fixes the order of every position that has an empty seat. Whoever cannot come by their own
/// record is left out here, with the reason; what else they are doing at that time is looked at
/// when their turn comes.
pub(super) fn start(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    match deciding.state.status() {
        CallStatus::Draft | CallStatus::Exhausted => {}
        CallStatus::Paused => return Err(Rejection::Paused.into()),
        // Pressed twice: it runs already.
        CallStatus::Running => return Ok(()),
        CallStatus::Filled => return Err(Rejection::AlreadyFilled.into()),
        CallStatus::Cancelled => return Err(Rejection::Cancelled.into()),
    }
    begin(deciding)
}

/// Begins a round, whatever the call is doing.
pub(super) fn begin(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if deciding.state.charter.departs_at <= deciding.context.now {
        return Err(Rejection::Departed.into());
    }
    if deciding.state.offers.len() >= limits::OFFERS {
        return Err(Rejection::TooManyOffers.into());
    }
    let about_the_sail = deciding.sail().itself();
    if let Some(reason) = about_the_sail.against.into_iter().next() {
        return Err(Rejection::Gate(reason).into());
    }
    let positions = deciding.state.charter.positions.iter().map(|need| need.position.clone());
    let vacant: Vec<Rank> = positions.filter(|position| deciding.state.open_seats(position) > 0).collect();
    // Whatever is missing is asked for before thousands are looked at: that begins anew with each answer.
    for position in &vacant {
        deciding.people.rank(position)?;
    }
    let mut orders = Vec::new();
    let mut left_out = Vec::new();
    for position in vacant {
        let (ranking, skipped) = ranking(deciding.people, &deciding.sail(), &position)?;
        orders.push(ranking);
        left_out.push((position, skipped));
    }
    let has_captain = deciding.state.captain().is_some();
    let asked_now = orders.iter().filter(|order| order.position.is_captain() || has_captain);
    deciding.people.require(asked_now.flat_map(|order| order.ranked.iter().take(1 + LOOK_AHEAD)))?;
    deciding.record(Fact::CallStarted { orders, warnings: about_the_sail.warnings })?;
    leave_out(deciding, left_out)?;
    match deciding.state.captain_aboard().cloned() {
        Some(captain) => pair(deciding, &captain, |_| true),
        None => Ok(()),
    }
}

/// Says of everyone who is not in an order why.
pub(super) fn leave_out(
    deciding: &mut Deciding<'_>,
    left_out: Vec<(Rank, Vec<Skipped>)>,
) -> Result<(), Stop> {
    for (position, skipped) in left_out {
        let mut rest = skipped.into_iter();
        while rest.len() > 0 {
            let skipped = rest.by_ref().take(limits::SKIPPED_IN_ONE_EVENT).collect();
            deciding.follows(Fact::PeopleLeftOut { position: position.clone(), skipped })?;
        }
    }
    Ok(())
}

/// Everyone of a rank who can come by their own record, in the order of asking; and the others.
pub(super) fn ranking(
    people: &People,
    sail: &Sail<'_>,
    position: &Rank,
) -> Result<(Ranking, Vec<Skipped>), Stop> {
    let mut members: Vec<&CrewMember> = people.rank(position)?.iter().collect();
    members.sort_by(|a, b| rank_key(a).cmp(&rank_key(b)));
    let mut able = Vec::new();
    let mut skipped = Vec::new();
    let days = sail.charter.days(sail.zone);
    for member in members {
        let reasons = sail.record_on(&days, member, position).against;
        if reasons.is_empty() {
            able.push(&member.crew_id);
        } else {
            skipped.push(Skipped::new(member.crew_id.clone(), reasons));
        }
    }
    let (ranked, basis) = take_turns(people, sail, position, able)?;
    let beyond = || vec![Reason::BeyondLimit { limit: limits::CANDIDATES as u32 }];
    skipped.extend(ranked.iter().skip(limits::CANDIDATES).map(|id| Skipped::new((*id).clone(), beyond())));
    let ranked = ranked.into_iter().take(limits::CANDIDATES).cloned().collect();
    Ok((Ranking { position: position.clone(), ranked, basis }, skipped))
}

/// Orders people as the settings want it for their rank; they come in the cascade order, which settles ties.
fn take_turns<'a>(
    people: &People,
    sail: &Sail<'_>,
    position: &Rank,
    able: Vec<&'a CrewId>,
) -> Result<(Vec<&'a CrewId>, Basis), Stop> {
    let Charter { charter_id, call_time, .. } = sail.charter;
    Ok(match sail.policy.order(position) {
        Order::Fixed => (able, Basis::CascadeOrder),
        Order::LastSail => {
            let day = |at| sail.zone.to_datetime(at).date();
            let (ranked, last) = least_first(people, able, |theirs| theirs.last_sail(charter_id).map(day))?;
            (ranked, Basis::LastSail(last))
        }
        Order::FewestSails => {
            let sails = |theirs: &Commitments| theirs.sails_in_month(*call_time, sail.zone, charter_id);
            let (ranked, sails) = least_first(people, able, sails)?;
            (ranked, Basis::FewestSails(sails))
        }
    })
}

/// People by a measure of their commitments, the least first; with the measure of those who are asked at all.
fn least_first<'a, T: Ord>(
    people: &People,
    able: Vec<&'a CrewId>,
    measure: impl Fn(&Commitments) -> T,
) -> Result<(Vec<&'a CrewId>, Vec<T>), Stop> {
    people.require_commitments(able.iter().copied())?;
    let mut measured = Vec::with_capacity(able.len());
    for id in able {
        measured.push((measure(people.commitments(id)?), id));
    }
    measured.sort_by(|(one, _), (next, _)| one.cmp(next));
    let (mut measures, ranked): (Vec<T>, Vec<&CrewId>) = measured.into_iter().unzip();
    measures.truncate(limits::CANDIDATES);
    Ok((ranked, measures))
}

/// By cascade order; who has none comes last; the id settles ties, so that the order is always
/// the same.
fn rank_key(member: &CrewMember) -> (u32, &str) {
    (member.cascade_order.unwrap_or(u32::MAX), member.crew_id.as_str())
}

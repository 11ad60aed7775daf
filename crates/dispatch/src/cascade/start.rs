//! The beginning of a round: who is asked, in which order, fixed from here on.

use super::Stop;
use super::command::{Rejection, pair};
use super::deciding::Deciding;
use super::fact::{Fact, Ranking};
use super::people::People;
use super::state::CallStatus;
use super::why::Skipped;
use crate::eligibility::{Reason, Sail};
use crate::limits;
use crate::model::{CrewMember, Rank};

/// Fixes the order of every position that has an empty seat. Whoever cannot come by their own
/// record is left out here, with the reason; what else they are doing at that time is looked at
/// when their turn comes.
pub(super) fn start(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    match deciding.state.status() {
        CallStatus::Draft | CallStatus::Exhausted | CallStatus::Paused => {}
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
    let mut orders = Vec::new();
    let mut left_out = Vec::new();
    for position in vacant {
        let (ranking, skipped) = ranking(deciding.people, &deciding.sail(), &position)?;
        orders.push(ranking);
        left_out.push((position, skipped));
    }
    deciding.record(Fact::CallStarted { orders, warnings: about_the_sail.warnings })?;
    leave_out(deciding, left_out)?;
    match deciding.state.captain().cloned() {
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
        for some in skipped.chunks(limits::SKIPPED_IN_ONE_EVENT) {
            deciding.follows(Fact::PeopleLeftOut { position: position.clone(), skipped: some.to_vec() })?;
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
    let mut ranking = Ranking { position: position.clone(), ranked: Vec::new() };
    let mut skipped = Vec::new();
    for member in members {
        let mut reasons = sail.record(member, position).against;
        if reasons.is_empty() && ranking.ranked.len() == limits::CANDIDATES {
            reasons.push(Reason::BeyondLimit { limit: limits::CANDIDATES as u32 });
        }
        if reasons.is_empty() {
            ranking.ranked.push(member.crew_id.clone());
        } else {
            skipped.push(Skipped::new(member.crew_id.clone(), reasons));
        }
    }
    Ok((ranking, skipped))
}

/// By cascade order; who has none comes last; the id settles ties, so that the order is always
/// the same.
fn rank_key(member: &CrewMember) -> (u32, &str) {
    (member.cascade_order.unwrap_or(u32::MAX), member.crew_id.as_str())
}

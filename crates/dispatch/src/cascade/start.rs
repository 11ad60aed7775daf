//! The beginning of a round: who is asked, in which order, fixed from here on.

use super::Stop;
use super::command::{Rejection, pair};
use super::draft::Draft;
use super::fact::{Fact, Ranking, Skipped};
use super::state::CallStatus;
use crate::eligibility::record_reasons;
use crate::limits;
use crate::model::{CrewMember, Rank};

/// Fixes the order of every position that has an empty seat. Whoever cannot come by their own
/// record is left out here, with the reason; what else they are doing at that time is looked at
/// when their turn comes.
pub(super) fn start(draft: &mut Draft<'_>) -> Result<(), Stop> {
    match draft.state.status() {
        CallStatus::Draft | CallStatus::Exhausted => {}
        CallStatus::Running => return Err(Rejection::AlreadyRunning.into()),
        CallStatus::Filled => return Err(Rejection::AlreadyFilled.into()),
        CallStatus::Cancelled => return Err(Rejection::Cancelled.into()),
    }
    if draft.state.charter.departs_at <= draft.context.now {
        return Err(Rejection::Departed.into());
    }
    if draft.state.offers.len() >= limits::OFFERS {
        return Err(Rejection::TooManyOffers.into());
    }
    let positions = draft.state.charter.positions.iter().map(|need| need.position.clone());
    let vacant: Vec<Rank> =
        positions.filter(|position| !draft.state.vacant_seats(position).is_empty()).collect();
    let orders = vacant.iter().map(|position| ranking(draft, position)).collect::<Result<Vec<_>, _>>()?;
    draft.record(Fact::CallStarted { orders })?;
    match draft.state.captain().cloned() {
        Some(captain) => pair(draft, &captain),
        None => Ok(()),
    }
}

fn ranking(draft: &Draft<'_>, position: &Rank) -> Result<Ranking, Stop> {
    let mut members: Vec<&CrewMember> = draft.people.rank(position)?.iter().collect();
    members.sort_by(|a, b| rank_key(a).cmp(&rank_key(b)));
    let mut ranking = Ranking { position: position.clone(), ranked: Vec::new(), skipped: Vec::new() };
    for member in members {
        let reasons = record_reasons(member, position, &draft.state.charter, draft.context.zone);
        if !reasons.is_empty() {
            ranking.skipped.push(Skipped { crew_id: member.crew_id.clone(), reasons });
        } else if ranking.ranked.len() < limits::CANDIDATES {
            ranking.ranked.push(member.crew_id.clone());
        }
    }
    Ok(ranking)
}

/// By cascade order; who has none comes last; the id settles ties, so that the order is always
/// the same.
fn rank_key(member: &CrewMember) -> (u32, &str) {
    (member.cascade_order.unwrap_or(u32::MAX), member.crew_id.as_str())
}

//! What speaks against somebody, by all that a decision knows.

use super::deciding::Deciding;
use super::people::{Need, People};
use super::state::{CharterState, Offer};
use super::{Rejection, Stop};
use crate::eligibility::{Reason, Verdict};
use crate::model::{CrewId, CrewMember, Rank};

/// Of somebody who would be asked, or put aboard.
pub(super) fn verdict(
    deciding: &mut Deciding<'_>,
    crew_id: &CrewId,
    position: &Rank,
) -> Result<Verdict, Stop> {
    let Some(member) = deciding.people.member(crew_id)? else { return Ok(Verdict::not_on_roster()) };
    let company = company(&deciding.state, deciding.people, Some(crew_id))?;
    let alone = deciding.sail().record(member, position).and(deciding.sail().company(member, &company));
    let commitments = deciding.commitments_of(crew_id)?.clone();
    Ok(alone.and(deciding.sail().commitments(&commitments, position)))
}

/// Everyone who is aboard or being asked, but for somebody; of whoever has left the roster there is only the id.
pub(super) fn company<'a>(
    state: &'a CharterState,
    people: &'a People,
    but: Option<&CrewId>,
) -> Result<Vec<(&'a CrewId, Option<&'a CrewMember>)>, Need> {
    let others = state.offers.iter().filter(|offer| offer.in_force() && Some(&offer.crew_id) != but);
    let others: Vec<&CrewId> = others.map(|offer| &offer.crew_id).collect();
    people.require(others.iter().copied())?;
    others.into_iter().map(|id| Ok((id, people.member(id)?))).collect()
}

/// As [`verdict`], of somebody who would be asked by mail.
pub(super) fn verdict_by_mail(
    deciding: &mut Deciding<'_>,
    crew_id: &CrewId,
    position: &Rank,
) -> Result<Verdict, Stop> {
    Ok(verdict(deciding, crew_id, position)?.and(contact(deciding, crew_id)?))
}

fn contact(deciding: &mut Deciding<'_>, crew_id: &CrewId) -> Result<Verdict, Stop> {
    let commitments = deciding.commitments_of(crew_id)?.clone();
    let Some(member) = deciding.people.member(crew_id)? else { return Ok(Verdict::default()) };
    Ok(deciding.sail().contact(member, &commitments))
}

/// As [`verdict`], of somebody who is asked or aboard: what they are only asked for elsewhere does not count.
pub(super) fn verdict_aboard(
    deciding: &mut Deciding<'_>,
    crew_id: &CrewId,
    position: &Rank,
) -> Result<Verdict, Stop> {
    let mut verdict = verdict(deciding, crew_id, position)?;
    verdict.against.retain(|reason| !reason.passes());
    Ok(verdict)
}

/// Of somebody who says yes: other sails may have been accepted since this one was offered. What they are only asked
/// for does not count.
pub(super) fn may_sail(deciding: &Deciding<'_>, offer: &Offer) -> Result<(), Stop> {
    let commitments = deciding.people.commitments(&offer.crew_id)?;
    let verdict = deciding.sail().commitments(commitments, &offer.seat.position);
    match verdict.against.into_iter().find(|reason| !reason.passes()) {
        Some(Reason::Assigned { charter_id }) => Err(Rejection::Overlap(charter_id).into()),
        Some(reason) => Err(Rejection::TooTired(reason).into()),
        None => Ok(()),
    }
}

//! Rules that the office sets aside for one charter.

use super::recheck::conflicts;
use super::{Rejection, said};
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::event::Actor;
use crate::cascade::fact::Fact;
use crate::eligibility::Reason;
use crate::limits;
use crate::model::CrewId;
use crate::vessel::{Gate, Override};

/// Given twice with the same words, it says the same.
pub(super) fn set_aside(
    deciding: &mut Deciding<'_>,
    gate: Gate,
    crew_id: Option<&CrewId>,
    reason: &str,
) -> Result<(), Stop> {
    let Actor::Office(name) = deciding.context.by.clone() else { return Err(Rejection::OfficeOnly.into()) };
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    let reason = said(reason)?;
    if crew_id.is_some() && gate.is_about_the_charter() {
        return Err(Rejection::GateOfTheSail(gate).into());
    }
    let same =
        |known: &Override| (known.gate, known.crew_id.as_ref(), &known.reason) == (gate, crew_id, &reason);
    if deciding.state.overrides.iter().any(same) {
        return Ok(());
    }
    if let Some(id) = crew_id
        && deciding.people.member(id)?.is_none()
    {
        return Err(Rejection::CannotSail(id.clone(), Reason::NotOnRoster).into());
    }
    if deciding.state.overrides.len() >= limits::OVERRIDES {
        return Err(Rejection::TooManyOverrides.into());
    }
    let aboard = deciding.state.offers.iter().filter(|offer| offer.state.is_aboard());
    deciding.people.require(aboard.map(|offer| &offer.crew_id))?;
    deciding.record(Fact::GateOverridden { gate, crew_id: crew_id.cloned(), reason, name })?;
    if deciding.context.now >= deciding.state.charter.departs_at {
        return Ok(());
    }
    // What came up against somebody aboard may be settled by that.
    conflicts(deciding)
}

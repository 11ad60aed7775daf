//! What has become of people under a call: their records and their other sails may say otherwise than when they
//! were asked.

use super::sails;
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::judging::verdict_aboard;
use crate::cascade::state::Offer;
use crate::cascade::why::{RescindReason, Skipped};
use crate::eligibility::{Reason, Verdict};
use crate::limits;

/// Whoever is asked and cannot come any more need not answer, nor be waited for. Whoever is aboard keeps the seat,
/// and the office is told. What was known when somebody was asked or put aboard is no news.
pub(super) fn recheck(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if sails(deciding).is_err() {
        return Ok(());
    }
    let concerned: Vec<Offer> =
        deciding.state.offers.iter().filter(|offer| offer.in_force()).cloned().collect();
    deciding.people.require(concerned.iter().map(|offer| &offer.crew_id))?;
    for offer in concerned {
        let verdict = verdict_aboard(deciding, &offer.crew_id, &offer.seat.position)?;
        if offer.state.is_open() {
            recheck_asked(deciding, &offer, verdict)?;
        } else {
            recheck_aboard(deciding, &offer, verdict)?;
        }
    }
    Ok(())
}

pub(super) fn recheck_asked(
    deciding: &mut Deciding<'_>,
    offer: &Offer,
    verdict: Verdict,
) -> Result<(), Stop> {
    let elsewhere = verdict.against.iter().any(|reason| matches!(reason, Reason::Assigned { .. }));
    if elsewhere {
        let why = RescindReason::AboardElsewhere;
        return deciding.follows(Fact::OfferRescinded { offer: offer.no, why });
    }
    // How tired the other sails make somebody is looked at when the answer comes.
    let record = |reason: &Reason| !matches!(reason, Reason::Rest { .. } | Reason::WorkHours { .. });
    let news: Vec<Reason> = news(offer, &verdict).into_iter().filter(record).collect();
    if news.is_empty() {
        return forget_what_is_over(deciding, offer, &verdict, Vec::new());
    }
    let (position, skipped) = (offer.seat.position.clone(), Skipped::new(offer.crew_id.clone(), news));
    deciding.follows(Fact::PersonSkipped { position, skipped })?;
    deciding.follows(Fact::OfferRescinded { offer: offer.no, why: RescindReason::CannotCome })
}

pub(super) fn recheck_aboard(
    deciding: &mut Deciding<'_>,
    offer: &Offer,
    verdict: Verdict,
) -> Result<(), Stop> {
    let news = news(offer, &verdict);
    let still = |known: &&Reason| verdict.against.contains(known);
    let known: Vec<Reason> = offer.conflicts.iter().filter(still).cloned().collect();
    if news.is_empty() {
        return forget_what_is_over(deciding, offer, &verdict, known);
    }
    let mut conflicts = known;
    conflicts.extend(news.into_iter().filter(|reason| !offer.conflicts.contains(reason)));
    conflicts.truncate(limits::REASONS);
    // What has to be settled comes first, and what was not looked at stays.
    let unseen = offer.warnings.iter().filter(|known| !is_looked_at(known)).cloned();
    let rest = verdict.against.into_iter().chain(verdict.warnings).chain(unseen);
    let mut reasons = conflicts.clone();
    reasons.extend(rest.filter(|reason| !conflicts.contains(reason)));
    reasons.truncate(limits::REASONS);
    // Nobody would look again soon, were it true no more when it is written.
    deciding.relies_on(&offer.crew_id);
    deciding.follows(Fact::ConflictFound { offer: offer.no, reasons, conflicts })
}

/// Of what was known some speaks against them no more, or is set aside.
fn forget_what_is_over(
    deciding: &mut Deciding<'_>,
    offer: &Offer,
    verdict: &Verdict,
    conflicts: Vec<Reason>,
) -> Result<(), Stop> {
    let holds = |known: &&Reason| {
        !is_looked_at(known) || verdict.against.contains(known) || verdict.warnings.contains(known)
    };
    let reasons: Vec<Reason> = offer.warnings.iter().filter(holds).cloned().collect();
    if reasons.len() == offer.warnings.len() && conflicts.len() == offer.conflicts.len() {
        return Ok(());
    }
    deciding.relies_on(&offer.crew_id);
    deciding.follows(Fact::ConflictOver { offer: offer.no, reasons, conflicts })
}

/// Whether [`verdict_aboard`] says anything of such a reason.
fn is_looked_at(reason: &Reason) -> bool {
    !matches!(reason, Reason::DoNotPair { .. } | Reason::Undeliverable { .. } | Reason::Asked { .. })
}

/// What speaks against somebody and was not known; a list that is full of what still speaks against them knows
/// everything.
fn news(offer: &Offer, verdict: &Verdict) -> Vec<Reason> {
    let still = offer.warnings.iter().filter(|known| verdict.against.contains(known));
    if still.count() >= limits::REASONS {
        return Vec::new();
    }
    verdict.against.iter().filter(|reason| !offer.warnings.contains(reason)).cloned().collect()
}

/// Whoever is aboard and could not be asked for the sail as it is now: the office has to know.
pub(super) fn conflicts(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    let aboard = deciding.state.offers.iter().filter(|offer| offer.state.is_aboard());
    let aboard: Vec<Offer> = aboard.cloned().collect();
    for offer in aboard {
        let verdict = verdict_aboard(deciding, &offer.crew_id, &offer.seat.position)?;
        recheck_aboard(deciding, &offer, verdict)?;
    }
    Ok(())
}

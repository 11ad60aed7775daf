//! What has become of people under a call: their records and their other sails may say otherwise than when they
//! were asked.

use jiff::civil::Date;

use super::sails;
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::fact::Fact;
use crate::cascade::judging::verdict_aboard;
use crate::cascade::state::{CharterState, Offer};
use crate::cascade::why::{RescindReason, Skipped};
use crate::eligibility::{Reason, Verdict};
use crate::limits;

/// Whoever is asked and cannot come any more need not answer, nor be waited for. Whoever is aboard keeps the seat,
/// and the office is told. What was known when somebody was asked or put aboard is no news.
pub(super) fn recheck(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    if sails(deciding).is_err() {
        return Ok(());
    }
    let mut concerned: Vec<Offer> =
        deciding.state.offers.iter().filter(|offer| offer.in_force()).cloned().collect();
    // Whoever is only asked gives way to whoever is aboard.
    concerned.sort_by_key(|offer| offer.state.is_aboard());
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
    let news: Vec<Reason> = news(&deciding.state, offer, &verdict).into_iter().filter(record).collect();
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
    let news = news(&deciding.state, offer, &verdict);
    let still = |known: &&Reason| verdict.against.contains(known);
    let known: Vec<Reason> = offer.conflicts.iter().filter(still).cloned().collect();
    if news.is_empty() {
        return forget_what_is_over(deciding, offer, &verdict, known);
    }
    let mut conflicts = known;
    conflicts.extend(news.into_iter().filter(|reason| !offer.conflicts.contains(reason)));
    conflicts.truncate(limits::REASONS);
    // What has to be settled comes first, and what was not looked at stays.
    let days = days(deciding);
    let unseen =
        offer.warnings.iter().filter(|known| !is_looked_at(known) || is_of_another_day(known, &days));
    let unseen = unseen.cloned();
    let rest = verdict.against.into_iter().chain(verdict.warnings).chain(unseen);
    let mut reasons = conflicts.clone();
    reasons.extend(rest.filter(|reason| !conflicts.contains(reason)));
    reasons.truncate(limits::REASONS);
    if conflicts == offer.conflicts && reasons == offer.warnings {
        // What is news had no place in the list before, and has none now.
        return Ok(());
    }
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
    let days = days(deciding);
    let holds = |known: &&Reason| {
        let said = verdict.against.contains(known) || verdict.warnings.contains(known);
        said || !is_looked_at(known) || is_of_another_day(known, &days)
    };
    let reasons: Vec<Reason> = offer.warnings.iter().filter(holds).cloned().collect();
    if reasons.len() == offer.warnings.len() && conflicts.len() == offer.conflicts.len() {
        return Ok(());
    }
    deciding.relies_on(&offer.crew_id);
    deciding.follows(Fact::ConflictOver { offer: offer.no, reasons, conflicts })
}

fn days(deciding: &Deciding<'_>) -> Vec<Date> {
    deciding.state.charter.days(deciding.context.zone).iter().map(|day| day.date).collect()
}

/// Of a day that the sail does not touch any more nothing is said; it may touch it again.
fn is_of_another_day(reason: &Reason, days: &[Date]) -> bool {
    reason.date().is_some_and(|date| !days.contains(&date))
}

/// Whether [`verdict_aboard`] says anything of such a reason.
fn is_looked_at(reason: &Reason) -> bool {
    !matches!(reason, Reason::Undeliverable { .. } | Reason::Asked { .. })
}

/// What speaks against somebody and was not known. A list that is full of what still speaks against them knows all that
/// the office may pass over by its word.
fn news(state: &CharterState, offer: &Offer, verdict: &Verdict) -> Vec<Reason> {
    let still = offer.warnings.iter().filter(|known| verdict.against.contains(known));
    let full = still.count() >= limits::REASONS;
    // That two do not sail together is known of both if it is of one.
    let of_both = |reason: &Reason| {
        let Reason::DoNotPair { with } = reason else { return false };
        let mutual = Reason::DoNotPair { with: offer.crew_id.clone() };
        state.in_force(with).is_some_and(|theirs| theirs.warnings.contains(&mutual))
    };
    let known = |reason: &&Reason| {
        offer.warnings.contains(reason) || (full && reason.yields_to_office()) || of_both(reason)
    };
    verdict.against.iter().filter(|reason| !known(reason)).cloned().collect()
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

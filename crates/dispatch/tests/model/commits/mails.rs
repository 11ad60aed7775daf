//! Who is told what, and how often.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::{CharterState, Fact, Notice, Offer, OfferNo, OfferState, ReleaseReason};
use crewcall_dispatch::model::CrewId;

use super::Step;
use crate::actions::{Outcome, What};
use crate::roster::tick;

pub(super) fn message_reaches(step: &Step<'_>) -> bool {
    let readers = step.decision().mails.iter().filter_map(|mail| match &mail.notice {
        Notice::Message { to, .. } => Some(Some(to)),
        Notice::MessageOffice { .. } => Some(None),
        _ => None,
    });
    let mut readers: Vec<Option<&CrewId>> = readers.collect();
    let What::Post(by) = &step.held.job.what else { return readers.is_empty() };
    let aboard = step.old().aboard();
    let aboard = aboard.iter().map(|offer| Some(&offer.crew_id));
    let mut others: Vec<Option<&CrewId>> =
        aboard.clone().chain([None]).filter(|reader| *reader != by.as_ref()).collect();
    readers.sort();
    others.sort();
    readers == others && (by.is_none() || aboard.into_iter().any(|one| one == by.as_ref()))
}

/// One mail for each time that the call comes to its end, and none else. A start, a new captain, one who leaves,
/// and anyone who leaves a full boat, make everything as if it had not ended.
pub(super) fn one_alert(step: &Step<'_>) -> bool {
    let is_over = |state: &CharterState| state.call.as_ref().and_then(|call| call.exhausted_at).is_some();
    // Who dropped out before left then.
    let captains = |no: &OfferNo| {
        let captain = step.old().captain();
        captain.is_some_and(|captain| captain.no == *no)
    };
    let anew = step.facts().any(|fact| match fact {
        Fact::CallStarted { .. } | Fact::CrewPaired { .. } | Fact::CallReopened { .. } => true,
        Fact::CharterChanged { charter, material, .. } => {
            *material || charter.seats().count() > step.old().charter.seats().count()
        }
        Fact::OfferDeclined { offer, .. } => step
            .old()
            .offer(*offer)
            .is_some_and(|offer| offer.state == OfferState::Reconfirming && offer.seat.position.is_captain()),
        Fact::AcceptUndone { offer } | Fact::DroppedOut { offer, .. } => captains(offer),
        // Once the boat has left, its call is over, whoever turns out not to have come.
        Fact::Released { offer, .. } => captains(offer) && !has_left(step),
        _ => false,
    });
    let due = is_over(&step.decision().state) && (anew || !is_over(step.old()));
    let mails = step.decision().mails.iter().filter(|mail| mail.notice == Notice::Exhausted).count();
    let facts = step.facts().filter(|fact| matches!(fact, Fact::CallExhausted { .. })).count();
    mails == facts && mails == usize::from(due)
}

/// Whether the boat has left when this is decided.
fn has_left(step: &Step<'_>) -> bool {
    tick(step.held.decided) >= step.old().charter.departs_at
}

/// The server looks at the row's truth right before it sends.
pub(super) fn no_void_mail(step: &Step<'_>) -> bool {
    match &step.held.job.what {
        What::Row(Notice::Offer { offer }, Outcome::Sent | Outcome::Ambiguous) => {
            let fresh = step.before.charter_is_fresh(step.held);
            let queued = step.old().offer(*offer).is_some_and(|offer| offer.state == OfferState::Queued);
            !fresh || queued
        }
        _ => true,
    }
}

pub(super) fn cancellation_tells(step: &Step<'_>) -> bool {
    if !step.facts().any(|fact| *fact == Fact::CharterCancelled) {
        return true;
    }
    let old = step.old();
    // An earlier mail of theirs may have been void, and the word of that dropped because of the new offer.
    let earlier = |offer: &&Offer| {
        let theirs = old.offers.iter().filter(|other| other.crew_id == offer.crew_id && other.no <= offer.no);
        let void = |other: &Offer| other.no == offer.no || other.state == OfferState::Rescinded;
        theirs.filter(|other| void(other)).any(|other| other.handed_over_at.is_some())
    };
    let asked = old.open_offers().filter(earlier);
    let bound = old.offers.iter().filter(|offer| offer.binds() && !offer.state.is_open());
    let due: BTreeSet<&CrewId> =
        asked.chain(bound).chain(old.standing_by()).map(|offer| &offer.crew_id).collect();
    let told = step.decision().mails.iter().filter_map(|mail| match &mail.notice {
        Notice::Cancelled { to } => Some(to),
        _ => None,
    });
    let told: Vec<&CrewId> = told.collect();
    told.len() == due.len() && told.into_iter().collect::<BTreeSet<_>>() == due
}

pub(super) fn by_others_is_told(step: &Step<'_>) -> bool {
    let posted = |notice: Notice| step.decision().mails.iter().any(|mail| mail.notice == notice);
    step.facts().all(|fact| match fact {
        Fact::Assigned { offer, .. } | Fact::AskedAboard { offer, .. } => {
            posted(Notice::Assigned { offer: *offer })
        }
        // Of who sailed the mail would come too late; but what leaves later has not left.
        Fact::Released { offer, why } => {
            let afterwards = has_left(step) && *why != ReleaseReason::CharterChanged;
            posted(Notice::Released { offer: *offer }) != afterwards
        }
        Fact::AcceptUndone { offer } | Fact::OfferDeclined { offer, was_aboard: true, .. } => {
            posted(Notice::Noted { offer: *offer })
        }
        Fact::TurnedUp { .. } => {
            let mut mails = step.decision().mails.iter();
            mails.all(|mail| mail.notice.recipient(&step.decision().state).is_none())
        }
        _ => true,
    })
}

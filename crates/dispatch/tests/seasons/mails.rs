//! Who is told of what, by which mail.

use crewcall_dispatch::cascade::{Actor, Command, Fact, Notice, Offer, OfferState, ReleaseReason};

use crate::rules::Step;

pub(crate) fn asked_by_mail(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferMade { offer, .. } => step.posts(|notice| *notice == Notice::Offer { offer: *offer }),
        _ => true,
    })
}

pub(crate) fn told_of_rescinding(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::OfferRescinded { offer, .. } => {
            let Some(known) = step.before.offer(*offer) else { return true };
            known.handed_over_at.is_none()
                || step.posts(|notice| match notice {
                    Notice::Rescinded { offer: told, .. } => told == offer,
                    Notice::Cancelled { to } => *to == known.crew_id,
                    _ => false,
                })
        }
        _ => true,
    })
}

pub(crate) fn told_by_others(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::Assigned { offer, .. } | Fact::AskedAboard { offer, .. } => {
            step.posts(|notice| *notice == Notice::Assigned { offer: *offer })
        }
        // Theirs is the last word that their calendar has of it.
        Fact::AcceptUndone { offer } | Fact::OfferDeclined { offer, was_aboard: true, .. } => {
            step.posts(|notice| *notice == Notice::Noted { offer: *offer })
        }
        // Of who sailed the mail would come too late; but what leaves later has not left.
        Fact::Released { offer, why } => {
            let left = step.clock >= step.before.charter.departs_at;
            let afterwards = left && *why != ReleaseReason::CharterChanged;
            let due = match why {
                ReleaseReason::Free => Notice::Noted { offer: *offer },
                _ => Notice::Released { offer: *offer },
            };
            step.posts(|notice| *notice == due) != afterwards
        }
        Fact::ReconfirmAsked { offer, .. } => {
            let again =
                step.after().offer(*offer).is_some_and(|offer| offer.state == OfferState::Reconfirming);
            !again
                || step.posts(|notice| matches!(notice, Notice::Changed { offer: told, .. } if told == offer))
        }
        _ => true,
    })
}

pub(crate) fn cancellation_tells(step: &Step<'_>) -> bool {
    let cancelled = step.facts().any(|fact| matches!(fact, Fact::CharterCancelled));
    let concerned = step.before.offers.iter().filter(|offer| {
        offer.state.is_aboard()
            || offer.state == OfferState::DroppedOut
            || (offer.state.is_open() && offer.handed_over_at.is_some())
            || (offer.stands_by && step.before.can_stand_by(offer))
    });
    let told = |offer: &Offer| {
        step.posts(|notice| matches!(notice, Notice::Cancelled { to } if *to == offer.crew_id))
    };
    let open = step.after().open_offers().next().is_some();
    !cancelled || (!open && concerned.into_iter().all(told))
}

pub(crate) fn office_hears(step: &Step<'_>) -> bool {
    step.facts().all(|fact| match fact {
        Fact::ConflictFound { offer, .. } => {
            step.posts(|notice| matches!(notice, Notice::Conflict { offer: told, .. } if told == offer))
        }
        Fact::Unconfirmed { offer } => step.posts(|notice| *notice == Notice::Unconfirmed { offer: *offer }),
        Fact::CallUrgent { .. } => step.posts(|notice| matches!(notice, Notice::Urgent { .. })),
        Fact::CallFilled => step.posts(|notice| *notice == Notice::CrewListOffice),
        Fact::OfferUndeliverable { offer, .. } => {
            matches!(step.task.command, Command::Bounced { .. })
                || step.posts(|notice| *notice == Notice::Undeliverable { offer: *offer })
        }
        _ => true,
    })
}

pub(crate) fn words_are_kept(step: &Step<'_>) -> bool {
    let said = step.decision.events.iter().filter_map(|event| event.comment.as_deref());
    let heard = step.posts(|notice| matches!(notice, Notice::Comment { .. }));
    let by_crew = matches!(step.task.by, Actor::Crew(_));
    said.eq(step.task.comment) && heard == (by_crew && step.task.comment.is_some())
}

//! What became of a mail.

use super::{Rejection, find};
use crate::cascade::Stop;
use crate::cascade::deciding::{Context, Deciding};
use crate::cascade::fact::Fact;
use crate::cascade::notice::Notice;
use crate::cascade::settle::lapse;
use crate::cascade::state::{CallStatus, Offer, OfferNo, OfferState};
use crate::eligibility::Reason;
use crate::model::{CrewId, Email};
use crate::policy::{Undeliverable, Window};

pub(super) fn offer_sent(deciding: &mut Deciding<'_>, no: OfferNo, ambiguous: bool) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    if offer.handed_over_at.is_some() {
        return Ok(());
    }
    if offer.state != OfferState::Queued {
        // Answered before we knew that it had arrived, or taken back while it was on its way.
        let notice = Notice::Offer { offer: no };
        return deciding.follows(Fact::MailSent { notice, ambiguous });
    }
    sent(deciding, no, ambiguous)
}

/// The window runs from now on.
pub(super) fn sent(deciding: &mut Deciding<'_>, no: OfferNo, ambiguous: bool) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    let Window { reply_by, closes_at, urgent } = window_from_now(deciding, &offer);
    deciding.follows(Fact::OfferSent { offer: no, reply_by, closes_at, ambiguous })?;
    let position = offer.seat.position;
    if urgent && deciding.state.cascade_of(&position).is_some_and(|cascade| !cascade.urgent) {
        deciding.follows(Fact::CallUrgent { position })?;
    }
    Ok(())
}

pub(super) fn window_from_now(deciding: &Deciding<'_>, offer: &Offer) -> Window {
    let Context { policy, zone, find_zone, now, .. } = deciding.context;
    let zone = offer.zone(zone, *find_zone);
    deciding.state.window(offer, policy, &zone, *now)
}

pub(super) fn undeliverable(
    deciding: &mut Deciding<'_>,
    no: OfferNo,
    error: &str,
    email: Option<&Email>,
) -> Result<(), Stop> {
    let offer = find(deciding, no)?;
    if !offer.state.is_open() {
        // It ended while its mail was on the way, and the address is as bad.
        return match email {
            Some(email) => returned(deciding, &offer, error.to_owned(), email.clone()),
            None => Ok(()),
        };
    }
    deciding.follows(Fact::OfferUndeliverable {
        offer: no,
        error: error.to_owned(),
        email: email.cloned(),
    })?;
    rest(deciding)
}

/// The office found in its inbox that a mail came back.
pub(super) fn bounced(deciding: &mut Deciding<'_>, crew_id: &CrewId, error: &str) -> Result<(), Stop> {
    let error = error.trim().to_owned();
    if error.is_empty() {
        return Err(Rejection::NoReason.into());
    }
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::Cancelled.into());
    }
    lapse(deciding)?;
    let latest = || deciding.state.offers.iter().rfind(|offer| offer.crew_id == *crew_id);
    let Some(offer) = deciding.state.in_force(crew_id).or_else(latest).cloned() else {
        return Err(Rejection::NotAsked(crew_id.clone()).into());
    };
    if offer.state == OfferState::Queued {
        return Err(Rejection::MailOnItsWay(crew_id.clone()).into());
    }
    deciding.people.require([crew_id])?;
    let email = deciding.people.member(crew_id)?.and_then(|member| member.email.clone());
    if offer.state.is_open() {
        deciding.record(Fact::OfferUndeliverable { offer: offer.no, error, email })?;
        return rest(deciding);
    }
    // Bounces come hours later: the offer may have ended by then, and the address is as bad.
    let Some(email) = email else {
        return Err(Rejection::CannotSail(crew_id.clone(), Reason::NoContact).into());
    };
    returned(deciding, &offer, error, email)
}

fn returned(deciding: &mut Deciding<'_>, offer: &Offer, error: String, email: Email) -> Result<(), Stop> {
    let refused = &deciding.commitments_of(&offer.crew_id)?.refused;
    let known = refused.as_ref().is_some_and(|known| known.email == email);
    if known { Ok(()) } else { deciding.record(Fact::MailReturned { offer: offer.no, error, email }) }
}

/// The next person is asked, or the settings want the office to look first.
fn rest(deciding: &mut Deciding<'_>) -> Result<(), Stop> {
    let runs = deciding.state.status() == CallStatus::Running;
    if runs && deciding.context.policy.undeliverable == Undeliverable::Pause {
        return deciding.follows(Fact::CallPaused);
    }
    Ok(())
}

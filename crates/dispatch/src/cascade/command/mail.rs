//! What became of a mail.

use super::find;
use crate::cascade::Stop;
use crate::cascade::deciding::{Context, Deciding};
use crate::cascade::fact::Fact;
use crate::cascade::notice::Notice;
use crate::cascade::state::{OfferNo, OfferState};
use crate::policy::Window;

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
    let Context { policy, zone, find_zone, now, .. } = deciding.context;
    let zone = offer.zone(zone, *find_zone);
    let Window { reply_by, closes_at, urgent } = deciding.state.window(&offer, policy, &zone, *now);
    deciding.follows(Fact::OfferSent { offer: no, reply_by, closes_at, ambiguous })?;
    let position = offer.seat.position;
    if urgent && deciding.state.cascade_of(&position).is_some_and(|cascade| !cascade.urgent) {
        deciding.follows(Fact::CallUrgent { position })?;
    }
    Ok(())
}

pub(super) fn undeliverable(deciding: &mut Deciding<'_>, no: OfferNo, error: &str) -> Result<(), Stop> {
    if !find(deciding, no)?.state.is_open() {
        return Ok(());
    }
    deciding.follows(Fact::OfferUndeliverable { offer: no, error: error.to_owned() })
}

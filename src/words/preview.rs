//! What a change does at once.

use crewcall_dispatch::cascade::{Notice, Preview};
use jiff::tz::TimeZone;

use super::{Names, fact, notice};

/// What a change does at once, each as a clause: what happens, who is told, and where else it is looked at.
pub fn at_once(preview: &Preview, names: &Names, zone: &TimeZone) -> Vec<String> {
    let Preview { state, events, mails, nudges, .. } = preview;
    // Links are made when it is done, and are other ones then.
    let facts = events.iter().map(|event| {
        let said = fact(event, state, names, zone);
        state.offers.iter().fold(said, |said, offer| said.replace(&format!(" (link {})", offer.token_id), ""))
    });
    // Of these it is said already when they are handed over.
    let said = |mail: &&Notice| {
        matches!(mail, Notice::Offer { .. } | Notice::OfferCopy { .. } | Notice::Changed { .. })
    };
    let mails = mails.iter().filter(|mail| !said(mail)).map(|mail| notice(mail, state, names));
    let nudges = nudges.iter().map(|id| format!("looked at again: {id}"));
    facts.chain(mails).chain(nudges).collect()
}

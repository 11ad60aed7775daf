//! A mail, by what it is.

use crewcall_dispatch::cascade::{CharterState, Notice, OfferNo};

use super::Names;

/// A mail, by what it is: `offer to Dana Reyes`, `mail to Dana Reyes (the charter is off)`.
pub fn notice(notice: &Notice, state: &CharterState, names: &Names) -> String {
    let to = notice.recipient(state).map_or("the office", |id| names.get(id));
    let (what, about) = match notice {
        Notice::Offer { .. } => ("offer", None),
        Notice::OfferCopy { offer } => {
            return format!("copy of {} to the office", whose(state, names, *offer));
        }
        Notice::CrewList { .. } | Notice::CrewListOffice => ("crew list", None),
        Notice::Reopened { .. } | Notice::ReopenedOffice { .. } => {
            ("mail", Some("the crew list no longer holds".to_owned()))
        }
        Notice::NotTold { to } => ("alert", Some(format!("{} could not be told", names.get(to)))),
        Notice::Exhausted => ("alert", Some("nobody is left to ask".into())),
        Notice::Urgent { position } => ("alert", Some(format!("time runs out for {position}"))),
        Notice::PositionExhausted { position } => {
            ("mail", Some(format!("nobody is left to ask for {position} now")))
        }
        Notice::Rescinded { .. } => ("mail", Some("the offer was taken back".into())),
        Notice::DroppedOut { offer } => {
            let who = who(state, names, *offer);
            ("alert", Some(format!("{who} dropped out")))
        }
        Notice::Changed { .. } => ("mail", Some("the sail has changed; asks to confirm".into())),
        Notice::AsAgreed { .. } => ("mail", Some("there is nothing to confirm any more".into())),
        Notice::Noted { .. } => ("mail", Some("noted that they are not aboard".into())),
        Notice::Standby { offer } => {
            let who = who(state, names, *offer);
            ("mail", Some(format!("{who} stands by")))
        }
        Notice::Unconfirmed { offer } => {
            let who = who(state, names, *offer);
            ("alert", Some(format!("{who} has not confirmed the change")))
        }
        Notice::Conflict { offer, .. } => {
            let who = who(state, names, *offer);
            ("alert", Some(format!("something speaks against {who}")))
        }
        Notice::Message { .. } | Notice::MessageOffice { .. } => ("message", None),
        Notice::Comment { .. } => ("mail", Some("what was said along with an answer".into())),
        Notice::Released { .. } => ("mail", Some("no longer bound to the sail".into())),
        Notice::Assigned { .. } => ("mail", Some("the office put them aboard".into())),
        Notice::Cancelled { .. } | Notice::CancelledOffice => ("mail", Some("the charter is off".into())),
        Notice::Undeliverable { offer } => {
            ("alert", Some(format!("{} did not arrive", whose(state, names, *offer))))
        }
    };
    match about {
        None => format!("{what} to {to}"),
        Some(about) => format!("{what} to {to} ({about})"),
    }
}

fn who<'a>(state: &'a CharterState, names: &'a Names, no: OfferNo) -> &'a str {
    state.offer(no).map_or("somebody", |offer| names.get(&offer.crew_id))
}

fn whose(state: &CharterState, names: &Names, no: OfferNo) -> String {
    state
        .offer(no)
        .map_or_else(|| format!("{no:?}"), |offer| format!("{}'s offer", names.get(&offer.crew_id)))
}

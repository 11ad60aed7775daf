//! What happened, in sentences: the same ones on the command line and on the pages.

pub mod changes;
mod concerns;
mod facts;
pub mod figures;
mod mails;
mod pay;
mod preview;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use crewcall_dispatch::cascade::{
    Actor, AuditEvent, CallStatus, CharterState, Fact, Offer, OfferState, PlannedAsk, PlannedEnd,
};
use crewcall_dispatch::eligibility::Reason;
use crewcall_dispatch::model::{CrewId, text};
use crewcall_dispatch::policy::{Place, Policy};
use jiff::tz::TimeZone;

pub use concerns::{concern, concerns};
pub use facts::{clause, fact, said};
pub use mails::notice;
pub use pay::{offered, owed};
pub use preview::at_once;
pub use steps::step;

use crate::plain::without_secrets;
use crate::times;

/// Names that one sentence lists before it counts the rest.
const NAMES_SHOWN: usize = 8;

/// What people are called. Who is unknown, or has left the roster, goes by the id.
#[derive(Debug, Clone, Default)]
pub struct Names(BTreeMap<CrewId, String>);

impl FromIterator<(CrewId, String)> for Names {
    fn from_iter<I: IntoIterator<Item = (CrewId, String)>>(named: I) -> Self {
        Self(named.into_iter().collect())
    }
}

impl Extend<(CrewId, String)> for Names {
    fn extend<I: IntoIterator<Item = (CrewId, String)>>(&mut self, named: I) {
        self.0.extend(named);
    }
}

impl IntoIterator for Names {
    type Item = (CrewId, String);
    type IntoIter = std::collections::btree_map::IntoIter<CrewId, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Names {
    /// The person's name, or the id.
    pub fn get<'a>(&'a self, id: &'a CrewId) -> &'a str {
        self.0.get(id).map_or(id.as_str(), String::as_str)
    }

    /// Several names: `Dana Reyes, Kim Ono and 3 more`.
    pub fn list<'a>(&self, ids: impl IntoIterator<Item = &'a CrewId>) -> String {
        listed(ids.into_iter().map(|id| self.get(id).to_owned()).collect())
    }
}

/// Everyone whose name a sentence about these events may need.
pub fn people(state: &CharterState, events: &[AuditEvent]) -> Vec<CrewId> {
    let mut ids: BTreeSet<&CrewId> = state.offers.iter().map(|offer| &offer.crew_id).collect();
    for event in events {
        if let Actor::Crew(id) = &event.by {
            ids.insert(id);
        }
        match &event.fact {
            Fact::CallStarted { orders, .. } => {
                for ranking in orders {
                    ids.extend(ranking.ranked.iter().take(NAMES_SHOWN));
                }
            }
            Fact::PeopleLeftOut { skipped, .. } => {
                ids.extend(skipped.iter().take(NAMES_SHOWN).map(|skipped| &skipped.crew_id));
            }
            Fact::CharterChanged { orders, .. } => {
                for ranking in orders {
                    ids.extend(ranking.ranked.iter().take(NAMES_SHOWN));
                }
            }
            Fact::Reordered { ranked, .. } => ids.extend(ranked.iter().take(NAMES_SHOWN)),
            Fact::CrewPaired { paired: some, .. } | Fact::CascadeWaits { waiting_for: some, .. } => {
                ids.extend(some);
            }
            Fact::PersonSkipped { skipped, .. } => {
                ids.insert(&skipped.crew_id);
            }
            Fact::FiguresRecorded { figures, was } => {
                ids.extend(figures.hours_of.keys().chain(was.hours_of.keys()));
            }
            Fact::GateOverridden { crew_id, .. } => ids.extend(crew_id),
            _ => {}
        }
    }
    ids.into_iter().cloned().collect()
}

/// What people wrote, as it is kept: several lines of plain text, and no secret half of a link, which people paste
/// with the mail that they answer.
///
/// # Errors
/// As [`text`].
pub fn written(words: &str, max: usize) -> Result<String, String> {
    text(&without_secrets(words), max)
}

/// The boat, and that the settings have no rules for it, where they have some for others: its name may be misspelt.
pub fn vessel(name: &str, policy: &Policy) -> String {
    if policy.vessels.is_empty() || policy.vessel(name).is_some() {
        return name.to_owned();
    }
    let known = policy.vessels.iter().map(|vessel| vessel.name.as_str()).collect::<Vec<_>>().join(", ");
    format!("{name}, for which the settings have no rules (they have for {known})")
}

/// How a call stands.
pub fn status(status: CallStatus) -> &'static str {
    match status {
        CallStatus::Draft => "not started",
        CallStatus::Running => "asking",
        CallStatus::Paused => "paused",
        CallStatus::Filled => "crewed",
        CallStatus::Exhausted => "needs you",
        CallStatus::Cancelled => "cancelled",
    }
}

/// How an offer stands, seen from the person who was asked.
pub fn answer(offer: &Offer, state: &CharterState) -> &'static str {
    match offer.state {
        OfferState::Accepted if state.cancelled_at.is_some() => "was aboard",
        OfferState::Reconfirming if state.cancelled_at.is_some() => "was aboard",
        OfferState::Reconfirming => "aboard, asked to confirm the change",
        OfferState::DroppedOut if state.cancelled_at.is_some() => "had dropped out",
        OfferState::DroppedOut => "dropped out, responsible until somebody else has the seat",
        OfferState::Released if offer.no_show => "did not come",
        OfferState::Released if offer.dropped_out => "dropped out, released",
        OfferState::Released => "released",
        OfferState::Queued => "mail on its way",
        OfferState::Sent => "asked, no answer yet",
        OfferState::Accepted => "aboard",
        OfferState::Declined if offer.stands_by => "said no, stands by after all",
        OfferState::Declined => "said no",
        OfferState::Expired if offer.stands_by => "was too late, stands by",
        OfferState::Expired => "did not answer in time",
        OfferState::Rescinded if offer.stands_by => "was too late, stands by",
        OfferState::Rescinded => "taken back",
        OfferState::Undeliverable => "mail could not be delivered",
    }
}

/// Who: a name, `office (kim)`, or `crewcall` itself.
pub fn actor(by: &Actor, names: &Names) -> String {
    match by {
        Actor::Crewcall => "crewcall".into(),
        Actor::Office(name) => format!("office ({name})"),
        Actor::Crew(id) => names.get(id).to_owned(),
    }
}

/// When nobody is left to ask, as a sentence.
pub fn planned_end(end: &PlannedEnd, zone: &TimeZone) -> String {
    let PlannedEnd { position, at, departed, unconfirmed } = end;
    let at = times::full(*at, zone);
    if *departed && *unconfirmed {
        format!("The sail leaves with a {position} who has not confirmed the change: {at}.")
    } else if *departed {
        format!("The sail leaves without a {position}: {at}.")
    } else {
        format!("Nobody is left to ask for {position} from {at} on.")
    }
}

/// Why somebody has their turn.
pub fn place(ask: &PlannedAsk) -> String {
    let place = match ask.place {
        // Nobody waits for an answer of theirs.
        None if ask.reply_by.is_none() => "stands by, and has the seat then".into(),
        None => "out of turn".into(),
        Some(Place::UsualCrew) => "the captain's usual crew".into(),
        Some(Place::CascadeOrder { place }) => format!("no. {place} of the list, by cascade order"),
        Some(Place::LastSail { last: None }) => "no sail on record".into(),
        Some(Place::LastSail { last: Some(date) }) => format!("last sail on {}", date.strftime("%-d %b %Y")),
        Some(Place::FewestSails { sails: 1 }) => "1 other sail in the month".into(),
        Some(Place::FewestSails { sails }) => format!("{sails} other sails in the month"),
        Some(Place::Office) => "as the office ordered".into(),
    };
    if ask.behind.is_empty() {
        return place;
    }
    let sails: Vec<String> = ask.behind.iter().map(ToString::to_string).collect();
    format!("{place}; others go first while an offer for {} is open", listed(sails))
}

/// What speaks against somebody, in one clause.
pub fn reasons(reasons: &[Reason], names: &Names) -> String {
    reasons.iter().map(|one| reason(one, names)).collect::<Vec<_>>().join(", ")
}

/// One of them.
pub fn reason(reason: &Reason, names: &Names) -> String {
    match reason {
        Reason::DoNotPair { with } => format!("not to sail with {}", names.get(with)),
        other => other.to_string(),
    }
}

fn listed(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMES_SHOWN);
    names.truncate(NAMES_SHOWN);
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

#[cfg(test)]
mod tests;

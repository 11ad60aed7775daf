//! The conversation of a charter.

use jiff::SignedDuration;

use super::Rejection;
use crate::cascade::Stop;
use crate::cascade::deciding::Deciding;
use crate::cascade::event::Actor;
use crate::cascade::fact::Fact;
use crate::limits;

/// Whoever is aboard and the office write to all the others.
pub(super) fn post(deciding: &mut Deciding<'_>, text: &str) -> Result<(), Stop> {
    if deciding.state.cancelled_at.is_some() {
        return Err(Rejection::ThreadClosed.into());
    }
    if !deciding.state.thread_is_open(deciding.context.now) {
        return Err(Rejection::ThreadOver.into());
    }
    let aboard = deciding.state.aboard();
    match &deciding.context.by {
        Actor::Crew(id) if !aboard.iter().any(|offer| offer.crew_id == *id) => {
            return Err(Rejection::NotInThread.into());
        }
        Actor::Office(_) if aboard.is_empty() => return Err(Rejection::NobodyAboard.into()),
        _ => {}
    }
    let an_hour_ago = deciding.context.now - SignedDuration::from_hours(1);
    let lately = deciding.state.posted_at.iter().filter(|at| **at > an_hour_ago).count();
    // Whoever of the crew writes without end does not keep the office from telling them all that a storm comes.
    if lately >= limits::MESSAGES_PER_HOUR && matches!(deciding.context.by, Actor::Crew(_)) {
        return Err(Rejection::TooManyMessages.into());
    }
    deciding.record(Fact::MessagePosted { text: text.to_owned() })
}

/// The office writes something down for itself.
pub(super) fn note(deciding: &mut Deciding<'_>, text: &str) -> Result<(), Stop> {
    let Actor::Office(_) = deciding.context.by else { return Err(Rejection::OfficeOnly.into()) };
    deciding.record(Fact::NoteWritten { text: text.to_owned() })
}

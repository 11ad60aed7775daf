//! The cascade: the ranked asking that crews one charter.
//!
//! [`decide`] takes a charter as it stands, the people it may need, a command and the time, and
//! returns what follows: the new state, the audit events, the mails to send, the changed
//! commitments and links. It does nothing by itself. The caller commits all of it, or none.
//!
//! Every decision runs the same way:
//!
//! 1. the command records its facts, or is rejected with a sentence;
//! 2. [`settle`] does whatever is due: it lets unanswered offers lapse, asks the next person
//!    for every open seat, and notices that the call is filled or that nobody is left.
//!
//! So a deadline is only a hint to look: the same facts follow however early, late or often the
//! look is taken. A fact is applied to the state at the moment it is recorded
//! ([`CharterState::apply`]), hence replaying the facts gives the state; and what a fact entails
//! outside of the charter is said in one exhaustive match (`deciding::entail`).
//!
//! A decision may need to know people that the caller did not bring. Then it stops with
//! [`Stop::Need`]; the caller brings them and asks again.

mod apply;
mod command;
mod concern;
mod deciding;
mod event;
mod fact;
mod judging;
mod notice;
mod page;
mod people;
mod plan;
mod queue;
mod seating;
mod settle;
mod start;
mod state;
mod why;

pub use command::{Command, Rejection};
pub use concern::Concern;
pub use deciding::{Context, Decision, Posting};
pub use event::{Actor, AuditEvent};
pub use fact::Fact;
pub use notice::Notice;
pub use page::OfferPage;
pub use people::{Need, People};
pub use plan::{Plan, PlannedAsk, PlannedEnd, PlannedSkip, Preview, plan, preview};
pub use state::{Call, CallStatus, Cascade, CharterState, Offer, OfferNo, OfferState};
pub use why::{ReleaseReason, RescindReason, Skipped};

use crate::model::Charter;
use deciding::Deciding;

/// Why there is no decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Bring these people and ask again.
    Need(Need),
    /// The command cannot be done; nothing changes.
    Rejected(Rejection),
}

impl From<Need> for Stop {
    fn from(need: Need) -> Self {
        Self::Need(need)
    }
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// Decides what follows from `command`.
///
/// A command that was already carried out gives a decision without events: there is nothing to
/// commit, and the answer is the same as the first time.
///
/// # Errors
/// [`Stop::Need`] when people are missing, [`Stop::Rejected`] when the command cannot be done.
pub fn decide(
    state: &CharterState,
    people: &People,
    command: &Command,
    context: &Context<'_>,
) -> Result<Decision, Stop> {
    let mut deciding = Deciding::new(state.clone(), people, context);
    command::carry_out(&mut deciding, command)?;
    deciding.keep_comment()?;
    settle::settle(&mut deciding)?;
    Ok(deciding.finish())
}

/// Takes a booked charter in.
///
/// # Errors
/// [`Rejection::Departed`] for a sail that has left already.
pub fn book(charter: Charter, context: &Context<'_>) -> Result<Decision, Rejection> {
    if charter.departs_at <= context.now {
        return Err(Rejection::Departed);
    }
    let people = People::default();
    let state = CharterState::booked(charter.clone());
    Ok(Deciding::booking(state, Fact::CharterBooked { charter }, &people, context).finish())
}

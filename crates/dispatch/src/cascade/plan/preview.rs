//! What a command would change, before it is given.

use super::rehearsal::Rehearsal;
use super::{Plan, comes};
use crate::cascade::event::AuditEvent;
use crate::cascade::fact::Fact;
use crate::cascade::state::{CharterState, Offer, OfferNo, OfferState};
use crate::cascade::{Command, Context, Notice, People, Rejection, Stop};
use crate::model::{CharterId, CrewId};

/// What a command would change, before it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The charter after the command, and after what is mailed because of it.
    pub state: CharterState,
    /// What happens at once, if the mails that it writes are handed over at this moment.
    pub events: Vec<AuditEvent>,
    /// What is mailed because of it, beside the office's copies of offers.
    pub mails: Vec<Notice>,
    /// Other charters that are looked at again because of it.
    pub nudges: Vec<CharterId>,
    /// What comes without it, or why nothing can.
    pub before: Result<Plan, Rejection>,
    /// What comes with it, or why nothing can.
    pub after: Result<Plan, Rejection>,
}

impl Preview {
    /// Everyone whom either plan names; some more than once.
    pub fn people(&self) -> impl Iterator<Item = &CrewId> {
        [&self.before, &self.after].into_iter().flatten().flat_map(Plan::people)
    }
}

/// Rehearses a call twice: as it stands, and with a command given first. Where everyone was asked, it is not taken to
/// begin anew.
///
/// # Errors
/// [`Stop::Need`] when people are missing, [`Stop::Rejected`] when the command cannot be done.
pub fn preview(
    state: &CharterState,
    people: &People,
    command: &Command,
    context: &Context<'_>,
) -> Result<Preview, Stop> {
    let mut given = Rehearsal::of(state, people, context);
    given.give(command)?;
    // It is said along with the command, and with nothing that follows.
    given.context.comment = None;
    let planned = |state: &CharterState, people: &People| match comes(state, people, context, false) {
        Ok(plan) => Ok(Ok(plan)),
        Err(Stop::Rejected(rejection)) => Ok(Err(rejection)),
        Err(Stop::Need(need)) => Err(need),
    };
    let before = planned(state, people)?;
    let after = planned(&given.state, &given.people)?;
    let (revision, nudges) = (given.state.revision, given.nudges.clone());
    let mails = given.mails.clone();
    given.hand_over()?;
    // The office's copy goes along with every offer; and what is not true any more is not sent.
    let hand_over = given.mails.split_off(mails.len());
    let hand_over = hand_over.into_iter().filter(|mail| !matches!(mail, Notice::OfferCopy { .. }));
    let sent = |mail: &Notice| match mail {
        Notice::Offer { offer } => {
            given.state.offer(*offer).is_some_and(|offer| offer.handed_over_at.is_some())
        }
        mail => mail.outdated(&given.state).is_none(),
    };
    let mails = mails.into_iter().chain(hand_over).filter(sent).collect();
    // A mail that waits already is no consequence.
    let waited = |no: OfferNo| {
        let waits = |offer: &Offer| match offer.state {
            OfferState::Queued => true,
            OfferState::Reconfirming => offer.reply_by.is_none() && state.revision == revision,
            _ => false,
        };
        state.offer(no).is_some_and(waits)
    };
    given.events.retain(|event| match &event.fact {
        Fact::OfferSent { offer, .. } | Fact::ReconfirmSent { offer, .. } => !waited(*offer),
        _ => true,
    });
    Ok(Preview { state: given.state, events: given.events, mails, nudges, before, after })
}

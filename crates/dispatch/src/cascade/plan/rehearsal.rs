//! A copy of a call on which things are tried, by the real rules.

use crate::cascade::event::AuditEvent;
use crate::cascade::state::{CharterState, OfferState};
use crate::cascade::{Command, Context, Notice, People, Stop, decide};
use crate::limits;
use crate::model::CharterId;

/// A copy of a call on which things are tried.
#[derive(Clone)]
pub(super) struct Rehearsal<'a> {
    pub(super) state: CharterState,
    pub(super) people: People,
    pub(super) context: Context<'a>,
    pub(super) events: Vec<AuditEvent>,
    pub(super) mails: Vec<Notice>,
    pub(super) nudges: Vec<CharterId>,
}

impl<'a> Rehearsal<'a> {
    pub(super) fn of(state: &CharterState, people: &People, context: &Context<'a>) -> Self {
        // That the pages are down just now says nothing of the coming days.
        let context = Context { can_answer: true, ..context.clone() };
        let (events, mails, nudges) = (Vec::new(), Vec::new(), Vec::new());
        Self { state: state.clone(), people: people.clone(), context, events, mails, nudges }
    }

    pub(super) fn give(&mut self, command: &Command) -> Result<(), Stop> {
        let decision = decide(&self.state, &self.people, command, &self.context)?;
        self.state = decision.state;
        self.events.extend(decision.events);
        self.mails.extend(decision.mails.into_iter().map(|mail| mail.notice));
        self.nudges.extend(decision.nudges);
        for commitments in decision.commitments {
            self.people.insert_commitments(commitments);
        }
        Ok(())
    }

    /// Every offer that waits for it is handed over at this moment.
    pub(super) fn hand_over(&mut self) -> Result<(), Stop> {
        let queued = |state: &CharterState| {
            state.offers.iter().find(|offer| offer.state == OfferState::Queued).map(|offer| offer.no)
        };
        while let Some(offer) = queued(&self.state) {
            self.give(&Command::MailSent { notice: Notice::Offer { offer }, ambiguous: false })?;
        }
        let revision = self.state.revision;
        let waiting = self.state.reconfirming().filter(|offer| offer.reply_by.is_none());
        for offer in waiting.map(|offer| offer.no).collect::<Vec<_>>() {
            self.give(&Command::MailSent { notice: Notice::Changed { offer, revision }, ambiguous: false })?;
        }
        Ok(())
    }

    /// Lets one deadline after the other come, until the call is at its end.
    pub(super) fn nobody_answers(&mut self) -> Result<(), Stop> {
        self.hand_over()?;
        // Each deadline ends an offer at least, or the call.
        for _ in 0..=limits::OFFERS {
            let Some(next) = self.state.next_deadline() else { break };
            self.context.now = self.context.now.max(next);
            self.give(&Command::Settle)?;
            self.hand_over()?;
        }
        Ok(())
    }
}

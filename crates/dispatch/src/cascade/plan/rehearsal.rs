//! A copy of a call on which things are tried, by the real rules.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::cascade::event::AuditEvent;
use crate::cascade::state::{Cascade, CharterState, OfferState};
use crate::cascade::{Command, Context, Notice, People, Stop, decide};
use crate::commitments::CommitmentKind;
use crate::limits;
use crate::model::{CharterId, CrewId};

/// A copy of a call on which things are tried.
#[derive(Clone)]
pub(super) struct Rehearsal<'a> {
    pub(super) state: CharterState,
    pub(super) people: People,
    pub(super) context: Context<'a>,
    pub(super) events: Vec<AuditEvent>,
    pub(super) mails: Vec<Notice>,
    pub(super) nudges: Vec<CharterId>,
    /// Whom other charters ask, each with the time at which that ends; the last first.
    pub(super) asked_elsewhere: Vec<(Timestamp, CrewId, CharterId)>,
}

impl<'a> Rehearsal<'a> {
    pub(super) fn of(state: &CharterState, people: &People, context: &Context<'a>) -> Self {
        // That the pages are down just now says nothing of the coming days.
        let context = Context { can_answer: true, ..context.clone() };
        let (events, mails, nudges) = (Vec::new(), Vec::new(), Vec::new());
        let asked_elsewhere = Vec::new();
        Self { state: state.clone(), people: people.clone(), context, events, mails, nudges, asked_elsewhere }
    }

    /// From here on nobody answers other charters either: whoever has their turn here is free once the offer that they
    /// have there is over. Whom those charters ask then is not looked at.
    pub(super) fn nobody_answers_elsewhere(&mut self, people: &People) -> Result<(), Stop> {
        let Context { now, policy, .. } = self.context;
        let charter = &self.state.charter;
        let mut asked = BTreeSet::new();
        for id in self.state.call.iter().flat_map(|call| &call.cascades).flat_map(Cascade::order) {
            let theirs = people.commitments(id)?;
            let (from, until) = (charter.call_time, charter.returns_at);
            let near = theirs.overlapping(&charter.charter_id, from, until, policy);
            let near = near.filter(|entry| entry.kind == CommitmentKind::Asked);
            asked.extend(near.map(|entry| (id.clone(), entry.charter_id.clone())));
        }
        let charters = people.charters(asked.iter().map(|(_, charter)| charter))?;
        for (id, charter) in &asked {
            let offer = charters.get(charter).and_then(|state| state.in_force(id));
            // A mail that is on its way there is handed over at this moment, too.
            let until = offer.and_then(|offer| offer.closes_at).unwrap_or(now + policy.response_window);
            self.asked_elsewhere.push((until, id.clone(), charter.clone()));
        }
        self.asked_elsewhere.sort_by(|a, b| b.cmp(a));
        Ok(())
    }

    fn is_free_again(&mut self, id: &CrewId, charter: &CharterId) -> Result<(), Stop> {
        let mut commitments = self.people.commitments(id)?.clone();
        commitments.release(charter);
        self.people.insert_commitments(commitments);
        Ok(())
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
        for _ in 0..=limits::OFFERS + self.asked_elsewhere.len() {
            let departs_at = self.state.charter.departs_at;
            let elsewhere =
                self.asked_elsewhere.last().map(|(until, ..)| *until).filter(|at| *at < departs_at);
            let Some(mut next) = self.state.next_deadline().into_iter().chain(elsewhere).min() else { break };
            while let Some((until, id, charter)) = self.asked_elsewhere.pop_if(|(until, ..)| *until <= next) {
                next = until;
                self.is_free_again(&id, &charter)?;
            }
            self.context.now = self.context.now.max(next);
            self.give(&Command::Settle)?;
            self.hand_over()?;
        }
        Ok(())
    }
}

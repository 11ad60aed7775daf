//! What each fact entails outside of the charter's own state: mails, links, commitments.
//!
//! It stands below [`Deciding`], whose mails and links are closed to the steps of a decision: a step
//! records facts, and what goes out because of them is said here alone.

use super::{Context, Deciding, Posting};
use crate::cascade::Stop;
use crate::cascade::event::{Actor, AuditEvent};
use crate::cascade::fact::Fact;
use crate::cascade::notice::Notice;
use crate::cascade::state::{Offer, OfferNo, OfferState};
use crate::cascade::why::{ReleaseReason, RescindReason};
use crate::commitments::{Commitment, CommitmentKind, Refused};
use crate::limits;
use crate::model::{CharterId, CrewId, Email};

impl Deciding<'_> {
    /// Exhaustive, so that a new fact has to say what it entails, even if that is nothing.
    pub(super) fn entail(&mut self, fact: &Fact) -> Result<(), Stop> {
        match fact {
            Fact::CharterBooked { .. }
            | Fact::CallStarted { .. }
            | Fact::GateOverridden { .. }
            | Fact::CallPaused
            | Fact::CallResumed
            | Fact::CallStopped
            | Fact::Reordered { .. }
            | Fact::PeopleLeftOut { .. }
            | Fact::CrewPaired { .. }
            | Fact::PersonSkipped { .. }
            | Fact::ConflictOver { .. }
            | Fact::ConflictSettled { .. }
            | Fact::NoteWritten { .. }
            | Fact::FiguresRecorded { .. }
            | Fact::Commented { .. }
            | Fact::StandsByNoMore { why: None, .. } => {}
            Fact::StandsByNoMore { offer, why: Some(why) } => {
                self.post(Notice::Rescinded { offer: *offer, why: *why })
            }
            Fact::MessagePosted { .. } => self.pass_on(),
            Fact::StandsBy { offer, tell_office } => {
                if *tell_office {
                    self.post(Notice::Standby { offer: *offer });
                }
            }
            Fact::MailDropped { notice, tell_office, why, email } => {
                if let (Some(email), Some(to)) = (email, notice.recipient(&self.state).cloned()) {
                    self.mark(&to, email, why)?;
                }
                if let (true, Some(to)) = (*tell_office, notice.recipient(&self.state).cloned()) {
                    self.post(Notice::NotTold { to });
                }
            }
            Fact::MailSent { notice, .. } => match notice {
                Notice::Offer { offer } => self.take_back_mail(*offer),
                Notice::Changed { offer, revision } => self.take_back_question(*offer, *revision),
                _ => {}
            },
            Fact::CharterRestored | Fact::SeatChanged { .. } => {}
            Fact::CharterChanged { material, .. } => {
                if *material {
                    self.ask_to_confirm()?;
                }
            }
            Fact::ReconfirmAsked { offer, .. }
            | Fact::ReconfirmSent { offer, .. }
            | Fact::Reconfirmed { offer, .. } => {
                self.changed_links.insert(*offer);
            }
            Fact::AsAgreed { offer, was_asked } => {
                self.changed_links.insert(*offer);
                if *was_asked {
                    self.post(Notice::AsAgreed { offer: *offer, revision: self.state.revision });
                }
            }
            Fact::Unconfirmed { offer } => {
                self.changed_links.insert(*offer);
                self.post(Notice::Unconfirmed { offer: *offer });
            }
            Fact::ConflictFound { offer, .. } => {
                self.post(Notice::Conflict { offer: *offer });
            }
            Fact::CascadeWaits { waiting_for, .. } => {
                for id in waiting_for {
                    let charter_id = self.state.charter.charter_id.clone();
                    self.commitments_of(id)?.wait(&charter_id);
                }
            }
            Fact::OfferMade { offer, crew_id, .. } => {
                self.new_links.insert(*offer);
                // Asked anew for the same hours they have the same commitments; their record may be another one.
                self.relies_on(crew_id);
                self.commitments_of(crew_id)?.refused = None;
                self.commit(crew_id, CommitmentKind::Asked)?;
                self.post(Notice::Offer { offer: *offer });
            }
            Fact::OfferSent { offer, .. } => {
                self.changed_links.insert(*offer);
                self.post(Notice::OfferCopy { offer: *offer });
            }
            Fact::Assigned { offer, crew_id, .. } => {
                self.new_links.insert(*offer);
                self.commit(crew_id, CommitmentKind::Assigned)?;
                self.post(Notice::Assigned { offer: *offer });
            }
            // They know: they were there.
            Fact::TurnedUp { offer, crew_id, .. } => {
                self.new_links.insert(*offer);
                self.commit(crew_id, CommitmentKind::Assigned)?;
            }
            Fact::AskedAboard { offer, .. } => {
                self.changed_links.insert(*offer);
                let crew_id = self.offer(*offer).crew_id.clone();
                self.commit(&crew_id, CommitmentKind::Assigned)?;
                self.post(Notice::Assigned { offer: *offer });
            }
            Fact::OfferExtended { offer, .. } | Fact::OfferProlonged { offer, .. } => {
                self.changed_links.insert(*offer);
            }
            Fact::OfferAccepted { offer } => {
                self.changed_links.insert(*offer);
                let crew_id = self.offer(*offer).crew_id.clone();
                if self.context.by == Actor::Crew(crew_id.clone()) {
                    // Their mail arrived.
                    self.commitments_of(&crew_id)?.refused = None;
                }
                self.commit(&crew_id, CommitmentKind::Assigned)?;
            }
            Fact::AcceptUndone { offer } => {
                self.changed_links.insert(*offer);
                let crew_id = self.offer(*offer).crew_id.clone();
                self.commit(&crew_id, CommitmentKind::Asked)?;
                // Their calendar may have it, and the link could be in other hands.
                self.note(*offer);
                self.hold_crew(*offer);
            }
            Fact::OfferDeclined { offer, was_aboard, tell_office } => {
                self.changed_links.insert(*offer);
                self.close(*offer)?;
                if *tell_office {
                    self.post(Notice::DroppedOut { offer: *offer });
                }
                if *was_aboard {
                    self.note(*offer);
                    // Whoever had taken the yes back before that has told the crew by it.
                    let undone = |event: &AuditEvent| event.fact == Fact::AcceptUndone { offer: *offer };
                    if !self.events.iter().any(undone) {
                        self.hold_crew(*offer);
                    }
                }
            }
            Fact::OfferExpired { offer } => self.close(*offer)?,
            Fact::DroppedOut { offer, tell_office } => {
                self.changed_links.insert(*offer);
                if *tell_office {
                    self.post(Notice::DroppedOut { offer: *offer });
                }
                self.rebind(*offer, CommitmentKind::Leaving)?;
                // Whoever says so themselves hears once they are free: until somebody else has the seat, they answer
                // for it.
                if self.context.by != Actor::Crew(self.offer(*offer).crew_id.clone()) {
                    self.note(*offer);
                }
                self.hold_crew(*offer);
            }
            Fact::CameBack { offer } => {
                self.changed_links.insert(*offer);
                self.rebind(*offer, CommitmentKind::Assigned)?;
            }
            Fact::Released { offer, why } => {
                if matches!(why, ReleaseReason::NoShow { .. }) {
                    self.never_sailed(*offer)?;
                }
                self.close(*offer)?;
                // The boat has left with whoever came, and nobody can do anything about it any more; unless it has
                // not, and leaves later than was planned.
                let left = self.context.now >= self.state.charter.departs_at;
                let afterwards = left && *why != ReleaseReason::CharterChanged;
                if !afterwards {
                    // Who is free as soon as they press the button knows that nobody let them go.
                    match why {
                        ReleaseReason::Free => self.note(*offer),
                        _ => self.post(Notice::Released { offer: *offer }),
                    }
                }
                if !self.offer(*offer).dropped_out && !afterwards {
                    self.hold_crew(*offer);
                }
            }
            Fact::OfferRescinded { offer, why } => {
                self.close(*offer)?;
                // A cancellation tells everyone by itself, and who never got the mail needs no second one.
                let was_sent = self.has_a_mail(*offer);
                if was_sent && *why != RescindReason::CharterCancelled {
                    self.post(Notice::Rescinded { offer: *offer, why: *why });
                }
            }
            Fact::OfferUndeliverable { offer, error, email } => {
                self.close(*offer)?;
                if let Some(email) = email {
                    let crew_id = self.offer(*offer).crew_id.clone();
                    self.mark(&crew_id, email, error)?;
                }
                // Unless it is the office that says so.
                if !matches!(self.context.by, Actor::Office(_)) {
                    self.post(Notice::Undeliverable { offer: *offer });
                }
            }
            Fact::MailReturned { offer, error, email } => {
                let crew_id = self.offer(*offer).crew_id.clone();
                self.mark(&crew_id, email, error)?;
            }
            Fact::CallFilled => {
                for to in self.everyone_aboard() {
                    self.post(Notice::CrewList { to });
                }
                self.post(Notice::CrewListOffice);
            }
            Fact::CallReopened { offer } => {
                // Whoever still sails holds a list that is wrong now; so does the office.
                self.tell_crew(*offer);
                let told = |mail: &Posting| mail.notice == Notice::DroppedOut { offer: *offer };
                if !self.mails.iter().any(told) {
                    self.post(Notice::ReopenedOffice { offer: *offer });
                }
            }
            Fact::CallExhausted { .. } => self.post(Notice::Exhausted),
            Fact::CallUrgent { position } => self.post(Notice::Urgent { position: position.clone() }),
            Fact::PositionExhausted { position } => {
                self.post(Notice::PositionExhausted { position: position.clone() });
            }
            Fact::CharterCancelled => {
                let leaving = self.state.offers.iter().filter(|offer| offer.state == OfferState::DroppedOut);
                let leaving = leaving.map(|offer| offer.crew_id.clone());
                let bound: Vec<CrewId> = self.everyone_aboard().into_iter().chain(leaving).collect();
                for to in &bound {
                    self.release(to)?;
                }
                let mut told = bound;
                told.extend(self.told_of_rescinding());
                let waiting = self.state.standing_by().take(limits::STANDBYS_TOLD);
                told.extend(waiting.map(|offer| offer.crew_id.clone()));
                for to in told {
                    self.post(Notice::Cancelled { to });
                }
                self.post(Notice::CancelledOffice);
            }
        }
        Ok(())
    }

    /// Whoever is aboard is bound to the sail as it is now, and asked whether they still come.
    fn ask_to_confirm(&mut self) -> Result<(), Stop> {
        // Nobody is bound to what is off, whatever they were asked before.
        if self.state.cancelled_at.is_some() {
            return Ok(());
        }
        let revision = self.state.revision;
        let aboard = self.state.reconfirming().map(|offer| (offer.no, offer.crew_id.clone()));
        for (offer, crew_id) in aboard.collect::<Vec<_>>() {
            self.commit(&crew_id, CommitmentKind::Assigned)?;
            self.post(Notice::Changed { offer, revision });
        }
        Ok(())
    }

    /// A message goes to everyone aboard and to the office, but not to who wrote it.
    fn pass_on(&mut self) {
        let (seq, by) = (self.state.facts, self.context.by.clone());
        for to in self.everyone_aboard() {
            if by != Actor::Crew(to.clone()) {
                self.post(Notice::Message { seq, to });
            }
        }
        if let Actor::Crew(_) = by {
            self.post(Notice::MessageOffice { seq });
        }
    }

    /// Somebody of the crew said something along with the fact that was recorded last: the office hears of it.
    pub(super) fn commented(&mut self) {
        let seq = self.state.facts;
        if let Actor::Crew(_) = self.context.by {
            self.post(Notice::Comment { seq });
        }
    }

    fn everyone_aboard(&self) -> Vec<CrewId> {
        self.state.aboard().iter().map(|offer| offer.crew_id.clone()).collect()
    }

    /// The crew that was found before all were has no list yet, but was told who their captain is.
    fn hold_crew(&mut self, no: OfferNo) {
        let filled = self.state.call.as_ref().is_some_and(|call| call.filled_at.is_some());
        if !filled && self.offer(no).seat.position.is_captain() {
            self.tell_crew(no);
        }
    }

    /// The person got the mail of this offer, or of an earlier one that was taken back: the mail that says so may
    /// have been dropped because of this offer.
    fn has_a_mail(&self, no: OfferNo) -> bool {
        let offer = self.offer(no);
        let earlier = |other: &Offer| {
            other.crew_id == offer.crew_id
                && other.no < no
                && other.state == OfferState::Rescinded
                && other.handed_over_at.is_some()
        };
        offer.handed_over_at.is_some() || self.state.offers.iter().any(earlier)
    }

    /// Somebody who was aboard hears that they are not, or cannot sail; once, though several facts say so.
    fn note(&mut self, offer: OfferNo) {
        let notice = Notice::Noted { offer };
        if !self.mails.iter().any(|mail| mail.notice == notice) {
            self.post(notice);
        }
    }

    fn tell_crew(&mut self, offer: OfferNo) {
        for to in self.everyone_aboard() {
            self.post(Notice::Reopened { offer, to });
        }
    }

    /// A mail arrived whose offer was taken back while it was on its way: its reader has to know.
    fn take_back_mail(&mut self, no: OfferNo) {
        let offer = self.offer(no);
        if offer.state != OfferState::Rescinded {
            return;
        }
        let to = offer.crew_id.clone();
        let why = offer.rescinded.unwrap_or(RescindReason::CaptainWithdrew);
        let called_off = self.state.cancelled_at.is_some() || why == RescindReason::CharterCancelled;
        self.post(if called_off { Notice::Cancelled { to } } else { Notice::Rescinded { offer: no, why } });
    }

    /// A question arrived whether somebody still sails, after what it asks about was changed back: its reader has to
    /// know. Whoever is asked anew is told by that.
    fn take_back_question(&mut self, no: OfferNo, asked: u32) {
        let revision = self.state.revision;
        let offer = self.offer(no);
        // Who has confirmed what it is now cannot take that back.
        if offer.state == OfferState::Accepted && !offer.undone && asked != revision {
            self.post(Notice::AsAgreed { offer: no, revision });
        }
    }

    /// Those whose offer this very decision took back after its mail had gone out.
    fn told_of_rescinding(&self) -> Vec<CrewId> {
        let rescinded = self.events.iter().filter_map(|event| match event.fact {
            Fact::OfferRescinded { offer, .. } => Some(self.offer(offer)),
            _ => None,
        });
        rescinded.filter(|offer| self.has_a_mail(offer.no)).map(|offer| offer.crew_id.clone()).collect()
    }

    /// Its link keeps the record it has: that says when the time is over and whether it was used, and the
    /// charter says the rest.
    fn close(&mut self, offer: OfferNo) -> Result<(), Stop> {
        let crew_id = self.offer(offer).crew_id.clone();
        self.release(&crew_id)
    }

    fn commit(&mut self, crew_id: &CrewId, kind: CommitmentKind) -> Result<(), Stop> {
        let charter = &self.state.charter;
        let entry = Commitment {
            charter_id: charter.charter_id.clone(),
            kind,
            from: charter.call_time,
            until: charter.returns_at,
        };
        let Context { now, policy, zone, .. } = *self.context;
        let commitments = self.commitments_of(crew_id)?;
        let overlapping = commitments.overlapping(&entry.charter_id, entry.from, entry.until, policy);
        let asking = overlapping.filter(|other| other.kind == CommitmentKind::Asked);
        let asking: Vec<CharterId> = asking.map(|other| other.charter_id.clone()).collect();
        let own = entry.charter_id.clone();
        let moves = commitments.entries.iter().find(|known| known.charter_id == own);
        let moves = moves.is_some_and(|known| (known.from, known.until) != (entry.from, entry.until));
        let mut near = if moves { commitments.bound_near(&own) } else { Vec::new() };
        commitments.set(entry, now, zone);
        if moves {
            // What speaks against them there is over, or new.
            near.extend(commitments.bound_near(&own));
        }
        if kind == CommitmentKind::Assigned {
            // Whoever waited for this person waits in vain and has to look further; so has whoever asks them
            // for another sail at that time, for which they can say yes no more.
            let mut others = commitments.stop_waiting();
            others.extend(asking);
            near.extend(others);
        }
        self.nudge(near);
        Ok(())
    }

    fn rebind(&mut self, offer: OfferNo, kind: CommitmentKind) -> Result<(), Stop> {
        let (charter_id, crew_id) =
            (self.state.charter.charter_id.clone(), self.offer(offer).crew_id.clone());
        self.commitments_of(&crew_id)?.rebind(&charter_id, kind);
        Ok(())
    }

    /// Where the sail is only remembered by its number, it is one less.
    fn never_sailed(&mut self, offer: OfferNo) -> Result<(), Stop> {
        let Offer { crew_id, dropped_out, .. } = self.offer(offer).clone();
        let (charter_id, from) = (self.state.charter.charter_id.clone(), self.state.charter.call_time);
        let zone = self.context.zone;
        if !dropped_out {
            self.commitments_of(&crew_id)?.forget_sail(&charter_id, from, zone);
        }
        Ok(())
    }

    /// No mail reaches the person there, on this charter or another.
    fn mark(&mut self, crew_id: &CrewId, email: &Email, error: &str) -> Result<(), Stop> {
        let refused = Refused { email: email.clone(), at: self.context.now, error: error.to_owned() };
        self.commitments_of(crew_id)?.refused = Some(refused);
        Ok(())
    }

    /// Who waited for the person looks again; so does who has them aboard nearby, where this sail may have stood in
    /// the way.
    fn release(&mut self, crew_id: &CrewId) -> Result<(), Stop> {
        let charter_id = self.state.charter.charter_id.clone();
        let commitments = self.commitments_of(crew_id)?;
        let mut others = commitments.bound_near(&charter_id);
        others.extend(commitments.release(&charter_id));
        self.nudge(others);
        Ok(())
    }

    fn nudge(&mut self, waited: Vec<CharterId>) {
        let own = &self.state.charter.charter_id;
        self.nudges.extend(waited.into_iter().filter(|waiting| waiting != own));
    }

    fn post(&mut self, notice: Notice) {
        let charter_id = &self.state.charter.charter_id;
        let seq = self.state.facts;
        let to = match &notice {
            Notice::CrewList { to }
            | Notice::Cancelled { to }
            | Notice::Reopened { to, .. }
            | Notice::Message { to, .. }
            | Notice::NotTold { to } => format!("-{to}"),
            Notice::Changed { offer, .. } => format!("-{offer}"),
            Notice::PositionExhausted { position } | Notice::Urgent { position } => format!("-{position}"),
            _ => String::new(),
        };
        self.mails.push(Posting { key: format!("{charter_id}/{seq:05}-{}{to}", notice.slug()), notice });
    }
}

//! A decision while it is taken.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Stop;
use super::fact::{Actor, AuditEvent, Fact, RescindReason};
use super::notice::Notice;
use super::people::People;
use super::state::{CharterState, Offer, OfferNo, OfferState};
use crate::commitments::{Commitment, CommitmentKind, Commitments};
use crate::link::{LinkKey, Purpose, TokenRecord};
use crate::model::{CharterId, CrewId};
use crate::policy::{Outage, Policy};

/// What a decision reads beside the charter and the people.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The time.
    pub now: Timestamp,
    /// The operator's settings.
    pub policy: &'a Policy,
    /// The operator's zone, in which dates are dates.
    pub zone: &'a TimeZone,
    /// From which links are derived.
    pub key: &'a LinkKey,
    /// The last time that the program was down, if it ever was.
    pub outage: Option<Outage>,
    /// Who gives the command.
    pub by: Actor,
    /// From where.
    pub via: &'a str,
}

/// What follows from a command, to be committed as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The charter's new state.
    pub state: CharterState,
    /// What happened, in order. Empty: nothing changed, nothing is to be committed.
    pub events: Vec<AuditEvent>,
    /// Mails to send.
    pub mails: Vec<Posting>,
    /// Charters that waited for someone who is free now; each has to be settled again.
    pub nudges: Vec<CharterId>,
    /// Changed commitments, whole. Among them those of people whom the charter waits for, changed or
    /// not: that they are still busy has to be true when the decision is committed.
    pub commitments: Vec<Commitments>,
    /// Links that were made.
    pub new_links: Vec<TokenRecord>,
    /// Links whose record changed, whole.
    pub changed_links: Vec<TokenRecord>,
}

/// One mail to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Unique and the same however often it is computed: charter, number of the fact, kind, reader.
    pub key: String,
    /// Which mail.
    pub notice: Notice,
}

pub(super) struct Draft<'a> {
    pub(super) state: CharterState,
    pub(super) people: &'a People,
    pub(super) context: &'a Context<'a>,
    events: Vec<AuditEvent>,
    mails: Vec<Posting>,
    nudges: BTreeSet<CharterId>,
    commitments: BTreeMap<CrewId, Commitments>,
    waited_for: BTreeSet<CrewId>,
    new_links: BTreeSet<OfferNo>,
    changed_links: BTreeSet<OfferNo>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(state: CharterState, people: &'a People, context: &'a Context<'a>) -> Self {
        Self {
            state,
            people,
            context,
            events: Vec::new(),
            mails: Vec::new(),
            nudges: BTreeSet::new(),
            commitments: BTreeMap::new(),
            waited_for: BTreeSet::new(),
            new_links: BTreeSet::new(),
            changed_links: BTreeSet::new(),
        }
    }

    /// A draft that begins with the booking itself.
    pub(super) fn booking(
        state: CharterState,
        fact: Fact,
        people: &'a People,
        context: &'a Context<'a>,
    ) -> Self {
        let mut draft = Self::new(state, people, context);
        draft.log(fact, context.by.clone());
        draft
    }

    /// Records what the giver of the command did.
    pub(super) fn record(&mut self, fact: Fact) -> Result<(), Stop> {
        self.record_by(fact, self.context.by.clone())
    }

    /// Records what follows by the rules.
    pub(super) fn follows(&mut self, fact: Fact) -> Result<(), Stop> {
        self.record_by(fact, Actor::Crewcall)
    }

    fn record_by(&mut self, fact: Fact, by: Actor) -> Result<(), Stop> {
        self.state.apply(&fact, self.context.now);
        self.entail(&fact)?;
        self.log(fact, by);
        Ok(())
    }

    fn log(&mut self, fact: Fact, by: Actor) {
        self.events.push(AuditEvent {
            charter_id: self.state.charter.charter_id.clone(),
            seq: self.state.facts,
            at: self.context.now,
            by,
            via: self.context.via.to_owned(),
            fact,
        });
    }

    /// What each fact entails outside of the charter's own state: mails, links, commitments.
    fn entail(&mut self, fact: &Fact) -> Result<(), Stop> {
        match fact {
            Fact::CharterBooked { .. }
            | Fact::CallStarted { .. }
            | Fact::PeopleLeftOut { .. }
            | Fact::CrewPaired { .. }
            | Fact::PersonSkipped { .. } => {}
            Fact::MailDropped { notice, told, .. } => {
                if let (false, Some(to)) = (*told, notice.recipient(&self.state).cloned()) {
                    self.post(Notice::NotTold { to });
                }
            }
            Fact::MailSent { notice, .. } => {
                if let Notice::Offer { offer } = notice {
                    self.take_back_mail(*offer);
                }
            }
            Fact::CascadeWaits { waiting_for, .. } => {
                for id in waiting_for {
                    let charter_id = self.state.charter.charter_id.clone();
                    self.commitments_of(id)?.wait(&charter_id);
                    self.waited_for.insert(id.clone());
                }
            }
            Fact::OfferMade { offer, crew_id, .. } => {
                self.new_links.insert(*offer);
                self.commit(crew_id, CommitmentKind::Asked)?;
                self.post(Notice::Offer { offer: *offer });
            }
            Fact::OfferSent { offer, .. } => {
                self.changed_links.insert(*offer);
                self.post(Notice::OfferCopy { offer: *offer });
            }
            Fact::OfferExtended { offer, .. } => {
                self.changed_links.insert(*offer);
            }
            Fact::OfferAccepted { offer } => {
                self.changed_links.insert(*offer);
                let crew_id = self.offer(*offer).crew_id.clone();
                self.commit(&crew_id, CommitmentKind::Assigned)?;
            }
            Fact::AcceptUndone { offer } => {
                self.changed_links.insert(*offer);
                let crew_id = self.offer(*offer).crew_id.clone();
                self.commit(&crew_id, CommitmentKind::Asked)?;
            }
            Fact::OfferDeclined { offer } | Fact::OfferExpired { offer } => self.close(*offer)?,
            Fact::OfferRescinded { offer, why } => {
                self.close(*offer)?;
                // A cancellation tells everyone by itself, and who never got the mail needs no second one.
                let was_sent = self.offer(*offer).handed_over_at.is_some();
                if was_sent && *why != RescindReason::CharterCancelled {
                    self.post(Notice::Rescinded { offer: *offer, why: *why });
                }
            }
            Fact::OfferUndeliverable { offer, .. } => {
                self.close(*offer)?;
                self.post(Notice::Undeliverable { offer: *offer });
            }
            Fact::CallFilled => {
                let aboard: Vec<CrewId> =
                    self.state.aboard().iter().map(|offer| offer.crew_id.clone()).collect();
                for to in aboard {
                    self.post(Notice::CrewList { to });
                }
                self.post(Notice::CrewListOffice);
            }
            Fact::CallReopened { offer } => {
                // Whoever still sails holds a list that is wrong now; so does the office.
                let aboard: Vec<CrewId> =
                    self.state.aboard().iter().map(|offer| offer.crew_id.clone()).collect();
                for to in aboard {
                    self.post(Notice::Reopened { offer: *offer, to });
                }
                self.post(Notice::ReopenedOffice { offer: *offer });
            }
            Fact::CallExhausted { .. } => self.post(Notice::Exhausted),
            Fact::CharterCancelled => {
                let aboard: Vec<CrewId> =
                    self.state.aboard().iter().map(|offer| offer.crew_id.clone()).collect();
                for to in &aboard {
                    self.release(to)?;
                }
                for to in aboard.into_iter().chain(self.told_of_rescinding()) {
                    self.post(Notice::Cancelled { to });
                }
                self.post(Notice::CancelledOffice);
            }
        }
        Ok(())
    }

    /// A mail arrived whose offer was taken back while it was on its way: its reader has to know.
    fn take_back_mail(&mut self, no: OfferNo) {
        let offer = self.offer(no);
        if offer.state != OfferState::Rescinded {
            return;
        }
        let to = offer.crew_id.clone();
        self.post(if self.state.cancelled_at.is_some() {
            Notice::Cancelled { to }
        } else {
            Notice::Rescinded { offer: no, why: RescindReason::CaptainWithdrew }
        });
    }

    /// Those whose offer this very decision took back after its mail had gone out.
    fn told_of_rescinding(&self) -> Vec<CrewId> {
        let rescinded = self.events.iter().filter_map(|event| match event.fact {
            Fact::OfferRescinded { offer, .. } => Some(self.offer(offer)),
            _ => None,
        });
        rescinded.filter(|offer| offer.handed_over_at.is_some()).map(|offer| offer.crew_id.clone()).collect()
    }

    fn close(&mut self, offer: OfferNo) -> Result<(), Stop> {
        self.changed_links.insert(offer);
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
        let now = self.context.now;
        let commitments = self.commitments_of(crew_id)?;
        commitments.set(entry, now);
        if kind == CommitmentKind::Assigned {
            // Whoever waited for this person waits in vain and has to look further.
            let waited = commitments.stop_waiting();
            self.nudge(waited);
        }
        Ok(())
    }

    fn release(&mut self, crew_id: &CrewId) -> Result<(), Stop> {
        let charter_id = self.state.charter.charter_id.clone();
        let waited = self.commitments_of(crew_id)?.release(&charter_id);
        self.nudge(waited);
        Ok(())
    }

    fn nudge(&mut self, waited: Vec<CharterId>) {
        let own = &self.state.charter.charter_id;
        self.nudges.extend(waited.into_iter().filter(|waiting| waiting != own));
    }

    /// The person's commitments as this draft has them so far.
    pub(super) fn commitments_of(&mut self, crew_id: &CrewId) -> Result<&mut Commitments, Stop> {
        if !self.commitments.contains_key(crew_id) {
            let read = self.people.commitments(crew_id)?.clone();
            self.commitments.insert(crew_id.clone(), read);
        }
        Ok(self.commitments.entry(crew_id.clone()).or_insert_with(|| Commitments::none(crew_id.clone())))
    }

    fn post(&mut self, notice: Notice) {
        let charter_id = &self.state.charter.charter_id;
        let seq = self.state.facts;
        let to = match &notice {
            Notice::CrewList { to }
            | Notice::Cancelled { to }
            | Notice::Reopened { to, .. }
            | Notice::NotTold { to } => format!("-{to}"),
            _ => String::new(),
        };
        self.mails.push(Posting { key: format!("{charter_id}/{seq:05}-{}{to}", notice.slug()), notice });
    }

    /// An offer that the state is known to have: its number was checked when the command came in.
    pub(super) fn offer(&self, no: OfferNo) -> &Offer {
        &self.state.offers[no.0 as usize - 1]
    }

    pub(super) fn finish(self) -> Decision {
        let links = |offers: &BTreeSet<OfferNo>| offers.iter().map(|no| self.link(*no)).collect::<Vec<_>>();
        let changed = self.changed_links.difference(&self.new_links).copied().collect();
        let changed_commitments = self.commitments.values().filter(|changed| {
            let read = self.people.commitments(&changed.crew_id);
            self.waited_for.contains(&changed.crew_id) || read.is_ok_and(|read| read != *changed)
        });
        Decision {
            new_links: links(&self.new_links),
            changed_links: links(&changed),
            commitments: changed_commitments.cloned().collect(),
            nudges: self.nudges.iter().cloned().collect(),
            state: self.state,
            events: self.events,
            mails: self.mails,
        }
    }

    /// The record of an offer's link, as the offer stands.
    fn link(&self, no: OfferNo) -> TokenRecord {
        let offer = self.offer(no);
        let charter_id = &self.state.charter.charter_id;
        TokenRecord {
            token_id: offer.token_id.clone(),
            digest: self.context.key.offer_token(charter_id, no).digest(),
            purpose: Purpose::Accept,
            crew_id: offer.crew_id.clone(),
            charter_id: charter_id.clone(),
            offer: no,
            expires_at: offer.closes_at,
            used_at: offer.ended_at.filter(|_| offer.state.is_answer()),
        }
    }
}

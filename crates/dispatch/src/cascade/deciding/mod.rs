//! A decision while it is taken.

mod entail;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Stop;
use super::command::Rejection;
use super::event::{Actor, AuditEvent};
use super::fact::Fact;
use super::notice::Notice;
use super::people::People;
use super::state::{CharterState, Offer, OfferNo};
use crate::commitments::Commitments;
use crate::eligibility::Sail;
use crate::limits;
use crate::link::{Ask, LinkKey, Purpose, TokenId, TokenRecord};
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
    /// Finds a time zone by its IANA name.
    pub find_zone: fn(&str) -> Option<TimeZone>,
    /// From which links are derived.
    pub key: &'a LinkKey,
    /// The last time that the program was down, if it ever was.
    pub outage: Option<Outage>,
    /// Whether people can answer at present. While they cannot, no offer lapses.
    pub can_answer: bool,
    /// Who gives the command.
    pub by: Actor,
    /// From where.
    pub via: &'a str,
    /// What they say along with it.
    pub comment: Option<&'a str>,
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

/// The charter as the facts recorded so far leave it, and what they entail elsewhere.
pub(super) struct Deciding<'a> {
    pub(super) state: CharterState,
    pub(super) people: &'a People,
    pub(super) context: &'a Context<'a>,
    events: Vec<AuditEvent>,
    /// Until it stands with what the giver of the command did.
    comment: Option<&'a str>,
    mails: Vec<Posting>,
    nudges: BTreeSet<CharterId>,
    commitments: BTreeMap<CrewId, Commitments>,
    relied_on: BTreeSet<CrewId>,
    new_links: BTreeSet<OfferNo>,
    changed_links: BTreeSet<OfferNo>,
}

impl<'a> Deciding<'a> {
    pub(super) fn new(state: CharterState, people: &'a People, context: &'a Context<'a>) -> Self {
        Self {
            state,
            people,
            context,
            events: Vec::new(),
            comment: context.comment,
            mails: Vec::new(),
            nudges: BTreeSet::new(),
            commitments: BTreeMap::new(),
            relied_on: BTreeSet::new(),
            new_links: BTreeSet::new(),
            changed_links: BTreeSet::new(),
        }
    }

    /// Begins with the booking itself.
    pub(super) fn booking(
        state: CharterState,
        fact: Fact,
        people: &'a People,
        context: &'a Context<'a>,
    ) -> Self {
        let mut deciding = Self::new(state, people, context);
        deciding.log(fact, context.by.clone(), None);
        deciding
    }

    /// Records what the giver of the command did.
    pub(super) fn record(&mut self, fact: Fact) -> Result<(), Stop> {
        let comment = self.comment.take().map(str::to_owned);
        let commented = comment.is_some();
        self.record_by(fact, self.context.by.clone(), comment)?;
        if commented {
            self.commented();
        }
        Ok(())
    }

    /// What was said along with a command of which nothing came, an answer given twice or too late, is not lost. Each is a
    /// mail to the office, so that one person has so many.
    pub(super) fn keep_comment(&mut self) -> Result<(), Stop> {
        if self.comment.is_none() {
            return Ok(());
        }
        let by = &self.context.by;
        let latest = self.state.offers.iter().rfind(|offer| *by == Actor::Crew(offer.crew_id.clone()));
        let (offer, remarks) = (latest.map(|offer| offer.no), latest.map_or(0, |offer| offer.remarks));
        if remarks >= limits::REMARKS {
            return Err(Rejection::TooManyRemarks.into());
        }
        self.record(Fact::Commented { offer })
    }

    /// Records what follows by the rules.
    pub(super) fn follows(&mut self, fact: Fact) -> Result<(), Stop> {
        self.record_by(fact, Actor::Crewcall, None)
    }

    fn record_by(&mut self, fact: Fact, by: Actor, comment: Option<String>) -> Result<(), Stop> {
        self.state.apply(&fact, self.context.now);
        self.entail(&fact)?;
        self.log(fact, by, comment);
        Ok(())
    }

    fn log(&mut self, fact: Fact, by: Actor, comment: Option<String>) {
        self.events.push(AuditEvent {
            charter_id: self.state.charter.charter_id.clone(),
            seq: self.state.facts,
            at: self.context.now,
            by,
            via: self.context.via.to_owned(),
            comment,
            fact,
        });
    }

    /// What people are judged for.
    pub(super) fn sail(&self) -> Sail<'_> {
        let Context { zone, policy, .. } = self.context;
        Sail { charter: &self.state.charter, zone, policy, overrides: &self.state.overrides }
    }

    /// The person's commitments as the facts so far leave them.
    pub(super) fn commitments_of(&mut self, crew_id: &CrewId) -> Result<&mut Commitments, Stop> {
        if !self.commitments.contains_key(crew_id) {
            let read = self.people.commitments(crew_id)?.clone();
            self.commitments.insert(crew_id.clone(), read);
        }
        Ok(self.commitments.entry(crew_id.clone()).or_insert_with(|| Commitments::none(crew_id.clone())))
    }

    /// The decision holds only if nobody writes the person's commitments meanwhile.
    pub(super) fn relies_on(&mut self, crew_id: &CrewId) {
        self.relied_on.insert(crew_id.clone());
    }

    /// The number and the public half of the link of an offer that is about to be made, if there can be one
    /// more.
    pub(super) fn next_offer(&self, crew_id: &CrewId) -> Option<(OfferNo, TokenId)> {
        if self.state.offers.len() >= limits::OFFERS {
            return None;
        }
        let offer = OfferNo(self.state.offers.len() as u32 + 1);
        let (charter_id, made_at) = (&self.state.charter.charter_id, self.context.now);
        Some((offer, self.context.key.new_token_id(&Ask { charter_id, offer, crew_id, made_at })))
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
            self.relied_on.contains(&changed.crew_id) || read.is_ok_and(|read| read != *changed)
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
            digest: self.context.key.offer_token(charter_id, offer).digest(),
            purpose: Purpose::Accept,
            crew_id: offer.crew_id.clone(),
            charter_id: charter_id.clone(),
            offer: no,
            expires_at: offer.closes_at,
            used_at: offer.ended_at.filter(|_| offer.state.is_answer()),
        }
    }
}

//! The world that is explored: what the store holds, what two servers have in hand, and the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crewcall_dispatch::cascade::{
    AuditEvent, CharterState, Decision, Notice, Offer, OfferNo, OfferState, People,
};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::model::CrewId;

use crate::actions::Job;

/// One state of the model.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// The clock, in ticks.
    pub(crate) now: u8,
    /// The charters, each with the version of its item.
    pub(crate) charters: Vec<Versioned<CharterState>>,
    /// Each person's commitments, an item of their own.
    pub(crate) people: BTreeMap<CrewId, Versioned<Commitments>>,
    /// The same people as a server loads them, kept because loading is what takes the time.
    pub(crate) loaded: Arc<People>,
    /// Mails that wait, by key: of which charter, and what.
    pub(crate) outbox: BTreeMap<String, (usize, Notice)>,
    /// For each charter the row that asks for another look, with a number of its own.
    pub(crate) nudges: Vec<Option<u32>>,
    /// How many nudges there were.
    pub(crate) nudge_count: u32,
    /// Decisions that a server has taken and not yet committed.
    pub(crate) held: Vec<Held>,
    /// How often people may still do what is bounded.
    pub(crate) left: Left,
    /// Whose record says the contrary of what it said at the beginning.
    pub(crate) other_word: BTreeSet<CrewId>,
    /// Offers whose mail reached the person before we took the offer back, or after.
    pub(crate) reached: BTreeSet<(usize, OfferNo)>,
    /// Offers of which the person was told, by a mail of its own, that they are void.
    pub(crate) told: BTreeSet<(usize, OfferNo)>,
    /// The audit of each charter. Not part of the identity of a state.
    pub(crate) history: Vec<History>,
    /// The rule that the last step broke.
    pub(crate) broken: Option<&'static str>,
}

/// An item of the store.
#[derive(Clone, Debug)]
pub(crate) struct Versioned<T> {
    pub(crate) item: Arc<T>,
    pub(crate) version: u32,
}

/// What is bounded, so that the world is finite: starts of calls, accepts taken back, drop-outs, late answers, changes,
/// cancellations, mails refused for good, changes of the roster, what the office does beside that, and what it finds out of who sailed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Left {
    pub(crate) starts: u8,
    pub(crate) undos: u8,
    pub(crate) drops: u8,
    pub(crate) lates: u8,
    pub(crate) restores: u8,
    pub(crate) changes: u8,
    pub(crate) cancels: u8,
    pub(crate) refusals: u8,
    pub(crate) controls: u8,
    pub(crate) posts: u8,
    pub(crate) rosters: u8,
    pub(crate) afterwards: u8,
}

/// A decision in the hands of a server, with the versions that it read.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) job: Job,
    pub(crate) decided: u8,
    pub(crate) charter_version: u32,
    pub(crate) people_versions: BTreeMap<CrewId, u32>,
    pub(crate) nudge: Option<u32>,
    pub(crate) decision: Arc<Decision>,
}

/// A charter's audit, newest first, shared between states.
#[derive(Clone, Debug)]
pub(crate) enum History {
    Start,
    After(Arc<(Vec<AuditEvent>, History)>),
}

impl History {
    pub(crate) fn then(&self, events: &[AuditEvent]) -> Self {
        Self::After(Arc::new((events.to_vec(), self.clone())))
    }

    /// Every event, oldest first.
    pub(crate) fn events(&self) -> Vec<&AuditEvent> {
        let (mut batches, mut at) = (Vec::new(), self);
        while let Self::After(node) = at {
            batches.push(&node.0);
            at = &node.1;
        }
        batches.into_iter().rev().flatten().collect()
    }
}

impl<T> Versioned<T> {
    pub(crate) fn new(item: T) -> Self {
        Self { item: Arc::new(item), version: 0 }
    }

    pub(crate) fn replace(&mut self, item: T) {
        *self = Self { item: Arc::new(item), version: self.version + 1 };
    }
}

impl World {
    /// Whether the held decision would still be committed by an honest store.
    pub(crate) fn is_fresh(&self, held: &Held) -> bool {
        self.charter_is_fresh(held) && self.people_are_fresh(held)
    }

    pub(crate) fn charter_is_fresh(&self, held: &Held) -> bool {
        // Where nothing is written, nothing is checked: only a row goes.
        held.decision.events.is_empty() || self.charters[held.job.charter].version == held.charter_version
    }

    /// Only what is written is checked; what was merely read may have moved on.
    pub(crate) fn people_are_fresh(&self, held: &Held) -> bool {
        held.decision
            .commitments
            .iter()
            .all(|written| self.people[&written.crew_id].version == held.people_versions[&written.crew_id])
    }

    fn hash_held<H: Hasher>(&self, held: &Held, state: &mut H) {
        let charter = held.job.charter;
        (&held.job, held.decided, held.nudge == self.nudges[charter]).hash(state);
        (self.charter_is_fresh(held), self.people_are_fresh(held)).hash(state);
        for event in &held.decision.events {
            event.fact.hash(state);
        }
        held.decision.commitments.hash(state);
        held.decision.nudges.hash(state);
        // The decision calls offers by number.
        for offer in &self.charters[charter].item.offers {
            (&offer.seat, &offer.crew_id, offer.state).hash(state);
        }
        // A stale state would matter only to a store that does not look at versions.
        if !self.charter_is_fresh(held) {
            held.decision.state.offers.hash(state);
        }
    }

    fn hash_charter<H: Hasher>(&self, index: usize, state: &mut H) {
        let charter = &*self.charters[index].item;
        (charter.cancelled_at.is_some(), &charter.charter, &charter.figures).hash(state);
        let aside = charter.overrides.iter().map(|known| (known.gate, &known.crew_id));
        aside.collect::<BTreeSet<_>>().hash(state);
        let Some(call) = &charter.call else { return };
        (call.filled_at.is_some(), call.exhausted_at.is_some(), call.paused_at.is_some()).hash(state);
        (charter.status() == crewcall_dispatch::cascade::CallStatus::Paused).hash(state);
        (set(&call.declined), set(&call.skipped)).hash(state);
        for cascade in &call.cascades {
            (&cascade.position, &cascade.ranked, &cascade.paired).hash(state);
            (&cascade.waiting_for, cascade.exhausted, cascade.urgent).hash(state);
            set(&cascade.skipped).hash(state);
        }
        let offers = charter.offers.iter().map(|offer| digest(|h| self.hash_offer(index, offer, h)));
        offers.collect::<BTreeSet<_>>().hash(state);
    }

    /// An offer counts by what it still means: its number does not, nor do the times of one that is
    /// over, nor those of an accept that cannot be taken back any more.
    fn hash_offer<H: Hasher>(&self, index: usize, offer: &Offer, state: &mut H) {
        let charter = &*self.charters[index].item;
        let cascades = charter.call.iter().flat_map(|call| &call.cascades);
        let rounds = cascades.filter(|cascade| cascade.position == offer.seat.position);
        let in_round = rounds.map(|cascade| cascade.round).any(|round| round == offer.round);
        (&offer.seat, &offer.crew_id, in_round, offer.state, offer.by_hand).hash(state);
        (offer.revision == charter.revision, offer.stands_by, offer.not_told, offer.no_show).hash(state);
        (offer.warnings.is_empty(), offer.conflicts.is_empty()).hash(state);
        match offer.state {
            OfferState::Queued | OfferState::Sent => {
                (offer.closes_at, offer.extensions, offer.undone).hash(state);
            }
            OfferState::Accepted if self.left.undos > 0 || self.left.drops > 0 => {
                (offer.closes_at, offer.ended_at, offer.undone).hash(state);
            }
            OfferState::Reconfirming => {
                (offer.closes_at, offer.reply_by.is_some(), &offer.accepted).hash(state);
            }
            OfferState::Rescinded => {
                (offer.handed_over_at.is_some(), offer.rescinded).hash(state);
            }
            _ => {}
        }
        let of = (index, offer.no);
        let rows = self.outbox.values().filter(|row| **row == (index, Notice::Offer { offer: offer.no }));
        (rows.count(), self.told.contains(&of)).hash(state);
        (offer.state == OfferState::Rescinded && self.reached.contains(&of)).hash(state);
    }
}

/// Two states are the same if no rule can tell them apart from here on. So versions count only as
/// "the same as the server read", and the number of facts, which only makes keys unique, not at all.
impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.now, self.left, self.broken, &self.other_word).hash(state);
        for index in 0..self.charters.len() {
            self.hash_charter(index, state);
        }
        for (id, person) in &self.people {
            let mut entries: Vec<_> = person.item.entries.iter().collect();
            entries.sort_by_key(|entry| &entry.charter_id);
            (id, entries, set(&person.item.waiting)).hash(state);
            person.item.refused.is_some().hash(state);
        }
        // The rows of offers are counted with their offers.
        let rows = self.outbox.values().filter(|(_, notice)| !matches!(notice, Notice::Offer { .. }));
        let mut rows: Vec<_> = rows.collect();
        rows.sort();
        rows.hash(state);
        self.nudges.iter().map(Option::is_some).collect::<Vec<_>>().hash(state);
        let mut held: Vec<u64> = self.held.iter().map(|held| digest(|h| self.hash_held(held, h))).collect();
        held.sort_unstable();
        held.hash(state);
    }
}

fn set<T: Ord>(items: &[T]) -> BTreeSet<&T> {
    items.iter().collect()
}

fn digest(hash: impl FnOnce(&mut DefaultHasher)) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash(&mut hasher);
    hasher.finish()
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        digest(|h| self.hash(h)) == digest(|h| other.hash(h))
    }
}

//! One person's sails, asked and confirmed, and who waits for the person.
//!
//! A person's commitments are one item of the store with a version of its own. Whoever asks a
//! person, or confirms one, names the version that was read; so two servers cannot put one person
//! on two boats, however they interleave.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::model::{CharterId, CrewId, Email};
use crate::policy::Policy;

/// What one person is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Commitments {
    /// Whose.
    pub crew_id: CrewId,
    /// One entry for each charter on which the person has an open offer or an assignment.
    pub entries: Vec<Commitment>,
    /// Charters that would ask the person next, once an open offer that overlaps has ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<CharterId>,
    /// The address at which mail to the person was refused for good, until they are asked anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
    /// The sails that are over and no longer among the entries.
    #[serde(default, skip_serializing_if = "Past::is_empty")]
    pub past: Past,
}

/// What is remembered of sails that are over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Past {
    /// The call time of the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// How many there were, by month in the operator's zone (`2026-06`); the latest few months.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub months: BTreeMap<String, u32>,
}

impl Past {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn remember(&mut self, sail: &Commitment, zone: &TimeZone) {
        self.last = self.last.max(Some(sail.from));
        *self.months.entry(month(sail.from, zone)).or_default() += 1;
        while self.months.len() > limits::MONTHS_REMEMBERED {
            self.months.pop_first();
        }
    }
}

/// `2026-06`
fn month(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m").to_string()
}

/// Mail to somebody came back, or was refused for good.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Refused {
    /// At which address. With another one on the roster the person can be asked again.
    pub email: Email,
    /// When.
    pub at: Timestamp,
    /// What the mail server said.
    pub error: String,
}

/// One sail that a person is asked for or confirmed on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Commitment {
    /// The charter.
    pub charter_id: CharterId,
    /// Whether the person is aboard, or only asked.
    pub kind: CommitmentKind,
    /// The call time (UTC).
    pub from: Timestamp,
    /// The return (UTC).
    pub until: Timestamp,
}

/// How firm a commitment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitmentKind {
    /// An offer is open.
    Asked,
    /// The person accepted.
    Assigned,
    /// The person dropped out, and is bound until somebody else has the seat. It is no sail of theirs.
    Leaving,
}

impl CommitmentKind {
    /// Whether the person cannot be aboard anything else at that time.
    pub fn binds(self) -> bool {
        matches!(self, Self::Assigned | Self::Leaving)
    }
}

impl Commitments {
    /// Nothing yet.
    pub fn none(crew_id: CrewId) -> Self {
        Self { crew_id, entries: Vec::new(), waiting: Vec::new(), refused: None, past: Past::default() }
    }

    /// Entries of other charters that leave no room for a sail from `from` to `until`, with
    /// `policy.turnaround` on either side.
    pub fn overlapping<'a>(
        &'a self,
        charter_id: &'a CharterId,
        from: Timestamp,
        until: Timestamp,
        policy: &'a Policy,
    ) -> impl Iterator<Item = &'a Commitment> {
        self.entries.iter().filter(move |entry| {
            entry.charter_id != *charter_id
                && from < entry.until + policy.turnaround
                && entry.from < until + policy.turnaround
        })
    }

    /// Sets this charter's entry. Of sails that have been over for so long that no rule asks for them any more,
    /// only their number is kept, by month in the operator's zone.
    pub fn set(&mut self, commitment: Commitment, now: Timestamp, zone: &TimeZone) {
        self.entries.retain(|entry| entry.charter_id != commitment.charter_id);
        let over = |entry: &Commitment| {
            entry.until + SignedDuration::from_hours(limits::SAIL_REMEMBERED_HOURS) <= now
        };
        let over = self.entries.extract_if(.., |entry| over(entry));
        for entry in over.filter(|entry| entry.kind == CommitmentKind::Assigned) {
            self.past.remember(&entry, zone);
        }
        self.entries.push(commitment);
    }

    /// Makes this charter's entry, if there is one, another kind of binding.
    pub fn rebind(&mut self, charter_id: &CharterId, kind: CommitmentKind) {
        for entry in self.entries.iter_mut().filter(|entry| entry.charter_id == *charter_id) {
            entry.kind = kind;
        }
    }

    /// The person was to be aboard a sail and was not: where it is no longer among the entries, it counts no more.
    pub fn forget_sail(&mut self, charter_id: &CharterId, from: Timestamp, zone: &TimeZone) {
        if self.entries.iter().any(|entry| entry.charter_id == *charter_id) {
            return;
        }
        if let Some(sails) = self.past.months.get_mut(&month(from, zone)) {
            *sails = sails.saturating_sub(1);
        }
    }

    /// The call time of the latest sail beside this one, be it over or agreed on.
    pub fn last_sail(&self, beside: &CharterId) -> Option<Timestamp> {
        self.assigned(beside).map(|entry| entry.from).max().max(self.past.last)
    }

    /// How many sails beside this one the person has in the month of `at` in `zone`, over or agreed on.
    pub fn sails_in_month(&self, at: Timestamp, zone: &TimeZone, beside: &CharterId) -> u32 {
        let wanted = month(at, zone);
        let ahead = self.assigned(beside).filter(|entry| month(entry.from, zone) == wanted).count();
        self.past.months.get(&wanted).copied().unwrap_or_default() + ahead as u32
    }

    fn assigned(&self, beside: &CharterId) -> impl Iterator<Item = &Commitment> {
        let entries = self.entries.iter();
        entries.filter(move |entry| entry.kind == CommitmentKind::Assigned && entry.charter_id != *beside)
    }

    /// The other charters that the person is bound to within a day of this one, if they are bound to this one.
    pub fn bound_near(&self, charter_id: &CharterId) -> Vec<CharterId> {
        let bound = self.entries.iter().filter(|entry| entry.kind.binds());
        let Some(own) = bound.clone().find(|entry| entry.charter_id == *charter_id) else {
            return Vec::new();
        };
        let day = SignedDuration::from_hours(24);
        let near = |other: &&Commitment| other.from - day < own.until && own.from < other.until + day;
        let others = bound.filter(|other| other.charter_id != *charter_id).filter(near);
        others.map(|other| other.charter_id.clone()).collect()
    }

    /// Takes this charter's entry away and returns the charters that waited for that.
    pub fn release(&mut self, charter_id: &CharterId) -> Vec<CharterId> {
        self.entries.retain(|entry| entry.charter_id != *charter_id);
        self.stop_waiting()
    }

    /// The charters that waited for the person, who need not wait any longer.
    pub fn stop_waiting(&mut self) -> Vec<CharterId> {
        std::mem::take(&mut self.waiting)
    }

    /// Notes that `charter_id` waits for the person.
    pub fn wait(&mut self, charter_id: &CharterId) {
        if !self.waiting.contains(charter_id) {
            self.waiting.push(charter_id.clone());
        }
    }
}

//! One person's sails, asked and confirmed, and who waits for the person.
//!
//! A person's commitments are one item of the store with a version of its own. Whoever asks a
//! person, or confirms one, names the version that was read; so two servers cannot put one person
//! on two boats, however they interleave.

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
}

impl Commitments {
    /// Nothing yet.
    pub fn none(crew_id: CrewId) -> Self {
        Self { crew_id, entries: Vec::new(), waiting: Vec::new(), refused: None }
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

    /// Sets this charter's entry, and forgets sails that have been over for so long that no rule asks for
    /// them any more.
    pub fn set(&mut self, commitment: Commitment, now: Timestamp) {
        self.entries.retain(|entry| {
            entry.charter_id != commitment.charter_id
                && entry.until + SignedDuration::from_hours(limits::SAIL_REMEMBERED_HOURS) > now
        });
        self.entries.push(commitment);
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

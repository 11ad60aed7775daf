//! The audit: who did what to which charter, when and from where.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fact::Fact;
use crate::model::{CharterId, CrewId};

/// One line of the audit: who did what to which charter, when and from where.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AuditEvent {
    /// The charter.
    pub charter_id: CharterId,
    /// Its number in the charter's history, counted from 1, without gaps.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// From where: `command line`, `page`, `link jada_crew_…`, `tick`.
    pub via: String,
    /// What whoever did it said along with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

/// Who caused a fact.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The program, by its rules.
    Crewcall,
    /// Someone in the office, by name.
    Office(String),
    /// A crew member.
    Crew(CrewId),
}

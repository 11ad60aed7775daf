//! What happened to a charter.

use crewcall_dispatch::cascade::{Actor, AuditEvent, CharterState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::tagged;
use crate::words::{self, Names};

/// The conversation of a charter: what was mailed, answered, written, noted and done.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web::api) struct Thread {
    /// In order
    pub(in crate::web::api) events: Vec<EventView>,
    /// There are more: ask again with the last `seq` as `after`
    pub(in crate::web::api) more: bool,
}

/// One line of the audit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(in crate::web::api) struct EventView {
    /// Its number in the charter's history, from 1 and without gaps
    seq: u64,
    /// When
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who: `crewcall` itself, `office`, or `crew`
    by: By,
    /// The name of somebody of the office, or the id of the crew member
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    /// From where: `page`, `command line`, `API`, `tick`, the public half of a link
    via: String,
    /// What happened, as a clause for people
    text: String,
    /// What somebody wrote
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<String>,
    /// Which kind of fact it is: `offer_made`; there will be further ones
    fact: String,
    /// What belongs to that kind, as the program keeps it: for people who look into it, as it may change
    #[schema(value_type = Object)]
    details: Map<String, Value>,
}

/// Who did something: the program by its rules, somebody of the office, or a crew member.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::api) enum By {
    /// The program, by its rules
    Crewcall,
    /// Somebody of the office
    Office,
    /// A crew member
    Crew,
}

impl EventView {
    pub(in crate::web::api) fn new(
        event: &AuditEvent,
        state: &CharterState,
        names: &Names,
        zone: &TimeZone,
    ) -> Self {
        let (by, who) = match &event.by {
            Actor::Crewcall => (By::Crewcall, None),
            Actor::Office(name) => (By::Office, Some(name.clone())),
            Actor::Crew(id) => (By::Crew, Some(id.to_string())),
        };
        let (fact, details) = tagged(&event.fact, "fact");
        Self {
            seq: event.seq,
            at: event.at,
            by,
            who,
            via: event.via.clone(),
            text: words::clause(event, state, names, zone),
            said: words::said(event).map(str::to_owned),
            fact,
            details,
        }
    }
}

//! What each table holds: the types of the rules, as rows.

use crewcall_dispatch::cascade::{AuditEvent, CharterState, Notice};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::link::{OwnRecord, TokenId, TokenRecord};
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember, Month, Rank};
use crewcall_dispatch::signs::Heartbeat;
use crewcall_dispatch::statement::Reader;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::mail::Stopped;
use crate::store::{Listing, Record, Table};

/// Rows of a list that are read at one go.
pub(super) const PAGE: usize = 500;

/// Under this name all charters are listed, by departure.
pub(super) const CHARTERS: &str = "charters";

impl Record for CharterState {
    const TABLE: Table = Table::Charter;

    fn id(&self) -> String {
        self.charter.charter_id.to_string()
    }

    fn listing(&self) -> Option<Listing> {
        let order = format!("{}/{}", by_time(self.charter.departs_at), self.charter.charter_id);
        Some(Listing { under: CHARTERS.into(), order })
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.next_deadline()
    }
}

/// An instant as text that sorts by time.
pub(super) fn by_time(at: Timestamp) -> String {
    format!("{:012}", at.as_second())
}

/// The audit events of one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventBatch {
    /// In order, never empty.
    pub events: Vec<AuditEvent>,
}

impl EventBatch {
    /// The place of a commit among those of its charter, by the number of its first event.
    pub(super) fn order(first: u64) -> String {
        format!("{first:08}")
    }
}

impl Record for EventBatch {
    const TABLE: Table = Table::Event;

    fn id(&self) -> String {
        match self.events.first() {
            Some(first) => format!("{}/{}", first.charter_id, Self::order(first.seq)),
            None => String::new(),
        }
    }
}

/// Under this name the whole roster is listed: by rank, and within a rank in cascade order.
pub(super) const ROSTER: &str = "roster";

/// From where to where a rank stands in the list of the roster (`0` is the character after `/`).
pub(super) fn rank_bounds(rank: &Rank) -> (String, String) {
    (format!("{rank}/"), format!("{rank}0"))
}

impl Record for CrewMember {
    const TABLE: Table = Table::Crew;

    fn id(&self) -> String {
        self.crew_id.to_string()
    }

    fn listing(&self) -> Option<Listing> {
        let place = self.cascade_order.unwrap_or(u32::MAX);
        Some(Listing { under: ROSTER.into(), order: format!("{}/{place:010}/{}", self.rank, self.crew_id) })
    }
}

impl Record for Commitments {
    const TABLE: Table = Table::Commitments;

    fn id(&self) -> String {
        self.crew_id.to_string()
    }
}

impl Record for TokenRecord {
    const TABLE: Table = Table::Token;

    fn id(&self) -> String {
        self.token_id.to_string()
    }
}

/// What the table of links holds. That of a person names no charter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum LinkRecord {
    /// The link of an offer.
    Offer(TokenRecord),
    /// The link of a person.
    Own(OwnRecord),
}

impl Record for LinkRecord {
    const TABLE: Table = Table::Token;

    fn id(&self) -> String {
        match self {
            Self::Offer(record) => record.id(),
            Self::Own(record) => record.id(),
        }
    }
}

impl Record for OwnRecord {
    const TABLE: Table = Table::Token;

    fn id(&self) -> String {
        self.token_id.to_string()
    }
}

/// Something decided and not yet carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxRow {
    /// Unique and the same however often it is computed.
    pub key: String,
    /// The charter it belongs to, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charter_id: Option<CharterId>,
    /// What to do.
    pub job: Job,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// When to look at it next: at once, after a pause, or when whoever works on it must have died.
    pub due_at: Timestamp,
    /// Someone is handing the mail over right now, and extends `due_at` while they live.
    #[serde(default)]
    pub in_flight: bool,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// How often the answer was lost, so that the mail may have arrived.
    #[serde(default)]
    pub lost_answers: u32,
    /// When a mail server first answered "not now" to this very mail. Times in which no server could be
    /// reached at all say nothing about its reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred_since: Option<Timestamp>,
    /// What went wrong last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

impl OutboxRow {
    /// A row that is due at once.
    pub(super) fn new(key: String, charter_id: CharterId, job: Job, decided_at: Timestamp) -> Self {
        Self { charter_id: Some(charter_id), due_at: decided_at, ..Self::of_the_office(key, job, decided_at) }
    }

    /// The same, about no charter.
    pub(super) fn of_the_office(key: String, job: Job, decided_at: Timestamp) -> Self {
        Self {
            key,
            charter_id: None,
            job,
            decided_at,
            // Before all that waits, however much that is.
            due_at: decided_at - SignedDuration::from_hours(24),
            in_flight: false,
            attempts: 0,
            lost_answers: 0,
            deferred_since: None,
            last_error: None,
        }
    }

    /// A mail of a month of pay, due at once.
    pub(crate) fn statement(key: String, month: Month, reader: Reader, now: Timestamp) -> Self {
        Self { due_at: now, ..Self::of_the_office(key, Job::Statement { month, reader }, now) }
    }

    /// A mail with the link of somebody's own page, due at once.
    pub(super) fn own_page(key: String, crew_id: CrewId, number: u32, now: Timestamp) -> Self {
        Self { due_at: now, ..Self::of_the_office(key, Job::OwnPage { crew_id, number }, now) }
    }

    /// A row that asks for another look at charters.
    pub(super) fn nudge(key: String, first: CharterId, charters: Vec<CharterId>, now: Timestamp) -> Self {
        Self::new(key, first, Job::Nudge(charters), now)
    }
}

/// What an outbox row asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Send this mail.
    Mail(Notice),
    /// Send a statement, or what the owner and the office get of its month.
    Statement {
        /// The month.
        month: Month,
        /// Whom it is for.
        reader: Reader,
    },
    /// Send somebody the link of their own page.
    OwnPage {
        /// Whom.
        crew_id: CrewId,
        /// Which of their links; once it has ended, it is not sent any more.
        number: u32,
    },
    /// Tell the office that no mail leaves.
    Alert(Alert),
    /// Mail somebody of the office the link that signs them in.
    SignIn {
        /// Its public half.
        token_id: TokenId,
    },
    /// Look at these charters again: someone they wait for, ask or have aboard is bound otherwise, or has another
    /// record.
    Nudge(Vec<CharterId>),
}

/// What an alert is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertOf {
    /// No mail leaves.
    Mail,
    /// Alerts could not take the other way; mail leaves.
    Fallback,
    /// Mail leaves again, which had been told not to.
    Again,
}

/// That no mail leaves, or could not by the way of alerts, as it is told when it is found out; and that it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Since when.
    pub since: Timestamp,
    /// Why, and what to do.
    pub stopped: Stopped,
    /// Of what.
    pub of: AlertOf,
}

impl Record for OutboxRow {
    const TABLE: Table = Table::Outbox;

    fn id(&self) -> String {
        self.key.clone()
    }

    fn due_at(&self) -> Option<Timestamp> {
        Some(self.due_at)
    }
}

/// The id of the only sign of life.
pub(super) const HEARTBEAT: &str = "heartbeat";

impl Record for Heartbeat {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        HEARTBEAT.into()
    }
}

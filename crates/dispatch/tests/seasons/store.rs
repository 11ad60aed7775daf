//! What the servers share: charters, people's commitments, the outbox and the sign of life, each under a version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crewcall_dispatch::cascade::{AuditEvent, CharterState, Decision, Notice, People};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember, Rank};
use crewcall_dispatch::signs::Heartbeat;
use jiff::Timestamp;

const RANKS: [&str; 3] = ["captain", "mate", "deckhand"];

/// An item and how often it was written.
#[derive(Clone, Debug)]
pub(crate) struct Versioned<T> {
    pub(crate) item: Arc<T>,
    pub(crate) version: u64,
}

/// A row of the outbox.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) charter: CharterId,
    pub(crate) job: Job,
    pub(crate) due_at: Timestamp,
    pub(crate) in_flight: bool,
    pub(crate) attempts: u32,
    pub(crate) lost_answers: u32,
    pub(crate) version: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Job {
    Mail(Notice),
    Nudge(Vec<CharterId>),
}

/// Everything that is stored.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) charters: BTreeMap<CharterId, Versioned<CharterState>>,
    pub(crate) people: BTreeMap<CrewId, Versioned<Commitments>>,
    pub(crate) outbox: BTreeMap<String, Row>,
    pub(crate) beat: Option<Heartbeat>,
    pub(crate) history: BTreeMap<CharterId, Vec<AuditEvent>>,
    pub(crate) roster: BTreeMap<CrewId, CrewMember>,
    /// The same people as a server reads them, kept because reading is what takes the time.
    pub(crate) loaded: People,
    /// Whoever was taken off the roster, as they were.
    former: BTreeMap<CrewId, CrewMember>,
    /// The key under which two mails were written.
    pub(crate) twice: Option<String>,
    due_charters: BTreeSet<(Timestamp, CharterId)>,
    due_rows: BTreeSet<(Timestamp, String)>,
}

/// A decision with the versions that it was taken from.
pub(crate) struct Held {
    pub(crate) decision: Decision,
    pub(crate) charter_version: u64,
    pub(crate) people_versions: BTreeMap<CrewId, u64>,
    /// The row that is done by it.
    pub(crate) row: Option<(String, u64)>,
    /// What it gets wrong about that which it was taken from.
    pub(crate) wrong: Option<String>,
}

/// Why a commit did not happen.
pub(crate) enum Lost {
    /// The charter or a person has changed: decide again.
    Race,
    /// The row is somebody else's.
    Row,
}

impl Store {
    /// A new roster.
    pub(crate) fn with(roster: Vec<CrewMember>) -> Self {
        let mut store = Self::default();
        for member in roster {
            let id = member.crew_id.clone();
            let none = Commitments::none(id.clone());
            store.people.insert(id.clone(), Versioned { item: Arc::new(none), version: 0 });
            store.roster.insert(id, member);
        }
        store.load_everyone();
        store
    }

    fn load_everyone(&mut self) {
        for id in self.roster.keys() {
            self.loaded.insert(Some(self.roster[id].clone()), (*self.people[id].item).clone());
        }
        for rank in RANKS {
            self.load_rank(&rank.parse().expect("a rank"));
        }
    }

    fn load_rank(&mut self, rank: &Rank) {
        let members = self.roster.values().filter(|member| member.rank == *rank);
        self.loaded.insert_rank(rank.clone(), members.cloned().collect());
    }

    /// Somebody's record as it is, or as it was when they were taken off the roster.
    pub(crate) fn record(&self, id: &CrewId) -> &CrewMember {
        self.roster.get(id).unwrap_or_else(|| &self.former[id])
    }

    /// Somebody has another record, or none any more.
    pub(crate) fn change(&mut self, id: &CrewId, member: Option<CrewMember>) {
        self.former.insert(id.clone(), self.record(id).clone());
        match member {
            Some(member) => self.roster.insert(id.clone(), member),
            None => self.roster.remove(id),
        };
        // Whoever decided by the old record has to lose.
        self.people.entry(id.clone()).and_modify(|person| person.version += 1);
        self.loaded.insert(self.roster.get(id).cloned(), (*self.people[id].item).clone());
        for rank in RANKS {
            self.load_rank(&rank.parse().expect("a rank"));
        }
    }

    pub(crate) fn charter(&self, id: &CharterId) -> &Versioned<CharterState> {
        &self.charters[id]
    }

    /// A charter that was booked just now.
    pub(crate) fn book(&mut self, decision: Decision) {
        let id = decision.state.charter.charter_id.clone();
        self.history.insert(id.clone(), decision.events);
        self.charters.insert(id, Versioned { item: Arc::new(decision.state), version: 1 });
    }

    /// Writes everything or nothing.
    pub(crate) fn commit(&mut self, held: Held, at: Timestamp) -> Result<(), Lost> {
        if let Some((key, version)) = &held.row
            && self.outbox.get(key).is_none_or(|row| row.version != *version)
        {
            return Err(Lost::Row);
        }
        let Decision { state, events, mails, nudges, commitments, .. } = held.decision;
        let id = state.charter.charter_id.clone();
        if !events.is_empty() {
            let fresh =
                |of: &Commitments| self.people[&of.crew_id].version == held.people_versions[&of.crew_id];
            if self.charters[&id].version != held.charter_version || !commitments.iter().all(fresh) {
                return Err(Lost::Race);
            }
        }
        if let Some((key, _)) = &held.row {
            self.delete_row(key);
        }
        if events.is_empty() {
            return Ok(());
        }
        for written in commitments {
            self.loaded.insert_commitments(written.clone());
            let person = self.people.get_mut(&written.crew_id).expect("somebody");
            *person = Versioned { item: Arc::new(written), version: person.version + 1 };
        }
        for mail in mails {
            self.put_row(mail.key, &id, Job::Mail(mail.notice), at);
        }
        if !nudges.is_empty() {
            self.put_row(format!("{id}/{:05}-nudge", state.facts), &id, Job::Nudge(nudges), at);
        }
        self.history.get_mut(&id).expect("a charter").extend(events);
        let charter = self.charters.get_mut(&id).expect("a charter");
        if let Some(due) = charter.item.next_deadline() {
            self.due_charters.remove(&(due, id.clone()));
        }
        if let Some(due) = state.next_deadline() {
            self.due_charters.insert((due, id.clone()));
        }
        *charter = Versioned { item: Arc::new(state), version: charter.version + 1 };
        Ok(())
    }

    /// A new row. Two of one key would be one mail that is lost.
    pub(crate) fn put_row(&mut self, key: String, charter: &CharterId, job: Job, due_at: Timestamp) {
        let (charter, key_of_due) = (charter.clone(), key.clone());
        let row = Row { charter, job, due_at, in_flight: false, attempts: 0, lost_answers: 0, version: 1 };
        if self.outbox.insert(key, row).is_some() {
            self.twice = Some(key_of_due.clone());
        }
        self.due_rows.insert((due_at, key_of_due));
    }

    /// Writes a row that is there already, with another due time.
    pub(crate) fn change_row(&mut self, key: &str, change: impl FnOnce(&mut Row)) {
        let row = self.outbox.get_mut(key).expect("a row");
        self.due_rows.remove(&(row.due_at, key.to_owned()));
        change(row);
        row.version += 1;
        self.due_rows.insert((row.due_at, key.to_owned()));
    }

    pub(crate) fn delete_row(&mut self, key: &str) {
        if let Some(row) = self.outbox.remove(key) {
            self.due_rows.remove(&(row.due_at, key.to_owned()));
        }
    }

    pub(crate) fn due_charters(&self, now: Timestamp) -> Vec<CharterId> {
        self.due_charters.iter().take_while(|(due, _)| *due <= now).map(|(_, id)| id.clone()).collect()
    }

    pub(crate) fn due_rows(&self, now: Timestamp) -> Vec<String> {
        self.due_rows.iter().take_while(|(due, _)| *due <= now).map(|(_, key)| key.clone()).collect()
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let charter = self.due_charters.first().map(|(due, _)| *due);
        charter.into_iter().chain(self.due_rows.first().map(|(due, _)| *due)).min()
    }
}

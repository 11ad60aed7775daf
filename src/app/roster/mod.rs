//! Changing the roster: what would change, and the change itself.

mod compare;
mod contact;
mod days;
mod days_off;
mod edit;
mod given;
mod leaving;
mod notes;
mod order;

use std::collections::BTreeSet;

use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember};
use serde_json::Value;

pub use compare::Faults;
pub use days::{DaySaid, DaysSaid};
pub use edit::{Edited, FieldEdit};
pub use given::Given;
pub use notes::Note;

use super::records::OutboxRow;
use super::{App, AppError};
use crate::store::{
    COMMIT_BYTES, COMMIT_ITEMS, CommitError, Expect, StoreError, Table, Versioned, Write, read_many,
};

/// What an import would change.
#[derive(Debug, Default)]
pub struct Changes {
    /// People who are not on the roster yet.
    pub added: Vec<CrewMember>,
    /// People whose record differs, attribute by attribute.
    pub changed: Vec<(CrewMember, Vec<Change>)>,
    /// How many are on the roster as they are.
    pub unchanged: usize,
    /// What is legal and has consequences, row by row: at most [`limits::FAULTS_SHOWN`].
    pub notes: Vec<Note>,
    /// How many there are beside these.
    pub more_notes: usize,
    expects: Vec<Expect>,
}

/// One attribute that differs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// The attribute; a date of the availability as `availability.2026-06-27`.
    pub field: String,
    /// What the roster says.
    pub before: Option<Value>,
    /// What the import says.
    pub after: Option<Value>,
}

impl App {
    /// Writes the changes that [`App::compare_roster`] found: everyone in one commit where they fit,
    /// else in several. A run that is cut short leaves whole records, and is finished by repeating it.
    ///
    /// # Errors
    /// [`AppError::Superseded`] if a record was changed since the comparison; a failing store;
    /// [`AppError::Partly`] if that happens when some are written.
    pub async fn write_roster(&self, changes: &Changes) -> Result<(), AppError> {
        let members = changes.added.iter().chain(changes.changed.iter().map(|(member, _)| member));
        let expects = changes.expects.iter().cloned();
        let writes = members.zip(expects).map(|(member, expect)| Write::put(member, expect));
        let writes = writes.collect::<Result<Vec<_>, StoreError>>()?;
        let (of, mut written) = (writes.len(), 0);
        for some in commits_of(writes) {
            let more = some.len();
            match self.write_some(some).await {
                Ok(()) => written += more,
                Err(why) if written > 0 => return Err(AppError::Partly { written, of, why: Box::new(why) }),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes crew records, in as few commits as the store takes; every call that asks one of these people, or has them
    /// aboard, is looked at again.
    ///
    /// # Errors
    /// As [`App::write_roster`].
    pub(crate) async fn write_records(&self, records: Vec<Write>) -> Result<(), AppError> {
        for some in commits_of(records) {
            self.write_some(some).await?;
        }
        Ok(())
    }
}

impl App {
    async fn write_some(&self, records: Vec<Write>) -> Result<(), AppError> {
        let mut attempts = 0;
        loop {
            let mut writes = records.clone();
            writes.extend(self.look_again_at(&records).await?);
            attempts += 1;
            match self.store.commit(writes).await {
                Ok(()) => return Ok(()),
                // Somebody is being asked, or has answered, at this moment.
                Err(CommitError::Conflict(key))
                    if key.table == Table::Commitments && attempts < limits::COMMIT_ATTEMPTS =>
                {
                    tokio::task::yield_now().await;
                }
                Err(CommitError::Conflict(key)) => return Err(AppError::Superseded(key)),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
    }

    /// What goes along with records that change.
    ///
    /// Whoever decides to ask one of these people has read the record as it was, and names the version of the
    /// person's commitments. So these are written, too, as they are: of such a decision and the change the later one
    /// sees the other. And a row of the outbox has every call looked at again that asks one of them, or has them
    /// aboard.
    async fn look_again_at(&self, records: &[Write]) -> Result<Vec<Write>, AppError> {
        let changed: Vec<(CrewId, u64)> = records.iter().filter_map(changes_somebody).collect();
        let Some((first, version)) = changed.first() else { return Ok(Vec::new()) };
        let ids: Vec<&str> = changed.iter().map(|(id, _)| id.as_str()).collect();
        let now = self.clock.now();
        let (mut writes, mut charters) = (Vec::with_capacity(ids.len() + 1), BTreeSet::new());
        for ((id, _), read) in changed.iter().zip(read_many::<Commitments>(&*self.store, &ids).await?) {
            let expected = read.as_ref().map_or(Expect::Absent, Versioned::expected);
            let commitments = read.map_or_else(|| Commitments::none(id.clone()), |read| read.value);
            writes.push(Write::put(&commitments, expected)?);
            let ahead = commitments.entries.into_iter().filter(|entry| entry.until > now);
            charters.extend(ahead.map(|entry| entry.charter_id));
        }
        let charters: Vec<CharterId> = charters.into_iter().collect();
        if let Some(charter_id) = charters.first().cloned() {
            // A record has each version once.
            let key = format!("roster/{first}-{version}");
            writes.push(Write::put(&OutboxRow::nudge(key, charter_id, charters, now), Expect::Absent)?);
        }
        Ok(writes)
    }
}

/// Whose record it is that a write changes, and the version that it replaces; `None` for somebody new.
fn changes_somebody(write: &Write) -> Option<(CrewId, u64)> {
    match write {
        Write::Put { key, expect: Expect::Version(version), .. } => Some((key.id.parse().ok()?, *version)),
        _ => None,
    }
}

/// The writes in as few commits as the store takes, in their order; each with room for what goes along.
fn commits_of(writes: Vec<Write>) -> Vec<Vec<Write>> {
    let mut commits: Vec<Vec<Write>> = Vec::new();
    let (mut items, mut bytes) = (0, 0);
    for write in writes {
        let with_commitments = 1 + usize::from(changes_somebody(&write).is_some());
        let size = match &write {
            Write::Put { body, .. } => body.len(),
            Write::Delete { .. } | Write::Check { .. } => 0,
        };
        match commits.last_mut() {
            Some(commit) if items + with_commitments < COMMIT_ITEMS && bytes + size <= COMMIT_BYTES / 2 => {
                (items, bytes) = (items + with_commitments, bytes + size);
                commit.push(write);
            }
            _ => {
                (items, bytes) = (with_commitments, size);
                commits.push(vec![write]);
            }
        }
    }
    commits
}

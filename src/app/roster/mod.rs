//! Changing the roster: what would change, and the change itself.

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
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember, Fault};
use serde_json::Value;

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
    /// What is legal and has consequences, row by row.
    pub notes: Vec<Note>,
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

/// One row of an import beside what the roster says.
struct Compared<'a> {
    given: &'a Given,
    id: Option<CrewId>,
    known: Option<Versioned<CrewMember>>,
    /// The person as they would be, unless faults were found.
    member: Option<CrewMember>,
}

impl App {
    /// Checks people against the roster, and says what would change. Each fault comes with the place
    /// in `people`; all of them are found at once.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn compare_roster(
        &self,
        people: &[Given],
    ) -> Result<Result<Changes, Vec<(usize, Fault)>>, StoreError> {
        let roster: BTreeSet<CrewId> =
            self.roster().await?.into_iter().map(|member| member.crew_id).collect();
        let ids: Vec<Option<CrewId>> = people.iter().map(Given::id).collect();
        let readable: Vec<&str> = ids.iter().flatten().map(CrewId::as_str).collect();
        let mut read = read_many::<CrewMember>(&*self.store, &readable).await?.into_iter();
        let mut faults = Vec::new();
        let mut rows = Vec::with_capacity(people.len());
        for (row, (given, id)) in people.iter().zip(ids).enumerate() {
            let known = id.as_ref().and_then(|_| read.next().flatten());
            let member = given.member(known.as_ref().map(|known| &known.value), self);
            let member = member.map_err(|found| faults.extend(found.into_iter().map(|fault| (row, fault))));
            rows.push(Compared { given, id, known, member: member.ok() });
        }
        faults.extend(faults_between(&rows, &roster));
        if !faults.is_empty() {
            faults.sort_by_key(|(row, _)| *row);
            return Ok(Err(faults));
        }
        let mut changes = Changes::default();
        let today = self.operator.zone.to_datetime(self.clock.now()).date();
        for Compared { given, known, member, .. } in rows {
            if let Some(member) = member {
                changes.notes.extend(notes::of(given, &member, today));
                changes.take(member, known);
            }
        }
        Ok(Ok(changes))
    }

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

/// Faults that no row has by itself: people twice, strangers as usual crew, too many people.
fn faults_between(rows: &[Compared<'_>], roster: &BTreeSet<CrewId>) -> Vec<(usize, Fault)> {
    let mut faults = Vec::new();
    let mut given: BTreeSet<&CrewId> = BTreeSet::new();
    for (row, id) in rows.iter().enumerate().filter_map(|(row, compared)| Some((row, compared.id.as_ref()?)))
    {
        if !given.insert(id) {
            let problem = format!("{id} stands in this file twice; keep one of the two");
            faults.push((row, Fault::new("crew_id", problem)));
        }
    }
    for (row, compared) in rows.iter().enumerate() {
        // What the roster has and the row does not speak of was checked when it came in.
        let member = compared.member.as_ref().filter(|_| compared.given.record.contains_key("paired_crew"));
        for id in member.map_or(&[][..], |member| &member.paired_crew) {
            if !given.contains(id) && !roster.contains(id) {
                let problem = format!(
                    "names {id}, who is neither in this file nor on the roster; add them, or leave the id out"
                );
                faults.push((row, Fault::new("paired_crew", problem)));
            }
        }
    }
    let total = roster.len() + given.iter().filter(|id| !roster.contains(**id)).count();
    if total > limits::ROSTER_MEMBERS {
        let problem =
            format!("would make a roster of {total} people; at most {} are taken", limits::ROSTER_MEMBERS);
        faults.push((rows.len().saturating_sub(1), Fault::new("roster", problem)));
    }
    faults
}

impl Changes {
    fn take(&mut self, member: CrewMember, read: Option<Versioned<CrewMember>>) {
        match read {
            None => {
                // Added people stand before changed ones, in `expects` too.
                self.expects.insert(self.added.len(), Expect::Absent);
                self.added.push(member);
            }
            Some(known) if known.value == member => self.unchanged += 1,
            Some(known) => {
                self.expects.push(known.expected());
                let differences = differences(&known.value, &member);
                self.changed.push((member, differences));
            }
        }
    }
}

fn differences(before: &CrewMember, after: &CrewMember) -> Vec<Change> {
    let (before, after) = (flat(before), flat(after));
    let fields: BTreeSet<&String> = before.iter().chain(&after).map(|(field, _)| field).collect();
    let find = |record: &[(String, Value)], field: &str| {
        record.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone())
    };
    fields
        .into_iter()
        .map(|field| Change {
            field: field.clone(),
            before: find(&before, field),
            after: find(&after, field),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

/// A record with one entry for each date and each credential.
fn flat(member: &CrewMember) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    for (field, value) in member.to_record() {
        match value {
            Value::Object(entries) if given::is_taken_one_by_one(&field) => {
                fields.extend(entries.into_iter().map(|(entry, word)| (format!("{field}.{entry}"), word)));
            }
            value => fields.push((field, value)),
        }
    }
    fields
}

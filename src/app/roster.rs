//! Changing the roster: what would change, and the change itself.

use std::collections::BTreeSet;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember, Fault};
use serde_json::Value;

use super::{App, AppError};
use crate::store::{
    COMMIT_BYTES, COMMIT_ITEMS, CommitError, Expect, Store, StoreError, Versioned, Write, read_many,
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
    /// Checks people against the roster, and says what would change. Each fault comes with the place
    /// in `members`.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn compare_roster(
        &self,
        members: &[CrewMember],
    ) -> Result<Result<Changes, Vec<(usize, Fault)>>, StoreError> {
        let known: BTreeSet<CrewId> = self.roster().await?.into_iter().map(|member| member.crew_id).collect();
        let ids: Vec<&str> = members.iter().map(|member| member.crew_id.as_str()).collect();
        let read = read_many::<CrewMember>(&*self.store, &ids).await?;
        let faults = self.roster_faults(members, &known);
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        let mut changes = Changes::default();
        for (member, read) in members.iter().zip(read) {
            changes.take(member, read);
        }
        Ok(Ok(changes))
    }

    fn roster_faults(&self, members: &[CrewMember], known: &BTreeSet<CrewId>) -> Vec<(usize, Fault)> {
        let mut faults = Vec::new();
        let mut given: BTreeSet<&CrewId> = BTreeSet::new();
        for (row, member) in members.iter().enumerate() {
            if !given.insert(&member.crew_id) {
                faults.push((
                    row,
                    Fault::new(
                        "crew_id",
                        format!("{} stands in this file twice; keep one of the two", member.crew_id),
                    ),
                ));
            }
            if !self.operator.ranks.contains(&member.rank) {
                let problem = format!("is {:?}; write one of {}", member.rank.as_str(), self.rank_list());
                faults.push((row, Fault::new("rank", problem)));
            }
        }
        for (row, member) in members.iter().enumerate() {
            for id in &member.paired_crew {
                if !given.contains(id) && !known.contains(id) {
                    let problem = format!(
                        "names {id}, who is neither in this file nor on the roster; add them, or leave the id out"
                    );
                    faults.push((row, Fault::new("paired_crew", problem)));
                }
            }
        }
        let total = known.len() + given.iter().filter(|id| !known.contains(**id)).count();
        if total > limits::ROSTER_MEMBERS {
            let problem = format!(
                "would make a roster of {total} people; at most {} are taken",
                limits::ROSTER_MEMBERS
            );
            faults.push((members.len().saturating_sub(1), Fault::new("roster", problem)));
        }
        faults
    }

    /// Writes the changes that [`App::compare_roster`] found: everyone in one commit where they fit,
    /// else in several. A run that is cut short leaves whole records, and is finished by repeating it.
    ///
    /// # Errors
    /// [`AppError::Superseded`] if a record was changed since the comparison; a failing store.
    pub async fn write_roster(&self, changes: &Changes) -> Result<(), AppError> {
        let members = changes.added.iter().chain(changes.changed.iter().map(|(member, _)| member));
        let expects = changes.expects.iter().cloned();
        let writes = members.zip(expects).map(|(member, expect)| Write::put(member, expect));
        let writes = writes.collect::<Result<Vec<_>, StoreError>>()?;
        for some in commits_of(writes) {
            match self.store.commit(some).await {
                Ok(()) => {}
                Err(CommitError::Conflict(key)) => return Err(AppError::Superseded(key)),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// The writes in as few commits as the store takes, in their order.
fn commits_of(writes: Vec<Write>) -> Vec<Vec<Write>> {
    let mut commits: Vec<Vec<Write>> = Vec::new();
    let mut bytes = 0;
    for write in writes {
        let size = match &write {
            Write::Put { body, .. } => body.len(),
            Write::Delete { .. } | Write::Check { .. } => 0,
        };
        match commits.last_mut() {
            Some(commit) if commit.len() < COMMIT_ITEMS && bytes + size <= COMMIT_BYTES => {
                bytes += size;
                commit.push(write);
            }
            _ => {
                bytes = size;
                commits.push(vec![write]);
            }
        }
    }
    commits
}

impl Changes {
    fn take(&mut self, member: &CrewMember, read: Option<Versioned<CrewMember>>) {
        match read {
            None => {
                // Added people stand before changed ones, in `expects` too.
                self.expects.insert(self.added.len(), Expect::Absent);
                self.added.push(member.clone());
            }
            Some(known) if known.value == *member => self.unchanged += 1,
            Some(known) => {
                self.expects.push(known.expect());
                self.changed.push((member.clone(), differences(&known.value, member)));
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

/// A record with one entry for each date of the availability.
fn flat(member: &CrewMember) -> Vec<(String, Value)> {
    let mut fields = Vec::new();
    for (field, value) in member.to_record() {
        match value {
            Value::Object(dates) if field == "availability" => {
                fields.extend(dates.into_iter().map(|(date, word)| (format!("availability.{date}"), word)));
            }
            value => fields.push((field, value)),
        }
    }
    fields
}

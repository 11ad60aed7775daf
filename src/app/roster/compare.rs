//! What an import would change: each of its rows beside what the roster says.

use std::collections::BTreeSet;

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, CrewMember, Fault};
use serde_json::Value;

use super::{Change, Changes, Given, Note, given, notes};
use crate::app::App;
use crate::aside::aside;
use crate::store::{Expect, StoreError, Versioned, read_many};

/// What is wrong with an import.
#[derive(Debug, Default)]
pub struct Faults {
    /// The first of them, in the order of the rows, each with the place of its row: at most [`limits::FAULTS_SHOWN`].
    pub first: Vec<(usize, Fault)>,
    /// How many there are.
    pub count: usize,
}

impl Faults {
    /// Counts one more; it is made only if it is one of the first. Rows are to come in their order.
    fn add(&mut self, row: usize, fault: impl FnOnce() -> Fault) {
        if self.first.len() < limits::FAULTS_SHOWN {
            self.first.push((row, fault()));
        }
        self.count += 1;
    }

    /// Those of both, in the order of the rows; of one row, ours come first.
    fn with(mut self, other: Self) -> Self {
        self.first.extend(other.first);
        self.first.sort_by_key(|(row, _)| *row);
        self.first.truncate(limits::FAULTS_SHOWN);
        Self { first: self.first, count: self.count + other.count }
    }
}

/// One row of an import beside what the roster says.
struct Compared {
    id: Option<CrewId>,
    known: Option<Versioned<CrewMember>>,
    /// The person as they would be, unless faults were found.
    member: Option<CrewMember>,
    /// Whether it says who their usual crew is.
    says_crew: bool,
    notes: Vec<Note>,
}

impl App {
    /// Checks people against the roster, and says what would change. All faults are found at once. Other requests do not
    /// wait meanwhile. What people are given as goes as it is compared: it takes as much room as what comes of it.
    ///
    /// # Errors
    /// If the store fails; and within, what is wrong with the rows.
    pub async fn compare_roster(&self, people: Vec<Given>) -> Result<Result<Changes, Faults>, StoreError> {
        let roster: BTreeSet<CrewId> =
            self.roster().await?.into_iter().map(|member| member.crew_id).collect();
        let ids: Vec<Option<CrewId>> = aside(|| people.iter().map(Given::id).collect());
        let readable: Vec<&str> = ids.iter().flatten().map(CrewId::as_str).collect();
        let read = read_many::<CrewMember>(&*self.store, &readable).await?;
        Ok(aside(|| self.compared(people, ids, read, &roster)))
    }

    /// What people would change, of whom these ids could be read, and these records of those ids.
    fn compared(
        &self,
        people: Vec<Given>,
        ids: Vec<Option<CrewId>>,
        read: Vec<Option<Versioned<CrewMember>>>,
        roster: &BTreeSet<CrewId>,
    ) -> Result<Changes, Faults> {
        let mut read = read.into_iter();
        let mut faults = Faults::default();
        let mut rows = Vec::with_capacity(people.len());
        let today = self.operator.zone.to_datetime(self.clock.now()).date();
        for (row, (given, id)) in people.into_iter().zip(ids).enumerate() {
            let known = id.as_ref().and_then(|_| read.next().flatten());
            let member = match given.member(known.as_ref().map(|known| &known.value), self) {
                Ok(member) => Some(member),
                Err(found) => {
                    found.into_iter().for_each(|fault| faults.add(row, || fault));
                    faults.count += given.more_faults;
                    None
                }
            };
            let says_crew = given.record.contains_key("paired_crew");
            let noted = member.as_ref().filter(|_| faults.count == 0);
            let notes = noted.map(|member| notes::of(&given, member, today)).unwrap_or_default();
            rows.push(Compared { id, known, member, says_crew, notes });
        }
        let faults = faults_between(&rows, roster).into_iter().fold(faults, Faults::with);
        if faults.count > 0 {
            return Err(faults);
        }
        let mut changes = Changes::default();
        for Compared { known, member, notes, .. } in rows {
            if let Some(member) = member {
                changes.note(notes);
                changes.take(member, known);
            }
        }
        Ok(changes)
    }
}

/// Faults that no row has by itself: people twice, strangers as usual crew, too many people.
fn faults_between(rows: &[Compared], roster: &BTreeSet<CrewId>) -> [Faults; 3] {
    let [mut twice, mut strangers, mut too_many] = [(); 3].map(|()| Faults::default());
    let mut given: BTreeSet<&CrewId> = BTreeSet::new();
    for (row, id) in rows.iter().enumerate().filter_map(|(row, compared)| Some((row, compared.id.as_ref()?)))
    {
        if !given.insert(id) {
            twice.add(row, || {
                Fault::new("crew_id", format!("{id} stands in this file twice; keep one of the two"))
            });
        }
    }
    for (row, compared) in rows.iter().enumerate() {
        // What the roster has and the row does not speak of was checked when it came in.
        let member = compared.member.as_ref().filter(|_| compared.says_crew);
        for id in member.map_or(&[][..], |member| &member.paired_crew) {
            if !given.contains(id) && !roster.contains(id) {
                strangers.add(row, || {
                    let problem = format!(
                        "names {id}, who is neither in this file nor on the roster; add them, or leave the id out"
                    );
                    Fault::new("paired_crew", problem)
                });
            }
        }
    }
    let total = roster.len() + given.iter().filter(|id| !roster.contains(**id)).count();
    if total > limits::ROSTER_MEMBERS {
        too_many.add(rows.len().saturating_sub(1), || {
            let most = limits::ROSTER_MEMBERS;
            Fault::new("roster", format!("would make a roster of {total} people; at most {most} are taken"))
        });
    }
    [twice, strangers, too_many]
}

impl Changes {
    fn note(&mut self, notes: Vec<Note>) {
        let room = limits::FAULTS_SHOWN.saturating_sub(self.notes.len());
        self.more_notes += notes.len().saturating_sub(room);
        self.notes.extend(notes.into_iter().take(room));
    }

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
pub(super) fn flat(member: &CrewMember) -> Vec<(String, Value)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_faults_of_all_rows_are_kept_and_all_are_counted() {
        let fault = |field: &str| Fault::new(field, "is odd");
        let (mut own, mut between) = (Faults::default(), Faults::default());
        (0..100_000).for_each(|row| own.add(row / 2, || fault("email")));
        (0..100_000).step_by(10).for_each(|row| between.add(row, || fault("crew_id")));
        assert_eq!((own.first.len(), own.count), (limits::FAULTS_SHOWN, 100_000));
        let both = own.with(between);
        assert_eq!((both.first.len(), both.count), (limits::FAULTS_SHOWN, 110_000));
        let shown: Vec<(usize, &str)> =
            both.first.iter().map(|(row, fault)| (*row, fault.field.as_str())).collect();
        assert_eq!(shown[..4], [(0, "email"), (0, "email"), (0, "crew_id"), (1, "email")]);
        assert!(shown.contains(&(20, "crew_id")) && shown.is_sorted_by_key(|(row, _)| *row), "{shown:?}");
    }
}

//! Bringing the people that a decision needs, and remembering in which version they were read.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CharterState, Need, People};
use crewcall_dispatch::commitments::Commitments;
use crewcall_dispatch::model::{CharterId, CrewId, CrewMember, Rank};

use super::records::{PAGE, ROSTER, rank_bounds};
use crate::store::{
    Expect, GET_KEYS, Key, Query, Row, Store, StoreError, Table, Versioned, list_all, read_many,
};

/// People as they were read for one decision.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) people: People,
    versions: BTreeMap<CrewId, Expect>,
}

impl Gathered {
    /// Brings what the decision asked for.
    pub(super) async fn bring(&mut self, store: &dyn Store, need: Need) -> Result<(), StoreError> {
        match need {
            Need::Rank(rank) => {
                let members = read_rank(store, &rank).await?;
                self.people.insert_rank(rank, members);
            }
            Need::People(ids) => {
                for ids in ids.chunks(GET_KEYS / 2) {
                    self.bring_people(store, ids).await?;
                }
            }
            Need::Charters(ids) => {
                let names: Vec<&str> = ids.iter().map(CharterId::as_str).collect();
                let read = read_many::<CharterState>(store, &names).await?;
                for (id, read) in ids.into_iter().zip(read) {
                    self.people.insert_charter(id, read.map(|read| read.value));
                }
            }
            Need::Commitments(ids) => {
                for ids in ids.chunks(GET_KEYS) {
                    self.bring_commitments(store, ids).await?;
                }
            }
        }
        Ok(())
    }

    async fn bring_people(&mut self, store: &dyn Store, ids: &[CrewId]) -> Result<(), StoreError> {
        let both = |id: &CrewId| [Table::Crew, Table::Commitments].map(|table| Key::new(table, id.as_str()));
        let keys: Vec<Key> = ids.iter().flat_map(both).collect();
        let mut rows = store.get(&keys).await?.into_iter();
        for id in ids {
            let (member, commitments) = (rows.next().flatten(), rows.next().flatten());
            let member = member.map(|row| row.parse::<CrewMember>()).transpose()?.map(|read| read.value);
            let commitments = self.note_version(id, commitments)?;
            self.people.insert(member, commitments);
        }
        Ok(())
    }

    async fn bring_commitments(&mut self, store: &dyn Store, ids: &[CrewId]) -> Result<(), StoreError> {
        let keys: Vec<Key> = ids.iter().map(|id| Key::new(Table::Commitments, id.as_str())).collect();
        for (id, row) in ids.iter().zip(store.get(&keys).await?) {
            let commitments = self.note_version(id, row)?;
            self.people.insert_commitments(commitments);
        }
        Ok(())
    }

    fn note_version(&mut self, id: &CrewId, row: Option<Row>) -> Result<Commitments, StoreError> {
        let read = row.map(|row| row.parse::<Commitments>()).transpose()?;
        self.versions.insert(id.clone(), read.as_ref().map_or(Expect::Absent, Versioned::expected));
        Ok(read.map_or_else(|| Commitments::none(id.clone()), |read| read.value))
    }

    /// What the commit expects of a person's commitments.
    pub(super) fn expected(&self, id: &CrewId) -> Expect {
        self.versions.get(id).cloned().unwrap_or(Expect::Absent)
    }
}

/// Everyone of a rank, in cascade order.
async fn read_rank(store: &dyn Store, rank: &Rank) -> Result<Vec<CrewMember>, StoreError> {
    let (from, to) = rank_bounds(rank);
    list_all(store, Query::new(Table::Crew, ROSTER, PAGE).from(from).to(to)).await
}

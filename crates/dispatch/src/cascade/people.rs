//! The people a decision may look at.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::state::CharterState;
use crate::commitments::Commitments;
use crate::model::{CharterId, CrewId, CrewMember, Rank};

/// The people that the caller brought. What is not here is asked for with [`Need`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    // Shared, because a rehearsal has people of its own, and their records are long.
    members: BTreeMap<CrewId, Option<Arc<CrewMember>>>,
    commitments: BTreeMap<CrewId, Commitments>,
    ranks: BTreeMap<Rank, Arc<[CrewMember]>>,
    charters: BTreeMap<CharterId, Option<Arc<CharterState>>>,
}

/// What the caller has to bring before a decision can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// The records of these people, and their commitments.
    People(Vec<CrewId>),
    /// The commitments of these people. A decision about someone who was asked already reads no
    /// record, which is much the longer of the two.
    Commitments(Vec<CrewId>),
    /// Everyone of this rank; records only.
    Rank(Rank),
    /// Other charters, of which a plan has to know until when they ask somebody. No decision looks at them.
    Charters(Vec<CharterId>),
}

impl People {
    /// Brings one person: the sails they are asked for or confirmed on, and their record, `None` when
    /// they are not on the roster (any more).
    pub fn insert(&mut self, member: Option<CrewMember>, commitments: Commitments) {
        self.members.insert(commitments.crew_id.clone(), member.map(Arc::new));
        self.insert_commitments(commitments);
    }

    /// Brings one person's commitments.
    pub fn insert_commitments(&mut self, commitments: Commitments) {
        self.commitments.insert(commitments.crew_id.clone(), commitments);
    }

    /// Brings everyone of a rank.
    pub fn insert_rank(&mut self, rank: Rank, members: Vec<CrewMember>) {
        self.ranks.insert(rank, members.into());
    }

    /// Brings another charter, `None` when there is none of that id.
    pub fn insert_charter(&mut self, id: CharterId, state: Option<CharterState>) {
        self.charters.insert(id, state.map(Arc::new));
    }

    /// Other charters, or the need for those that are missing.
    pub(super) fn charters<'a>(
        &'a self,
        ids: impl IntoIterator<Item = &'a CharterId>,
    ) -> Result<BTreeMap<&'a CharterId, &'a CharterState>, Need> {
        let (mut found, mut missing) = (BTreeMap::new(), Vec::new());
        for id in ids {
            match self.charters.get(id) {
                Some(Some(state)) => drop(found.insert(id, &**state)),
                Some(None) => {}
                None => missing.push(id.clone()),
            }
        }
        if missing.is_empty() { Ok(found) } else { Err(Need::Charters(missing)) }
    }

    /// The person's record, or the need for it.
    pub(super) fn member(&self, id: &CrewId) -> Result<Option<&CrewMember>, Need> {
        let member = self.members.get(id).ok_or_else(|| Need::People(vec![id.clone()]))?;
        Ok(member.as_deref())
    }

    /// The person's commitments, or the need for them.
    pub(super) fn commitments(&self, id: &CrewId) -> Result<&Commitments, Need> {
        self.commitments.get(id).ok_or_else(|| Need::Commitments(vec![id.clone()]))
    }

    /// Makes sure that all of `ids` are here with record and commitments, and asks for the missing
    /// ones at one go.
    pub(super) fn require<'a>(&self, ids: impl IntoIterator<Item = &'a CrewId>) -> Result<(), Need> {
        let missing: Vec<CrewId> =
            ids.into_iter().filter(|id| !self.members.contains_key(*id)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(Need::People(missing)) }
    }

    /// The same for commitments alone.
    pub(super) fn require_commitments<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a CrewId>,
    ) -> Result<(), Need> {
        let missing: Vec<CrewId> =
            ids.into_iter().filter(|id| !self.commitments.contains_key(*id)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(Need::Commitments(missing)) }
    }

    /// Everyone of a rank, or the need for them.
    pub(super) fn rank(&self, rank: &Rank) -> Result<&[CrewMember], Need> {
        self.ranks.get(rank).map(AsRef::as_ref).ok_or_else(|| Need::Rank(rank.clone()))
    }
}

//! The people a decision may look at.

use std::collections::BTreeMap;

use crate::commitments::Commitments;
use crate::model::{CrewId, CrewMember, Rank};

/// One person as the store has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The record; `None` when the person is not on the roster (any more).
    pub member: Option<CrewMember>,
    /// The sails the person is asked for or confirmed on.
    pub commitments: Commitments,
}

/// The people that the caller brought. What is not here is asked for with [`Need`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    persons: BTreeMap<CrewId, Person>,
    ranks: BTreeMap<Rank, Vec<CrewMember>>,
}

/// What the caller has to bring before a decision can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// These people, with their commitments.
    People(Vec<CrewId>),
    /// Everyone of this rank; records only.
    Rank(Rank),
}

impl People {
    /// Brings one person.
    pub fn insert(&mut self, id: CrewId, person: Person) {
        self.persons.insert(id, person);
    }

    /// Brings everyone of a rank.
    pub fn insert_rank(&mut self, rank: Rank, members: Vec<CrewMember>) {
        self.ranks.insert(rank, members);
    }

    /// The person, or the need for them.
    pub(super) fn person(&self, id: &CrewId) -> Result<&Person, Need> {
        self.persons.get(id).ok_or_else(|| Need::People(vec![id.clone()]))
    }

    /// Makes sure that all of `ids` are here, and asks for the missing ones at one go.
    pub(super) fn require<'a>(&self, ids: impl Iterator<Item = &'a CrewId>) -> Result<(), Need> {
        let missing: Vec<CrewId> = ids.filter(|id| !self.persons.contains_key(*id)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(Need::People(missing)) }
    }

    /// Everyone of a rank, or the need for them.
    pub(super) fn rank(&self, rank: &Rank) -> Result<&[CrewMember], Need> {
        self.ranks.get(rank).map(Vec::as_slice).ok_or_else(|| Need::Rank(rank.clone()))
    }
}

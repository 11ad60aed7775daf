//! Whose a row is. The id in the row's last column says so, and the name; where the two disagree, people have sorted,
//! copied or typed, and what they did is told from what the other rows say. A row's number says nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::rank;
use super::names::{Details, Directory, Found, Written, key};
use super::why::Why;
use crate::model::{CrewId, Rank};

/// A row before it is known whose it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Raw {
    pub(super) row: usize,
    pub(super) name: String,
    pub(super) named_in: usize,
    pub(super) id: String,
    /// Cells that may tell people of one name apart: the rank, the address, the number.
    pub(super) beside: Vec<String>,
    /// Whether something stands in the row that would be somebody's.
    pub(super) filled: bool,
}

/// What a row is found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    /// Somebody's.
    Person(CrewId),
    /// Somebody's who is on no roster.
    Stranger(Why),
    /// Somebody's, and it has to be asked whose.
    Unclear(Why),
}

/// Whose each of the rows is. `is_roster` where people are added, so that an unknown name is a new person's.
pub(super) fn resolve(rows: &[Raw], directory: &Directory, is_roster: bool) -> Vec<Whose> {
    let claims: Vec<Claim> = rows.iter().map(|row| Claim::of(row, directory)).collect();
    let mut by_both: BTreeMap<&CrewId, usize> = BTreeMap::new();
    let mut names: BTreeMap<&CrewId, usize> = BTreeMap::new();
    for claim in &claims {
        if let Claim::Both(id) = claim {
            *by_both.entry(id).or_default() += 1;
        }
        if let Some(id) = claim.name() {
            *names.entry(id).or_default() += 1;
        }
    }
    let stands = |id: &CrewId| by_both.contains_key(id);
    let mut whose: Vec<Whose> = Vec::with_capacity(rows.len());
    for (claim, row) in claims.iter().zip(rows) {
        whose.push(match claim {
            Claim::Both(id) | Claim::Name(id) => Whose::Person(id.clone()),
            // Sorted apart: the name went with the rest of the row, the id stayed, and both are elsewhere, too.
            Claim::Torn { id, name } if names.contains_key(id) && names.get(name) == Some(&1) => {
                Whose::Person(name.clone())
            }
            Claim::Torn { id, name } => Whose::Unclear(Why::Torn { id: id.clone(), name: name.clone() }),
            // A copy of somebody's row, with another name in it.
            Claim::Renamed { id, unknown, .. } if stands(id) => Whose::Stranger(unknown.clone()),
            Claim::Renamed { id, alike: true, .. } => Whose::Person(id.clone()),
            Claim::Renamed { id, unknown, .. } => match (is_roster, unknown) {
                (true, Why::Nobody { name, .. }) => {
                    Whose::Unclear(Why::Replaced { id: id.clone(), name: name.clone() })
                }
                _ => Whose::Unclear(unknown.clone()),
            },
            Claim::Unknown(why @ Why::Nobody { .. }) => Whose::Stranger(why.clone()),
            Claim::Unknown(why) => Whose::Unclear(why.clone()),
        });
        debug_assert!(!row.name.is_empty() || !row.id.is_empty() || row.filled);
    }
    twice(rows, &claims, &mut whose);
    whose
}

/// Nobody has two rows in one table: where two have a person's name, or are found to be theirs, neither counts.
fn twice(rows: &[Raw], claims: &[Claim], whose: &mut [Whose]) {
    let mut places: BTreeMap<CrewId, BTreeSet<usize>> = BTreeMap::new();
    for (place, (claim, whose)) in claims.iter().zip(&*whose).enumerate() {
        if let Some(id) = claim.name() {
            places.entry(id.clone()).or_default().insert(place);
        }
        if let Whose::Person(id) = whose {
            places.entry(id.clone()).or_default().insert(place);
        }
    }
    for (id, places) in places {
        for place in &places {
            let other = places.iter().find(|other| *other != place);
            if let (Whose::Person(_), Some(other)) = (&whose[*place], other) {
                whose[*place] = Whose::Unclear(Why::Twice { person: id.clone(), row: rows[*other].row });
            }
        }
    }
}

/// What a row says by itself.
enum Claim {
    /// Id and name are one person's.
    Both(CrewId),
    /// The name is; there is no id, or one that is nobody's.
    Name(CrewId),
    /// The id is one person's, the name another's.
    Torn { id: CrewId, name: CrewId },
    /// The id is somebody's, the name nobody's; `alike` if it may be another name of theirs.
    Renamed { id: CrewId, alike: bool, unknown: Why },
    /// Neither is anybody's.
    Unknown(Why),
}

impl Claim {
    fn of(row: &Raw, directory: &Directory) -> Self {
        let id = row.id.trim().parse::<CrewId>().ok().filter(|id| directory.has(id));
        if row.name.is_empty() {
            return match id {
                // Somebody has emptied the name, which is no reason to take the row for another one's.
                Some(id) => Self::Renamed { id, alike: true, unknown: Why::NoName },
                None => Self::Unknown(Why::NoName),
            };
        }
        let found = match directory.find(&row.name) {
            Found::Several(people) => match told_apart(&people, row, directory) {
                Some(one) => Found::One(one),
                None => Found::Several(people),
            },
            found => found,
        };
        let name = Written::parse(&row.name).name;
        match (id, found) {
            (Some(id), _) if directory.calls(&row.name, &id) => Self::Both(id),
            (Some(id), Found::One(name)) => Self::Torn { id, name },
            (Some(id), Found::Several(people)) => {
                Self::Renamed { id, alike: false, unknown: Why::Several { name, people } }
            }
            (Some(id), Found::Nobody) => {
                let near = directory.near(&row.name);
                let alike = near.contains(&id) || is_alike(&id, &name, row, directory);
                Self::Renamed { id, alike, unknown: Why::Nobody { name, near } }
            }
            (None, Found::One(id)) => Self::Name(id),
            (None, Found::Several(people)) => Self::Unknown(Why::Several { name, people }),
            (None, Found::Nobody) => Self::Unknown(Why::Nobody { near: directory.near(&name), name }),
        }
    }

    /// Whose name stands in the row.
    fn name(&self) -> Option<&CrewId> {
        match self {
            Self::Both(id) | Self::Name(id) | Self::Torn { name: id, .. } => Some(id),
            Self::Renamed { .. } | Self::Unknown(_) => None,
        }
    }
}

/// Of people of one name the one who has the address, the number or the rank that stands in the row.
fn told_apart(people: &[CrewId], row: &Raw, directory: &Directory) -> Option<CrewId> {
    let by = |test: &dyn Fn(&Details) -> bool| {
        let mut fit = people.iter().filter(|id| directory.details(id).is_some_and(test));
        fit.next().filter(|_| fit.next().is_none()).cloned()
    };
    let ranks: Vec<Rank> = row.beside.iter().filter_map(|text| rank(text)).collect();
    by(&|person| person.is_reached_at(&row.beside))
        .or_else(|| by(&|person| person.rank.as_ref().is_some_and(|rank| ranks.contains(rank))))
}

/// Whether a new name may be the same person's: a part of it stays, or the address or the number does.
fn is_alike(id: &CrewId, name: &str, row: &Raw, directory: &Directory) -> bool {
    let Some(person) = directory.details(id) else { return false };
    let part_stays = key(name).split(' ').any(|word| person.name.split(' ').any(|other| other == word));
    part_stays || person.is_reached_at(&row.beside)
}

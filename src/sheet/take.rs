//! What the store takes over from the sheet: crew records, written the way in which every change of the roster is, so that
//! calls that run look at whoever has changed.

use std::collections::BTreeMap;

use crewcall_dispatch::model::{CrewId, CrewMember, Fault};
use crewcall_dispatch::sheet::Change;
use serde_json::{Map, json};

use crate::app::{App, AppError};
use crate::store::{Expect, Versioned, Write, read_many};

/// Why changes were not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum TakeError {
    /// Somebody was faster: what was planned is not what there is. Plan again.
    #[error("the roster changed meanwhile")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Changes that a record cannot have, with the reason.
pub(super) type NotTaken = Vec<(CrewId, Vec<Fault>)>;

/// Takes them over.
pub(super) async fn take(app: &App, changes: &[Change]) -> Result<NotTaken, TakeError> {
    let mut by_person: BTreeMap<&CrewId, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        by_person.entry(&change.person).or_default().push(change);
    }
    let ids: Vec<&str> = by_person.keys().map(|id| id.as_str()).collect();
    let known = read_many::<CrewMember>(&*app.store, &ids).await.map_err(AppError::from)?;
    let (mut writes, mut not_taken) = (Vec::new(), Vec::new());
    for ((id, changes), known) in by_person.into_iter().zip(known) {
        if known.is_some() == changes.iter().any(|change| change.new) {
            return Err(TakeError::Changed);
        }
        let before = known.as_ref().map(|known| &known.value);
        let mut record = before.map_or_else(
            || Map::from_iter([("crew_id".to_owned(), json!(id.as_str()))]),
            CrewMember::to_record,
        );
        for change in changes {
            if before.and_then(|before| change.item.of(before)) != change.before {
                return Err(TakeError::Changed);
            }
            change.item.put(&mut record, change.after.as_deref());
        }
        match CrewMember::parse(&record) {
            Ok(member) => {
                let expect = known.as_ref().map_or(Expect::Absent, Versioned::expected);
                writes.push(Write::put(&member, expect).map_err(AppError::from)?);
            }
            Err(faults) => not_taken.push((id.clone(), faults)),
        }
    }
    match app.write_records(writes).await {
        Ok(()) => Ok(not_taken),
        Err(AppError::Superseded(_)) => Err(TakeError::Changed),
        Err(error) => Err(error.into()),
    }
}

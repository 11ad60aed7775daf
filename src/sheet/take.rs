//! What the store takes over from the sheet: crew records, written the way in which every change of the roster is, so that
//! calls that run look at whoever has changed.

use std::collections::BTreeMap;

use crewcall_dispatch::model::{CrewId, CrewMember, Fault};
use crewcall_dispatch::sheet::{Change, Field, Item};
use serde_json::{Map, Value, json};

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
        let before = known.as_ref().map(|known| known.value.to_record());
        let mut record =
            before.unwrap_or_else(|| Map::from_iter([("crew_id".to_owned(), json!(id.as_str()))]));
        for change in changes {
            if !change.new && of(&record, change.item) != change.before {
                return Err(TakeError::Changed);
            }
            put(&mut record, change.item, change.after.as_deref());
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

/// What a record has of an item, in the words of the sheet.
fn of(record: &Map<String, Value>, item: Item) -> Option<String> {
    let value = match item {
        Item::Day(date) => record.get("availability")?.get(date.to_string())?,
        Item::Field(field) => record.get(field.attribute())?,
    };
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(ids) => {
            let ids: Vec<&str> = ids.iter().filter_map(Value::as_str).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
        _ => None,
    }
}

fn put(record: &mut Map<String, Value>, item: Item, words: Option<&str>) {
    match item {
        Item::Day(date) => {
            let days = record.entry("availability").or_insert_with(|| json!({}));
            if !days.is_object() {
                *days = json!({});
            }
            let Some(days) = days.as_object_mut() else { return };
            match words {
                Some(words) => days.insert(date.to_string(), json!(words)),
                None => days.remove(&date.to_string()),
            };
        }
        Item::Field(field) => {
            let value = words.map(|words| match field {
                Field::Order => words.parse::<u32>().map_or_else(|_| json!(words), |order| json!(order)),
                Field::UsualCrew => words.split_whitespace().collect(),
                _ => json!(words),
            });
            match value {
                Some(value) => record.insert(field.attribute().to_owned(), value),
                None => record.remove(field.attribute()),
            };
        }
    }
}

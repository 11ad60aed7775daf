//! What happened between sheet and store, each with the address of the cell.

use crewcall_dispatch::sheet::{Batch, Book, Change, Edit, Overwrote, Owner};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::take::NotTaken;
use super::told;
use crate::random;
use crate::store::{BODY_BYTES, Expect, Query, Record, Store, StoreError, Table, Write, list_all};

/// The list of all of them. No charter has an id with this character.
pub(super) const LIST: &str = "~sheet";
/// Bytes of events in one row: cells can hold long texts.
const ROW_BYTES: usize = BODY_BYTES / 4;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetEvent {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub what: What,
    /// The cell, as `June Availability!C5`.
    pub cell: String,
    /// Whose record it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crew_id: Option<String>,
    /// Of what: an attribute, a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What was there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What is there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The store took over what stands in the sheet.
    Taken,
    /// It was written into the sheet.
    Written,
    /// It was found on both sides. Either both were changed to the same, or whoever changed one of them died before it was
    /// on record.
    Agreed,
    /// Something was written over that nobody had read; `before` is what stood there.
    Overwrote,
}

/// Those of one round, or a part of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetEvents {
    /// Their place in the list.
    pub(super) order: String,
    /// In order, never empty.
    pub events: Vec<SheetEvent>,
}

impl Record for SheetEvents {
    const TABLE: Table = Table::Event;

    fn id(&self) -> String {
        format!("{LIST}/{}", self.order)
    }
}

impl SheetEvent {
    fn new(at: Timestamp, what: What, cell: String) -> Self {
        Self { at, what, cell, crew_id: None, item: None, before: None, after: None }
    }
}

/// What the store took over, but for what it could not.
pub(super) fn taken(changes: &[Change], not_taken: &NotTaken, now: Timestamp) -> Vec<SheetEvent> {
    let is_taken = |change: &&Change| not_taken.iter().all(|(person, _)| *person != change.person);
    let event = |change: &Change| SheetEvent {
        crew_id: Some(change.person.to_string()),
        item: Some(change.item.name()),
        before: change.before.clone(),
        after: change.after.clone(),
        ..SheetEvent::new(now, What::Taken, change.at.to_string())
    };
    changes.iter().filter(is_taken).map(event).collect()
}

/// What was found on both sides.
pub(super) fn agreed(agreed: &[Change], now: Timestamp) -> Vec<SheetEvent> {
    let events = taken(agreed, &Vec::new(), now).into_iter();
    events.map(|event| SheetEvent { what: What::Agreed, ..event }).collect()
}

/// What a batch wrote.
pub(super) fn written(batch: &Batch, book: &Book, now: Timestamp) -> Vec<SheetEvent> {
    batch.edits.iter().filter_map(|edit| of_edit(edit, book, now)).collect()
}

fn of_edit(edit: &Edit, book: &Book, now: Timestamp) -> Option<SheetEvent> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let event = SheetEvent {
        after: some(&told::text(edit)),
        ..SheetEvent::new(now, What::Written, told::place(edit, book)?)
    };
    Some(match edit {
        Edit::Cell { shows, agrees, .. } => SheetEvent {
            crew_id: agrees.as_ref().map(|(person, ..)| person.to_string()),
            item: agrees.as_ref().map(|(_, item, _)| item.clone()),
            before: some(shows),
            ..event
        },
        Edit::Note { .. } => SheetEvent { item: Some("note".into()), ..event },
        Edit::Row { owner: Owner::Person(person), .. } => {
            SheetEvent { crew_id: Some(person.to_string()), ..event }
        }
        Edit::Row { .. } | Edit::Columns { .. } => event,
    })
}

/// What was written over that nobody had read.
pub(super) fn overwrote(over: &Overwrote, book: &Book, now: Timestamp) -> SheetEvent {
    let title = book.tab(over.tab).map_or("", |tab| tab.title.as_str());
    SheetEvent {
        before: Some(over.before.clone()),
        after: Some(over.ours.clone()),
        ..SheetEvent::new(now, What::Overwrote, format!("{title}!{}", over.at))
    }
}

/// The rows that keep them, in their order.
pub(super) fn rows(events: &[SheetEvent]) -> Result<Vec<Write>, StoreError> {
    let mut rows: Vec<(usize, Vec<SheetEvent>)> = Vec::new();
    for event in events {
        let bytes = serde_json::to_string(event).map_or(0, |json| json.len());
        match rows.last_mut() {
            Some((filled, events)) if *filled + bytes <= ROW_BYTES => {
                *filled += bytes;
                events.push(event.clone());
            }
            _ => rows.push((bytes, vec![event.clone()])),
        }
    }
    let write = |(nth, (_, events)): (usize, (usize, Vec<SheetEvent>))| {
        let at = events.first().map_or(0, |event| event.at.as_microsecond());
        let order = format!("{at:020}-{nth:04}-{}", random::token::<5>()?);
        // Named by chance: whoever finds it there has committed it before, and tries the rest again.
        Write::put(&SheetEvents { order, events }, Expect::Any)
    };
    rows.into_iter().enumerate().map(write).collect()
}

/// All of them, the oldest first.
///
/// # Errors
/// If the store fails.
pub async fn history(store: &dyn Store) -> Result<Vec<SheetEvent>, StoreError> {
    const AT_ONCE: usize = 50;
    let rows = list_all::<SheetEvents>(store, Query::new(Table::Event, LIST, AT_ONCE)).await?;
    Ok(rows.into_iter().flat_map(|row| row.events).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_stand_in_a_row_as_have_room() {
        let event = |n: usize| SheetEvent {
            before: Some("⛵".repeat(n * 40)),
            ..SheetEvent::new(Timestamp::UNIX_EPOCH, What::Overwrote, format!("June!A{n}"))
        };
        let events: Vec<SheetEvent> = (1..300).map(event).collect();
        let mut kept = Vec::new();
        for write in rows(&events).unwrap() {
            let Write::Put { body, .. } = write else { panic!("{write:?}") };
            assert!(body.len() < BODY_BYTES, "{}", body.len());
            kept.extend(serde_json::from_str::<SheetEvents>(&body).unwrap().events);
        }
        assert_eq!(kept, events);
    }
}

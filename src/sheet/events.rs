//! What happened between sheet and store, each with the address of the cell.

use crewcall_dispatch::sheet::{Batch, Book, Change, Edit, Overwrote, Whose};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::take::NotTaken;
use crate::random;
use crate::store::{Expect, Query, Record, Store, StoreError, Table, Write, list_all};

/// The list of all of them. No charter has an id with this character.
pub(super) const LIST: &str = "~sheet";
/// Events in one row.
const IN_ONE_ROW: usize = 500;

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

/// What a batch wrote.
pub(super) fn written(batch: &Batch, book: &Book, now: Timestamp) -> Vec<SheetEvent> {
    batch.edits.iter().filter_map(|edit| of_edit(edit, book, now)).collect()
}

fn of_edit(edit: &Edit, book: &Book, now: Timestamp) -> Option<SheetEvent> {
    let title = book.tab(edit.tab()).map_or("", |tab| tab.title.as_str());
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let event = |cell: String| SheetEvent::new(now, What::Written, format!("{title}!{cell}"));
    Some(match edit {
        Edit::Cell { at, shows, text, agrees, .. } => SheetEvent {
            crew_id: agrees.as_ref().map(|(person, ..)| person.to_string()),
            item: agrees.as_ref().map(|(_, item, _)| item.clone()),
            before: some(shows),
            after: some(text),
            ..event(at.to_string())
        },
        Edit::Note { at, note, .. } => {
            SheetEvent { item: Some("note".into()), after: some(note), ..event(at.to_string()) }
        }
        Edit::Row { below, whose, cells, .. } => {
            let texts: Vec<&str> = cells.iter().map(|(_, text)| text.as_str()).collect();
            let row = below + 2;
            SheetEvent {
                crew_id: match whose {
                    Whose::Person(person) => Some(person.to_string()),
                    Whose::Charter(_) => None,
                },
                after: some(&texts.join(" | ")),
                ..event(format!("{row}:{row}"))
            }
        }
        Edit::Columns { .. } => return None,
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

/// The rows that keep them.
pub(super) fn rows(events: &[SheetEvent]) -> Result<Vec<Write>, StoreError> {
    let rows = events.chunks(IN_ONE_ROW).enumerate().map(|(nth, events)| {
        let at = events.first().map_or(0, |event| event.at.as_microsecond());
        let order = format!("{at:020}-{nth:04}-{}", random::token::<5>()?);
        Write::put(&SheetEvents { order, events: events.to_vec() }, Expect::Absent)
    });
    rows.collect()
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

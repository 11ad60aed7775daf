//! Which item of which table a row is.
//!
//! People who came with tables of their own keep them: their names and the names of their attributes are those
//! that their other programs read. What such a program never reads stands in one further table.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use sha2::{Digest, Sha256};

use crate::store::item::{from_micros, micros_up};
use crate::store::{Key, StoreError, Table, TableNames};
use jiff::Timestamp;

/// An item, or the key of one.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The version of a row (N).
pub(super) const VERSION: &str = "version";
/// The commit that wrote the row last (S), by which a lost answer is settled.
pub(super) const COMMIT_ID: &str = "commit_id";
/// The list in which a row is (S): the name of the kind of rows, `#`, and the name of the list.
pub(super) const LISTED_UNDER: &str = "listed_under";
/// Where in the list (S).
pub(super) const LISTED_ORDER: &str = "listed_order";
/// Which of the timers a row is on (S): the name of the kind of rows, `#`, and a number below [`SHARDS`].
pub(super) const DUE_SHARD: &str = "due_shard";
/// When it is due, and its id (S): [`due_order`].
pub(super) const DUE_ORDER: &str = "due_order";
/// From when on DynamoDB itself may delete the row (N, seconds since 1970).
pub(super) const TTL: &str = "ttl";
/// The body as JSON text (S), where it is not, or not only, kept as attributes.
pub(super) const BODY: &str = "body";

/// The attributes that say something about a row and are no part of its body.
pub(super) const ABOUT: [&str; 8] =
    [VERSION, COMMIT_ID, LISTED_UNDER, LISTED_ORDER, DUE_SHARD, DUE_ORDER, TTL, BODY];

/// The sort key of a charter's own item; its events have [`EVENT`] and their place.
const STATE: &str = "state";
const EVENT: &str = "event#";

/// The index of lists (`listed_under`, `listed_order`).
pub(super) const LISTED_INDEX: &str = "listed";
/// The sparse index of what is due (`due_shard`, `due_order`).
pub(super) const DUE_INDEX: &str = "due";
/// Timers of one kind of rows. One partition of an index takes 1,000 writes a second.
pub(super) const SHARDS: u8 = 4;
/// How long a row that has ended is left to the program, which deletes it at once, before DynamoDB does.
const TTL_AFTER_SECONDS: i64 = 24 * 60 * 60;

/// One of the DynamoDB tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The roster.
    Crew,
    /// Charters with their events.
    Charters,
    /// Links.
    Tokens,
    /// Everything else.
    Rest,
}

impl Place {
    pub(super) const ALL: [Place; 4] = [Place::Crew, Place::Charters, Place::Tokens, Place::Rest];

    /// Where rows of this kind are.
    pub(super) fn of(table: Table) -> Place {
        match table {
            Table::Crew => Place::Crew,
            Table::Charter | Table::Event => Place::Charters,
            Table::Token => Place::Tokens,
            Table::Commitments | Table::Outbox | Table::Session | Table::Service => Place::Rest,
        }
    }

    /// The attributes of its key: partition and, if it has one, sort key.
    pub(super) fn key(self) -> (&'static str, Option<&'static str>) {
        match self {
            Place::Crew => ("crew_id", None),
            Place::Charters => ("charter_id", Some("entry")),
            Place::Tokens => ("token_id", None),
            Place::Rest => ("pk", None),
        }
    }

    /// Whether bodies are attributes of their own, for other programs to read.
    pub(super) fn is_open(self) -> bool {
        self != Place::Rest
    }

    /// Whether the index of lists has whole rows. The one of charters has not: a charter is written often and
    /// all are in one list, so that each write would go to one and the same partition of the index as well.
    pub(super) fn lists_whole_rows(self) -> bool {
        self != Place::Charters
    }
}

impl TableNames {
    pub(super) fn of(&self, place: Place) -> String {
        let name = match place {
            Place::Crew => "crew-dispatch",
            Place::Charters => "charter-chats",
            Place::Tokens => &self.tokens,
            Place::Rest => "crewcall",
        };
        format!("{}{name}", self.prefix)
    }
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// The key of a row's item. `None` for an id that no row has: that of an event without its charter.
pub(super) fn key_of(key: &Key) -> Option<Item> {
    let place = Place::of(key.table);
    let (partition, sort) = match key.table {
        Table::Charter => (key.id.clone(), Some(STATE.to_owned())),
        Table::Event => {
            let (charter, order) = key.list_and_order()?;
            (charter.to_owned(), Some(format!("{EVENT}{order}")))
        }
        _ if place == Place::Rest => (format!("{}#{}", key.table.name(), key.id), None),
        _ => (key.id.clone(), None),
    };
    let (partition_name, sort_name) = place.key();
    let sort = sort_name.zip(sort).map(|(name, value)| (name.to_owned(), text(value)));
    Some([(partition_name.to_owned(), text(partition))].into_iter().chain(sort).collect())
}

/// The row that an item's key is of. `None` if it is none of ours.
pub(super) fn row_of(place: Place, item: &Item) -> Option<Key> {
    let (partition, sort) = place.key();
    let partition = item.get(partition)?.as_s().ok()?;
    let sort = sort.map(|name| item.get(name).and_then(|value| value.as_s().ok()));
    match (place, sort) {
        (Place::Crew, _) => Some(Key::new(Table::Crew, partition)),
        (Place::Tokens, _) => Some(Key::new(Table::Token, partition)),
        (Place::Charters, Some(Some(sort))) if sort == STATE => Some(Key::new(Table::Charter, partition)),
        (Place::Charters, Some(Some(sort))) => {
            let order = sort.strip_prefix(EVENT)?;
            Some(Key::new(Table::Event, format!("{partition}/{order}")))
        }
        (Place::Charters, _) => None,
        (Place::Rest, _) => {
            let (table, id) = partition.split_once('#')?;
            let table = Table::ALL.into_iter().find(|of| of.name() == table && Place::of(*of) == place)?;
            Some(Key::new(table, id))
        }
    }
}

/// Where events from this place on stand among the items of a charter, and up to where.
pub(super) fn event_bounds(from: Option<&str>, to: Option<&str>) -> (String, String) {
    // '$' is the character after '#'.
    let end = to.map_or_else(|| "event$".to_owned(), |to| format!("{EVENT}{to}"));
    (format!("{EVENT}{}", from.unwrap_or_default()), end)
}

/// The name of a list in the index, which several kinds of rows share.
pub(super) fn list_name(table: Table, under: &str) -> String {
    format!("{}#{under}", table.name())
}

/// The timers of one kind of rows.
pub(super) fn shards(table: Table) -> impl Iterator<Item = String> {
    (0..SHARDS).map(move |shard| shard_name(table, shard))
}

/// The timer that a row is on.
pub(super) fn shard_of(key: &Key) -> String {
    let hash = Sha256::digest(&key.id);
    shard_name(key.table, hash[0] % SHARDS)
}

fn shard_name(table: Table, shard: u8) -> String {
    format!("{}#{shard}", table.name())
}

/// The place of a row among what is due: the instant as text that sorts by time, a slash, the id.
pub(super) fn due_order(at: Timestamp, id: &str) -> String {
    format!("{}/{id}", sortable(micros_up(at)))
}

/// Behind everything that is due at `micros` or earlier: '0' is the character after '/'.
pub(super) fn due_until(micros: i64) -> String {
    format!("{}0", sortable(micros))
}

/// Microseconds as text that sorts as the numbers do: counted from the first instant that there is.
fn sortable(micros: i64) -> String {
    format!("{:018}", micros.saturating_sub(micros_up(Timestamp::MIN)))
}

/// When a row is due, from its place among what is due.
pub(super) fn due_at(key: &Key, order: &str) -> Result<Timestamp, StoreError> {
    let digits = order.split_once('/').map_or(order, |(digits, _)| digits);
    match digits.parse::<i64>() {
        Ok(micros) => from_micros(key, micros.saturating_add(micros_up(Timestamp::MIN))),
        Err(error) => Err(StoreError::corrupt(key.to_string(), error)),
    }
}

/// Whether rows of this kind are never deleted, so that their versions only ever rise.
pub(super) fn is_kept(table: Table) -> bool {
    match table {
        Table::Charter | Table::Event | Table::Crew | Table::Commitments | Table::Token => true,
        Table::Outbox | Table::Session | Table::Service => false,
    }
}

/// From when on DynamoDB may delete a row that is due then: only what is due to be forgotten.
pub(super) fn ttl(table: Table, due_at: Option<Timestamp>) -> Option<i64> {
    let forgotten = matches!(table, Table::Session | Table::Service);
    due_at.filter(|_| forgotten).map(|at| at.as_second().saturating_add(TTL_AFTER_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_row_is_found_again_by_its_key() {
        for table in Table::ALL {
            let key = Key::new(table, "charter_1/00000001");
            let item = key_of(&key).unwrap();
            assert_eq!(row_of(Place::of(table), &item), Some(key));
        }
        assert_eq!(key_of(&Key::new(Table::Event, "00000001")), None);
    }

    #[test]
    fn the_order_of_what_is_due_is_that_of_time() {
        let times = [
            Timestamp::MIN,
            "-000001-06-01T00:00:00Z".parse().unwrap(),
            Timestamp::UNIX_EPOCH,
            Timestamp::MAX,
        ];
        let orders = times.map(|at| due_order(at, "id"));
        assert!(orders.is_sorted(), "{orders:?}");
        let key = Key::new(Table::Outbox, "id");
        for (at, order) in times.into_iter().zip(&orders) {
            assert_eq!(micros_up(due_at(&key, order).unwrap()), micros_up(at));
            assert!(*order < due_until(micros_up(at)));
        }
    }

    #[test]
    fn only_what_may_vanish_has_a_time_to_live() {
        let due = Some(Timestamp::UNIX_EPOCH);
        let with: Vec<Table> = Table::ALL.into_iter().filter(|table| ttl(*table, due).is_some()).collect();
        assert_eq!(with, [Table::Session, Table::Service]);
        assert_eq!(ttl(Table::Service, None), None);
    }
}

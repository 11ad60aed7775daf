//! Rows as the program's own types.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::aside::aside;

use super::{Expect, GET_KEYS, Key, Listing, Query, Row, Store, StoreError, Table, Write};

/// From so many rows on, reading their bodies takes milliseconds.
const MANY: usize = 100;

/// A type that is stored as the rows of one table. It must serialize to a JSON object.
pub trait Record: Serialize + DeserializeOwned {
    /// The table of its rows.
    const TABLE: Table;

    /// The id of its row.
    fn id(&self) -> String;

    /// Where it is listed, if it is.
    fn listing(&self) -> Option<Listing> {
        None
    }

    /// When something is due about it, if ever.
    fn due_at(&self) -> Option<Timestamp> {
        None
    }
}

/// A value with the version in which it was read, which the commit that changes it must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// How often the row was written, from 1.
    pub version: u64,
    /// What it says.
    pub value: T,
}

impl<T> Versioned<T> {
    /// What a commit that was decided from this value expects to find.
    pub fn expected(&self) -> Expect {
        Expect::Version(self.version)
    }
}

impl Row {
    /// Reads the body.
    pub fn parse<T: Record>(&self) -> Result<Versioned<T>, StoreError> {
        debug_assert_eq!(self.key.table, T::TABLE, "a row is read as a record of another table");
        match serde_json::from_str(&self.body) {
            Ok(value) => Ok(Versioned { version: self.version, value }),
            Err(error) => Err(StoreError::corrupt(self.key.to_string(), error)),
        }
    }
}

impl Write {
    /// Writes a record, with its listing and its deadline.
    pub fn put<T: Record>(record: &T, expect: Expect) -> Result<Self, StoreError> {
        let key = Key::new(T::TABLE, record.id());
        match serde_json::to_string(record) {
            Ok(body) => {
                Ok(Write::Put { key, expect, body, listing: record.listing(), due_at: record.due_at() })
            }
            Err(error) => Err(StoreError::Unwritable { key, cause: Arc::new(error) }),
        }
    }

    /// Removes the record with this id, in this version.
    pub fn delete<T: Record>(id: impl Into<String>, version: u64) -> Self {
        Write::Delete { key: Key::new(T::TABLE, id), expect: Expect::Version(version) }
    }

    /// Makes the commit depend on the record with this id.
    pub fn check<T: Record>(id: impl Into<String>, expect: Expect) -> Self {
        Write::Check { key: Key::new(T::TABLE, id), expect }
    }
}

/// The record with this id.
pub async fn read<T: Record>(store: &dyn Store, id: &str) -> Result<Option<Versioned<T>>, StoreError> {
    let rows = store.get(&[Key::new(T::TABLE, id)]).await?;
    rows.into_iter().flatten().next().map(|row| row.parse()).transpose()
}

/// The records with these ids, in the order of the ids, however many there are.
pub async fn read_many<T: Record>(
    store: &dyn Store,
    ids: &[impl AsRef<str> + Sync],
) -> Result<Vec<Option<Versioned<T>>>, StoreError> {
    let mut records = Vec::with_capacity(ids.len());
    for some in ids.chunks(GET_KEYS) {
        let keys: Vec<Key> = some.iter().map(|id| Key::new(T::TABLE, id.as_ref())).collect();
        for row in store.get(&keys).await? {
            records.push(row.map(|row| row.parse()).transpose()?);
        }
    }
    Ok(records)
}

/// The records of a list, however many there are: the query's limit is what is read at one go. Its table
/// must be the record's.
pub async fn list_all<T: Record>(store: &dyn Store, mut query: Query) -> Result<Vec<T>, StoreError> {
    let mut all = Vec::new();
    loop {
        let page = store.list(&query).await?;
        let mut read = || page.iter().try_for_each(|row| row.parse().map(|read| all.push(read.value)));
        if page.len() < MANY { read() } else { aside(read) }?;
        match page.last() {
            Some(last) if page.len() == query.limit => query = query.after(last),
            _ => return Ok(all),
        }
    }
}

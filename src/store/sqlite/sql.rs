//! The statements, and rows as they come out of them.

use std::array;
use std::sync::{Arc, LazyLock};

use rusqlite::types::Type;

use super::connection::is_log_broken;
use crate::store::item::from_micros;
use crate::store::{Key, Listing, Row, StoreError, Table};

/// The statements on one table. Written once: SQLite's cache of prepared statements is looked up by their text.
#[derive(Debug)]
pub(super) struct Statements {
    pub(super) get: String,
    list: [String; 2],
    pub(super) due: String,
    pub(super) next_due: String,
    pub(super) after: String,
    pub(super) state: String,
    pub(super) insert: String,
    update: [String; 4],
    pub(super) delete: String,
}

/// The statements on this table.
pub(super) fn on(table: Table) -> &'static Statements {
    static ALL: LazyLock<[Statements; Table::ALL.len()]> =
        LazyLock::new(|| array::from_fn(|index| Statements::new(Table::ALL[index])));
    &ALL[table.index()]
}

const LISTING: &str = ", listed_under = ?3, listed_order = ?4";
const DUE_AT: &str = ", due_at = ?5";
const LISTING_AND_DUE_AT: &str = ", listed_under = ?3, listed_order = ?4, due_at = ?5";

impl Statements {
    /// Writes a row anew. An index whose columns the statement names is rewritten even if they stay as they
    /// were, which makes one or two pages more to sync; so it names only what moves.
    pub(super) fn update(&self, listing_moves: bool, due_at_moves: bool) -> &str {
        &self.update[usize::from(listing_moves) + 2 * usize::from(due_at_moves)]
    }

    /// The rows of a list, or the same with the last first.
    pub(super) fn list(&self, backwards: bool) -> &str {
        &self.list[usize::from(backwards)]
    }

    fn new(table: Table) -> Self {
        let lists_by_id = table.lists_by_id();
        let table = table.name();
        let row = "SELECT id, version, listed_under, listed_order, due_at, body FROM";
        Statements {
            get: format!("{row} {table} WHERE id = ?1"),
            list: ["", " DESC"].map(|desc| {
                if lists_by_id {
                    // '0' is the character after '/'.
                    format!(
                        "{row} {table}
                         WHERE id >= ?1 || '/' || ?2 AND id < ?1 || coalesce('/' || ?3, '0')
                         ORDER BY id{desc} LIMIT ?4"
                    )
                } else {
                    // Every blob is above every text: without an upper bound x'' is one, and the index serves both.
                    format!(
                        "{row} {table}
                         WHERE listed_under = ?1 AND listed_order >= ?2 AND listed_order < coalesce(?3, x'')
                         ORDER BY listed_order{desc}, id{desc} LIMIT ?4"
                    )
                }
            }),
            due: format!("{row} {table} WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2"),
            after: format!("{row} {table} WHERE id > ?1 ORDER BY id LIMIT ?2"),
            next_due: format!("SELECT min(due_at) FROM {table} WHERE due_at IS NOT NULL"),
            state: format!("SELECT version, listed_under, listed_order, due_at FROM {table} WHERE id = ?1"),
            insert: format!(
                "INSERT INTO {table} (id, version, listed_under, listed_order, due_at, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
            ),
            update: ["", LISTING, DUE_AT, LISTING_AND_DUE_AT]
                .map(|moved| format!("UPDATE {table} SET version = ?2, body = ?6{moved} WHERE id = ?1")),
            delete: format!("DELETE FROM {table} WHERE id = ?1"),
        }
    }
}

/// Reads a row as `get`, `list` and `due` select it.
pub(super) fn row(table: Table, columns: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    let id: String = columns.get(0).map_err(|error| failed(table, error))?;
    let key = Key::new(table, id);
    match rest(columns) {
        Ok((version, listing, due_at, body)) => {
            let due_at = due_at.map(|micros| from_micros(&key, micros)).transpose()?;
            Ok(Row { key, version, body, listing, due_at })
        }
        Err(error) => Err(StoreError::corrupt(key.to_string(), error)),
    }
}

type Rest = (u64, Option<Listing>, Option<i64>, String);

fn rest(columns: &rusqlite::Row<'_>) -> rusqlite::Result<Rest> {
    let version: i64 = columns.get(1)?;
    let version = u64::try_from(version)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Integer, Box::new(error)))?;
    let listing = match (columns.get(2)?, columns.get(3)?) {
        (Some(under), Some(order)) => Some(Listing { under, order }),
        _ => None,
    };
    Ok((version, listing, columns.get(4)?, columns.get(5)?))
}

/// What an error while reading a table means.
pub(super) fn failed(table: Table, error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
    match error.sqlite_error_code() {
        _ if is_log_broken(&error) => StoreError::LogBroken { cause: Arc::new(error) },
        Some(DiskFull) => StoreError::Full { cause: Arc::new(error) },
        Some(DatabaseCorrupt | NotADatabase) => {
            StoreError::corrupt(format!("the table of {} rows", table.name()), error)
        }
        _ => StoreError::unavailable("reading rows", error),
    }
}

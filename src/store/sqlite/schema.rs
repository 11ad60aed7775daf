//! The schema and its history.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::connection::{APPLICATION_ID, refusal};
use crate::store::StoreError;

/// Every step from an empty file to the current schema. A step that was released is never edited: add the next.
const MIGRATIONS: [&str; 1] = [include_str!("../../../migrations/0001_rows.sql")];

/// Brings the file to the current schema, all missing steps or none. `user_version` counts the steps taken.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let known = MIGRATIONS.len() as i64;
    let refuse = |error| refusal(path, error);
    // Taking the write lock first lets one of two processes that start at once do it and the other find it done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refuse)?;
    let found: i64 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(refuse)?;
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known });
    }
    let taken = usize::try_from(found).unwrap_or(0);
    if taken == MIGRATIONS.len() {
        return Ok(());
    }
    for step in &MIGRATIONS[taken..] {
        transaction.execute_batch(step).map_err(refuse)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(refuse)?;
    transaction.pragma_update(None, "user_version", known).map_err(refuse)?;
    transaction.commit().map_err(refuse)
}

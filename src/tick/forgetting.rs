//! What is not needed any more: sessions of the office that have ended, keys of commands that nobody sends again.

use std::time::Duration;

use crate::app::App;
use crate::store::{CommitError, Expect, StoreError, Table, Write};

/// Rows of a table read at one go, and deleted in one commit.
const AT_ONCE: usize = 25;
/// How long it may take. What is left then goes the next time: deadlines wait behind it.
const AT_MOST: Duration = Duration::from_secs(5);

/// Deletes what is past its time. Nothing depends on it, so a failure is told and no more.
pub(super) async fn forget_ended(app: &App) {
    match tokio::time::timeout(AT_MOST, forget(app)).await {
        Ok(Ok(())) | Err(_) => {}
        Ok(Err(error)) => tracing::warn!(%error, "sessions and keys that have ended could not be deleted"),
    }
}

async fn forget(app: &App) -> Result<(), StoreError> {
    for table in [Table::Session, Table::Service] {
        loop {
            let ended = app.store.due(table, app.clock.now(), AT_ONCE).await?;
            let more = ended.len() == AT_ONCE;
            let deletes = ended
                .into_iter()
                .map(|row| Write::Delete { key: row.key, expect: Expect::Version(row.version) });
            let deletes: Vec<Write> = deletes.collect();
            match app.store.commit(deletes.clone()).await {
                Ok(()) => {}
                Err(CommitError::Conflict(_)) => one_by_one(app, deletes).await?,
                Err(CommitError::Store(error)) => return Err(error),
            }
            if !more || app.is_stopping() {
                break;
            }
        }
    }
    Ok(())
}

/// One of them was used at this very moment, or deleted by another process.
async fn one_by_one(app: &App, deletes: Vec<Write>) -> Result<(), StoreError> {
    for delete in deletes {
        match app.store.commit(vec![delete]).await {
            Ok(()) | Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Store(error)) => return Err(error),
        }
    }
    Ok(())
}

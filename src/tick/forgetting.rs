//! What is not needed any more: sessions of the office that have ended, keys of commands that nobody sends again.

use crate::app::App;
use crate::store::{CommitError, Expect, StoreError, Table, Write};

/// Rows of a table read at one go.
const AT_ONCE: usize = 100;
/// How often at the most; what is left then goes the next time.
const ROUNDS: usize = 100;

/// Deletes what is past its time.
pub(super) async fn forget_ended(app: &App) -> Result<(), StoreError> {
    for table in [Table::Session, Table::Service] {
        for _ in 0..ROUNDS {
            let ended = app.store.due(table, app.clock.now(), AT_ONCE).await?;
            let more = ended.len() == AT_ONCE;
            for row in ended {
                let delete = Write::Delete { key: row.key, expect: Expect::Version(row.version) };
                match app.store.commit(vec![delete]).await {
                    // Used at this very moment, or deleted by another process.
                    Ok(()) | Err(CommitError::Conflict(_)) => {}
                    Err(CommitError::Store(error)) => return Err(error),
                }
            }
            if !more || app.is_stopping() {
                break;
            }
        }
    }
    Ok(())
}

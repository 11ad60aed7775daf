//! When the sheet and the store were last found, or brought, into step: what the board shows.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::store::{CommitError, Expect, Record, Store, StoreError, Table, Versioned, Write, read};

/// The id of the only such row.
const LAST_ROUND: &str = "sheet-round";
/// How exactly it is kept: a write for each round would cost more than a quiet round itself.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// The last round that was done to its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct LastRound {
    at: Timestamp,
}

impl Record for LastRound {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        LAST_ROUND.into()
    }
}

/// When a round was last done to its end.
///
/// # Errors
/// If the store fails.
pub async fn last_round(store: &dyn Store) -> Result<Option<Timestamp>, StoreError> {
    Ok(read::<LastRound>(store, LAST_ROUND).await?.map(|known| known.value.at))
}

/// Notes that a round was done.
pub(super) async fn note_round(store: &dyn Store, now: Timestamp) -> Result<(), StoreError> {
    let known = read::<LastRound>(store, LAST_ROUND).await?;
    if known.as_ref().is_some_and(|known| now.duration_since(known.value.at).abs() < NOTED_EVERY) {
        return Ok(());
    }
    let expect = known.as_ref().map_or(Expect::Absent, Versioned::expected);
    match store.commit(vec![Write::put(&LastRound { at: now }, expect)?]).await {
        // Another process has just done one, too.
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    #[tokio::test]
    async fn rounds_are_noted_once_a_minute_and_a_clock_that_was_ahead_is_not_believed_for_longer() {
        let store = MemoryStore::new();
        let at = |second: i64| Timestamp::from_second(1_782_500_400 + second).unwrap();
        assert_eq!(last_round(&store).await.unwrap(), None);
        for (round, noted) in [(0, 0), (59, 0), (60, 60), (7_200, 7_200), (61, 61)] {
            note_round(&store, at(round)).await.unwrap();
            assert_eq!(last_round(&store).await.unwrap(), Some(at(noted)), "{round}");
        }
    }
}

//! Sessions of the office, in the program's own store, so that every server knows them.

use std::sync::Arc;

use async_trait::async_trait;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record as Session};
use tower_sessions::session_store::{Error, Result};

use crate::app::App;
use crate::store::{CommitError, Expect, Record, StoreError, Table, Write, read};

/// One session. The row's id is a digest, so that reading the store does not sign anyone in.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct SessionRow {
    digest: String,
    data: serde_json::Map<String, serde_json::Value>,
    /// When it ends, in seconds since 1970 (UTC).
    ends_at: i64,
}

impl Record for SessionRow {
    const TABLE: Table = Table::Session;

    fn id(&self) -> String {
        self.digest.clone()
    }

    /// An ended session is due to be deleted: the tick does that.
    fn due_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.ends_at).ok()
    }
}

/// The sessions of an app.
#[derive(Clone)]
pub(super) struct Sessions(pub(super) Arc<App>);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

fn digest(id: Id) -> String {
    HEXLOWER.encode(&Sha256::digest(id.to_string()))
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

impl Sessions {
    /// Writes a session. One that says nothing signs nobody in and is not kept: the library makes it for
    /// every request whose cookie belongs to no session, and whoever makes cookies up could fill the store.
    async fn put(&self, session: &Session, expect: Expect) -> std::result::Result<(), StoreError> {
        if session.data.is_empty() {
            return Ok(());
        }
        let row = SessionRow {
            digest: digest(session.id),
            data: session.data.clone().into_iter().collect(),
            ends_at: session.expiry_date.unix_timestamp(),
        };
        match self.0.store.commit(vec![Write::put(&row, expect)?]).await {
            // Another page of the same browser was faster: what it says is the same, or that it signed out.
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, session: &mut Session) -> Result<()> {
        // 128 random bits: a collision is not a case.
        self.put(session, Expect::Absent).await.map_err(backend)
    }

    /// A session that was ended meanwhile stays ended.
    async fn save(&self, session: &Session) -> Result<()> {
        match read::<SessionRow>(&*self.0.store, &digest(session.id)).await.map_err(backend)? {
            Some(known) => self.put(session, known.expected()).await.map_err(backend),
            None => Ok(()),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Session>> {
        let row = read::<SessionRow>(&*self.0.store, &digest(*id)).await.map_err(backend)?;
        let Some(row) = row.map(|row| row.value) else { return Ok(None) };
        let now = self.0.clock.now().as_second();
        if row.ends_at <= now {
            return Ok(None);
        }
        // The library counts in its own type of time; from ours only the rest of the life is known.
        let left = std::time::Duration::from_secs((row.ends_at - now).unsigned_abs());
        let expiry_date = (std::time::SystemTime::now() + left).into();
        Ok(Some(Session { id: *id, data: row.data.into_iter().collect(), expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let digest = digest(*id);
        while let Some(row) = read::<SessionRow>(&*self.0.store, &digest).await.map_err(backend)? {
            match self.0.store.commit(vec![Write::delete::<SessionRow>(&digest, row.version)]).await {
                // A page under way has just renewed it: whoever signs out is to be out.
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(backend(error)),
                Ok(()) => break,
            }
        }
        Ok(())
    }
}

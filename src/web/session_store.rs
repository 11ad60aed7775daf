//! Sessions of the office, in the program's own store, so that every server knows them.

use std::sync::Arc;

use async_trait::async_trait;
use crewcall_dispatch::model::Email;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record as Session};
use tower_sessions::session_store::{Error, Result};

use super::session::{LIFE, USED, WHO, Who};
use crate::app::{App, User};
use crate::store::{CommitError, Expect, Listing, Query, Record, StoreError, Table, Write, list_all, read};

/// Rows that are read at one go.
const PAGE: usize = 100;

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

    fn listing(&self) -> Option<Listing> {
        Some(Listing { under: sessions_of(&self.who()?.email), order: self.digest.clone() })
    }

    /// An ended session is due to be deleted: the tick does that.
    fn due_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.ends_at).ok()
    }
}

/// Under this name a user's sessions are listed.
fn sessions_of(email: &Email) -> String {
    format!("sessions/{email}")
}

impl SessionRow {
    fn who(&self) -> Option<Who> {
        serde_json::from_value(self.data.get(WHO)?.clone()).ok()
    }
}

/// One of a user's sessions, for the user to see.
pub(super) struct Shown {
    /// What names it, and signs nobody in.
    pub(super) digest: String,
    pub(super) browser: String,
    pub(super) began_at: Timestamp,
    /// The day on which it was last used, where the operator is.
    pub(super) used: Option<Date>,
}

/// The sessions of an app.
#[derive(Clone)]
pub(super) struct Sessions(pub(super) Arc<App>);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

pub(super) fn digest(id: Id) -> String {
    HEXLOWER.encode(&Sha256::digest(id.to_string()))
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

impl Sessions {
    /// Where somebody is signed in, the latest first.
    pub(super) async fn of(&self, user: &User) -> std::result::Result<Vec<Shown>, StoreError> {
        let now = self.0.clock.now();
        let query = Query::new(Table::Session, sessions_of(&user.email), PAGE);
        let rows = list_all::<SessionRow>(&*self.0.store, query).await?;
        let live = rows.into_iter().filter(|row| row.ends_at > now.as_second());
        let mut shown: Vec<Shown> = live
            .filter_map(|row| {
                let who =
                    row.who().filter(|who| who.user_since == user.since && now < who.began_at + LIFE)?;
                let used = row.data.get(USED).and_then(|used| used.as_str()?.parse().ok());
                Some(Shown { digest: row.digest, browser: who.browser, began_at: who.began_at, used })
            })
            .collect();
        shown.sort_by_key(|session| std::cmp::Reverse(session.began_at));
        Ok(shown)
    }

    /// Whether a session signs somebody in still.
    pub(super) async fn is_live(&self, digest: &str) -> std::result::Result<bool, StoreError> {
        let Some(row) = read::<SessionRow>(&*self.0.store, digest).await? else { return Ok(false) };
        let Some(who) = row.value.who() else { return Ok(false) };
        let now = self.0.clock.now();
        let user = self.0.user(&who.email).await?;
        let is_user = user.is_some_and(|user| user.since == who.user_since);
        Ok(is_user && row.value.ends_at > now.as_second() && now < who.began_at + LIFE)
    }

    /// Ends a session, if it is that user's.
    pub(super) async fn end(&self, email: &Email, digest: &str) -> std::result::Result<(), StoreError> {
        // Nothing is as long as that, and a store need not take it as a key.
        if digest.len() > 64 {
            return Ok(());
        }
        while let Some(row) = read::<SessionRow>(&*self.0.store, digest).await? {
            if row.value.who().is_none_or(|who| who.email != *email) {
                break;
            }
            match self.0.store.commit(vec![Write::delete::<SessionRow>(digest, row.version)]).await {
                // A page under way has just renewed it: it is to end all the same.
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(error),
                Ok(()) => break,
            }
        }
        Ok(())
    }

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

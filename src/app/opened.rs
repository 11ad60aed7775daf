//! When the links of offers were first opened: what the office sees beside "asked" and "handed over".
//!
//! Nothing but the office's page reads it, no rule and no mail: filters of mail servers open links as people do, so it
//! says that the mail came through, and no more. It is what an access log would say, kept once for a link, and the one
//! thing that is written because somebody reads (RFC 9110, 9.2.1, on logs of safe methods).

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::Offer;
use crewcall_dispatch::link::TokenId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use crate::store::{CommitError, Expect, Record, StoreError, Table, Write, read, read_many};

/// That a link was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Opening {
    /// The public half of the link.
    token_id: TokenId,
    /// When, the first time.
    at: Timestamp,
}

impl Opening {
    fn id_of(token_id: &TokenId) -> String {
        format!("opened-{token_id}")
    }
}

impl Record for Opening {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        Self::id_of(&self.token_id)
    }
}

impl App {
    /// Remembers that the link of an offer that waits for an answer is being opened, the first time.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn opened(&self, offer: &Offer) -> Result<(), StoreError> {
        let id = Opening::id_of(&offer.token_id);
        if !offer.state.is_open() || read::<Opening>(&*self.store, &id).await?.is_some() {
            return Ok(());
        }
        let opening = Opening { token_id: offer.token_id.clone(), at: self.clock.now() };
        match self.store.commit(vec![Write::put(&opening, Expect::Absent)?]).await {
            // Somebody else was first.
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// When the links of these offers were first opened, of those that were.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn openings(&self, offers: &[Offer]) -> Result<BTreeMap<TokenId, Timestamp>, StoreError> {
        let ids: Vec<String> = offers.iter().map(|offer| Opening::id_of(&offer.token_id)).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let read = read_many::<Opening>(&*self.store, &ids).await?;
        Ok(read.into_iter().flatten().map(|row| (row.value.token_id, row.value.at)).collect())
    }
}

//! Tokens by which other programs use the API in the office's name.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::App;
use super::records::PAGE;
use crate::random;
use crate::store::{CommitError, Expect, Listing, Query, Record, StoreError, Table, Write, list_all, read};

/// Under this name all tokens are listed.
const TOKENS: &str = "api-tokens";
/// How every token begins, so that one that leaked is recognised.
const PREFIX: &str = "crewcall_api_";

/// A token of the API. The store has its digest only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Who acts with it, as the audit names them.
    pub name: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// SHA-256 of the token, in hexadecimal.
    digest: String,
}

impl Record for ApiToken {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        row_id(&self.digest)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { under: TOKENS.into(), order: format!("{}/{}", self.name, self.digest) })
    }
}

fn row_id(digest: &str) -> String {
    format!("api-token-{digest}")
}

fn digest(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token))
}

impl App {
    /// Makes a token with which a program acts as `name`. It is shown this once.
    ///
    /// # Errors
    /// If the store fails, or the machine has no randomness.
    pub async fn new_api_token(&self, name: &str) -> Result<String, StoreError> {
        let token = format!("{PREFIX}{}", random::token::<32>()?);
        let made_at = self.clock.now();
        let record = ApiToken { name: name.to_owned(), made_at, digest: digest(&token) };
        match self.store.commit(vec![Write::put(&record, Expect::Absent)?]).await {
            // No two tokens are alike, so there is none that was there before.
            Ok(()) | Err(CommitError::Conflict(_)) => Ok(token),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// All tokens, by name.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        list_all(&*self.store, Query::new(Table::Service, TOKENS, PAGE)).await
    }

    /// Ends the tokens of that name, and says how many there were.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn revoke_api_tokens(&self, name: &str) -> Result<usize, StoreError> {
        let named = self.api_tokens().await?.into_iter().filter(|token| token.name == name);
        let mut ended = 0;
        for token in named {
            // It is written once.
            match self.store.commit(vec![Write::delete::<ApiToken>(token.id(), 1)]).await {
                Ok(()) => ended += 1,
                // Somebody else ended it.
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok(ended)
    }

    /// Whose token this is, if it is one.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn api_token(&self, token: &str) -> Result<Option<ApiToken>, StoreError> {
        // Found by its digest: how long that takes says nothing of the token.
        let known = read::<ApiToken>(&*self.store, &row_id(&digest(token))).await?;
        Ok(known.map(|known| known.value))
    }
}

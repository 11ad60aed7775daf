//! Tokens by which other programs use the API in the office's name.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::App;
use super::records::PAGE;
use crate::random;
use crate::store::{
    CommitError, Expect, Listing, Query, Record, StoreError, Table, Versioned, Write, list_all, read,
};

/// Under this name all tokens are listed.
const TOKENS: &str = "api-tokens";
/// How every token begins, so that one that leaked is recognised. Then come the id of its row and the secret.
const PREFIX: &str = "crewcall_api_";

/// A token of the API; each name has one. The store has its digest only.
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
        row_id(&public_half(&self.name))
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { under: TOKENS.into(), order: self.name.clone() })
    }
}

fn row_id(public_half: &str) -> String {
    format!("api-token-{public_half}")
}

/// What tells one name's token from another's, and is no secret.
fn public_half(name: &str) -> String {
    digest(name).chars().take(16).collect()
}

fn digest(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text))
}

impl App {
    /// Makes a token with which a program acts as `name`. It is shown this once. `None` if the name has one already.
    ///
    /// # Errors
    /// If the store fails, or the machine has no randomness.
    pub async fn new_api_token(&self, name: &str) -> Result<Option<String>, StoreError> {
        let token = format!("{PREFIX}{}_{}", public_half(name), random::token::<32>()?);
        let made_at = self.clock.now();
        let record = ApiToken { name: name.to_owned(), made_at, digest: digest(&token) };
        match self.store.commit(vec![Write::put(&record, Expect::Absent)?]).await {
            Ok(()) => Ok(Some(token)),
            Err(CommitError::Conflict(_)) => Ok(None),
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

    /// Ends the token of that name, and says whether there was one.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn revoke_api_token(&self, name: &str) -> Result<bool, StoreError> {
        let id = row_id(&public_half(name));
        loop {
            let Some(Versioned { version, .. }) = read::<ApiToken>(&*self.store, &id).await? else {
                return Ok(false);
            };
            match self.store.commit(vec![Write::delete::<ApiToken>(id.as_str(), version)]).await {
                Ok(()) => return Ok(true),
                // Somebody else ended it, and may have made another.
                Err(CommitError::Conflict(_)) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
    }

    /// Whose token this is, if it is one.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn api_token(&self, token: &str) -> Result<Option<ApiToken>, StoreError> {
        let Some((public_half, _)) = token.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')) else {
            return Ok(None);
        };
        // Nothing is as long as that, and a store need not take it as a key.
        if public_half.len() > 16 {
            return Ok(None);
        }
        let known = read::<ApiToken>(&*self.store, &row_id(public_half)).await?.map(|known| known.value);
        let digest = digest(token);
        Ok(known.filter(|known| known.digest.as_bytes().ct_eq(digest.as_bytes()).into()))
    }
}

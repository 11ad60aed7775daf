//! Links that sign somebody of the office in, by mail.

use crewcall_dispatch::link::{Token, TokenId};
use crewcall_dispatch::model::Email;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::records::{Job, OutboxRow, by_time};
use super::{App, User};
use crate::random;
use crate::store::{CommitError, Expect, Listing, Query, Record, StoreError, Table, Versioned, Write, read};

/// How long a sign-in link works.
pub const SIGN_IN_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// Links of one user that work at the same time. Whoever asks for more gets none, and has these in the mailbox: so
/// nobody can fill it, and nobody can keep its owner out by asking.
const LINKS: usize = 3;

/// A sign-in link. The store has no secret: it is derived from the operator's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// Its public half.
    pub token_id: TokenId,
    /// SHA-256 of the secret half, in hexadecimal.
    digest: String,
    /// Whom it signs in.
    pub email: Email,
    /// Since when they were a user when it was made: whoever was removed and added again is somebody new.
    #[serde(default)]
    user_since: Timestamp,
    /// To which page it leads then; the board, where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// When it stops working.
    pub ends_at: Timestamp,
}

impl Record for SignInLink {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        row_id(&self.token_id)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing {
            under: links_of(&self.email),
            order: format!("{}/{}", by_time(self.ends_at), self.token_id),
        })
    }

    fn due_at(&self) -> Option<Timestamp> {
        Some(self.ends_at)
    }
}

fn row_id(token_id: &TokenId) -> String {
    format!("sign-in-{token_id}")
}

fn links_of(email: &Email) -> String {
    format!("sign-in/{email}")
}

impl App {
    /// Mails a sign-in link to whoever of the office has that address, which leads to the page `to` then; to anybody else
    /// nothing. Whether it does is told to nobody who asks, so that no one can find out who works here.
    ///
    /// # Errors
    /// If the store fails, or the machine has no randomness.
    pub async fn mail_sign_in_link(&self, email: &Email, to: Option<&str>) -> Result<(), StoreError> {
        let Some(user) = self.user(email).await? else { return Ok(()) };
        let now = self.clock.now();
        let live = Query::new(Table::Service, links_of(&user.email), LINKS).from(by_time(now));
        if self.store.list(&live).await?.len() >= LINKS {
            tracing::info!(email = %user.email, "no further sign-in link: earlier ones still work");
            return Ok(());
        }
        let token_id = self.operator.key.new_sign_in_id(&random::token::<10>()?);
        let link = SignInLink {
            digest: self.operator.key.sign_in_token(&token_id).digest(),
            token_id: token_id.clone(),
            email: user.email,
            user_since: user.since,
            to: to.map(str::to_owned),
            ends_at: now + SIGN_IN_LIFE,
        };
        let row = OutboxRow::of_the_office(row_id(&token_id), Job::SignIn { token_id }, now);
        let writes = vec![Write::put(&link, Expect::Absent)?, Write::put(&row, Expect::Absent)?];
        match self.store.commit(writes).await {
            Ok(()) => {
                self.wake();
                Ok(())
            }
            // 80 random bits: a collision is not a case.
            Err(CommitError::Conflict(_)) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// The link with that public half and whom it signs in; `None` once it does not any more.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sign_in_link(&self, token_id: &TokenId) -> Result<Option<(SignInLink, User)>, StoreError> {
        Ok(self.live_link(token_id).await?.map(|(link, user)| (link.value, user)))
    }

    /// Whom a link would sign in, if both of its halves are right.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn who_signs_in(&self, token: &Token) -> Result<Option<User>, StoreError> {
        Ok(self
            .live_link(&token.id)
            .await?
            .filter(|(link, _)| link.value.matches(token))
            .map(|(_, user)| user))
    }

    /// Uses a link up, and says whom it signs in and to which page it leads. Of two who use it at once one is let in.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn use_sign_in_link(
        &self,
        token: &Token,
    ) -> Result<Option<(User, Option<String>)>, StoreError> {
        let Some((link, user)) =
            self.live_link(&token.id).await?.filter(|(link, _)| link.value.matches(token))
        else {
            return Ok(None);
        };
        match self.store.commit(vec![Write::delete::<SignInLink>(row_id(&token.id), link.version)]).await {
            Ok(()) => Ok(Some((user, link.value.to))),
            Err(CommitError::Conflict(_)) => Ok(None),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    async fn live_link(&self, id: &TokenId) -> Result<Option<(Versioned<SignInLink>, User)>, StoreError> {
        let link = read::<SignInLink>(&*self.store, &row_id(id)).await?;
        let Some(link) = link.filter(|link| self.clock.now() < link.value.ends_at) else { return Ok(None) };
        let user = self.user(&link.value.email).await?.filter(|user| user.since == link.value.user_since);
        Ok(user.map(|user| (link, user)))
    }
}

impl SignInLink {
    fn matches(&self, token: &Token) -> bool {
        self.digest.as_bytes().ct_eq(token.digest().as_bytes()).into()
    }
}

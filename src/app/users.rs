//! Who works in the office: whom the pages let in, and what they may do there.

use std::fmt;
use std::str::FromStr;

use crewcall_dispatch::model::Email;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::App;
use super::records::PAGE;
use crate::store::{
    CommitError, Expect, Listing, Query, Record, StoreError, Table, Versioned, Write, list_all, read,
};

/// Under this name all users are listed.
const USERS: &str = "users";

/// What somebody may do on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything.
    Office,
    /// Look at everything, and change nothing.
    ReadOnly,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Office, Self::ReadOnly];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Office => "office",
            Self::ReadOnly => "read-only",
        })
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|role| role.to_string() == text.trim());
        known.ok_or_else(|| format!("is {text:?}; write office or read-only"))
    }
}

/// Somebody of the office. The address names them: it is where their sign-in links go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Where they get mail, in lower case.
    pub email: Email,
    /// What they are called, in the record of what they do as well.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when they are let in. Whoever was removed and added again is somebody new to their old sessions.
    pub since: Timestamp,
    /// Who added them.
    pub added_by: String,
}

impl Record for User {
    const TABLE: Table = Table::Service;

    fn id(&self) -> String {
        row_id(&self.email)
    }

    fn listing(&self) -> Option<Listing> {
        Some(Listing { under: USERS.into(), order: self.email.to_string() })
    }
}

fn row_id(email: &Email) -> String {
    format!("user-{email}")
}

/// Mail programs do not tell capitals from small letters in an address, and neither does whoever signs in.
fn lower(email: &Email) -> Email {
    // What was an address is one in lower case.
    email.as_str().to_ascii_lowercase().parse().unwrap_or_else(|_| email.clone())
}

/// Why a user stays as they are.
#[derive(Debug, Clone, thiserror::Error)]
pub enum UserError {
    /// Nobody has that address.
    #[error("nobody here has the address {0}")]
    NoSuchUser(Email),
    /// Somebody has that address already.
    #[error("the address {0} stands here already, as {1}; change it in the list")]
    Exists(Email, String),
    /// Somebody else has given them another name or role since they were looked at.
    #[error("the user {0} was changed meanwhile; look again, and repeat it")]
    Meanwhile(Email),
    /// Somebody else is called that, and what both do would stand under one name.
    #[error("the name {0} is that of {1}, too; take one by which the two are told apart")]
    NameTaken(String, Email),
    /// Nobody would be left who may change anything.
    #[error("{0} is the only one who may change anything; give somebody else the role office first")]
    LastOfOffice(String),
    /// Somebody else changed them at this moment.
    #[error("somebody else changed {0} at this moment; look again, and repeat it")]
    Superseded(Email),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Everyone, by address.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        list_all(&*self.store, Query::new(Table::Service, USERS, PAGE)).await
    }

    /// Who has that address, in capitals or not.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn user(&self, email: &Email) -> Result<Option<User>, StoreError> {
        Ok(read::<User>(&*self.store, &row_id(&lower(email))).await?.map(|known| known.value))
    }

    /// Adds somebody, or gives whoever has that address another name or role.
    ///
    /// # Errors
    /// If nobody would be left who may change anything, if somebody else does the same at this moment, or if the store
    /// fails.
    pub async fn put_user(&self, email: &Email, name: &str, role: Role, by: &str) -> Result<User, UserError> {
        self.put_user_if(email, name, role, by, |_, _| Ok(())).await
    }

    /// Adds somebody.
    ///
    /// # Errors
    /// As [`App::put_user`]; and if somebody has that address.
    pub async fn add_user(&self, email: &Email, name: &str, role: Role, by: &str) -> Result<User, UserError> {
        let is_new = |email: &Email, known: Option<&User>| match known {
            Some(known) => Err(UserError::Exists(email.clone(), known.name.clone())),
            None => Ok(()),
        };
        self.check_name(email, name).await?;
        self.put_user_if(email, name, role, by, is_new).await
    }

    /// Gives somebody another name or role; `was` is what they had when whoever changes it looked.
    ///
    /// # Errors
    /// As [`App::put_user`]; and if there is no such user, or what they have is not what they had.
    pub async fn change_user(
        &self,
        email: &Email,
        was: (&str, Role),
        (name, role): (&str, Role),
        by: &str,
    ) -> Result<User, UserError> {
        let is_as_seen = |email: &Email, known: Option<&User>| match known {
            Some(known) if (known.name.as_str(), known.role) == was => Ok(()),
            // The same form once more.
            Some(known) if (known.name.as_str(), known.role) == (name, role) => Ok(()),
            Some(_) => Err(UserError::Meanwhile(email.clone())),
            None => Err(UserError::NoSuchUser(email.clone())),
        };
        self.check_name(email, name).await?;
        self.put_user_if(email, name, role, by, is_as_seen).await
    }

    /// Whether nobody else is called that: the record names people by their names.
    async fn check_name(&self, email: &Email, name: &str) -> Result<(), UserError> {
        let (email, same) = (lower(email), |other: &str| other.to_lowercase() == name.to_lowercase());
        match self.users().await?.into_iter().find(|other| other.email != email && same(&other.name)) {
            Some(other) => Err(UserError::NameTaken(other.name, other.email)),
            None => Ok(()),
        }
    }

    async fn put_user_if(
        &self,
        email: &Email,
        name: &str,
        role: Role,
        by: &str,
        check: impl FnOnce(&Email, Option<&User>) -> Result<(), UserError>,
    ) -> Result<User, UserError> {
        let email = lower(email);
        let known = read::<User>(&*self.store, &row_id(&email)).await?;
        check(&email, known.as_ref().map(|known| &known.value))?;
        let expect = known.as_ref().map_or(Expect::Absent, Versioned::expected);
        let user = match known.map(|known| known.value) {
            Some(known) => User { name: name.to_owned(), role, ..known },
            None => User {
                email: email.clone(),
                name: name.to_owned(),
                role,
                since: self.clock.now(),
                added_by: by.to_owned(),
            },
        };
        if role != Role::Office {
            self.check_not_last(&user).await?;
        }
        tracing::info!(%email, %role, by, "a user of the office");
        self.commit_user(email, Write::put(&user, expect)?).await?;
        Ok(user)
    }

    /// Lets somebody in no more: their sessions end with them.
    ///
    /// # Errors
    /// As [`App::put_user`]; and if there is no such user.
    pub async fn remove_user(&self, email: &Email, by: &str) -> Result<User, UserError> {
        let email = lower(email);
        let Some(known) = read::<User>(&*self.store, &row_id(&email)).await? else {
            return Err(UserError::NoSuchUser(email));
        };
        self.check_not_last(&known.value).await?;
        tracing::info!(%email, by, "a user of the office is removed");
        self.commit_user(email.clone(), Write::delete::<User>(row_id(&email), known.version)).await?;
        Ok(known.value)
    }

    async fn commit_user(&self, email: Email, write: Write) -> Result<(), UserError> {
        self.store.commit(vec![write]).await.map_err(|error| match error {
            CommitError::Conflict(_) => UserError::Superseded(email),
            CommitError::Store(error) => error.into(),
        })
    }

    /// Whether somebody else may change things. Two who remove each other at the same moment are not noticed: a setup
    /// link lets one of them in again.
    async fn check_not_last(&self, user: &User) -> Result<(), UserError> {
        let users = self.users().await?;
        match users.iter().any(|other| other.email != user.email && other.role == Role::Office) {
            true => Ok(()),
            false => Err(UserError::LastOfOffice(user.name.clone())),
        }
    }
}

//! Where everything is kept, and opening it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use super::{LinkKeyError, OpenError, link_key};
use crate::secret::SecretPlace;
#[cfg(feature = "aws")]
use crate::store::DynamoStore;
use crate::store::{Scan, SqliteStore, TableNames, copy};

/// What the token table is called where nothing else is said.
pub(super) const TOKEN_TABLE: &str = "crew-tokens";

/// The tables whose names are fixed.
const OTHER_TABLES: [&str; 3] = ["crew-dispatch", "charter-chats", "crewcall"];

/// A store by its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreConfig {
    /// One SQLite file.
    Sqlite(PathBuf),
    /// DynamoDB tables of these names.
    DynamoDb(TableNames),
}

/// `sqlite:FILE`, `dynamodb:PREFIX` or `dynamodb:PREFIX,TOKEN_TABLE`. The prefix of the names of the tables may be
/// empty.
impl FromStr for StoreConfig {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            Some(("dynamodb", prefix)) => {
                let (prefix, tokens) = prefix.split_once(',').unwrap_or((prefix, TOKEN_TABLE));
                Ok(Self::DynamoDb(TableNames { prefix: table_prefix(prefix)?, tokens: table_name(tokens)? }))
            }
            _ => {
                Err("write sqlite:FILE, or dynamodb:PREFIX with what the names of the tables begin with"
                    .into())
            }
        }
    }
}

/// What the names of tables may begin with: DynamoDB takes letters, digits, `_`, `-` and `.`, 255 in all.
pub(super) fn table_prefix(text: &str) -> Result<String, String> {
    let fits = text.len() <= 120 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if fits { Ok(text.to_owned()) } else { Err(format!("is {text:?}; use letters, digits, _, - and . only")) }
}

/// The name of a table.
pub(super) fn table_name(text: &str) -> Result<String, String> {
    let name = table_prefix(text)?;
    if OTHER_TABLES.contains(&text) {
        return Err(format!("is {text:?}, which is another of crewcall's tables; take another name"));
    }
    if name.is_empty() { Err("is empty; name a table".into()) } else { Ok(name) }
}

impl StoreConfig {
    /// Opens it. Blocks where it is a file: call it while starting.
    ///
    /// # Errors
    /// If the store does not let itself be opened.
    pub async fn open(&self) -> Result<Arc<dyn Scan>, OpenError> {
        Ok(match self {
            Self::Sqlite(path) => Arc::new(SqliteStore::open(path)?),
            #[cfg(feature = "aws")]
            Self::DynamoDb(names) => Arc::new(DynamoStore::open(names.clone()).await?),
            #[cfg(not(feature = "aws"))]
            Self::DynamoDb(_) => return Err(OpenError::NotBuilt),
        })
    }

    /// Opens it to work with, and reads the link key. A file that is not there yet is made, and its key with it.
    ///
    /// # Errors
    /// As [`StoreConfig::open`]; no link key; a copy that is not finished.
    pub(super) async fn open_with_key(
        &self,
        place: &SecretPlace,
    ) -> Result<(Arc<dyn Scan>, [u8; 32]), OpenError> {
        let made = match (self, place) {
            (Self::Sqlite(path), SecretPlace::File(key_file)) => key_of_new_file(path, key_file)?,
            _ => None,
        };
        let store = self.open().await?;
        let key = match made {
            Some(key) => key,
            None => link_key::of_used_store(place).await?,
        };
        match copy::unfinished_copy(&*store).await? {
            Some(mark) => Err(OpenError::UnfinishedCopy(mark.from)),
            None => Ok((store, key)),
        }
    }
}

/// The key of a store whose file is not there yet.
fn key_of_new_file(path: &Path, key_file: &Path) -> Result<Option<[u8; 32]>, LinkKeyError> {
    let in_use = std::fs::metadata(path).is_ok_and(|file| file.len() > 0);
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    // The key of a new store is made before the store: of two processes that start at once, the
    // one that finds the store finds the key too. Without a directory only the store's error helps.
    let made_first = !in_use && directory.is_none_or(Path::is_dir);
    if !path.exists() && link_key::is_old(key_file) {
        let (store, key) = (path.display(), key_file.display());
        tracing::warn!(
            "a new, empty store is made, {store}, for which there is a link key already, {key}; if there was a \
             store before, stop crewcall and put it back there"
        );
    }
    made_first.then(|| link_key::of_new_store(key_file)).transpose()
}

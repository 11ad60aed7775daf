//! The operator's settings: `crewcall.toml`, with the environment on top.
//!
//! Every key can also be given as `CREWCALL_<SECTION>__<KEY>`. Settings are parsed once, into types
//! that cannot be wrong; every fault is told, with its file or variable and its key. Secrets stand
//! in files of their own (`*_file`) or in AWS Secrets Manager (`*_secret`), and the settings are their names. Names of
//! files are relative to the directory of `crewcall.toml`.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `keys` | every key there is |
//! | `layers` | which value counts for a key, and where it comes from |
//! | `reader` | one key at a time, into its type, all faults kept |
//! | `read` | the whole of the settings, in order |
//! | `sign_in` | where the office can sign in elsewhere |
//! | `store` | which store, and opening it |
//! | `mail` | the sections of mail, and the way in which it leaves |
//! | `google` | the sections of Google, and its sign-in |
//! | `vessels` | the section of each boat |
//! | `pay` | what people are paid |
//! | `link_key` | the key from which links are derived |
//! | [`template`] | the file that `crewcall init` writes |

mod error;
mod google;
mod keys;
mod layers;
mod link_key;
mod mail;
mod pay;
mod read;
mod reader;
mod sign_in;
mod store;
pub mod template;
mod value;
mod vessels;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use crewcall_dispatch::link::LinkKey;
#[cfg(feature = "aws")]
use crewcall_dispatch::model::CrewMember;
use crewcall_dispatch::model::{Email, Phone, Rank};
use crewcall_dispatch::policy::Policy;
use jiff::tz::TimeZone;

pub use error::{ConfigError, ConfigFault, OpenError};
pub use google::GoogleConfig;
pub use link_key::LinkKeyError;
pub use mail::{MailConfig, Way};
pub use reader::{Setting, Source};
pub use store::StoreConfig;

use crate::app::App;
use crate::clock::SystemClock;
use crate::mail::Address;
use crate::openid::OpenIdConfig;
use crate::operator::{Operator, Pay};
use crate::secret::SecretPlace;
#[cfg(feature = "aws")]
use crate::store::copy::unfinished_copy;
#[cfg(feature = "aws")]
use crate::store::{DynamoStore, Expect, Prepared, Table, TableNames, TakenOver, Write};

/// The file that is read where none is named.
pub const FILE: &str = "crewcall.toml";

/// All settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The operator's name, as people read it.
    pub name: String,
    /// Where people ring the office.
    pub phone: Option<Phone>,
    /// The zone in which people read times and dates.
    pub zone: TimeZone,
    /// How tokens begin: `jada` makes `jada_crew_…`.
    pub link_prefix: String,
    /// The ranks that the operator sails with, captain among them.
    pub ranks: Vec<Rank>,
    /// Where the web server listens.
    pub listen: SocketAddr,
    /// Where people reach the pages, without a slash at the end.
    pub public_url: String,
    /// Where the link key is.
    pub link_key: SecretPlace,
    /// Where the office can sign in beside the mailed link.
    pub openid: Option<OpenIdConfig>,
    /// Where everything is kept.
    pub store: StoreConfig,
    /// Who mails come from.
    pub from: Address,
    /// Where the office reads its mail.
    pub office: Email,
    /// How mail leaves.
    pub mail: MailConfig,
    /// What is used of Google.
    pub google: GoogleConfig,
    /// How the cascade behaves.
    pub policy: Policy,
    /// What people are paid.
    pub pay: Pay,
    settings: Vec<Setting>,
    place: String,
}

impl Config {
    /// Reads a file, with the environment on top.
    ///
    /// # Errors
    /// The file cannot be read, or everything that is wrong with the settings.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        read::config(layers::Layers::of_file(path)?)
    }

    /// Reads the named file; else `crewcall.toml` in the working directory; else the environment
    /// alone, if it has any key of ours.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn find(named: Option<&Path>) -> Result<Self, ConfigError> {
        match named {
            Some(path) => Self::load(path),
            None if !Path::new(FILE).exists() => read::config(layers::Layers::of_environment()?),
            None => Self::load(Path::new(FILE)),
        }
    }

    /// The effective values with their sources, in the order of the file; no secrets among them.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// The settings that the program around the rules needs.
    pub fn operator(&self, key: LinkKey) -> Operator {
        Operator {
            name: self.name.clone(),
            zone: self.zone.clone(),
            ranks: self.ranks.clone(),
            public_url: self.public_url.clone(),
            from: self.from.clone(),
            office: self.office.clone(),
            phone: self.phone.clone(),
            policy: self.policy.clone(),
            pay: self.pay.clone(),
            key,
        }
    }

    /// Whether mail is sent with links that lead nowhere but to this machine.
    pub fn links_lead_nowhere(&self) -> bool {
        !matches!(self.mail.way, Way::File(_)) && value::is_loopback(&self.public_url)
    }

    /// The app on its store, with the machine's clock. A SQLite file is made if it is not there yet, and the link
    /// key with it. Blocks: call it while starting.
    ///
    /// # Errors
    /// If the store or the link key cannot be opened.
    pub async fn open_app(&self) -> Result<Arc<App>, OpenError> {
        let (store, key) = self.store.open_with_key(&self.link_key).await?;
        let operator = self.operator(LinkKey::new(key, &self.link_prefix));
        Ok(Arc::new(App::new(store, Arc::new(SystemClock), operator)))
    }

    /// Makes whatever the store needs beforehand: the tables, and a link key if there are no links yet. People whom
    /// another program wrote into the table of the roster are taken over.
    ///
    /// # Errors
    /// If the store refuses or is half of a copy, or if the link key is lost or cannot be made.
    #[cfg(feature = "aws")]
    pub async fn set_up(&self, names: &TableNames) -> Result<(Prepared, TakenOver), OpenError> {
        let store = DynamoStore::open(names.clone()).await?;
        let prepared = store.prepare().await?;
        if let Some(mark) = unfinished_copy(&store).await? {
            return Err(OpenError::UnfinishedCopy(mark.from));
        }
        match &self.link_key {
            SecretPlace::File(path) if !store.has_links().await? => link_key::of_new_store(path)?,
            place => link_key::of_used_store(place).await?,
        };
        let taken_over = store.take_over(Table::Crew, |record| {
            let member: CrewMember = serde_json::from_str(record).map_err(|error| error.to_string())?;
            Write::put(&member, Expect::Absent).map_err(|error| error.to_string())
        });
        Ok((prepared, taken_over.await?))
    }

    /// A command of ours, as whoever has these settings gives it.
    pub fn command(&self, command: &str) -> String {
        let named = Path::new(&self.place);
        match named == Path::new(FILE) || !named.exists() {
            true => format!("crewcall {command}"),
            false => {
                let file = std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
                format!("crewcall --config {} {command}", file.display())
            }
        }
    }

    /// Where the setting that a sentence speaks of was made.
    fn place_of(&self, sentence: &str) -> String {
        let setting = self.settings.iter().find(|setting| sentence.contains(&setting.key));
        match setting.map(|setting| &setting.source) {
            Some(Source::Environment(name)) => name.clone(),
            _ => self.place.clone(),
        }
    }
}

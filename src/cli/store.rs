//! `crewcall store …`

use clap::Subcommand;
use jiff::Timestamp;
#[cfg(feature = "aws")]
use serde_json::json;

use super::output::{self, Format};
use super::{Failure, Settings};
#[cfg(not(feature = "aws"))]
use crate::config::OpenError;
use crate::config::{Config, StoreConfig};
use crate::store::TableNames;
use crate::store::copy::{self, Copied, CopyError};

/// How often the copying of a large store is heard of, in rows.
const HEARD_EVERY: usize = 5_000;

#[derive(Debug, Subcommand)]
pub(super) enum Stores {
    /// Make the tables in DynamoDB, and a link key, where they are not there yet; take over the people whom another
    /// program wrote there
    Setup(Format),
    /// Copy one store into another, which has to be empty, and compare them; given again, it goes on where it was
    /// broken off. Stop every crewcall that works on one of them before
    Copy(Copy),
}

#[derive(Debug, clap::Args)]
pub(super) struct Copy {
    /// The store to copy: sqlite:FILE, or dynamodb:PREFIX with what the names of its tables begin with, and, where the
    /// token table is not crew-tokens, dynamodb:PREFIX,TOKEN_TABLE
    #[arg(long, value_name = "STORE")]
    from: StoreConfig,
    /// The store to copy to
    #[arg(long, value_name = "STORE")]
    to: StoreConfig,
    #[command(flatten)]
    format: Format,
}

impl Stores {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Setup(format) => set_up(settings, format).await,
            Self::Copy(copy) => copy.run().await,
        }
    }
}

async fn set_up(settings: &Settings, format: Format) -> Result<(), Failure> {
    let config = settings.load()?;
    match &config.store {
        StoreConfig::Sqlite(_) => Err(Failure::usage(
            "store.kind is \"sqlite\", whose file is made where it is needed; there is nothing to set up",
        )),
        StoreConfig::DynamoDb(names) => make_tables(&config, names, format).await,
    }
}

#[cfg(not(feature = "aws"))]
async fn make_tables(_: &Config, _: &TableNames, _: Format) -> Result<(), Failure> {
    Err(OpenError::NotBuilt.into())
}

#[cfg(feature = "aws")]
async fn make_tables(config: &Config, names: &TableNames, format: Format) -> Result<(), Failure> {
    use crate::secret::SecretPlace;

    let (prepared, people) = config.set_up(names).await?;
    let left: Vec<_> = people.left.iter().map(|(id, why)| json!({ "crew_id": id, "why": why })).collect();
    let shown = json!({ "made": prepared.made, "found": prepared.found, "indexed": prepared.indexed, "taken_over": people.taken, "left": left });
    format.print(&shown, |_| {
        let line = |what: &str, names: &[String]| match names {
            [] => String::new(),
            names => format!("{what}: {}\n", names.join(", ")),
        };
        let left: String =
            people.left.iter().map(|(id, why)| format!("left as it is: {id}, since {why}\n")).collect();
        let key = match &config.link_key {
            SecretPlace::File(path) => format!(
                "{}: every server needs the same one, so copy it to each, and keep it in the backup",
                path.display()
            ),
            secret @ SecretPlace::SecretsManager(_) => secret.to_string(),
        };
        format!(
            "{}{}{}{}{left}The link key is {key}",
            line("made", &prepared.made),
            line("there already", &prepared.found),
            line("indexes added", &prepared.indexed),
            line("taken over from another program", &people.taken)
        )
    })
}

impl Copy {
    async fn run(self) -> Result<(), Failure> {
        if self.from == self.to {
            return Err(Failure::usage("--from and --to name the same store"));
        }
        if let StoreConfig::Sqlite(path) = &self.from
            && !path.exists()
        {
            return Err(Failure::said(format!("there is no {}; name the file of a store", path.display())));
        }
        let (from, to) = (self.from.open().await?, self.to.open().await?);
        let progress = |rows: usize| {
            if rows >= HEARD_EVERY && rows % HEARD_EVERY < crate::store::SCAN_PAGE {
                eprintln!("{rows} rows …");
            }
        };
        let copied = copy::copy(&*from, &*to, &named(&self.from), Timestamp::now(), progress).await;
        self.format.print(&copied?, text)
    }
}

/// A store as the mark of its copy names it.
fn named(store: &StoreConfig) -> String {
    match store {
        StoreConfig::Sqlite(path) => {
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            format!("sqlite:{}", path.display())
        }
        StoreConfig::DynamoDb(names) => format!("dynamodb:{},{}", names.prefix, names.tokens),
    }
}

fn text(copied: &Copied) -> String {
    let rows = copied.rows.iter().map(|(kind, rows)| [(*kind).to_owned(), rows.to_string()]);
    let Copied { written, removed, .. } = copied;
    format!(
        "{}\nBoth stores have been compared, row by row, and say the same. Written now: {written}; removed: {removed}.\n\
         The link key is no part of it: set server.link_key_file or link_key_secret to the same one, so that the links in mails go on to work.",
        output::table(["KIND", "ROWS"], rows)
    )
}

impl From<CopyError> for Failure {
    fn from(error: CopyError) -> Self {
        Self::with_causes(&error)
    }
}

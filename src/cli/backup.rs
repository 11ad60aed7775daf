//! `crewcall backup` and `crewcall restore`

use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::Format;
use super::{Failure, Settings};
use crate::config::{Config, StoreConfig};
use crate::secret::SecretPlace;
use crate::store::{BackupError, back_up, restore};

/// `crewcall backup`
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file to write, which must not be there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    format: Format,
}

/// `crewcall restore`
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// A file that `crewcall backup` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    format: Format,
}

impl Backup {
    pub(super) fn run(self, settings: &Settings) -> Result<(), Failure> {
        let config = settings.load()?;
        let store = file_of(&config, "`crewcall store copy` copies them into a file")?;
        back_up(store, &self.file)?;
        let (key, file) = (&config.link_key, &self.file);
        self.format.print(&json!({ "file": file, "link_key": key.to_string() }), |_| {
            format!(
                "{} has everything up to now, and has been checked. The link key is not in it: {key} belongs with it.",
                file.display(),
            )
        })
    }
}

impl Restore {
    pub(super) fn run(self, settings: &Settings) -> Result<(), Failure> {
        let config = settings.load()?;
        let store = file_of(&config, "`crewcall store copy` copies a file into them")?;
        restore(&self.file, store)?;
        let key = &config.link_key;
        self.format.print(&json!({ "store": store, "link_key": key.to_string() }), |_| {
            let file = self.file.display();
            let key = match key {
                SecretPlace::File(path) if !path.exists() => {
                    format!("\nThere is no link key {key} yet: put it back as well.")
                }
                _ => String::new(),
            };
            format!("{} is {file} again. What happened after that backup is not in it.{key}", store.display())
        })
    }
}

fn file_of<'a>(config: &'a Config, instead: &str) -> Result<&'a Path, Failure> {
    let StoreConfig::Sqlite(path) = &config.store else {
        return Err(Failure::usage(format!(
            "the store is in DynamoDB, whose tables have point-in-time recovery, where it is switched on; {instead}"
        )));
    };
    Ok(path)
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        Self::with_causes(&error)
    }
}

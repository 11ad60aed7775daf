//! `crewcall backup` and `crewcall restore`

use std::path::{Path, PathBuf};

use serde_json::json;

use super::output::Format;
use super::{Failure, Settings};
use crate::config::{Config, StoreConfig};
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
        let (key, file) = (&config.link_key_file, &self.file);
        self.format.print(&json!({ "file": file, "link_key_file": key }), |_| {
            format!(
                "{} has everything up to now, and has been checked. The link key is not in it: {} belongs with it.",
                file.display(),
                key.display()
            )
        })
    }
}

impl Restore {
    pub(super) fn run(self, settings: &Settings) -> Result<(), Failure> {
        let config = settings.load()?;
        let store = file_of(&config, "`crewcall store copy` copies a file into them")?;
        restore(&self.file, store)?;
        let key = &config.link_key_file;
        self.format.print(&json!({ "store": store, "link_key_file": key }), |_| {
            let file = self.file.display();
            let key = match key.exists() {
                true => String::new(),
                false => format!("\nThere is no link key {} yet: put it back as well.", key.display()),
            };
            format!("{} is {file} again. What happened after that backup is not in it.{key}", store.display())
        })
    }
}

fn file_of<'a>(config: &'a Config, instead: &str) -> Result<&'a Path, Failure> {
    let StoreConfig::Sqlite(path) = &config.store else {
        return Err(Failure::usage(format!(
            "the store is in DynamoDB, which has point-in-time recovery for its tables; {instead}"
        )));
    };
    Ok(path)
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        Self::with_causes(&error)
    }
}

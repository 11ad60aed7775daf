//! `crewcall availability …`

use std::path::PathBuf;

use clap::Subcommand;

use super::output::Format;
use super::{Failure, Settings, roster};
use crate::import::workbook::Wanted;

#[derive(Debug, Subcommand)]
pub(super) enum Availability {
    /// Take over what people say of days from a workbook (.xlsx), read as the office's sheet is
    ///
    /// Cells that are blank change nothing. Names, words and days that are not understood are left, and told.
    Import {
        /// The workbook
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
        /// Show the tabs as they are read, and why something is not; change nothing
        #[arg(long)]
        preview: bool,
        #[command(flatten)]
        format: Format,
    },
}

impl Availability {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Self::Import { file, dry_run, preview, format } = self;
        let asked = roster::Asked { dry_run, preview, format };
        roster::import_workbook(settings, &file, Wanted::Availability, asked).await
    }
}

//! `crewcall availability …`

use std::path::PathBuf;

use clap::Subcommand;

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
        #[command(flatten)]
        asked: roster::Asked,
    },
}

impl Availability {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Self::Import { file, asked } = self;
        roster::import_workbook(settings, &file, Wanted::Availability, asked).await
    }
}

//! `crewcall availability …`

use std::path::PathBuf;

use clap::Subcommand;
use crewcall_dispatch::model::Month;
use serde_json::json;

use super::output::{self, Format};
use super::{Failure, Settings, import};
use crate::import::workbook::Wanted;
use crate::sheet;

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
        asked: import::Asked,
    },
    /// Write a workbook (.xlsx) with what the office's sheet would have
    ///
    /// It has a tab with the roster, one for each month and one of the charters to come, and can be imported again. Without
    /// --month it has the months from today's on in which somebody sails or has said something.
    Export(Export),
}

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The workbook, which takes the place of one that is there; - is standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A month, as 2026-06; again for another one
    #[arg(long = "month", value_name = "MONTH")]
    months: Vec<Month>,
    #[command(flatten)]
    format: Format,
}

impl Availability {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Import { file, asked } => {
                import::workbook(settings, &file, Wanted::Availability, asked).await
            }
            Self::Export(export) => export.run(settings).await,
        }
    }
}

impl Export {
    async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Self { file, months, format } = self;
        let to_output = file.as_os_str() == "-";
        // By the name it is known what a file is, here and to whoever opens it.
        if !to_output && !file.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx")) {
            return Err(Failure::usage(format!(
                "{} is to be a workbook; let its name end in .xlsx",
                file.display()
            )));
        }
        let app = settings.open_app().await?;
        let exported = sheet::export(&app, months.into_iter().collect()).await?;
        if to_output {
            return output::bytes(&exported.file);
        }
        output::to_file(&file, &exported.file)?;
        let tabs = exported.tabs;
        format.print(&json!({ "file": file, "tabs": tabs }), |_| {
            format!("{} has the tabs {}.", file.display(), tabs.join(", "))
        })
    }
}

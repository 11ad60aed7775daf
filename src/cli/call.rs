//! `crewcall call …`

use clap::Subcommand;
use crewcall_dispatch::cascade::Command;
use crewcall_dispatch::model::CharterId;

use super::output::Format;
use super::{Failure, Settings, caller, charter};

#[derive(Debug, Subcommand)]
pub(super) enum Call {
    /// Begin to ask, captain first; after the list was exhausted, begin again from the top
    Start {
        /// The charter
        #[arg(value_name = "ID", value_parser = super::charter::id)]
        charter: CharterId,
        #[command(flatten)]
        format: Format,
    },
}

impl Call {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Self::Start { charter, format } = self;
        let app = settings.open_app()?;
        let state = app.run(&charter, &Command::Start, &caller()).await?;
        charter::print_one(&app, &state, format).await
    }
}

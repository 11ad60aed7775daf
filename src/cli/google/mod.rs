//! `crewcall google …`

mod login;
mod status;

use std::str::FromStr;

use clap::Subcommand;
use crewcall_dispatch::model::Email;

use super::output::Format;
use super::{Failure, Settings};

#[derive(Debug, Subcommand)]
pub(super) enum Google {
    /// Sign in at Google: for what is switched on, and no more
    Login {
        /// Print the address of the page, and take the answer on standard input: for a machine without a browser
        #[arg(long)]
        no_browser: bool,
        /// Whose account it has to be; mail.from where mail leaves by it, if not given
        #[arg(long, value_name = "ADDRESS", value_parser = Email::from_str)]
        account: Option<Email>,
        #[command(flatten)]
        format: Format,
    },
    /// Show how the sign-in stands; fails where it no longer holds
    Status(Format),
}

impl Google {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let config = settings.load()?;
        match self {
            Self::Login { no_browser, account, format } => {
                login::run(&config, no_browser, account, format).await
            }
            Self::Status(format) => status::run(&config, format).await,
        }
    }
}

/// Where Google is not used at all.
const NOT_USED: &str = "nothing of Google is switched on; set [mail] transport (or fallback) to \"gmail\", or name the sheet in \
                        [sheets] spreadsheet_id";

//! `crewcall mail …`

use std::str::FromStr;

use clap::Subcommand;
use crewcall_dispatch::model::Email;

use super::output::{self};
use super::{Failure, Settings};
use crate::clock::{Clock, SystemClock};
use crate::letters;

#[derive(Debug, Subcommand)]
pub(super) enum Mail {
    /// Try the connection and the sign-in; with --to, send a test mail
    Test {
        /// Where the test mail goes
        #[arg(long, value_name = "ADDRESS", value_parser = Email::from_str)]
        to: Option<Email>,
        #[command(flatten)]
        format: output::Format,
    },
}

/// What a try came to.
#[derive(Debug, serde::Serialize)]
struct Tried {
    ready: bool,
    to: Option<Email>,
    answer: Option<String>,
}

impl Mail {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Self::Test { to, format } = self;
        let config = settings.load()?;
        let transport = config.transport().await?;
        transport.check().await.map_err(Failure::said)?;
        let mut tried = Tried { ready: true, to: None, answer: None };
        if let Some(to) = to {
            let mail = letters::trial(&config.name, &config.from, &to, SystemClock.now());
            let receipt = transport.send(&mail).await.map_err(Failure::said)?;
            tried = Tried { ready: true, to: Some(to), answer: Some(receipt.at_peer) };
        }
        format.print(&tried, |tried| match (&tried.to, &tried.answer) {
            (Some(to), Some(answer)) => format!("The test mail to {to} was handed over: {answer}"),
            _ => format!("{}. `crewcall mail test --to ADDRESS` tries it with a test mail.", config.mail),
        })
    }
}

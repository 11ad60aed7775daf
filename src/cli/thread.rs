//! `crewcall thread …`: the conversation of a charter.

use std::path::Path;

use clap::Subcommand;
use crewcall_dispatch::cascade::{AuditEvent, CharterState, Command};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::CharterId;
use jiff::tz::TimeZone;

use super::charter::One;
use super::output::{self, Format};
use super::{Failure, Settings, named_caller};
use crate::app::{App, AppError};
use crate::import::input;
use crate::times;
use crate::words::{self, Names};

#[derive(Debug, Subcommand)]
pub(super) enum Thread {
    /// Show everything that was mailed, answered, written and noted, in order
    Show(One),
    /// Write to everyone aboard; each gets it by mail
    Post(Text),
    /// Write a note that only the office sees
    Note(Text),
}

#[derive(Debug, clap::Args)]
pub(super) struct Text {
    /// The charter
    #[arg(value_name = "ID", value_parser = super::charter::id)]
    charter: CharterId,
    /// What to write; - reads standard input
    text: String,
    /// Who writes; the user of this machine if not given
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    format: Format,
}

impl Thread {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Show(One { charter, format }) => {
                let app = settings.open_app().await?;
                let state = app.charter(&charter).await?;
                let events = app.audit(&charter).await?;
                print(&app, &state, &events, format).await
            }
            Self::Post(text) => text.write(settings, |text| Command::Post { text }).await,
            Self::Note(text) => text.write(settings, |text| Command::Note { text }).await,
        }
    }
}

impl Text {
    async fn write(self, settings: &Settings, command: fn(String) -> Command) -> Result<(), Failure> {
        let Self { charter, text, by, format } = self;
        let text = if text == "-" { input::read(Path::new("-"))?.text } else { text };
        let text = words::written(&text, limits::MESSAGE_CHARS)
            .map_err(|problem| Failure::said(format!("the text {problem}")))?;
        let caller = named_caller(by.as_deref())?;
        let app = settings.open_app().await?;
        let before = app.charter(&charter).await?.facts;
        let given = app.run(&charter, &command(text.clone()), &caller).await;
        let mut events = app.audit(&charter).await?;
        events.retain(|event| event.seq > before);
        // An answer that was lost is looked for: written again, everyone would read it twice.
        let written = |event: &AuditEvent| event.by == caller.by && words::said(event) == Some(&text);
        if let Err(error) = given
            && !(matches!(error, AppError::Store(_)) && events.iter().any(written))
        {
            return Err(error.into());
        }
        print(&app, &app.charter(&charter).await?, &events, format).await
    }
}

async fn print(
    app: &App,
    state: &CharterState,
    events: &[AuditEvent],
    format: Format,
) -> Result<(), Failure> {
    let names = app.crew_names(&words::people(state, events)).await?;
    format.print(&events, |events| {
        let entries: Vec<String> =
            events.iter().map(|event| entry(event, state, &names, &app.operator.zone)).collect();
        entries.join("\n")
    })
}

/// When and who, what, and what they said, line by line.
fn entry(event: &AuditEvent, state: &CharterState, names: &Names, zone: &TimeZone) -> String {
    let when = times::full(event.at, zone);
    let (who, what) = (words::actor(&event.by, names), words::clause(event, state, names, zone));
    let mut entry = format!("{when}, {}: {}\n", output::plain(&who), output::plain(&what));
    for line in words::said(event).unwrap_or_default().lines() {
        entry.push_str(format!("  | {}", output::plain(line)).trim_end());
        entry.push('\n');
    }
    entry
}

//! `crewcall call …`

use clap::Subcommand;
use crewcall_dispatch::cascade::{AuditEvent, CallStatus, CharterState, Command, Fact};
use crewcall_dispatch::model::{CharterId, Rank};

use super::output::{self, Format};
use super::{Failure, Settings, caller, charter};
use crate::app::App;
use crate::words;

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
        charter::print_one(&app, &state, format).await?;
        if format.json {
            return Ok(());
        }
        let mut text = String::new();
        if state.status() != CallStatus::Filled && state.open_offers().next().is_none() {
            text = format!("\nNobody is asked now:\n{}", reasons(&app, &state).await?);
        }
        text.push_str(
            "\nMail leaves by `crewcall serve`, or with each `crewcall tick`: one of them has to run.",
        );
        output::print(&text)
    }
}

/// What the record says since the call was started, a line each.
async fn reasons(app: &App, state: &CharterState) -> Result<String, Failure> {
    let events = app.audit(&state.charter.charter_id).await?;
    let started = events.iter().rposition(|event| matches!(event.fact, Fact::CallStarted { .. }));
    let events = &events[started.unwrap_or_default()..];
    let names = app.crew_names(&words::people(state, events)).await?;
    let zone = &app.operator.zone;
    let lines = events.iter().map(|event| output::plain(&words::fact(event, state, &names, zone)) + "\n");
    let strangers =
        positions_without_people(events).map(|position| format!("nobody on the roster is {position}\n"));
    Ok(lines.chain(strangers).collect())
}

/// The positions for which there was neither anybody to ask nor anybody to pass over.
fn positions_without_people(events: &[AuditEvent]) -> impl Iterator<Item = &Rank> {
    let orders = events.iter().flat_map(|event| match &event.fact {
        Fact::CallStarted { orders } => orders.as_slice(),
        _ => &[],
    });
    let passed_over = |wanted: &Rank| {
        events.iter().any(|event| match &event.fact {
            Fact::PeopleLeftOut { position, .. } | Fact::PersonSkipped { position, .. } => position == wanted,
            _ => false,
        })
    };
    let empty = orders.filter(move |order| order.ranked.is_empty() && !passed_over(&order.position));
    empty.map(|order| &order.position)
}

//! `crewcall call …`

use clap::Subcommand;
use crewcall_dispatch::cascade::{AuditEvent, CallStatus, CharterState, Command, Fact};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Rank};
use crewcall_dispatch::vessel::Gate;

use super::call_controls::{Control, Step};
use super::charter::One;
use super::output;
use super::{Failure, Settings, call_controls, call_plan, charter};
use crate::app::App;
use crate::times;
use crate::words;

#[derive(Debug, Subcommand)]
pub(super) enum Call {
    /// Begin to ask, captain first; after the list was exhausted, begin again from the top
    Start(Step),
    /// Show whom the call will ask and when, whom not and why, and when the list is at its end if nobody answers
    Plan(One),
    /// Step into a call; one that has not begun begins by that, and rests
    #[command(flatten)]
    Control(Control),
    /// Set a rule aside for this charter, with a reason that stays on record
    Override(SetAside),
}

#[derive(Debug, clap::Args)]
pub(super) struct SetAside {
    #[command(flatten)]
    step: Step,
    /// Which rule: bareboat, certificate, complement, license, medical, drug_program, credentials, rest, work_hours
    #[arg(value_name = "GATE")]
    gate: Gate,
    /// For this person only
    #[arg(long, value_name = "CREW_ID")]
    crew: Option<CrewId>,
    /// Why
    #[arg(long)]
    reason: String,
}

impl Call {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Start(step) => start(settings, step).await,
            Self::Plan(One { charter, format }) => call_plan::run(settings, &charter, format).await,
            Self::Control(control) => control.run(settings).await,
            Self::Override(set_aside) => set_aside.run(settings).await,
        }
    }
}

async fn start(settings: &Settings, step: Step) -> Result<(), Failure> {
    let app = settings.open_app().await?;
    if step.is_rehearsal() {
        let state = app.charter(step.charter()).await?;
        return step.give(&app, &state, &Command::Start, None).await;
    }
    let state = app.run(step.charter(), &Command::Start, &step.anybody()?).await?;
    charter::print_one(&app, &state, step.format()).await?;
    if step.format().json {
        return Ok(());
    }
    let mut text = String::new();
    if state.status() != CallStatus::Filled && state.open_offers().next().is_none() {
        text = format!("\nNobody is asked now:\n{}", reasons(&app, &state).await?);
    }
    match app.mail_way().await?.stopped() {
        Some((stopped, _)) => text.push_str(&format!("\n{}.", times::capital(&stopped.told()))),
        None => text.push_str(
            "\nMail leaves by `crewcall serve`, or with each `crewcall tick` or tick of a function: one of them has to run.",
        ),
    }
    output::print(&text)
}

impl SetAside {
    async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let Self { step, gate, crew, reason } = self;
        let app = settings.open_app().await?;
        if let Some(id) = &crew {
            call_controls::member(&app, id).await?;
        }
        let reason = crewcall_dispatch::model::line(&reason, limits::NOTE_CHARS)
            .map_err(|problem| Failure::said(format!("--reason {problem}")))?;
        let whom = crew.as_ref().map_or_else(|| "everyone".to_owned(), ToString::to_string);
        let command = Command::Override { gate, crew_id: crew, reason };
        let charter = step.charter();
        if step.is_rehearsal() {
            let state = app.charter(charter).await?;
            return step.give(&app, &state, &command, None).await;
        }
        let state = app.run(charter, &command, &step.named()?).await?;
        step.format().print(&state.overrides, |_| {
            let again = match state.status() {
                CallStatus::Draft => "",
                _ => " Who was left out when the call began is asked once it is asked again from the top.",
            };
            format!("{gate} is set aside for {whom} on {charter}.{again}")
        })
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
        Fact::CallStarted { orders, .. } => orders.as_slice(),
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

//! `crewcall call plan`

use crewcall_dispatch::cascade::{CallStatus, CharterState, Plan, PlannedAsk, PlannedSkip};
use crewcall_dispatch::model::{CharterId, CrewId};
use serde::Serialize;

use super::output::{self, Format, table};
use super::{Failure, Settings, caller};
use crate::app::App;
use crate::times;
use crate::words::{self, Names};

/// A plan as JSON, beside how the call stands.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    status: CallStatus,
    #[serde(flatten)]
    plan: &'a Plan,
}

/// Prints what the call will do if nobody answers. Nothing is changed and nothing is sent.
pub(super) async fn run(settings: &Settings, charter: &CharterId, format: Format) -> Result<(), Failure> {
    let app = settings.open_app().await?;
    let (state, plan) = app.plan(charter, &caller()).await?;
    if format.json {
        return output::json(&Shown { status: state.status(), plan: &plan });
    }
    output::print(&text(&app, &state, &plan).await?)
}

pub(super) async fn text(app: &App, state: &CharterState, plan: &Plan) -> Result<String, Failure> {
    let id = &state.charter.charter_id;
    match state.status() {
        CallStatus::Filled => return Ok(format!("{id} is crewed: nobody else is asked.")),
        CallStatus::Cancelled => return Ok(format!("{id} is cancelled: nobody is asked.")),
        CallStatus::Draft | CallStatus::Running | CallStatus::Paused | CallStatus::Exhausted => {}
    }
    let ids: Vec<CrewId> = plan.people().cloned().collect();
    let names = app.crew_names(&ids).await?;
    let zone = &app.operator.zone;
    let mut text = match state.status() {
        CallStatus::Draft => format!("If the call of {id} were started now, and nobody answered:\n"),
        CallStatus::Paused => format!("If the call of {id} went on now, and nobody answered:\n"),
        CallStatus::Exhausted if plan.begins => {
            format!("If {id} were asked for again from the top now, and nobody answered:\n")
        }
        _ => format!("If nobody answers, from now on, for {id}:\n"),
    };
    for warning in &plan.warnings {
        text.push_str(&format!("to look at: {warning}\n"));
    }
    if let Some((stopped, _)) = app.mail_way().await?.stopped() {
        text.push_str(&format!(
            "to look at: no mail leaves ({}); all of this comes later, by as long as that lasts\n",
            output::plain(&stopped.why)
        ));
    }
    let (captains, crew): (Vec<&PlannedAsk>, _) =
        plan.asks.iter().partition(|ask| ask.seat.position.is_captain());
    let row = |ask: &&PlannedAsk| {
        [
            times::full(ask.at, zone),
            ask.reply_by.map_or("-".into(), |at| times::full(at, zone)),
            ask.seat.to_string(),
            names.get(&ask.crew_id).to_owned(),
            words::place(ask),
            words::reasons(&ask.warnings, &names),
        ]
    };
    let heading = ["ASKED", "REPLY BY", "SEAT", "WHO", "PLACE", "TO LOOK AT"];
    if captains.is_empty() && crew.is_empty() {
        text.push_str("nobody can be asked\n");
    }
    if !captains.is_empty() {
        text.push_str(&format!("\n{}\n", table(heading, captains.iter().map(row))));
    }
    let of_crew = |skip: &PlannedSkip| !skip.position.is_captain();
    let says_something = !crew.is_empty() || plan.skipped.iter().any(of_crew);
    if let Some(captain) = plan.if_captain.as_ref().filter(|_| says_something) {
        text.push_str(&format!(
            "\nIf {} says yes at once, and nobody of the crew answers:\n",
            names.get(captain)
        ));
    }
    if !crew.is_empty() {
        text.push_str(&format!("\n{}\n", table(heading, crew.iter().map(row))));
    }
    for end in &plan.exhausted {
        text.push_str(&format!("\n{}", words::planned_end(end, zone)));
    }
    if !plan.exhausted.is_empty() {
        text.push('\n');
    }
    if !plan.skipped.is_empty() {
        text.push_str("\nNot asked:\n");
        text.push_str(&not_asked(plan, &names));
    }
    Ok(text.trim_end().to_owned())
}

fn not_asked(plan: &Plan, names: &Names) -> String {
    let rows = plan.skipped.iter().map(|skip| {
        [
            skip.position.to_string(),
            names.get(&skip.skipped.crew_id).to_owned(),
            words::reasons(&skip.skipped.reasons, names),
        ]
    });
    table(["POSITION", "WHO", "WHY NOT"], rows)
}

//! `crewcall charter figures`: what a sail came to.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crewcall_dispatch::cascade::{CharterState, Command, Rejection};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, CrewId, Figures, Minutes, Money, Month};
use crewcall_dispatch::statement::Change;
use serde_json::{Value, json};

use super::charter::id;
use super::output::{self, Format};
use super::{Failure, Settings, caller, named_caller};
use crate::app::{App, AppError, Caller};
use crate::import::figures::{self, Figure, Line, Place, Said};
use crate::import::input;
use crate::statement;
use crate::words::{self, Names};

/// Records what a sail came to: what is left out stays, and `none` makes it unknown again. Without any of it the figures
/// are shown. Hours can be said once the sail has departed, all else at any time, and again and again.
#[derive(Debug, clap::Args)]
pub(super) struct Record {
    /// The charter
    #[arg(value_name = "ID", value_parser = id)]
    charter: Option<CharterId>,
    /// What it brought in: 1450.00
    #[arg(long, value_name = "AMOUNT")]
    revenue: Option<Figure<Money>>,
    /// What whoever sold the charter keeps of that
    #[arg(long, value_name = "AMOUNT")]
    channel_fee: Option<Figure<Money>>,
    /// What the guests gave the crew
    #[arg(long, value_name = "AMOUNT")]
    gratuity: Option<Figure<Money>>,
    /// How long the crew worked: 3:30
    #[arg(long, value_name = "HOURS")]
    hours: Option<Figure<Minutes>>,
    /// How long one of them worked, if not as long as the others: lee-park=2:00
    #[arg(long, value_name = "CREW=HOURS")]
    hours_of: Vec<HoursOf>,
    /// Of many charters: a CSV with the columns charter_id, gross_revenue, channel_fee, gratuity, actual_hours; `-` is
    /// standard input. An empty cell says nothing
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["charter", "revenue", "channel_fee", "gratuity", "hours", "hours_of"]
    )]
    file: Option<PathBuf>,
    /// Who says so; the user of this machine if not given
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    format: Format,
}

/// `lee-park=2:00`
#[derive(Debug, Clone)]
struct HoursOf(CrewId, Figure<Minutes>);

impl FromStr for HoursOf {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (crew_id, hours) = text.split_once('=').ok_or("write whose hours they are: lee-park=2:00")?;
        Ok(Self(crew_id.trim().parse()?, hours.parse()?))
    }
}

impl Record {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let caller = match self.by.as_deref() {
            Some(by) => named_caller(Some(by))?,
            None => caller(),
        };
        match (self.file, self.charter) {
            (Some(file), _) => from_file(settings, &file, &caller, self.format).await,
            (None, Some(charter)) => {
                let said = Said {
                    gross_revenue: self.revenue,
                    channel_fee: self.channel_fee,
                    gratuity: self.gratuity,
                    actual_hours: self.hours,
                    hours_of: self.hours_of.into_iter().map(|HoursOf(id, hours)| (id, hours)).collect(),
                };
                let app = settings.open_app().await?;
                if said == Said::default() {
                    return print(&app, &app.charter(&charter).await?, self.format).await;
                }
                let state = record(&app, &charter, &said, &caller).await?;
                print(&app, &state, self.format).await?;
                if self.format.json { Ok(()) } else { what_becomes_of_it(&app, &state).await }
            }
            (None, None) => Err(Failure::usage("no charter is given; give its id, or many with --file")),
        }
    }
}

/// What is said goes over what is known, also if others record something at the same moment.
async fn record(
    app: &App,
    charter: &CharterId,
    said: &Said,
    caller: &Caller,
) -> Result<CharterState, AppError> {
    for _ in 0..limits::COMMIT_ATTEMPTS {
        let from = app.charter(charter).await?.figures;
        let command = Command::Record { figures: said.over(&from), from: Some(from) };
        match app.run(charter, &command, caller).await {
            Err(AppError::Rejected(Rejection::ChangedMeanwhile)) => {}
            done => return done,
        }
    }
    Err(Rejection::ChangedMeanwhile.into())
}

/// Of a month that is paid already it is said what comes of that now.
async fn what_becomes_of_it(app: &App, state: &CharterState) -> Result<(), Failure> {
    let month = Month::of(app.operator.zone.to_datetime(state.charter.departs_at).date());
    match statement::change_in(app, month).await? {
        Change::InTime => Ok(()),
        Change::Adjusts => output::print(&format!(
            "{} is done with: what this changes for anybody is an adjustment in the next month that is approved.",
            month.name()
        )),
        Change::TooLate => output::print(&format!(
            "{} is not looked at any more: what this changes for anybody has to be given by hand (`crewcall statement bonus`).",
            month.name()
        )),
    }
}

async fn print(app: &App, state: &CharterState, format: Format) -> Result<(), Failure> {
    let id = &state.charter.charter_id;
    if format.json {
        return output::json(&json!({ "charter_id": id, "known": known(state), "figures": state.figures }));
    }
    let names: Names = app.crew_names(&state.figures.hours_of.keys().cloned().collect::<Vec<_>>()).await?;
    let known = words::figures::known(state, &names);
    if known.is_empty() {
        return output::print(&format!(
            "Nothing is known of what {id} came to. `crewcall charter figures {id} --revenue 1450.00` records it."
        ));
    }
    output::print(&output::facts(known))
}

/// By the latest that is known, be it booked or recorded.
fn known(state: &CharterState) -> Value {
    let known = Figures {
        gross_revenue: state.gross_revenue(),
        channel_fee: state.channel_fee(),
        gratuity: state.gratuity(),
        ..state.figures.clone()
    };
    json!(known)
}

/// A line that can be carried out.
struct Ready {
    line: Line,
    changes: bool,
}

/// Everything is looked at before anything is recorded.
async fn from_file(settings: &Settings, file: &Path, caller: &Caller, format: Format) -> Result<(), Failure> {
    let input = input::read(file)?;
    let place = &input.place;
    let (lines, faults) =
        figures::read(&input.text).map_err(|problem| Failure::said(format!("{place}: {problem}")))?;
    let mut faults: Vec<(usize, String)> =
        faults.into_iter().map(|(at, fault)| (at.line, format!("{at}, {fault}"))).collect();
    let app = settings.open_app().await?;
    let mut ready = Vec::new();
    for line in lines {
        match check(&app, line, caller).await? {
            Ok(one) => ready.push(one),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        faults.sort();
        let faults = faults.into_iter().map(|(_, fault)| fault);
        return Err(Failure::faults(format!("nothing was recorded from {place}"), faults));
    }
    let charters = ready.len();
    let mut changed = 0;
    for Ready { line, .. } in ready.into_iter().filter(|one| one.changes) {
        if let Err(error) = record(&app, &line.charter_id, &line.said, caller).await {
            let at = Place { line: line.line, charter_id: Some(line.charter_id) };
            return Err(Failure::said(format!(
                "{place}, {at}: {error}; {changed} before it are recorded, and the same file again records the rest"
            )));
        }
        changed += 1;
    }
    format.print(&json!({ "charters": charters, "changed": changed }), |_| match charters - changed {
        0 => format!("{changed} changed."),
        same => format!("{changed} changed, {same} were like that already."),
    })
}

/// What is wrong with a line, with its number, if it cannot be carried out.
async fn check(app: &App, line: Line, caller: &Caller) -> Result<Result<Ready, (usize, String)>, AppError> {
    let at = Place { line: line.line, charter_id: Some(line.charter_id.clone()) };
    let state = match app.charter(&line.charter_id).await {
        Err(AppError::NoSuchCharter(_)) => {
            let sentence = format!("{at}: there is no such charter; `crewcall charter list --all` shows all");
            return Ok(Err((line.line, sentence)));
        }
        state => state?,
    };
    let figures = line.said.over(&state.figures);
    let changes = figures != state.figures;
    match app.check(&state, &Command::Record { figures, from: None }, caller).await {
        Err(AppError::Rejected(rejection)) => Ok(Err((line.line, format!("{at}: {rejection}")))),
        checked => {
            checked?;
            Ok(Ok(Ready { line, changes }))
        }
    }
}

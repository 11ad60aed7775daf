//! `crewcall statement …`: a month of pay.

mod deliver;
mod shown;
mod step;

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crewcall_dispatch::model::{CrewId, Month};

use super::output::{self, Format};
use super::{Failure, Settings, caller, named_caller};
use crate::app::App;
use crate::config::Config;
use crate::statement::{self, File, MonthView, StatementError};
use step::Step;

/// Works a month of pay out: a workbook for each crew member, and the owner's. Without further flags they are written into a
/// directory, and nothing is sent.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Statement {
    #[command(subcommand)]
    step: Option<Step>,
    /// Which, as in 2026-06
    #[arg(required = true)]
    month: Option<Month>,
    /// Of one person alone
    #[arg(long, value_name = "ID")]
    crew: Option<CrewId>,
    /// Only show what it comes to; write and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Approve the month: it is locked from then on, and later changes come with a later month
    #[arg(long, conflicts_with_all = ["crew", "csv"])]
    approve: bool,
    /// Send each crew member their statement, and owner and office the month; whoever has theirs gets none
    #[arg(long, conflicts_with_all = ["csv", "out"])]
    send: bool,
    /// Print a row for each person as CSV, for payroll programs
    #[arg(long, conflicts_with_all = ["out", "json"])]
    csv: bool,
    /// Into which directory the workbooks go; statements-2026-06 if not given
    #[arg(long, value_name = "DIRECTORY", conflicts_with_all = ["approve", "json", "dry_run"])]
    out: Option<PathBuf>,
    /// Who approves or sends, if not this machine's user
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    format: Format,
}

impl Statement {
    pub(super) async fn run(self, settings: &Settings) -> Result<(), Failure> {
        if let Some(step) = self.step {
            return step.run(settings).await;
        }
        let Some(month) = self.month else {
            return Err(Failure::usage("name the month, as in: crewcall statement 2026-06"));
        };
        let config = settings.load()?;
        let app = config.open_app().await?;
        let caller = match (&self.by, self.approve) {
            (Some(by), _) => named_caller(Some(by))?,
            (None, true) => named_caller(None)?,
            (None, false) => caller(),
        };
        let mut view = statement::month(&app, month).await?;
        if let Some(crew_id) = &self.crew
            && view.draft.of(crew_id).is_none()
        {
            return Err(StatementError::NoStatement { crew_id: crew_id.clone(), month }.into());
        }
        if self.csv {
            let bytes = statement::csv(&view.draft, view.is_approved(), self.crew.as_ref());
            let bytes = bytes.map_err(|error| {
                Failure::said(format!("no CSV can be made of the month ({error}); please report it"))
            })?;
            return output::print(&String::from_utf8_lossy(&bytes));
        }
        if self.approve && !self.dry_run {
            view = statement::approve(&app, month, None, &caller).await?;
        }
        let mut written = None;
        if self.send && !self.dry_run {
            deliver::send(&config, &app, month, self.crew.as_ref(), &caller).await?;
            view = statement::month(&app, month).await?;
        } else if !self.dry_run && !self.format.json && !self.approve {
            let directory = self.out.clone().unwrap_or_else(|| format!("statements-{month}").into());
            let files = files(&app, &view, self.crew.as_ref())?;
            write(&directory, &files)?;
            let left = if self.crew.is_none() { left_over(&directory, month, &files) } else { Vec::new() };
            written = Some((directory, files.len(), left));
        }
        let crew = self.crew.as_ref();
        self.format.print(&shown::json(&view, crew), |_| {
            let mut text = shown::text(&view, crew, &config, app.clock.now());
            if let Some((directory, files, left)) = written {
                let are = if files == 1 { "workbook is" } else { "workbooks are" };
                text.push_str(&format!("\n\n{files} {are} in {}.", directory.display()));
                if !left.is_empty() {
                    let left = left.join(", ");
                    text.push_str(&format!(
                        " Of earlier runs, and of nobody's statement now: {left}. Delete what is not needed."
                    ));
                }
            }
            text
        })?;
        if self.send { in_doubt(&view, crew, &config) } else { Ok(()) }
    }
}

/// A command that leaves mails in doubt has not done what was asked for.
fn in_doubt(view: &MonthView, only: Option<&CrewId>, config: &Config) -> Result<(), Failure> {
    let doubts = shown::doubts(view, only, config);
    if doubts.is_empty() { Ok(()) } else { Err(Failure::faults("not all mails have left", doubts)) }
}

/// The workbooks: of one person, or of all and the owner's.
fn files(app: &App, view: &MonthView, only: Option<&CrewId>) -> Result<Vec<File>, StatementError> {
    if let Some(crew_id) = only {
        return Ok(vec![statement::statement_file(app, view, crew_id)?]);
    }
    let bar = bar(view.draft.statements.len(), "workbooks");
    let mut files = statement::statement_files(app, view, &|| bar.inc(1))?;
    files.push(statement::owner_file(app, view)?);
    bar.finish_and_clear();
    Ok(files)
}

/// How far something has come, on a terminal.
fn bar(of: usize, what: &'static str) -> indicatif::ProgressBar {
    if !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let form = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    let bar = indicatif::ProgressBar::new(of as u64).with_message(what);
    match form {
        Ok(form) => bar.with_style(form),
        Err(_) => bar,
    }
}

fn write(directory: &Path, files: &[File]) -> Result<(), Failure> {
    fs::create_dir_all(directory).map_err(|error| {
        let place = directory.display();
        Failure::said(format!("{place} cannot be made ({}); name another directory with --out", error.kind()))
    })?;
    files.iter().try_for_each(|file| output::to_file(&directory.join(&file.name), &file.bytes))
}

/// Statements of the month that lie there and are of nobody's now: whoever hands the directory on would hand them on, too.
fn left_over(directory: &Path, month: Month, files: &[File]) -> Vec<String> {
    let start = format!("statement-{month}-");
    let there = fs::read_dir(directory).into_iter().flatten().flatten();
    let names = there.filter_map(|file| file.file_name().into_string().ok());
    let ours = names.filter(|name| name.starts_with(&start) && name.ends_with(".xlsx"));
    let mut left: Vec<String> = ours.filter(|name| files.iter().all(|file| file.name != *name)).collect();
    left.sort();
    left
}

impl From<StatementError> for Failure {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::App(error) => error.into(),
            other => Self::said(other),
        }
    }
}

/// The settings' own name of a command, for whoever has to go on with it.
fn command(config: &Config, month: Month, rest: &str) -> String {
    config.command(format!("statement {month} {rest}").trim_end())
}

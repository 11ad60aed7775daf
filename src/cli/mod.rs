//! The command line: one file for each noun.
//!
//! Data goes to standard output, everything else to standard error. A command ends with 0 when it is
//! done, 1 when it failed, 2 when it was called wrongly; a failure is a sentence with the way out.

mod api_token;
mod audit;
mod availability;
mod backup;
mod call;
mod call_controls;
mod call_plan;
mod charter;
mod charter_add;
mod charter_change;
mod charter_figures;
mod config;
mod doctor;
mod failure;
mod google;
mod import;
mod init;
#[cfg(feature = "aws")]
mod lambda;
mod mail;
mod output;
mod roster;
mod serve;
mod sheets;
mod statement;
mod store;
mod thread;
mod tick;
mod user;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use crewcall_dispatch::cascade::Actor;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use crate::app::{App, Caller};
use crate::config::Config;
use failure::Failure;

/// Crews boats: asks captains and crew in rank order by mail, and keeps the office told.
#[derive(Debug, Parser)]
#[command(name = "crewcall", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

/// What every command may need.
#[derive(Debug, clap::Args)]
pub(crate) struct Settings {
    /// The settings; crewcall.toml in the working directory if not given
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open a working office with made-up people, to try crewcall in
    Demo(serve::Demo),
    /// Serve the pages and do what is due, until told to stop
    Serve,
    /// Print a new link that signs one browser in as the office
    SetupLink(output::Format),
    /// Write a commented crewcall.toml into the working directory
    Init,
    /// Show the effective settings and where each comes from; secrets stay hidden
    Config(output::Format),
    /// Do once what is due: deadlines first, then the outbox
    Tick(output::Format),
    /// Bring the roster in, take it out, look at it
    #[command(subcommand)]
    Roster(roster::Roster),
    /// Take over from a workbook what people say of days, write a workbook that has it
    #[command(subcommand)]
    Availability(availability::Availability),
    /// Book a charter, look at charters, call one off
    #[command(subcommand)]
    Charter(charter::Charters),
    /// Crew a charter
    #[command(subcommand)]
    Call(call::Call),
    /// Read and write the conversation of a charter
    #[command(subcommand)]
    Thread(thread::Thread),
    /// Tell what happened to a charter: who did what, when and from where
    Audit(audit::Audit),
    /// Write a backup of the store's file, while crewcall runs
    Backup(backup::Backup),
    /// Put a backup back where there is no store
    Restore(backup::Restore),
    /// Make the tables of a store, copy one store into another
    #[command(subcommand)]
    Store(store::Stores),
    /// Let another program use the API
    #[command(subcommand)]
    ApiToken(api_token::ApiTokens),
    /// Say who may sign in at the pages, and what they may do there
    #[command(subcommand)]
    User(user::Users),
    /// Sign in at Google, and see how that stands
    #[command(subcommand)]
    Google(google::Google),
    /// Keep the office's Google Sheet and the store the same
    #[command(subcommand)]
    Sheets(sheets::Sheets),
    /// Work out a month of pay, approve it, send it
    Statement(Box<statement::Statement>),
    /// Look whether everything is in order: settings, store, mail, Google
    Doctor(output::Format),
    /// Try the way in which mail leaves
    #[command(subcommand)]
    Mail(mail::Mail),
}

impl Command {
    /// What is logged unless `RUST_LOG` says otherwise.
    fn log_level(&self) -> LevelFilter {
        match self {
            Self::Serve => LevelFilter::INFO,
            _ => LevelFilter::WARN,
        }
    }

    async fn run(self, settings: &Settings) -> Result<(), Failure> {
        match self {
            Self::Demo(demo) => demo.run().await,
            Self::Serve => serve::serve(settings).await,
            Self::SetupLink(format) => serve::setup_link(settings, format).await,
            Self::Init => init::run(settings),
            Self::Config(format) => config::run(settings, format),
            Self::Tick(format) => tick::run(settings, format).await,
            Self::Roster(command) => command.run(settings).await,
            Self::Availability(command) => command.run(settings).await,
            Self::Charter(command) => command.run(settings).await,
            Self::Call(command) => command.run(settings).await,
            Self::Thread(command) => command.run(settings).await,
            Self::Audit(command) => command.run(settings).await,
            Self::Backup(backup) => backup.run(settings),
            Self::Restore(restore) => restore.run(settings),
            Self::Store(command) => command.run(settings).await,
            Self::ApiToken(command) => command.run(settings).await,
            Self::User(command) => command.run(settings).await,
            Self::Google(command) => command.run(settings).await,
            Self::Sheets(command) => command.run(settings).await,
            Self::Statement(statement) => statement.run(settings).await,
            Self::Doctor(format) => doctor::run(settings, format).await,
            Self::Mail(command) => command.run(settings).await,
        }
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    #[cfg(feature = "aws")]
    if lambda::started_this() {
        return lambda::main();
    }
    let Cli { settings, command } = Cli::parse();
    log(command.log_level());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(command.run(&settings)),
        Err(error) => Err(Failure::said(format!("the program cannot start its threads: {error}"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Logs to standard error, in colour where that is a terminal.
fn log(level: LevelFilter) {
    let asked = std::env::var("RUST_LOG").ok().filter(|text| !text.trim().is_empty());
    let filter = asked.and_then(|text| text.parse::<Targets>().ok());
    let filter = filter.unwrap_or_else(|| Targets::new().with_default(level));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
}

impl Settings {
    /// The settings, checked.
    pub(crate) fn load(&self) -> Result<Config, Failure> {
        Ok(Config::find(self.config.as_deref())?)
    }

    /// The app on the operator's store.
    pub(crate) async fn open_app(&self) -> Result<Arc<App>, Failure> {
        Ok(self.load()?.open_app().await?)
    }
}

/// Whoever sits at this terminal, as the audit names them.
pub(crate) fn caller() -> Caller {
    office(user().unwrap_or_else(|| "command line".into()))
}

/// The same for what needs somebody's name: the one that is given, else this machine's user.
pub(crate) fn named_caller(by: Option<&str>) -> Result<Caller, Failure> {
    match by {
        Some(by) => {
            let name = crewcall_dispatch::model::name(by);
            name.map(office).map_err(|problem| Failure::said(format!("--by {problem}")))
        }
        None => user().map(office).ok_or_else(|| {
            Failure::said("this needs the name of whoever decides it; give it with --by \"Pat Lane\"")
        }),
    }
}

fn user() -> Option<String> {
    let user = std::env::var("USER").ok()?;
    crewcall_dispatch::model::name(&user).ok()
}

fn office(name: String) -> Caller {
    Caller::new(Actor::Office(name), "command line")
}

//! How a command says that it failed: each fault a line of its own, on standard error.

use std::error::Error;
use std::fmt::Display;
use std::process::ExitCode;

use crewcall_dispatch::cascade::Rejection;
use crewcall_dispatch::limits;

use super::output::plain;
use crate::app::AppError;
use crate::config::{ConfigError, OpenError};
use crate::google::SheetsError;
use crate::import::input::InputError;
use crate::import::roster::RosterError;
use crate::sheet::{ExportError, SyncError};
use crate::store::StoreError;

/// Exit code of a command that failed.
const FAILED: u8 = 1;
/// Exit code of a command that was called wrongly; clap's own.
const USAGE: u8 = 2;

/// Why a command failed, as it is told.
#[derive(Debug)]
pub(crate) struct Failure {
    lines: Vec<String>,
    code: u8,
}

impl Failure {
    /// A failure in one sentence.
    pub(crate) fn said(sentence: impl Display) -> Self {
        Self { lines: vec![sentence.to_string()], code: FAILED }
    }

    /// A command that was called wrongly.
    pub(crate) fn usage(sentence: impl Display) -> Self {
        Self { code: USAGE, ..Self::said(sentence) }
    }

    /// Several faults of one thing: at most [`limits::FAULTS_SHOWN`] of them, then how many more.
    pub(crate) fn faults(what: impl Display, faults: impl IntoIterator<Item = impl Display>) -> Self {
        let faults: Vec<String> = faults.into_iter().map(|fault| plain(&fault.to_string())).collect();
        let count = faults.len();
        Self::first_faults(what, faults, count)
    }

    /// The same, of which only the first ones were made.
    pub(crate) fn first_faults(what: impl Display, faults: Vec<String>, of: usize) -> Self {
        let count = if of == 1 { "1 fault".into() } else { format!("{of} faults") };
        let mut lines = vec![format!("{what}: {count}")];
        let more = of.saturating_sub(limits::FAULTS_SHOWN);
        lines.extend(faults.into_iter().take(limits::FAULTS_SHOWN));
        if more > 0 {
            lines.push(format!("… and {more} more; correct these first"));
        }
        Self { lines, code: FAILED }
    }

    /// An error with what lies underneath, for whoever runs the machine.
    pub(super) fn with_causes(error: &(dyn Error + 'static)) -> Self {
        let mut failure = Self::said(error);
        let mut cause = error.source();
        while let Some(error) = cause {
            let words = error.to_string();
            if !failure.lines.iter().any(|line| line.contains(&words)) {
                failure.lines.push(format!("because: {words}"));
            }
            cause = error.source();
        }
        failure
    }

    /// Tells it, and gives the exit code.
    pub(super) fn report(self) -> ExitCode {
        use std::io::Write;
        let mut error = std::io::stderr().lock();
        for (index, line) in self.lines.iter().enumerate() {
            // Whoever closed standard error does not want to know.
            let _ = writeln!(error, "{}{}", if index == 0 { "error: " } else { "" }, plain(line));
        }
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Faults(faults) => Self::faults("the settings are not in order", faults),
            other => Self::said(other),
        }
    }
}

impl From<RosterError> for Failure {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::Faults { place, faults, count } => {
                let faults = faults.iter().map(|fault| plain(&fault.to_string())).collect();
                Self::first_faults(format!("nothing was imported from {place}"), faults, count)
            }
            RosterError::Form { place, problem } => {
                Self::said(format!("nothing was imported from {place}: {problem}"))
            }
        }
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::said(error)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::with_causes(&error)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match way_on(&error) {
            Some(way_on) => Self::said(format!("{error}; {way_on}")),
            None => Self::with_causes(&error),
        }
    }
}

/// The command that helps, where there is one.
fn way_on(error: &AppError) -> Option<&'static str> {
    match error {
        AppError::NoSuchCharter(_) => Some("`crewcall charter list` shows those there are"),
        AppError::CharterCancelled(_) => Some("`crewcall charter restore` calls it on again"),
        AppError::Rejected(Rejection::Paused) => {
            Some("`crewcall call resume` or `crewcall call again` does that")
        }
        AppError::Rejected(Rejection::NotToCome(_)) => Some("`crewcall call plan` shows who is"),
        _ => None,
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::App(error) => error.into(),
            SyncError::Sheets(SheetsError::SignIn(error)) => Self::said(format!(
                "{error}; `crewcall google login` signs in, and `crewcall doctor` says more"
            )),
            other => Self::said(other),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Write(error) => Self::said(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::with_causes(&error)
    }
}

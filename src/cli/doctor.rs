//! `crewcall doctor`

use super::output::{Format, table};
use super::{Failure, Settings};
use crate::doctor::{self, Verdict};

/// Looks at everything; fails where something does not work.
pub(super) async fn run(settings: &Settings, format: Format) -> Result<(), Failure> {
    let config = settings.load()?;
    let findings = doctor::examine(&config).await;
    format.print(&findings, |findings| {
        let rows = findings
            .iter()
            .map(|found| [found.verdict.to_string(), found.about.to_owned(), found.says.clone()]);
        table(["", "ABOUT", "FOUND"], rows)
    })?;
    match findings.iter().filter(|found| found.verdict == Verdict::Failed).count() {
        0 => Ok(()),
        1 => Err(Failure::said("one thing is not in order, as said above")),
        failed => Err(Failure::said(format!("{failed} things are not in order, as said above"))),
    }
}

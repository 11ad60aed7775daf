//! `crewcall tick`

use jiff::Timestamp;
use serde::Serialize;

use super::output::Format;
use super::{Failure, Settings};
use crate::outbox::Outbox;
use crate::tick::{self, Pass};
use crate::times;

/// What is printed: the pass, and what is left after it.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    pass: Pass,
    /// Mails that were tried, now or earlier, and wait for another try.
    waiting: usize,
    next_due_at: Option<Timestamp>,
}

/// One pass over everything that is due.
pub(super) async fn run(settings: &Settings, format: Format) -> Result<(), Failure> {
    let config = settings.load()?;
    let outbox = Outbox { transport: config.transport()?, app: config.open_app()? };
    let pass = tick::tick(&outbox).await?;
    let app = &outbox.app;
    let report = Report { pass, waiting: app.stuck_mails().await?.len(), next_due_at: app.next_due().await? };
    format.print(&report, |Report { waiting, next_due_at, .. }| {
        let next = next_due_at.map_or("nothing".to_owned(), |at| times::full(at, &app.operator.zone));
        format!(
            "charters settled: {}, mails handed over: {}, dropped: {}, put off: {}, failed: {}\n\
             mails that wait for another try: {waiting}; due next: {next}",
            pass.settled, pass.done, pass.dropped, pass.put_off, pass.failed
        )
    })?;
    match pass.failed {
        0 => Ok(()),
        failed => Err(Failure::said(format!(
            "{failed} pieces of work failed, as logged above; they are due again at the next tick"
        ))),
    }
}

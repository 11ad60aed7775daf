//! `crewcall tick`

use jiff::Timestamp;
use serde::Serialize;

use super::output::Format;
use super::{Failure, Settings};
use crate::app::{Pages, STUCK_LOOKED_AT};
use crate::outbox::Outbox;
use crate::tick::{self, Pass};
use crate::times;

/// What is printed: the pass, and what is left after it.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    pass: Pass,
    /// Mails that were tried, now or earlier; not all of them where there are very many.
    waiting_for_another_try: usize,
    next_due_at: Option<Timestamp>,
}

/// One pass over everything that is due.
pub(super) async fn run(settings: &Settings, format: Format) -> Result<(), Failure> {
    let config = settings.load()?;
    let outbox = Outbox { transport: config.transport().await?, app: config.open_app().await? };
    let pass = tick::tick(&outbox, Pages::NotAsked).await?;
    let app = &outbox.app;
    let (waiting, next_due_at) = match (app.stuck_mails().await, app.next_due().await) {
        (Ok(stuck), Ok(next)) => (stuck.len(), next),
        (Err(error), _) | (_, Err(error)) => {
            // What the pass did is told all the same.
            format.print(&pass, done)?;
            return Err(error.into());
        }
    };
    let report = Report { pass, waiting_for_another_try: waiting, next_due_at };
    format.print(&report, |Report { next_due_at, .. }| {
        let more = if waiting == STUCK_LOOKED_AT { " or more" } else { "" };
        let next = next_due_at.map_or("nothing".to_owned(), |at| times::full(at, &app.operator.zone));
        let done = done(&pass);
        format!("{done}\nmails that wait for another try: {waiting}{more}; due next: {next}")
    })?;
    if let Some((stopped, _)) = app.mail_way().await?.stopped() {
        return Err(Failure::said(stopped.told()));
    }
    match pass.failed {
        0 => Ok(()),
        failed => Err(Failure::said(format!(
            "{failed} pieces of work failed, as logged above; they are due again at the next tick"
        ))),
    }
}

fn done(pass: &Pass) -> String {
    let Pass { settled, done, dropped, put_off, failed, .. } = pass;
    format!(
        "charters settled: {settled}, mails handed over: {done}, dropped: {dropped}, put off: {put_off}, failed: {failed}"
    )
}

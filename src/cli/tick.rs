//! `crewcall tick`

use super::output::Format;
use super::{Failure, Settings};
use crate::outbox::Outbox;
use crate::tick;

/// One pass over everything that is due.
pub(super) async fn run(settings: &Settings, format: Format) -> Result<(), Failure> {
    let config = settings.load()?;
    let outbox = Outbox { transport: config.transport()?, app: config.open_app()? };
    let pass = tick::tick(&outbox).await?;
    format.print(&pass, |pass| {
        format!(
            "charters settled: {}, mails handed over: {}, dropped: {}, put off: {}, failed: {}",
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

//! `crewcall statement 2026-06 --send`: the mails are asked for, and handed over at once as far as that goes.

use std::sync::Arc;

use crewcall_dispatch::model::{CrewId, Month};

use super::bar;
use crate::app::{App, Caller, OutboxRow};
use crate::cli::Failure;
use crate::config::Config;
use crate::outbox::Outbox;
use crate::statement::{self, DeliveryState};
use crate::store::read;

/// Whatever cannot leave now waits in the outbox: `crewcall serve` or a later `crewcall tick` sends it.
pub(super) async fn send(
    config: &Config,
    app: &Arc<App>,
    month: Month,
    only: Option<&CrewId>,
    caller: &Caller,
) -> Result<(), Failure> {
    statement::send(app, month, only, caller).await?;
    let outbox = Outbox { app: app.clone(), transport: config.transport().await? };
    // Also those that an earlier run had asked for, and was cut off.
    let view = statement::month(app, month).await?;
    let wanted = |reader: &crewcall_dispatch::statement::Reader| {
        only.is_none_or(|only| reader.crew_id() == Some(only))
    };
    let queued: Vec<String> = view
        .deliveries
        .iter()
        .filter(|delivery| delivery.state == DeliveryState::Queued && wanted(&delivery.reader))
        .map(statement::outbox_key)
        .collect();
    if queued.is_empty() {
        return Ok(());
    }
    if outbox.look_after_the_way().await? {
        return match app.mail_way().await?.stopped() {
            Some((stopped, _)) => Err(Failure::said(stopped.told())),
            None => Ok(()),
        };
    }
    let bar = bar(queued.len(), "mails");
    for key in queued {
        if let Some(row) = read::<OutboxRow>(&*app.store, &key).await? {
            outbox.work(row).await?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    outbox.transport.rest().await;
    Ok(())
}

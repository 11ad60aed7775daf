//! `crewcall statement 2026-06 --send`: the mails are asked for, and handed over at once as far as that goes.

use std::sync::Arc;
use std::time::Duration;

use crewcall_dispatch::model::{CrewId, Month};

use super::bar;
use crate::app::{App, Caller, OutboxRow};
use crate::cli::Failure;
use crate::config::Config;
use crate::outbox::Outbox;
use crate::statement::{self, DeliveryState};
use crate::store::read;

/// How often it is looked whether another process has handed over what it has in hand.
const PATIENCE: usize = 60;
const A_MOMENT: Duration = Duration::from_millis(500);

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
    let mut left = queued;
    // What another process has in hand is waited for, so that what is told afterwards is how it ended.
    for _ in 0..PATIENCE {
        let mut others = Vec::new();
        for key in left {
            match read::<OutboxRow>(&*app.store, &key).await? {
                Some(row) if row.value.in_flight && row.value.due_at > app.clock.now() => others.push(key),
                Some(row) => {
                    outbox.work(row).await?;
                    bar.inc(1);
                }
                None => bar.inc(1),
            }
        }
        if others.is_empty() {
            break;
        }
        left = others;
        tokio::time::sleep(A_MOMENT).await;
    }
    bar.finish_and_clear();
    outbox.transport.rest().await;
    Ok(())
}

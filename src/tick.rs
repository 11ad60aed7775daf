//! What is due now: deadlines first, then the outbox. Safe to run twice, or in two processes.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crewcall_dispatch::cascade::Command;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{App, AppError, Caller, OutboxRow};
use crate::outbox::{Outbox, Outcome};
use crate::store::{Row, Store, StoreError, Table};

/// Rows read at one look.
const BATCH: usize = 512;
/// Deadlines worked on at once: enough to fill the store's group commits.
const DEADLINES_AT_ONCE: usize = 64;
/// Mails under way at once.
const MAILS_AT_ONCE: usize = 8;
/// The longest pause between two looks. Another process may have left something due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pass {
    /// Charters whose deadline had come.
    pub settled: usize,
    /// Mails handed over, and other jobs done.
    pub done: usize,
    /// Mails that will not go out.
    pub dropped: usize,
    /// Mails that will be tried again.
    pub put_off: usize,
    /// Pieces of work at which the store failed; they are due again.
    pub failed: usize,
}

impl Pass {
    fn count(&mut self, worked: Result<Outcome, AppError>) {
        match worked {
            Ok(Outcome::Done) => self.done += 1,
            Ok(Outcome::Dropped) => self.dropped += 1,
            Ok(Outcome::PutOff) => self.put_off += 1,
            Ok(Outcome::LeftToOthers) => {}
            Err(error) => {
                tracing::error!(%error, "an outbox row could not be worked on");
                self.failed += 1;
            }
        }
    }

    /// Whether there was nothing to do.
    pub fn is_idle(&self) -> bool {
        *self == Self::default()
    }
}

/// One pass over everything that is due, and over what that makes due at once.
///
/// # Errors
/// If the store cannot even be asked.
pub async fn tick(outbox: &Outbox) -> Result<Pass, StoreError> {
    let mut pass = Pass::default();
    outbox.app.beat().await?;
    loop {
        let before = pass;
        settle_due(&outbox.app, &mut pass).await?;
        empty_outbox(outbox, &mut pass).await?;
        // Failed rows are still due; looking again at once would only spin.
        if pass == before || pass.failed > 0 {
            return Ok(pass);
        }
    }
}

/// Settles every charter whose deadline has come.
///
/// # Errors
/// If the store cannot be asked.
pub async fn settle_due(app: &Arc<App>, pass: &mut Pass) -> Result<(), StoreError> {
    loop {
        let due = app.store.due(Table::Charter, app.clock.now(), BATCH).await?;
        let full = due.len() == BATCH;
        let app = app.clone();
        let settled = each(due, DEADLINES_AT_ONCE, move |row| {
            let app = app.clone();
            async move { settle_row(&app, &row).await }
        });
        let mut progress = false;
        for settled in settled.await {
            match settled {
                Ok(()) => {
                    pass.settled += 1;
                    progress = true;
                }
                Err(error) => {
                    tracing::error!(%error, "a charter could not be settled");
                    pass.failed += 1;
                }
            }
        }
        if !full || !progress {
            return Ok(());
        }
    }
}

async fn settle_row(app: &App, row: &Row) -> Result<(), AppError> {
    app.run_on(row.parse()?, &Command::Settle, &Caller::tick()).await.map(|_| ())
}

/// Works on every outbox row that is due.
///
/// # Errors
/// If the store cannot be asked.
pub async fn empty_outbox(outbox: &Outbox, pass: &mut Pass) -> Result<(), StoreError> {
    loop {
        let due = outbox.app.store.due(Table::Outbox, outbox.app.clock.now(), BATCH).await?;
        let full = due.len() == BATCH;
        let before = *pass;
        let worker = outbox.clone();
        let worked = each(due, MAILS_AT_ONCE, move |row| {
            let outbox = worker.clone();
            async move { outbox.work(row.parse::<OutboxRow>()?).await }
        });
        for worked in worked.await {
            pass.count(worked);
        }
        let progress =
            pass.done + pass.dropped + pass.put_off > before.done + before.dropped + before.put_off;
        if !full || !progress {
            return Ok(());
        }
    }
}

/// Runs `work` on every row, `at_once` at a time.
async fn each<F, T>(rows: Vec<Row>, at_once: usize, work: impl Fn(Row) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut results = Vec::with_capacity(rows.len());
    let mut running = JoinSet::new();
    for row in rows {
        if running.len() >= at_once {
            results.extend(finished(&mut running).await);
        }
        running.spawn(work(row));
    }
    while let Some(result) = finished(&mut running).await {
        results.push(result);
    }
    results
}

/// The next result. A task that panicked has already said so; its row is still due.
async fn finished<T: Send + 'static>(running: &mut JoinSet<T>) -> Option<T> {
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok(result) => return Some(result),
            Err(error) => tracing::error!(%error, "a worker died"),
        }
    }
    None
}

/// Does what is due as it becomes due, until told to stop; then finishes what it is at. Deadlines and
/// mails go in two loops, so that a slow mail server holds no answer up.
pub async fn run(outbox: Outbox, stopping: watch::Receiver<bool>) {
    tokio::join!(settle_until(&outbox.app, stopping.clone()), post_until(&outbox, stopping));
}

async fn settle_until(app: &Arc<App>, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let mut pass = Pass::default();
        let looked = match app.beat().await {
            Ok(()) => settle_due(app, &mut pass).await,
            Err(error) => Err(error),
        };
        if let Err(error) = looked {
            tracing::error!(%error, "the deadlines could not be looked at");
        }
        let pause = until_next(app, Table::Charter, &pass).await;
        let _ = tokio::time::timeout(pause, stopping.changed()).await;
    }
}

async fn post_until(outbox: &Outbox, mut stopping: watch::Receiver<bool>) {
    let app = &outbox.app;
    while !*stopping.borrow() {
        let mut pass = Pass::default();
        if let Err(error) = empty_outbox(outbox, &mut pass).await {
            tracing::error!(%error, "the outbox could not be looked at");
        }
        let pause = until_next(app, Table::Outbox, &pass).await;
        // A commit of this process wakes us; one of another process is found at the next look.
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.woken() => {}
            _ = stopping.changed() => {}
        }
    }
}

/// How long to sleep: until the next row is due, at most [`LOOK_EVERY`]; that long after a failure.
async fn until_next(app: &App, table: Table, pass: &Pass) -> Duration {
    if pass.failed > 0 {
        return LOOK_EVERY;
    }
    match app.store.next_due(table).await {
        Ok(Some(due_at)) => wait_until(due_at, app.clock.now()).min(LOOK_EVERY),
        _ => LOOK_EVERY,
    }
}

fn wait_until(due_at: Timestamp, now: Timestamp) -> Duration {
    // A row that is due and was left alone is someone else's: look again soon, but do not spin.
    const SOON: SignedDuration = SignedDuration::from_millis(5);
    due_at.duration_since(now).max(SOON).unsigned_abs()
}

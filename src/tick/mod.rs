//! What is due now: deadlines first, then the outbox. Safe to run twice, or in two processes.

mod forgetting;
mod running;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crewcall_dispatch::cascade::{CharterState, Command};
use jiff::Timestamp;
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use running::run;

use crate::app::{App, AppError, Beat, Caller, OutboxRow, Pages};
use crate::outbox::{Outbox, Outcome};
use crate::store::{Row, StoreError, Table, Versioned};

/// Rows read at one look.
const BATCH: usize = 2_048;
/// Deadlines worked on at once: two of the store's group commits, so that one is decided while the other is
/// written.
const DEADLINES_AT_ONCE: usize = 1_024;
/// The same where a process has little memory, and its store is asked over the network: each of them holds the people
/// of its charter's ranks.
const DEADLINES_AT_ONCE_ON_LAMBDA: usize = 64;
/// So many overdue charters are settled minute by minute, as the season of a small operator has them after a
/// downtime. More of them are begun in order and end as they come: to wait for each minute would take twice as long.
const IN_ORDER: usize = 256;
/// Mails under way at once.
const MAILS_AT_ONCE: usize = 8;
/// So long before its end a tick begins nothing more: a server that hangs before it has a mail is known to by the end.
/// One that has it and does not answer in time may have taken it; the mail is sent once more then.
pub const LAST_MAILS: Duration = Duration::from_secs(25);
/// So long before its end it gives up what is under way, and tells what it did.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pass {
    /// Charters whose deadline had come, and something with it.
    pub settled: usize,
    /// Mails handed over, and other jobs done.
    pub done: usize,
    /// Mails that will not go out.
    pub dropped: usize,
    /// Mails that will be tried again.
    pub put_off: usize,
    /// Those of them that nobody took: the mail server or Google is not there, or wants nothing from us.
    #[serde(skip)]
    pub not_taken: usize,
    /// Whether none leaves until somebody does something; mails are left as they are then.
    #[serde(skip)]
    pub mail_stopped: bool,
    /// Pieces of work at which the store failed; they are due again.
    pub failed: usize,
    /// The earliest moment for which something was due that it found.
    #[serde(skip)]
    pub oldest_due: Option<Timestamp>,
}

impl Pass {
    /// Rows that are due, the earliest first.
    fn saw(&mut self, due: &[Row]) {
        let first = due.first().and_then(|row| row.due_at);
        self.oldest_due = self.oldest_due.into_iter().chain(first).min();
    }

    fn count(&mut self, worked: Result<Outcome, AppError>) {
        match worked {
            Ok(Outcome::Done) => self.done += 1,
            Ok(Outcome::Dropped) => self.dropped += 1,
            Ok(Outcome::PutOff) => self.put_off += 1,
            Ok(Outcome::NotTaken) => {
                self.put_off += 1;
                self.not_taken += 1;
            }
            Ok(Outcome::Stopped) => self.mail_stopped = true,
            Ok(Outcome::LeftToOthers) => {}
            Err(error) => {
                tracing::error!(%error, "an outbox row could not be worked on");
                self.failed += 1;
            }
        }
    }
}

/// One pass over everything that is due, and over what that makes due at once.
///
/// # Errors
/// If the store cannot even be asked.
pub async fn tick(outbox: &Outbox, pages: Pages) -> Result<Pass, StoreError> {
    let mut pass = Pass::default();
    work(outbox, pages, DEADLINES_AT_ONCE, &mut pass).await?;
    Ok(pass)
}

/// The same for a process that is ended from outside at a certain time: [`LAST_MAILS`] before, it begins nothing
/// more, and shortly before it gives up what is under way. Both are done by the next tick.
///
/// # Errors
/// As [`tick`].
pub async fn tick_until(outbox: &Outbox, pages: Pages, end: Instant) -> Result<Pass, StoreError> {
    let mut pass = Pass::default();
    let working = work(outbox, pages, DEADLINES_AT_ONCE_ON_LAMBDA, &mut pass);
    let stop = async {
        tokio::time::sleep_until(end - LAST_MAILS).await;
        outbox.app.stop();
        tokio::time::sleep_until(end - LAST_WORDS).await;
    };
    let in_time = tokio::select! {
        worked = working => Some(worked),
        () = stop => None,
    };
    // Whoever does not hear the goodbye in time is left without.
    let _ = tokio::time::timeout(LAST_WORDS / 2, outbox.transport.rest()).await;
    match in_time {
        Some(worked) => worked?,
        None => tracing::warn!("time ran out under a mail; it is sent once more later"),
    }
    Ok(pass)
}

async fn work(outbox: &Outbox, pages: Pages, at_once: usize, pass: &mut Pass) -> Result<(), StoreError> {
    let app = &outbox.app;
    let beat = app.beat(pages).await?;
    let mut looked_after = false;
    loop {
        let before = *pass;
        settle_up_to(app, at_once, pass).await?;
        // Deadlines wait for nobody's answer.
        if !std::mem::replace(&mut looked_after, true) {
            pass.mail_stopped = look_after_the_way(outbox).await;
        }
        empty_outbox(outbox, pass).await?;
        // Failed rows are still due; looking again at once would only spin.
        if *pass == (Pass { mail_stopped: pass.mail_stopped, ..before })
            || pass.failed > 0
            || app.is_stopping()
        {
            break;
        }
    }
    // What was found out meanwhile is told; an alert of it leaves at the next tick at the latest.
    pass.mail_stopped = look_after_the_way(outbox).await;
    tidy(app, beat).await;
    Ok(())
}

/// Whether mail can leave is looked after beside whatever is due, and says whether it is stopped; that it could not be kept
/// ends nothing.
async fn look_after_the_way(outbox: &Outbox) -> bool {
    outbox.look_after_the_way().await.unwrap_or_else(|error| {
        tracing::error!(%error, "how mail leaves could not be kept");
        false
    })
}

/// What has no hurry at all, once an hour, when everything else is done.
async fn tidy(app: &App, beat: Beat) {
    if beat.first_of_hour && !app.is_stopping() {
        forgetting::forget_ended(app).await;
    }
}

/// Settles every charter whose deadline has come, the earliest first: of two calls that want the same person the one
/// that was due first asks. See [`IN_ORDER`].
///
/// # Errors
/// If the store cannot be asked.
pub async fn settle_due(app: &Arc<App>, pass: &mut Pass) -> Result<(), StoreError> {
    settle_up_to(app, DEADLINES_AT_ONCE, pass).await
}

async fn settle_up_to(app: &Arc<App>, at_once: usize, pass: &mut Pass) -> Result<(), StoreError> {
    loop {
        let due = app.store.due(Table::Charter, app.clock.now(), BATCH).await?;
        pass.saw(&due);
        let full = due.len() == BATCH;
        let before = pass.settled;
        let together = |one: &Row, next: &Row| due.len() > IN_ORDER || minute(one) == minute(next);
        for rows in due.chunk_by(together) {
            settle_all(app, rows.to_vec(), at_once, pass).await;
        }
        if !full || pass.settled == before || app.is_stopping() {
            return Ok(());
        }
    }
}

/// The minute in which a row was due.
fn minute(row: &Row) -> Option<i64> {
    row.due_at.map(|due_at| due_at.as_second().div_euclid(60))
}

async fn settle_all(app: &Arc<App>, rows: Vec<Row>, at_once: usize, pass: &mut Pass) {
    let settled = each(app, rows, at_once, |row| {
        let app = app.clone();
        async move { settle_row(&app, &row).await }
    });
    for settled in settled.await {
        match settled {
            Some(Ok(true)) => pass.settled += 1,
            // Another process was faster, or the pages are down and the offer waits.
            Some(Ok(false)) => {}
            Some(Err(error)) => {
                tracing::error!(%error, "a charter could not be settled");
                pass.failed += 1;
            }
            None => pass.failed += 1,
        }
    }
}

/// Says whether anything followed.
async fn settle_row(app: &App, row: &Row) -> Result<bool, AppError> {
    let charter: Versioned<CharterState> = row.parse()?;
    let before = charter.value.facts;
    let state = app.run_on(charter, &Command::Settle, &Caller::tick()).await?;
    Ok(state.facts > before)
}

/// Works on every outbox row that is due.
///
/// # Errors
/// If the store cannot be asked.
pub async fn empty_outbox(outbox: &Outbox, pass: &mut Pass) -> Result<(), StoreError> {
    loop {
        let due = outbox.app.store.due(Table::Outbox, outbox.app.clock.now(), BATCH).await?;
        pass.saw(&due);
        let full = due.len() == BATCH;
        let before = *pass;
        let worked = each(&outbox.app, due, MAILS_AT_ONCE, |row| {
            let outbox = outbox.clone();
            async move { outbox.work(row.parse::<OutboxRow>()?).await }
        });
        for worked in worked.await {
            match worked {
                Some(worked) => pass.count(worked),
                None => pass.failed += 1,
            }
        }
        let progress =
            pass.done + pass.dropped + pass.put_off > before.done + before.dropped + before.put_off;
        if !full || !progress || outbox.app.is_stopping() {
            return Ok(());
        }
    }
}

/// Runs `work` on every row, `at_once` at a time, until the app is to stop. `None` for a worker that died: its row is
/// still due.
async fn each<F, T>(app: &App, rows: Vec<Row>, at_once: usize, work: impl Fn(Row) -> F) -> Vec<Option<T>>
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
        if app.is_stopping() {
            break;
        }
        running.spawn(work(row));
    }
    while let Some(result) = finished(&mut running).await {
        results.push(result);
    }
    results
}

/// The next result; the outer `None` when nothing runs any more.
async fn finished<T: Send + 'static>(running: &mut JoinSet<T>) -> Option<Option<T>> {
    let joined = running.join_next().await?;
    Some(joined.map_err(|error| tracing::error!(%error, "a worker died")).ok())
}

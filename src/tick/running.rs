//! Doing what is due as it becomes due, for as long as the program runs.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use super::{BATCH, MAILS_AT_ONCE, Pass, look_after_the_way, settle_due, tidy};
use crate::app::{App, AppError, OutboxRow, Pages};
use crate::outbox::{Outbox, Outcome};
use crate::store::{Row, StoreError, Table};

/// The longest pause between two looks. Another process may have left something due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often it is looked, while many mails wait, whether one came that goes first: a link to sign in, or an alert.
const FIRST_EVERY: Duration = Duration::from_secs(2);
/// Of those that are due first so many are looked at then: what is at work is among them.
const FIRST: usize = 4 * MAILS_AT_ONCE;

/// How often it is looked whether mail could leave, also while there is none.
const WAY_EVERY: Duration = Duration::from_secs(5);

/// Does what is due as it becomes due, until told to stop; then finishes what it is at, and begins
/// nothing more. Deadlines and mails go in loops of their own, so that a slow mail server holds no answer up.
pub async fn run(outbox: Outbox, stopping: watch::Receiver<bool>) {
    tokio::join!(
        settle_until(&outbox.app, stopping.clone()),
        look_after_until(&outbox, stopping.clone()),
        post_until(&outbox, stopping)
    );
}

async fn look_after_until(outbox: &Outbox, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        tokio::select! {
            _ = look_after_the_way(outbox) => {}
            _ = stopping.changed() => return,
        }
        let _ = tokio::time::timeout(WAY_EVERY, stopping.changed()).await;
    }
}

async fn settle_until(app: &Arc<App>, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let mut pass = Pass::default();
        let looked = match app.beat(Pages::Served).await {
            Ok(beat) => settle_due(app, &mut pass).await.map(|()| beat),
            Err(error) => Err(error),
        };
        match &looked {
            Ok(beat) => tidy(app, *beat).await,
            Err(error) => tracing::error!(%error, "the deadlines could not be looked at"),
        }
        // What failed is still due; looking again at once would only spin.
        let pause = if looked.is_err() || pass.failed > 0 {
            LOOK_EVERY
        } else {
            until_next(app, Table::Charter).await
        };
        let _ = tokio::time::timeout(pause, stopping.changed()).await;
    }
}

async fn post_until(outbox: &Outbox, mut stopping: watch::Receiver<bool>) {
    let mut desk = PostDesk::default();
    while !*stopping.borrow() {
        let pause = match desk.start_due(outbox).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(%error, "the outbox could not be looked at");
                LOOK_EVERY
            }
        };
        // A commit of this process wakes us; one of another process is found at the next look.
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = desk.one_is_finished() => {}
            () = outbox.app.woken() => {}
            _ = stopping.changed() => {}
        }
    }
    outbox.app.stop();
    while !desk.at_work.is_empty() {
        desk.one_is_finished().await;
    }
}

/// The rows that are worked on, and those that wait for their turn. A row that takes its time keeps
/// its own place only: the others are worked on and looked for meanwhile.
#[derive(Default)]
struct PostDesk {
    at_work: JoinSet<Result<Outcome, AppError>>,
    /// The keys of the rows at work. Until they are claimed, the store shows them as due.
    keys: HashMap<Id, String>,
    /// Due when last looked at. Whatever has happened to a row since then is found when it is claimed.
    waiting: VecDeque<Row>,
    /// When that was, or those that go first were looked for.
    looked_at: Option<Instant>,
    /// Failed rows are still due; looking again at once would only spin.
    not_before: Option<Instant>,
}

impl PostDesk {
    /// Starts work on due rows, as many as there are places. Says how long to pause if nothing happens.
    async fn start_due(&mut self, outbox: &Outbox) -> Result<Duration, StoreError> {
        let app = &outbox.app;
        if self.waiting.is_empty() {
            if let Some(not_before) = self.not_before.filter(|at| *at > Instant::now()) {
                return Ok(not_before - Instant::now());
            }
            self.waiting = app.store.due(Table::Outbox, app.clock.now(), BATCH).await?.into();
            self.looked_at = Some(Instant::now());
        } else if self.looked_at.is_none_or(|at| at.elapsed() >= FIRST_EVERY) {
            self.let_first_ones_in(app).await?;
        }
        while self.at_work.len() < MAILS_AT_ONCE {
            let Some(row) = self.waiting.pop_front() else {
                // What is at work is still due in the store: to look for the next one would only spin.
                let idle = self.at_work.is_empty();
                return Ok(if idle { until_next(app, Table::Outbox).await } else { LOOK_EVERY });
            };
            if self.keys.values().any(|key| *key == row.key.id) {
                continue;
            }
            let (key, outbox) = (row.key.id.clone(), outbox.clone());
            let work = self.at_work.spawn(async move { outbox.work(row.parse::<OutboxRow>()?).await });
            self.keys.insert(work.id(), key);
        }
        Ok(LOOK_EVERY)
    }

    /// Puts those before all that wait which are due before them and came since: at 60 mails a minute what waits takes half
    /// an hour, and a link to sign in is good for a quarter of one.
    async fn let_first_ones_in(&mut self, app: &App) -> Result<(), StoreError> {
        let due = app.store.due(Table::Outbox, app.clock.now(), FIRST).await?;
        self.looked_at = Some(Instant::now());
        let next = self.waiting.front().and_then(|row| row.due_at);
        for row in due.into_iter().rev().filter(|row| row.due_at < next) {
            let is_known = self.keys.values().any(|key| *key == row.key.id)
                || self.waiting.iter().any(|waiting| waiting.key == row.key);
            if !is_known {
                self.waiting.push_front(row);
            }
        }
        Ok(())
    }

    /// Waits until one of the rows at work is finished; for ever if there is none.
    async fn one_is_finished(&mut self) {
        let id = match self.at_work.join_next_with_id().await {
            None => return std::future::pending().await,
            // They are all still due, and none of them leaves; an alert that takes another way is among them.
            Some(Ok((id, Ok(Outcome::Stopped)))) => {
                self.not_before = Some(Instant::now() + WAY_EVERY);
                id
            }
            Some(Ok((id, Ok(_)))) => id,
            Some(Ok((id, Err(error)))) => {
                tracing::error!(%error, "an outbox row could not be worked on");
                self.not_before = Some(Instant::now() + LOOK_EVERY);
                id
            }
            Some(Err(error)) => {
                tracing::error!(%error, "a worker died");
                self.not_before = Some(Instant::now() + LOOK_EVERY);
                error.id()
            }
        };
        self.keys.remove(&id);
    }
}

/// How long to sleep: until the next row is due, at most [`LOOK_EVERY`].
async fn until_next(app: &App, table: Table) -> Duration {
    match app.store.next_due(table).await {
        Ok(Some(due_at)) => wait_until(due_at, app.clock.now()).min(LOOK_EVERY),
        _ => LOOK_EVERY,
    }
}

fn wait_until(due_at: Timestamp, now: Timestamp) -> Duration {
    // A row that is due and was left alone is someone else's, or just being claimed: look again soon,
    // but do not spin.
    const SOON: SignedDuration = SignedDuration::from_millis(5);
    due_at.duration_since(now).max(SOON).unsigned_abs()
}

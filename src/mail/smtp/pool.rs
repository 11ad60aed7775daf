//! The connections: how many there may be, and which ones wait for the next mail.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

/// How long a goodbye may take. The mail's fate is settled by then, so nothing is lost with it.
const GOODBYE: Duration = Duration::from_secs(2);

/// Seats for connections, and the connections that wait.
pub(super) struct Pool {
    seats: Semaphore,
    idle: Duration,
    waiting: Arc<Mutex<Waiting>>,
}

#[derive(Default)]
struct Waiting {
    /// Oldest first, each with the moment at which it is to be closed.
    connections: Vec<(Instant, AsyncSmtpConnection)>,
    /// Whether a task is there that closes them.
    attended: bool,
}

impl Pool {
    pub(super) fn new(seats: usize, idle: Duration) -> Self {
        Self { seats: Semaphore::new(seats), idle, waiting: Arc::default() }
    }

    /// The right to use one connection, for as long as it is held.
    pub(super) async fn seat(&self) -> Option<SemaphorePermit<'_>> {
        // It fails only if the semaphore were closed, which nobody does.
        self.seats.acquire().await.ok()
    }

    /// The connection that was used last, if one waits that is not due to be closed.
    pub(super) fn take(&self) -> Option<AsyncSmtpConnection> {
        let (due, connection) = lock(&self.waiting).connections.pop()?;
        (due > Instant::now()).then_some(connection)
    }

    /// Ends all connections that wait.
    pub(super) async fn empty(&self) {
        let waiting = std::mem::take(&mut lock(&self.waiting).connections);
        let goodbyes: JoinSet<()> =
            waiting.into_iter().map(|(_, connection)| close(connection, true)).collect();
        goodbyes.join_all().await;
    }

    /// Lets `connection` wait for the next mail.
    pub(super) fn put_back(&self, connection: AsyncSmtpConnection) {
        let mut waiting = lock(&self.waiting);
        waiting.connections.push((Instant::now() + self.idle, connection));
        if !waiting.attended {
            waiting.attended = true;
            tokio::spawn(close_when_due(Arc::downgrade(&self.waiting)));
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("waiting", &lock(&self.waiting).connections.len())
            .finish_non_exhaustive()
    }
}

/// Ends `connection`: with a QUIT if the peer would hear it, or else at once.
pub(super) async fn close(mut connection: AsyncSmtpConnection, peer_listens: bool) {
    if peer_listens {
        // The answer to a goodbye changes nothing.
        let _ = timeout(GOODBYE, connection.quit()).await;
    }
}

/// Closes connections as they fall due, until none is left or the pool is gone.
async fn close_when_due(pool: Weak<Mutex<Waiting>>) {
    while let Some(waiting) = pool.upgrade() {
        let (due, next) = {
            let mut waiting = lock(&waiting);
            let now = Instant::now();
            let count = waiting.connections.iter().take_while(|(due, _)| *due <= now).count();
            let due: Vec<_> = waiting.connections.drain(..count).collect();
            let next = waiting.connections.first().map(|(due, _)| *due);
            waiting.attended = next.is_some() || !due.is_empty();
            (due, next)
        };
        drop(waiting);
        match next {
            _ if !due.is_empty() => {
                for (_, connection) in due {
                    close(connection, true).await;
                }
            }
            Some(next) => sleep_until(next).await,
            None => return,
        }
    }
}

fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    // No code under this lock can panic halfway through a change, so the list is whole.
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

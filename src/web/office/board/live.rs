//! What changes on the board, as it happens, to every browser that looks: server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
//!
//! One task reads and renders for all of them, while there are any. A commit of this process is told at once; what other
//! processes do, and what changes by time alone, at the next look around. An event is a part of the page with its
//! id. Whoever may have missed one is told to fetch the page anew: a page says which was the last event
//! before it was made, and a stream begins with that number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Query, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CharterId, Email};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio::time::Instant;
use tower_sessions::Session;

use super::pieces::{Board, Piece};
use crate::app::{App, AppError};
use crate::random;
use crate::web::Web;
use crate::web::session::OfficeUser;
use crate::web::session_store::{Sessions, digest};
use crate::web::shares::{Share, Shares};

/// How often everything is looked at anew.
const LOOK_AROUND: Duration = Duration::from_secs(10);
/// Something is said at least as often, so that nothing on the way takes a quiet stream for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After this long a browser asks anew.
const STREAM_LIFE: Duration = Duration::from_secs(10 * 60);
/// How often it is looked at meanwhile whether whoever listens is signed in still.
const SIGNED_IN_EVERY: Duration = Duration::from_secs(30);
/// How long after the row of a charter the rest of the board is told: counts can wait until everyone has the row, and of
/// several changes one after the other they are told once.
const REST_AFTER: Duration = Duration::from_millis(50);
/// Events that may wait for one slow browser; beyond that it fetches the page.
const BEHIND: usize = 256;

/// The browsers that look at the board.
pub(crate) struct Live {
    hub: Mutex<Hub>,
    by_user: Shares<Email>,
}

struct Hub {
    /// No process stays that could tell anybody anything.
    is_off: bool,
    events: broadcast::Sender<Bytes>,
    /// The number of the last event. It begins anywhere, so that one of another process is not taken for one of this.
    last: u64,
    runs: bool,
}

impl Live {
    /// Nobody looks yet.
    pub(crate) fn new() -> Self {
        let begin = (random::fraction() * f64::from(u32::MAX)) as u64;
        let last = begin << 20;
        let hub = Hub { is_off: false, events: broadcast::Sender::new(BEHIND), last, runs: false };
        Self { hub: Mutex::new(hub), by_user: Shares::default() }
    }

    /// Where the process sleeps between two requests.
    #[cfg(feature = "aws")]
    pub(crate) fn off() -> Self {
        let live = Self::new();
        live.hub().is_off = true;
        live
    }

    /// Whether there is a stream at all.
    pub(in crate::web::office) fn is_on(&self) -> bool {
        !self.hub().is_off
    }

    /// The number of the last event.
    pub(in crate::web::office) fn seen(&self) -> u64 {
        self.hub().last
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The events from now on, and the number of the last one before; the first who listens sets the task going.
    fn listen(&self, web: &Web) -> Option<(broadcast::Receiver<Bytes>, u64)> {
        let mut hub = self.hub();
        if hub.is_off || hub.events.receiver_count() >= limits::LIVE_STREAMS {
            return None;
        }
        let events = hub.events.subscribe();
        if !hub.runs {
            hub.runs = true;
            tokio::spawn(run(web.clone()));
        }
        Some((events, hub.last))
    }

    /// What has become of a part of the page: another one, or one that looks the same and has more behind it.
    fn part(&self, id: &str, told: Option<&Piece>, piece: &Piece) {
        if told.is_none_or(|told| told.mark != piece.mark) {
            self.tell("piece", &serde_json::json!({ "id": id, "html": piece.html }).to_string());
        } else if told.is_some_and(|told| told.facts != piece.facts) {
            self.tell("touched", &serde_json::json!({ "id": id }).to_string());
        }
    }

    fn tell(&self, event: &str, data: &str) {
        let mut hub = self.hub();
        hub.last += 1;
        let frame = format!("id: {}\nevent: {event}\ndata: {data}\n\n", hub.last);
        // Nobody listens any more, then.
        let _ = hub.events.send(frame.into());
    }

    /// Whether nobody looks any more, and the task ends.
    fn is_over(&self) -> bool {
        let mut hub = self.hub();
        hub.runs = hub.events.receiver_count() > 0;
        !hub.runs
    }
}

/// Tells what changes until nobody looks any more.
async fn run(web: Web) {
    let mut commits = web.app.changes();
    let mut known: Option<(Board, BTreeMap<String, Piece>)> = None;
    let mut next_look = Instant::now();
    let mut rest_at: Option<Instant> = None;
    while !web.live.is_over() {
        let rest = tokio::time::sleep_until(rest_at.unwrap_or(next_look));
        let came = tokio::select! {
            changed = commits.recv() => match changed {
                Ok(first) => {
                    let mut ids = BTreeSet::from([first]);
                    while let Ok(more) = commits.try_recv() {
                        ids.insert(more);
                    }
                    rest_at.get_or_insert_with(|| Instant::now() + REST_AFTER);
                    some_changed(&web, &mut known, &ids).await
                }
                // More at once than are remembered.
                Err(_) => look_around(&web, &mut known).await,
            },
            () = rest, if rest_at.is_some() => {
                rest_at = None;
                if let Some((board, told)) = &mut known {
                    tell_differences(&web.live, told, board.pieces());
                }
                Ok(())
            }
            () = tokio::time::sleep_until(next_look) => {
                next_look = Instant::now() + LOOK_AROUND;
                look_around(&web, &mut known).await
            }
            () = web.app.stopped() => return,
        };
        if let Err(error) = came {
            tracing::warn!(%error, "the board could not be looked at; it is tried again");
        }
    }
}

/// Tells the rows of charters that have changed; what else follows from it is told a moment later.
async fn some_changed(
    web: &Web,
    known: &mut Option<(Board, BTreeMap<String, Piece>)>,
    ids: &BTreeSet<CharterId>,
) -> Result<(), AppError> {
    let Some((board, told)) = known else { return Ok(()) };
    for id in ids {
        board.take(id).await?;
        if let Some((id, piece)) = board.row(id) {
            web.live.part(&id, told.get(&id), &piece);
            told.insert(id, piece);
        }
    }
    Ok(())
}

async fn look_around(
    web: &Web,
    known: &mut Option<(Board, BTreeMap<String, Piece>)>,
) -> Result<(), AppError> {
    let board = Board::gather(web).await?;
    let pieces = board.pieces();
    match known {
        Some((known, told)) => {
            *known = board;
            tell_differences(&web.live, told, pieces);
        }
        None => {
            *known = Some((board, pieces));
            // What happened while nobody looked, and until now, was told to nobody.
            web.live.tell("reload", "{}");
        }
    }
    Ok(())
}

fn tell_differences(live: &Live, told: &mut BTreeMap<String, Piece>, now: BTreeMap<String, Piece>) {
    // Rows first: they are what somebody waits for.
    for (id, piece) in &now {
        live.part(id, told.get(id), piece);
    }
    for id in told.keys().filter(|id| !now.contains_key(*id)) {
        live.tell("gone", &serde_json::json!({ "id": id }).to_string());
    }
    *told = now;
}

/// Which event a page has seen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Seen {
    seen: String,
}

/// One browser's stream of events.
pub(in crate::web) async fn stream(
    State(web): State<Web>,
    user: OfficeUser,
    session: Option<Extension<Session>>,
    headers: HeaderMap,
    Query(page): Query<Seen>,
) -> Response {
    if web.live.hub().is_off {
        // By which a browser does not ask again.
        return StatusCode::NO_CONTENT.into_response();
    }
    // Nobody signs in where the office is only tried out.
    let (share, session) = match &user.email {
        None => (None, None),
        Some(email) => {
            let Some(share) = web.live.by_user.take(email.clone(), limits::LIVE_STREAMS_OF_ONE) else {
                let words =
                    "The board is open in too many of your windows: this one fetches it every minute.\n";
                return later(words);
            };
            (Some(share), session.and_then(|session| session.id()).map(digest))
        }
    };
    let Some((events, last)) = web.live.listen(&web) else {
        return later("Too many browsers look at the board at present: this one fetches it every minute.\n");
    };
    // What a browser that lost its stream says goes before what its page said.
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let missed_some = again.or(page.seen.parse().ok()) != Some(last);
    let first = format!(
        "retry: 3000\nid: {last}\nevent: {}\ndata: {{}}\n\n",
        if missed_some { "reload" } else { "hello" }
    );
    let life = STREAM_LIFE.mul_f64(0.9 + 0.2 * random::fraction());
    let listener = Listener {
        first: Some(first.into()),
        events,
        app: web.app.clone(),
        session,
        _share: share,
        asks_at: Instant::now() + SIGNED_IN_EVERY,
        ends_at: Instant::now() + life,
    };
    let frames = stream::unfold(listener, |mut listener| async move {
        Some((Ok::<_, std::convert::Infallible>(listener.next().await?), listener))
    });
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(frames)).into_response()
}

fn later(words: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "60")], words).into_response()
}

struct Listener {
    first: Option<Bytes>,
    events: broadcast::Receiver<Bytes>,
    app: Arc<App>,
    /// Whose it is, where somebody has to be signed in.
    session: Option<String>,
    asks_at: Instant,
    ends_at: Instant,
    /// Given back when the stream ends.
    _share: Option<Share<Email>>,
}

impl Listener {
    /// What is to be said next; nothing once it is over.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            tokio::select! {
                event = self.events.recv() => return match event {
                    Ok(event) => Some(event),
                    Err(broadcast::error::RecvError::Lagged(_)) => Some(Bytes::from_static(b"event: reload\ndata: {}\n\n")),
                    Err(broadcast::error::RecvError::Closed) => None,
                },
                () = tokio::time::sleep_until(self.ends_at) => return None,
                () = tokio::time::sleep(KEEP_ALIVE) => return Some(Bytes::from_static(b": here\n\n")),
                () = self.app.stopped() => return None,
                () = tokio::time::sleep_until(self.asks_at) => {
                    self.asks_at = Instant::now() + SIGNED_IN_EVERY;
                    if !self.is_signed_in().await {
                        return None;
                    }
                }
            }
        }
    }

    /// Whether whoever listens may still: signed out or removed, they hear nothing more.
    async fn is_signed_in(&self) -> bool {
        let Some(session) = &self.session else { return true };
        // A store that does not answer has told nothing either.
        Sessions(self.app.clone()).is_live(session).await.unwrap_or(true)
    }
}

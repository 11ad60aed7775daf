//! What the office's board and a crew page cost to look at, and how soon everybody who looks is told of a change.
//!
//! 500 charters in a SQLite file, served by the program's own server to a client of one thread. Beside it, in turns,
//! the bare bytes of the same page from the same server. For the streams: an accept is committed, and the watchers say
//! when each of them has the row; beside it the same bytes from a bare channel to as many streams of the same server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use crewcall::app::App;
use crewcall::sheet::Mode;
use crewcall::store::SqliteStore;
use crewcall::web::{Web, new_setup_link, router};
use crewcall_dispatch::limits;
use futures_util::stream;
use jiff::ToSpan;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::{broadcast, mpsc};

use crate::accepts::{accept_all, serve};
use crate::http::{Connection, Fetched};
use crate::replay::Recording;
use crate::report::Report;
use crate::sails::{self, Sail};
use crate::{cpu, disk, stats};

const CHARTERS: usize = 500;
/// Looks at a page.
const LOOKS: usize = 101;
/// Browsers that have the board open.
const STREAMS: usize = 1_000;
/// Of these so many are one user's at the most.
const WINDOWS: usize = limits::LIVE_STREAMS_OF_ONE;
/// Of these so many are to be told within 10 ms.
const WATCHERS: usize = 900;
/// Changes that are told.
const CHANGES: usize = 21;

pub(crate) fn run(report: &mut Report) {
    let room = crewcall::web::room_for(2 * STREAMS as u64);
    assert!(room.is_ok(), "each stream has two ends here: {room:?}");
    let runtime = Runtime::new().expect("a runtime");
    let directory = disk::directory();
    let store = SqliteStore::open(directory.path().join("board.db")).expect("a store");
    let store = Arc::new(Recording::over(store));
    let operator = sails::operator();
    let sails: Vec<Sail> = (0..CHARTERS).map(|n| Sail::new(&operator, n)).collect();
    runtime.block_on(sails::fill(&*store, &sails));
    let app = sails::app(store.clone(), sails::asked_at() + 5.minutes());
    let pages = router(Web::new(app.clone(), Mode::Off), Router::new());
    let server = runtime.block_on(serve(pages));
    // Nobody has more windows than a user may have.
    let cookies: Vec<String> =
        (0..STREAMS.div_ceil(WINDOWS)).map(|user| runtime.block_on(signed_in(server, &app, user))).collect();
    let asked = |path: &str| head(&format!("GET {path}"), &cookies[0], "");

    page(report, &runtime, "the board of 500 charters", server, &asked("/"), None);
    let offer = format!("/crew/accept?token={}", sails[0].token);
    page(report, &runtime, "an offer's page", server, &asked(&offer), Some(20_480));
    let live: Vec<Vec<u8>> = cookies.iter().map(|cookie| head("GET /live", cookie, "")).collect();
    watch(report, &runtime, &app, &store, server, &live, &sails);
}

fn head(request: &str, cookie: &str, body: &str) -> Vec<u8> {
    format!(
        "{request} HTTP/1.1\r\nHost: crew.example.com\r\nOrigin: https://crew.example.com\r\n\
         Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The cookie of one of the users of the office.
async fn signed_in(server: SocketAddr, app: &Arc<App>, user: usize) -> String {
    let link = new_setup_link(app).await.expect("a setup link");
    let token = link.split_once("token=").expect("a token").1.to_owned();
    let mut connection = Connection::open(server).await;
    let form = format!("token={token}&name=Pat+{user}&email=pat-{user}@example.com");
    connection.fetch(&head("POST /setup", "", &form)).await;
    let answer = connection.heard();
    let cookie = answer.split("set-cookie: ").nth(1).expect("a cookie");
    cookie.split(';').next().expect("a cookie").to_owned()
}

/// One page beside its bare bytes.
fn page(
    report: &mut Report,
    runtime: &Runtime,
    what: &str,
    server: SocketAddr,
    request: &[u8],
    at_most: Option<usize>,
) {
    let body = runtime.block_on(async {
        let mut connection = Connection::open(server).await;
        connection.fetch(request).await;
        let answer = connection.heard().into_owned();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
    });
    let bytes = Bytes::from(body);
    let bare = Router::new().fallback(get(move || {
        let bytes = bytes.clone();
        async move { Html(bytes) }
    }));
    let bare = runtime.block_on(serve(bare));
    let (mut pages, mut bares) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        let (mut to_page, mut to_bare) = (Connection::open(server).await, Connection::open(bare).await);
        for _ in 0..LOOKS {
            pages.push(to_page.fetch(request).await);
            bares.push(to_bare.fetch(request).await);
        }
    });
    let middle =
        |of: &[Fetched], time: fn(&Fetched) -> Duration| stats::median(of.iter().map(time).collect());
    let bytes = pages[0].bytes;
    for (name, time) in
        [("first byte", (|f| f.first) as fn(&Fetched) -> Duration), ("last byte", |f| f.whole)]
    {
        let (page, bare) = (middle(&pages, time), middle(&bares, time));
        report
            .line(format!("{what}, {name}"), stats::time(page))
            .beside(format!("its bare bytes: {}", stats::time(bare)), page.div_duration_f64(bare));
    }
    let line = report.line(format!("{what}, bytes sent"), format!("{bytes}"));
    if let Some(most) = at_most {
        line.aim(&format!("below {most} bytes"), bytes < most);
    }
}

/// Everyone who looks is told of changes.
fn watch(
    report: &mut Report,
    runtime: &Runtime,
    app: &Arc<App>,
    store: &Recording<SqliteStore>,
    server: SocketAddr,
    live: &[Vec<u8>],
    sails: &[Sail],
) {
    let mut watchers = Watchers::open(server, live);
    let (mut lasts, mut alls, mut used) = (Vec::new(), Vec::new(), Vec::new());
    // The first ones find what has been told of everything else.
    for (n, sail) in sails.iter().take(CHANGES + 2).enumerate() {
        let row = format!("charter-{}", sail.id);
        let (told, [pages, _]) = cpu::measured(|| {
            watchers.wait_for(&row);
            runtime.block_on(accept_all(app, &[sail]));
            watchers.told()
        });
        let committed = store.last().expect("a commit");
        if n >= 2 {
            lasts.push(told[WATCHERS - 1].saturating_duration_since(committed));
            alls.push(told[STREAMS - 1].saturating_duration_since(committed));
            used.push(pages);
        }
    }
    let size = watchers.bytes_of_one();
    drop(watchers);
    let (bare_lasts, bare_alls) = bare_streams(runtime, size);
    for (count, told, bare, aim) in [(WATCHERS, lasts, bare_lasts, true), (STREAMS, alls, bare_alls, false)] {
        let (told, bare) = (stats::median(told), stats::median(bare));
        let line = report
            .line(
                format!("from a commit until {count} of {STREAMS} watchers have the row"),
                stats::time(told),
            )
            .beside(format!("from a bare channel: {}", stats::time(bare)), told.div_duration_f64(bare));
        if aim {
            line.aim("within 10 ms", told <= Duration::from_millis(10));
        }
    }
    report.line("processor time of such an accept, with all of that", stats::time(stats::median(used)));
}

/// The same bytes to as many streams, from nothing but a channel.
fn bare_streams(runtime: &Runtime, size: usize) -> (Vec<Duration>, Vec<Duration>) {
    let events = broadcast::Sender::<Bytes>::new(16);
    let sender = events.clone();
    let pages = Router::new().fallback(get(move || {
        let events = sender.subscribe();
        async move {
            let frames = stream::unfold(events, |mut events| async move {
                Some((Ok::<_, std::convert::Infallible>(events.recv().await.ok()?), events))
            });
            ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(frames)).into_response()
        }
    }));
    let server = runtime.block_on(serve(pages));
    let mut watchers = Watchers::open(server, &[head("GET /", "", "")]);
    while events.receiver_count() < STREAMS {
        std::thread::sleep(Duration::from_millis(5));
    }
    let (mut lasts, mut alls) = (Vec::new(), Vec::new());
    for n in 0..CHANGES {
        let mark = format!("change-{n:02}.");
        watchers.wait_for(&mark);
        let frame = format!("data: {mark}{}\n\n", "x".repeat(size.saturating_sub(mark.len() + 8)));
        let sent = Instant::now();
        events.send(frame.into()).expect("somebody listens");
        let told = watchers.told();
        lasts.push(told[WATCHERS - 1].saturating_duration_since(sent));
        alls.push(told[STREAMS - 1].saturating_duration_since(sent));
    }
    (lasts, alls)
}

/// Browsers with the board open, in a thread of their own.
struct Watchers {
    wanted: Arc<Mutex<String>>,
    told: mpsc::UnboundedReceiver<Instant>,
    /// What one of them was sent last.
    last: Arc<Mutex<usize>>,
    runtime: Option<Runtime>,
}

impl Watchers {
    /// In turns by each of the requests.
    fn open(server: SocketAddr, requests: &[Vec<u8>]) -> Self {
        let wanted = Arc::new(Mutex::new(String::from("nothing yet")));
        let (tell, told) = mpsc::unbounded_channel();
        let last = Arc::new(Mutex::new(0));
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime =
            runtime.worker_threads(1).thread_name("watchers").enable_all().build().expect("a runtime");
        runtime.block_on(async {
            for request in requests.iter().cycle().take(STREAMS) {
                let stream = Connection::open(server).await.stream(request).await;
                tokio::spawn(watch_one(stream, wanted.clone(), tell.clone(), last.clone()));
            }
        });
        // Whatever the first look around tells everybody is over then.
        std::thread::sleep(Duration::from_secs(1));
        Self { wanted, told, last, runtime: Some(runtime) }
    }

    fn wait_for(&self, row: &str) {
        *self.wanted.lock().expect("nobody panics under this lock") = row.to_owned();
    }

    /// When each of them had it, the first one first.
    fn told(&mut self) -> Vec<Instant> {
        let mut told: Vec<Instant> =
            (0..STREAMS).map(|_| self.told.blocking_recv().expect("a stream that goes on")).collect();
        told.sort_unstable();
        told
    }

    fn bytes_of_one(&self) -> usize {
        *self.last.lock().expect("nobody panics under this lock")
    }
}

impl Drop for Watchers {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn watch_one(
    mut stream: TcpStream,
    wanted: Arc<Mutex<String>>,
    tell: mpsc::UnboundedSender<Instant>,
    last: Arc<Mutex<usize>>,
) {
    let mut heard = Vec::with_capacity(16 * 1024);
    let mut had = String::new();
    while stream.read_buf(&mut heard).await.is_ok_and(|read| read > 0) {
        let now = Instant::now();
        if !heard.ends_with(b"\n\n\r\n") {
            continue;
        }
        let wanted = wanted.lock().expect("nobody panics under this lock").clone();
        if had != wanted && String::from_utf8_lossy(&heard).contains(&wanted) {
            *last.lock().expect("nobody panics under this lock") = heard.len();
            had = wanted;
            if tell.send(now).is_err() {
                return;
            }
        }
        heard.clear();
    }
}

//! Connections: how many at once, and how long one may take to say what it wants.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use crewcall_dispatch::limits;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::places::{Peer, Places};

/// How long a request's head may take, and how long a connection may wait for its next request. Else
/// whoever opens connections and says nothing keeps everyone else out.
const HEAD_TIME: Duration = Duration::from_secs(15);
/// How long an answer may wait for a reader who takes nothing of it.
const WRITE_TIME: Duration = Duration::from_secs(15);
/// How long to wait when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_secs(1);

/// Serves the pages until `stopped`, then takes no new request and finishes those under way. Further
/// connections than [`limits::CONNECTIONS`] wait until one ends.
pub async fn serve(listener: TcpListener, pages: Router, stopped: impl Future<Output = ()>) {
    serve_at_once(limits::CONNECTIONS, listener, pages, stopped).await;
}

async fn serve_at_once(
    connections: usize,
    listener: TcpListener,
    pages: Router,
    stopped: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(connections));
    let addresses = Places::with(limits::CONNECTIONS_OF_ONE);
    let under_way = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    tokio::pin!(stopped);
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            () = &mut stopped => break,
        };
        // Hung up on, it can be tried again; waiting, it would take a place from the others.
        let Some(address) = addresses.take(peer) else { continue };
        // An answer is one small packet; waiting to fill it only delays it.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIME));
        let stream = TokioIo::new(Box::pin(stream));
        let pages = pages.clone().map_request(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            request
        });
        let connection = http.serve_connection(stream, TowerToHyperService::new(pages));
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop((place, address));
        });
    }
    under_way.shutdown().await;
}

/// What a process has open beside its connections: the store, the log, what it asks of others.
const OTHER_FILES: u64 = 256;

/// The system lets this process have fewer connections at once than it would take.
#[derive(Debug, thiserror::Error)]
pub enum NoRoom {
    /// So many open files are allowed.
    #[error(
        "at most {allowed} files may be open, and {wanted} are wanted; raise LimitNOFILE of the unit, or `ulimit -Hn`"
    )]
    Files {
        /// As it is.
        allowed: u64,
        /// With every connection taken.
        wanted: u64,
    },
    /// The system does not say.
    #[error("how many files may be open is not known: {0}")]
    Unknown(#[from] io::Error),
}

/// Lets this process have so many connections: each is an open file, and many a system allows 1,024 to begin with, and
/// more to whoever asks.
///
/// # Errors
/// If it cannot have as many.
pub fn room_for(connections: u64) -> Result<(), NoRoom> {
    let wanted = connections + OTHER_FILES;
    match rlimit::increase_nofile_limit(wanted)? {
        allowed if allowed < wanted => Err(NoRoom::Files { allowed, wanted }),
        _ => Ok(()),
    }
}

/// The next connection. One that is gone before it is taken is nobody's trouble; where the system has
/// no room for another, those that are served go on, and make room.
async fn accept(listener: &TcpListener) -> (TcpStream, IpAddr) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer.ip().to_canonical()),
            Err(error) if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) => {
            }
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(NO_ROOM).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";

    async fn server(connections: usize) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let pages = Router::new().route("/", get(|| async { "here" }));
        tokio::spawn(serve_at_once(connections, listener, pages, std::future::pending()));
        address
    }

    /// The rest of what comes, until the server hangs up.
    async fn rest(mut stream: TcpStream) -> String {
        let mut heard = Vec::new();
        let read = tokio::time::timeout(2 * HEAD_TIME, stream.read_to_end(&mut heard)).await;
        read.expect("the server hung on").unwrap();
        String::from_utf8(heard).unwrap()
    }

    // Time passes here only while everyone waits for it.
    #[tokio::test(start_paused = true)]
    async fn whoever_says_nothing_or_half_of_it_is_hung_up_on() {
        let address = server(10).await;
        for said in [&b""[..], b"GET / HTTP/1.1\r\nHost: exa"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(said).await.unwrap();
            assert!(!rest(stream).await.contains("here"));
        }
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(REQUEST).await.unwrap();
        assert!(rest(stream).await.ends_with("here"), "an answer, and then the end of a silent connection");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_no_answer_is_hung_up_on() {
        let address = server(1).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        // More answers than the system keeps for someone who does not read.
        let asked = tokio::time::timeout(Duration::from_secs(3600), async {
            loop {
                stream.write_all(&REQUEST.repeat(100)).await?;
                tokio::task::yield_now().await;
            }
            #[allow(unreachable_code)]
            Ok::<(), io::Error>(())
        });
        let hung_up = asked.await.expect("the server hung on");
        assert!(hung_up.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn connections_beyond_the_limit_wait_for_a_place() {
        let address = server(2).await;
        let silent = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
        let mut third = TcpStream::connect(address).await.unwrap();
        third.write_all(REQUEST).await.unwrap();
        let mut byte = [0];
        let early = tokio::time::timeout(HEAD_TIME / 2, third.read(&mut byte)).await;
        assert!(early.is_err(), "the third was served beside two others");
        drop(silent);
        assert!(rest(third).await.ends_with("here"));
    }
}

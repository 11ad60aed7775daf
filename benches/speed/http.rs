//! A small HTTP/1.1 client: connections that are kept, one request at a time on each.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::stats::Crowd;

/// Sends every form to `/crew/accept`, from `clients` at once, each with a connection of its own.
///
/// The clients share one thread beside those of the server, as if they came from elsewhere. Their
/// work is small but not nothing: the same clients on a bare handler show how much.
pub(crate) fn post_all(
    server: SocketAddr,
    forms: Vec<String>,
    clients: usize,
    expect: &'static str,
) -> Crowd {
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(post_from_all(server, forms, clients, expect))
    });
    thread.join().expect("clients that got their answers")
}

async fn post_from_all(
    server: SocketAddr,
    forms: Vec<String>,
    clients: usize,
    expect: &'static str,
) -> Crowd {
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(Connection::open(server).await);
    }
    let requests: Vec<Vec<u8>> = forms.iter().map(|form| request(form)).collect();
    let each = requests.len().div_ceil(clients);
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (mut connection, requests) in connections.into_iter().zip(requests.chunks(each).map(<[_]>::to_vec)) {
        tasks.spawn(async move {
            let mut times = Vec::with_capacity(requests.len());
            for request in requests {
                times.push(connection.ask(&request, expect).await);
            }
            times
        });
    }
    let times = tasks.join_all().await.into_iter().flatten().collect();
    Crowd::new(start.elapsed(), times)
}

/// What a phone's browser sends when the button is pressed.
fn request(form: &str) -> Vec<u8> {
    format!(
        "POST /crew/accept HTTP/1.1\r\nHost: crew.example.com\r\nOrigin: https://crew.example.com\r\n\
         Sec-Fetch-Site: same-origin\r\nUser-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)\r\n\
         Accept: text/html,application/xhtml+xml\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}

/// What one page took.
pub(crate) struct Fetched {
    /// Until the first byte of the answer.
    pub(crate) first: Duration,
    /// Until its last one.
    pub(crate) whole: Duration,
    /// Head and body.
    pub(crate) bytes: usize,
}

pub(crate) struct Connection {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket option");
        Self { stream, heard: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request and reads the whole answer, which must be 200 and contain `expect`.
    async fn ask(&mut self, request: &[u8], expect: &str) -> Duration {
        let fetched = self.fetch(request).await;
        let answer = self.heard();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(expect), "{answer}");
        fetched.whole
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn fetch(&mut self, request: &[u8]) -> Fetched {
        let start = Instant::now();
        self.stream.write_all(request).await.expect("a request sent");
        self.heard.clear();
        let (mut first, mut end) = (None, None);
        while end.is_none_or(|end| self.heard.len() < end) {
            let read = self.stream.read_buf(&mut self.heard).await.expect("an answer");
            assert!(read > 0, "the server hung up");
            first = first.or_else(|| Some(start.elapsed()));
            end = end.or_else(|| end_of_answer(&self.heard));
        }
        let whole = start.elapsed();
        Fetched { first: first.unwrap_or(whole), whole, bytes: self.heard.len() }
    }

    /// The last answer.
    pub(crate) fn heard(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.heard)
    }

    /// Sends a request whose answer has no end, and leaves the reading to the caller.
    pub(crate) async fn stream(mut self, request: &[u8]) -> TcpStream {
        self.stream.write_all(request).await.expect("a request sent");
        self.stream
    }
}

/// How long the answer is, once its head is there.
fn end_of_answer(heard: &[u8]) -> Option<usize> {
    let head = heard.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&heard[..head]).expect("a head in ASCII").to_ascii_lowercase();
    let length = text.split_once("content-length: ").expect("a length").1;
    let length: usize = length.split("\r\n").next().and_then(|digits| digits.parse().ok()).expect("a length");
    Some(head + 4 + length)
}

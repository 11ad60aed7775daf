//! The server: connections, requests, and what becomes of the answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Channel, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::answer::Answer;
use crate::api;
use crate::asked::Asked;
use crate::faults::Call;
use crate::oauth;
use crate::state::{self, State, http_date};
use crate::trouble::{self, Fate};

type Payload = UnsyncBoxBody<Bytes, std::io::Error>;

/// All that the server knows. A panic in one request does not hide what the others left.
#[derive(Debug, Clone)]
pub(crate) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers until `stop` is sent or dropped; whatever is under way ends with it.
pub(crate) async fn serve(listener: TcpListener, shared: Shared, mut stop: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stop => return,
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let service_shared = shared.clone();
                let service = service_fn(move |request| handle(service_shared.clone(), request));
                connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
            Some(ended) = connections.join_next() => {
                // Connections end in many ways, and only a panic is this Google's own fault.
                if let Err(error) = ended {
                    shared.lock().failures.push(format!("a connection: {error}"));
                }
            }
        }
    }
}

async fn handle(shared: Shared, request: Request<Incoming>) -> Result<Response<Payload>, std::io::Error> {
    let asked = Asked::read(request).await.map_err(std::io::Error::other)?;
    let (fate, date) = {
        let mut state = shared.lock();
        let now = state.now();
        let call = Call::of(&asked);
        let (method, path) = (asked.method.clone(), asked.path.clone());
        let bytes = asked.body.len();
        let request =
            state::Request { call, method, path, status: None, bytes, took: Duration::ZERO, at: now };
        state.requests.push(request);
        let begun = Instant::now();
        let number = state.requests.len() - 1;
        let fault = state.plan.take(call);
        let fate = match fault {
            None => Fate::Whole(carry_out(&mut state, &asked)),
            Some(fault) => trouble::meet(&mut state, &asked, fault),
        };
        let fate = if asked.accepts_gzip() { fate.compressed() } else { fate };
        let request = &mut state.requests[number];
        (request.status, request.took) = (fate.status(), begun.elapsed());
        request.bytes += fate.bytes();
        (fate, http_date(now))
    };
    match fate {
        Fate::Whole(answer) => {
            let body = Full::new(Bytes::from(answer.body.clone())).map_err(|never| match never {});
            Ok(response(&answer, date, body.boxed_unsync()))
        }
        Fate::Dripping(answer, pause) => Ok(dripping(answer, date, Some(pause))),
        Fate::Truncated(answer) => Ok(dripping(answer, date, None)),
        Fate::Never => std::future::pending().await,
        Fate::Closed => Err(std::io::Error::other("closed on purpose")),
    }
}

/// What a request gives when nothing goes wrong.
pub(crate) fn carry_out(state: &mut State, asked: &Asked) -> Answer {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/o/oauth2/v2/auth") => oauth::consent(state, asked),
        ("POST", "/token") => oauth::token(state, asked),
        ("POST", "/revoke") => oauth::revoke(state, asked),
        _ => api::call(state, asked),
    }
}

fn response(answer: &Answer, date: String, body: Payload) -> Response<Payload> {
    let response = Response::builder().status(answer.status).header("date", date);
    let headers = answer.headers.iter();
    let response = headers.fold(response, |response, (name, value)| response.header(*name, value));
    response.body(body).expect("headers of this crate's own")
}

/// A body byte by byte, or, without a pause, half of it.
fn dripping(answer: Answer, date: String, pause: Option<Duration>) -> Response<Payload> {
    let (mut sender, body) = Channel::new(1);
    let length = answer.body.len();
    let answer = answer.with("content-length", length.to_string());
    let response = response(&answer, date, body.boxed_unsync());
    tokio::spawn(async move {
        match pause {
            Some(pause) => {
                for byte in answer.body {
                    tokio::time::sleep(pause).await;
                    if sender.send_data(Bytes::from(vec![byte])).await.is_err() {
                        return;
                    }
                }
            }
            None => {
                let half = Bytes::from(answer.body[..length / 2].to_vec());
                if sender.send_data(half).await.is_ok() {
                    // What was sent leaves before the connection ends.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    sender.abort(std::io::Error::other("cut off on purpose"));
                }
            }
        }
    });
    response
}

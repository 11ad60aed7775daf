//! A proxy that counts what goes to DynamoDB, and asks it for the units that it would charge.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

/// What was asked, and what it costs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Used {
    /// Calls, by the name of their operation.
    pub(crate) calls: BTreeMap<String, usize>,
    /// Read units.
    pub(crate) reads: f64,
    /// Write units.
    pub(crate) writes: f64,
}

impl Used {
    /// How many calls, and of which kind.
    pub(crate) fn in_words(&self) -> String {
        let kinds = self.calls.iter().map(|(name, calls)| format!("{calls} {name}"));
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        format!("{} calls, {} read and {} write units ({kinds})", self.all_calls(), self.reads, self.writes)
    }

    pub(crate) fn add(&mut self, more: Used) {
        self.reads += more.reads;
        self.writes += more.writes;
        for (name, calls) in more.calls {
            *self.calls.entry(name).or_default() += calls;
        }
    }

    /// Takes off what was used so many times beside.
    pub(crate) fn take_off(&mut self, used: &Used, times: usize) {
        self.reads -= times as f64 * used.reads;
        self.writes -= times as f64 * used.writes;
        for (name, calls) in &used.calls {
            *self.calls.entry(name.clone()).or_default() -= times * calls;
        }
    }

    fn all_calls(&self) -> usize {
        self.calls.values().sum()
    }
}

#[derive(Clone)]
pub(crate) struct Meter {
    upstream: SocketAddr,
    used: Arc<Mutex<Used>>,
    pub(crate) endpoint: String,
}

impl Meter {
    /// In front of `http://<address>`.
    pub(crate) async fn before(endpoint: &str) -> Self {
        let upstream = endpoint.strip_prefix("http://").and_then(|address| address.parse().ok());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let meter = Self {
            upstream: upstream.expect("an address of this machine"),
            used: Arc::default(),
            endpoint: format!("http://{address}"),
        };
        let router = Router::new().fallback(handle).with_state(meter.clone());
        tokio::spawn(crewcall::web::serve(listener, router, std::future::pending()));
        meter
    }

    /// What was used since the last time that this was asked.
    pub(crate) fn take(&self) -> Used {
        std::mem::take(&mut *self.used.lock().expect("nobody panics under this lock"))
    }
}

async fn handle(State(meter): State<Meter>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let mut body: Value = serde_json::from_slice(&body).expect("JSON");
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    let stream = TcpStream::connect(meter.upstream).await.expect("a DynamoDB");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    let mut forwarded = Request::builder().method(&head.method).uri(&head.uri);
    for (name, value) in head.headers.iter().filter(|(name, _)| *name != "content-length") {
        forwarded = forwarded.header(name, value);
    }
    let forwarded = forwarded.body(Full::new(Bytes::from(body.to_string()))).expect("a request");
    let answer = sender.send_request(forwarded).await.expect("an answer");
    let (status, answer) =
        (answer.status(), answer.into_body().collect().await.expect("an answer").to_bytes());
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default();
    let told: Value = serde_json::from_slice(&answer).expect("JSON");
    let capacity = &told["ConsumedCapacity"];
    let all = capacity.as_array().map_or_else(|| std::slice::from_ref(capacity), Vec::as_slice);
    let units: f64 = all.iter().filter_map(|each| each["CapacityUnits"].as_f64()).sum();
    let mut used = meter.used.lock().expect("nobody panics under this lock");
    *used.calls.entry(operation.to_owned()).or_default() += 1;
    match operation {
        "TransactWriteItems" => used.writes += units,
        "GetItem" | "BatchGetItem" | "Query" => used.reads += units,
        // It is none of those that a working program asks for.
        other => panic!("units of {other} are not known here"),
    }
    drop(used);
    let mut response = Response::new(Body::from(answer));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0".parse().expect("a header"));
    response
}

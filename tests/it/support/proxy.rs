//! A proxy between a store and its DynamoDB, which does what networks and AWS do: loses requests and answers, takes
//! its time, throttles, cancels, breaks.

use std::collections::{BTreeSet, VecDeque};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

type Hook = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// What becomes of one request.
pub(crate) enum Trouble {
    /// It never arrives.
    LoseRequest,
    /// It is carried out, and its answer never arrives.
    LoseAnswer,
    /// The same, and something else happens before the sender can ask again.
    LoseAnswerThen(Hook),
    /// It never arrives, and something else happens before the sender can ask again.
    LoseRequestThen(Hook),
    /// It is carried out, and the answer comes after this.
    Late(Duration),
    /// This comes instead, and nothing is carried out.
    Instead(u16, Value),
    /// This comes instead of the answer; it is carried out.
    AfterEffect(u16, Value),
    /// Of a `BatchGetItem` only the first key of each table is answered.
    FirstKeysOnly,
}

/// What AWS answers when something is wrong with a request.
pub(crate) fn exception(name: &str) -> Value {
    json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": "of the proxy" })
}

/// A cancelled transaction, with one code for each of its items.
pub(crate) fn cancelled(codes: &[&str]) -> Value {
    let reasons: Vec<Value> = codes.iter().map(|code| json!({ "Code": code })).collect();
    let mut answer = exception("TransactionCanceledException");
    answer["CancellationReasons"] = json!(reasons);
    answer
}

/// The operations through a proxy, as DynamoDB names them.
pub(crate) const COMMIT: &str = "TransactWriteItems";

/// A working program reads by key or by index, and never a table from one end to the other.
#[track_caller]
pub(crate) fn asks_by_key_or_index_only(proxy: &Proxy) {
    let operations = proxy.plan.lock().unwrap().operations.clone();
    let meant = ["BatchGetItem", "GetItem", "Query", COMMIT].map(str::to_owned);
    assert_eq!(operations, BTreeSet::from(meant));
}

#[derive(Default)]
struct Plan {
    /// For the next requests of this operation, one each; then all is well.
    next: VecDeque<(&'static str, Trouble)>,
    /// One request of so many meets some trouble, each time another.
    one_of: Option<usize>,
    requests: usize,
    operations: BTreeSet<String>,
    under_way: usize,
    most_under_way: usize,
    troubles: usize,
}

/// A proxy in front of one endpoint.
#[derive(Clone)]
pub(crate) struct Proxy {
    upstream: SocketAddr,
    plan: Arc<Mutex<Plan>>,
    /// Where it answers.
    pub(crate) endpoint: Arc<str>,
}

impl Proxy {
    /// In front of `http://<address>`, doing nothing yet.
    pub(crate) async fn before(endpoint: &str) -> Self {
        let upstream = endpoint.strip_prefix("http://").unwrap().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap()).into();
        let proxy = Self { upstream, plan: Arc::default(), endpoint };
        let router = Router::new().fallback(handle).with_state(proxy.clone());
        tokio::spawn(crewcall::web::serve(listener, router, std::future::pending()));
        proxy
    }

    /// The next requests of this operation meet these troubles.
    pub(crate) fn expect(&self, operation: &'static str, troubles: impl IntoIterator<Item = Trouble>) {
        let troubles = troubles.into_iter().map(|trouble| (operation, trouble));
        self.plan.lock().unwrap().next.extend(troubles);
    }

    /// From now on one request of so many meets some trouble.
    pub(crate) fn trouble_one_of(&self, requests: usize) {
        self.plan.lock().unwrap().one_of = Some(requests);
    }

    /// How many requests have come.
    pub(crate) fn requests(&self) -> usize {
        self.plan.lock().unwrap().requests
    }

    /// How many requests were under way at the same time, at the most.
    pub(crate) fn most_under_way(&self) -> usize {
        self.plan.lock().unwrap().most_under_way
    }

    /// How many requests have met trouble.
    pub(crate) fn troubles(&self) -> usize {
        self.plan.lock().unwrap().troubles
    }

    fn next(&self, operation: &str) -> Option<Trouble> {
        let mut plan = self.plan.lock().unwrap();
        plan.requests += 1;
        plan.operations.insert(operation.to_owned());
        plan.under_way += 1;
        plan.most_under_way = plan.most_under_way.max(plan.under_way);
        let trouble = match plan.next.iter().position(|(of, _)| *of == operation) {
            Some(index) => plan.next.remove(index).map(|(_, trouble)| trouble),
            None => plan.one_of.filter(|of| plan.requests.is_multiple_of(*of)).map(|_| some(plan.troubles)),
        };
        plan.troubles += usize::from(trouble.is_some());
        trouble
    }

    async fn forward(&self, head: &axum::http::request::Parts, body: Bytes) -> (StatusCode, Bytes) {
        let stream = TcpStream::connect(self.upstream).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder().method(&head.method).uri(&head.uri);
        for (name, value) in head.headers.iter().filter(|(name, _)| *name != "content-length") {
            request = request.header(name, value);
        }
        let answer = sender.send_request(request.body(Full::new(body)).unwrap()).await.unwrap();
        (answer.status(), answer.into_body().collect().await.unwrap().to_bytes())
    }
}

/// One trouble after the other.
fn some(number: usize) -> Trouble {
    match number % 5 {
        0 => Trouble::LoseAnswer,
        1 => Trouble::Instead(400, exception("ThrottlingException")),
        2 => Trouble::LoseRequest,
        3 => Trouble::AfterEffect(500, exception("InternalServerError")),
        _ => Trouble::Late(Duration::from_millis(50)),
    }
}

async fn handle(State(proxy): State<Proxy>, request: Request<Body>) -> Response<Body> {
    let answer = carry_out(&proxy, request).await;
    proxy.plan.lock().unwrap().under_way -= 1;
    answer
}

async fn carry_out(proxy: &Proxy, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let mut body = body.collect().await.unwrap().to_bytes();
    let target = head.headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    let trouble = proxy.next(&operation);
    if operation == COMMIT {
        body = without_token(&body);
    }
    match trouble {
        None => answer(proxy.forward(&head, body).await),
        Some(Trouble::LoseRequest) => lost(),
        Some(Trouble::LoseRequestThen(hook)) => {
            hook().await;
            lost()
        }
        Some(Trouble::LoseAnswer) => {
            proxy.forward(&head, body).await;
            lost()
        }
        Some(Trouble::LoseAnswerThen(hook)) => {
            proxy.forward(&head, body).await;
            hook().await;
            lost()
        }
        Some(Trouble::Late(pause)) => {
            let answered = proxy.forward(&head, body).await;
            tokio::time::sleep(pause).await;
            answer(answered)
        }
        Some(Trouble::Instead(status, value)) => said(status, &value),
        Some(Trouble::AfterEffect(status, value)) => {
            proxy.forward(&head, body).await;
            said(status, &value)
        }
        Some(Trouble::FirstKeysOnly) => first_keys_only(proxy, &head, &body).await,
    }
}

/// Nothing of a request's token is remembered, as ten minutes later.
fn without_token(body: &Bytes) -> Bytes {
    let mut request: Value = serde_json::from_slice(body).unwrap();
    assert!(
        request.as_object_mut().unwrap().remove("ClientRequestToken").is_some(),
        "a commit without a token"
    );
    serde_json::to_vec(&request).unwrap().into()
}

async fn first_keys_only(proxy: &Proxy, head: &axum::http::request::Parts, body: &Bytes) -> Response<Body> {
    let mut request: Value = serde_json::from_slice(body).unwrap();
    let mut left = serde_json::Map::new();
    for (table, wanted) in request["RequestItems"].as_object_mut().unwrap() {
        let rest = wanted["Keys"].as_array_mut().unwrap().split_off(1);
        if !rest.is_empty() {
            let mut of_table = wanted.clone();
            of_table["Keys"] = json!(rest);
            left.insert(table.clone(), of_table);
        }
    }
    let (status, answered) = proxy.forward(head, serde_json::to_vec(&request).unwrap().into()).await;
    let mut answered: Value = serde_json::from_slice(&answered).unwrap();
    answered["UnprocessedKeys"] = Value::Object(left);
    said(status.as_u16(), &answered)
}

/// The connection ends in the middle of an answer.
fn lost() -> Response<Body> {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("lost")) });
    let response = Response::builder().header("content-type", "application/x-amz-json-1.0");
    response.body(Body::from_stream(broken)).unwrap()
}

fn said(status: u16, value: &Value) -> Response<Body> {
    answer((StatusCode::from_u16(status).unwrap(), serde_json::to_vec(value).unwrap().into()))
}

fn answer((status, body): (StatusCode, Bytes)) -> Response<Body> {
    let response = Response::builder().status(status).header("content-type", "application/x-amz-json-1.0");
    response.body(Body::from(body)).unwrap()
}

//! The runtime API of AWS Lambda, 2018-06-01 (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>), and
//! the processes that ask it for events.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Named, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as Turn, mpsc, oneshot};

/// How long an event may be without an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a function answered: a value, or its error's type and message.
pub(super) type Answered = Result<Value, (String, String)>;

struct Event {
    id: String,
    payload: Value,
    time: Duration,
}

/// Lambda: a function's events, and whoever asks for them.
#[derive(Clone)]
pub(super) struct Lambda {
    directory: Arc<Path>,
    log: Arc<Path>,
    address: String,
    events: mpsc::UnboundedSender<Event>,
    queue: Arc<Turn<mpsc::UnboundedReceiver<Event>>>,
    waiting: Arc<Mutex<HashMap<String, oneshot::Sender<Answered>>>>,
    next: Arc<AtomicU64>,
}

impl Lambda {
    /// Whose processes run in this directory.
    pub(super) async fn start(directory: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (events, queue) = mpsc::unbounded_channel();
        let lambda = Self {
            log: directory.join("function.log").into(),
            directory: directory.into(),
            address: listener.local_addr().unwrap().to_string(),
            events,
            queue: Arc::new(Turn::new(queue)),
            waiting: Arc::default(),
            next: Arc::default(),
        };
        let api = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(lambda.clone());
        tokio::spawn(crewcall::web::serve(listener, api, std::future::pending()));
        lambda
    }

    /// A process of the function, with only what Lambda tells it and what its settings are.
    pub(super) fn process(&self, settings: &[(String, String)]) -> Process {
        let to_end_of = |path: &Path| OpenOptions::new().create(true).append(true).open(path).unwrap();
        let (log, metrics) = (to_end_of(&self.log), to_end_of(&self.directory.join("metrics.log")));
        let child = Command::new(env!("CARGO_BIN_EXE_crewcall"))
            .current_dir(&self.directory)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", self.address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "crewcall-test"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
                ("AWS_REGION", "us-west-2"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
            ])
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(metrics)
            .stderr(log)
            .spawn();
        Process(child.unwrap())
    }

    /// Delivers an event to one of the processes, and waits for its answer.
    pub(super) async fn invoke(&self, payload: Value) -> Answered {
        self.invoke_within(payload, Duration::from_secs(60)).await
    }

    /// The same, with so much time for the function.
    pub(super) async fn invoke_within(&self, payload: Value, time: Duration) -> Answered {
        let id = format!("event-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let (sender, answer) = oneshot::channel();
        self.waiting.lock().unwrap().insert(id.clone(), sender);
        self.events.send(Event { id, payload, time }).unwrap();
        let answer = tokio::time::timeout(PATIENCE, answer).await;
        answer.unwrap_or_else(|_| panic!("no answer; the functions said:\n{}", self.log())).unwrap()
    }

    /// What the processes wrote to standard error.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn answered(&self, id: &str, answer: Answered) -> StatusCode {
        match self.waiting.lock().unwrap().remove(id) {
            Some(waiting) => {
                // Whoever waited may have gone.
                let _ = waiting.send(answer);
                StatusCode::ACCEPTED
            }
            None => StatusCode::BAD_REQUEST,
        }
    }
}

async fn next(State(lambda): State<Lambda>) -> Response {
    let Some(Event { id, payload, time }) = lambda.queue.lock().await.recv().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let deadline = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + time;
    let function = "arn:aws:lambda:us-west-2:123456789012:function:crewcall-test";
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        ("lambda-runtime-invoked-function-arn", function.to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, payload.to_string()).into_response()
}

async fn response(State(lambda): State<Lambda>, Named(id): Named<String>, body: Bytes) -> StatusCode {
    lambda.answered(&id, Ok(serde_json::from_slice(&body).unwrap()))
}

async fn error(
    State(lambda): State<Lambda>,
    Named(id): Named<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    assert!(headers.contains_key("lambda-runtime-function-error-type"));
    let said: Value = serde_json::from_slice(&body).unwrap();
    let field = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
    lambda.answered(&id, Err((field("errorType"), field("errorMessage"))))
}

/// One process of a function, which ends with the test.
pub(super) struct Process(Child);

impl Process {
    /// Ends it, as Lambda does, without a word, and lets the API notice that nobody waits there any more.
    pub(super) async fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    /// Waits for its end, and gives its exit code.
    pub(super) fn end(&mut self) -> Option<i32> {
        self.0.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

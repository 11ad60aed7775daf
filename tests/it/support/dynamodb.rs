//! DynamoDBs that others wrote, run as processes beside a test.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use crewcall::store::{DynamoStore, TableNames};

/// How long a peer may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with empty tables, which ends with the test process.
#[derive(Debug)]
pub(crate) struct Peer {
    /// Where it answers.
    pub(crate) endpoint: String,
    // Its standard input ends with this process, and with that it does.
    _process: Child,
}

/// dynoxide, of which the tests of a process share one.
pub(crate) fn dynoxide() -> Arc<Peer> {
    static PEER: OnceLock<Arc<Peer>> = OnceLock::new();
    PEER.get_or_init(|| Arc::new(start_dynoxide())).clone()
}

/// ministack, of which the tests of a process share one.
pub(crate) fn ministack() -> Arc<Peer> {
    static PEER: OnceLock<Arc<Peer>> = OnceLock::new();
    PEER.get_or_init(|| Arc::new(start_ministack(&[("SERVICES", "dynamodb,secretsmanager")]))).clone()
}

fn peers() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/peers")
}

fn start(command: &mut Command) -> Child {
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    started.unwrap_or_else(|error| panic!("{command:?} does not start ({error}); run scripts/peers"))
}

fn start_dynoxide() -> Peer {
    let mut process = start(&mut Command::new(peers().join("dynamodb/debug/dynamodb-peer")));
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port: u16 = line.trim().parse().unwrap_or_else(|_| panic!("no port: {line:?}"));
    Peer { endpoint: format!("http://127.0.0.1:{port}"), _process: process }
}

/// Starts ministack, with these variables for itself and the functions that it runs. It takes its port from outside and
/// goes on when its input ends, so a line of Python watches over it.
pub(crate) fn start_ministack(more: &[(&str, &str)]) -> Peer {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let watched = "import os, sys, threading\n\
                   threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()\n\
                   from ministack.app import main\nmain()";
    let mut process = start(
        Command::new(peers().join("venv-aws/bin/python"))
            .args(["-c", watched])
            .envs([("BIND_HOST", "127.0.0.1"), ("LOG_LEVEL", "WARNING")])
            .env("GATEWAY_PORT", port.to_string())
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
            .envs(more.iter().copied())
            .stderr(Stdio::null()),
    );
    let mut output = process.stdout.take().unwrap();
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(process.try_wait().unwrap().is_none(), "ministack has ended; is its port {port} taken?");
        assert!(began.elapsed() < PATIENCE, "ministack does not answer");
        std::thread::sleep(Duration::from_millis(20));
    }
    Peer { endpoint: format!("http://127.0.0.1:{port}"), _process: process }
}

/// What the SDK reads from the environment, for this endpoint.
pub(crate) fn settings(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "the tests");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-west-2"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build()
}

/// Names that no other test has.
pub(crate) fn fresh_names() -> TableNames {
    static STORES: AtomicU32 = AtomicU32::new(0);
    let number = STORES.fetch_add(1, Ordering::Relaxed);
    TableNames { prefix: format!("test{}-{number}-", std::process::id()), tokens: "crew-tokens".into() }
}

/// A store in new tables.
pub(crate) async fn empty_store(endpoint: &str, names: &TableNames) -> DynamoStore {
    let store = DynamoStore::new(&settings(endpoint), names.clone());
    let prepared = store.prepare().await.unwrap();
    assert_eq!((prepared.made.len(), prepared.found.len()), (4, 0));
    store
}

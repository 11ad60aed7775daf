//! The binary as AWS Lambda starts it: how long until its first answer, and how much memory it takes, beside what
//! people run there today, a handler in Python that imports boto3 and the Google client (`benches/lambda.py`).
//!
//! Both are started anew for each figure, in turns, and answer one request of an HTTP API. Ours has fetched its link key
//! by then, from a Secrets Manager of this file that answers at once, and has read from its tables, on a DynamoDB of this
//! machine; Python has made its clients and asked nobody.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;
use tokio::runtime::Runtime;

use crate::dynamodb::peer;
use crate::report::Report;
use crate::{disk, stats};

const ROUNDS: usize = 9;
/// How long a function may take for its two answers.
const PATIENCE: Duration = Duration::from_secs(20);
const AIM: Duration = Duration::from_millis(10);
const AIM_KIB: u64 = 15 * 1024;
const EVENT: &str = include_str!("../../tests/it/lambda/events/request.json");

pub(crate) fn run(report: &mut Report) {
    let runtime = Runtime::new().expect("a runtime");
    let endpoint = peer::dynoxide().endpoint.clone();
    let names = peer::fresh_names();
    runtime.block_on(peer::empty_store(&endpoint, &names));
    let home = disk::directory();
    let secrets = secrets();
    let ours = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crewcall"));
        command.envs([
            ("AWS_ENDPOINT_URL_DYNAMODB", endpoint.as_str()),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.as_str()),
            ("CREWCALL_OPERATOR__NAME", "Harbor Sails"),
            ("CREWCALL_OPERATOR__TIME_ZONE", "America/Los_Angeles"),
            ("CREWCALL_SERVER__PUBLIC_URL", "https://crew.example.com"),
            ("CREWCALL_SERVER__LINK_KEY_SECRET", "link-key"),
            ("CREWCALL_STORE__KIND", "dynamodb"),
            ("CREWCALL_STORE__TABLE_PREFIX", names.prefix.as_str()),
            ("CREWCALL_MAIL__TRANSPORT", "file"),
            ("CREWCALL_MAIL__FROM", "crew@example.com"),
            ("CREWCALL_MAIL__OFFICE", "office@example.com"),
        ]);
        command
    };
    let python = || {
        let mut command = Command::new(interpreter());
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/lambda.py"));
        command
    };
    let mut figures: [Vec<Started>; 2] = Default::default();
    for round in 0..=ROUNDS {
        let started = [start(ours(), home.path()), start(python(), home.path())];
        // The first round reads the files from the disk.
        if round > 0 {
            figures.iter_mut().zip(started).for_each(|(figures, started)| figures.push(started));
        }
    }
    let [ours, python] = figures.map(|figures| {
        let first = stats::median(figures.iter().map(|started| started.first).collect());
        let second = stats::median(figures.iter().map(|started| started.second).collect());
        let mut kib: Vec<u64> = figures.iter().map(|started| started.kib).collect();
        kib.sort_unstable();
        Started { first, second, kib: kib[kib.len() / 2] }
    });
    let memory = |kib: u64| format!("{:.1} MiB", kib as f64 / 1024.0);
    report
        .line("from its start to the first answer", stats::time(ours.first))
        .beside(
            format!("Python with boto3 and the Google client: {}", stats::time(python.first)),
            ours.first.as_secs_f64() / python.first.as_secs_f64(),
        )
        .aim("10 ms", ours.first <= AIM);
    report.line("the answer after that", stats::time(ours.second)).beside(
        format!("Python: {}", stats::time(python.second)),
        ours.second.div_duration_f64(python.second),
    );
    report
        .line("memory at its peak", memory(ours.kib))
        .beside(format!("Python: {}", memory(python.kib)), ours.kib as f64 / python.kib as f64)
        .aim("at most 15 MiB", ours.kib <= AIM_KIB);
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_crewcall")).expect("the binary").len();
    report.line("the binary, with everything in it", format!("{:.1} MB", size as f64 / 1e6));
}

/// Where every secret is a link key, told at once.
fn secrets() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let body = json!({ "Name": "link-key", "SecretString": "ab".repeat(32) }).to_string();
    std::thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            while hear(&connection).is_some() {
                say(&connection, "200 OK", &body);
            }
        }
    });
    format!("http://{address}")
}

/// The interpreter that has boto3 and the Google client.
fn interpreter() -> PathBuf {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/venv-bench/bin/python");
    assert!(python.exists(), "{} is not there; `scripts/peers bench` installs it", python.display());
    python
}

/// What a process took.
struct Started {
    /// From its start to its first answer.
    first: Duration,
    /// From the next event to its answer.
    second: Duration,
    /// Resident memory at its peak, in KiB.
    kib: u64,
}

/// Starts a function, gives it two events, and ends it.
fn start(mut command: Command, home: &Path) -> Started {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let api = listener.local_addr().expect("an address");
    let begun = Instant::now();
    let child = command
        .current_dir(home)
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", api.to_string().as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "crewcall-bench"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_REGION", "us-west-2"),
            ("AWS_DEFAULT_REGION", "us-west-2"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ])
        .stdin(Stdio::null())
        .spawn();
    let mut child = Ended(child.expect("a program that starts"));
    // A function that ends without a word would leave us waiting for it.
    std::thread::spawn(move || {
        std::thread::sleep(PATIENCE);
        let _ = TcpStream::connect(api);
    });
    let (mut asked, mut times) = (begun, Vec::new());
    let mut connection = listener.accept().expect("a connection").0;
    let event = EVENT.replace("\"/\"", "\"/health/live\"");
    while times.len() < 2 {
        match hear(&connection) {
            // The client may open a second connection for its answers.
            None => {
                let lives = child.0.try_wait().expect("a process").is_none() && begun.elapsed() < PATIENCE;
                assert!(lives, "the function gives no answer");
                connection = listener.accept().expect("a connection").0;
            }
            Some((line, body)) if line.starts_with("GET ") => {
                assert!(body.is_empty(), "{body}");
                if !times.is_empty() {
                    asked = Instant::now();
                }
                say(&connection, "200 OK", &event);
            }
            Some((line, body)) => {
                times.push(asked.elapsed());
                assert!(line.contains("/response") && body.contains("live"), "{line}: {body}");
                say(&connection, "202 Accepted", "{}");
            }
        }
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.0.id())).expect("/proc");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a field of memory");
    let kib = peak.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number");
    child.0.kill().expect("a process that ends");
    Started { first: times[0], second: times[1], kib }
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The next request: its first line and its body. `None` at the end of the connection.
fn hear(connection: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(connection);
    let (mut first, mut length, mut chunked) = (String::new(), 0, false);
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(told) = line.strip_prefix("content-length: ") {
            length = told.parse().expect("a length");
        }
        chunked |= line == "transfer-encoding: chunked";
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).expect("a chunk");
            let size = usize::from_str_radix(size.trim(), 16).expect("a size");
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk).expect("a chunk");
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    } else {
        body.resize(length, 0);
        reader.read_exact(&mut body).expect("a body");
    }
    Some((first, String::from_utf8_lossy(&body).into_owned()))
}

fn say(mut connection: &TcpStream, status: &str, body: &str) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock");
    let deadline = (now + Duration::from_secs(30)).as_millis();
    let answer = format!(
        "HTTP/1.1 {status}\r\nlambda-runtime-aws-request-id: bench\r\nlambda-runtime-deadline-ms: {deadline}\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:us-west-2:123456789012:function:crewcall-bench\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    connection.write_all(answer.as_bytes()).expect("an answer sent");
}

//! Peers that others wrote, run as processes beside a test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a peer may take to say the next thing.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program in Python, or in JavaScript, that prints JSON lines, the first of them when it is ready, and stops at the
/// end of its standard input: with the test, whatever becomes of it.
pub(crate) struct PythonPeer {
    process: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Value>,
    /// What it said when it was ready.
    pub(crate) ready: Value,
}

impl PythonPeer {
    /// Starts `tests/peers/<script>` and waits until it is ready.
    pub(crate) fn start(script: &str, arguments: &[&str]) -> Self {
        Self::start_with(&python(), script, arguments)
    }

    /// The same, of a script in JavaScript.
    pub(crate) fn start_in_node(script: &str, arguments: &[&str]) -> Self {
        Self::start_with(Path::new("node"), script, arguments)
    }

    fn start_with(interpreter: &Path, script: &str, arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(script);
        let mut process = Command::new(interpreter)
            .arg(&script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", script.display()));
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        let mut peer = Self { process, input, lines, ready: Value::Null };
        peer.ready = peer.next();
        peer
    }

    /// The next thing it says.
    pub(crate) fn next(&self) -> Value {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(value) => value,
            Err(RecvTimeoutError::Timeout) => panic!("the peer said nothing for {PATIENCE:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("the peer ended; see its standard error"),
        }
    }

    /// Everything it has said by now that was not asked for yet; waits for nothing.
    pub(crate) fn said(&self) -> Vec<Value> {
        self.lines.try_iter().collect()
    }

    /// Everything it says until it ends, which it is told to do now.
    pub(crate) fn finish(mut self) -> Vec<Value> {
        self.input = None;
        self.lines.iter().collect()
    }
}

impl Drop for PythonPeer {
    fn drop(&mut self) {
        self.input = None;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Schemathesis, which tests an API against its own description.
pub(crate) fn api_tester() -> PathBuf {
    python().with_file_name("schemathesis")
}

/// The interpreter that has the peers. A test without its peer fails: it has not been run.
pub(crate) fn python() -> PathBuf {
    if let Some(python) = std::env::var_os("CREWCALL_PEERS_PYTHON") {
        return python.into();
    }
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/venv/bin/python");
    assert!(python.exists(), "{} is not there; run scripts/test, which installs the peers", python.display());
    python
}

//! `crewcall serve` as a process.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use super::{PATIENCE, http, until};
use crate::home::AWS_CONFIG;

pub(super) struct Server {
    process: Child,
    lines: Receiver<String>,
    /// Where it listens.
    pub(super) address: String,
    /// What it prints for the office to sign in with; there once it is ready.
    pub(super) setup_link: String,
}

impl Server {
    /// Starts it, and waits for nothing. Its log goes to `serve.log` in its directory.
    pub(super) fn spawn(directory: &Path, port: u16) -> Self {
        let address = format!("127.0.0.1:{port}");
        let log = OpenOptions::new().create(true).append(true).open(directory.join("serve.log")).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_crewcall"))
            .arg("serve")
            .current_dir(directory)
            .env_remove("RUST_LOG")
            .env("AWS_CONFIG_FILE", directory.join(AWS_CONFIG))
            .env("CREWCALL_SERVER__LISTEN", &address)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok());
        });
        Self { process, lines, address, setup_link: String::new() }
    }

    /// Waits until it has said where it is, and answers there.
    pub(super) fn wait_until_ready(&mut self) {
        self.setup_link = until("the way in", PATIENCE, || match self.lines.try_recv() {
            // A setup link only as long as there is no user.
            Ok(line) => ["Sign in as the office", "The office signs in at"]
                .iter()
                .any(|begin| line.starts_with(begin))
                .then(|| line.split_whitespace().next_back().unwrap().to_owned()),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => panic!("the server ended; see serve.log in its directory"),
        });
        until("an answer", PATIENCE, || {
            http::get(&self.address, "/health/ready").ok().filter(|answer| answer.status == 200)
        });
    }

    /// Ends it as a power cut would: nothing of it runs any more.
    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Tells it to stop, as service managers do.
    pub(super) fn tell_to_stop(&self) {
        let signal = format!("kill -TERM {}", self.process.id());
        assert!(Command::new("sh").args(["-c", &signal]).status().unwrap().success());
    }

    /// Tells it to stop, and gives its exit code and how long it took.
    pub(super) fn stop(mut self) -> (i32, Duration) {
        let begun = Instant::now();
        self.tell_to_stop();
        let status = until("the end of the server", PATIENCE, || self.process.try_wait().unwrap());
        (status.code().expect("it ended by itself"), begun.elapsed())
    }

    /// Whether it still runs.
    pub(super) fn lives(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already, unless a test failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

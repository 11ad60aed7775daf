//! The pages in a real browser: Chromium, driven by Playwright and looked over by axe-core. What is done there is
//! written in JavaScript beside this file; each script fails with what it did not find.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::home::Home;

/// The program, until the test is over.
struct Program {
    process: Child,
    /// The address that it printed last of all.
    address: String,
}

impl Program {
    /// Starts it, and waits for the line that has what it begins with.
    fn start(command: &mut Command, begins: &str) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let output = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let mut lines = output.lines().map_while(Result::ok).filter(|line| line.starts_with(begins));
        let address =
            lines.find_map(|line| Some(format!("http://{}", line.split_once("http://")?.1.trim_end())));
        Self { process, address: address.expect("it says where it is") }
    }

    /// The demo, with a season at work.
    fn demo() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crewcall"));
        Self::start(command.args(["demo", "--listen", "127.0.0.1:0"]), "A working office")
    }

    fn origin(&self) -> String {
        let end = self.address.match_indices('/').nth(2).map_or(self.address.len(), |(at, _)| at);
        self.address[..end].to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a script against a demo of its own.
fn run(script: &str, options: &[&str]) {
    let demo = Program::demo();
    run_at(&demo.origin(), script, options);
}

/// Runs a script against pages that are there.
fn run_at(origin: &str, script: &str, options: &[&str]) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/browser");
    let output = Command::new("node").arg(here.join(script)).arg(origin).args(options).output();
    let output = output.expect("scripts/peers installs node");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}");
    // A script that did nothing would pass as well.
    assert!(said.contains("checks: "), "{script} says nothing of what it did: {said}");
}

/// `CREWCALL_PICTURES=docs` leaves them where README shows them.
#[test]
fn the_pages_that_the_readme_shows_are_pictured() {
    let directory = tempfile::tempdir().expect("a directory");
    let wanted = std::env::var_os("CREWCALL_PICTURES").map(PathBuf::from);
    let into = wanted.as_deref().unwrap_or(directory.path());
    let into = into.canonicalize().expect("the directory is there");
    run("pictures.mjs", &[into.to_str().expect("a path in UTF-8")]);
    for name in ["board", "charter", "days", "offer"] {
        let picture = std::fs::read(into.join(name).with_extension("png")).expect("a picture");
        assert!(picture.starts_with(b"\x89PNG") && picture.len() > 10_000, "{name}: {} bytes", picture.len());
    }
}

#[test]
fn every_page_is_for_everyone_on_every_screen() {
    run("pages.mjs", &[]);
}

#[test]
fn the_board_changes_by_itself_and_answers_to_keys() {
    run("board.mjs", &[]);
}

#[test]
fn every_state_of_an_offers_page_is_reached_and_looked_over() {
    run("offers.mjs", &[]);
}

#[test]
fn every_state_of_an_offers_page_is_reached_without_script() {
    run("offers.mjs", &["without-script"]);
}

#[test]
fn a_charter_is_crewed_with_and_without_script() {
    run("story.mjs", &[]);
}

#[test]
fn every_control_of_a_charter_is_pressed() {
    run("controls.mjs", &[]);
}

#[test]
fn every_control_of_a_charter_is_pressed_without_script() {
    run("controls.mjs", &["without-script"]);
}

#[test]
fn a_sail_goes_from_its_booking_to_its_pay() {
    run("desk.mjs", &[]);
}

#[test]
fn a_sail_goes_from_its_booking_to_its_pay_without_script() {
    run("desk.mjs", &["without-script"]);
}

#[test]
fn the_office_signs_in_lets_others_in_and_out_by_keyboard_and_without_script() {
    let home = Home::with_charter();
    let free =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let mut command = Command::new(env!("CARGO_BIN_EXE_crewcall"));
    command.arg("serve").current_dir(home.path()).env("CREWCALL_SERVER__LISTEN", free.to_string());
    command.env("CREWCALL_SERVER__PUBLIC_URL", format!("http://{free}"));
    let office = Program::start(&mut command, "Sign in as the office");
    let mails = home.path().join("mail");
    run_at(&office.origin(), "office.mjs", &[&office.address, mails.to_str().expect("a path in UTF-8")]);
}

#[test]
fn the_roster_and_its_days_are_changed_in_place() {
    run("roster.mjs", &[]);
}

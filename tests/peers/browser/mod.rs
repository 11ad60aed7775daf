//! The pages in a real browser: Chromium, driven by Playwright and looked over by axe-core. What is done there is
//! written in JavaScript beside this file; each script fails with what it did not find.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The demo, with a season at work, until the test is over.
struct Demo {
    process: Child,
    origin: String,
}

impl Demo {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_crewcall"))
            .args(["demo", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let output = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let origin = output.lines().map_while(Result::ok).find_map(|line| {
            let address = line.split_once("http://")?.1;
            Some(format!("http://{}", address.trim_end().trim_end_matches('/')))
        });
        Self { process, origin: origin.expect("it says where it is") }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a script against a demo of its own.
fn run(script: &str, options: &[&str]) {
    let demo = Demo::start();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/browser");
    let output = Command::new("node").arg(here.join(script)).arg(&demo.origin).args(options).output();
    let output = output.expect("scripts/peers installs node");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}");
    // A script that did nothing would pass as well.
    assert!(said.contains("checks: "), "{script} says nothing of what it did: {said}");
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

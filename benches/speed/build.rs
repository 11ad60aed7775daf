//! What a newcomer waits for: from a clean checkout to the demo's first page; and how much longer it takes with AWS.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::report::Report;
use crate::{disk, memory, stats};

const AIM: Duration = Duration::from_secs(120);

pub(crate) fn run(report: &mut Report) {
    let directory = disk::directory();
    let target = directory.path();
    let start = Instant::now();
    let built = build(target, &[]);
    first_page(&target.join("debug/crewcall"));
    let took = start.elapsed();
    report
        .line("clean build until the demo's first page", stats::time(took))
        .beside(format!("the build itself: {}", stats::time(built)), took.as_secs_f64() / built.as_secs_f64())
        .aim("120 s on two cores", took <= AIM);
    for (crate_name, seconds) in slowest(&target.join("cargo-timings/cargo-timing.html")) {
        report.line(format!("… of which {crate_name}"), format!("{seconds:.1} s"));
    }
    let elsewhere = disk::directory();
    let with_aws = build(elsewhere.path(), &["--features", "aws"]);
    report
        .line("clean build with --features aws", stats::time(with_aws))
        .beside(format!("without: {}", stats::time(built)), with_aws.as_secs_f64() / built.as_secs_f64());
    for (crate_name, seconds) in slowest(&elsewhere.path().join("cargo-timings/cargo-timing.html")) {
        report.line(format!("… of which {crate_name}"), format!("{seconds:.1} s"));
    }
}

/// Builds everything, and says how long that took.
fn build(target: &Path, features: &[&str]) -> Duration {
    let start = Instant::now();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--timings", "--offline"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", target)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the build must succeed");
    start.elapsed()
}

/// Starts the demo and opens its board.
fn first_page(program: &Path) {
    let mut demo = Command::new(program);
    let demo = demo.args(["demo", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
    let mut demo = demo.spawn().expect("a program that starts");
    let said = BufReader::new(demo.stdout.take().expect("its output"));
    let address = said.lines().map_while(Result::ok).find_map(|line| {
        let (_, address) = line.split_once("http://")?;
        address.trim_end_matches('/').parse().ok()
    });
    let page = memory::get(address.expect("the demo's address"), "/");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    let _ = demo.kill();
    let _ = demo.wait();
}

/// The five units that took longest, from what cargo wrote about the build.
fn slowest(timings: &Path) -> Vec<(String, f64)> {
    let page = std::fs::read_to_string(timings).unwrap_or_default();
    let data = page.split_once("const UNIT_DATA = ").and_then(|(_, rest)| rest.split_once("];"));
    let units: Vec<Value> =
        data.and_then(|(data, _)| serde_json::from_str(&format!("{data}]")).ok()).unwrap_or_default();
    let mut named: Vec<(String, f64)> = units
        .iter()
        .filter_map(|unit| {
            let name = format!("{}{}", unit["name"].as_str()?, unit["target"].as_str().unwrap_or_default());
            Some((name, unit["duration"].as_f64()?))
        })
        .collect();
    named.sort_by(|a, b| b.1.total_cmp(&a.1));
    named.truncate(5);
    named
}

//! The office's sheet kept in step: what a round costs in calls, bytes and time, beside what an office's own script costs
//! that does the same by gspread, on the same Google of the tests, in the same run.
//!
//! The script comes in two forms: it writes each cell that differs by a call, or everything. It only writes to the sheet:
//! it has no store, takes nothing over, and does not notice what it writes over. Each contestant finds as many changed cells,
//! and the sheet is compared with the list afterwards.
//!
//! Bytes are those of the bodies as they travel: this Google compresses its answers, as the other one does, for whoever
//! accepts that, and both contestants do. How long this Google is at it says nothing about Google's, so it is left out of the
//! times that are compared; and what a call costs on its way is not in them.

mod office;
mod planning;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::report::Report;
use crate::stats;
use office::Office;

/// Calls of one kind that Google allows a user in a minute.
const A_MINUTE: f64 = 60.0;

/// What something cost, by the calls of Sheets that came to Google.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    calls: f64,
    /// Of the bodies, in both directions.
    bytes: f64,
    time: Duration,
    /// How much of the time this Google was at it itself.
    google: Duration,
}

impl Cost {
    /// The time without that.
    fn own(&self) -> Duration {
        self.time.saturating_sub(self.google)
    }
}

/// How much there is, and how often it is measured.
struct Size {
    name: &'static str,
    rounds: usize,
    /// Cells that the script writes one by one; where more are changed, the others are reckoned from these.
    sample: usize,
}

pub(crate) fn run(report: &mut Report) {
    let few = Size { name: "30 people × 62 days", rounds: 5, sample: 300 };
    measure(report, &mut Office::new(30, jiff::civil::date(2027, 7, 1), 2), &few);
    // This Google copies a whole spreadsheet before each change: a larger sample would take minutes, and not be the script's.
    let many = Size { name: "1,000 people × 366 days", rounds: 1, sample: 50 };
    let mut office = Office::new(1_000, jiff::civil::date(2028, 1, 1), 12);
    measure(report, &mut office, &many);
    planning::run(report, &office);
}

/// Each of the contestants in turns.
fn measure(report: &mut Report, office: &mut Office, size: &Size) {
    let tenth = office.cells() / 10;
    let mut unchanged = Cost::default();
    for (what, count) in [("no change", 0), ("one cell changed", 1), ("10 % of the cells changed", tenth)] {
        let (mut ours, mut next, mut cells, mut whole) = (vec![], vec![], vec![], vec![]);
        for turn in (0..size.rounds).map(|round| 3 * round) {
            // First a single cell, so that the tab with the copies, which is read, too, holds no more than it mostly does.
            office.change(1, turn);
            office.import();
            office.settle();
            office.change(count, turn);
            office.import();
            ours.push(office.measured(|| drop(office.round())));
            office.check();
            next.push(office.measured(|| drop(office.round())));
            office.settle();
            cells.push(script(office, "cells", size.sample, count, turn + 1));
            whole.push(script(office, "whole", size.sample, count, turn + 2));
        }
        let [ours, next, cells, whole] = [ours, next, cells, whole].map(median);
        let reckoned = match count > size.sample {
            true => format!(", reckoned from {} cells", size.sample),
            false => String::new(),
        };
        let theirs = [(format!("cell by cell{reckoned}"), cells), ("everything".into(), whole)];
        tell(report, &format!("{}, {what}", size.name), &ours, &theirs);
        match count {
            0 => unchanged = next,
            _ => {
                let beside = format!("where nothing was written: {}", bytes(unchanged.bytes));
                let ratio = next.bytes / unchanged.bytes;
                report.line("… bytes of the next round", bytes(next.bytes)).beside(beside, ratio);
            }
        }
    }
}

/// What is told of a cost, and by what it is compared.
type Told<'a> = (String, &'a dyn Fn(&Cost) -> String, &'a dyn Fn(&Cost) -> f64);

fn tell(report: &mut Report, what: &str, ours: &Cost, theirs: &[(String, Cost); 2]) {
    let number = |number: f64| stats::rate(number).replace("/s", "");
    let calls = |cost: &Cost| match cost.calls {
        calls if calls > A_MINUTE => {
            format!("{}, by Google's limit in {} minutes", number(calls), number((calls / A_MINUTE).ceil()))
        }
        calls => number(calls),
    };
    let time =
        |cost: &Cost| format!("{} ({} with Google's)", stats::time(cost.own()), stats::time(cost.time));
    let figures: [Told<'_>; 3] = [
        (format!("{what}: calls"), &calls, &|cost| cost.calls),
        ("… bytes, there and back".into(), &|cost| bytes(cost.bytes), &|cost| cost.bytes),
        ("… time, without Google's own".into(), &time, &|cost| cost.own().as_secs_f64()),
    ];
    for (what, text, figure) in figures {
        let mut first = (what, text(ours));
        for (script, cost) in theirs {
            let (what, measured) = std::mem::take(&mut first);
            let beside = format!("gspread, {script}: {}", text(cost));
            report.line(what, measured).beside(beside, figure(ours) / figure(cost));
        }
    }
}

/// What the script prints.
#[derive(Deserialize)]
struct Printed {
    different: usize,
    written: usize,
    reading: f64,
    writing: f64,
}

/// Lets the script bring the sheet up to a list in which so many cells were changed.
fn script(office: &mut Office, what: &str, sample: usize, count: usize, turn: usize) -> Cost {
    let before = office.list();
    let changed = office.change(count, turn);
    let mut printed = None;
    let list = json!({ "tabs": office.json(), "most": sample }).to_string();
    let mut cost = office.measured(|| printed = Some(python(office, what, &list)));
    let Some(printed) = printed else { return cost };
    assert_eq!(printed.different, count, "the script finds other cells");
    cost.time = Duration::from_secs_f64(printed.reading + printed.writing);
    if what == "cells" {
        assert_eq!(printed.written, count.min(sample), "the script writes other cells");
        office.take_back(before, changed, printed.written);
        if count > printed.written {
            cost = reckoned(office, &cost, &printed);
        }
    }
    office.check();
    // The store takes over what the script has written.
    office.settle();
    cost
}

/// Where a part was written only: the reading as it was, the writing as much more as there are more cells.
fn reckoned(office: &Office, cost: &Cost, printed: &Printed) -> Cost {
    let times = printed.different as f64 / printed.written as f64;
    let last = office.google.requests().into_iter().rev().take(printed.written);
    let (bytes, google) =
        last.fold((0.0, Duration::ZERO), |(bytes, took), call| (bytes + call.bytes as f64, took + call.took));
    Cost {
        calls: cost.calls + (printed.different - printed.written) as f64,
        bytes: cost.bytes + bytes * (times - 1.0),
        time: Duration::from_secs_f64(printed.reading + printed.writing * times),
        google: cost.google + google.mul_f64(times - 1.0),
    }
}

fn python(office: &Office, what: &str, list: &str) -> Printed {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(root.join("target/peers/venv-google/bin/python"))
        .env("PYTHONPATH", root.join("tests/google/clients"))
        .arg(root.join("benches/sheet.py"))
        .arg(office.google.url())
        .arg(office.sign_in())
        .args([office.sheet.id(), what])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("scripts/peers installs it");
    python.stdin.take().expect("a pipe").write_all(list.as_bytes()).expect("Python reads");
    let output = python.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "Python failed");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The run in the middle, by its time; calls are the same in all of them, bytes about.
fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(Cost::own);
    costs[costs.len() / 2]
}

/// As "1.2 MB".
fn bytes(bytes: f64) -> String {
    match bytes {
        ..1e6 => format!("{:.1} kB", bytes / 1e3),
        _ => format!("{:.1} MB", bytes / 1e6),
    }
}

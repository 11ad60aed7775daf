//! Statements as workbooks, beside what others need for the same cells, and beside the bare cost of deflating the same bytes.
//!
//! What is compared is read back: another reader finds the same values and the same formulas in each.

mod month;

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Cursor, Read, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use calamine::{CellType, Data, Range, Reader, Xlsx};
use crewcall::workbook::pay::{self, Heading};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::report::Report;
use crate::stats;

const PEOPLE: usize = 50;
const SAILS: usize = 30;
const LINES: usize = 100_000;
const ROUNDS: usize = 5;
const AIM: Duration = Duration::from_millis(20);
const LARGE_AIM: Duration = Duration::from_secs(1);
const LARGE_AIM_KIB: f64 = 20.0 * 1024.0;
/// By this variable the program is one that writes the large workbook, and nothing else.
pub(crate) const CHILD: &str = "CREWCALL_BENCH_STATEMENT";

/// What a process says of its run.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Run {
    seconds: f64,
    kib: f64,
}

fn heading(zone: &TimeZone) -> Heading<'_> {
    let at = "2026-07-01T12:00:00Z".parse().expect("an instant");
    Heading { operator: "Harbor Sails", currency: "USD", zone, approved: None, at }
}

fn zone() -> TimeZone {
    TimeZone::get("America/Los_Angeles").expect("a zone")
}

pub(crate) fn run(report: &mut Report) {
    let home = tempfile::tempdir().expect("a directory");
    many_small(report, home.path());
    one_large(report, home.path());
}

/// All workbooks of a month. crewcall makes them on all cores, the others and the bare deflating take one.
fn many_small(report: &mut Report, home: &Path) {
    let (zone, draft) = (zone(), month::month(PEOPLE, SAILS));
    let heading = heading(&zone);
    let (mut ours, mut one_by_one, mut owner, mut deflating) = (vec![], vec![], vec![], vec![]);
    let (mut openpyxl, mut xlsxwriter) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let books = pay::statements(&draft.statements, &heading, &|| ()).expect("workbooks");
        ours.push(begun.elapsed());
        let begun = Instant::now();
        for one in &draft.statements {
            pay::statement(one, &heading).expect("a workbook");
        }
        one_by_one.push(begun.elapsed());
        let begun = Instant::now();
        let whole = pay::month(&draft, &heading).expect("a workbook");
        owner.push(begun.elapsed());
        let parts: Vec<Vec<u8>> = books.iter().flat_map(|book| parts(book)).collect();
        deflating.push(deflate(&parts));
        openpyxl.push(seconds(peer("openpyxl", PEOPLE, SAILS, home)));
        xlsxwriter.push(seconds(peer("xlsxwriter", PEOPLE, SAILS, home)));
        for name in ["openpyxl", "xlsxwriter"] {
            let theirs = std::fs::read(home.join(format!("{name}-7.xlsx"))).expect("a workbook");
            same_cells(&books[7], &theirs, name);
        }
        assert!(!whole.is_empty());
    }
    let [ours, one_by_one, owner, deflating, openpyxl, xlsxwriter] =
        [ours, one_by_one, owner, deflating, openpyxl, xlsxwriter].map(stats::median);
    let ratio = |other: Duration| other.as_secs_f64() / ours.as_secs_f64();
    let what = format!("{PEOPLE} workbooks of {SAILS} sails");
    report
        .line(&what, stats::time(ours))
        .beside(format!("openpyxl {}", stats::time(openpyxl)), ratio(openpyxl))
        .aim("20 ms", ours <= AIM);
    report
        .line("… the same", stats::time(ours))
        .beside(format!("XlsxWriter {}", stats::time(xlsxwriter)), ratio(xlsxwriter));
    report
        .line("… the same", stats::time(ours))
        .beside(format!("deflating the bytes {}", stats::time(deflating)), ratio(deflating));
    report
        .line("… the same", stats::time(ours))
        .beside(format!("one after the other {}", stats::time(one_by_one)), ratio(one_by_one));
    let charters = draft.accounts.len();
    report.line(format!("the owner's workbook of that month, {charters} charters"), stats::time(owner));
}

/// Each in a process of its own, whose memory is looked at.
fn one_large(report: &mut Report, home: &Path) {
    let (mut ours, mut openpyxl, mut xlsxwriter, mut deflating) = (vec![], vec![], vec![], vec![]);
    let path = home.join("large.xlsx");
    for round in 0..3 {
        ours.push(child(&path));
        openpyxl.push(peer("openpyxl", 1, LINES, home));
        xlsxwriter.push(peer("xlsxwriter", 1, LINES, home));
        let book = std::fs::read(&path).expect("a workbook");
        deflating.push(deflate(&parts(&book)));
        if round == 0 {
            for name in ["openpyxl", "xlsxwriter"] {
                let theirs = std::fs::read(home.join(format!("{name}-0.xlsx"))).expect("a workbook");
                same_cells(&book, &theirs, name);
            }
        }
    }
    let deflating = stats::median(deflating);
    let middle = |runs: &[Run]| {
        let kib = runs.iter().map(|run| run.kib).fold(0.0, f64::max);
        (stats::median(runs.iter().map(|run| seconds(*run)).collect()), kib)
    };
    let (time, kib) = middle(&ours);
    let shown = |time: Duration, kib: f64| format!("{}, {:.0} MiB", stats::time(time), kib / 1024.0);
    let ratio = |other: Duration| other.as_secs_f64() / time.as_secs_f64();
    let what = format!("a workbook of {LINES} lines");
    for (name, runs) in [("openpyxl", &openpyxl), ("XlsxWriter", &xlsxwriter)] {
        let (theirs, memory) = middle(runs);
        report
            .line(&what, shown(time, kib))
            .beside(format!("{name} {}", shown(theirs, memory)), ratio(theirs))
            .aim("1 s, 20 MiB", time <= LARGE_AIM && kib <= LARGE_AIM_KIB);
    }
    report
        .line("… the same", shown(time, kib))
        .beside(format!("deflating the bytes {}", stats::time(deflating)), ratio(deflating));
}

fn seconds(run: Run) -> Duration {
    Duration::from_secs_f64(run.seconds)
}

/// What the process does that [`CHILD`] names a file for.
pub(crate) fn write_large(path: &Path) {
    let zone = zone();
    let mut statement = month::statement(0, 0);
    statement.lines.clear();
    let begun = Instant::now();
    let file = BufWriter::new(File::create(path).expect("a file"));
    let lines = (0..LINES).map(|no| Cow::Owned(month::line(statement.month, 0, no)));
    pay::write(file, &statement, lines, &heading(&zone)).expect("a workbook");
    let seconds = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").expect("a status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    println!("{}", serde_json::json!({ "seconds": seconds, "kib": kib }));
}

fn child(path: &Path) -> Run {
    let program = std::env::current_exe().expect("a program");
    let ran = Command::new(program).env(CHILD, path).output().expect("a process");
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

fn peer(name: &str, people: usize, sails: usize, home: &Path) -> Run {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/peers/venv-bench/bin/python");
    assert!(python.exists(), "there is nothing to compare with; install it by `scripts/peers bench`");
    let ran = Command::new(python)
        .arg(root.join("benches/statements.py"))
        .args([name, &people.to_string(), &sails.to_string()])
        .arg(home)
        .output()
        .expect("a process");
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// The parts of a workbook, inflated.
fn parts(book: &[u8]) -> Vec<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).expect("an archive");
    let count = archive.len();
    let part = |n: usize| {
        let mut bytes = Vec::new();
        archive.by_index(n).expect("a part").read_to_end(&mut bytes).expect("its bytes");
        bytes
    };
    (0..count).map(part).collect()
}

/// How long it takes to deflate the same bytes as hard as crewcall does, and nothing else.
fn deflate(parts: &[Vec<u8>]) -> Duration {
    let begun = Instant::now();
    for part in parts {
        let mut deflated = flate2::write::DeflateEncoder::new(std::io::sink(), flate2::Compression::fast());
        deflated.write_all(part).and_then(|()| deflated.finish()).expect("a sink takes all");
    }
    begun.elapsed()
}

/// Both have the same values, and the same formulas.
fn same_cells(ours: &[u8], theirs: &[u8], name: &str) {
    let [ours, theirs] = [ours, theirs].map(|bytes| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        let formulas = book.worksheet_formula("Statement").expect("formulas");
        let values = book.worksheet_range("Statement").expect("values");
        (formulas, values)
    });
    let formulas: Vec<_> = cells(&ours.0).filter(|(_, formula)| !formula.is_empty()).collect();
    assert!(formulas.len() > SAILS, "there are formulas");
    let others: Vec<_> = cells(&theirs.0).filter(|(_, formula)| !formula.is_empty()).collect();
    assert_eq!(formulas, others, "{name} has other formulas");
    for (place, value) in cells(&ours.1) {
        let other = theirs.1.get_value(place).unwrap_or(&Data::Empty);
        let same = match (value, other) {
            (Data::Float(one), Data::Float(other)) => (one - other).abs() < 1e-9,
            (Data::DateTime(one), Data::DateTime(other)) => (one.as_f64() - other.as_f64()).abs() < 1e-9,
            (one, other) => one == other,
        };
        // What formulas come to, openpyxl does not write.
        let computed = ours.0.get_value(place).is_some_and(|formula| !formula.is_empty());
        assert!(same || (computed && name == "openpyxl"), "{name} {place:?}: {value:?}, {other:?}");
    }
}

/// The cells of a range, each with its row and column in the sheet; those of [`Range::used_cells`] count from its first.
fn cells<T: CellType>(range: &Range<T>) -> impl Iterator<Item = ((u32, u32), &T)> {
    let (row, column) = range.start().unwrap_or_default();
    range.used_cells().map(move |(r, c, value)| ((row + r as u32, column + c as u32), value))
}

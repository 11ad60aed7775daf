//! How fast crewcall is, beside what the same machine could do at most: `cargo bench`.
//!
//! Times depend on the machine, the disk and whatever else runs there. What travels is the ratio of
//! two figures that were taken in turns in the same run, so nearly every figure stands beside another one.
//!
//! | command | what it does |
//! | --- | --- |
//! | `cargo bench` | every topic but `sheet`, `statements` and `build`, in a few minutes |
//! | `cargo bench -- accepts calls` | these topics |
//! | `cargo bench -- sheet` | a round of the office's sheet beside gspread of `scripts/peers`, in five minutes |
//! | `cargo bench -- statements` | workbooks beside openpyxl and XlsxWriter of `scripts/peers bench`, in three minutes |
//! | `cargo bench -- build` | a clean build until the demo's first page |
//! | `cargo bench -- --json` | JSON instead of the table |
//! | `cargo bench --features aws` | `dynamodb` and `lambda` as well, beside the peers of `scripts/peers bench` |
//!
//! The figures are also left in `target/bench.json`. No aim fails a run: it is printed with whether it was met.
//! What does is a peer that is not there, or whose outcome differs: then there is nothing to compare with.

mod accepts;
mod board;
mod build;
mod calls;
mod cascade;
mod cpu;
mod decisions;
mod disk;
#[cfg(feature = "aws")]
mod dynamodb;
mod http;
#[cfg(feature = "aws")]
mod lambda;
mod memory;
mod replay;
mod report;
mod sails;
mod sheet;
mod smtp;
mod statements;
mod stats;
mod timers;

use std::process::ExitCode;

use report::Report;

type Topic = (&'static str, fn(&mut Report));

const TOPICS: &[Topic] = &[
    ("decisions", decisions::run),
    ("cascade", cascade::run),
    ("accepts", accepts::run),
    ("board", board::run),
    ("timers", timers::run),
    ("calls", calls::run),
    ("memory", memory::run),
    #[cfg(feature = "aws")]
    ("dynamodb", dynamodb::run),
    #[cfg(feature = "aws")]
    ("lambda", lambda::run),
];
/// Only when asked for: they take minutes.
const LONG_TOPICS: [Topic; 3] =
    [("sheet", sheet::run), ("statements", statements::run), ("build", build::run)];

fn main() -> ExitCode {
    if let Some(path) = std::env::var_os(statements::CHILD) {
        statements::write_large(path.as_ref());
        return ExitCode::SUCCESS;
    }
    // cargo adds --bench.
    let given: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let (flags, wanted): (Vec<String>, Vec<String>) =
        given.into_iter().partition(|word| word.starts_with("--"));
    let known = TOPICS.iter().chain(&LONG_TOPICS).map(|(name, _)| *name).collect::<Vec<_>>();
    let wrong = flags.iter().find(|flag| *flag != "--json");
    if let Some(wrong) = wrong.or(wanted.iter().find(|word| !known.contains(&word.as_str()))) {
        eprintln!("{wrong} is neither --json nor a topic; the topics are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let mut report = Report::new();
    for (name, topic) in TOPICS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            report.begin(name);
            topic(&mut report);
        }
    }
    for (name, topic) in LONG_TOPICS {
        if wanted.iter().any(|word| word == name) {
            report.begin(name);
            topic(&mut report);
        }
    }
    report.finish(!flags.is_empty());
    ExitCode::SUCCESS
}

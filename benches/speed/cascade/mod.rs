//! The rules at work for a whole season, beside the same ranking and decision loop in plain Python, in the same run;
//! and whether a decision costs more when there are more other charters.

mod others;
mod season;
mod world;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::report::Report;
use crate::{sails, stats};
use season::Outcome;
use world::World;

const ZONE: &str = "America/Los_Angeles";
/// Turns in which both are measured.
const ROUNDS: usize = 3;

pub(crate) fn run(report: &mut Report) {
    let operator = sails::operator();
    for (people, charters, name) in [
        (5_000, 2_000, "2,000 calls, roster of 5,000, from the first ask to the last answer"),
        (30, 60, "a season of 60 charters and 30 people"),
    ] {
        let world = World::new(&operator, people, charters);
        let (mut ours, mut theirs, mut plans, mut their_plans) = (vec![], vec![], vec![], vec![]);
        let mut outcome = None;
        for _ in 0..ROUNDS {
            let (people, booked) = (season::everyone(&world.roster), season::booked(&world, &operator));
            let begun = Instant::now();
            for _ in 0..20 {
                std::hint::black_box(season::first_plan(&booked[0], &people, &operator));
            }
            plans.push(begun.elapsed() / 20);
            let planned = season::first_plan(&booked[0], &people, &operator);
            let begun = Instant::now();
            let ended = season::run(&world, &operator, people, booked);
            ours.push(begun.elapsed());
            let python = python(&world);
            let came = Outcome { aboard: python.aboard, asks: python.asks, hours: python.hours };
            // Otherwise one of the two is fast at something else.
            let hours = (came.hours - ended.hours).abs() < 1e-3;
            assert!(
                came.aboard == ended.aboard && came.asks == ended.asks && hours,
                "Python crews these charters otherwise"
            );
            let asks = planned.asks.iter();
            let asks = asks.map(|ask| {
                let reply_by = ask.reply_by.map_or(0, |at| at.as_second());
                (ask.crew_id.to_string(), ask.at.as_second(), reply_by)
            });
            assert!(asks.eq(python.plan.asks), "Python plans this call otherwise");
            theirs.push(Duration::from_secs_f64(python.seconds));
            their_plans.push(Duration::from_secs_f64(python.plan.seconds));
            outcome = Some(ended);
        }
        let [ours, theirs, plans, their_plans] = [ours, theirs, plans, their_plans].map(stats::median);
        let Some(outcome) = outcome else { return };
        let hours = stats::rate(outcome.hours / ours.as_secs_f64()).replace("/s", "");
        let line = report.line(format!("{name} ({} asks)", outcome.asks), stats::time(ours));
        line.beside(format!("plain Python: {}", stats::time(theirs)), ours.div_duration_f64(theirs));
        if charters == 60 {
            line.aim("a season in a second", ours < Duration::from_secs(1));
        }
        report.line("… cascade hours in one second", hours);
        report.line(format!("the plan of one call among {people} people"), stats::time(plans)).beside(
            format!("plain Python: {}", stats::time(their_plans)),
            plans.div_duration_f64(their_plans),
        );
    }
    others::run(report);
}

/// What the Python version prints.
#[derive(Deserialize)]
struct Python {
    aboard: Vec<Vec<Option<String>>>,
    asks: usize,
    hours: f64,
    seconds: f64,
    plan: PythonPlan,
}

#[derive(Deserialize)]
struct PythonPlan {
    asks: Vec<(String, i64, i64)>,
    seconds: f64,
}

fn python(world: &World) -> Python {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/cascade.py");
    let mut python = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs; scripts/packages python3 installs it");
    let world = world.json(ZONE).to_string();
    python.stdin.take().expect("a pipe").write_all(world.as_bytes()).expect("Python reads");
    let output = python.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "Python failed");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

//! The planning of a round alone: what both sides have is there.

use std::collections::BTreeSet;
use std::time::Instant;

use crewcall::google::Sheets;
use crewcall_dispatch::sheet::{Known, Person, Sides, plan};

use super::office::Office;
use crate::report::Report;
use crate::stats;

const ROUNDS: usize = 5;

pub(super) fn run(report: &mut Report, office: &Office) {
    let (opened, planned) = office.runtime.block_on(office.sync.look()).expect("a sheet");
    let people = office.runtime.block_on(office.app.roster()).expect("a roster");
    let (memory, now) = (planned.memory, office.app.clock.now());
    let (mut plans, mut readings) = (vec![], vec![]);
    for _ in 0..ROUNDS {
        let known = Known {
            today: office.app.operator.zone.to_datetime(now).date(),
            ranks: &office.app.operator.ranks,
            people: people.iter().map(Person::of).collect(),
            answers: &memory.answers,
            charters: BTreeSet::new(),
            bound: memory.bound(),
        };
        let sides = Sides {
            people: people.iter().map(|member| (&member.crew_id, member)).collect(),
            ..Sides::default()
        };
        let begun = Instant::now();
        let planned = plan(&opened.book, &known, &sides, &memory, now);
        plans.push(begun.elapsed());
        assert!(planned.edits.is_empty() && planned.changes.is_empty(), "there is nothing to do");
        let open = || office.runtime.block_on(Sheets(&office.sync.google).open(office.sheet.id(), false));
        let read = office.measured(|| drop(open().expect("a sheet")));
        readings.push(read.own());
    }
    let [plans, readings] = [plans, readings].map(stats::median);
    report.line("the plan of 1,000 people × 366 days, no change", stats::time(plans)).beside(
        format!("taking in Google's answer: {}", stats::time(readings)),
        plans.div_duration_f64(readings),
    );
}

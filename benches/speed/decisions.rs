//! What the rules alone cost: `decide`, without a store. And what reading and writing JSON costs.

use std::hint::black_box;
use std::time::Instant;

use crewcall::store::{Expect, Record, Row, Write};
use crewcall_dispatch::cascade::{Actor, CharterState, Command, decide};
use crewcall_dispatch::model::CrewMember;
use jiff::ToSpan;

use crate::report::Report;
use crate::sails::{Sail, asked_at, context, operator};
use crate::stats;

const TIMES: u32 = 20_000;

pub(crate) fn run(report: &mut Report) {
    let operator = operator();
    let sail = Sail::new(&operator, 0);
    let crew = Actor::Crew(sail.captain.clone());
    let accepting = context(&operator, crew, asked_at() + 5.minutes());
    let lapsing = context(&operator, Actor::Crewcall, asked_at() + 3.hours());
    for (what, command, context) in [
        ("an accept", Command::Accept(Sail::OFFER), &accepting),
        ("an unanswered offer, the next captain asked", Command::Settle, &lapsing),
        ("nothing due", Command::Settle, &accepting),
    ] {
        let start = Instant::now();
        for _ in 0..TIMES {
            black_box(decide(black_box(&sail.state), &sail.people, &command, context)).expect("a decision");
        }
        report.line(format!("decide: {what}"), stats::time(start.elapsed() / TIMES));
    }
    let [charter, .., captain] = &sail.rows[..] else { return };
    rows::<CharterState>(report, "a charter", charter);
    rows::<CrewMember>(report, "a crew member with four weeks of dates", captain);
}

/// A record from its row, and back.
fn rows<T: Record>(report: &mut Report, what: &str, write: &Write) {
    let Write::Put { key, body, .. } = write else { return };
    let row = Row { key: key.clone(), version: 1, body: body.clone(), listing: None, due_at: None };
    let start = Instant::now();
    for _ in 0..TIMES {
        black_box(black_box(&row).parse::<T>()).expect("a record");
    }
    let read = start.elapsed() / TIMES;
    let record = row.parse::<T>().expect("a record").value;
    let start = Instant::now();
    for _ in 0..TIMES {
        black_box(Write::put(black_box(&record), Expect::Absent)).expect("a row");
    }
    let written = start.elapsed() / TIMES;
    let figure = format!("the row of {what}, {} bytes: read", body.len());
    report
        .line(figure, stats::time(read))
        .beside(format!("written: {}", stats::time(written)), read.div_duration_f64(written));
}

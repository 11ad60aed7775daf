//! What the rules alone cost: `decide`, without a store.

use std::hint::black_box;
use std::time::Instant;

use crewcall_dispatch::cascade::{Actor, Command, decide};
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
}

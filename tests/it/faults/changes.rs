//! The charter changes under a call: it moves, has another dock and another seat, is cancelled and restored.

use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::{Charter, PositionNeed};
use jiff::SignedDuration;

use super::told::{Step, Story, latest};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;

const STORY: Story = Story { steps: |step, state| steps(step, state).map(Step::Give), happens: HAPPENS };

const HAPPENS: &[&str] = &[
    "charter_booked",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "offer_rescinded dana",
    "charter_changed",
    "people_left_out",
    "offer_made dana",
    "offer_accepted dana",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "offer_accepted lee",
    "reconfirm_asked dana",
    "reconfirm_asked lee",
    "offer_rescinded sam",
    "charter_changed",
    "people_left_out",
    "reconfirmed lee",
    "offer_declined dana",
    "offer_made gene",
    "charter_changed",
    "offer_accepted gene",
    "crew_paired",
    "call_filled",
    "charter_cancelled",
    "charter_restored",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "offer_accepted dana",
    "crew_paired",
    "offer_made lee",
    "offer_accepted lee",
    "call_filled",
];

fn steps(step: usize, state: &CharterState) -> Option<Command> {
    let of = |who: &str| latest(state, who);
    let change = |by: fn(&mut Charter)| {
        let from = Box::new(state.charter.clone());
        let mut to = from.clone();
        by(&mut to);
        Command::Change { from, to }
    };
    Some(match step {
        0 => Command::Start,
        1 => change(|charter| charter.returns_at += SignedDuration::from_mins(30)),
        2 => Command::Accept(of("dana")),
        3 => Command::Accept(of("lee")),
        4 => change(|charter| charter.dock = "pier 9".into()),
        5 => Command::Confirm { offer: of("lee"), revision: state.revision },
        6 => Command::DropOut(of("dana")),
        7 => change(|charter| {
            charter.guests = 4;
            charter.positions[1] = PositionNeed { quantity: 1, ..charter.positions[1].clone() };
        }),
        8 => Command::Accept(of("gene")),
        9 => Command::Cancel,
        10 => Command::Restore,
        11 | 12 => Command::Accept(state.open_offers().next().unwrap().no),
        _ => return None,
    })
}

every_store_with!(story_survives, dynoxide_store: dynoxide);

//! People who are aboard leave: they drop out, come back, are replaced and are released.

use crewcall_dispatch::cascade::{CharterState, Command};

use super::told::{Step, Story, latest};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;

const STORY: Story = Story { steps: |step, state| steps(step, state).map(Step::Give), happens: HAPPENS };

const HAPPENS: &[&str] = &[
    "charter_booked",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "asked_aboard dana",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "assigned kai",
    "offer_rescinded lee",
    "assigned bo",
    "offer_rescinded sam",
    "call_filled",
    "dropped_out dana",
    "call_reopened dana",
    "offer_made gene",
    "came_back dana",
    "offer_rescinded gene",
    "call_filled",
    "dropped_out dana",
    "call_reopened dana",
    "offer_made gene",
    "offer_accepted gene",
    "released dana",
    "crew_paired",
    "call_filled",
    "released bo",
    "call_reopened bo",
    "offer_made sam",
    "offer_accepted sam",
    "call_filled",
];

/// Put aboard by hand, nobody has a yes to take back: it is a drop-out at once.
fn steps(step: usize, state: &CharterState) -> Option<Command> {
    let of = |who: &str| latest(state, who);
    let reason = || "as agreed by phone".to_owned();
    let assign = |position: &str, who: &str| Command::Assign {
        position: position.parse().unwrap(),
        crew_id: who.parse().unwrap(),
        reason: reason(),
    };
    Some(match step {
        0 => Command::Start,
        1 => assign("captain", "dana"),
        2 => assign("deckhand", "kai"),
        3 => assign("deckhand", "bo"),
        4 => Command::DropOut(of("dana")),
        5 => Command::Return(of("dana")),
        6 => Command::DropOut(of("dana")),
        7 => Command::Accept(of("gene")),
        8 => Command::Release { crew_id: "bo".parse().unwrap(), reason: reason() },
        9 => Command::Accept(state.open_offers().next().unwrap().no),
        _ => return None,
    })
}

every_store_with!(story_survives, ministack_store: ministack);

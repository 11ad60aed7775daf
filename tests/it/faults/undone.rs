//! No captain can, and all are asked once more; one of them says yes, takes it back while the crew is asked, and says
//! yes again.

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
    "offer_declined dana",
    "offer_made gene",
    "offer_declined gene",
    "offer_made maya",
    "offer_declined maya",
    "call_exhausted",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "offer_accepted dana",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "offer_accepted lee",
    "accept_undone dana",
    "offer_rescinded sam",
    "offer_accepted dana",
    "crew_paired",
    "offer_made sam",
    "offer_accepted sam",
    "call_filled",
];

fn steps(step: usize, state: &CharterState) -> Option<Command> {
    let of = |who: &str| latest(state, who);
    Some(match step {
        0 | 4 => Command::Start,
        1 => Command::Decline(of("dana")),
        2 => Command::Decline(of("gene")),
        3 => Command::Decline(of("maya")),
        5 | 8 => Command::Accept(of("dana")),
        6 => Command::Accept(of("lee")),
        7 => Command::Undo(of("dana")),
        9 => Command::Accept(of("sam")),
        _ => return None,
    })
}

every_store_with!(story_survives, dynoxide_store: dynoxide);

//! Somebody who said no stands by after all, and the office takes them; mail to somebody else comes back; a rule is set
//! aside.

use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::vessel::Gate;

use super::told::{Step, Story, latest};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;

const STORY: Story = Story { steps: |step, state| steps(step, state).map(Step::Give), happens: HAPPENS };

const HAPPENS: &[&str] = &[
    "charter_booked",
    "gate_overridden zoe",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "offer_declined dana",
    "offer_made gene",
    "stands_by dana",
    "offer_undeliverable gene",
    "offer_made maya",
    "assigned dana",
    "offer_rescinded maya",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "offer_accepted lee",
    "offer_accepted sam",
    "call_filled",
];

fn steps(step: usize, state: &CharterState) -> Option<Command> {
    let of = |who: &str| latest(state, who);
    Some(match step {
        0 => Command::Override {
            gate: Gate::Rest,
            crew_id: Some("zoe".parse().unwrap()),
            reason: "near".into(),
        },
        1 => Command::Start,
        2 => Command::Decline(of("dana")),
        3 => Command::StandBy(of("dana")),
        4 => Command::Bounced { crew_id: "gene".parse().unwrap(), error: "550 no such user".into() },
        5 => Command::Assign {
            position: "captain".parse().unwrap(),
            crew_id: "dana".parse().unwrap(),
            reason: "stood by".into(),
        },
        6 => Command::Accept(of("lee")),
        7 => Command::Accept(of("sam")),
        _ => return None,
    })
}

every_store_with!(story_survives);

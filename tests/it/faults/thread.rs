//! A note and messages are sent again until it is known that they are written, and everyone reads them once.

use crewcall_dispatch::cascade::{CharterState, Command};

use super::told::{Step, Story, latest};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;

const STORY: Story = Story { steps, happens: HAPPENS };

const HAPPENS: &[&str] = &[
    "charter_booked",
    "note_written",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "offer_accepted dana",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "message_posted",
    "offer_accepted lee",
    "message_posted",
    "offer_accepted sam",
    "call_filled",
];

fn steps(step: usize, state: &CharterState) -> Option<Step> {
    let of = |who: &str| latest(state, who);
    let post = |text: &str| Command::Post { text: text.to_owned() };
    Some(match step {
        0 => Step::Press(Command::Note { text: "They bring a cake.".to_owned() }),
        1 => Step::Give(Command::Start),
        2 => Step::Give(Command::Accept(of("dana"))),
        3 => Step::Press(post("Fog.")),
        4 => Step::Give(Command::Accept(of("lee"))),
        5 => Step::Request(post("No fog.")),
        6 => Step::Give(Command::Accept(of("sam"))),
        _ => return None,
    })
}

every_store_with!(story_survives);

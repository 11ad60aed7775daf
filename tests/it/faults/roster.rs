//! The roster changes under a call: whoever is asked is away after all; whoever is aboard is away by
//! their own word, and then is not.

use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::CrewMember;

use super::told::{Step, Story, latest};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;
use crate::support::office::person;

const STORY: Story = Story { steps, happens: HAPPENS };

const HAPPENS: &[&str] = &[
    "charter_booked",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "person_skipped dana",
    "offer_rescinded dana",
    "offer_made gene",
    "offer_accepted gene",
    "crew_paired",
    "person_skipped kai",
    "offer_made sam",
    "offer_made lee",
    "conflict_found gene",
    "offer_accepted lee",
    "conflict_over gene",
    "offer_accepted sam",
    "call_filled",
];

fn says(who: &str, order: u32, word: &str) -> Step {
    let mut record = person("captain", who, order, &[]).to_record();
    record["availability"]["2026-06-27"] = word.into();
    Step::Import(CrewMember::parse(&record).unwrap())
}

fn steps(step: usize, state: &CharterState) -> Option<Step> {
    let of = |who: &str| latest(state, who);
    Some(match step {
        0 => Step::Give(Command::Start),
        1 => says("dana", 1, "unavailable"),
        2 => Step::Give(Command::Accept(of("gene"))),
        3 => Step::Off("gene"),
        4 => Step::Give(Command::Accept(of("lee"))),
        5 => says("gene", 2, "available"),
        6 => Step::Give(Command::Accept(of("sam"))),
        _ => return None,
    })
}

every_store_with!(story_survives);

//! The office steps in: it pauses, reorders, asks now, gives time, skips, assigns, stops and asks again.

use crewcall_dispatch::cascade::{CharterState, Command, OfferNo};
use jiff::SignedDuration;

use super::told::{Step, Story};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;

const STORY: Story = Story { steps: |step, state| steps(step, state).map(Step::Give), happens: HAPPENS };

/// What the audit says of the office's steps and what followed, in order.
const HAPPENS: &[&str] = &[
    "charter_booked",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "call_paused",
    "reordered",
    "reordered",
    "offer_declined dana",
    "call_resumed",
    "offer_made gene",
    "offer_made maya",
    "offer_prolonged maya",
    "person_skipped gene",
    "offer_rescinded gene",
    "offer_accepted maya",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "assigned kai",
    "offer_rescinded lee",
    "call_stopped",
    "offer_rescinded sam",
    "call_started",
    "people_left_out",
    "crew_paired",
    "offer_made lee",
    "offer_accepted lee",
    "call_filled",
];

fn steps(step: usize, state: &CharterState) -> Option<Command> {
    let crew = |id: &str| id.parse().unwrap();
    let rank = |rank: &str| rank.parse().unwrap();
    let no = |no: u32| OfferNo(no);
    let reason = || "as agreed by phone".to_owned();
    let next = |who: &str| Command::Reorder { position: rank("captain"), first: vec![crew(who)] };
    Some(match step {
        0 => Command::Start,
        1 => Command::Pause,
        2 => next("maya"),
        3 => next("gene"),
        4 => Command::Decline(no(1)),
        5 => Command::Resume,
        6 => Command::AskNow { crew_id: crew("maya") },
        7 => {
            let reply_by = state.offer(no(3)).unwrap().reply_by.unwrap();
            Command::Extend { crew_id: crew("maya"), until: reply_by + SignedDuration::from_hours(1) }
        }
        8 => Command::Skip { crew_id: crew("gene"), reason: reason() },
        9 => Command::Accept(no(3)),
        10 => Command::Assign { position: rank("deckhand"), crew_id: crew("kai"), reason: reason() },
        11 => Command::Stop,
        12 => Command::AskAgain,
        13 => Command::Accept(no(7)),
        _ => return None,
    })
}

every_store_with!(story_survives);

//! Once the boat has left: somebody did not come, somebody else did, and what it came to is recorded and corrected.

use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::{Figures, Minutes};

use super::told::{Step, Story, latest};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;

const STORY: Story = Story { steps, happens: HAPPENS };

const HAPPENS: &[&str] = &[
    "charter_booked",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "offer_declined dana",
    "offer_made gene",
    "offer_accepted gene",
    "crew_paired",
    "person_skipped kai",
    "offer_made sam",
    "offer_made lee",
    "offer_accepted sam",
    "offer_accepted lee",
    "call_filled",
    "accept_undone lee",
    "offer_declined lee",
    "call_reopened lee",
    "offer_made zoe",
    "offer_accepted zoe",
    "call_filled",
    "figures_recorded",
    "released zoe",
    "turned_up lee",
    "turned_up zoe",
    "figures_recorded",
];

fn steps(step: usize, state: &CharterState) -> Option<Step> {
    let crew = |id: &str| id.parse().unwrap();
    let reason = || "by the log".to_owned();
    let turned_up = |who: &str| {
        let position = "deckhand".parse().unwrap();
        Step::After(Command::TurnedUp { position, crew_id: crew(who), reason: reason() })
    };
    let no_show = |who: &str| Step::After(Command::NoShow { crew_id: crew(who), reason: reason() });
    let booked = Figures { gratuity: "120.00".parse().ok(), ..Figures::default() };
    Some(match step {
        0 => Step::Give(Command::Start),
        1 => Step::Give(Command::Decline(latest(state, "dana"))),
        2 => Step::Give(Command::Accept(latest(state, "gene"))),
        3 => Step::Give(Command::Accept(latest(state, "sam"))),
        4 => Step::Give(Command::Accept(latest(state, "lee"))),
        5 => Step::Give(Command::DropOut(latest(state, "lee"))),
        6 => Step::Give(Command::Accept(latest(state, "zoe"))),
        7 => Step::Give(Command::Record { figures: booked, from: None }),
        8 => no_show("zoe"),
        9 => turned_up("lee"),
        10 => turned_up("zoe"),
        11 => {
            let actual_hours = Some(Minutes(180));
            let hours_of = [(crew("zoe"), Minutes(90))].into();
            Step::After(Command::Record { figures: Figures { actual_hours, hours_of, ..booked }, from: None })
        }
        _ => return None,
    })
}

every_store_with!(story_survives);

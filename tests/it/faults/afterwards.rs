//! Once the boat has left: somebody did not come, somebody else did, and what it came to is recorded and corrected.

use crewcall_dispatch::cascade::{CharterState, Command};
use crewcall_dispatch::model::{Figures, Minutes};

use super::told::{Step, Story};
use super::twice::story_survives;
use crate::store::conformance::every_store_with;

const STORY: Story = Story { steps, happens: HAPPENS };

const HAPPENS: &[&str] = &[
    "charter_booked",
    "call_started",
    "people_left_out",
    "offer_made dana",
    "asked_aboard dana",
    "crew_paired",
    "offer_made lee",
    "offer_made sam",
    "asked_aboard lee",
    "asked_aboard sam",
    "call_filled",
    "figures_recorded",
    "released lee",
    "turned_up zoe",
    "turned_up lee",
    "figures_recorded",
    "released sam",
    "turned_up sam",
    "figures_recorded",
    "released zoe",
];

fn steps(step: usize, _: &CharterState) -> Option<Step> {
    let crew = |id: &str| id.parse().unwrap();
    let reason = || "by the log".to_owned();
    let assign = |position: &str, who: &str| {
        let (position, crew_id) = (position.parse().unwrap(), crew(who));
        Step::Give(Command::Assign { position, crew_id, reason: reason() })
    };
    let turned_up = |who: &str| {
        let position = "deckhand".parse().unwrap();
        Step::After(Command::TurnedUp { position, crew_id: crew(who), reason: reason() })
    };
    let no_show = |who: &str| Step::After(Command::NoShow { crew_id: crew(who), reason: reason() });
    let booked = Figures { gratuity: "120.00".parse().ok(), ..Figures::default() };
    Some(match step {
        0 => Step::Give(Command::Start),
        1 => assign("captain", "dana"),
        2 => assign("deckhand", "lee"),
        3 => assign("deckhand", "sam"),
        4 => Step::Give(Command::Record { figures: booked }),
        5 => no_show("lee"),
        6 => turned_up("zoe"),
        7 => turned_up("lee"),
        8 => {
            let actual_hours = Some(Minutes(180));
            let hours_of = [(crew("zoe"), Minutes(90))].into();
            Step::After(Command::Record { figures: Figures { actual_hours, hours_of, ..booked } })
        }
        9 => no_show("sam"),
        10 => turned_up("sam"),
        11 => {
            let refunded = Figures { gross_revenue: "900.00".parse().ok(), ..Figures::default() };
            Step::After(Command::Record { figures: refunded })
        }
        12 => no_show("zoe"),
        _ => return None,
    })
}

every_store_with!(story_survives);

//! One charter on the board.

use crewcall_dispatch::cascade::{CallStatus, CharterState};
use crewcall_dispatch::model::CharterId;
use jiff::Timestamp;
use maud::{Markup, html};

use super::super::seats::{chip, stands};
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::words::{self, Names};

/// One charter as the board shows it, with what filters and counts ask of it.
pub(super) struct Row {
    pub(super) charter_id: CharterId,
    pub(super) departs_at: Timestamp,
    pub(super) status: CallStatus,
    /// How many facts it has: with each of them its page is another one.
    pub(super) facts: u64,
    /// Whether somebody of the office has to do something before it leaves.
    pub(super) needs_you: bool,
    /// What a search finds it by, in small letters.
    pub(super) text: String,
    /// The cells of its row.
    pub(super) cells: Markup,
}

impl Row {
    pub(super) fn of(state: &CharterState, names: &Names, operator: &Operator, now: Timestamp) -> Self {
        let charter = &state.charter;
        let concerns = words::concerns(state, names, operator, now);
        let status = state.status();
        let text = text(state, names, operator);
        let troubled = status == CallStatus::Exhausted || !concerns.is_empty();
        Self {
            charter_id: charter.charter_id.clone(),
            departs_at: charter.departs_at,
            status,
            facts: state.facts,
            needs_you: charter.departs_at > now && troubled,
            cells: cells(state, &text, &concerns, names, operator, now),
            text,
        }
    }
}

fn text(state: &CharterState, names: &Names, operator: &Operator) -> String {
    let charter = &state.charter;
    let people = state.offers.iter().filter(|offer| offer.binds()).map(|offer| names.get(&offer.crew_id));
    let mut text = format!(
        "{} {} {} {} {}",
        charter.vessel,
        charter.charter_id,
        charter.dock,
        times::day(charter.departs_at, &operator.zone),
        words::status(state.status()),
    );
    for name in people {
        text.push(' ');
        text.push_str(name);
    }
    text.to_lowercase()
}

fn cells(
    state: &CharterState,
    text: &str,
    concerns: &[String],
    names: &Names,
    operator: &Operator,
    now: Timestamp,
) -> Markup {
    let (charter, zone) = (&state.charter, &operator.zone);
    html! {
        td data-words=(text) { span.day { (times::day(charter.departs_at, zone)) } " " span.clock { (times::clock(charter.departs_at, zone)) } }
        td {
            a.open href=(at(format_args!("/charters/{}", charter.charter_id))) { (charter.vessel) } " "
            span.small { (charter.charter_id) ", " (charter.guests) " guests" }
        }
        td {
            (stands(state, now))
            @for concern in concerns { div.concern { "! " (times::capital(concern)) } }
        }
        td {
            ul.seats {
                @for seat in charter.seats() {
                    li { span.position { (seat.position) } " " (chip(state, &seat, names, zone, now)) }
                }
            }
        }
    }
}

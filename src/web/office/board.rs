//! The board: every charter ahead, by departure, one chip a seat.

use crewcall_dispatch::cascade::{CallStatus, CharterState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::seats::{chip, status};
use crate::times;
use crate::words::Names;

/// The whole board.
pub(super) fn render(charters: &[CharterState], names: &Names, zone: &TimeZone, now: Timestamp) -> Markup {
    let count = |wanted: CallStatus| charters.iter().filter(|charter| charter.status() == wanted).count();
    let needs_you = count(CallStatus::Exhausted);
    html! {
        h1 { "Board" }
        p.counts {
            @if needs_you > 0 { strong.bad { "! " (needs_you) " need you" } " · " }
            (count(CallStatus::Filled)) " crewed · " (count(CallStatus::Running)) " asking · "
            (count(CallStatus::Draft)) " not started"
        }
        @if charters.is_empty() {
            p { "No charters ahead. Add one with " code { "crewcall charter add" } "." }
        } @else {
            div.scroll {
                table {
                    thead { tr { th { "Departs" } th { "Charter" } th { "Call" } th { "Seats" } } }
                    tbody { @for state in charters { (row(state, names, zone, now)) } }
                }
            }
        }
        p.small { "All times in " (zone.iana_name().unwrap_or("the operator's zone")) ". Now " (times::full(now, zone)) "." }
    }
}

fn row(state: &CharterState, names: &Names, zone: &TimeZone, now: Timestamp) -> Markup {
    let charter = &state.charter;
    html! {
        tr {
            td { (times::day(charter.departs_at, zone)) br; (times::clock(charter.departs_at, zone)) }
            td {
                a href={ "/charters/" (charter.charter_id) } { (charter.vessel) } br;
                span.small { (charter.charter_id) ", " (charter.guests) " guests" }
            }
            td { (status(state.status())) }
            td {
                ul.seats {
                    @for seat in charter.seats() {
                        li { span.position { (seat.position) } " " (chip(state, &seat, names, zone, now)) }
                    }
                }
            }
        }
    }
}

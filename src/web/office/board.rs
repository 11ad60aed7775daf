//! The board: every charter ahead, by departure, one chip a seat.

use crewcall_dispatch::cascade::{CallStatus, CharterState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::seats::{chip, concerns, status};
use super::stopped::mail_stopped;
use crate::app::{MailWay, OutboxRow};
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::words::{self, Names};

/// The whole board.
pub(super) fn render(
    charters: &[CharterState],
    way: &MailWay,
    stuck: &[OutboxRow],
    names: &Names,
    operator: &Operator,
    now: Timestamp,
) -> Markup {
    let zone = &operator.zone;
    // Of those that have left, nothing is to be done any more.
    let ahead = |state: &&CharterState| state.charter.departs_at > now;
    let count = |wanted| charters.iter().filter(ahead).filter(|state| state.status() == wanted).count();
    let concerned = |state: &&CharterState| {
        state.status() == CallStatus::Exhausted || !words::concerns(state, names, operator, now).is_empty()
    };
    let needs_you = charters.iter().filter(ahead).filter(concerned).count();
    html! {
        h1 { "Board" }
        (mail_stopped(way, zone))
        @if way.stopped().is_none() { (mail_trouble(stuck, zone)) }
        p.counts {
            @if needs_you > 0 { strong.bad { "! " (needs_you) @if needs_you == 1 { " needs you" } @else { " need you" } } " · " }
            (count(CallStatus::Filled)) " crewed · " (count(CallStatus::Running)) " asking · "
            (count(CallStatus::Paused)) " paused · " (count(CallStatus::Draft)) " not started"
        }
        @if charters.is_empty() {
            p { "No charters ahead. Add one with " code { "crewcall charter add" } "." }
        } @else {
            div.scroll {
                table.board {
                    thead { tr { th { "Departs" } th { "Charter" } th { "Call" } th { "Seats" } } }
                    tbody { @for state in charters { (row(state, names, operator, now)) } }
                }
            }
        }
        p.small { "All times in " (zone.iana_name().unwrap_or("the operator's zone")) ". Now " (times::full(now, zone)) "." }
    }
}

/// Mails that could not be handed over: nobody is asked until they can.
fn mail_trouble(stuck: &[OutboxRow], zone: &TimeZone) -> Markup {
    let (oldest, next) =
        (stuck.iter().map(|row| row.decided_at).min(), stuck.iter().map(|row| row.due_at).min());
    html! {
        @if let (Some(oldest), Some(next), Some(row)) = (oldest, next, stuck.first()) {
            p.problem role="alert" {
                "! Mails that wait: " (stuck.len()) ", the oldest since " (times::full(oldest, zone)) ": "
                (row.last_error.as_deref().unwrap_or_default()) ". Next try " (times::clock(next, zone)) "."
            }
        }
    }
}

fn row(state: &CharterState, names: &Names, operator: &Operator, now: Timestamp) -> Markup {
    let (charter, zone) = (&state.charter, &operator.zone);
    html! {
        tr {
            td { (times::day(charter.departs_at, zone)) br; (times::clock(charter.departs_at, zone)) }
            td {
                a href=(at(format_args!("/charters/{}", charter.charter_id))) { (charter.vessel) } br;
                span.small { (charter.charter_id) ", " (charter.guests) " guests" }
            }
            td {
                @match (charter.departs_at <= now, state.status()) {
                    (true, CallStatus::Exhausted) => span.chip.bad { "left without its crew" },
                    (true, stands) => { span.small { "left" } br; (status(stands)) },
                    (false, stands) => (status(stands)),
                }
                (concerns(state, names, operator, now)) }
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

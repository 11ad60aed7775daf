//! One charter: the facts, and each position with what was, what is and what comes.

use crewcall_dispatch::cascade::{CallStatus, CharterState};
use jiff::Timestamp;
use maud::{Markup, html};

use super::super::seats::stands;
use super::controls::{self, form};
use super::plan;
use super::position::{self, Shown};
use crate::times;
use crate::web::base::at;
use crate::words;

/// The page but for what the sail came to, and the conversation.
pub(super) fn render(shown: &Shown<'_>) -> Markup {
    let Shown { state, plan, names, operator, now, .. } = *shown;
    let (charter, zone) = (&state.charter, &operator.zone);
    let ahead = charter.departs_at > now;
    html! {
        h1 { (charter.vessel) ", " (times::day(charter.departs_at, zone)) " " (stands(state, now)) }
        dl.facts {
            dt { "Charter" } dd { (charter.charter_id) }
            dt { "Vessel" } dd { (words::vessel(&charter.vessel, &operator.policy)) }
            dt { "Departs" } dd { (times::full(charter.departs_at, zone)) }
            dt { "Returns" } dd { (times::full(charter.returns_at, zone)) }
            dt { "Call time" } dd { (times::full(charter.call_time, zone)) }
            dt { "Dock" } dd { (charter.dock) }
            dt { "Guests" } dd { (charter.guests) }
            @for (what, figure) in words::figures::known(state, names) { dt { (what) } dd { (figure) } }
        }
        @for concern in words::concerns(state, names, operator, now) { p.problem { "! " (times::capital(&concern)) } }
        (of_charter(state, now))
        @if ahead { (controls::of_call(state)) }
        h2 { "Seats" }
        @if ahead { (plan::title(state, plan)) }
        @for need in &charter.positions { (position::render(shown, &need.position)) }
        @if ahead { (controls::of_people(state, plan, names, now)) }
        @if charter.returns_at > now && state.cancelled_at.is_none() {
            (super::reschedule::form(charter, operator))
            div.controls { (form(state, "cancel", None, html! { button.danger { "Cancel this charter…" } })) }
        }
    }
}

/// Whether it sails, and that its call begins.
fn of_charter(state: &CharterState, now: Timestamp) -> Markup {
    let id = &state.charter.charter_id;
    let start = match state.status() {
        _ if state.charter.departs_at <= now => None,
        CallStatus::Draft => Some("Start the call…"),
        CallStatus::Exhausted => Some("Ask again from the top…"),
        _ => None,
    };
    html! {
        div.controls {
            @if let Some(label) = start {
                form method="get" action=(at(format_args!("/charters/{id}/start"))) { button { (label) } }
            }
            @if state.cancelled_at.is_some() && state.charter.departs_at > now {
                (form(state, "restore", None, html! { button.quiet { "Restore this charter…" } }))
            }
        }
    }
}

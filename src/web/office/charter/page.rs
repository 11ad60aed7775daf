//! One charter: the facts, the seats, everyone who was asked, and what comes.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Offer, OfferState, Plan};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::super::seats::{chip, status};
use super::controls::form;
use super::plan::warnings;
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::layout::scroll;
use crate::words::{self, Names};

/// The page but for the conversation.
pub(super) fn render(
    state: &CharterState,
    plan: &Result<Plan, String>,
    names: &Names,
    operator: &Operator,
    now: Timestamp,
) -> Markup {
    let (charter, zone) = (&state.charter, &operator.zone);
    html! {
        h1 { (charter.vessel) ", " (times::day(charter.departs_at, zone)) " " (status(state.status())) }
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
        (controls(state, now))
        @if charter.departs_at > now {
            (super::controls::controls(state, plan, names, now))
        }
        @if charter.returns_at > now && state.cancelled_at.is_none() { (super::reschedule::form(charter, zone)) }
        h2 { "Seats" }
        @for concern in words::concerns(state, names, operator, now) { p.problem { "! " (times::capital(&concern)) } }
        ul.seats {
            @for seat in charter.seats() {
                li { span.position { (seat.position) } " " (chip(state, &seat, names, zone, now)) }
            }
        }
        @if charter.departs_at > now { (super::plan::render(state, plan, names, zone)) }
        @if !state.offers.is_empty() {
            h2 { "Asked" }
            (scroll("Who was asked", html! {
                table {
                    thead { tr { th { "No." } th { "Seat" } th { "Who" } th { "Answer" } th { "Asked" } th { "Reply by" } th { "Link" } } }
                    tbody { @for offer in &state.offers { (offer_row(offer, state, names, zone)) } }
                }
            }))
        }
    }
}

fn controls(state: &CharterState, now: Timestamp) -> Markup {
    let id = &state.charter.charter_id;
    let start = match state.status() {
        _ if state.charter.departs_at <= now => None,
        CallStatus::Draft => Some("Start the call"),
        CallStatus::Exhausted => Some("Ask again from the top"),
        _ => None,
    };
    html! {
        div.controls {
            @if let Some(label) = start {
                form method="post" action=(at(format_args!("/charters/{id}/start"))) { button { (label) } }
            }
            @if state.cancelled_at.is_some() && state.charter.departs_at > now {
                (form(state, "restore", None, html! { button.quiet { "Restore this charter…" } }))
            }
            @if state.cancelled_at.is_none() && state.charter.returns_at > now {
                (form(state, "cancel", None, html! { button.danger { "Cancel this charter…" } }))
            }
        }
    }
}

fn offer_row(offer: &Offer, state: &CharterState, names: &Names, zone: &TimeZone) -> Markup {
    let who = names.get(&offer.crew_id);
    let at = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), |at| times::near(at, zone));
    html! {
        tr {
            td { (offer.no) }
            td { (offer.seat) }
            td { (who) }
            td {
                (icon(offer, state)) (words::answer(offer, state))
                (warnings(&offer.warnings, names))
            }
            td.time { (at(offer.handed_over_at)) }
            td.time { (at(offer.reply_by)) }
            td { code { (offer.token_id) } }
        }
    }
}

/// So that no one has to read every word.
fn icon(offer: &Offer, state: &CharterState) -> &'static str {
    match offer.state {
        OfferState::Accepted if state.cancelled_at.is_some() => "",
        OfferState::Accepted => "✓ ",
        OfferState::Declined => "✗ ",
        OfferState::Undeliverable => "! ",
        OfferState::Reconfirming => "? ",
        OfferState::DroppedOut => "! ",
        OfferState::Queued
        | OfferState::Sent
        | OfferState::Expired
        | OfferState::Rescinded
        | OfferState::Released => "",
    }
}

//! One seat as a chip: icon, word and colour, so that no one has to tell by colour alone.

use crewcall_dispatch::cascade::{CallStatus, CharterState, OfferState};
use crewcall_dispatch::model::Seat;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::times;
use crate::words::{self, Names};

/// How a seat stands now.
pub(super) fn chip(
    state: &CharterState,
    seat: &Seat,
    names: &Names,
    zone: &TimeZone,
    now: Timestamp,
) -> Markup {
    if state.status() == CallStatus::Cancelled {
        return html! { span.chip.off { "– cancelled" } };
    }
    if let Some(offer) = state.holder(seat) {
        let name = names.get(&offer.crew_id);
        return match offer.state {
            OfferState::Reconfirming => html! { span.chip.open { "! " (name) ", changed after accept" } },
            _ => html! { span.chip.yes { "✓ " (name) } },
        };
    }
    html! {
        (empty(state, seat, names, zone, now))
        @if let Some(offer) = state.responsible(seat) {
            " " span.chip.bad { "! " (names.get(&offer.crew_id)) " dropped out" }
        }
    }
}

/// A seat that nobody has.
fn empty(state: &CharterState, seat: &Seat, names: &Names, zone: &TimeZone, now: Timestamp) -> Markup {
    let name = |id| names.get(id);
    let mut asked = state.open_offers().filter(|offer| offer.seat == *seat);
    if let Some(offer) = asked.next() {
        let more = match asked.count() {
            0 => String::new(),
            n => format!(", and {n} more asked"),
        };
        let who = name(&offer.crew_id);
        return match (offer.state, offer.handed_over_at, offer.reply_by) {
            (OfferState::Sent, Some(asked), Some(reply_by)) => html! {
                span.chip.open {
                    "… " (who) ", asked " (times::clock(asked, zone)) ", "
                    (times::span(reply_by.duration_since(now))) " left" (more)
                }
            },
            _ => html! { span.chip.open { "… " (who) ", mail on its way" (more) } },
        };
    }
    match state.status() {
        CallStatus::Draft => html! { span.chip.off { "○ not started" } },
        CallStatus::Paused if state.offers.is_empty() => html! { span.chip.off { "○ not asked yet" } },
        _ if !seat.position.is_captain()
            && state.captain().is_none()
            && !state.nobody_left(&seat.position) =>
        {
            html! { span.chip.off { "○ after the captain" } }
        }
        CallStatus::Exhausted if state.charter.departs_at <= now => html! { span.chip.bad { "✗ nobody" } },
        CallStatus::Exhausted => waiting(state, seat, names),
        CallStatus::Paused => html! { span.chip.off { "○ paused" } },
        _ => waiting(state, seat, names),
    }
}

/// A seat for which a call that runs asks nobody.
fn waiting(state: &CharterState, seat: &Seat, names: &Names) -> Markup {
    let cascades = state.call.iter().flat_map(|call| &call.cascades);
    let elsewhere = cascades.filter(|cascade| cascade.position == seat.position);
    let elsewhere =
        elsewhere.flat_map(|cascade| &cascade.waiting_for).map(|id| names.get(id)).collect::<Vec<_>>();
    let mut stand_by = state.standing_by().filter(|offer| offer.seat.position == seat.position);
    match (stand_by.next(), elsewhere.is_empty()) {
        (Some(offer), _) => html! { span.chip.open { "? " (names.get(&offer.crew_id)) " stands by" } },
        (None, true) => html! { span.chip.bad { "✗ nobody left" } },
        (None, false) => {
            html! { span.chip.open { "… waiting for " (elsewhere.join(", ")) ", asked elsewhere" } }
        }
    }
}

/// How the call stands, as a word; of a boat that has left, how it left.
pub(super) fn stands(state: &CharterState, now: Timestamp) -> Markup {
    let left = state.charter.departs_at <= now;
    match state.status() {
        CallStatus::Exhausted if left => html! { span.chip.bad { "left without its crew" } },
        CallStatus::Paused if state.offers.is_empty() && !left => html! { span.chip.off { "prepared" } },
        status => html! { @if left { span.small { "left" } " " } (chip_of(status)) },
    }
}

fn chip_of(status: CallStatus) -> Markup {
    let class = match status {
        CallStatus::Draft | CallStatus::Cancelled | CallStatus::Paused => "off",
        CallStatus::Running => "open",
        CallStatus::Filled => "yes",
        CallStatus::Exhausted => "bad",
    };
    html! { span class={ "chip " (class) } { (words::status(status)) } }
}

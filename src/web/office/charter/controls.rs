//! The controls of a call on its page, each of which leads to a preview.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Offer, OfferState, Plan};
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewId, Rank};
use crewcall_dispatch::vessel::Gate;
use jiff::Timestamp;
use maud::{Markup, html};

use super::afterwards::did_not_come;
use super::change::WHOLE_CALL;
use crate::times;
use crate::web::base::at;
use crate::words::Names;

/// Those of the whole call.
pub(super) fn of_call(state: &CharterState) -> Markup {
    let offered: &[&str] = match state.status() {
        CallStatus::Running => &["pause", "stop", "again"],
        CallStatus::Paused => &["resume", "stop", "again"],
        CallStatus::Exhausted => &["stop"],
        CallStatus::Draft => &["prepare"],
        CallStatus::Filled | CallStatus::Cancelled => &[],
    };
    html! {
        @if !offered.is_empty() {
            div.controls {
                @for (what, label) in WHOLE_CALL.iter().filter(|(what, _)| offered.contains(what)) {
                    (form(state, what, None, html! { button.quiet { (label) } }))
                }
            }
        }
        @if state.status() == CallStatus::Paused && state.offers.is_empty() {
            p.small { "Nobody has been asked yet. The order is fixed as the roster was when the call was prepared; \"Ask again from the top\" takes it anew, and asks." }
        }
    }
}

/// What can be done about whoever is being asked.
pub(super) fn of_offer(state: &CharterState, offer: &Offer, names: &Names) -> Markup {
    html! {
        div.controls {
            span { (names.get(&offer.crew_id)) ":" }
            (form(state, "yes", Some(&offer.crew_id), html! { button.quiet { "Said yes" } }))
            (form(state, "no", Some(&offer.crew_id), html! { button.quiet { "Said no" } }))
            @if offer.state == OfferState::Sent {
                (form(state, "extend", Some(&offer.crew_id), html! {
                    input type="hidden" name="minutes" value="60";
                    button.quiet { "One hour more" }
                }))
                (form(state, "bounced", Some(&offer.crew_id), html! { button.quiet { "Mail came back" } }))
            }
            (form(state, "skip", Some(&offer.crew_id), html! {
                input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
                button.quiet { "Skip" }
            }))
        }
    }
}

/// What can be done about everybody else: those who stand by, are aboard, come or do not.
pub(super) fn of_people(
    state: &CharterState,
    plan: &Result<Plan, String>,
    names: &Names,
    now: Timestamp,
) -> Markup {
    html! {
        @if state.cancelled_at.is_none() {
            (standing_by(state, names))
            (bound(state, names, now))
        }
        @if let Ok(plan) = plan { (by_person(state, plan, names)) }
        @if state.cancelled_at.is_none() { (overrides(state, plan, names)) }
    }
}

/// What can be done about whoever is aboard, or dropped out and is responsible.
fn bound(state: &CharterState, names: &Names, now: Timestamp) -> Markup {
    let bound = state.offers.iter().filter(|offer| offer.binds() && !offer.state.is_open());
    let bound: Vec<&Offer> = bound.collect();
    let reason = html! {
        input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
        button.quiet { "Release" }
    };
    html! {
        @if !bound.is_empty() {
            details {
                summary { "Who is aboard…" }
                @for offer in bound {
                    div.controls {
                        span { (names.get(&offer.crew_id)) ":" }
                        @if offer.state == OfferState::DroppedOut {
                            (form(state, "yes", Some(&offer.crew_id), html! { button.quiet { "Sails after all" } }))
                        } @else {
                            @if offer.state == OfferState::Reconfirming {
                                (form(state, "yes", Some(&offer.crew_id), html! { button.quiet { "Still sails" } }))
                            }
                            @if !offer.conflicts.is_empty() {
                                (form(state, "assign", Some(&offer.crew_id), html! {
                                    input type="hidden" name="position" value=(offer.seat.position);
                                    input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
                                    button.quiet { "Stays aboard" }
                                }))
                            }
                            (form(state, "no", Some(&offer.crew_id), html! { button.quiet { "Can't sail" } }))
                            (form(state, "bounced", Some(&offer.crew_id), html! { button.quiet { "Mail came back" } }))
                        }
                        (form(state, "release", Some(&offer.crew_id), reason.clone()))
                        @if now >= state.charter.call_time { (did_not_come(state, &offer.crew_id)) }
                    }
                }
            }
        }
    }
}

/// Who said yes when it was too late, and can be put aboard.
fn standing_by(state: &CharterState, names: &Names) -> Markup {
    html! {
        @for offer in state.standing_by().filter(|offer| state.open_seats(&offer.seat.position) > 0) {
            div.controls {
                span { (names.get(&offer.crew_id)) " stands by as " (offer.seat.position) ":" }
                (form(state, "assign", Some(&offer.crew_id), html! {
                    input type="hidden" name="position" value=(offer.seat.position);
                    input type="hidden" name="reason" value="stood by";
                    button.quiet { "Put aboard" }
                }))
            }
        }
    }
}

/// Which rules are set aside, and where rules stand in the way, the form that sets one aside.
fn overrides(state: &CharterState, plan: &Result<Plan, String>, names: &Names) -> Markup {
    let mut against: Vec<&CrewId> = Vec::new();
    for skip in plan.iter().flat_map(|plan| &plan.skipped).map(|skip| &skip.skipped) {
        if skip.reasons.iter().any(|reason| reason.gate().is_some()) && !against.contains(&&skip.crew_id) {
            against.push(&skip.crew_id);
        }
    }
    let in_the_way = plan.is_err() || !against.is_empty();
    html! {
        @if !state.overrides.is_empty() {
            ul {
                @for set_aside in &state.overrides {
                    li {
                        (set_aside.gate) " is set aside for "
                        @if let Some(id) = &set_aside.crew_id { (names.get(id)) } @else { "everyone" }
                        " by " (set_aside.by) ": " (set_aside.reason)
                    }
                }
            }
        }
        @if in_the_way {
            details {
                summary { "Set a rule aside…" }
                @if state.status() != CallStatus::Draft {
                    p.small { "Who was left out when the call began is asked once it is asked again from the top." }
                }
                form.controls method="get" action=(at(format_args!("/charters/{}/change", state.charter.charter_id))) {
                    input type="hidden" name="what" value="override";
                    label { "Rule "
                        select name="gate" { @for gate in Gate::ALL { option value=(gate) { (gate) } } }
                    }
                    label { "for "
                        select name="crew" {
                            option value="" { "everyone" }
                            @for id in against { option value=(id) { (names.get(id)) } }
                        }
                    }
                    input name="reason" placeholder="Why" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
                    button.quiet { "Set aside" }
                }
            }
        }
    }
}

/// What can be done about anybody whom the plan names.
fn by_person(state: &CharterState, plan: &Plan, names: &Names) -> Markup {
    if matches!(state.status(), CallStatus::Filled | CallStatus::Cancelled) {
        return html! {};
    }
    let asks = plan.asks.iter().map(|ask| (&ask.seat.position, &ask.crew_id));
    let skips = plan.skipped.iter().map(|skip| (&skip.position, &skip.skipped.crew_id));
    let mut people: Vec<(&Rank, &CrewId)> = Vec::new();
    for person in asks.chain(skips) {
        if !people.contains(&person) && state.in_force(person.1).is_none() {
            people.push(person);
        }
    }
    let positions: Vec<&Rank> = state.charter.positions.iter().map(|need| &need.position).collect();
    html! {
        @if !people.is_empty() {
            details {
                summary { "Somebody else…" }
                @for position in positions.iter().filter(|position| people.iter().any(|(of, _)| of == *position)) {
                    form.controls method="get" action=(at(format_args!("/charters/{}/change", state.charter.charter_id))) {
                        input type="hidden" name="position" value=(position);
                        label { (times::capital(position.as_str())) " "
                            select name="crew" {
                                @for (_, id) in people.iter().filter(|(of, _)| *of == *position) {
                                    option value=(id) { (names.get(id)) }
                                }
                            }
                        }
                        input name="reason" placeholder="Why (to put aboard, to skip)" aria-label="Why" maxlength=(limits::NOTE_CHARS);
                        button.quiet name="what" value="now" { "Ask now" }
                        button.quiet name="what" value="first" { "Ask next" }
                        button.quiet name="what" value="skip" { "Skip" }
                        button.quiet name="what" value="assign" { "Put aboard" }
                    }
                }
            }
        }
    }
}

pub(super) fn form(state: &CharterState, what: &str, crew: Option<&CrewId>, fields: Markup) -> Markup {
    html! {
        form method="get" action=(at(format_args!("/charters/{}/change", state.charter.charter_id))) {
            input type="hidden" name="what" value=(what);
            @if let Some(crew) = crew { input type="hidden" name="crew" value=(crew); }
            (fields)
        }
    }
}

//! What a call will do if nobody answers.

use crewcall_dispatch::cascade::{CallStatus, CharterState, Plan, PlannedAsk};
use crewcall_dispatch::eligibility::Reason;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::times;
use crate::web::layout::scroll;
use crate::words::{self, Names};

/// The plan, or the sentence that says why there is none.
pub(super) fn render(
    state: &CharterState,
    plan: &Result<Plan, String>,
    names: &Names,
    zone: &TimeZone,
) -> Markup {
    html! {
        @if let Some(title) = under_which(state, plan) {
            h2 { (title) }
            @match plan {
                Err(why) => p.problem { (why) },
                Ok(plan) => (steps(plan, names, zone)),
            }
        }
    }
}

/// What the entries of a plan stand under that stand with their positions; or why nothing comes.
pub(super) fn title(state: &CharterState, plan: &Result<Plan, String>) -> Markup {
    html! {
        @if let Some(title) = under_which(state, plan) {
            @match plan {
                Err(why) => p.problem { (why) },
                Ok(plan) => {
                    @for warning in &plan.warnings { p.problem { "! " (warning) } }
                    p.small { (title) ", stands below who is asked now, each with the reason for the place." }
                }
            }
        }
    }
}

/// What is taken to happen; nothing where nobody will be asked.
fn under_which(state: &CharterState, plan: &Result<Plan, String>) -> Option<&'static str> {
    Some(match state.status() {
        CallStatus::Filled | CallStatus::Cancelled => return None,
        CallStatus::Running => "What comes, if nobody answers",
        CallStatus::Draft => "What comes, if the call is started now and nobody answers",
        CallStatus::Paused => "What comes, if the call goes on now and nobody answers",
        CallStatus::Exhausted if plan.as_ref().is_ok_and(|plan| !plan.begins) => {
            "What comes, if nobody answers"
        }
        CallStatus::Exhausted => "What comes, if everyone is asked again and nobody answers",
    })
}

fn steps(plan: &Plan, names: &Names, zone: &TimeZone) -> Markup {
    let is_captain = |ask: &&PlannedAsk| ask.seat.position.is_captain();
    let (captains, crew): (Vec<_>, Vec<_>) = plan.asks.iter().partition(is_captain);
    html! {
        @for warning in &plan.warnings { p.problem { "! " (warning) } }
        @if captains.is_empty() && crew.is_empty() { p { "Nobody can be asked." } }
        (asks("Captains who come", &captains, names, zone))
        @if let Some(captain) = &plan.if_captain {
            p { "If " (names.get(captain)) " says yes at once:" }
        }
        (asks("Crew who come", &crew, names, zone))
        @for end in &plan.exhausted { p { (words::planned_end(end, zone)) } }
        @if !plan.skipped.is_empty() {
            details {
                summary { "Not asked: " (plan.skipped.len()) }
                ul {
                    @for skip in &plan.skipped {
                        li {
                            (names.get(&skip.skipped.crew_id)) ", " (skip.position) ": "
                            (words::reasons(&skip.skipped.reasons, names))
                        }
                    }
                }
            }
        }
    }
}

fn asks(label: &str, asks: &[&PlannedAsk], names: &Names, zone: &TimeZone) -> Markup {
    html! {
        @if !asks.is_empty() {
            (scroll(label, html! {
                table {
                    thead { tr { th { "Who" } th { "Seat" } th { "Place" } th { "Asked" } th { "Reply by" } } }
                    tbody {
                        @for ask in asks {
                            tr {
                                td { (names.get(&ask.crew_id)) (warnings(&ask.warnings, names)) }
                                td { (ask.seat) }
                                td { (words::place(ask)) }
                                td.time { (times::near(ask.at, zone)) }
                                td.time { @if let Some(at) = ask.reply_by { (times::near(at, zone)) } @else { "–" } }
                            }
                        }
                    }
                }
            }))
        }
    }
}

pub(super) fn warnings(warnings: &[Reason], names: &Names) -> Markup {
    html! { @for warning in warnings { br; span.small { "! " (words::reason(warning, names)) } } }
}

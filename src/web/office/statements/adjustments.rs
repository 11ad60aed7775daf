//! What is paid or taken off beside the sails of the month, and the form for the office's own part of it.

use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewMember, Month};
use crewcall_dispatch::statement::{Adjustment, Why};
use maud::{Markup, html};

use super::month::Shown;
use super::needs::person;
use super::{charter, path};
use crate::web::layout::scroll;
use crate::words;

/// All of them, and while the month is a draft the form.
pub(super) fn render(shown: &Shown<'_>) -> Markup {
    let view = shown.view;
    let month = view.books.month;
    let is_open = !view.is_approved();
    let all = view.draft.statements.iter();
    let all: Vec<_> = all.flat_map(|of| of.adjustments.iter().map(move |one| (of, one))).collect();
    html! {
        h2 id="adjustments" { "Bonuses, deductions and adjustments" }
        @if is_open { (form(month, shown.roster, shown.key)) }
        @if all.is_empty() {
            p { "None." }
        } @else {
            (scroll("Adjustments", html! {
                table.pay {
                    thead { tr { th { "Name" } th.num { "Amount" } th { "Why" } @if is_open { th {} } } }
                    tbody {
                        @for (statement, adjustment) in all {
                            tr {
                                td { (person(month, &statement.crew_id, &statement.name)) }
                                td.num { (adjustment.amount) }
                                td.why { (why(adjustment)) }
                                @if is_open { td { (take_back(month, adjustment)) } }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// Why something is paid or taken off.
pub(super) fn why(adjustment: &Adjustment) -> Markup {
    html! {
        @match &adjustment.why {
            Why::ByHand { no, reason, by, on } => {
                (reason) br; span.small { "by " (by) " on " (on) ", entry " (no) }
            }
            Why::CarriedOver { from } => {
                "Carried over from " (from.name()) ": more was taken off than there was to be paid"
            }
            Why::Later { charter_id, date, vessel, parts, .. } => {
                (charter(charter_id, vessel)) ", " (date) ": " (words::owed(adjustment)) br;
                span.small {
                    (charter_id)
                    @for (name, amount) in parts.named().iter().filter(|(_, amount)| !amount.is_zero()) {
                        ", " (name) " " (amount)
                    }
                }
            }
        }
    }
}

fn take_back(month: Month, adjustment: &Adjustment) -> Markup {
    html! {
        @if let Why::ByHand { no, .. } = &adjustment.why {
            form method="post" action={ (path(month)) "/adjustments/" (no) "/take-back" } {
                button.quiet.little { "Take back" }
            }
        }
    }
}

/// Nothing is chosen beforehand, so that a deduction is not given as a bonus by pressing Enter.
fn form(month: Month, roster: &[CrewMember], key: &str) -> Markup {
    let mut people: Vec<&CrewMember> = roster.iter().collect();
    people.sort_by(|one, other| (&one.name, &one.crew_id).cmp(&(&other.name, &other.crew_id)));
    html! {
        @if !people.is_empty() {
            form.controls.entry method="post" action={ (path(month)) "/adjustments" } {
                input type="hidden" name="key" value=(key);
                select name="crew" aria-label="Person" required {
                    option value="" { "Who…" }
                    @for member in people {
                        option value=(member.crew_id) { (member.name) @if member.left { " (has left)" } }
                    }
                }
                select name="what" aria-label="Bonus or deduction" required {
                    option value="" { "Bonus or deduction…" }
                    option value="bonus" { "Bonus" }
                    option value="deduction" { "Deduction" }
                }
                input name="amount" placeholder="Amount, as 50.00" aria-label="Amount" inputmode="decimal" required maxlength="16";
                input name="reason" placeholder="Why; it stands on the statement" aria-label="Why" required maxlength=(limits::NOTE_CHARS);
                button.quiet { "Enter it" }
            }
        }
    }
}

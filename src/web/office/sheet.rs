//! What the office's sheet needs from the office, on top of the board.

use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::sheet::Needs;
use crate::times;

/// Tabs that are left alone, what was said twice, what is not understood; nothing if there is nothing.
pub(super) fn needs(needs: &Needs, zone: &TimeZone) -> Markup {
    let count = needs.asks.len() + needs.more_asks + needs.conflicts.len();
    html! {
        @if let Some((since, why)) = &needs.failing {
            p.problem role="alert" { "! The sheet " strong { (needs.title) } " is out of step since " (times::full(*since, zone)) ": " (why) "." }
        }
        @for stop in &needs.stops {
            p.problem role="alert" { "! The sheet " strong { (needs.title) } " is out of step: " (stop) "." }
        }
        @if let Some(shadow) = &needs.shadow {
            p.small { "The sheet is only looked at: " (shadow) ". Nothing of it was done; " code { "crewcall sheets shadow" } " lists it." }
        }
        @if count > 0 {
            details.sheet {
                summary {
                    strong.bad { "! " (count) @if count == 1 { " needs you" } @else { " need you" } } " in the sheet " (needs.title)
                }
                ul {
                    @for conflict in &needs.conflicts { li { (conflict) } }
                    @for ask in &needs.asks { li {
                        strong { (ask.at) } ": " (ask.why) @if let Some(how) = &ask.how { ": " code { (how) } } @else { "." }
                    } }
                    @if needs.more_asks > 0 { li { "and " (needs.more_asks) " more like these" } }
                }
                @if let Some(since) = needs.since {
                    p.small { "As it is since " (times::full(since, zone)) ". Write it otherwise in the sheet, or answer with the command beside it." }
                }
            }
        }
    }
}

//! That no mail leaves, on top of whatever the office looks at.

use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::app::MailWay;
use crate::times;

/// Why, and what to do about it; nothing while mail leaves.
pub(super) fn mail_stopped(way: &MailWay, zone: &TimeZone) -> Markup {
    html! {
        @if let Some((stopped, since)) = way.stopped() {
            div.problem role="alert" {
                p { strong { "! No mail leaves since " (times::full(since, zone)) "." } " " (times::capital(&stopped.why)) "." }
                p { "Nobody is asked meanwhile, and nothing is lost. What to do: " (with_commands(&stopped.remedy)) "." }
                @if !stopped.causes.is_empty() {
                    details.small {
                        summary { "What usually brings that about" }
                        ul { @for cause in &stopped.causes { li { (cause) } } }
                    }
                }
            }
        }
    }
}

/// A sentence in which commands stand between backticks.
fn with_commands(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

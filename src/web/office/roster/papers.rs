//! Somebody's credentials, and whether they still hold.

use crewcall_dispatch::model::{Credential, CrewMember};
use jiff::civil::Date;
use maud::{Markup, html};

/// Days before its end from which on a credential is marked.
const SOON: i64 = 60;

/// Each with until when it holds; whether that is over or near is said by a sign and a word.
pub(super) fn chips(member: &CrewMember, today: Date) -> Markup {
    html! {
        @if member.credentials.is_empty() { span.small { "none on record" } }
        @for (name, credential) in &member.credentials { (chip(name, *credential, today)) " " }
    }
}

fn chip(name: &str, credential: Credential, today: Date) -> Markup {
    let name = name.replace('_', " ");
    let Some(until) = credential.expires() else {
        return html! { span.chip.yes { "✓ " (name) } };
    };
    let day = until.strftime("%-d %b %Y");
    let soon = today.saturating_add(jiff::Span::new().days(SOON));
    html! {
        @if until < today { span.chip.bad { "✗ " (name) ", expired " (day) } }
        @else if until <= soon { span.chip.open { "! " (name) ", expires soon: " (day) } }
        @else { span.chip.yes { "✓ " (name) ", until " (day) } }
    }
}

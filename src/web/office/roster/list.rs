//! The roster: everyone in the order of asking, with the coming days.

use std::collections::BTreeMap;

use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::model::{Availability, CrewId, CrewMember, Meaning};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::times;
use crate::web::base::at;

/// Days that are shown.
const DAYS: i64 = 10;

/// Everyone.
pub(super) fn render(
    roster: &[CrewMember],
    refused: &BTreeMap<CrewId, Refused>,
    today: Date,
    zone: &TimeZone,
) -> Markup {
    let names = roster.iter().map(|member| (&member.crew_id, member.name.as_str())).collect();
    let days: Vec<Date> = today.series(jiff::Span::new().days(1)).take(DAYS as usize).collect();
    html! {
        h1 { "Roster" }
        @if roster.is_empty() {
            p { "Nobody yet. Bring people with " code { "crewcall roster import FILE" } "." }
        } @else {
            div.scroll {
                table {
                    thead {
                        tr {
                            th { "Rank" } th { "Order" } th { "Name" } th { "Contact" }
                            @for day in &days { th.day { (day.strftime("%a")) br; (day.strftime("%-d %b")) } }
                        }
                    }
                    tbody { @for member in roster { (row(member, &names, refused.get(&member.crew_id), &days, zone)) } }
                }
            }
            p.small { "✓ can sail · ✗ cannot · ? said something else · blank is not known, and is not asked" }
        }
    }
}

fn row(
    member: &CrewMember,
    names: &BTreeMap<&CrewId, &str>,
    refused: Option<&Refused>,
    days: &[Date],
    zone: &TimeZone,
) -> Markup {
    let name = |id: &CrewId| names.get(id).map_or_else(|| id.to_string(), |name| (*name).to_owned());
    let paired: Vec<String> = member.paired_crew.iter().map(name).collect();
    html! {
        tr {
            td { (member.rank) }
            td { @if let Some(order) = member.cascade_order { (order) } @else { "–" } }
            td {
                (member.name)
                @if member.left { " " span.small { "has left" } }
                @if !paired.is_empty() { br; span.small { "with " (paired.join(", ")) } }
            }
            td {
                @match &member.email {
                    Some(email) => span { (email) },
                    None => strong.bad { "! no address" },
                }
                @if let Some(phone) = &member.phone { br; span.small { (phone) } }
                @if let Some(refused) = refused {
                    br; strong.bad { "! mail is refused" }
                    span.small { " since " (times::log(refused.at, zone)) ": " (refused.error) }
                }
                @if member.email.is_some() {
                    details {
                        summary.small { "Mail…" }
                        form method="post" action=(at(format_args!("/roster/{}/contact", member.crew_id))) {
                            @if refused.is_some() {
                                button.quiet name="mail" value="arrives" { "Mail arrives again" }
                            } @else {
                                button.quiet name="mail" value="returns" { "Mail comes back" }
                            }
                            @if !member.left {
                                button.quiet name="mail" value="page" { "Mail the link of their own page" }
                                button.quiet name="mail" value="new_page" { "End that link, and mail a new one" }
                            }
                        }
                    }
                }
            }
            @for day in days { td.day { (mark(member.availability.get(day))) } }
        }
    }
}

pub(in crate::web::office) fn mark(availability: Option<&Availability>) -> Markup {
    let Some(said) = availability else { return html! {} };
    match said.meaning() {
        Meaning::Available => html! { span.yes title="can sail" { "✓" } },
        Meaning::Unavailable => html! { span.bad title="cannot" { "✗" } },
        Meaning::Within(hours) => html! { span.yes title=(said.words()) { (hours) } },
        Meaning::Unclear => html! { span title=(said.words()) { "?" } },
    }
}

//! The crew, day by day: who sails when, who is asked, and what the others said of the day.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{CharterState, Offer, OfferState};
use crewcall_dispatch::model::{Availability, CrewId, CrewMember, Meaning};
use jiff::civil::Date;
use maud::{Markup, html};

use super::pieces::Board;
use crate::times;
use crate::web::base::at;
use crate::web::layout::scroll;

/// Days that are shown, from today on.
const DAYS: usize = 14;

/// What somebody has to do with a sail on a day.
struct Duty<'a> {
    state: &'a CharterState,
    offer: &'a Offer,
}

/// Everyone on the roster who sails still.
pub(super) fn render(board: &Board, roster: &[CrewMember]) -> Markup {
    let zone = board.zone();
    let today = zone.to_datetime(board.now).date();
    let days: Vec<Date> = today.series(jiff::Span::new().days(1)).take(DAYS).collect();
    let mut duties: BTreeMap<(&CrewId, Date), Vec<Duty<'_>>> = BTreeMap::new();
    for state in board.states().filter(|state| state.cancelled_at.is_none()) {
        for day in state.charter.days(zone) {
            for offer in state.offers.iter().filter(|offer| offer.binds()) {
                duties.entry((&offer.crew_id, day.date)).or_default().push(Duty { state, offer });
            }
        }
    }
    html! {
        @if roster.is_empty() {
            p { "Nobody is on the roster yet. " a href=(at("/roster")) { "To the roster" } }
        } @else {
            (scroll("The crew by days", html! {
                table.crew {
                    caption.unseen { "The crew by days" }
                    thead { tr {
                        th scope="col" { "Who" }
                        @for day in &days { th.day scope="col" { (day.strftime("%a")) br; (day.strftime("%-d %b")) } }
                    } }
                    tbody {
                        @for member in roster.iter().filter(|member| !member.left) {
                            tr id={ "crew-" (member.crew_id) } {
                                th scope="row" { (member.name) br; span.small { (member.rank) } }
                                @for day in &days {
                                    td.day {
                                        @match duties.get(&(&member.crew_id, *day)) {
                                            Some(duties) => @for duty in duties { (cell(duty, board)) },
                                            None => (mark(member.availability.get(day))),
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }))
            p.small { "A sail with ✓ is theirs, … they are asked for it, ! it needs a look. Else what they said of the day: ✓ can sail, ✗ cannot, ? something else; blank is not known." }
        }
    }
}

fn cell(Duty { state, offer }: &Duty<'_>, board: &Board) -> Markup {
    let (class, icon, says) = match offer.state {
        OfferState::Accepted => ("yes", "✓", "sails"),
        OfferState::Queued | OfferState::Sent => ("open", "…", "is asked"),
        OfferState::Reconfirming => ("open", "!", "is to confirm"),
        _ => ("bad", "!", "dropped out"),
    };
    let charter = &state.charter;
    html! {
        a class={ "chip " (class) } href=(at(format_args!("/charters/{}", charter.charter_id))) {
            (icon) " " (charter.vessel) " " (times::clock(charter.departs_at, board.zone()).split(' ').next().unwrap_or_default())
            span.unseen { ", " (says) }
        }
    }
}

/// What somebody said of a day, in one sign.
fn mark(availability: Option<&Availability>) -> Markup {
    let Some(said) = availability else { return html! {} };
    match said.meaning() {
        Meaning::Available => html! { span.yes title="can sail" { "✓" } },
        Meaning::Unavailable => html! { span.bad title="cannot" { "✗" } },
        Meaning::Within(hours) => html! { span.yes title=(said.words()) { (hours) } },
        Meaning::Unclear => html! { span title=(said.words()) { "?" } },
    }
}

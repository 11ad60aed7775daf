//! Everyone, rank by rank in the order of asking.

use std::collections::BTreeMap;

use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::model::{CrewId, CrewMember, Rank};
use crewcall_dispatch::policy::Order;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::{contact, papers, person_at};
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::layout::scroll;

/// Who is looked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Search {
    q: String,
}

impl Search {
    fn finds(&self, member: &CrewMember) -> bool {
        let email = member.email.as_ref().map(ToString::to_string).unwrap_or_default();
        let text = format!("{} {} {} {email}", member.name, member.crew_id, member.rank).to_lowercase();
        self.q.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    fn is_for_all(&self) -> bool {
        self.q.trim().is_empty()
    }
}

/// The roster, and what of it is looked at.
pub(super) struct List<'a> {
    pub(super) operator: &'a Operator,
    pub(super) roster: &'a [CrewMember],
    pub(super) refused: &'a BTreeMap<CrewId, Refused>,
    pub(super) today: Date,
    pub(super) search: Search,
}

/// The ways to the other pages of the roster.
pub(super) fn ways(here: &str) -> Markup {
    let ways = [
        ("/roster", "Everyone"),
        ("/roster/days", "Days"),
        ("/roster/import", "Import"),
        ("/roster/new", "Add a person"),
    ];
    html! {
        nav.switch.of-roster aria-label="Roster" {
            @for (way, words) in ways { a href=(at(way)) aria-current=[(way == here).then_some("page")] { (words) } }
        }
    }
}

impl List<'_> {
    pub(super) fn render(&self) -> Markup {
        html! {
            @if self.roster.is_empty() {
                p { "Nobody yet. " a href=(at("/roster/import")) { "Bring people in from a file" } ", or " a href=(at("/roster/new")) { "add a person" } "." }
            } @else {
                @let shown: Vec<&CrewMember> = self.roster.iter().filter(|member| self.search.finds(member)).collect();
                @if shown.is_empty() { p { "Nobody is called that. " a href=(at("/roster")) { "Show all" } } }
                form #order method="post" action=(at("/roster")) {}
                p.small { "In each rank people are asked in the order here. A call that has begun keeps the order that it began with." }
                @for rank in shown.chunk_by(|one, next| one.rank == next.rank) {
                    (self.rank(&rank.iter().filter(|member| !member.left).copied().collect::<Vec<_>>()))
                }
                (self.gone(&shown.iter().filter(|member| member.left).copied().collect::<Vec<_>>()))
            }
        }
    }

    /// The switches and the search, which everybody may use.
    pub(super) fn bar(&self) -> Markup {
        html! {
            h1 { "Roster" }
            (ways("/roster"))
            div.shown {
                @if !self.roster.is_empty() {
                    form.search method="get" action=(at("/roster")) role="search" {
                        label for="search" { "Search" }
                        input #search type="search" name="q" value=(self.search.q) placeholder="Name, rank …" maxlength="100";
                        button.quiet.little { "Search" }
                    }
                }
            }
        }
    }

    fn rank(&self, people: &[&CrewMember]) -> Markup {
        let Some(first) = people.first() else { return html! {} };
        let rank = times::capital(first.rank.as_str());
        html! {
            h2 { (rank) " " span.small { (people.len()) } }
            (self.order_of(&first.rank))
            (scroll(&rank, html! {
                table.people {
                    thead { tr { th scope="col" { "Order" } th scope="col" { "Name" } th scope="col" { "Contact" } th scope="col" { "Credentials" } } }
                    tbody {
                        @for (place, member) in people.iter().enumerate() {
                            @let before = place.checked_sub(1).map(|place| people[place]);
                            (self.row(member, before, people.get(place + 1).copied()))
                        }
                    }
                }
            }))
        }
    }

    /// How people of a rank take turns, if it is not by their place here.
    fn order_of(&self, rank: &Rank) -> Markup {
        let words = match self.operator.policy.orders.get(rank) {
            None | Some(Order::Fixed) => return html! {},
            Some(Order::LastSail) => {
                "Whoever has not sailed for longest is asked first; the order here settles ties."
            }
            Some(Order::FewestSails) => {
                "Whoever has the fewest sails in the month is asked first; the order here settles ties."
            }
        };
        html! { p.small { (words) } }
    }

    fn row(&self, member: &CrewMember, before: Option<&CrewMember>, after: Option<&CrewMember>) -> Markup {
        let refused = self.refused.get(&member.crew_id);
        html! {
            tr id={ "crew-" (member.crew_id) } {
                td {
                    @if let Some(order) = member.cascade_order { (order) } @else { "–" span.unseen { "no number: asked last" } }
                    @if self.search.is_for_all() { " " (self.moves(member, before, after)) }
                }
                td {
                    a href=(person_at(&member.crew_id)) { (member.name) }
                    (self.with("with", &member.paired_crew))
                    (self.with("not with", &member.do_not_pair))
                }
                td {
                    @match &member.email {
                        Some(email) => span { (email) },
                        None => strong.bad { "! no address" },
                    }
                    @if let Some(phone) = &member.phone { br; span.small { (phone) } }
                    (contact::refusal(refused, &self.operator.zone))
                    @if member.email.is_some() {
                        details { summary.small { "Mail…" } div.controls { (contact::buttons(member, refused.is_some())) } }
                    }
                }
                td { (papers::chips(member, self.today)) }
            }
        }
    }

    /// Whoever comes directly before is the next one's neighbour as well: each move says who comes before whom.
    fn moves(&self, member: &CrewMember, before: Option<&CrewMember>, after: Option<&CrewMember>) -> Markup {
        let button = |what: &str, icon: &str, one: &CrewMember, other: &CrewMember| {
            html! {
                button.quiet.move form="order" name="move" value={ (one.crew_id) " " (other.crew_id) }
                    aria-label={ "Ask " (member.name) " " (what) } { (icon) }
            }
        };
        html! {
            span.moves {
                @if let Some(before) = before { (button("earlier", "↑", member, before)) }
                @if let Some(after) = after { (button("later", "↓", after, member)) }
            }
        }
    }

    fn with(&self, how: &str, ids: &[CrewId]) -> Markup {
        let name = |id: &CrewId| {
            let found = self.roster.iter().find(|member| member.crew_id == *id);
            found.map_or_else(|| id.to_string(), |member| member.name.clone())
        };
        let names: Vec<String> = ids.iter().map(name).collect();
        html! { @if !names.is_empty() { br; span.small { (how) " " (names.join(", ")) } } }
    }

    fn gone(&self, people: &[&CrewMember]) -> Markup {
        html! {
            @if !people.is_empty() {
                h2 { "Has left " span.small { (people.len()) } }
                ul { @for member in people {
                    li id={ "crew-" (member.crew_id) } { a href=(person_at(&member.crew_id)) { (member.name) } " " span.small { (member.rank) ", has left" } }
                } }
            }
        }
    }
}

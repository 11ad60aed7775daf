//! The page of one person, and of one who is not on the roster yet.

use std::collections::BTreeSet;

use crewcall_dispatch::cascade::CharterState;
use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::limits;
use crewcall_dispatch::model::{CrewMember, Rank};
use jiff::civil::Date;
use maud::{Markup, html};

use super::super::list::ways;
use super::super::{contact, papers, person_at};
use super::form::{LISTS, SEEN};
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::layout::scroll;
use crate::web::office::filled::{Ask, Filled};
use crate::words;

/// Credentials that the rules know by name.
const KNOWN_PAPERS: [&str; 4] = ["oupv", "master", "medical", "drug_program"];
/// Empty rows for people, and for credentials; more of them are there once these are saved.
const MORE: usize = 2;

/// Whose page it is.
pub(super) struct Person<'a> {
    pub(super) operator: &'a Operator,
    pub(super) roster: &'a [CrewMember],
    pub(super) member: &'a CrewMember,
    pub(super) refused: Option<&'a Refused>,
    /// Those that they are asked for, aboard of, or still answer for.
    pub(super) sails: &'a [CharterState],
    pub(super) today: Date,
    /// Whether this is what came of a change.
    pub(super) is_saved: bool,
}

impl Person<'_> {
    pub(super) fn render(&self, form: &Filled) -> Markup {
        let member = self.member;
        html! {
            h1 { (member.name) @if member.left { " " span.chip.off { "has left" } } }
            (ways(""))
            @if self.is_saved { p.news role="status" { "Saved." } }
            (form.summary("Nothing is saved yet."))
            dl.facts {
                dt { "Id" } dd { (member.crew_id) }
                dt { "Credentials" } dd { (papers::chips(member, self.today)) }
                dt { "Mail" } dd {
                    @match (&member.email, self.refused) {
                        (None, _) => strong.bad { "! no address: cannot be asked" },
                        (Some(_), None) => "gets through, as far as is known",
                        (Some(_), Some(_)) => (contact::refusal(self.refused, &self.operator.zone)),
                    }
                }
            }
            (self.sails())
            h2 { "Record" }
            form.filled method="post" action=(person_at(&member.crew_id)) {
                input type="hidden" name=(SEEN) value=(form.get(SEEN));
                (fields(form, self.operator, self.roster))
                button { "Save" }
            }
            (self.more())
        }
    }

    fn sails(&self) -> Markup {
        let zone = &self.operator.zone;
        let id = &self.member.crew_id;
        html! {
            h2 { "Sails ahead" }
            @if self.sails.is_empty() { p { "None: they are aboard of no sail, and asked for none." } } @else {
                (scroll("Sails ahead", html! {
                    table {
                        thead { tr { th scope="col" { "Departs" } th scope="col" { "Charter" } th scope="col" { "As" } th scope="col" { "Stands" } } }
                        tbody { @for (state, offer) in self.sails.iter().filter_map(|state| Some((state, state.bound(id)?))) {
                            tr {
                                td.time { (times::near(state.charter.departs_at, zone)) }
                                td { a href=(at(format_args!("/charters/{}", state.charter.charter_id))) { (state.charter.vessel) } " " span.small { (state.charter.charter_id) } }
                                td { (offer.seat.position) }
                                td { (words::answer(offer, state)) }
                            }
                        } }
                    }
                }))
            }
        }
    }

    fn more(&self) -> Markup {
        let member = self.member;
        html! {
            @if member.email.is_some() {
                h2 { "Mail" }
                div.controls { (contact::buttons(member, self.refused.is_some())) }
            }
            h2 { @if member.left { "Back again" } @else { "Leaving" } }
            form method="post" action={ (person_at(&member.crew_id)) "/left" } {
                @if member.left {
                    p { "They stay on the roster and are asked for nothing." }
                    button.quiet name="left" value="no" { (member.name) " is back" }
                } @else {
                    p { "Whoever has left is asked for no sail any more, and stays on the roster. If they are aboard of one, the office is told." }
                    button.danger name="left" value="yes" { (member.name) " has left" }
                }
            }
        }
    }
}

/// The page by which somebody new is added.
pub(super) fn new(form: &Filled, operator: &Operator, roster: &[CrewMember]) -> Markup {
    let hint = "letters, digits, hyphens; made of the name if it is left empty";
    html! {
        h1 { "Add a person" }
        (ways("/roster/new"))
        (form.summary("Nobody is added yet."))
        form.filled method="post" action=(at("/roster/new")) {
            (fields(form, operator, roster))
            (form.text("crew_id", "Id", Ask { hint, most: Some(limits::ID_CHARS), ..Ask::default() }))
            button { "Add" }
        }
    }
}

fn fields(form: &Filled, operator: &Operator, roster: &[CrewMember]) -> Markup {
    let most = Some(limits::NAME_CHARS);
    let order = "1 is asked first; whoever has no number comes last";
    let zone = "where they live, if it is not the office's: America/New_York";
    html! {
        div.three {
            (form.text("name", "Name", Ask { most, ..Ask::default() }))
            (form.text("email", "E-mail address", Ask { kind: "email", most: Some(limits::EMAIL_CHARS), ..Ask::default() }))
            (form.text("phone", "Phone", Ask { kind: "tel", most: Some(limits::PHONE_CHARS), ..Ask::default() }))
        }
        div.three {
            (form.choice("rank", "Rank", &ranks(&operator.ranks, form.get("rank"))))
            (form.text("cascade_order", "Order of asking", Ask { hint: order, most: Some(10), ..Ask::default() }))
            (form.text("time_zone", "Time zone", Ask { hint: zone, most: Some(limits::TIME_ZONE_CHARS), ..Ask::default() }))
        }
        (people(form, 0, "Usual crew", "of a captain: asked first, once the captain is aboard"))
        (people(form, 1, "Does not sail with", "it is enough if one of the two says so"))
        (papers_of(form))
        datalist #people { @for member in roster.iter().filter(|member| !member.left) { option value=(member.name) { (member.crew_id) ", " (member.rank) } } }
        datalist #papers { @for name in paper_names(operator, roster) { option value=(name) {} } }
    }
}

/// The ranks to choose from, and one that the settings have no more.
fn ranks(ranks: &[Rank], chosen: &str) -> Vec<(String, String)> {
    let mut choices: Vec<(String, String)> =
        ranks.iter().map(|rank| (rank.to_string(), times::capital(rank.as_str()))).collect();
    if !choices.iter().any(|(rank, _)| rank == chosen) {
        let words = if chosen.is_empty() { "Choose one".to_owned() } else { chosen.to_owned() };
        choices.insert(0, (chosen.to_owned(), words));
    }
    choices
}

fn people(form: &Filled, list: usize, label: &str, hint: &str) -> Markup {
    let (_, begin) = LISTS[list];
    html! {
        fieldset {
            legend { (label) " " span.small { (hint) } }
            div.three { @for at in 0..form.count(begin) + MORE {
                @let name = format!("{begin}{at}");
                @let says = format!("{label}, {}", at + 1);
                div.field { (form.input(&name, Some(&says), Ask { list: Some("people"), most: Some(limits::NAME_CHARS), ..Ask::default() })) (form.beside(&name)) }
            } }
        }
    }
}

fn papers_of(form: &Filled) -> Markup {
    let count = form.count("paper-");
    html! {
        fieldset {
            legend { "Credentials " span.small { "such as master, medical, first_aid; each with the last day on which it holds" } }
            @for at in 0..count + MORE {
                @let [paper, until, endless, gone] = ["paper", "until", "endless", "gone"].map(|name| format!("{name}-{at}"));
                div.paper {
                    (form.text(&paper, "Credential", Ask { list: Some("papers"), most: Some(limits::RANK_CHARS), ..Ask::default() }))
                    (form.text(&until, "Last day", Ask { kind: "date", ..Ask::default() }))
                    (form.tick(&endless, "no end"))
                    @if form.given(&paper).is_some() { (form.tick(&gone, "remove")) }
                }
            }
        }
    }
}

/// Names of credentials that are in use.
fn paper_names<'a>(operator: &'a Operator, roster: &'a [CrewMember]) -> BTreeSet<&'a str> {
    let vessels = operator.policy.vessels.iter().flat_map(|vessel| &vessel.credentials);
    let of_people = roster.iter().flat_map(|member| member.credentials.keys().map(String::as_str));
    vessels.map(|(_, name)| name.as_str()).chain(of_people).chain(KNOWN_PAPERS).collect()
}

//! Whatever waits for a person of the office, by what it is: seats without people, conflicts, mail that does not
//! arrive, credentials that end too early, people who stand by.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::response::Response;
use crewcall_dispatch::cascade::{CharterState, Concern, Offer};
use crewcall_dispatch::commitments::Refused;
use crewcall_dispatch::model::{CrewId, CrewMember, Rank};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::board::{Board, watch};
use super::frame;
use super::roster::person_at;
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::layout::ring;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};
use crate::words::{self, Names};

/// One thing to see to.
struct Item<'a> {
    /// The sail, if it is about one.
    sail: Option<&'a CharterState>,
    /// The page on which it is seen to.
    page: String,
    /// What it is, as a sentence.
    words: String,
    /// Whom to ring about it.
    about: Option<CrewId>,
}

impl<'a> Item<'a> {
    /// Something about a sail, or about one position of it.
    fn of(sail: &'a CharterState, position: Option<&Rank>, words: String) -> Self {
        let place = position.map_or_else(String::new, |position| format!("#position-{position}"));
        let page = at(format_args!("/charters/{}{place}", sail.charter.charter_id));
        Self { sail: Some(sail), page, words, about: None }
    }

    /// The same, about somebody.
    fn about(self, crew_id: &CrewId) -> Self {
        Self { about: Some(crew_id.clone()), ..self }
    }
}

/// One kind of them.
struct Kind<'a> {
    title: &'static str,
    /// What is to be done about it.
    remedy: &'static str,
    items: Vec<Item<'a>>,
}

/// All of it.
pub(in crate::web) async fn show(State(web): State<Web>, user: OfficeUser) -> Result<Response, PageError> {
    let seen = web.live.seen();
    let board = Board::gather(&web).await?;
    let roster = web.app.roster().await?;
    let refused = web.app.refused(&roster).await?;
    let names = roster.iter().map(|member| (member.crew_id.clone(), member.name.clone())).collect();
    let sails: Vec<&CharterState> = board
        .states()
        .filter(|state| state.charter.departs_at > board.now && state.cancelled_at.is_none())
        .collect();
    let operator = &web.app.operator;
    let of_charters = of_charters(&sails, &names, operator, &board);
    let [seats, conflicts, mut mail] = of_charters;
    mail.items.extend(of_people(&roster, &refused, &sails, operator));
    let of_crew = about_crew(&roster, &refused, &sails, operator);
    let kinds = [seats, conflicts, mail, credentials(&roster, &sails, operator), standbys(&sails, &names)];
    let of_crew = web.crew_needs.keep(of_crew, board.now);
    let body = html! {
        (watch(&web, seen, None))
        h1 { "Needs you" }
        (board.top(of_crew))
        @if kinds.iter().all(|kind| kind.items.is_empty()) { p { "✓ Of the sails ahead and of the roster, nothing waits for you." } }
        @for kind in kinds.iter().filter(|kind| !kind.items.is_empty()) { (render(kind, &roster, &operator.zone)) }
    };
    Ok(frame(&web, &user, "Needs you", body))
}

fn render(kind: &Kind<'_>, roster: &[CrewMember], zone: &TimeZone) -> Markup {
    let phone = |id: &CrewId| roster.iter().find(|member| member.crew_id == *id)?.phone.as_ref();
    html! {
        section.needs {
            h2 { "! " (kind.title) " · " (kind.items.len()) }
            p.small { (kind.remedy) }
            ul {
                @for item in &kind.items {
                    li {
                        @match item.sail {
                            Some(state) => {
                                a href=(item.page) {
                                    (state.charter.vessel) ", " (times::near(state.charter.departs_at, zone))
                                }
                                ": " (times::capital(&item.words))
                            },
                            None => { a href=(item.page) { (times::capital(&item.words)) } },
                        }
                        @if let Some(phone) = item.about.as_ref().and_then(phone) { " · ring " (ring(phone)) }
                    }
                }
            }
        }
    }
}

/// What stands with the charters: seats, people who are in doubt, calls that rest because of a mail.
fn of_charters<'a>(
    sails: &[&'a CharterState],
    names: &Names,
    operator: &Operator,
    board: &Board,
) -> [Kind<'a>; 3] {
    let mut seats = Kind {
        title: "Seats without people",
        remedy: "Ask again, put somebody aboard, or set a rule aside: each on the charter's page.",
        items: Vec::new(),
    };
    let mut conflicts = Kind {
        title: "People aboard who may not sail",
        remedy: "Ring them; then say on the charter's page that they stay, or release them.",
        items: Vec::new(),
    };
    let mut mail = Kind {
        title: "Mail that does not arrive",
        remedy: "Ring them, and mend the address on the roster; until then they are offered no sail.",
        items: Vec::new(),
    };
    for state in sails {
        for concern in state.concerns(&operator.zone, &operator.policy, board.now) {
            let words = words::concern(&concern, names);
            let at = |position: &Rank| Some(position.clone());
            let (kind, position) = match &concern {
                Concern::CannotBegin(_) | Concern::NobodyAsked(_) => (&mut seats, None),
                Concern::NobodyLeft(position) | Concern::Urgent(position) => (&mut seats, at(position)),
                Concern::DroppedOut(offer) => (&mut seats, at(&offer.seat.position)),
                Concern::Conflict(offer) | Concern::Unconfirmed(offer) | Concern::NotTold(offer) => {
                    (&mut conflicts, at(&offer.seat.position))
                }
                Concern::Undeliverable(offer) => (&mut mail, at(&offer.seat.position)),
                // All who stand by have a kind of their own, whoever decides.
                Concern::Standby(_) => continue,
            };
            let item = Item::of(state, position.as_ref(), words);
            kind.items.push(match concern.person() {
                Some(crew_id) => item.about(crew_id),
                None => item,
            });
        }
    }
    [seats, conflicts, mail]
}

/// How much of it is about people, whatever sails they have.
pub(super) fn about_crew(
    roster: &[CrewMember],
    refused: &BTreeMap<CrewId, Refused>,
    sails: &[&CharterState],
    operator: &Operator,
) -> usize {
    of_people(roster, refused, sails, operator).len() + credentials(roster, sails, operator).items.len()
}

/// People whose mail is refused, or who have no address: with their next sail, of which they may hear nothing.
fn of_people<'a>(
    roster: &[CrewMember],
    refused: &BTreeMap<CrewId, Refused>,
    sails: &[&CharterState],
    operator: &Operator,
) -> Vec<Item<'a>> {
    let next = |id: &CrewId| {
        let mut bound =
            sails.iter().filter(|state| state.offers.iter().any(|o| o.crew_id == *id && o.binds()));
        bound.next().map_or_else(String::new, |state| {
            let when = times::near(state.charter.departs_at, &operator.zone);
            format!("; next sail {}, {when}", state.charter.vessel)
        })
    };
    let here = roster.iter().filter(|member| !member.left);
    let item = |member: &CrewMember| {
        let CrewMember { crew_id, name, email, .. } = member;
        let words = match (email, refused.get(crew_id)) {
            (None, _) => format!("{name} has no address{}", next(crew_id)),
            (Some(email), Some(refused)) => {
                format!("{name}, {email}: {}{}", refused.error, next(crew_id))
            }
            (Some(_), None) => return None,
        };
        Some(Item { sail: None, page: person_at(crew_id), words, about: Some(crew_id.clone()) })
    };
    here.filter_map(item).collect()
}

/// Of whoever is aboard, the papers that end before the last day of the sail.
fn credentials<'a>(roster: &[CrewMember], sails: &[&'a CharterState], operator: &Operator) -> Kind<'a> {
    let members: BTreeMap<&CrewId, &CrewMember> =
        roster.iter().map(|member| (&member.crew_id, member)).collect();
    let mut items = Vec::new();
    for state in sails {
        let Some(last) = state.charter.days(&operator.zone).last().map(|day| day.date) else { continue };
        for offer in state.offers.iter().filter(|offer| offer.state.is_aboard()) {
            let Some(member) = members.get(&offer.crew_id) else { continue };
            for (paper, ends) in ending(member, last) {
                let words = format!("{}'s {paper} ends on {}", member.name, ends.strftime("%a %-d %b %Y"));
                items.push(Item::of(state, Some(&offer.seat.position), words).about(&offer.crew_id));
            }
        }
    }
    Kind {
        title: "Credentials that end before a sail",
        remedy: "Ask them for the new one, and write its date on the roster.",
        items,
    }
}

fn ending(member: &CrewMember, last: Date) -> impl Iterator<Item = (&str, Date)> {
    let ends = member.credentials.iter().map(|(paper, credential)| (paper.as_str(), credential.expires()));
    ends.filter_map(move |(paper, ends)| ends.filter(|ends| *ends < last).map(|ends| (paper, ends)))
}

/// Whoever would sail, where a seat of theirs is empty.
fn standbys<'a>(sails: &[&'a CharterState], names: &Names) -> Kind<'a> {
    let mut items = Vec::new();
    for state in sails {
        let mut said = BTreeSet::new();
        let waits = |offer: &&Offer| state.open_seats(&offer.seat.position) > 0;
        for offer in state.standing_by().filter(waits) {
            let position = &offer.seat.position;
            if said.insert((&offer.crew_id, position)) {
                let words = format!("{} stands by as {position}", names.get(&offer.crew_id));
                items.push(Item::of(state, Some(position), words).about(&offer.crew_id));
            }
        }
    }
    Kind {
        title: "People who stand by",
        remedy: "Put them aboard on the charter's page, or let the call go on.",
        items,
    }
}

//! One position of a charter in the order of time: what was, how its seats stand now, and who comes, each with the
//! reason.

use std::collections::BTreeMap;

use crewcall_dispatch::cascade::{
    Actor, AuditEvent, CallStatus, CharterState, Fact, Offer, OfferNo, OfferState, Plan, PlannedAsk,
    PlannedSkip,
};
use crewcall_dispatch::link::TokenId;
use crewcall_dispatch::model::{CrewId, CrewMember, Rank, Seat};
use jiff::Timestamp;
use maud::{Markup, html};

use super::super::seats::chip;
use super::controls;
use super::plan::warnings;
use crate::operator::Operator;
use crate::times;
use crate::web::base::at;
use crate::web::layout::ring;
use crate::words::{self, Names};

/// Of what was, so many entries are in sight at once.
const LAST: usize = 8;

/// A charter, and what is known beside it.
pub(super) struct Shown<'a> {
    pub(super) state: &'a CharterState,
    /// What comes, or the sentence that says why nothing can.
    pub(super) plan: &'a Result<Plan, String>,
    /// All that happened, in order.
    pub(super) audit: &'a [AuditEvent],
    /// When the links of offers were first opened.
    pub(super) opened: &'a BTreeMap<TokenId, Timestamp>,
    pub(super) names: &'a Names,
    /// Whoever is asked, aboard, or responsible for a seat.
    pub(super) people: &'a [CrewMember],
    pub(super) operator: &'a Operator,
    pub(super) now: Timestamp,
}

/// One position.
pub(super) fn render(shown: &Shown<'_>, position: &Rank) -> Markup {
    let Shown { state, names, operator, now, .. } = shown;
    let seats: Vec<Seat> = state.charter.seats().filter(|seat| seat.position == *position).collect();
    let ahead = state.charter.departs_at > *now;
    let heading = format!("position-{position}");
    html! {
        section.place aria-labelledby=(heading) {
            h3 id=(heading) {
                (times::capital(position.as_str()))
                @if seats.len() > 1 { span.small { " · " (seats.len()) " seats" } }
            }
            (past(shown, position))
            div.now {
                strong { "Now" }
                ul.seats { @for seat in &seats {
                    li { (chip(state, seat, names, &operator.zone, *now)) (reach(shown, seat)) }
                } }
            }
            @if ahead {
                @for offer in state.open_offers().filter(|offer| offer.seat.position == *position) {
                    (controls::of_offer(state, offer, names))
                }
                @if let Ok(plan) = shown.plan { (coming(shown, plan, position)) }
            }
        }
    }
}

/// The numbers of those of a seat, to ring them.
fn reach(shown: &Shown<'_>, seat: &Seat) -> Markup {
    let of_seat = |id: &CrewId| {
        let mut offers = shown.state.offers.iter();
        offers.any(|offer| offer.crew_id == *id && offer.seat == *seat && offer.binds())
    };
    html! {
        @for member in shown.people.iter().filter(|member| of_seat(&member.crew_id)) {
            @if let Some(phone) = &member.phone { " " span.small { (ring(phone)) } }
        }
    }
}

/// One entry of what was: an offer with all its steps, or what is about the position as a whole.
enum Entry<'a> {
    Offer(&'a Offer, Vec<(&'a AuditEvent, String)>),
    Position(&'a AuditEvent),
}

/// In the order in which they began.
fn entries<'a>(shown: &Shown<'a>, position: &Rank) -> Vec<Entry<'a>> {
    let Shown { state, names, operator, .. } = shown;
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut places: BTreeMap<OfferNo, usize> = BTreeMap::new();
    for event in shown.audit {
        if is_about(&event.fact, position) {
            entries.push(Entry::Position(event));
        }
        let Some((no, words)) = words::step(event, names, &operator.zone) else { continue };
        let Some(offer) = state.offer(no).filter(|offer| offer.seat.position == *position) else { continue };
        let place = *places.entry(no).or_insert_with(|| {
            entries.push(Entry::Offer(offer, Vec::new()));
            entries.len() - 1
        });
        if let Some(Entry::Offer(_, steps)) = entries.get_mut(place) {
            steps.push((event, words));
        }
    }
    entries
}

/// What happened to a position as a whole.
fn is_about(fact: &Fact, position: &Rank) -> bool {
    match fact {
        Fact::PersonSkipped { position: of, .. }
        | Fact::PeopleLeftOut { position: of, .. }
        | Fact::CrewPaired { position: of, .. }
        | Fact::CascadeWaits { position: of, .. }
        | Fact::Reordered { position: of, .. }
        | Fact::CallUrgent { position: of }
        | Fact::PositionExhausted { position: of } => of == position,
        Fact::CallExhausted { positions, .. } => positions.contains(position),
        _ => false,
    }
}

fn past(shown: &Shown<'_>, position: &Rank) -> Markup {
    let entries = entries(shown, position);
    let zone = &shown.operator.zone;
    let list = |label: &str, entries: &[Entry<'_>]| {
        html! {
            ol.past aria-label=(label) {
                @for entry in entries {
                    @match entry {
                        Entry::Offer(offer, steps) => (of_offer(shown, offer, steps)),
                        Entry::Position(event) => li {
                            span.time { (times::near(event.at, zone)) } " "
                            (times::capital(&words::clause(event, shown.state, shown.names, zone)))
                        },
                    }
                }
            }
        }
    };
    let (earlier, last) = entries.split_at(entries.len().saturating_sub(LAST));
    html! {
        @if !earlier.is_empty() {
            details { summary { "Before that: " (earlier.len()) } (list("What was before that", earlier)) }
        }
        @if !last.is_empty() { (list("What was", last)) }
    }
}

/// Who was asked, what came of it, and each step with its time and the way that it took.
fn of_offer(shown: &Shown<'_>, offer: &Offer, steps: &[(&AuditEvent, String)]) -> Markup {
    let Shown { state, names, operator, opened, .. } = shown;
    let zone = &operator.zone;
    let opened = opened.get(&offer.token_id).copied();
    // It has its place among the steps by its time.
    let after = opened.map_or(steps.len(), |at| steps.partition_point(|(event, _)| event.at <= at));
    let several = state.charter.seats().filter(|seat| seat.position == offer.seat.position).count() > 1;
    html! {
        li {
            strong { (icon(offer, state)) (names.get(&offer.crew_id)) }
            @if several { " · " (offer.seat) }
            " · " (words::answer(offer, state))
            (warnings(&offer.warnings, names))
            ul.steps {
                @for (at, (event, words)) in steps.iter().enumerate() {
                    @if at == after { (link_opened(opened, zone)) }
                    li {
                        span.time { (times::near(event.at, zone)) } " " (words) (channel(event, offer, names))
                        @if let Some(said) = words::said(event) { " “" (said) "”" }
                    }
                }
                @if after == steps.len() { (link_opened(opened, zone)) }
                li { "link " code { (offer.token_id) } }
            }
        }
    }
}

fn link_opened(at: Option<Timestamp>, zone: &jiff::tz::TimeZone) -> Markup {
    html! {
        @if let Some(at) = at {
            li { span.time { (times::near(at, zone)) } " link first opened" span.small { " (mail filters open links, too)" } }
        }
    }
}

/// By which way something came that people did; what the program does by its rules comes by none.
fn channel(event: &AuditEvent, offer: &Offer, names: &Names) -> Markup {
    match &event.by {
        Actor::Crewcall => html! {},
        Actor::Crew(id) if *id == offer.crew_id && event.via.starts_with("link ") => {
            html! { ", by their link" }
        }
        Actor::Crew(_) => html! {},
        by @ Actor::Office(_) => html! { ", " (words::actor(by, names)) ", " (event.via) },
    }
}

/// So that no one has to read every word.
fn icon(offer: &Offer, state: &CharterState) -> &'static str {
    match offer.state {
        OfferState::Accepted if state.cancelled_at.is_some() => "",
        OfferState::Accepted => "✓ ",
        OfferState::Declined => "✗ ",
        OfferState::Undeliverable => "! ",
        OfferState::Reconfirming => "? ",
        OfferState::DroppedOut => "! ",
        OfferState::Queued | OfferState::Sent => "… ",
        OfferState::Expired | OfferState::Rescinded | OfferState::Released => "",
    }
}

/// Who comes, when, and why then; and who does not, and why not.
fn coming(shown: &Shown<'_>, plan: &Plan, position: &Rank) -> Markup {
    let Shown { state, names, operator, .. } = shown;
    let zone = &operator.zone;
    let asks = come(state, plan, position);
    let ends = plan.exhausted.iter().filter(|end| end.position == *position);
    let skipped: Vec<&PlannedSkip> = plan.skipped.iter().filter(|skip| skip.position == *position).collect();
    // Whoever is moved takes part in the round that goes on, or begins by it.
    let moves = !(plan.begins && state.status() == CallStatus::Exhausted);
    let path = format!("/charters/{}/change?what=move&position={position}", state.charter.charter_id);
    let name = |ask: &PlannedAsk| names.get(&ask.crew_id).to_owned();
    html! {
        @if !asks.is_empty() {
            @match &plan.if_captain {
                Some(captain) if !position.is_captain() => p.small { "If " (names.get(captain)) " says yes at once:" },
                _ => {}
            }
            ol.coming aria-label="Who comes" data-move=[moves.then(|| at(&path))] {
                @for (no, ask) in asks.iter().enumerate() {
                    @let (before, after) = (no.checked_sub(1).and_then(|no| asks.get(no)), asks.get(no + 1));
                    li data-crew=(ask.crew_id) {
                        div {
                            strong { (names.get(&ask.crew_id)) }
                            " · " (words::place(ask))
                            br;
                            span.small.time {
                                "asked " (times::near(ask.at, zone))
                                @if let Some(reply_by) = ask.reply_by { ", reply by " (times::near(reply_by, zone)) }
                            }
                            (warnings(&ask.warnings, names))
                        }
                        @if moves {
                            div.moves {
                                @if let Some(before) = before { (step(&path, [ask, before], &format!("Move {} up", name(ask)), "↑")) }
                                // Whoever follows goes before them.
                                @if let Some(after) = after { (step(&path, [after, ask], &format!("Move {} down", name(ask)), "↓")) }
                            }
                        }
                    }
                }
            }
        }
        @for end in ends { p.small { (words::planned_end(end, zone)) } }
        @if !skipped.is_empty() {
            details {
                summary { "Not asked: " (skipped.len()) }
                ul {
                    @for skip in skipped {
                        li { (names.get(&skip.skipped.crew_id)) ": " (words::reasons(&skip.skipped.reasons, names)) }
                    }
                }
            }
        }
    }
}

/// Those who are asked for a position after those who are being asked now.
pub(super) fn come<'a>(state: &CharterState, plan: &'a Plan, position: &Rank) -> Vec<&'a PlannedAsk> {
    let now = |ask: &PlannedAsk| {
        state.open_offers().any(|offer| offer.crew_id == ask.crew_id && offer.seat.position == *position)
    };
    plan.asks.iter().filter(|ask| ask.seat.position == *position && !now(ask)).collect()
}

/// Leads to what it would be like with somebody before somebody else.
fn step(path: &str, [who, before]: [&PlannedAsk; 2], label: &str, icon: &str) -> Markup {
    let path = format!("{path}&crew={}&before={}", who.crew_id, before.crew_id);
    html! { a.step href=(at(path)) aria-label=(label) { (icon) } }
}

/// The order in which those come first who stand before a place, if somebody is put there: before somebody else, or
/// with nobody there behind everyone who comes. Nothing where either does not come.
pub(super) fn moved(come: &[&PlannedAsk], who: &CrewId, before: Option<&CrewId>) -> Option<Vec<CrewId>> {
    let ids: Vec<&CrewId> = come.iter().map(|ask| &ask.crew_id).collect();
    if !ids.contains(&who) || before.is_some_and(|before| !ids.contains(&before) || before == who) {
        return None;
    }
    let others = ids.into_iter().filter(|id| *id != who);
    let ahead = others.take_while(|id| Some(*id) != before).cloned();
    Some(ahead.chain([who.clone()]).collect())
}

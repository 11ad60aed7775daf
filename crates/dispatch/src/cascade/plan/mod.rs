//! What a call will do if nobody answers: who is asked when, who is passed over and why, and when the list
//! is at its end.
//!
//! Who is asked when comes from a rehearsal of the real rules, on a copy: every mail is handed over at once, nobody
//! answers, and the clock jumps from deadline to deadline. Other charters that ask the same people are taken to get
//! no answer either, and to ask nobody further. The crew is asked once the captain is aboard; for them a second
//! rehearsal has the first captain in order say yes at once. Whoever no rehearsal names is judged as they stand now
//! ([`why_not`]).

mod preview;
mod rehearsal;
mod why_not;

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;

use super::deciding::Deciding;
use super::event::AuditEvent;
use super::fact::Fact;
use super::judging::verdict_by_mail;
use super::state::{CallStatus, Cascade, CharterState, OfferNo};
use super::why::Skipped;
use super::{Command, Context, People, Stop};
use crate::eligibility::Reason;
use crate::model::{CharterId, CrewId, Rank, Seat};
use crate::policy::Place;
pub use preview::{Preview, preview};
use rehearsal::Rehearsal;
use why_not::Question;

/// What a call will do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Who is asked, in the order of time; those who are being asked now come first.
    pub asks: Vec<PlannedAsk>,
    /// Who is passed over, and why.
    pub skipped: Vec<PlannedSkip>,
    /// When nobody is left to ask, by position.
    pub exhausted: Vec<PlannedEnd>,
    /// The captain who was taken to accept at once, so that something could be said of the crew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_captain: Option<CrewId>,
    /// What about the sail as a whole people have to look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Reason>,
    /// The call is taken to begin now, or to begin anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub begins: bool,
}

/// Somebody will be asked, or is being asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedAsk {
    /// For which seat.
    pub seat: Seat,
    /// Who.
    pub crew_id: CrewId,
    /// When.
    pub at: Timestamp,
    /// Until when they are asked to answer.
    pub reply_by: Option<Timestamp>,
    /// Why they have their place in the order; `None` where it was not their place: the office asks out of turn, or
    /// they stood by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The sails for which they are being asked elsewhere, if others come before them here because of that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub behind: Vec<CharterId>,
    /// What about the person the office has to look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Reason>,
}

/// Somebody will be passed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlannedSkip {
    /// As what they would have been asked.
    pub position: Rank,
    /// Who, and why.
    #[serde(flatten)]
    pub skipped: Skipped,
}

/// Nobody will be left to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedEnd {
    /// For which position.
    pub position: Rank,
    /// When.
    pub at: Timestamp,
    /// Because the sail has left by then.
    pub departed: bool,
    /// Somebody has every seat of it, and one of them has not confirmed what has become of the sail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
}

/// Rehearses a call from how it stands now; one that has not begun, or has asked everyone, from its start, and one that
/// rests as if it went on now.
///
/// # Errors
/// [`Stop::Need`] when people are missing, [`Stop::Rejected`] when the call cannot be started.
pub fn plan(state: &CharterState, people: &People, context: &Context<'_>) -> Result<Plan, Stop> {
    comes(state, people, context, true)
}

/// `anew`: where everyone was asked, the call begins anew.
fn comes(state: &CharterState, people: &People, context: &Context<'_>, anew: bool) -> Result<Plan, Stop> {
    let mut plan = Plan::default();
    let mut begun = Rehearsal::of(state, people, context);
    plan.begins = match state.status() {
        CallStatus::Draft => true,
        CallStatus::Exhausted => anew,
        CallStatus::Running | CallStatus::Paused => false,
        CallStatus::Filled | CallStatus::Cancelled => return Ok(plan),
    };
    match state.status() {
        _ if plan.begins => begun.give(&Command::Start)?,
        CallStatus::Paused => begun.give(&Command::Resume)?,
        _ => begun.give(&Command::Settle)?,
    }
    // Everyone may have their turn. Were they asked for one by one, the rehearsal would begin anew for each.
    let cascades = begun.state.call.iter().flat_map(|call| &call.cascades);
    people.require(cascades.flat_map(Cascade::order))?;
    begun.nobody_answers_elsewhere(people)?;
    let asked_elsewhere = begun.asked_elsewhere.clone();
    begun.hand_over()?;
    let asked_before = out_of_turn(state, people, context)?;
    for offer in state.open_offers() {
        plan.asks.push(PlannedAsk {
            seat: offer.seat.clone(),
            crew_id: offer.crew_id.clone(),
            at: offer.handed_over_at.unwrap_or(offer.made_at),
            // One whose mail is on its way gets the window that it would have now.
            reply_by: begun.state.offer(offer.no).and_then(|offer| offer.reply_by),
            place: state
                .place(&offer.seat.position, &offer.crew_id)
                .filter(|_| !asked_before.contains(&offer.no)),
            behind: Vec::new(),
            warnings: offer.warnings.clone(),
        });
    }
    let has_captain = begun.state.captain().is_some();
    let mut nobody = begun.clone();
    nobody.nobody_answers()?;
    plan.add(&nobody, |position| position.is_captain() || has_captain);
    let asked = begun.state.reconfirming().chain(begun.state.open_offers());
    let first = asked.into_iter().find(|offer| offer.seat.position.is_captain()).cloned();
    if let (Some(first), false) = (first, has_captain) {
        match begun.give(&Command::yes(&begun.state, &first)) {
            Ok(()) => {
                begun.nobody_answers()?;
                plan.add(&begun, |position| !position.is_captain());
                plan.if_captain = (state.charter.positions.len() > 1).then_some(first.crew_id);
            }
            // Bound elsewhere since: the offer is about to be taken back, and of the crew nothing can be said.
            Err(Stop::Rejected(_)) => {}
            Err(need) => return Err(need),
        }
    }
    if !has_captain && plan.if_captain.is_none() {
        plan.add(&nobody, |position| !position.is_captain());
    }
    // Both rehearsals begin alike.
    let mut said = HashSet::new();
    plan.skipped.retain(|skip| said.insert(skip.clone()));
    plan.give_reasons(&Question {
        state,
        people: &begun.people,
        context,
        begins: plan.begins,
        captain: has_captain || plan.if_captain.is_some(),
    })?;
    plan.name_sails_in_the_way(&asked_elsewhere, &begun.state);
    plan.asks.sort_by_key(|ask| (!ask.seat.position.is_captain(), ask.at));
    Ok(plan)
}

/// The open offers to people before whom somebody else could be asked: the office wanted them out of turn.
fn out_of_turn(
    state: &CharterState,
    people: &People,
    context: &Context<'_>,
) -> Result<HashSet<OfferNo>, Stop> {
    let mut deciding = Deciding::new(state.clone(), people, context);
    let mut found = HashSet::new();
    for offer in state.open_offers() {
        let mut free = false;
        for before in state.before(offer) {
            free = free || verdict_by_mail(&mut deciding, &before, &offer.seat.position)?.against.is_empty();
        }
        if free {
            found.insert(offer.no);
        }
    }
    Ok(found)
}

impl Plan {
    /// Everyone whom the plan names; some more than once.
    pub fn people(&self) -> impl Iterator<Item = &CrewId> {
        let asked = self.asks.iter().map(|ask| &ask.crew_id);
        let skipped = self.skipped.iter().map(|skip| &skip.skipped.crew_id);
        asked.chain(skipped).chain(&self.if_captain)
    }

    /// Takes from a rehearsal what is about some positions.
    fn add(&mut self, rehearsal: &Rehearsal<'_>, about: impl Fn(&Rank) -> bool) {
        for AuditEvent { fact, at, .. } in &rehearsal.events {
            match fact {
                Fact::CallStarted { warnings, .. } if self.warnings.is_empty() => {
                    self.warnings.clone_from(warnings);
                }
                Fact::OfferMade { offer, seat, crew_id, warnings, .. } if about(&seat.position) => {
                    let reply_by = rehearsal.state.offer(*offer).and_then(|offer| offer.reply_by);
                    let (seat, crew_id, warnings) = (seat.clone(), crew_id.clone(), warnings.clone());
                    let place = rehearsal.state.place(&seat.position, &crew_id);
                    let behind = Vec::new();
                    self.asks.push(PlannedAsk { seat, crew_id, at: *at, reply_by, place, behind, warnings });
                }
                // Whoever stands by is aboard without an answer.
                Fact::Assigned { seat, crew_id, warnings, .. } if about(&seat.position) => {
                    let (seat, crew_id, warnings) = (seat.clone(), crew_id.clone(), warnings.clone());
                    self.asks.push(PlannedAsk {
                        seat,
                        crew_id,
                        at: *at,
                        reply_by: None,
                        place: None,
                        behind: Vec::new(),
                        warnings,
                    });
                }
                Fact::PersonSkipped { position, skipped } if about(position) && skipped.is_whole() => {
                    self.skip(position, skipped);
                }
                // What else speaks against the others is looked at below.
                Fact::PeopleLeftOut { position, skipped } if about(position) => {
                    let beyond = |reason: &Reason| matches!(reason, Reason::BeyondLimit { .. });
                    let beyond = skipped.iter().filter(|skipped| skipped.reasons.iter().all(beyond));
                    beyond.for_each(|skipped| self.skip(position, skipped));
                }
                Fact::CallExhausted { positions, departed } => {
                    for position in positions.iter().filter(|position| about(position)) {
                        let unconfirmed = rehearsal.state.open_seats(position) == 0;
                        self.exhausted.push(PlannedEnd {
                            position: position.clone(),
                            at: *at,
                            departed: *departed,
                            unconfirmed,
                        });
                    }
                }
                Fact::PositionExhausted { position } if about(position) => self.exhausted.push(PlannedEnd {
                    position: position.clone(),
                    at: *at,
                    departed: false,
                    unconfirmed: false,
                }),
                _ => {}
            }
        }
    }

    /// Of everyone who could have a seat that is empty and is not asked, why; and of nobody who is asked.
    fn give_reasons(&mut self, question: &Question<'_>) -> Result<(), Stop> {
        let positions = question.state.charter.positions.iter().map(|need| &need.position);
        for position in positions.filter(|position| question.state.open_seats(position) > 0) {
            let asked = self.asks.iter().filter(|ask| ask.seat.position == *position);
            let asked: HashSet<CrewId> = asked.map(|ask| ask.crew_id.clone()).collect();
            self.skipped.retain(|skip| skip.position != *position || !asked.contains(&skip.skipped.crew_id));
            let skipped = self.skipped.iter().filter(|skip| skip.position == *position);
            let named = skipped.map(|skip| skip.skipped.crew_id.clone()).chain(asked).collect();
            question.answers(position, &named)?.iter().for_each(|skipped| self.skip(position, skipped));
        }
        Ok(())
    }

    /// Names the sails for which people are asked elsewhere where that costs them their place: others who come after them
    /// in the order have their turn before.
    fn name_sails_in_the_way(&mut self, elsewhere: &[(Timestamp, CrewId, CharterId)], state: &CharterState) {
        let overtaken = |ask: &PlannedAsk| {
            let Some(cascade) = state.cascade_of(&ask.seat.position) else { return false };
            let after: HashSet<&CrewId> = cascade.order().skip_while(|id| **id != ask.crew_id).collect();
            self.asks.iter().any(|other| {
                // Whoever is asked out of turn takes nobody's.
                other.seat.position == ask.seat.position
                    && other.place.is_some()
                    && other.at < ask.at
                    && after.contains(&other.crew_id)
            })
        };
        let in_the_way = |ask: &PlannedAsk| {
            let theirs = elsewhere.iter().rev().filter(|(_, id, _)| *id == ask.crew_id);
            let sails: Vec<CharterId> = theirs.map(|(.., charter)| charter.clone()).collect();
            if sails.is_empty() || ask.place.is_none() || !overtaken(ask) { Vec::new() } else { sails }
        };
        let behind: Vec<Vec<CharterId>> = self.asks.iter().map(in_the_way).collect();
        self.asks.iter_mut().zip(behind).for_each(|(ask, behind)| ask.behind = behind);
    }

    fn skip(&mut self, position: &Rank, skipped: &Skipped) {
        self.skipped.push(PlannedSkip { position: position.clone(), skipped: skipped.clone() });
    }
}

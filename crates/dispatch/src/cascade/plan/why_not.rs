//! Of everyone who has no place in a plan, why.

use std::collections::HashSet;

use crate::cascade::judging::company;
use crate::cascade::state::{CharterState, Offer, OfferState};
use crate::cascade::why::Skipped;
use crate::cascade::{Context, People, Stop};
use crate::eligibility::{Reason, Sail};
use crate::limits;
use crate::model::{CrewId, CrewMember, Rank};

/// What is asked of somebody.
pub(super) struct Question<'a> {
    /// The charter as it stands.
    pub(super) state: &'a CharterState,
    pub(super) people: &'a People,
    pub(super) context: &'a Context<'a>,
    /// The call is taken to begin: what became of earlier rounds is no matter.
    pub(super) begins: bool,
    /// A captain is aboard, or was taken to say yes.
    pub(super) captain: bool,
}

impl Question<'_> {
    /// Everyone of a position whom the plan does not name, each with all that speaks against them.
    pub(super) fn answers(&self, position: &Rank, named: &HashSet<CrewId>) -> Result<Vec<Skipped>, Stop> {
        let Context { zone, policy, .. } = self.context;
        let charter = &self.state.charter;
        let sail = Sail { charter, zone, policy, overrides: &self.state.overrides };
        let days = charter.days(zone);
        let unnamed = |member: &&CrewMember| {
            !named.contains(&member.crew_id) && self.state.in_force(&member.crew_id).is_none()
        };
        let unnamed: Vec<&CrewMember> = self.people.rank(position)?.iter().filter(unnamed).collect();
        self.people.require_commitments(unnamed.iter().map(|member| &member.crew_id))?;
        let company = company(self.state, self.people, None)?;
        let to_come: HashSet<CrewId> = self.state.candidates(position).into_iter().collect();
        let mut why = Vec::with_capacity(unnamed.len());
        for member in unnamed {
            let id = &member.crew_id;
            let commitments = self.people.commitments(id)?;
            let alone = sail.record_on(&days, member, position).and(sail.company(member, &company));
            let elsewhere = sail.commitments(commitments, position).and(sail.contact(member, commitments));
            let turn = if self.begins { self.leaving(id) } else { self.turn(position, id) };
            let mut reasons: Vec<Reason> = turn.into_iter().chain(alone.and(elsewhere).against).collect();
            if reasons.is_empty() {
                reasons.push(self.otherwise(position, id, self.begins || to_come.contains(id)));
            }
            why.push(Skipped { crew_id: id.clone(), reasons });
        }
        Ok(why)
    }

    /// Who dropped out is not the one to replace themselves, in whatever round.
    fn leaving(&self, id: &CrewId) -> Option<Reason> {
        let gone = |offer: &Offer| offer.crew_id == *id && offer.state == OfferState::DroppedOut;
        let answer = OfferState::DroppedOut;
        self.state.offers.iter().any(gone).then_some(Reason::AlreadyAsked { answer })
    }

    /// What came of their turn, or that they would still sail.
    fn turn(&self, position: &Rank, id: &CrewId) -> Option<Reason> {
        if self.state.standing_by().any(|offer| offer.crew_id == *id && offer.seat.position == *position) {
            return Some(Reason::StandsBy);
        }
        let taken_back = Reason::AlreadyAsked { answer: OfferState::Rescinded };
        let by_office = self.state.call.as_ref().is_some_and(|call| call.skipped.contains(id));
        let turn = self.state.turn(position, id).filter(|turn| *turn != taken_back);
        turn.or_else(|| by_office.then_some(Reason::PassedOverByOffice))
    }

    /// Nothing speaks against them now.
    fn otherwise(&self, position: &Rank, id: &CrewId, to_come: bool) -> Reason {
        if to_come {
            let alone = !position.is_captain() && !self.captain;
            return if alone { Reason::NoCaptain } else { Reason::NotReached };
        }
        let Some(cascade) = self.state.cascade_of(position) else { return Reason::NotReached };
        if cascade.order().any(|ordered| ordered == id) {
            self.state.turn(position, id).unwrap_or(Reason::PassedOver)
        } else if cascade.ranked.len() >= limits::CANDIDATES {
            Reason::BeyondLimit { limit: limits::CANDIDATES as u32 }
        } else {
            Reason::NotInOrder
        }
    }
}

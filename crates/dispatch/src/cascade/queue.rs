//! Who comes next for a position, and how long each of them may take.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::state::{Cascade, CharterState, Offer};
use super::why::RescindReason;
use crate::eligibility::Reason;
use crate::limits;
use crate::model::{CrewId, Rank, Seat};
use crate::policy::{Place, Policy, Queue, Window};

impl Offer {
    /// The zone in which the person lives; the operator's, where nothing else is known.
    pub fn zone(&self, operators: &TimeZone, find: fn(&str) -> Option<TimeZone>) -> TimeZone {
        self.time_zone.as_deref().and_then(find).unwrap_or_else(|| operators.clone())
    }
}

impl CharterState {
    /// The asking for a position, once the call was started.
    pub(super) fn cascade_of(&self, position: &Rank) -> Option<&Cascade> {
        self.call.as_ref()?.cascades.iter().find(|cascade| cascade.position == *position)
    }

    /// Why somebody has the place that they have for a position.
    pub(super) fn place(&self, position: &Rank, crew_id: &CrewId) -> Option<Place> {
        self.cascade_of(position)?.place(crew_id)
    }

    /// Who comes before somebody in the order, and is still to be asked.
    pub(super) fn before(&self, offer: &Offer) -> Vec<CrewId> {
        let position = &offer.seat.position;
        let to_come = self.candidates(position);
        let Some(cascade) = self.cascade_of(position) else { return Vec::new() };
        let before = cascade.order().take_while(|id| **id != offer.crew_id);
        before.filter(|id| to_come.contains(id)).cloned().collect()
    }

    /// Who has not been asked or skipped in this round, in order. Whoever said no since the call was
    /// started is not asked again because another captain came aboard: the no was to the sail. Whoever was
    /// asked and could not answer, because we took the offer back for reasons of our own, still has the turn.
    pub(super) fn candidates(&self, position: &Rank) -> Vec<CrewId> {
        self.candidates_with(position, &[])
    }

    /// Of these those whom the office skipped.
    pub(super) fn skipped_of(&self, people: &[CrewId]) -> Vec<CrewId> {
        let skipped = |id: &&CrewId| self.call.as_ref().is_some_and(|call| call.skipped.contains(id));
        people.iter().filter(skipped).cloned().collect()
    }

    /// As [`Self::candidates`], if the office had not skipped some.
    pub(super) fn candidates_with(&self, position: &Rank, back: &[CrewId]) -> Vec<CrewId> {
        let (Some(cascade), Some(call)) = (self.cascade_of(position), &self.call) else { return Vec::new() };
        let asked = self.offers.iter().filter(|offer| {
            let this_round = offer.round == cascade.round && offer.seat.position == *position;
            let this_round = this_round && !offer.rescinded.is_some_and(RescindReason::keeps_the_turn);
            // Whoever sails or is being asked is busy, as whatever; nobody fills two seats. Nor is
            // whoever dropped out the one to replace them.
            offer.binds() || this_round
        });
        let by_office = call.skipped.iter().filter(|id| !back.contains(id));
        let passed_over = cascade.skipped.iter().chain(&call.declined).chain(by_office);
        let done: HashSet<&CrewId> = passed_over.chain(asked.map(|offer| &offer.crew_id)).collect();
        cascade.order().filter(|id| !done.contains(id)).cloned().collect()
    }

    /// What came of somebody's turn in this round; `None` if they had none, or the office passed them over.
    pub(super) fn turn(&self, position: &Rank, id: &CrewId) -> Option<Reason> {
        let (cascade, call) = (self.cascade_of(position)?, self.call.as_ref()?);
        let theirs = self.offers.iter().rfind(|offer| {
            let this_round = offer.round == cascade.round && offer.seat.position == *position;
            offer.crew_id == *id && (this_round || call.declined.contains(id))
        });
        let theirs = theirs.filter(|_| !call.skipped.contains(id))?;
        Some(Reason::AlreadyAsked { answer: theirs.state })
    }

    /// The seats for which somebody more is to be asked, once for each: empty ones that nobody is asked for,
    /// and then, if the call is urgent and the policy says so, those for which too few are.
    pub(super) fn seats_to_ask(&self, position: &Rank, policy: &Policy) -> Vec<Seat> {
        let urgent = self.cascade_of(position).is_some_and(|cascade| cascade.urgent);
        let at_once = if urgent { policy.ask_at_once.max(1) as usize } else { 1 };
        let seats = self.empty_seats(position);
        let fewer = |asks: usize| seats.iter().filter(move |(_, asked)| *asked < asks).map(|(seat, _)| seat);
        let beside = (2..=at_once).flat_map(fewer).take(self.room_beside());
        fewer(1).chain(beside).cloned().collect()
    }

    /// The seats of a position that nobody took, each with how many people are being asked for it.
    pub(super) fn empty_seats(&self, position: &Rank) -> Vec<(Seat, usize)> {
        let empty =
            self.charter.seats().filter(|seat| seat.position == *position && self.holder(seat).is_none());
        let asked = |seat: &Seat| self.open_offers().filter(|offer| offer.seat == *seat).count();
        empty.map(|seat| (seat.clone(), asked(&seat))).collect()
    }

    /// How many people can still be asked for seats that others are being asked for. Every seat that nobody is
    /// asked for keeps its place, so there are never more open offers than a charter can have seats: that
    /// is what one commit has to hold, when they are made or end together.
    pub(super) fn room_beside(&self) -> usize {
        let positions = self.charter.positions.iter().map(|need| &need.position);
        let vacant: usize = positions.map(|position| self.vacant_seats(position).len()).sum();
        (limits::SEATS as usize).saturating_sub(self.open_offers().count() + vacant)
    }

    /// Until when a person who is being asked has, if they get so much more time: not less than that from now, nor
    /// from when their time really ends. `now` and `more` alone where there is no time yet to add to.
    pub fn longer(
        &self,
        crew_id: &CrewId,
        more: SignedDuration,
        policy: &Policy,
        now: Timestamp,
    ) -> Timestamp {
        let open = self.in_force(crew_id).filter(|offer| offer.state.is_open());
        let kept_open = open.and_then(|offer| offer.closes_at).map(|closes_at| closes_at - policy.grace);
        let ends = open.and_then(|offer| offer.reply_by).max(kept_open).max(Some(now));
        ends.unwrap_or(now).checked_add(more).unwrap_or(Timestamp::MAX)
    }

    /// The window of an offer if its mail is handed over at `now`: its person and everyone who comes after
    /// share the time that is left. `zone` is the person's.
    pub fn window(&self, offer: &Offer, policy: &Policy, zone: &TimeZone, now: Timestamp) -> Window {
        let position = &offer.seat.position;
        let after = self.candidates(position).len().div_ceil(self.open_seats(position).max(1));
        let same_seat = self.open_offers().filter(|open| open.seat == offer.seat && open.no != offer.no);
        let queue = Queue {
            people: u32::try_from(after + 1).unwrap_or(u32::MAX),
            beside: u32::try_from(same_seat.count()).unwrap_or(u32::MAX),
            others_follow: self.others_follow(position),
            zone,
        };
        policy.window(&self.charter, now, queue)
    }

    /// Whether others are asked only once there is a yes from this position.
    pub(super) fn others_follow(&self, position: &Rank) -> bool {
        let mut others = self.charter.positions.iter().filter(|need| !need.position.is_captain());
        position.is_captain() && others.any(|need| self.open_seats(&need.position) > 0)
    }
}

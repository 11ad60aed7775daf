//! What facts do to offers.

use jiff::Timestamp;

use crate::cascade::state::{CharterState, Offer, OfferNo, OfferState};
use crate::cascade::why::ReleaseReason;
use crate::eligibility::Reason;
use crate::link::TokenId;
use crate::model::{CrewId, PositionNeed, Seat};

impl CharterState {
    pub(super) fn make_offer(
        &mut self,
        no: OfferNo,
        seat: &Seat,
        crew_id: &CrewId,
        token_id: &TokenId,
        at: Timestamp,
    ) {
        let mut round = 0;
        self.cascade(&seat.position, |cascade| {
            cascade.waiting_for.clear();
            // Should it come to nothing, the office hears of it anew.
            cascade.exhausted = false;
            round = cascade.round;
        });
        // Whoever is asked anew, or put aboard, is asked for nothing else.
        self.stand_down(|offer| offer.crew_id == *crew_id);
        self.offers.push(Offer {
            no,
            seat: seat.clone(),
            crew_id: crew_id.clone(),
            round,
            revision: self.revision,
            token_id: token_id.clone(),
            state: OfferState::Queued,
            made_at: at,
            handed_over_at: None,
            reply_by: None,
            closes_at: None,
            ended_at: None,
            rescinded: None,
            undone: false,
            by_hand: false,
            dropped_out: false,
            no_show: false,
            accepted: None,
            stands_by: false,
            came_back: false,
            remarks: 0,
            not_told: false,
            time_zone: None,
            warnings: Vec::new(),
            conflicts: Vec::new(),
            extensions: 0,
        });
    }

    pub(super) fn end(&mut self, offer: OfferNo, state: OfferState, at: Timestamp) {
        self.change(offer, |offer| {
            offer.state = state;
            offer.not_told = false;
            offer.ended_at = Some(at);
            if state != OfferState::Accepted {
                offer.warnings.clear();
                offer.conflicts.clear();
                offer.time_zone = None;
                offer.accepted = None;
            }
        });
    }

    /// Where captains had run out there is one all the same.
    pub(super) fn captain_found(&mut self, no: OfferNo) {
        if self.offer(no).is_some_and(|offer| offer.seat.position.is_captain()) {
            self.call(|call| call.exhausted_at = None);
        }
    }

    pub(super) fn put_aboard(&mut self, no: OfferNo, warnings: &[Reason], at: Timestamp) {
        self.end(no, OfferState::Accepted, at);
        self.change(no, |offer| {
            offer.by_hand = true;
            offer.warnings = warnings.to_vec();
        });
        self.captain_found(no);
    }

    /// Whoever sailed had a seat, though it may be one more than were booked. What the call came to stays as it was,
    /// and the link is over: nobody has it.
    pub(super) fn turn_up(
        &mut self,
        no: OfferNo,
        seat: &Seat,
        crew_id: &CrewId,
        token_id: &TokenId,
        at: Timestamp,
    ) {
        match self.charter.positions.iter_mut().find(|need| need.position == seat.position) {
            Some(need) => need.quantity = need.quantity.max(seat.number),
            None => {
                let position = seat.position.clone();
                self.charter.positions.push(PositionNeed { position, quantity: seat.number });
            }
        }
        let exhausted_at = self.call.as_ref().and_then(|call| call.exhausted_at);
        self.make_offer(no, seat, crew_id, token_id, at);
        self.put_aboard(no, &[], at);
        self.change(no, |offer| offer.closes_at = Some(at));
        self.call(|call| call.exhausted_at = exhausted_at);
    }

    pub(super) fn decline(&mut self, no: OfferNo, at: Timestamp) {
        if self.offer(no).is_some_and(|offer| offer.state.is_aboard()) {
            self.vacate(no);
        }
        self.end(no, OfferState::Declined, at);
        if let (Some(offer), Some(call)) = (self.offer(no).cloned(), &mut self.call) {
            call.declined.push(offer.crew_id);
        }
    }

    /// The offer is open again, as it was before the accept.
    pub(super) fn undo(&mut self, no: OfferNo) {
        self.change(no, |offer| {
            offer.state = if offer.handed_over_at.is_some() { OfferState::Sent } else { OfferState::Queued };
            offer.ended_at = None;
            offer.undone = true;
            // Whoever is asked again is asked as anybody else.
            let found = std::mem::take(&mut offer.conflicts);
            offer.warnings.retain(|known| !found.contains(known));
        });
        self.vacate(no);
    }

    /// Not to be asked again before the call is started anew, as after a no.
    pub(super) fn drop_out(&mut self, no: OfferNo, at: Timestamp) {
        self.end(no, OfferState::DroppedOut, at);
        self.change(no, |offer| offer.dropped_out = true);
        self.vacate(no);
        if let (Some(offer), Some(call)) = (self.offer(no).cloned(), &mut self.call) {
            call.declined.push(offer.crew_id);
        }
    }

    pub(super) fn come_back(&mut self, no: OfferNo, at: Timestamp) {
        self.end(no, OfferState::Accepted, at);
        self.change(no, |offer| {
            offer.dropped_out = false;
            offer.came_back = true;
            // There and back is enough: from here on it is a drop-out again.
            offer.undone = true;
        });
        if let (Some(offer), Some(call)) = (self.offer(no).cloned(), &mut self.call) {
            call.declined.retain(|id| *id != offer.crew_id);
        }
    }

    /// Whom the office takes off the sail it does not want to be asked next. Once the boat has left, what its call
    /// came to stays as it was.
    pub(super) fn release(&mut self, no: OfferNo, why: &ReleaseReason, at: Timestamp) {
        let Some(offer) = self.offer(no).cloned() else { return };
        self.end(no, OfferState::Released, at);
        if !offer.dropped_out && at < self.charter.departs_at {
            self.vacate(no);
        }
        if matches!(why, ReleaseReason::NoShow { .. }) {
            self.figures.hours_of.remove(&offer.crew_id);
            self.change(no, |offer| offer.no_show = true);
        }
        if matches!(why, ReleaseReason::ByOffice { .. } | ReleaseReason::NoShow { .. }) {
            self.call(|call| {
                if !call.skipped.contains(&offer.crew_id) {
                    call.skipped.push(offer.crew_id);
                }
            });
        }
    }

    /// There is nothing to confirm any more: the yes counts as it was given.
    pub(super) fn as_agreed(&mut self, no: OfferNo) {
        let revision = self.revision;
        self.change(no, |offer| {
            offer.state = OfferState::Accepted;
            offer.revision = revision;
            offer.accepted = None;
            offer.not_told = false;
        });
    }

    pub(super) fn reconfirm(&mut self, no: OfferNo, warnings: &[Reason], at: Timestamp) {
        let revision = self.revision;
        self.end(no, OfferState::Accepted, at);
        self.change(no, |offer| {
            offer.revision = revision;
            offer.accepted = None;
            offer.warnings = warnings.to_vec();
            // A yes to the sail as it was could be taken back long ago.
            offer.undone = true;
        });
    }

    /// The offer's seat is empty again: what the office knows of the position is out of date. A call whose
    /// captain is gone is asked again, whatever its list of crew had come to.
    pub(super) fn vacate(&mut self, no: OfferNo) {
        let Some(position) = self.offer(no).map(|offer| offer.seat.position.clone()) else { return };
        self.cascade(&position, |cascade| cascade.exhausted = false);
        if position.is_captain() {
            self.call(|call| call.exhausted_at = None);
        }
    }

    /// Once the boat has left no answer is awaited.
    pub(super) fn nothing_to_confirm(&mut self) {
        for offer in self.offers.iter_mut().filter(|offer| offer.state == OfferState::Reconfirming) {
            offer.closes_at = None;
        }
    }

    /// By one link, though they may have those of several rounds.
    pub(super) fn stand_by(&mut self, no: OfferNo) {
        let crew_id = self.offer(no).map(|offer| offer.crew_id.clone());
        self.stand_down(|offer| Some(&offer.crew_id) == crew_id.as_ref());
        self.change(no, |offer| {
            offer.stands_by = true;
            offer.remarks += 1;
        });
    }

    pub(super) fn stand_down(&mut self, who: impl Fn(&Offer) -> bool) {
        for offer in self.offers.iter_mut().filter(|offer| who(offer)) {
            offer.stands_by = false;
        }
    }

    pub(super) fn change(&mut self, no: OfferNo, change: impl FnOnce(&mut Offer)) {
        if let Some(offer) = (no.0 as usize).checked_sub(1).and_then(|i| self.offers.get_mut(i)) {
            change(offer);
        }
    }
}

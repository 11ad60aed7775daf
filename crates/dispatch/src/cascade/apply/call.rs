//! What facts do to the call and its cascades.

use jiff::Timestamp;

use crate::cascade::fact::Ranking;
use crate::cascade::state::{Call, Cascade, CharterState, Offer, OfferState};
use crate::cascade::why::Skipped;
use crate::eligibility::Reason;
use crate::model::{Charter, CrewId, Rank};
use crate::policy::Basis;
use crate::vessel::Override;

impl CharterState {
    pub(super) fn start(&mut self, orders: &[Ranking], at: Timestamp) {
        let mut cascades = self.call.take().map(|call| call.cascades).unwrap_or_default();
        for Ranking { position, ranked, basis } in orders {
            let cascade = Cascade::of(&mut cascades, position);
            cascade.begin_round();
            cascade.ranked.clone_from(ranked);
            cascade.basis.clone_from(basis);
        }
        self.call = Some(Call {
            started_at: at,
            cascades,
            declined: Vec::new(),
            skipped: Vec::new(),
            paused_at: None,
            filled_at: None,
            exhausted_at: None,
        });
        orders.iter().for_each(|order| self.keep_asking(&order.position));
    }

    /// The captain's usual crew comes first, in a new round.
    pub(super) fn pair(&mut self, position: &Rank, paired: &[CrewId]) {
        self.cascade(position, |cascade| {
            cascade.begin_round();
            cascade.paired = paired.to_vec();
        });
        self.keep_asking(position);
        // Where captains had run out, the office has found one: the asking goes on.
        self.call(|call| call.exhausted_at = None);
    }

    /// Whoever is being asked when a round begins has their turn in it by that. Where nobody is, the next mail finds
    /// out anew whether time runs out.
    fn keep_asking(&mut self, position: &Rank) {
        let Some(round) = self.cascade_of(position).map(|cascade| cascade.round) else { return };
        let open = |offer: &&mut Offer| offer.seat.position == *position && offer.state.is_open();
        let mut asked = false;
        for offer in self.offers.iter_mut().filter(open) {
            offer.round = round;
            asked = true;
        }
        self.cascade(position, |cascade| cascade.urgent &= asked);
    }

    /// Who was passed over, or was nobody left, for reasons of the old charter is looked at again. A no to the old
    /// time is none to the new one; one to another boat or dock at the same time still is.
    pub(super) fn become_another(
        &mut self,
        charter: &Charter,
        material: bool,
        moved: bool,
        orders: &[Ranking],
    ) {
        let more = charter.seats().any(|seat| !self.charter.seats().any(|old| old == seat));
        self.charter = charter.clone();
        if moved {
            // Of a sail that leaves later nobody knows yet how long it takes.
            self.figures.actual_hours = None;
            self.figures.hours_of.clear();
        }
        self.revision += u32::from(material);
        self.stand_down(|_| material);
        self.call(|call| {
            if material || more {
                call.filled_at = None;
                call.exhausted_at = None;
            }
            if moved {
                call.declined.clear();
            }
            for Ranking { position, ranked, basis } in orders {
                let cascade = Cascade::of(&mut call.cascades, position);
                let paired = std::mem::take(&mut cascade.paired);
                let round = cascade.round;
                cascade.begin_round();
                cascade.urgent = false;
                if !moved && round > 0 {
                    cascade.round = round;
                }
                cascade.paired = paired;
                cascade.ranked.clone_from(ranked);
                cascade.basis.clone_from(basis);
            }
        });
    }

    /// Nobody is bound to what was cancelled; whatever is asked from here on is asked anew.
    pub(super) fn restore(&mut self, at: Timestamp) {
        self.cancelled_at = None;
        self.revision += 1;
        self.stand_down(|_| true);
        // Nor is it any matter who dropped out of what it was, or did not come.
        for offer in &mut self.offers {
            (offer.dropped_out, offer.no_show) = (false, false);
        }
        let bound = self.offers.iter().filter(|offer| offer.binds()).map(|offer| offer.no);
        for no in bound.collect::<Vec<_>>() {
            self.end(no, OfferState::Released, at);
        }
    }

    /// Whoever was passed over, perhaps because of the gate, is looked at again; so the office has to hear
    /// anew if that comes to nothing.
    pub(super) fn set_aside(&mut self, set_aside: Override) {
        for cascade in self.call.iter_mut().flat_map(|call| &mut call.cascades) {
            let skipped = cascade.skipped.len();
            cascade.skipped.retain(|id| set_aside.crew_id.as_ref().is_some_and(|about| about != id));
            cascade.exhausted &= cascade.skipped.len() == skipped;
        }
        self.overrides.retain(|known| (known.gate, &known.crew_id) != (set_aside.gate, &set_aside.crew_id));
        self.overrides.push(set_aside);
    }

    pub(super) fn call(&mut self, change: impl FnOnce(&mut Call)) {
        if let Some(call) = &mut self.call {
            change(call);
        }
    }

    pub(super) fn cascade(&mut self, position: &Rank, change: impl FnOnce(&mut Cascade)) {
        let cascades = self.call.iter_mut().flat_map(|call| &mut call.cascades);
        if let Some(cascade) = cascades.into_iter().find(|cascade| cascade.position == *position) {
            change(cascade);
        }
    }
}

impl Cascade {
    /// The cascade of a position; a new one, where there was none.
    pub(super) fn of<'a>(cascades: &'a mut Vec<Self>, position: &Rank) -> &'a mut Self {
        let known = cascades.iter().position(|cascade| cascade.position == *position);
        let at = known.unwrap_or_else(|| {
            cascades.push(Self {
                position: position.clone(),
                round: 0,
                ranked: Vec::new(),
                basis: Basis::default(),
                paired: Vec::new(),
                skipped: Vec::new(),
                waiting_for: Vec::new(),
                exhausted: false,
                urgent: false,
            });
            cascades.len() - 1
        });
        &mut cascades[at]
    }

    pub(super) fn skip(&mut self, skipped: &Skipped) {
        if !skipped.reasons.iter().all(Reason::passes) {
            self.wait_no_more(&skipped.crew_id);
            self.skipped.push(skipped.crew_id.clone());
        }
    }

    pub(super) fn wait_no_more(&mut self, crew_id: &CrewId) {
        self.waiting_for.retain(|id| id != crew_id);
    }

    pub(super) fn begin_round(&mut self) {
        self.round += 1;
        self.paired.clear();
        self.skipped.clear();
        self.waiting_for.clear();
        self.exhausted = false;
    }
}

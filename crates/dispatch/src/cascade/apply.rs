//! How each fact changes the state of a charter. Nothing else changes it, so that replaying the
//! facts gives the state by construction.

use jiff::Timestamp;

use super::event::AuditEvent;
use super::fact::{Fact, Ranking};
use super::notice::Notice;
use super::state::{Call, Cascade, CharterState, Offer, OfferNo, OfferState};
use super::why::{ReleaseReason, Skipped};
use crate::eligibility::Reason;
use crate::limits;
use crate::link::TokenId;
use crate::model::{Charter, CrewId, Rank, Seat};
use crate::policy::Basis;
use crate::vessel::Override;

impl CharterState {
    /// The state that a charter's whole history leads to; `None` unless it begins with a booking.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a AuditEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let Fact::CharterBooked { charter } = &events.next()?.fact else { return None };
        let mut state = Self::booked(charter.clone());
        for event in events {
            state.apply(&event.fact, event.at);
        }
        Some(state)
    }

    /// Changes the state by one fact. A fact about something that is not there changes nothing but
    /// the count.
    pub(super) fn apply(&mut self, fact: &Fact, at: Timestamp) {
        self.facts += 1;
        match fact {
            // The offer ended before we knew that its mail was handed over.
            Fact::MailSent { notice: Notice::Offer { offer }, .. } => self.change(*offer, |offer| {
                offer.handed_over_at.get_or_insert(at);
            }),
            Fact::MessagePosted { .. } => self.post(at),
            Fact::CharterBooked { .. }
            | Fact::NoteWritten { .. }
            | Fact::Commented
            | Fact::MailReturned { .. }
            | Fact::PeopleLeftOut { .. }
            | Fact::MailSent { .. }
            | Fact::MailDropped { .. } => {}
            Fact::CharterCancelled => self.cancelled_at = Some(at),
            Fact::CharterRestored => self.restore(at),
            Fact::CharterChanged { charter, material, moved, orders, .. } => {
                self.become_another(charter, *material, *moved, orders);
            }
            Fact::ReconfirmAsked { offer, accepted } => self.change(*offer, |offer| {
                offer.state = OfferState::Reconfirming;
                offer.accepted = Some(accepted.clone());
                offer.warnings.clear();
                offer.reply_by = None;
                offer.closes_at = None;
            }),
            Fact::ReconfirmSent { offer, reply_by, closes_at, .. } => self.change(*offer, |offer| {
                offer.reply_by = Some(*reply_by);
                offer.closes_at = Some(*closes_at);
            }),
            Fact::Reconfirmed { offer, warnings } => self.reconfirm(*offer, warnings, at),
            Fact::AsAgreed { offer, .. } => self.reconfirm(*offer, &[], at),
            Fact::SeatChanged { offer, seat } => self.change(*offer, |offer| offer.seat.clone_from(seat)),
            Fact::Unconfirmed { offer } => self.change(*offer, |offer| offer.closes_at = None),
            Fact::ConflictFound { offer, reasons } | Fact::ConflictOver { offer, reasons } => {
                self.change(*offer, |offer| offer.warnings.clone_from(reasons));
            }
            Fact::CallStarted { orders, .. } => self.start(orders, at),
            Fact::GateOverridden { gate, crew_id, reason, name } => {
                let (crew_id, reason, by) = (crew_id.clone(), reason.clone(), name.clone());
                self.set_aside(Override { gate: *gate, crew_id, reason, by, at });
            }
            Fact::CallPaused | Fact::CallStopped => self.call(|call| call.paused_at = Some(at)),
            Fact::CallResumed => self.call(|call| call.paused_at = None),
            Fact::Reordered { position, ranked } => self.cascade(position, |cascade| {
                cascade.paired.clear();
                cascade.ranked.clone_from(ranked);
                cascade.basis = Basis::Office;
            }),
            Fact::Assigned { offer, seat, crew_id, token_id, warnings, .. } => {
                self.make_offer(*offer, seat, crew_id, token_id, at);
                self.put_aboard(*offer, warnings, at);
            }
            Fact::AskedAboard { offer, warnings, .. } => self.put_aboard(*offer, warnings, at),
            Fact::OfferProlonged { offer, reply_by, closes_at } => self.change(*offer, |offer| {
                offer.reply_by = Some(*reply_by);
                offer.closes_at = Some(*closes_at);
            }),
            Fact::CrewPaired { position, paired } => {
                self.cascade(position, |cascade| {
                    cascade.begin_round();
                    cascade.paired.clone_from(paired);
                });
                // Where captains had run out, the office has found one: the asking goes on.
                self.call(|call| call.exhausted_at = None);
            }
            Fact::PersonSkipped { position, skipped } if skipped.is_by_office() => {
                self.cascade(position, |cascade| cascade.wait_no_more(&skipped.crew_id));
                self.call(|call| {
                    // Whoever was asked all the same since can be skipped again.
                    if !call.skipped.contains(&skipped.crew_id) {
                        call.skipped.push(skipped.crew_id.clone());
                    }
                });
            }
            Fact::PersonSkipped { position, skipped } => {
                self.cascade(position, |cascade| cascade.skip(skipped));
            }
            Fact::CascadeWaits { position, waiting_for } => {
                self.cascade(position, |cascade| cascade.waiting_for.clone_from(waiting_for));
            }
            Fact::OfferMade { offer, seat, crew_id, token_id, time_zone, warnings } => {
                self.make_offer(*offer, seat, crew_id, token_id, at);
                self.change(*offer, |offer| {
                    offer.time_zone.clone_from(time_zone);
                    offer.warnings.clone_from(warnings);
                });
            }
            Fact::OfferSent { offer, reply_by, closes_at, .. } => self.change(*offer, |offer| {
                offer.state = OfferState::Sent;
                offer.handed_over_at = Some(at);
                offer.reply_by = Some(*reply_by);
                offer.closes_at = Some(*closes_at);
            }),
            Fact::OfferExtended { offer, closes_at, .. } => self.change(*offer, |offer| {
                offer.closes_at = Some(*closes_at);
                offer.extensions += 1;
            }),
            Fact::OfferAccepted { offer } => self.end(*offer, OfferState::Accepted, at),
            Fact::AcceptUndone { offer } => self.undo(*offer),
            Fact::DroppedOut { offer, .. } => self.drop_out(*offer, at),
            Fact::CameBack { offer } => self.come_back(*offer, at),
            Fact::Released { offer, why } => self.release(*offer, why, at),
            Fact::OfferDeclined { offer, .. } => self.decline(*offer, at),
            Fact::StandsBy { offer, .. } => self.change(*offer, |offer| offer.stands_by = true),
            Fact::StandsByNoMore { offer } => self.change(*offer, |offer| offer.stands_by = false),
            Fact::OfferExpired { offer } => self.end(*offer, OfferState::Expired, at),
            Fact::OfferRescinded { offer, why } => {
                self.end(*offer, OfferState::Rescinded, at);
                self.change(*offer, |offer| offer.rescinded = Some(*why));
            }
            Fact::OfferUndeliverable { offer, .. } => self.end(*offer, OfferState::Undeliverable, at),
            Fact::CallFilled => self.call(|call| call.filled_at = Some(at)),
            Fact::CallReopened { .. } => self.call(|call| {
                call.filled_at = None;
                // Whatever it had come to before every seat was taken.
                call.exhausted_at = None;
            }),
            Fact::CallExhausted { positions, departed } => {
                if *departed {
                    self.nothing_to_confirm();
                }
                self.call(|call| {
                    call.exhausted_at = Some(at);
                    call.paused_at = None;
                });
                for position in positions {
                    self.cascade(position, |cascade| cascade.exhausted = true);
                }
            }
            Fact::CallUrgent { position } => self.cascade(position, |cascade| cascade.urgent = true),
            Fact::PositionExhausted { position } => {
                self.cascade(position, |cascade| cascade.exhausted = true)
            }
        }
    }

    fn post(&mut self, at: Timestamp) {
        if self.posted_at.len() >= limits::MESSAGES_PER_HOUR {
            self.posted_at.remove(0);
        }
        self.posted_at.push(at);
    }

    fn start(&mut self, orders: &[Ranking], at: Timestamp) {
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
    }

    /// Who was passed over, or was nobody left, for reasons of the old charter is looked at again. A no to the old
    /// time is none to the new one; one to another boat or dock at the same time still is.
    fn become_another(&mut self, charter: &Charter, material: bool, moved: bool, orders: &[Ranking]) {
        let more = charter.seats().any(|seat| !self.charter.seats().any(|old| old == seat));
        self.charter = charter.clone();
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
                if !moved && round > 0 {
                    cascade.round = round;
                }
                cascade.paired = paired;
                cascade.ranked.clone_from(ranked);
                cascade.basis.clone_from(basis);
            }
        });
    }

    fn reconfirm(&mut self, no: OfferNo, warnings: &[Reason], at: Timestamp) {
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

    /// Nobody is bound to what was cancelled; whatever is asked from here on is asked anew.
    fn restore(&mut self, at: Timestamp) {
        self.cancelled_at = None;
        self.revision += 1;
        self.stand_down(|_| true);
        let bound = self.offers.iter().filter(|offer| offer.binds()).map(|offer| offer.no);
        for no in bound.collect::<Vec<_>>() {
            self.end(no, OfferState::Released, at);
        }
    }

    /// Whoever was passed over, perhaps because of the gate, is looked at again; so the office has to hear
    /// anew if that comes to nothing.
    fn set_aside(&mut self, set_aside: Override) {
        for cascade in self.call.iter_mut().flat_map(|call| &mut call.cascades) {
            let skipped = cascade.skipped.len();
            cascade.skipped.retain(|id| set_aside.crew_id.as_ref().is_some_and(|about| about != id));
            cascade.exhausted &= cascade.skipped.len() == skipped;
        }
        self.overrides.retain(|known| (known.gate, &known.crew_id) != (set_aside.gate, &set_aside.crew_id));
        self.overrides.push(set_aside);
    }

    fn make_offer(&mut self, no: OfferNo, seat: &Seat, crew_id: &CrewId, token_id: &TokenId, at: Timestamp) {
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
            accepted: None,
            stands_by: false,
            time_zone: None,
            warnings: Vec::new(),
            extensions: 0,
        });
    }

    fn end(&mut self, offer: OfferNo, state: OfferState, at: Timestamp) {
        self.change(offer, |offer| {
            offer.state = state;
            offer.ended_at = Some(at);
            if state != OfferState::Accepted {
                offer.warnings.clear();
                offer.time_zone = None;
                offer.accepted = None;
            }
        });
    }

    fn put_aboard(&mut self, no: OfferNo, warnings: &[Reason], at: Timestamp) {
        self.end(no, OfferState::Accepted, at);
        self.change(no, |offer| {
            offer.by_hand = true;
            offer.warnings = warnings.to_vec();
        });
    }

    fn decline(&mut self, no: OfferNo, at: Timestamp) {
        if self.offer(no).is_some_and(|offer| offer.state.is_aboard()) {
            self.vacate(no);
        }
        self.end(no, OfferState::Declined, at);
        if let (Some(offer), Some(call)) = (self.offer(no).cloned(), &mut self.call) {
            call.declined.push(offer.crew_id);
        }
    }

    /// The offer is open again, as it was before the accept.
    fn undo(&mut self, no: OfferNo) {
        self.change(no, |offer| {
            offer.state = if offer.handed_over_at.is_some() { OfferState::Sent } else { OfferState::Queued };
            offer.ended_at = None;
            offer.undone = true;
        });
        self.vacate(no);
    }

    /// Not to be asked again before the call is started anew, as after a no.
    fn drop_out(&mut self, no: OfferNo, at: Timestamp) {
        self.end(no, OfferState::DroppedOut, at);
        self.change(no, |offer| offer.dropped_out = true);
        self.vacate(no);
        if let (Some(offer), Some(call)) = (self.offer(no).cloned(), &mut self.call) {
            call.declined.push(offer.crew_id);
        }
    }

    fn come_back(&mut self, no: OfferNo, at: Timestamp) {
        self.end(no, OfferState::Accepted, at);
        self.change(no, |offer| {
            offer.dropped_out = false;
            // There and back is enough: from here on it is a drop-out again.
            offer.undone = true;
        });
        if let (Some(offer), Some(call)) = (self.offer(no).cloned(), &mut self.call) {
            call.declined.retain(|id| *id != offer.crew_id);
        }
    }

    /// Whom the office takes off the sail it does not want to be asked next.
    fn release(&mut self, no: OfferNo, why: &ReleaseReason, at: Timestamp) {
        let Some(offer) = self.offer(no).cloned() else { return };
        self.end(no, OfferState::Released, at);
        if !offer.dropped_out {
            self.vacate(no);
        }
        if matches!(why, ReleaseReason::ByOffice { .. }) {
            self.call(|call| {
                if !call.skipped.contains(&offer.crew_id) {
                    call.skipped.push(offer.crew_id);
                }
            });
        }
    }

    /// The offer's seat is empty again: what the office knows of the position is out of date. A call whose
    /// captain is gone is asked again, whatever its list of crew had come to.
    fn vacate(&mut self, no: OfferNo) {
        let Some(position) = self.offer(no).map(|offer| offer.seat.position.clone()) else { return };
        self.cascade(&position, |cascade| cascade.exhausted = false);
        if position.is_captain() {
            self.call(|call| call.exhausted_at = None);
        }
    }

    /// Once the boat has left no answer is awaited.
    fn nothing_to_confirm(&mut self) {
        for offer in self.offers.iter_mut().filter(|offer| offer.state == OfferState::Reconfirming) {
            offer.closes_at = None;
        }
    }

    fn stand_down(&mut self, who: impl Fn(&Offer) -> bool) {
        for offer in self.offers.iter_mut().filter(|offer| who(offer)) {
            offer.stands_by = false;
        }
    }

    fn change(&mut self, no: OfferNo, change: impl FnOnce(&mut Offer)) {
        if let Some(offer) = (no.0 as usize).checked_sub(1).and_then(|i| self.offers.get_mut(i)) {
            change(offer);
        }
    }

    fn call(&mut self, change: impl FnOnce(&mut Call)) {
        if let Some(call) = &mut self.call {
            change(call);
        }
    }

    fn cascade(&mut self, position: &Rank, change: impl FnOnce(&mut Cascade)) {
        let cascades = self.call.iter_mut().flat_map(|call| &mut call.cascades);
        if let Some(cascade) = cascades.into_iter().find(|cascade| cascade.position == *position) {
            change(cascade);
        }
    }
}

impl Cascade {
    /// The cascade of a position; a new one, where there was none.
    fn of<'a>(cascades: &'a mut Vec<Self>, position: &Rank) -> &'a mut Self {
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

    fn skip(&mut self, skipped: &Skipped) {
        if !skipped.reasons.iter().all(Reason::passes) {
            self.wait_no_more(&skipped.crew_id);
            self.skipped.push(skipped.crew_id.clone());
        }
    }

    fn wait_no_more(&mut self, crew_id: &CrewId) {
        self.waiting_for.retain(|id| id != crew_id);
    }

    fn begin_round(&mut self) {
        self.round += 1;
        self.paired.clear();
        self.skipped.clear();
        self.waiting_for.clear();
        self.exhausted = false;
        self.urgent = false;
    }
}

//! How each fact changes the state of a charter. Nothing else changes it, so that replaying the
//! facts gives the state by construction.

mod call;
mod offers;

use jiff::Timestamp;

use super::event::AuditEvent;
use super::fact::Fact;
use super::notice::Notice;
use super::state::{CharterState, OfferState};
use crate::eligibility::Reason;
use crate::limits;
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
            Fact::MailDropped { notice: Notice::Changed { offer, revision }, tell_office: true, .. } => {
                let asked = self.revision == *revision;
                self.change(*offer, |offer| {
                    offer.not_told = asked && offer.state == OfferState::Reconfirming
                });
            }
            Fact::MessagePosted { .. } => self.post(at),
            Fact::Commented { offer } => {
                offer.iter().for_each(|no| self.change(*no, |offer| offer.remarks += 1));
            }
            Fact::CharterBooked { .. }
            | Fact::NoteWritten { .. }
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
                offer.reply_by = None;
                offer.closes_at = None;
                offer.not_told = false;
            }),
            Fact::ReconfirmSent { offer, reply_by, closes_at, .. } => self.change(*offer, |offer| {
                offer.reply_by = Some(*reply_by);
                offer.closes_at = Some(*closes_at);
            }),
            Fact::Reconfirmed { offer, warnings } => {
                self.reconfirm(*offer, warnings, at);
                // What they knew of when they said yes again is none; what the roster makes of them, and of those with
                // whom they sail, is the office's.
                let of_office = |one: &Reason| {
                    matches!(
                        one,
                        Reason::OtherRank { .. }
                            | Reason::NotOnRoster
                            | Reason::Left
                            | Reason::DoNotPair { .. }
                    )
                };
                self.change(*offer, |offer| {
                    offer.conflicts.retain(|one| of_office(one) && warnings.contains(one));
                });
            }
            Fact::AsAgreed { offer, .. } => self.as_agreed(*offer),
            Fact::SeatChanged { offer, seat } => self.change(*offer, |offer| offer.seat.clone_from(seat)),
            Fact::Unconfirmed { offer } => self.change(*offer, |offer| offer.closes_at = None),
            Fact::ConflictFound { offer, reasons, conflicts }
            | Fact::ConflictOver { offer, reasons, conflicts } => self.change(*offer, |offer| {
                offer.warnings.clone_from(reasons);
                offer.conflicts.clone_from(conflicts);
            }),
            Fact::ConflictSettled { offer, .. } => self.change(*offer, |offer| offer.conflicts.clear()),
            Fact::CallStarted { orders, .. } => self.start(orders, at),
            Fact::GateOverridden { gate, crew_id, reason, name } => {
                let (crew_id, reason, by) = (crew_id.clone(), reason.clone(), name.clone());
                self.set_aside(Override { gate: *gate, crew_id, reason, by, at });
            }
            // After the alert, whatever the clocks of two servers say.
            Fact::CallPaused | Fact::CallStopped => {
                self.call(|call| call.paused_at = Some(at).max(call.exhausted_at));
            }
            Fact::CallResumed => self.call(|call| call.paused_at = None),
            Fact::Reordered { position, ranked, back } => {
                self.cascade(position, |cascade| {
                    cascade.paired.clear();
                    cascade.ranked.clone_from(ranked);
                    cascade.basis = Basis::Office;
                    cascade.exhausted &= back.is_empty();
                });
                self.call(|call| call.skipped.retain(|id| !back.contains(id)));
            }
            Fact::Assigned { offer, seat, crew_id, token_id, warnings, .. } => {
                self.make_offer(*offer, seat, crew_id, token_id, at);
                self.put_aboard(*offer, warnings, at);
            }
            Fact::TurnedUp { offer, seat, crew_id, token_id, .. } => {
                self.turn_up(*offer, seat, crew_id, token_id, at);
            }
            Fact::FiguresRecorded { figures, .. } => self.figures.clone_from(figures),
            Fact::AskedAboard { offer, warnings, .. } => self.put_aboard(*offer, warnings, at),
            Fact::OfferProlonged { offer, reply_by, closes_at } => self.change(*offer, |offer| {
                offer.reply_by = Some(*reply_by);
                offer.closes_at = Some(*closes_at);
            }),
            Fact::CrewPaired { position, paired } => self.pair(position, paired),
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
            Fact::OfferAccepted { offer } => {
                self.end(*offer, OfferState::Accepted, at);
                self.captain_found(*offer);
            }
            Fact::AcceptUndone { offer } => self.undo(*offer),
            Fact::DroppedOut { offer, .. } => self.drop_out(*offer, at),
            Fact::CameBack { offer } => self.come_back(*offer, at),
            Fact::Released { offer, why } => self.release(*offer, why, at),
            Fact::OfferDeclined { offer, was_aboard, .. } => {
                self.decline(*offer, at);
                self.change(*offer, |offer| offer.dropped_out = *was_aboard);
            }
            Fact::StandsBy { offer, .. } => self.stand_by(*offer),
            Fact::StandsByNoMore { offer, .. } => self.change(*offer, |offer| offer.stands_by = false),
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
                self.call(|call| call.exhausted_at = Some(at));
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
}

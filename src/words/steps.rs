//! What became of one offer, step by step, each in a few words: who it is about stands beside them.

use crewcall_dispatch::cascade::{AuditEvent, Fact, OfferNo, ReleaseReason};
use jiff::tz::TimeZone;

use super::facts::{rescinded, twice};
use super::{Names, reasons};
use crate::times;

/// The offer that an event is a step of, and the step; nothing for what is about a position, the call or the charter.
pub fn step(event: &AuditEvent, names: &Names, zone: &TimeZone) -> Option<(OfferNo, String)> {
    let clock = |at| times::near(at, zone);
    let (offer, words) = match &event.fact {
        Fact::OfferMade { offer, .. } => (offer, "asked".into()),
        Fact::OfferSent { offer, ambiguous, .. } => (offer, format!("mail handed over{}", twice(*ambiguous))),
        Fact::OfferExtended { offer, closes_at, .. } => {
            (offer, format!("has until {}, because crewcall was down", clock(*closes_at)))
        }
        Fact::OfferProlonged { offer, reply_by, .. } => {
            (offer, format!("was given until {}", clock(*reply_by)))
        }
        Fact::OfferAccepted { offer } => (offer, "said yes".into()),
        Fact::AcceptUndone { offer } => (offer, "took the yes back".into()),
        Fact::OfferDeclined { offer, .. } => (offer, "said no".into()),
        Fact::OfferExpired { offer } => (offer, "no answer in time".into()),
        Fact::OfferRescinded { offer, why } => (offer, format!("taken back: {}", rescinded(*why))),
        Fact::OfferUndeliverable { offer, error, .. } => (offer, format!("mail did not arrive: {error}")),
        Fact::MailReturned { offer, error, .. } => (offer, format!("mail came back: {error}")),
        Fact::Assigned { offer, reason, .. } | Fact::AskedAboard { offer, reason, .. } => {
            (offer, format!("put aboard: {reason}"))
        }
        Fact::TurnedUp { offer, reason, .. } => {
            (offer, format!("sailed, which was not in the books: {reason}"))
        }
        Fact::StandsBy { offer, .. } => (offer, "too late, stands by".into()),
        Fact::StandsByNoMore { offer, .. } => (offer, "stands by no more".into()),
        Fact::DroppedOut { offer, .. } => (offer, "dropped out".into()),
        Fact::CameBack { offer } => (offer, "sails after all".into()),
        Fact::Released { offer, why } => {
            let why = match why {
                ReleaseReason::NoShow { reason } => format!("did not come: {reason}"),
                ReleaseReason::ByOffice { reason } => format!("released: {reason}"),
                ReleaseReason::CharterChanged => "released: the sail is another one now".into(),
                ReleaseReason::Replaced => "released: somebody else has the seat".into(),
                ReleaseReason::Free => "released at once, as the settings have it".into(),
            };
            (offer, why)
        }
        Fact::ReconfirmAsked { offer, .. } => (offer, "asked to confirm the change".into()),
        Fact::ReconfirmSent { offer, ambiguous, .. } => {
            (offer, format!("question handed over{}", twice(*ambiguous)))
        }
        Fact::Reconfirmed { offer, .. } => (offer, "confirmed the change".into()),
        Fact::AsAgreed { offer, .. } => (offer, "as agreed, nothing to confirm".into()),
        Fact::Unconfirmed { offer } => (offer, "not confirmed in time".into()),
        Fact::SeatChanged { offer, seat } => (offer, format!("has the seat {seat} now")),
        Fact::ConflictFound { offer, conflicts, .. } => {
            (offer, format!("against them: {}", reasons(conflicts, names)))
        }
        Fact::ConflictOver { offer, .. } => (offer, "what spoke against them is over".into()),
        Fact::ConflictSettled { offer, reason } => (offer, format!("stays aboard: {reason}")),
        Fact::CharterBooked { .. }
        | Fact::CharterCancelled
        | Fact::CharterRestored
        | Fact::CharterChanged { .. }
        | Fact::CallStarted { .. }
        | Fact::GateOverridden { .. }
        | Fact::CallPaused
        | Fact::CallResumed
        | Fact::CallStopped
        | Fact::Reordered { .. }
        | Fact::PeopleLeftOut { .. }
        | Fact::CrewPaired { .. }
        | Fact::PersonSkipped { .. }
        | Fact::CascadeWaits { .. }
        | Fact::FiguresRecorded { .. }
        | Fact::CallFilled
        | Fact::CallReopened { .. }
        | Fact::CallExhausted { .. }
        | Fact::CallUrgent { .. }
        | Fact::PositionExhausted { .. }
        | Fact::Commented { .. }
        | Fact::MessagePosted { .. }
        | Fact::NoteWritten { .. }
        | Fact::MailSent { .. }
        | Fact::MailDropped { .. } => return None,
    };
    Some((*offer, words))
}

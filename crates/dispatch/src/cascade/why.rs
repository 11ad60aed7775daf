//! Why people are passed over, offers taken back, and whoever was aboard let go.

use serde::{Deserialize, Serialize};

use crate::eligibility::Reason;
use crate::limits;
use crate::model::CrewId;

/// A person who is not asked, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Skipped {
    /// Who.
    pub crew_id: CrewId,
    /// The reasons that were found: of a record the first few, of a plan all.
    pub reasons: Vec<Reason>,
}

impl Skipped {
    /// Keeps the first [`limits::REASONS`].
    pub fn new(crew_id: CrewId, mut reasons: Vec<Reason>) -> Self {
        reasons.truncate(limits::REASONS);
        Self { crew_id, reasons }
    }

    /// Whether there can be no further reason; else a plan looks for all of them.
    pub(super) fn is_whole(&self) -> bool {
        self.reasons.len() < limits::REASONS
    }

    /// Whether the office said so; that holds in every round until the call is started again.
    pub(super) fn is_by_office(&self) -> bool {
        self.reasons.iter().any(|reason| matches!(reason, Reason::ByOffice { .. }))
    }
}

/// Why we took an offer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RescindReason {
    /// The charter was cancelled.
    CharterCancelled,
    /// The captain took the accept back, dropped out or was released, so there is no captain to sail with.
    CaptainWithdrew,
    /// Somebody else who was asked for the same seat said yes first, or the office gave it away.
    SeatTaken,
    /// The office skipped the person.
    Skipped,
    /// The office stopped the call.
    CallStopped,
    /// The person is aboard another sail at that time.
    AboardElsewhere,
    /// The sail is another one now.
    CharterChanged,
    /// By what the roster says now, the person cannot come.
    CannotCome,
}

impl RescindReason {
    /// Whether the person can still be asked for another seat in the same round: nothing was said by or about
    /// them.
    pub fn keeps_the_turn(self) -> bool {
        match self {
            Self::SeatTaken | Self::CallStopped | Self::CharterChanged => true,
            Self::CharterCancelled
            | Self::CaptainWithdrew
            | Self::Skipped
            | Self::AboardElsewhere
            | Self::CannotCome => false,
        }
    }
}

/// Why somebody who was aboard is bound to the sail no more.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseReason {
    /// They had dropped out, and somebody else has the seat.
    Replaced,
    /// They dropped out, and the settings hold nobody responsible who did.
    Free,
    /// They had dropped out of a sail that is another one now.
    CharterChanged,
    /// The office said so.
    ByOffice {
        /// Why.
        reason: String,
    },
    /// They did not come, as the office says.
    NoShow {
        /// Why.
        reason: String,
    },
}

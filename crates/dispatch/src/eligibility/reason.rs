//! Why a person is not asked, in words.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cascade::OfferState;
use crate::model::{CharterId, CrewId, Email, PositionNeed, Rank};
use crate::vessel::Gate;

/// One reason why a person is not asked, or may be asked only with a warning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Reason {
    /// The person was taken off the roster after the order was fixed.
    NotOnRoster,
    /// So many others come first that the call does not get that far.
    BeyondLimit {
        /// How many are asked at the most.
        limit: u32,
    },
    /// The person now sails as something else.
    OtherRank {
        /// The rank on the roster.
        rank: Rank,
    },
    /// The person has left, and sails no more.
    Left,
    /// There is no address to mail to.
    NoContact,
    /// Mail to the person's address was refused for good.
    Undeliverable {
        /// The address.
        email: Email,
    },
    /// The person said no for this date.
    Unavailable {
        /// The date, in the operator's zone.
        date: Date,
    },
    /// The person can sail that day, but not for the whole of the sail.
    OutsideHours {
        /// The date, in the operator's zone.
        date: Date,
        /// The hours in which the person can.
        hours: String,
    },
    /// The person said nothing of this date, or something that is not a yes.
    UnknownAvailability {
        /// The date, in the operator's zone.
        date: Date,
        /// How what the record says begins, if it says anything; control characters are blanks here.
        said: Option<String>,
    },
    /// Aboard another charter that leaves no room for this one.
    Assigned {
        /// The other charter.
        charter_id: CharterId,
    },
    /// Asked for another charter that leaves no room for this one; may be asked once that ends.
    Asked {
        /// The other charter.
        charter_id: CharterId,
    },
    /// One of the two is not to sail with the other.
    DoNotPair {
        /// Who is aboard or being asked.
        with: CrewId,
    },
    /// The person had a turn in this round.
    AlreadyAsked {
        /// What came of it.
        answer: OfferState,
    },
    /// The person was passed over in this round.
    PassedOver,
    /// The office skipped the person in this round.
    PassedOverByOffice,
    /// The person was not to be asked when the order was fixed, and could be by now.
    NotInOrder,
    /// The person was too late, and would sail.
    StandsBy,
    /// There is no time left for the person's turn, if everyone before takes theirs.
    NotReached,
    /// No captain is in sight, and nobody of the crew is asked before there is one.
    NoCaptain,
    /// The office passed the person over.
    ByOffice {
        /// Why.
        why: String,
    },
    /// The record has no such credential.
    CredentialMissing {
        /// The rule that asks for it.
        gate: Gate,
        /// Which; several where any of them will do.
        credential: String,
    },
    /// The credential is not valid any more when the sail ends.
    CredentialExpired {
        /// The rule that asks for it.
        gate: Gate,
        /// Which.
        credential: String,
        /// The last day on which it is valid.
        expires: Date,
    },
    /// Too little time off duty before leaving port, here or on the other charter.
    Rest {
        /// Time off duty in the twelve hours before, in minutes.
        minutes: u32,
        /// The other charter.
        charter_id: CharterId,
    },
    /// Too many hours of work in one day.
    WorkHours {
        /// Work within twenty-four hours, in minutes.
        minutes: u32,
    },
    /// A bareboat charter brings its own crew.
    Bareboat,
    /// Too many passengers for a vessel without a certificate.
    NoCertificate {
        /// Passengers.
        guests: u32,
    },
    /// The charter asks for fewer people than the vessel's certificate does.
    Complement {
        /// What the certificate requires.
        required: PositionNeed,
    },
}

impl Reason {
    /// Whether the reason passes by itself, so that the person keeps the place in the order.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Asked { .. })
    }

    /// Whether the office may ask the person all the same, by its own word: it may know better than the
    /// record, or want it so.
    pub fn yields_to_office(&self) -> bool {
        match self {
            Self::BeyondLimit { .. }
            | Self::Undeliverable { .. }
            | Self::Unavailable { .. }
            | Self::OutsideHours { .. }
            | Self::UnknownAvailability { .. }
            | Self::DoNotPair { .. }
            | Self::AlreadyAsked { .. }
            | Self::PassedOver
            | Self::PassedOverByOffice
            | Self::NotInOrder
            | Self::StandsBy
            | Self::NotReached
            | Self::NoCaptain
            | Self::ByOffice { .. } => true,
            Self::NotOnRoster | Self::Left | Self::OtherRank { .. } | Self::NoContact => false,
            // What the person is bound to, and what the law or the vessel asks for.
            Self::Assigned { .. } | Self::Asked { .. } => false,
            Self::CredentialMissing { .. } | Self::CredentialExpired { .. } => false,
            Self::Rest { .. } | Self::WorkHours { .. } => false,
            Self::Bareboat | Self::NoCertificate { .. } | Self::Complement { .. } => false,
        }
    }

    /// Whether the office may put the person aboard all the same: without asking no address is needed, and a
    /// mail that waits elsewhere has nothing to win.
    pub fn yields_to_assignment(&self) -> bool {
        self.yields_to_office()
            || matches!(self, Self::Asked { .. } | Self::OtherRank { .. } | Self::NoContact)
    }

    /// The date about which somebody said something.
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Unavailable { date }
            | Self::OutsideHours { date, .. }
            | Self::UnknownAvailability { date, .. } => Some(*date),
            _ => None,
        }
    }

    /// The rule of which it is a breach, which the settings may soften and the office may override.
    pub fn gate(&self) -> Option<Gate> {
        match self {
            Self::CredentialMissing { gate, .. } | Self::CredentialExpired { gate, .. } => Some(*gate),
            Self::Rest { .. } => Some(Gate::Rest),
            Self::WorkHours { .. } => Some(Gate::WorkHours),
            Self::Bareboat => Some(Gate::Bareboat),
            Self::NoCertificate { .. } => Some(Gate::Certificate),
            Self::Complement { .. } => Some(Gate::Complement),
            Self::NotOnRoster
            | Self::Left
            | Self::BeyondLimit { .. }
            | Self::OtherRank { .. }
            | Self::NoContact
            | Self::Undeliverable { .. }
            | Self::Unavailable { .. }
            | Self::OutsideHours { .. }
            | Self::UnknownAvailability { .. }
            | Self::Assigned { .. }
            | Self::Asked { .. }
            | Self::DoNotPair { .. }
            | Self::AlreadyAsked { .. }
            | Self::PassedOver
            | Self::PassedOverByOffice
            | Self::NotInOrder
            | Self::StandsBy
            | Self::NotReached
            | Self::NoCaptain
            | Self::ByOffice { .. } => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOnRoster => f.write_str("no longer on the roster"),
            Self::BeyondLimit { limit } => write!(f, "{limit} others come first, and no more are asked"),
            Self::OtherRank { rank } => write!(f, "now sails as {rank}"),
            Self::Left => f.write_str("has left"),
            Self::NoContact => f.write_str("has no e-mail address"),
            Self::Undeliverable { email } => write!(f, "mail to {email} is refused"),
            Self::Unavailable { date } => write!(f, "unavailable on {date} (roster)"),
            Self::OutsideHours { date, hours } => write!(f, "on {date} available only {hours} (roster)"),
            Self::UnknownAvailability { date, said: None } => write!(f, "availability unknown on {date}"),
            Self::UnknownAvailability { date, said: Some(said) } => {
                write!(f, "said {said:?} of {date} (roster)")
            }
            Self::Assigned { charter_id } => {
                write!(f, "aboard {charter_id} at that time, turnaround included")
            }
            Self::Asked { charter_id } => {
                write!(f, "being asked for {charter_id} at that time, turnaround included")
            }
            Self::DoNotPair { with } => write!(f, "not to sail with {with}"),
            Self::AlreadyAsked { answer } => f.write_str(match answer {
                OfferState::Declined => "said no in this round",
                OfferState::Expired => "did not answer in this round",
                OfferState::Undeliverable => "could not be reached by mail in this round",
                OfferState::DroppedOut => "dropped out, and is responsible until somebody else has the seat",
                OfferState::Released => "was aboard, and is released",
                OfferState::Queued
                | OfferState::Sent
                | OfferState::Accepted
                | OfferState::Reconfirming
                | OfferState::Rescinded => "was asked in this round already",
            }),
            Self::PassedOver => f.write_str("was passed over in this round; what happened says why"),
            Self::PassedOverByOffice => f.write_str("skipped by the office; what happened says why"),
            Self::NotInOrder => f.write_str(
                "could not be asked when the order was fixed; now, or asked again from the top, they can",
            ),
            Self::StandsBy => f.write_str("stands by: was too late, and would sail"),
            Self::NotReached => f.write_str("the sail leaves before it is their turn"),
            Self::NoCaptain => f.write_str("nobody of the crew is asked before there is a captain"),
            Self::ByOffice { why } => write!(f, "skipped by the office: {why}"),
            Self::CredentialMissing { credential, .. } => write!(f, "has no {credential} on record"),
            Self::CredentialExpired { credential, expires, .. } => {
                write!(f, "{credential} valid until {expires} only")
            }
            Self::Rest { minutes, charter_id } => {
                let (hours, minutes) = (minutes / 60, minutes % 60);
                write!(
                    f,
                    "with {charter_id} only {hours} h {minutes} min off duty in the 12 h before leaving port"
                )
            }
            Self::WorkHours { minutes } => {
                write!(f, "{} h {} min of work within 24 h", minutes / 60, minutes % 60)
            }
            Self::Bareboat => f.write_str("a bareboat charter brings its own captain and crew"),
            Self::NoCertificate { guests } => {
                write!(f, "{guests} passengers need a vessel with a Certificate of Inspection")
            }
            Self::Complement { required: PositionNeed { position, quantity } } => {
                write!(f, "the vessel's certificate requires {quantity} {position}")
            }
        }
    }
}

//! Who may be asked for a charter, and for everyone else the reason why not.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::commitments::{CommitmentKind, Commitments};
use crate::limits;
use crate::model::{Availability, Charter, CharterId, CrewMember, Meaning, Rank};
use crate::policy::Policy;

/// One reason why a person is not asked.
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
    /// There is no address to mail to.
    NoContact,
    /// The person said no for this date.
    Unavailable {
        /// The date, in the operator's zone.
        date: Date,
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
}

impl Reason {
    /// Whether the reason passes by itself, so that the person keeps the place in the order.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Asked { .. })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOnRoster => f.write_str("no longer on the roster"),
            Self::BeyondLimit { limit } => write!(f, "{limit} others come first, and no more are asked"),
            Self::OtherRank { rank } => write!(f, "now sails as {rank}"),
            Self::NoContact => f.write_str("has no e-mail address"),
            Self::Unavailable { date } => write!(f, "unavailable on {date}"),
            Self::UnknownAvailability { date, said: None } => write!(f, "availability unknown on {date}"),
            Self::UnknownAvailability { date, said: Some(said) } => write!(f, "said {said:?} of {date}"),
            Self::Assigned { charter_id } => write!(f, "aboard {charter_id} at that time"),
            Self::Asked { charter_id } => write!(f, "being asked for {charter_id} at that time"),
        }
    }
}

/// The reasons in the person's record: contact, rank, and every date that the sail touches.
pub fn record_reasons(
    member: &CrewMember,
    position: &Rank,
    charter: &Charter,
    zone: &TimeZone,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if member.rank != *position {
        reasons.push(Reason::OtherRank { rank: member.rank.clone() });
    }
    if member.email.is_none() {
        reasons.push(Reason::NoContact);
    }
    for date in charter.dates(zone) {
        let said = member.availability.get(&date);
        match said.map(Availability::meaning) {
            Some(Meaning::Available) => {}
            Some(Meaning::Unavailable) => reasons.push(Reason::Unavailable { date }),
            Some(Meaning::Unclear) | None => {
                let said = said.map(|said| quote(said.words()));
                reasons.push(Reason::UnknownAvailability { date, said });
            }
        }
    }
    reasons
}

/// The beginning of somebody's words, as it can stand in a record.
fn quote(words: &str) -> String {
    let end = words.floor_char_boundary(limits::REASON_BYTES);
    // Written as JSON, a control character takes six times its room.
    words[..end].replace(char::is_control, " ")
}

/// The reasons in the person's other sails.
pub fn commitment_reasons(commitments: &Commitments, charter: &Charter, policy: &Policy) -> Vec<Reason> {
    commitments
        .overlapping(&charter.charter_id, charter.call_time, charter.returns_at, policy)
        .map(|entry| match entry.kind {
            CommitmentKind::Assigned => Reason::Assigned { charter_id: entry.charter_id.clone() },
            CommitmentKind::Asked => Reason::Asked { charter_id: entry.charter_id.clone() },
        })
        .collect()
}

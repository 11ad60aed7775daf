//! A boat's papers, and which rules are checked before it sails.
//!
//! The rules are those that a charter operator in the United States meets. They are not legal advice:
//! each is a [`Gate`] that the operator sets to [`Severity::Block`], [`Severity::Warn`] or
//! [`Severity::Off`] for each vessel. A vessel that the settings do not name is not checked.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{CrewId, PositionNeed, Rank};

/// One rule that is checked before somebody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// On a bareboat charter the operator may not provide or pay captain and crew (US Coast Guard, press
    /// release 3765460).
    Bareboat,
    /// More than six passengers, one of them for hire, need a Certificate of Inspection (46 USC 2101, 3301).
    Certificate,
    /// The certificate states the crew that is required (46 USC 8101(a)).
    Complement,
    /// The captain's licence: OUPV or better on uninspected vessels (46 CFR 15.605(b)), master on inspected
    /// ones (46 CFR 15.805(a)(4)).
    License,
    /// The captain's medical certificate.
    Medical,
    /// The drug testing programme, for everyone of the crew (46 CFR 16.210, 16.230(k)).
    DrugProgram,
    /// Further credentials that the vessel asks for, by position.
    Credentials,
    /// At least six hours off duty in the twelve before leaving port, for whoever takes the watch (46 USC
    /// 8104(a)).
    Rest,
    /// At most twelve hours of work in any twenty-four, on vessels of 100 gross tons or less (46 USC 8104(b)).
    WorkHours,
}

impl Gate {
    /// Every gate, in the order of the settings.
    pub const ALL: [Self; 9] = [
        Self::Bareboat,
        Self::Certificate,
        Self::Complement,
        Self::License,
        Self::Medical,
        Self::DrugProgram,
        Self::Credentials,
        Self::Rest,
        Self::WorkHours,
    ];

    /// Its name in the settings and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bareboat => "bareboat",
            Self::Certificate => "certificate",
            Self::Complement => "complement",
            Self::License => "license",
            Self::Medical => "medical",
            Self::DrugProgram => "drug_program",
            Self::Credentials => "credentials",
            Self::Rest => "rest",
            Self::WorkHours => "work_hours",
        }
    }

    /// Whether it is about the sail as a whole, not about one person.
    pub fn is_about_the_charter(self) -> bool {
        matches!(self, Self::Bareboat | Self::Certificate | Self::Complement)
    }

    /// What holds where a vessel's settings say nothing of it. Hours of work depend on how watches are
    /// kept, which crewcall does not know: that is for people to judge.
    pub fn standard(self) -> Severity {
        if self == Self::WorkHours { Severity::Warn } else { Severity::Block }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Gate {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|gate| gate.as_str() == word.trim()).ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            format!("is {word:?}; write one of {all}")
        })
    }
}

/// What follows where a rule is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nobody is asked against it, unless the office overrides it with a reason.
    Block,
    /// People are asked all the same, and the office is told.
    Warn,
    /// It is not checked.
    Off,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Block => "block",
            Self::Warn => "warn",
            Self::Off => "off",
        })
    }
}

impl FromStr for Severity {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        match word.trim() {
            "block" => Ok(Self::Block),
            "warn" => Ok(Self::Warn),
            "off" => Ok(Self::Off),
            _ => Err(format!("is {word:?}; write \"block\", \"warn\" or \"off\"")),
        }
    }
}

/// One boat, as the settings describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vessel {
    /// Its name, as bookings have it.
    pub name: String,
    /// Whether it has a Certificate of Inspection.
    pub inspected: bool,
    /// The crew that the certificate requires.
    pub complement: Vec<PositionNeed>,
    /// Further credentials, each for one position.
    pub credentials: Vec<(Rank, String)>,
    /// Gates that are set otherwise than by their standard.
    pub gates: BTreeMap<Gate, Severity>,
}

impl Vessel {
    /// How strictly a gate is taken here.
    pub fn severity(&self, gate: Gate) -> Severity {
        self.gates.get(&gate).copied().unwrap_or_else(|| gate.standard())
    }
}

/// The office has set a gate aside for one charter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Override {
    /// Which.
    pub gate: Gate,
    /// For whom; for everyone, if it is nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crew_id: Option<CrewId>,
    /// Why, in the office's words.
    pub reason: String,
    /// Who did, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
